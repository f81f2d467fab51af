"""Checked tickets as a workbook: deviations, rules, and the ways tickets went."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice

import pandas as pd

from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.checked import BigChecked, Checked
from sopaudit.findings.conformance.result import STATES
from sopaudit.findings.deviation import COLUMNS
from sopaudit.press.words import words
from sopaudit.report.checked.text import percent
from sopaudit.report.workbook import Column, Page, Row
from sopaudit.report.xlsx import About, book

_MOST = 1_000_000
"""A sheet holds so many rows and a few more."""

_WIDTHS = {"id": 18, "ticket": 18, "rows": 18, "expected": 34, "found": 30, "at": 20, "type": 16}


def checked_book(checked: Checked | BigChecked, handbook: Handbook, lang: str) -> bytes:
    """Write the workbook; of a big log without its deviations, which no sheet could hold."""
    said = words(lang, "tickets")
    sheets = [page for page in _pages(checked, handbook, lang) if page.rows]
    return book(sheets, About.plain(said["book"]["title"], lang))


def _pages(checked: Checked | BigChecked, handbook: Handbook, lang: str) -> Iterator[Page]:
    said = words(lang, "tickets")
    names, check = said["book"], said["check"]
    if isinstance(checked, Checked):
        columns = tuple(Column(names[n], _WIDTHS.get(n, 12)) for n in COLUMNS)
        rows = tuple(_deviations(checked.deviations, said["types"]))
        yield Page(names["deviations"], columns, rows)
    titles = (("rule", 10), ("title", 44), ("wrong", 12), ("cases", 12), ("rate", 10))
    rules = tuple(_rules(checked, handbook, lang))
    columns = tuple(Column(check[n], wide, n in {"wrong", "cases"}) for n, wide in titles)
    columns += (Column(check["unknown"], 12, number=True), Column(check["unheard"], 24))
    yield Page(check["rules"], columns, rules)
    variants = checked.conformance.variants if checked.conformance is not None else ()
    columns = (
        Column(names["tickets"], 10, number=True),
        Column(names["cost_short"], 10, number=True),
        Column(names["state"], 16),
        Column(names["way"], 110),
    )
    yield Page(
        names["ways"],
        columns,
        tuple(
            Row((
                str(one.tickets),
                str(one.cost),
                check[STATES[one.state].replace(" ", "_")],
                " → ".join(one.events),
            ))
            for one in islice(variants, _MOST)
        ),
    )  # fmt: skip


def _deviations(frame: pd.DataFrame, types: Mapping[str, str]) -> Iterator[Row]:
    columns = [frame[name].tolist()[:_MOST] for name in COLUMNS]
    place = COLUMNS.index("type")
    for cells in zip(*columns, strict=True):
        yield Row((*cells[:place], types[cells[place]], *cells[place + 1 :]))


def _rules(checked: Checked | BigChecked, handbook: Handbook, lang: str) -> Iterator[Row]:
    for result in checked.rules.values():
        counts = result.counts()
        wrong, of = counts["nonconforming"], counts["nonconforming"] + counts["conforming"]
        yield Row((
            result.rule.id,
            handbook.say(result.rule.title, lang),
            str(wrong),
            str(of),
            percent(Fraction(wrong, of)) if of else "",
            str(counts["unknown"]),
            " ".join(result.missing),
        ))  # fmt: skip
