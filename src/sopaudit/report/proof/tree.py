"""A tree of rows drawn for a terminal of 80 columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sopaudit.criteria.passage import Passage
from sopaudit.report.proof.told import Row
from sopaudit.terminal import COLUMNS, width, wrapped


@dataclass(frozen=True)
class Signs:
    """What a tree is drawn with."""

    branch: str
    last: str
    through: str
    rule: str


BOXES: Final = Signs("├─ ", "└─ ", "│  ", "─")
PLAIN: Final = Signs("|- ", "`- ", "|  ", "-")
"""For a console that lacks the lines."""

_JOINED: Final = frozenset(("step", "bit", "held", "near", "clear"))
"""Rows whose label leads their first sentence."""

_BLANK: Final = "   "
_APART: Final = 2
"""Blanks between what stands left and right."""


def drawn(rows: Sequence[Row], signs: Signs, before: str = "") -> Iterator[str]:
    """Draw rows below one another, each with its parts; no line ends with a blank."""
    for n, row in enumerate(rows):
        last = n + 1 == len(rows)
        head = before + (signs.last if last else signs.branch)
        below = before + (_BLANK if last else signs.through)
        under = below + (signs.through if row.parts else _BLANK)
        how = list(row.how)
        if row.tone in _JOINED and how:
            first = how.pop(0)
            yield from _beside(f"{row.label}  {first.text}", _acting(first.passage), head, under)
        else:
            yield from _beside(row.label, row.figure, head, under)
        for said in how:
            yield from _beside(said.text, _acting(said.passage), under, under)
        yield from drawn(row.parts, signs, below)


def _acting(passage: Passage | None) -> str:
    """Write the word that acted, and where it stands."""
    return "" if passage is None else f"{passage.text}  {passage.place}".rstrip()


def _beside(left: str, right: str, head: str, under: str) -> Iterator[str]:
    """Write `left`, and `right` at the end of its line, or of a line of its own."""
    right = right.replace("\u00a0", " ")
    lines = list(_lines(left, under)) if left else []
    if lines:
        lines[0] = head + lines[0][len(under) :]
    if right:
        used = width(lines[-1]) + _APART if lines else width(under)
        room = COLUMNS - width(right)
        if lines and used <= room:
            lines[-1] += " " * (room - width(lines[-1])) + right
        elif width(under) + width(right) <= COLUMNS:
            lines.append(under + " " * (room - width(under)) + right)
        else:
            lines += _lines(right, under)
    yield from (line.rstrip() for line in lines)


def _lines(text: str, under: str) -> Iterator[str]:
    """Break a text beside the lines of the tree, which take as many columns as signs."""
    blank = " " * len(under)
    for line in wrapped(text, blank):
        yield under + line[len(blank) :].replace("\u00a0", " ")
