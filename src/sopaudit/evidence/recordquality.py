"""What is odd in the records of an office: codes nobody knows, tickets that are there twice.

The measures have the shape of those of a log, and stand in one block with them.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from sopaudit.criteria.form import FormField
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.eventlog import log_of
from sopaudit.evidence.ledgerquality import misplaced, oddities
from sopaudit.evidence.lines import Flags, Lines
from sopaudit.evidence.moment import moments
from sopaudit.evidence.quality import EXAMPLES, Example, Expected, Measure, Quality, measured
from sopaudit.evidence.recordmapping import fields_of
from sopaudit.evidence.records import AT, MOVES, TICKET, TICKETS, Records

QUANTITY: Final = "qty"
"""The field that says how many."""

_TRIED: Final = 200
"""Texts of a column by which it is seen whether it holds times."""


def quality_of(records: Records, handbook: Handbook, expected: Expected | None = None) -> Quality:
    """Take every measure of the records of an office: of their events, then of each record."""
    known = expected or Expected()
    events = known.events or frozenset(handbook.events)
    block = measured(log_of(records), None, replace(known, events=events))
    further = tuple(measure for measure in _of_records(records, handbook) if measure.count)
    return replace(block, measures=(*block.measures, *further))


def _of_records(records: Records, handbook: Handbook) -> Iterator[Measure]:
    for record, lines in records.lines.items():
        yield from _tickets(records, record, lines)
        for each in fields_of(handbook, record):
            if lines.has(each.id):
                yield from _of_field(lines, each, handbook)
        odd = oddities(records, handbook) if record == MOVES else misplaced(lines, handbook)
        for name, field, flags in odd:
            yield _measure(name, lines, flags, field, f"{record}.{field}")


def _tickets(records: Records, record: str, lines: Lines) -> Iterator[Measure]:
    """Count ticket numbers that are there twice, and those the record of tickets does not know."""
    if not lines.has(TICKET) or TICKETS not in records:
        return
    ticket = records.ticket(record)
    named = ticket >= 0
    home = np.append(records.home, -1)
    if record == TICKETS:
        twice = named & (home[ticket] != np.arange(len(lines)))
        yield _measure("twice", lines, twice, TICKET, record)
    else:
        yield _measure("stray", lines, named & (home[ticket] < 0), TICKET, record)


def _of_field(lines: Lines, each: FormField, handbook: Handbook) -> Iterator[Measure]:
    where = f"{lines.record}.{each.id}"
    blank = lines.blank(each.id) & ~lines.is_any(each.id, frozenset(each.blank))
    if each.required:
        yield _measure("blank", lines, blank, each.id, where)
    codes = handbook.codes.get(each.codes or "")
    if codes is not None:
        known = frozenset(code.id for code in codes.codes)
        strange = ~blank & ~lines.is_any(each.id, known)
        yield _measure("code", lines, strange, each.id, where)
    elif _holds_times(lines, each.id):
        yield _measure("no_time", lines, lines.misread(each.id, "times"), each.id, where)
    elif each.id == QUANTITY:
        yield _measure("no_number", lines, lines.misread(each.id, "numbers"), each.id, where)


def _holds_times(lines: Lines, name: str) -> bool:
    """Say whether a column holds times: `at` does, others where half their texts are moments."""
    if name == AT:
        return True
    texts = [text for text in list(lines.coded(name).distinct().values())[:_TRIED] if text]
    read = moments(texts, lines.form, lines.zone)
    return bool(texts) and 2 * int((~np.isnat(read)).sum()) >= len(texts)


def _measure(name: str, lines: Lines, flags: Flags, field: str, where: str) -> Measure:
    places = np.flatnonzero(flags)
    some = places[:EXAMPLES]
    tickets = lines.coded(TICKET).rows(some).spelled()
    texts = lines.coded(field).rows(some).spelled()
    told = tuple(
        Example(ticket, int(row), "" if text == ticket else text)
        for ticket, row, text in zip(tickets, lines.row[some], texts, strict=True)
    )
    return Measure(name, len(places), len(lines), "line", None, told, where)
