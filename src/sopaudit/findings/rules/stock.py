"""Kinds about stock as it stands: `stock_level` and `count_tolerance`."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from sopaudit.criteria.field import number
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Coded
from sopaudit.evidence.lines import Flags, Numbers
from sopaudit.findings.rules.case import (
    NOT_APPLICABLE,
    TYPES,
    Cases,
    Measure,
    decided,
    of_type,
)
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import (
    NONE,
    Ids,
    alike,
    called,
    chosen,
    columns,
    figures,
    shown,
    totals,
)
from sopaudit.findings.rules.lookup import looked_up
from sopaudit.findings.rules.part import PART, SERIAL


def stock_level(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Add up what is on hand and on order, and hold it against the minimum (AC-37).

    What is alike in the columns of `on` is one stock. Without a minimum there is nothing to hold.
    """
    (record, hand), (orders, order), (_, least) = (
        str(given[name]).split(".", 1) for name in ("on_hand", "on_order", "at_least")
    )
    on = listed(given["on"])
    lines, ordered = hearing.lines(record), hearing.lines(orders)
    key, theirs = alike(columns(lines, on), columns(ordered, on))
    size = int(max(key.max(initial=-1), theirs.max(initial=-1))) + 1
    here, coming, least_of = lines.numbers(hand), ordered.numbers(order), lines.numbers(least)
    counts = chosen(hearing, given, "hand_only", record)
    due = chosen(hearing, given, "order_only", orders)
    shift = max(here.decimals, coming.decimals, least_of.decimals)
    stock = _sum(key, here, counts, size, shift) + _sum(theirs, coming, due, size, shift)
    unknown = _gaps(key, here, counts, size) | _gaps(theirs, coming, due, size)
    limit = np.full(size, NONE, np.int64)
    np.maximum.at(limit, key[least_of.known], least_of.at(shift)[least_of.known])
    line = _first(key, limit, least_of, shift, size)
    there = np.flatnonzero(line >= 0)
    line, stock, limit = line[there], stock[there], limit[there]
    verdict = decided(hearing.applies(given, record, line), ~unknown[there], stock >= limit)
    verdict[limit < 0] = NOT_APPLICABLE
    ticket = np.full(len(line), NONE, np.int32)
    return Cases(
        verdict,
        ticket,
        lines=((record, line),),
        names=called(hearing, ticket, lines.coded(on[-1]).rows(line)),
        type=of_type("too few", len(line)),
        measure=Measure(stock, "number", shift),
        late=limit - stock,
        expected=figures(limit, shift),
    )


def _sum(key: Ids, numbers: Numbers, counts: Flags, size: int, shift: int) -> Ids:
    return totals(key[counts], numbers.at(shift)[counts], size)


def _gaps(key: Ids, numbers: Numbers, counts: Flags, size: int) -> Flags:
    return np.bincount(key[counts & ~numbers.known], minlength=size) > 0


def _first(key: Ids, limit: Ids, least: Numbers, shift: int, size: int) -> Ids:
    """Give per stock the line that sets its minimum, else the first."""
    sets = least.known & (least.at(shift) == limit[key])
    order = np.lexsort((np.arange(len(key)), ~sets))[::-1]
    found = np.full(size, NONE, np.int64)
    found[key[order]] = order
    return found


def count_tolerance(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold each line of a count against the book (AC-36, PR-25).

    A share of the book quantity is allowed by class, and none where the book says none; pieces with
    a serial number have a limit of their own. Every line stands alone: plus is never set against
    minus.
    """
    record, _, name = str(given["counted"]).partition(".")
    lines = hearing.lines(record)
    line = np.arange(len(lines))
    counted = lines.numbers(name)
    book = looked_up(hearing, given, record, str(given["book"]), add=True)
    shift = max(counted.decimals, book.decimals)
    found, right = counted.at(shift), book.units * 10 ** (shift - book.decimals)
    of, _, kind = str(given["class"]).partition(".")
    classes = shown(hearing.lines(of).coded(kind), book.line)
    within, classed = _within(given, classes, np.abs(found - right), right)
    single = ~lines.blank(SERIAL)
    pieces = number(str(given.get("serialised", "0"))) or Fraction(0)
    exact = np.abs(found - right) * pieces.denominator <= pieces.numerator * 10**shift
    holds = np.where(single, exact, within)
    known = counted.known & book.known & (single | classed | (found == right) | (right == 0))
    return Cases(
        decided(hearing.applies(given, record, line), known, holds),
        hearing.records.ticket(record),
        lines=((record, line), (of, book.line)),
        names=called(hearing, hearing.records.ticket(record), lines.coded(PART)),
        type=np.where(found > right, TYPES.index("too many"), TYPES.index("too few")).astype(
            np.int8
        ),
        measure=Measure(found, "number", shift),
        late=found - right,
        expected=figures(right, shift),
    )


def _within(
    given: Mapping[str, Given], classes: Coded, far: Ids, right: Ids
) -> tuple[Flags, Flags]:
    """Say of each line whether its difference is allowed to its class, and if it has one."""
    shares = [number(word) or Fraction(0) for word in listed(given["tolerances"])]
    names = [word.casefold() for word in listed(given["classes"])]
    place = {
        code: names.index(text.casefold()) if text.casefold() in names else NONE
        for code, text in classes.distinct().items()
    }
    row = classes.table(place)[classes.codes]
    above = np.array([share.numerator for share in shares] + [0], np.int64)[row]
    below = np.array([share.denominator for share in shares] + [1], np.int64)[row]
    return far * below <= above * np.maximum(right, 0), row >= 0
