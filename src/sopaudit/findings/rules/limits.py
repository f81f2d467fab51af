"""Kinds that hold a number or a word of one line against what it may be."""

from collections.abc import Mapping

import numpy as np

from sopaudit.criteria.field import number
from sopaudit.criteria.rule import Given, listed
from sopaudit.findings.rules.case import NOT_APPLICABLE, NOTHING, Cases, Measure, decided, of_type
from sopaudit.findings.rules.hearing import Hearing, spoken


def in_range(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold a number of a line against its limits; what is no number is unknown.

    So is a blank in a field that must be filled; in one that may stay empty there is no number.
    """
    record, _, name = str(given["field"]).partition(".")
    lines = hearing.lines(record)
    line = np.arange(len(lines))
    numbers = lines.numbers(name)
    holds, late = np.ones(len(lines), np.bool_), np.full(len(lines), NOTHING)
    for key, sign in (("at_least", 1), ("at_most", -1)):
        bound = number(str(given[key])) if key in given else None
        if bound is None:
            continue
        # Compared as whole numbers: both sides times the denominator of the limit.
        left = numbers.units * bound.denominator
        beyond = sign * (bound.numerator * 10**numbers.decimals - left)
        holds &= beyond <= 0
        late = np.where(beyond > 0, beyond // bound.denominator, late)
    verdict = decided(hearing.applies(given, record, line), numbers.known, holds)
    if not hearing.required(f"{record}.{name}"):
        verdict[lines.blank(name)] = NOT_APPLICABLE
    measured = np.where(numbers.known, numbers.units, NOTHING)
    return Cases(
        verdict,
        hearing.records.ticket(record),
        lines=((record, line),),
        type=of_type("wrong value", len(lines)),
        measure=Measure(measured, "number", numbers.decimals),
        late=late,
    )


def value_in(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold a word of a line against the words, codes or column it must come from."""
    field = str(given["field"])
    record, _, name = field.partition(".")
    lines = hearing.lines(record)
    line = np.arange(len(lines))
    blank = lines.blank(name)
    holds = lines.is_any(name, spoken(_allowed(hearing, given)))
    # Where the field may stay empty, a blank is an answer, and not one of those allowed.
    known = ~blank if hearing.required(field) else np.ones(len(lines), np.bool_)
    return Cases(
        decided(hearing.applies(given, record, line), known, holds & ~blank),
        hearing.records.ticket(record),
        lines=((record, line),),
        type=of_type("wrong value", len(lines)),
        found=lines.coded(name),
    )


def _allowed(hearing: Hearing, given: Mapping[str, Given]) -> list[str]:
    words = [*listed(given.get("is", ()))]
    if "codes" in given:
        words += [code.id for code in hearing.handbook.codes[str(given["codes"])].codes]
    if "table" in given:
        table = hearing.table(str(given["table"]))
        column = str(given.get("column", table.key[0] if table.key else table.columns[0].id))
        words += [row[column].plain for row in table.rows if column in row]
    return words
