"""Sorting the tickets of an office out for a draw: strata, and what is always looked at."""

from collections.abc import Iterator

import numpy as np

from sopaudit.criteria.drawing import Sampling
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import Flags
from sopaudit.evidence.records import TICKETS
from sopaudit.findings.draw import Certain, Population, Values
from sopaudit.findings.rules.case import NONCONFORMING, UNKNOWN
from sopaudit.findings.rules.engine import KINDS, heard
from sopaudit.findings.rules.hearing import DONT_KNOW, YES, Hearing


def population(hearing: Hearing, sampling: Sampling) -> Population:
    """Sort out every ticket that has a line among the tickets; others are no tickets yet."""
    unheard: list[str] = []
    unsettled: dict[str, int] = {}
    places = np.flatnonzero(hearing.records.home >= 0)
    reasons: list[tuple[str, Flags]] = []
    for name, met, unknown in _always(hearing, sampling, unheard):
        reasons.append((name, met))
        if unknown[places].any():
            unsettled[name] = int(unknown[places].sum())
    tickets = hearing.records.tickets
    values = _values(hearing, sampling, places)
    rest: dict[str, Values] = {}
    certain: list[Certain] = []
    for place, stratum in zip(places.tolist(), values, strict=True):
        why = tuple(name for name, met in reasons if met[place])
        if why:
            certain.append(Certain(tickets[place], why))
        else:
            rest[tickets[place]] = stratum
    return Population(rest, tuple(certain), tuple(unheard), unsettled)


def _always(
    hearing: Hearing, sampling: Sampling, unheard: list[str]
) -> Iterator[tuple[str, Flags, Flags]]:
    """Give, for each condition and rule: its name, which tickets it names, of which it is open."""
    for name in sampling.always:
        truth = hearing.holds_of_tickets(name)
        yield name, truth == YES, truth == DONT_KNOW
    for name in sampling.failing:
        rule = hearing.handbook.rules[name]
        if not rule.kinds or any(kind not in KINDS for kind in rule.kinds):
            unheard.append(name)
            continue
        found = heard(hearing, rule)
        if not found.assessable:
            unheard.append(name)
            continue
        verdict = found.by_ticket(hearing.size)
        yield name, verdict == NONCONFORMING, verdict == UNKNOWN


def _values(hearing: Hearing, sampling: Sampling, places: Places) -> list[Values]:
    """Spell the stratum of each ticket out; a field that says nothing is the empty text."""
    lines = hearing.lines(TICKETS)
    home = hearing.records.home[places]
    columns = []
    for field in sampling.by:
        record, _, name = field.partition(".")
        if record != TICKETS:
            raise ValueError(f"{field} is no field of {TICKETS}")
        told = lines.coded(name).rows(home).spelled()
        blank = lines.blank(name)[home]
        columns.append(["" if none else text for text, none in zip(told, blank, strict=True)])
    return [*zip(*columns, strict=True)] if columns else [()] * len(places)
