"""The text of a file as it was typed, and as it reads once what is certain has been mended.

Reading goes on with the mended text, so that one run tells everything; places and edits are those
of the text as it was typed, which is what its author has before them.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from operator import itemgetter
from typing import Final

from sopaudit.problems import Edit, Place, Problem
from sopaudit.reading.document import Mark


@dataclass(frozen=True)
class Slip:
    """One thing typed wrongly."""

    code: str
    at: int
    """Offset of the sign a caret points at."""

    edits: tuple[Edit, ...] = ()
    """What mends it; none where that is not certain."""

    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What fills the braces of the sentence."""


class StopError(Exception):
    """Reading stops here, because what follows cannot be trusted."""

    def __init__(self, at: int, opened: int | None = None, slip: Slip | None = None) -> None:
        super().__init__(at)
        self.at = at
        """Where it broke."""

        self.opened = at if opened is None else opened
        """Where something began that could not be finished."""

        self.slip = slip
        """What it is, where that is known without looking at the line."""

        self.inside: tuple[int, ...] = ()
        """Where all that was open then began, outermost first."""


@dataclass(frozen=True)
class Scalar:
    """A key or a value without anything inside, and where it stands."""

    start: int
    end: int
    value: str
    plain: bool
    """It stands there without quotes and without | or >."""

    role: str
    """`key`, `value`, `entry` of a list, or `top`."""

    flow: bool
    """It stands between brackets or braces."""


@dataclass(frozen=True)
class Line:
    """A line of a text, without its end."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """The offset behind its last sign."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Typed:
    """A text as it was typed, with edits that mend it."""

    original: str
    edits: tuple[Edit, ...] = ()
    """Of the original, in its order, none over another."""

    @cached_property
    def text(self) -> str:
        """The text as it reads with all edits made."""
        return edited(self.original, self.edits)

    def mended(self, edits: Iterable[Edit]) -> "Typed | None":
        """Make further edits, given for the text as it reads now; None where one meets another."""
        grown, made = 0, list[tuple[int, Edit]]()
        for edit in self.edits:
            made.append((edit.start + grown, edit))
            grown += len(edit.text) - (edit.end - edit.start)
        further = [(e.start, Edit(self.origin(e.start), self.origin(e.end), e.text)) for e in edits]
        # Where two begin at one spot, the further one stands before what was put in there.
        both = [edit for _, edit in sorted([*further, *made], key=itemgetter(0))]
        meeting = any(one.end > two.start for one, two in pairwise(both))
        return None if meeting else Typed(self.original, tuple(both))

    def slip(self, slip: Slip) -> Slip:
        """Say of the original what was said of the text as it reads now."""
        edits = (Edit(self.origin(e.start), self.origin(e.end), e.text) for e in slip.edits)
        return Slip(slip.code, self.origin(slip.at), tuple(edits), slip.values)

    def origin(self, offset: int) -> int:
        """Find where in the original stands what is now at `offset`."""
        grown = 0
        for edit in self.edits:
            start = edit.start + grown
            if offset <= start:
                break
            if offset < start + len(edit.text):
                return min(edit.start + offset - start, edit.end)
            grown += len(edit.text) - (edit.end - edit.start)
        return offset - grown

    def mark(self, offset: int) -> Mark:
        """Give line and column, in the original, of what is now at `offset`."""
        offset = self.origin(offset)
        number = bisect_right(self._starts, offset)
        return number, offset - self._starts[number - 1] + 1

    @cached_property
    def _starts(self) -> list[int]:
        return [line.start for line in lines(self.original)]


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Make edits that stand in the order of the text."""
    parts, done = [], 0
    for edit in edits:
        parts += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*parts, text[done:]])


def told(slip: Slip, text: str, shown: str) -> Problem:
    """Make the problem of a slip in a text."""
    place = Place(shown, *Typed(text).mark(slip.at))
    return Problem(place, slip.code, slip.values, edits=slip.edits)


# Where YAML ends a line; `str.splitlines` would end it at more.
_ENDS: Final = "\r\n\x85\u2028\u2029"
_END: Final = re.compile(f"\r\n|[{_ENDS}]")


def lines(text: str) -> list[Line]:
    """Cut a text into its lines; after the last end stands an empty one."""
    return list(_lines(text))


def _lines(text: str) -> Iterator[Line]:
    start = 0
    for end in _END.finditer(text):
        yield Line(start, text[start : end.start()])
        start = end.end()
    yield Line(start, text[start:])


def line_at(text: str, offset: int) -> Line:
    """Give the line in which `offset` stands."""
    start = max(text.rfind(end, 0, offset) for end in _ENDS) + 1
    found = _END.search(text, offset)
    return Line(start, text[start : found.start() if found else len(text)])
