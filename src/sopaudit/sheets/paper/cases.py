"""The list of cases on paper: the tickets drawn, and room for recordings and forms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sopaudit.criteria.checklist import ItemPart
from sopaudit.evidence.record import Case
from sopaudit.press.words import words
from sopaudit.sheets.blank import Ask
from sopaudit.sheets.paper.items import Items
from sopaudit.sheets.paper.model import CaseList, CaseRow, Column, Fact

SIGNS: Final = {"yes": "✓", "partial": "△", "no": "×", "na": "N/A"}
"""How a case is ticked; one nobody looked at is left blank.

Whoever copies the paper into a table is read the same there; a stroke is no answer by habit.
"""

WIDEST: Final = 12
"""Columns that fit beside one another, wide enough for a pen."""

LINES: Final = 14
"""A list has at least so many lines."""

ROOM: Final = 5
"""Empty lines there are at least."""


@dataclass(frozen=True)
class _Asked:
    """What a column asks: an item, or one of its parts."""

    ask: Ask
    part: ItemPart | None

    @property
    def cases(self) -> dict[str, Case]:
        """The cases that are answered already, by number."""
        return {case.id: case for given in self.ask.given for case in given.cases}

    def sign(self, case: Case | None) -> str:
        """Say how a case is ticked."""
        if case is None:
            return ""
        result = case.parts.get(self.part.id) if self.part else case.judged
        return SIGNS.get(result or "", "")


def case_lists(items: Items) -> tuple[CaseList, ...]:
    """Lay out the cases of a checklist; several lists where its items are too many for one."""
    # What is counted may have cases too, each time it happened: a column once they are there.
    shown = (ask for ask in items.leaf.asks if ask.drawn or any(one.cases for one in ask.given))
    asked = [list(_asked(ask)) for ask in shown]
    groups = min((_groups(asked, limit) for limit in range(1, WIDEST + 1)), key=len, default=[])
    title, part = words(items.lang, "sheets")["title"]["cases"], items.say["cases"]["part"]
    return tuple(
        CaseList(
            title + (part.format(n=n, of=len(groups)) if len(groups) > 1 else ""),
            tuple(_column(one, items) for one in group),
            tuple(_key(group, items)),
            tuple(_rows(group, items)),
        )
        for n, group in enumerate(groups, 1)
    )


def _groups(asked: Sequence[list[_Asked]], limit: int) -> list[list[_Asked]]:
    """Put items beside one another, at most `limit` columns, each item with all its parts."""
    found: list[list[_Asked]] = []
    for item in asked:
        for n in range(0, len(item), limit):
            columns = item[n : n + limit]
            if found and len(found[-1]) + len(columns) <= limit:
                found[-1] += columns
            else:
                found.append(columns)
    return found


def _asked(ask: Ask) -> Iterator[_Asked]:
    """Give the columns of an item: its parts, and the item where a case was answered as a whole."""
    parts = ask.item.parts
    cases = [case for given in ask.given for case in given.cases]
    if not parts or any(case.result and not case.parts for case in cases):
        yield _Asked(ask, None)
    for part in parts:
        yield _Asked(ask, part)


def _column(asked: _Asked, items: Items) -> Column:
    return Column(asked.ask.item.id, items.text(asked.part.title) if asked.part else "")


def _key(group: Sequence[_Asked], items: Items) -> Iterator[Fact]:
    named = {one.ask.item.id: one.ask.item for one in group}
    return (Fact(item.id, items.text(item.question)) for item in named.values())


def _rows(group: Sequence[_Asked], items: Items) -> Iterator[CaseRow]:
    blank = items.blank
    known = dict.fromkeys(blank.tickets)
    for one in group:
        known |= dict.fromkeys(one.cases)
    for number, case in enumerate(known, 1):
        told = [one.cases.get(case) for one in group]
        about = dict.fromkeys(one.person for one in told if one and one.person)
        yield CaseRow(
            number,
            case,
            case in blank.certain,
            "、".join(map(items.named, about)),
            tuple(one.sign(case) for one, case in zip(group, told, strict=True)),
            _notes(group, told, items.lang),
        )
    for number in range(len(known) + 1, max(LINES, len(known) + ROOM) + 1):
        yield CaseRow(number, marks=("",) * len(group))


def _notes(group: Sequence[_Asked], told: Sequence[Case | None], lang: str) -> str:
    """Give the remarks on a case with the items they are about; those that are equal once."""
    notes: dict[str, dict[str, None]] = {}
    for one, case in zip(group, told, strict=True):
        if case and case.note:
            notes.setdefault(case.note, {})[one.ask.item.id] = None
    mark = "：" if lang == "zh" else ": "
    return "\n".join(", ".join(about) + mark + note for note, about in notes.items())
