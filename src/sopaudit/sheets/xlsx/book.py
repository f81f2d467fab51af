"""What the sheets of one workbook share: its words, columns, people and head."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from xlsxwriter.worksheet import Worksheet

from sopaudit.criteria.organisation import Person
from sopaudit.press.words import words
from sopaudit.sheets.blank import Ask, Blank, Leaf
from sopaudit.sheets.looks import QUIET, Lists, Looks, across
from sopaudit.sheets.preview import preview
from sopaudit.sheets.wording import answer_title
from sopaudit.sheets.xlsx.lines import in_lines
from sopaudit.sheets.xlsx.marks import CASE_COLUMNS, CASE_TAIL, COLUMNS, item_column

GAP: Final = "　　"


@dataclass
class Book:
    """A workbook while it is written."""

    blank: Blank
    lang: str
    looks: Looks
    lists: Lists
    columns: Sequence[str]
    """Those every checklist of it has, so that rows may be moved between their sheets."""

    @cached_property
    def say(self) -> Mapping[str, str]:
        """The words of the workbook."""
        return words(self.lang, "workbook_sheet")["sheet"]

    @cached_property
    def common(self) -> Mapping[str, Mapping[str, str]]:
        """The words all sheets share."""
        return words(self.lang, "sheets")

    @cached_property
    def answers(self) -> dict[str, str]:
        """The answer words in the language of the workbook."""
        known = {word for _, ask in self.blank.asks for word in ask.words}
        known |= {"yes", "partial", "no", "na", "unchecked"}
        return {word: answer_title(word, self.lang) for word in sorted(known)}

    def case_columns(self, leaf: Leaf) -> list[str]:
        """Name the columns of a record of the sample."""
        items = [
            item_column(ask.item.id, part)
            for ask in in_lines(leaf.asks)
            for part in ("", *(part.id for part in ask.item.parts))
        ]
        return [*CASE_COLUMNS, *items, *CASE_TAIL]

    def person(self, staff_number: str | None) -> str:
        """Write a person as the lists do: staff number and name."""
        if not staff_number:
            return ""
        found = self.blank.handbook.person(staff_number)
        return staff_number if found is None else self.shown(found)

    def shown(self, person: Person) -> str:
        """Write a person: staff number and name."""
        return f"{person.id} {person.name.to(self.lang)}"

    def people(self, leaf: Leaf) -> list[str]:
        """List whom an answer may be about."""
        return [self.shown(person) for person in leaf.people]

    @property
    def witnesses(self) -> list[str]:
        """List who may confirm an answer."""
        return [self.shown(person) for person in self.blank.witnesses]

    def title(self, leaf: Leaf, what: str) -> str:
        """Give the heading of a sheet."""
        heading = self.blank.handbook.say(leaf.checklist.title, self.lang)
        number, of = self.blank.part
        part = self.common["title"]["part"].format(number=number, of=of) if of > 1 else ""
        return " · ".join(filter(None, (heading, what, part)))

    def facts(self, leaf: Leaf) -> Iterator[str]:
        """Say which audit and which checklist a sheet is of."""
        say, audit, blank = self.common["title"], self.blank.audit, self.blank
        if audit:
            office = blank.handbook.offices.get(audit.office)
            named = blank.handbook.say(office.title, self.lang) if office else audit.office
            yield f"{say['audit']} {audit.id}"
            yield f"{say['office']} {named}"
            yield f"{say['period']} {audit.period.from_} – {audit.period.to}"
        else:
            yield f"{say['date']} {blank.day}"
        yield f"{say['edition']} {leaf.id} {leaf.checklist.edition}"

    def team(self) -> Iterator[str]:
        """Say who examines, and whose work."""
        say, comma = self.common["title"], self.say["between"]
        for title, people in (
            (say["auditor"], self.blank.auditors),
            (say["auditee"], self.blank.auditees),
        ):
            if people:
                yield f"{title} {comma.join(map(self.shown, people))}"

    def foot(self, leaf: Leaf) -> tuple[str, str]:
        """Give the foot of each page, left and right."""
        return " · ".join((*[*self.facts(leaf)][-1:], self.blank.name)), self.say["page"]

    def heading(self, sheet: Worksheet, leaf: Leaf, what: str, last: int) -> None:
        """Write the first rows of a sheet: title, facts, team."""
        looks = self.looks
        across(sheet, 0, (1, last), self.title(leaf, what), looks.title)
        sheet.set_row(0, 28)
        quiet = looks.bare(font_color=QUIET, text_wrap=None)
        across(sheet, 1, (1, last), GAP.join(self.facts(leaf)), quiet)
        across(sheet, 2, (1, last), GAP.join(self.team()), quiet)


def columns_of(blank: Blank) -> list[str]:
    """Name the columns the checklists of a blank need; some need no numbers, or have no methods."""
    asks = [ask for _, ask in blank.asks]
    counting = any(ask.way in ("cases", "occurrences") for ask in asks)
    counting = counting or any(given.sample for ask in asks for given in ask.given)
    foretold = any(preview(leaf, "en") for leaf in blank.leaves)
    needed = {
        "standard": any(ask.item.standards for ask in asks),
        "method": any(ask.item.method or ask.item.sample for ask in asks),
        "points": any(ask.points is not None for ask in asks),
        "checked": counting,
        "failed": counting,
        "value": any(_numbered(ask) for ask in asks),
        "deducted": foretold and any(ask.points for ask in asks),
        "earned": foretold,
        "confirmed": any(ask.witness or _confirmed(ask) for ask in asks),
        "before": any(ask.before for ask in asks),
    }
    return [name for name in COLUMNS if needed.get(name, True)]


def _numbered(ask: Ask) -> bool:
    return ask.way in ("occurrences", "points") or any(
        given.value is not None for given in ask.given
    )


def _confirmed(ask: Ask) -> bool:
    return any(given.confirmed for given in ask.given)
