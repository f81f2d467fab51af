"""Where cases go wrong more often than elsewhere, as tables: one row a group, sums at the foot."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from sopaudit.evidence.records import POST
from sopaudit.findings.breakdown import (
    DIMENSIONS,
    HOUR,
    OFFICE,
    PERSON,
    WEEKDAY,
    Facets,
    Slice,
    breakdown,
)
from sopaudit.report.tickets.model import DimensionTable, SliceRow
from sopaudit.report.tickets.said import Sayer

SHOWN: Final = 8
"""Groups told of offices, posts and persons; the rest is one row."""

_IN_ORDER: Final = (WEEKDAY, HOUR)
"""Dimensions that are read in their own order, whole."""


def dimensions(facets: Facets, say: Sayer) -> tuple[DimensionTable, ...]:
    """Tell every dimension that has more than one group."""
    found = []
    for name in DIMENSIONS:
        slices = breakdown(facets, name)
        if len(slices) > 1:
            title = say.words["dimension"][name]
            found.append(DimensionTable(name, title, _rows(name, slices, say)))
    return tuple(found)


def _rows(name: str, slices: Sequence[Slice], say: Sayer) -> tuple[SliceRow, ...]:
    names: dict[str, Callable[[str], str]] = {
        OFFICE: say.office,
        POST: say.post,
        PERSON: say.person,
        WEEKDAY: lambda key: say.words["weekday"][key],
        HOUR: lambda key: f"{key}:00",
    }
    if name in _IN_ORDER:
        # Where nothing is said comes last.
        ordered, most = sorted(slices, key=lambda one: (not one.key, one.key)), len(slices)
    else:
        ordered, most = sorted(slices, key=_urgency), SHOWN
    known = [one for one in ordered if one.key]
    # One group more is shown rather than called the rest.
    most += len(known) == most + 1
    shown, rest = known[:most], known[most:]
    nobody = say.words["where"]["nobody"]
    rows = [_row(one, names[name](one.key), say) for one in shown]
    if rest:
        label = say.fill("where", "rest", n=len(rest))
        rows.append(_sum(rest, label, "", say))
    rows += [_row(one, nobody, say) for one in ordered if not one.key]
    return (*rows, _sum(slices, say.words["where"]["total"], "total", say))


def _urgency(one: Slice) -> tuple[int, int, Fraction, str]:
    """Those that stand out come first, then by what they have, the highest rate first."""
    return (-one.apart, not one.key, -one.rate if not one.guarded else Fraction(1), one.key)


def _row(one: Slice, label: str, say: Sayer) -> SliceRow:
    words = say.words["where"]
    lift, tone = "", {1: "worse", -1: "better"}.get(one.apart, "")
    if not one.key:
        tone = "few"
    elif one.guarded:
        lift, tone = words["few"], "few"
    elif one.lift is not None:
        lift = f"{float(one.lift):.1f}×" if one.lift else "0"
    elif one.bad:
        lift = words["only"]
    mark = {1: "▲", -1: "▼"}.get(one.apart, "")
    return SliceRow(label, one.cases, one.bad, say.percent(one.rate), one.rate, lift, mark, tone)


def _sum(slices: Sequence[Slice], label: str, tone: str, say: Sayer) -> SliceRow:
    cases, bad = sum(one.cases for one in slices), sum(one.bad for one in slices)
    rate = Fraction(bad, cases)
    return SliceRow(label, cases, bad, say.percent(rate), rate, "", "", tone)
