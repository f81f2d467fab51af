"""The blind count sheet on paper: A4 across, with room for handwriting."""

from dataclasses import dataclass

from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.counting.drawing import Blank
from sopaudit.press.html import page
from sopaudit.press.words import words

_ROOM = 8
"""Rows for things that are not on the list."""


@dataclass(frozen=True)
class PaperLine:
    """One line as it is printed."""

    no: int
    location: str
    part_no: str
    title: str
    serialised: bool


@dataclass(frozen=True)
class Paper:
    """The whole sheet, in words."""

    title: str
    office: str
    id: str
    day: str
    heading: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[PaperLine, ...]
    foot: str
    """How pages are numbered, as CSS writes it."""

    room: int = _ROOM


def count_paper(blank: Blank, handbook: Handbook, lang: str) -> str:
    """Lay the sheet out as a page to be printed."""
    say = words(lang, "count")["sheet"]
    known = handbook.offices.get(blank.stock.site)
    office = handbook.say(known.title, lang) if known else blank.stock.site
    size = say["size"].format(chosen=len(blank.lines), all=len(blank.stock.lines))
    facts = (
        (say["office"], office),
        (say["count"], blank.id),
        (say["as_of"], blank.as_of.isoformat()),
        (say["start"], blank.asked.start),
        (say["lines"], size),
    )
    lines = tuple(
        PaperLine(n, line.location, line.part_no, line.title, line.serialised)
        for n, line in enumerate(blank.lines, 1)
    )
    title, day = say["title"], blank.as_of.isoformat()
    marks = {"page": '" counter(page) "', "pages": '" counter(pages) "'}
    foot = f'"{say["page"].format(**marks)}"'
    told = Paper(title, office, blank.id, day, f"{title} · {office}", facts, lines, foot)
    return page("desk/count.html.j2", lang, "count", page=told)
