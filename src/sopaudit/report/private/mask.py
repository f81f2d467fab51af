"""Takes what is private out of texts: people become staff numbers, everything else a marked gap."""

import re
from collections import Counter
from dataclasses import replace
from typing import Final

from sopaudit.press.words import words
from sopaudit.report.private.account import accounts
from sopaudit.report.private.name import Names, strangers
from sopaudit.report.private.number import numbers
from sopaudit.report.private.place import addresses
from sopaudit.report.private.span import HAN, Kind, Span, apart, folded

_HAN: Final = re.compile(f"[{HAN}]")
_LATIN: Final = re.compile("[A-Za-z]")
_ENDING: Final = re.compile(r"(?<=[^/])\.[A-Za-z0-9]{1,5}$")
_STAFF: Final = r"(?:(?:工号|(?<![A-Za-z])staff(?:[ ]no\.?)?)[: ]{0,2})?"
_FURTHEST: Final = 40
"""Signs before a name in which its staff number may stand."""


class Mask:
    """The mask of one audit: the same thing is hidden alike wherever it stands."""

    def __init__(self, names: Names) -> None:
        """Begin with the names of a roster."""
        self.names = names
        self.hidden: Counter[str] = Counter()
        """How often each kind of thing was hidden."""

        self._labels: dict[str, str] = {}

    def text(self, text: str) -> str:
        """Mask what people wrote; gaps are marked, in the language of the text."""
        spans = self._spans(text)
        said = words(_language(text, spans))["hidden"]
        masked, at = "", 0
        for span in spans:
            masked += text[at : span.start]
            key = "staff" if span.staff else "gap"
            told = said[key].format(staff=span.staff, word=said[span.kind])
            # Without a blank, `王敏3次` would become number 10023.
            masked += " " * (_plain(masked[-1:]) and _plain(told[:1])) + told
            masked += " " * (_plain(told[-1:]) and _plain(text[span.end : span.end + 1]))
            at = span.end
        return masked + text[at:]

    def label(self, label: str) -> str:
        """Mask the name of a case, a file or an audit; different ones stay different.

        An id stays an id: nothing but ASCII is put into it.
        """
        said = words("en")["hidden"]
        masked, at = "", 0
        for span in self._spans(label):
            told = span.staff or said[span.kind].replace(" ", "-")
            masked += label[at : span.start]
            masked += "-" * _plain(masked[-1:]) + told
            masked += "-" * _plain(label[span.end : span.end + 1])
            at = span.end
        return self._different(label, masked + label[at:])

    def whole(self, text: str, kind: Kind) -> str:
        """Hide a text altogether."""
        self.hidden[kind] += 1
        said = words("zh" if _HAN.search(text) else "en")["hidden"]
        return said["gap"].format(word=said[kind])

    def person(self, word: str) -> str:
        """Give the staff number of whoever is meant; people nobody knows stay different people."""
        if word in self.names.staff:
            return word
        plain = folded(word)
        span = next(iter(self.names.find(plain)), None)
        if span and span.staff and span.length == len(plain.strip()):
            return span.staff
        self.hidden["name"] += 1
        return self._different(word, words("en")["hidden"]["name"])

    def _spans(self, text: str) -> list[Span]:
        plain = folded(text)
        named = (_with_number(plain, span) for span in self.names.find(plain))
        found = (*named, *numbers(plain), *addresses(plain), *accounts(plain), *strangers(plain))
        spans = apart(found)
        self.hidden.update(span.kind for span in spans)
        return spans

    def _different(self, label: str, masked: str) -> str:
        """Give two labels that look alike under the mask a number, the second time and later."""
        if label not in self._labels:
            ending = _ENDING.search(masked)
            stem, end = (masked[: ending.start()], ending[0]) if ending else (masked, "")
            free, n = masked, 1
            while free in self._labels.values():
                n += 1
                free = f"{stem}-{n}{end}"
            self._labels[label] = free
        return self._labels[label]


def _language(text: str, spans: list[Span]) -> str:
    """Give the language of a text, whatever language the names in it are in."""
    at, rest = 0, ""
    for span in spans:
        rest += text[at : span.start]
        at = span.end
    rest += text[at:]
    letters = _HAN.search(rest) or _LATIN.search(rest)
    return "zh" if _HAN.search(rest if letters else text) else "en"


def _plain(sign: str) -> bool:
    """Say whether a sign would run into a number beside it."""
    return sign.isascii() and sign.isalnum()


def _with_number(text: str, span: Span) -> Span:
    """Take a staff number along that already stands beside the name, so it is not said twice."""
    if not span.staff:
        return span
    number = _STAFF + rf"(?<![A-Za-z0-9]){re.escape(span.staff)}(?![A-Za-z0-9])"
    start, end = span.start, span.end
    after = re.compile(rf"[ ]?\([ ]?{number}[ ]?\)", re.IGNORECASE).match(text, end)
    if after:
        end = after.end()
    near = text[max(0, start - _FURTHEST) : start]
    before = re.search(rf"{number}[ ]?(\([ ]?)?$", near, re.IGNORECASE)
    if before and (not before[1] or text.startswith(")", end)):
        start -= len(before[0])
        end += bool(before[1])
    return replace(span, start=start, end=end)
