"""Coverage as text for a terminal of 80 columns: counts first, then what they count."""

from collections.abc import Iterator
from typing import Final

from sopaudit.criteria.coverage import Coverage, Gap, Named
from sopaudit.criteria.handbook import Handbook
from sopaudit.press.words import words
from sopaudit.terminal import COLUMNS, GAP, fitting, padded, width, wrapped

_NOTE: Final = 26
"""Columns of a note; the title beside it matters more."""


def coverage_text(handbook: Handbook, found: Coverage, lang: str) -> str:
    """Tell what is left open; lines end without blanks."""
    return "\n".join(_Teller(handbook, lang).lines(found)) + "\n"


class _Teller:
    def __init__(self, handbook: Handbook, lang: str) -> None:
        self.handbook = handbook
        self.lang = lang
        self.words = words(lang, "coverage")

    def lines(self, found: Coverage) -> Iterator[str]:
        page = self.words["page"]
        title = self.handbook.say(self.handbook.title, self.lang)
        edition = page["edition"].format(edition=self.handbook.edition)
        yield from wrapped(f"{page['title']}  {title}  {edition}", "")
        yield "─" * COLUMNS
        titles = self.words["gap"]
        room = max(map(width, titles.values()))
        most = max(len(str(gap.of)) for gap in found.gaps)
        for gap in (gap for gap in found.gaps if gap.of):
            counted = f"{len(gap.entries):>{most}} / {gap.of:>{most}}"
            yield f"  {padded(titles[gap.kind], room)}{GAP}{counted}"
        for gap in found.gaps:
            if gap.entries:
                yield from self._gap(gap)

    def _gap(self, gap: Gap) -> Iterator[str]:
        yield ""
        yield f"{self.words['gap'][gap.kind]} ({len(gap.entries)})  {gap.kind}"
        yield from wrapped(self.words["why"][gap.kind], "  ")
        room = max(width(self._id(entry)) for entry in gap.entries)
        for entry in gap.entries:
            title = self.handbook.say(entry.title, self.lang)
            note = f"  [{_short(entry.note, _NOTE)}]" if entry.note else ""
            start = f"    {padded(self._id(entry), room)}  "
            left = COLUMNS - width(start) - width(note)
            yield f"{start}{_short(title, left)}{note}".rstrip()

    def _id(self, entry: Named) -> str:
        """Name an entry; an id good inside one thing only comes with the id of that."""
        known = entry.id in self.handbook.standards or "-" in entry.id
        return entry.id if known or not entry.within else f"{entry.within} {entry.id}"


def _short(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    return fitting(text, columns - 1).rstrip() + "…"
