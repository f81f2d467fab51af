"""The lines of the record of the sample: one case each, about several items at once.

A remark stands once in its line. It belongs to what failed there, or to everything that was looked
at where nothing failed; a case in which that would not come out right takes two lines.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sopaudit.evidence.habits import habits, key, narrow
from sopaudit.evidence.record import Case
from sopaudit.sheets.blank import Ask
from sopaudit.sheets.wording import MEANT


@dataclass
class Line:
    """One case as it stands in its row."""

    case: str
    person: str = ""
    note: str = ""
    ticks: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """By item: by part, or by the empty text for the item as a whole, a word of a result."""

    @property
    def notes(self) -> dict[str, str]:
        """Whose the remark is: by item, those without it left out."""
        return owners(
            self.note, {item: failed(words.values()) for item, words in self.ticks.items()}
        )


def owners(note: str, seen: Mapping[str, bool]) -> dict[str, str]:
    """Say which items a remark belongs to; `seen` tells of each whether it failed."""
    hit = [item for item, wrong in seen.items() if wrong] or list(seen)
    return dict.fromkeys(hit, note) if note else {}


def failed(words: Iterable[str]) -> bool:
    """Say whether any of some results is none that conforms."""
    return any(word in ("no", "partial") for word in words)


def meaning(text: str) -> str:
    """Say what a tick means, as far as that decides whose a remark is; empty for none."""
    said = narrow(text).strip()
    known = habits()
    if not said or known.blank(said):
        return ""
    return MEANT.get(said) or known.words.get(key(said)) or known.digits.get(said) or key(said)


def lines_of(asks: Sequence[Ask], tickets: Sequence[str]) -> list[Line]:
    """Lay the cases that are known out in lines, the drawn tickets first, each case together."""
    found: dict[str, list[Line]] = {ticket: [Line(ticket)] for ticket in tickets}
    for ask, case in _cases(asks):
        _place(found.setdefault(case.id, []), ask.item.id, case)
    return [line for lines in found.values() for line in lines]


def _cases(asks: Sequence[Ask]) -> Iterator[tuple[Ask, Case]]:
    for ask in asks:
        for given in ask.given:
            for case in given.cases:
                yield ask, case


def _place(lines: list[Line], item: str, case: Case) -> None:
    """Put what a case says of an item into a line where all of it reads back the same."""
    words: Mapping[str, str] = dict(case.parts) or ({"": case.result} if case.result else {})
    person = case.person or ""
    for line in lines:
        free = not line.ticks
        if item in line.ticks or (line.person != person and not free):
            continue
        note = line.note or case.note
        tried = Line(line.case, person, note, {**line.ticks, item: words})
        wanted = {**line.notes, **({item: case.note} if case.note else {})}
        if tried.notes == wanted:
            line.person, line.note, line.ticks = person, note, tried.ticks
            return
    lines.append(Line(case.id, person, case.note, {item: words}))


def listed(ask: Ask) -> bool:
    """Say whether the cases of an item are ticked in the record of the sample."""
    return ask.way in ("cases", "occurrences") or any(given.cases for given in ask.given)


def in_lines(asks: Iterable[Ask]) -> list[Ask]:
    """Pick the items of the record of the sample: first those that are answered by their cases."""
    return sorted(filter(listed, asks), key=lambda ask: ask.way != "cases")
