"""Counts and judges the key figures of a handbook over the records of an office."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import numpy as np

from sopaudit.criteria.kpi import Figure, Kpi
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.records import EVENTS, MOVES
from sopaudit.findings.figures import counts, rate, stock, times
from sopaudit.findings.figures.counting import DAY, MICRO, Counting
from sopaudit.findings.figures.figure import Counted, FigureResult, KpiResult, judged
from sopaudit.findings.rules.hearing import Hearing

Count = Callable[[Counting, Mapping[str, Given], Sequence[str]], Counted]

FIGURES: Final[Mapping[str, Count]] = {
    "rate": rate.rate,
    "ratio": counts.ratio,
    "percentile": times.percentile,
    "share_within": times.share_within,
    "share_in_range": counts.share_in_range,
    "mean": counts.mean,
    "agreement": counts.agreement,
    "filled_share": counts.filled_share,
    "open_cases": times.open_cases,
    "on_time": times.on_time,
    "fill_rate": stock.fill_rate,
    "turns": stock.turns,
}
"""What counts each kind; a test holds it to `criteria.kind.KPI_KINDS`."""


def key_figures(
    hearing: Hearing, last: np.datetime64 | None, only: Collection[str] | None = None
) -> list[KpiResult]:
    """Count every key figure, or `only` some; `last` is the last day of the period.

    It is None where nobody says. In the order of the handbook.
    """
    counting = Counting(hearing)
    wanted = hearing.handbook.kpis.values()
    return [_kpi(counting, kpi, last) for kpi in wanted if only is None or kpi.id in only]


def _kpi(counting: Counting, kpi: Kpi, last: np.datetime64 | None) -> KpiResult:
    figure = _figure(counting, kpi)
    also = tuple((one, _figure(counting, one)) for one in kpi.also)
    if kpi.lag is None or last is None:
        return KpiResult(kpi, figure, also, undated=kpi.lag is not None)
    end = np.array([last.astype("datetime64[us]") + DAY - MICRO])
    settled = counting.hearing.clock().due(end, kpi.lag)[0]
    return KpiResult(kpi, figure, also, settled, provisional=bool(counting.hearing.now < settled))


def _figure(counting: Counting, figure: Kpi | Figure) -> FigureResult:
    unheard = counting.unheard(figure.rules) if figure.kind == "rate" else ()
    missing = _missing(counting, figure)
    if unheard or missing:
        return FigureResult(None, "not available", missing, unheard)
    counted = FIGURES[figure.kind](counting, figure.given, figure.rules)
    smallest = counting.hearing.handbook.smallest
    return FigureResult(counted, judged(counted, figure.target, smallest))


def _missing(counting: Counting, figure: Kpi | Figure) -> tuple[str, ...]:
    """List the records a figure cannot do without and which were not handed in."""
    hearing = counting.hearing
    records = hearing.records
    if figure.kind == "rate":
        named = [r for rule in figure.rules for r in _needed(counting, rule, figure.given)]
        return tuple(dict.fromkeys(named))
    words = [
        w for key, v in figure.given.items() if key not in ("when", "unless") for w in listed(v)
    ]
    if figure.kind == "filled_share":
        # One form in hand is enough to say something.
        return () if any(word in records for word in words) else tuple(words)
    known = hearing.handbook.records_kept.keys() | hearing.handbook.forms.keys()
    named = [word.partition(".")[0] for word in words if "." in word]
    named = [name for name in named if name in known]
    moves = {move.id for move in hearing.handbook.parts.moves} if hearing.handbook.parts else set()
    for word in words:
        if word in hearing.handbook.events:
            named.append(EVENTS)
        elif word in moves:
            named.append(MOVES)
    return tuple(name for name in dict.fromkeys(named) if name not in records)


def _needed(counting: Counting, rule: str, given: Mapping[str, Given]) -> Sequence[str]:
    if counting.unheard((rule,)):
        return ()
    return counting.result(rule, given).missing
