"""What the one-page summary has room for: it must stay one page, and the chapters say the rest.

Heights are those of the style sheet in millimetres, with a little to spare for names that need a
second line. Better to name one nonconformity less than to print a second page with three lines on
it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sopaudit.report.before.model import Previous
from sopaudit.report.fact import Fact
from sopaudit.report.model import FindingCard, Gap, LimitNote, RemarkRow, Result
from sopaudit.report.parts.model import PartsSection
from sopaudit.report.tickets.model import TicketSection
from sopaudit.terminal import width

PAGE: Final = 259.0
"""The height of the first page between its margins."""

FIXED: Final = 92.0
"""Letterhead, name of the office, figures, and the space around them."""

CLOSER: Final = 25.0
"""What all of it gives way where the page is set closer, because much has to be said on it."""

FACTS: Final = 12.0
HEADING: Final = 12.0
"""A further line of the name of the office."""

NOTICE: Final = 13.0
STATE: Final = 8.0
BLOCK: Final = 12.0
"""The heading of a block."""

CONTENTS: Final = 30.0
"""The heading of the list of contents, and the space around it."""

ENTRY: Final = 6.8
"""A line of it."""

ROW: Final = 7.6
LINE: Final = 5.0
REACH: Final = 3.2
"""The small line under a score."""

LEAST: Final = 3
"""Nonconformities that should be named, if the page has to be set closer for them."""

HEADING_COLUMNS: Final = 34
FACT_COLUMNS: Final = 23
TITLE_COLUMNS: Final = 26
KEY_COLUMNS: Final = 64
LIMIT_COLUMNS: Final = 96
NOTICE_COLUMNS: Final = 92
SCOPE_COLUMNS: Final = 86
GAP_COLUMNS: Final = 96
LINE_COLUMNS: Final = 96


@dataclass(frozen=True)
class Share:
    """How much of what the summary names."""

    named: int
    """Nonconformities."""

    praised: int
    left: float
    """Millimetres nothing stands on."""

    close: bool = False
    """The page is set closer."""

    packed: bool = False
    """Even that leaves too little room: all that can give way does."""

    def holds_contents(self, chapters: int) -> bool:
        """Say whether the list of contents still fits on the page; else it begins the next."""
        return self.left >= CONTENTS + ENTRY * chapters


class Room:
    """The space left on the page."""

    def __init__(self, heading: str, facts: Sequence[Fact]) -> None:
        self.left = PAGE - FIXED - HEADING * (_lines(heading, HEADING_COLUMNS) - 1)
        for first in range(0, len(facts), 4):
            row = (_lines(fact.value, FACT_COLUMNS) for fact in facts[first : first + 4])
            self.left -= FACTS + LINE * (max(row) - 1)

    def notice(self, text: str) -> None:
        """Take the space of a notice, if there is one."""
        lines = -(-width(text) // NOTICE_COLUMNS)
        self.left -= NOTICE + LINE * (lines - 1) if text else 0

    def state(self, note: str) -> None:
        """Take the space of the remark on the state of the whole, if it needs one."""
        self.left -= STATE if note else 0

    def scope(self, facts: Sequence[Fact]) -> None:
        """Take the space of what the audit covered, where that is not the whole."""
        lines = sum(_lines(fact.value, SCOPE_COLUMNS) for fact in facts)
        self.left -= STATE + LINE * (lines - 1) if facts else 0

    def follow_up(self, previous: Previous | None) -> None:
        """Take the space of the line on the previous audit, if there is one."""
        self.left -= STATE if previous is not None and previous.findings else 0

    def gaps(self, gaps: Sequence[Gap]) -> None:
        """Take the space of what is missing from the result."""
        rows = (ROW + LINE * (width(gap.title + gap.text) // GAP_COLUMNS) for gap in gaps)
        self.left -= BLOCK + sum(rows) if gaps else 0

    def limits(self, limits: Sequence[LimitNote]) -> None:
        """Take the space of the limits."""
        texts = (limit.title + limit.checklist + limit.effect + limit.items for limit in limits)
        rows = sum(ROW + LINE * (width(text) > LIMIT_COLUMNS) for text in texts)
        self.left -= BLOCK + rows if limits else 0

    def tickets(self, section: TicketSection | None) -> None:
        """Take the space of the tickets: how they fared, and what to do first."""
        if section is None:
            return
        told = (section.spoken if section.bar else section.sentence) + section.touched
        self.left -= BLOCK + LINE * _lines(told, LINE_COLUMNS)
        if not section.quality_sound:
            self.left -= LINE * _lines(section.quality_note, LINE_COLUMNS)
        if section.first:
            self.left -= self._first(section)

    def parts(self, section: PartsSection | None) -> None:
        """Take the space of the parts: how they stand, in a sentence under its name."""
        if section is not None:
            self.left -= BLOCK + LINE * _lines(section.sentence, LINE_COLUMNS)

    def results(self, results: Sequence[Result]) -> None:
        """Take the space of the table of checklists."""
        self.left -= BLOCK + ROW + sum(map(_row, results)) if results else 0

    def firsts(self, section: TicketSection | None) -> bool:
        """Say whether the page also holds what to do first about tickets; else its chapter does.

        Scores and the number of nonconformities come before it.
        """
        if section is None or not section.first or self.left + CLOSER >= BLOCK + LINE:
            return True
        self.left += self._first(section)
        return False

    @staticmethod
    def _first(section: TicketSection) -> float:
        texts = (f"{row.id} {row.text} {row.sure}" for row in section.first)
        return ROW + sum(ROW + LINE * (_lines(t, KEY_COLUMNS) - 1) for t in texts)

    def share(self, cards: Sequence[FindingCard], good: Sequence[RemarkRow]) -> Share:
        """Share the rest between nonconformities and good practice.

        Three of the first come before two of the second, and these before two and one more.
        """
        share = self._share(cards, good)
        if share.named >= min(LEAST, len(cards)) and self.left >= BLOCK + LINE:
            return share
        self.left += CLOSER
        packed = self.left < LINE  # nine checklists, a draft, vetoes, tickets and parts on one page
        return replace(self._share(cards, good), close=True, packed=packed)

    def _share(self, cards: Sequence[FindingCard], good: Sequence[RemarkRow]) -> Share:
        left, named, praised = self.left - BLOCK - LINE, 0, 0
        for kind in ("key", "key", "key", "good", "good", "key", "key", "good"):
            if kind == "key" and named < len(cards):
                said = width(cards[named].brief + cards[named].repeated)
                needed = ROW + LINE * (said > KEY_COLUMNS)
                if needed > left:
                    break
                left, named = left - needed, named + 1
            elif kind == "good" and praised < len(good):
                needed = ROW + (0 if praised else BLOCK)
                if needed > left:
                    break
                left, praised = left - needed, praised + 1
        return Share(named, praised, left)


def _row(result: Result) -> float:
    """Say how tall the row of a checklist is."""
    under = not result.sound and bool(result.grade_title or result.pending)
    if width(result.title) > TITLE_COLUMNS or under:
        return ROW + LINE
    return ROW + (REACH if result.reach else 0)


def _lines(text: str, columns: int) -> int:
    """Say how many lines of `columns` a text takes; Latin words leave some of a line blank."""
    return max(1, -(-width(text) // columns))
