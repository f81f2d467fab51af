"""The kind `stock_level`: what is on hand and on order against the least there should be."""

from collections.abc import Mapping

import numpy as np

from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.lines import Flags, Numbers
from sopaudit.findings.rules.case import (
    NOT_APPLICABLE,
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
    totals,
)


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
