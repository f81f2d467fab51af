"""How numbers, days, people and findings are written in the chapter on parts and money."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Final, Protocol

import numpy as np

from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.counted import CountLine
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import EARLIEST
from sopaudit.findings.figures.figure import KpiResult
from sopaudit.findings.loss import Loss
from sopaudit.findings.loss_summary import Total
from sopaudit.findings.money.short import MoneyEvidence
from sopaudit.findings.parts_evidence import Holder, InPlace, began
from sopaudit.press.words import Words, words
from sopaudit.report.parts.model import LossRow
from sopaudit.report.parts.teller import Teller
from sopaudit.report.seen import Speaker
from sopaudit.report.tickets.naming import Namer
from sopaudit.report.tickets.said import Sayer

TICKETS: Final = 3
"""Ticket numbers told of one person; the rest is counted."""

_MINUS: Final = "\u2212"


class Evidence(Protocol):
    """What can be said of any ledger, whether it was read in one go or in parts."""

    @property
    def custody(self) -> Custody:
        """Where everything is, or at least what places are called."""

    @property
    def handbook(self) -> Handbook:
        """The handbook it is held against."""

    @property
    def decimals(self) -> int:
        """Those of quantities."""

    @property
    def value_decimals(self) -> int:
        """Those of values."""

    @property
    def places(self) -> tuple[InPlace, ...]:
        """What is in each place."""

    @property
    def holders(self) -> tuple[Holder, ...]:
        """What each person has in hand and owes."""

    @property
    def losses(self) -> Sequence[object]:
        """What was found."""

    @property
    def sorts(self) -> tuple[Total, ...]:
        """The findings summed up by sort."""

    @property
    def counted(self) -> tuple[CountLine, ...]:
        """The lines of stock counts."""

    @property
    def figures(self) -> tuple[KpiResult, ...]:
        """Key figures on parts."""

    @property
    def money(self) -> MoneyEvidence | None:
        """Who is short of cash."""


class PartSayer:
    """Puts parts into the words of a handbook."""

    def __init__(self, evidence: Evidence, speaker: Speaker) -> None:
        self.evidence = evidence
        self.custody = evidence.custody
        self.speaker = speaker
        self.rules = Sayer(speaker)
        self.namer = Namer(evidence.handbook, speaker.lang)
        self.teller = Teller(evidence.custody, speaker)
        self.words: Words = words(speaker.lang, "parts_section")

    def fill(self, section: str, key: str, **values: object) -> str:
        """Fill a sentence of ours."""
        return self.words[section][key].format_map(values)

    # --- numbers and days ----------------------------------------------------------------------

    def units(self, units: int) -> str:
        """Write a number of pieces."""
        return number(Fraction(units, 10**self.evidence.decimals))

    def value(self, value: int) -> str:
        """Write what pieces are worth."""
        return number(Fraction(value, 10**self.evidence.value_decimals))

    def day(self, at: np.datetime64) -> str:
        """Write a day; nothing where nobody knows it."""
        unknown = bool(np.isnat(at)) or at == EARLIEST
        return "" if unknown else str(at.astype("datetime64[D]"))

    def days_since(self, at: np.datetime64) -> int:
        """Count the days from a moment to the day of the records; 0 where nobody knows it."""
        if np.isnat(at):
            return 0
        day = self.custody.now.astype("datetime64[D]") - at.astype("datetime64[D]")
        return max(int(day.astype(np.int64)), 0)

    # --- names ---------------------------------------------------------------------------------

    def place(self, name: str) -> str:
        """Name a place."""
        return headed(self.teller.place(name))

    def person(self, staff: str) -> str:
        """Name a person; on a circulating copy by the staff number alone."""
        return self.rules.person(staff)

    def tickets(self, tickets: Sequence[str]) -> str:
        """List ticket numbers, the first few of many."""
        told = self.speaker.listed(tickets[:TICKETS])
        if len(tickets) > TICKETS:
            told += " " + self.fill("owed", "more", n=len(tickets) - TICKETS, total=len(tickets))
        return told

    @cached_property
    def sorts(self) -> dict[str, str]:
        """What sorts of findings are called, in the order of the handbook."""
        rules = self.evidence.handbook.parts
        kept = rules.losses if rules else ()
        return {sort.id: headed(self.speaker.say(sort.title)) for sort in kept}

    # --- findings ------------------------------------------------------------------------------

    def loss(self, loss: Loss) -> LossRow:
        """Put a finding into words."""
        title, way = self.sorts[loss.sort], self.rules.type(loss.type)
        text = f"{title}（{way}）" if self.speaker.lang == "zh" else f"{title} ({way})"
        return LossRow(
            sort=loss.sort,
            rule=loss.rule,
            severity=loss.severity,
            severity_title=self.rules.severity(loss.severity),
            text=text,
            part=loss.part,
            serial=loss.serial,
            ticket=loss.ticket,
            person=self.person(loss.holder),
            value=self.value(loss.value) if loss.value else "",
            since=self.day(began(loss)),
            rows=loss.rows,
        )


def headed(text: str) -> str:
    """Begin a text with a capital, as what stands at the head of a line does."""
    return text[:1].upper() + text[1:]


def number(value: Fraction) -> str:
    """Write a number exactly, in groups of three digits, with a true minus."""
    told = plain(value)
    if "/" not in told:
        told = f"{Decimal(told):,}"
    return told.replace("-", _MINUS)


def signed(value: Fraction) -> str:
    """Write a difference with its sign; nothing for none."""
    if not value:
        return ""
    return number(value) if value < 0 else f"+{number(value)}"


def bare(text: str) -> str:
    """Take out what groups the digits of a number, so that a workbook counts with it."""
    return text.replace(",", "").replace(_MINUS, "-").removeprefix("+")
