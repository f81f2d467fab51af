"""Rows of a filled workbook as they were typed, before they are answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sopaudit.evidence.habits import key
from sopaudit.sheets.answering import WrittenCase
from sopaudit.sheets.blank import Ask
from sopaudit.sheets.xlsx.lines import failed, meaning
from sopaudit.sheets.xlsx.marks import item_column


@dataclass(frozen=True)
class Row:
    """A row of a sheet, with the names of its columns."""

    sheet: str
    number: int
    """Counted from 0."""

    cells: Sequence[str]
    at: Mapping[str, int]

    def text(self, name: str) -> str:
        """Give what stands in a column; the empty text where there is no such column."""
        place = self.at.get(name, -1)
        return self.cells[place] if 0 <= place < len(self.cells) else ""


@dataclass(frozen=True)
class CaseRow:
    """A line of the record of the sample."""

    row: Row
    case: str
    person: str
    note: str
    ticks: Mapping[str, Mapping[str, str]]
    """By item: by part, or the empty text for the item as a whole, what was typed."""

    @property
    def failing(self) -> dict[str, bool]:
        """Whether each item that was looked at failed."""
        return {
            item: failed(meaning(text) for text in texts.values())
            for item, texts in self.ticks.items()
        }


def same(one: WrittenCase, other: WrittenCase) -> bool:
    """Say whether two lines say the same of a case."""
    return (
        meaning(one.result) == meaning(other.result)
        and {k: meaning(v) for k, v in one.parts.items()}
        == {k: meaning(v) for k, v in other.parts.items()}
        and (one.note or other.note) in (one.note, other.note)
        and key(one.person or other.person) == key(other.person or one.person)
        and not (one.note and other.note and one.note != other.note)
    )


def shared(
    lines: Sequence[tuple[Row, WrittenCase]], people: Sequence[str]
) -> list[list[tuple[Row, WrittenCase]]]:
    """Give each row of an item its cases: those of its person, and the first one all others.

    `people` are the persons of the rows, in their order.
    """
    shares: list[list[tuple[Row, WrittenCase]]] = [[] for _ in people]
    named = {key(person): n for n, person in reversed([*enumerate(people)])}
    first = named.get("", 0)
    for line in lines:
        whose = key(line[1].person)
        shares[named.get(whose, first) if len(people) > 1 else 0].append(line)
    return shares


def column_of(ask: Ask, cell: str) -> str:
    """Name the column of a line a slip is about."""
    if cell == "id":
        return "case"
    name, _, part = cell.partition(":")
    return item_column(ask.item.id, part) if name in ("result", "parts") else cell
