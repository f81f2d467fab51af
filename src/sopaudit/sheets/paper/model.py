"""What stands on the paper, in words: the template lays it out and works nothing out."""

from dataclasses import dataclass
from typing import Final

LONG: Final = 400
"""Signs of a column that fill half a page."""


@dataclass(frozen=True)
class Fact:
    """A label and what is said, or room to write it."""

    label: str
    value: str = ""
    names: tuple[str, ...] = ()
    """Instead of `value`: people, whose names do not break at the end of a line."""

    signed: bool = False
    """Somebody signs here, so there is more room."""


@dataclass(frozen=True)
class Box:
    """A box to tick."""

    title: str
    ticked: bool = False


@dataclass(frozen=True)
class ItemRow:
    """One item."""

    number: int
    id: str
    question: str
    hints: tuple[Fact, ...]
    """How many to look at, when it applies, which evidence is needed."""

    before: tuple[str, str, bool] | None
    """When it was last looked at, how it was answered then, whether that is still open."""

    standards: tuple[tuple[str, str], ...]
    method: str
    rule: str
    points: str
    severity: str
    veto: bool
    boxes: tuple[Box, ...]
    numbers: tuple[Fact, ...]
    remarks: tuple[str, ...]

    @property
    def tall(self) -> bool:
        """Whether a column is so long that the row may break: half a page would stay empty."""
        asked = len(self.question) + sum(len(hint.value) for hint in self.hints)
        columns = (asked, sum(len(text) for _, text in self.standards), sum(map(len, self.remarks)))
        return max(columns) > LONG


@dataclass(frozen=True)
class Block:
    """A section of a checklist."""

    title: str
    size: str
    items: tuple[ItemRow, ...]
    scored: bool
    """Whether there are points to add up."""


@dataclass(frozen=True)
class OpenRow:
    """Something the audit before this one found, not closed yet."""

    id: str
    question: str
    found: str
    severity: str
    due: str


@dataclass(frozen=True)
class OpenList:
    """All of them."""

    audit: str
    rows: tuple[OpenRow, ...]


@dataclass(frozen=True)
class Column:
    """A column of the list of cases: an item, or a part of one."""

    item: str
    part: str


@dataclass(frozen=True)
class CaseRow:
    """A line of the list of cases; empty texts are room to write."""

    number: int
    id: str = ""
    always: bool = False
    person: str = ""
    marks: tuple[str, ...] = ()
    """One for each column."""

    note: str = ""


@dataclass(frozen=True)
class CaseList:
    """The list of cases, as wide as a page."""

    title: str
    columns: tuple[Column, ...]
    key: tuple[Fact, ...]
    """What each item asks."""

    rows: tuple[CaseRow, ...]

    @property
    def mark(self) -> str:
        """How wide a column of ticks is, in mm: a page has 150 of them to share out."""
        return f"{min(20.0, 150 / len(self.columns)):.1f}"


@dataclass(frozen=True)
class LeafPaper:
    """One checklist: paper of its own, with its own pages and signatures."""

    name: str
    """Of its pages, as the style sheet calls them: `leaf1`."""

    title: str
    part: str
    facts: tuple[tuple[Fact, ...], ...]
    """In rows of three."""

    control: tuple[str, ...]
    """What it says of itself as a controlled document."""

    filled: bool
    opened: OpenList | None
    blocks: tuple[Block, ...]
    total: str
    scored: bool
    standards: bool
    """Whether its items verify standards; else the table is narrower by a column."""

    lists: tuple[CaseList, ...]
    drawn: tuple[str, ...]
    """How the tickets were drawn, in sentences."""

    signers: tuple[tuple[str, str], ...]
    """Who signs for either side, line by line; an empty name is room to write it."""

    running: str
    """What the foot of its pages says, as CSS writes a text."""

    foot: str
    """The same of page and pages."""

    marks: tuple[tuple[int, str, str], ...] = ()
    """Page, picture of its code, and what is printed below it, as CSS writes them."""

    spare: tuple[str, str] = ("", "")
    """Picture and text for a page that was not foreseen."""

    @property
    def width(self) -> int:
        """Columns of the table of items."""
        return 8 if self.standards else 7


@dataclass(frozen=True)
class Paper:
    """The whole of it."""

    title: str
    authors: tuple[str, ...]
    company: str
    day: str
    leaves: tuple[LeafPaper, ...]
