"""Key figures as text, as data and as a workbook; several offices or months side by side."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np

from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.kpi import Figure, Kpi, Target
from sopaudit.findings.figures.figure import Counted, FigureResult, KpiResult
from sopaudit.press.words import words
from sopaudit.report.derivation import shown
from sopaudit.report.exact import exact
from sopaudit.report.tickets.naming import Namer
from sopaudit.report.workbook import Column, Page, Row
from sopaudit.report.xlsx import About, book
from sopaudit.terminal import COLUMNS, GAP, fitting, padded, width, wrapped

SCHEMA: Final = "sopaudit.kpis/1"

_ID: Final = 4
_VALUE: Final = 9
_OVER: Final = 13
_TARGET: Final = 8
_STATE: Final = 7
"""Columns of each part of a line; the title has the rest."""

_PLACES: Final = 2
"""Decimals of a value that is no percentage, at most."""


@dataclass(frozen=True)
class Counts:
    """The key figures of one office and period."""

    handbook: Handbook
    word: str
    """What was asked for."""

    office: str
    """Its name, or the word where nobody says whose the records are."""

    first: str
    """Of the period; empty where nobody says."""

    last: str
    now: np.datetime64
    results: Sequence[KpiResult]


def kpi_text(told: Sequence[Counts], lang: str) -> str:
    """Tell them on a terminal of 80 columns, one office after the other."""
    return "\n".join("\n".join(_Teller(one, lang).lines()) + "\n" for one in told)


def kpi_json(told: Sequence[Counts]) -> str:
    """Write them as data: exact fractions as text, beside decimals to read."""
    offices = [
        {
            "subject": one.word,
            "office": one.office,
            "period": {"from": one.first or None, "to": one.last or None},
            "as_of": str(one.now.astype("datetime64[s]")).replace("T", " "),
            "smallest": exact(one.handbook.smallest),
            "kpis": [kpi_data(result) for result in one.results],
        }
        for one in told
    ]
    whole = {"schema": SCHEMA, "subjects": offices}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def kpi_xlsx(told: Sequence[Counts], lang: str) -> bytes:
    """Lay them out as a workbook: a line a figure and office, numerator and denominator apart."""
    title = words(lang, "kpi")["page"]["title"]
    table = words(lang, "kpi")["table"]
    columns = (
        Column(table["office"], 20),
        Column(table["id"], 8),
        Column(table["title"], 26),
        Column(table["value"], 12, number=True),
        Column(table["unit"], 12),
        Column(table["numerator"], 12, number=True),
        Column(table["denominator"], 12, number=True),
        Column(table["target"], 14),
        Column(table["state"], 12),
        Column(table["notes"], 44),
        Column(table["formula"], 50),
    )
    rows = tuple(row for one in told for row in _Teller(one, lang).rows())
    return book([Page(title, columns, rows)], About.plain(title, lang))


class FigureTeller:
    """Writes the value of a figure, what it is a share of, its target, and what to know of it."""

    def __init__(self, handbook: Handbook, lang: str) -> None:
        self.handbook = handbook
        self.lang = lang
        self.namer = Namer(handbook, lang)
        self.words = words(lang, "kpi")
        self.note = self.words["note"]
        self.smallest = plain(handbook.smallest or Fraction(0))

    def title(self, figure: Kpi | Figure) -> str:
        """Name a figure."""
        return self.handbook.say(figure.title, self.lang)

    def state(self, found: FigureResult) -> str:
        """Say how it is judged."""
        return self.words["state"][found.state]

    def joined(self, notes: Sequence[str]) -> str:
        """Put notes into one line."""
        return ("；" if self.lang == "zh" else "; ").join(notes)

    def told(self, figure: Kpi | Figure, found: FigureResult) -> str:
        """Write a value with its unit, unless that is the sign of the value itself."""
        value = self.value(found)
        share = found.counted is not None and found.counted.sort == "share"
        if value == "–" or share or figure.unit is None:
            return value
        return f"{value} {self.handbook.say(figure.unit, self.lang)}"

    def value(self, found: FigureResult) -> str:
        """Write a value in its unit; of too few cases none, because people would quote it."""
        counted = found.counted
        if counted is None or counted.value is None or found.state == "too few":
            return "–"
        if counted.sort == "share":
            return _percent(counted.value)
        return shown(counted.value, _PLACES)

    def over(self, found: FigureResult) -> str:
        """Write numerator and denominator, or of how many cases it is."""
        counted = found.counted
        if counted is None or counted.sort == "count":
            return ""
        if counted.sort == "share":
            part = counted.of or Fraction(0)
            told = f"{int(part):,}" if part.denominator == 1 else shown(part)
            return f"{told} / {counted.over:,}"
        return self.words["page"]["cases"].format(over=counted.over)

    def target(self, figure: Kpi | Figure) -> str:
        """Write the target."""
        target = figure.target
        return "" if target is None else _told(target, share=self._is_share(figure))

    def _is_share(self, figure: Kpi | Figure) -> bool:
        return figure.unit is not None and figure.unit.to(self.lang) == "%"

    def notes(self, figure: Kpi | Figure, found: FigureResult) -> Iterator[str]:
        """Say what is missing, left out or too few, one sentence each."""
        note, listed = self.note, "、" if self.lang == "zh" else ", "
        if found.missing:
            yield note["missing"].format(records=listed.join(map(self.namer.record, found.missing)))
        if found.unheard:
            yield note["unheard"].format(rules=listed.join(found.unheard))
        counted = found.counted
        if counted is None:
            return
        yield from self._others(figure, found, counted)
        if found.state == "too few":
            yield note["few"].format(smallest=self.smallest)
        for key in ("unknown", "pending"):
            if getattr(counted, key):
                yield note[key].format(number=getattr(counted, key))
        if counted.absent:
            yield note["absent"].format(records=listed.join(map(self.namer.record, counted.absent)))

    def _others(self, figure: Kpi | Figure, found: FigureResult, counted: Counted) -> Iterator[str]:
        unit = self.handbook.say(figure.unit, self.lang) if figure.unit else ""
        for key, value in counted.others:
            if value is None or found.state == "too few":
                continue
            if key in _IN_DAYS:
                yield self.note[key].format(days=shown(value, 0))
            else:
                told = " ".join(filter(None, (shown(value, _PLACES), unit)))
                yield self.note["at"].format(share=key, value=told)

    def late(self, result: KpiResult) -> list[str]:
        """Say where a figure may still change."""
        if result.figure.counted is None:
            return []
        if result.undated:
            return [self.note["undated"]]
        if result.provisional and result.settled is not None:
            return [self.note["provisional"].format(day=_day(result.settled))]
        return []


class _Teller(FigureTeller):
    def __init__(self, told: Counts, lang: str) -> None:
        super().__init__(told.handbook, lang)
        self.counts = told

    def lines(self) -> Iterator[str]:
        told, page = self.counts, self.words["page"]
        period = page["period"].format(first=told.first, last=told.last) if told.last else ""
        now = page["now"].format(day=_day(told.now))
        yield GAP.join(filter(None, (page["title"], told.office, period, now)))
        yield "─" * COLUMNS
        for result in told.results:
            yield from self._figure(result.kpi, result.figure, result.kpi.id, self.late(result))
            for figure, found in result.also:
                yield from self._figure(figure, found, "", [])
        yield ""
        states = [result.figure.state for result in told.results]
        met, missed = states.count("met"), states.count("missed")
        rest = len(states) - met - missed
        counts = {"met": met, "missed": missed, "rest": rest, "smallest": self.smallest}
        yield from wrapped(page["met"].format_map(counts), "")
        if any(r.figure.counted and r.figure.counted.sort == "percentile" for r in told.results):
            yield from wrapped(self.note["method"], "")

    def _figure(
        self, figure: Kpi | Figure, found: FigureResult, name: str, late: Sequence[str]
    ) -> Iterator[str]:
        room = COLUMNS - _ID - _VALUE - _OVER - _TARGET - _STATE - 5 * len(GAP)
        title = self.title(figure)
        if not name:
            title = f"  {title}"
        cells = (
            padded(name, _ID),
            padded(_short(title, room), room),
            padded(self.value(found), _VALUE, right=True),
            padded(self.over(found), _OVER),
            padded(self.target(figure), _TARGET, right=True),
            self.state(found),
        )
        yield GAP.join(cells).rstrip()
        notes = [*self.notes(figure, found), *late]
        if notes:
            yield from wrapped(self.joined(notes), " " * (_ID + len(GAP) + 2))

    def rows(self) -> Iterator[Row]:
        """Give the rows of the workbook."""
        for result in self.counts.results:
            late = self.late(result)
            formula = self.handbook.say(result.kpi.formula, self.lang)
            yield self._row(result.kpi, result.figure, result.kpi.id, formula, late)
            for figure, found in result.also:
                yield self._row(figure, found, result.kpi.id, "", [])

    def _row(
        self,
        figure: Kpi | Figure,
        found: FigureResult,
        name: str,
        formula: str,
        late: Sequence[str],
    ) -> Row:
        counted = found.counted
        value = self.value(found)
        share = counted is not None and counted.sort == "share"
        unit = self.handbook.say(figure.unit, self.lang) if figure.unit else ""
        notes = [*self.notes(figure, found), *late]
        return Row(
            (
                self.counts.office,
                name,
                self.handbook.say(figure.title, self.lang),
                "" if value == "–" else value.removesuffix("\u00a0%"),
                "%" if share else unit,
                shown(counted.of) if counted and counted.of is not None else "",
                str(counted.over) if counted and counted.sort != "count" else "",
                self.target(figure).replace("\u00a0", " "),
                self.state(found),
                self.joined(notes),
                formula,
            )
        )


_IN_DAYS: Final = ("oldest", "days_of_stock")
"""Further values that are lengths in days."""


def kpi_data(result: KpiResult) -> dict[str, Any]:
    """Write one figure and those beside it as data."""
    kpi = result.kpi
    return {
        "id": kpi.id,
        **_figure(kpi, result.figure),
        "provisional": result.provisional or result.undated,
        "settled_after": None if result.settled is None else _day(result.settled),
        "also": [
            {"title": figure.title.to("en"), **_figure(figure, found)}
            for figure, found in result.also
        ],
    }


def _figure(figure: Kpi | Figure, found: FigureResult) -> dict[str, Any]:
    counted = found.counted
    out: dict[str, Any] = {"kind": figure.kind, "state": found.state}
    if counted is None:
        return out | {"missing": list(found.missing), "unheard": list(found.unheard)}
    target = figure.target.model_dump(exclude_none=True) if figure.target else {}
    return out | {
        "value": exact(counted.value),
        "decimal": None if counted.value is None else shown(counted.value, 4),
        "numerator": exact(counted.of),
        "denominator": None if counted.sort == "count" else counted.over,
        "unknown": counted.unknown,
        "pending": counted.pending,
        "others": {key: exact(value) for key, value in counted.others},
        "target": {key: exact(value) for key, value in target.items()},
    }


def _told(target: Target, *, share: bool) -> str:
    bounds = (
        ("≥", target.at_least), ("≤", target.at_most), (">", target.above), ("<", target.below),
    )  # fmt: skip
    said = [
        f"{sign}{_percent(bound, 2) if share else plain(bound)}"
        for sign, bound in bounds
        if bound is not None
    ]
    return " ".join(said)


def _percent(value: Fraction, places: int = 1) -> str:
    """Write a share as a percentage; one that is not all or nothing is never rounded to it."""
    text = shown(value * 100, places)
    if value < 1 and text == "100":
        text = "99.9"
    if value > 0 and text == "0":
        text = "<0.1"
    return f"{text}\u00a0%"


def _day(at: np.datetime64) -> str:
    return str(at.astype("datetime64[D]"))


def _short(text: str, columns: int) -> str:
    return text if width(text) <= columns else fitting(text, columns - 1).rstrip() + "…"
