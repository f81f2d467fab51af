"""A folded text, and the places in it that are private."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

Kind = Literal["name", "phone", "address", "card", "account", "mail", "plate", "digits"]

HAN: Final = "〇一-鿿㐀-䶿\U00020000-\U0003ffff"
"""Chinese characters, for a set of a regular expression."""

UNSEEN: Final = "\u200b"
"""Stands for every sign that cannot be seen, such as a joiner between two digits."""

_UNACCENTED: Final = str.maketrans("ŁłØøĐđ", "LlOoDd")
"""Letters that Unicode does not take apart."""


@dataclass(frozen=True)
class Span:
    """A private place of a text."""

    start: int
    end: int
    kind: Kind
    staff: str = ""
    """The staff number of a name that is one person's."""

    @property
    def length(self) -> int:
        """Its length in signs."""
        return self.end - self.start


def folded(text: str) -> str:
    """Fold a text for matching: full-width signs and letters with accents become plain ones.

    It is as long as the text itself, so that places in it are places in the text.
    """
    return "".join(map(_plain, text))


@cache
def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    kind = unicodedata.category(sign)
    if kind == "Cf":
        return UNSEEN
    if kind == "No":
        return sign
    parts = [s for s in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(s)]
    return (parts[0] if len(parts) == 1 else sign).translate(_UNACCENTED)


def matched(text: str, patterns: Iterable[re.Pattern[str]], kind: Kind) -> Iterator[Span]:
    """Find what `patterns` match: the group `x` where they have one, else all of it."""
    for pattern in patterns:
        group: str | int = "x" if "x" in pattern.groupindex else 0
        for found in pattern.finditer(text):
            yield Span(*found.span(group), kind)


def apart(spans: Iterable[Span]) -> list[Span]:
    """Put spans in order and join those that overlap, so that nothing between them is left over.

    The longest says what the whole is: an address with a name in it is an address.
    """
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.length)):
        if joined and span.start < joined[-1].end:
            last = joined.pop()
            told = max(last, span, key=lambda each: (each.length, bool(each.staff)))
            joined.append(replace(told, start=last.start, end=max(last.end, span.end)))
        else:
            joined.append(span)
    return joined
