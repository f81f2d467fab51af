"""How a wording changed, word by word, so that a reader sees at once what is new."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_WORD: Final = re.compile(r"[A-Za-z0-9_'’.%-]+\s*|\s+|.", re.DOTALL)
"""A Latin word or number with the blank behind it, or one other character."""

ALIKE: Final = 0.4
"""Below this share of equal words, marks would hide more than they show."""

_SHORT: Final = 2
"""Equal stretches of so few characters between two changes read better as changed."""


@dataclass(frozen=True)
class Stretch:
    """A part of a wording: equal on both sides, or what gave way to what."""

    old: str
    new: str

    @property
    def equal(self) -> bool:
        """Whether nothing changed in it."""
        return self.old == self.new


def stretches(old: str, new: str) -> list[Stretch]:
    """Cut two wordings into what stayed and what changed; one stretch where little stayed."""
    a, b = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [Stretch(old, new)]
    cut = [Stretch("".join(a[i:j]), "".join(b[k:m])) for _, i, j, k, m in matcher.get_opcodes()]
    return list(_joined(cut))


def _joined(cut: Sequence[Stretch]) -> Iterator[Stretch]:
    """Join changes that only a character or two keep apart."""
    waiting: Stretch | None = None
    for n, part in enumerate(cut):
        small = part.equal and len(part.new.strip()) <= _SHORT and 0 < n < len(cut) - 1
        if part.equal and not small:
            if waiting:
                yield waiting
            yield part
            waiting = None
        elif waiting or not part.equal:
            waiting = Stretch(
                (waiting.old if waiting else "") + part.old,
                (waiting.new if waiting else "") + part.new,
            )
    if waiting:
        yield waiting
