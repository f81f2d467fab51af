"""A count beside the book: as text of 80 columns, as a table, as a workbook, as data."""

import csv
import json
from collections.abc import Iterator
from fractions import Fraction
from io import StringIO
from typing import Final

from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.counting.variance import Side, Variance, Variances
from sopaudit.findings.custody.accuracy import Accuracy
from sopaudit.findings.rules.case import CONFORMING, NONCONFORMING, VERDICTS
from sopaudit.press.words import words
from sopaudit.report.derivation import shown
from sopaudit.report.exact import exact
from sopaudit.report.tickets.naming import Namer
from sopaudit.report.workbook import Column, Page, Row
from sopaudit.report.xlsx import About, book
from sopaudit.terminal import COLUMNS, GAP, fitting, hanging, padded, width, wrapped

SCHEMA: Final = "sopaudit.variance/1"

CSV_COLUMNS: Final = (
    "count_id", "at", "site", "location", "part_no", "serial", "class", "book", "counted",
    "difference", "share", "unit_price", "value", "allowed", "verdict", "counter", "checker",
    "remark",
)  # fmt: skip

_MINUS: Final = "−"
"""As in all numbers people read."""

_WIDTHS: Final = (8, 8, 12, 6, 7, 6, 7, 9)
"""Columns of the table on a terminal, but for its last one."""


def count_text(handbook: Handbook, told: Variances, lang: str) -> str:
    """Tell it on a terminal."""
    return "\n".join(_Teller(handbook, told, lang).lines()) + "\n"


def count_xlsx(handbook: Handbook, told: Variances, lang: str) -> bytes:
    """Lay it out as a workbook: the summary, and a line a line counted."""
    teller = _Teller(handbook, told, lang)
    title = f"{teller.say['title']} {told.taken.blank.id}"
    return book(teller.pages(), About.plain(title, lang, told.taken.blank.as_of))


def count_csv(told: Variances) -> bytes:
    """Write one line a line counted: UTF-8 with its mark, so that a double click opens it."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    taken = told.taken
    for row in told.rows:
        writer.writerow(
            [
                taken.blank.id, taken.at, taken.blank.stock.site, row.location, row.part_no,
                row.serial, row.class_, _or_blank(row.book), plain(row.counted),
                _or_blank(row.difference), _or_blank(row.share), _or_blank(row.price),
                _or_blank(row.value), told.allowed(row), VERDICTS[row.verdict], taken.counter,
                taken.checker, row.remark,
            ]
        )  # fmt: skip
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def count_json(told: Variances) -> str:
    """Write it as data; numbers are exact, as texts."""
    taken = told.taken
    whole = {
        "schema": SCHEMA,
        "count": taken.blank.id,
        "site": taken.blank.stock.site,
        "as_of": taken.blank.as_of.isoformat(),
        "at": taken.at,
        "counter": taken.counter,
        "checker": taken.checker,
        "rule": told.rule,
        "start": taken.blank.asked.start,
        "ledger": taken.blank.stock.digest,
        "accuracy": _accuracy(told.accuracy),
        "serialised": _accuracy(told.of_serials),
        "exact": told.exact,
        "unknown": len(told.unknown),
        "plus": _side(told.plus),
        "minus": _side(told.minus),
        "uncounted": [
            {"location": line.location, "part_no": line.part_no} for line in taken.uncounted
        ],
        "lines": [_line(told, row) for row in told.rows],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _line(told: Variances, row: Variance) -> dict[str, str | None]:
    return {
        "location": row.location,
        "part_no": row.part_no,
        "serial": row.serial or None,
        "class": row.class_ or None,
        "book": None if row.book is None else plain(row.book),
        "counted": plain(row.counted),
        "first": None if row.first is None else plain(row.first),
        "difference": None if row.difference is None else plain(row.difference),
        "share": exact(row.share),
        "unit_price": None if row.price is None else plain(row.price),
        "value": None if row.value is None else plain(row.value),
        "allowed": told.allowed(row) or None,
        "verdict": VERDICTS[row.verdict],
        "remark": row.remark or None,
    }


def _accuracy(of: Accuracy) -> dict[str, int | str | None]:
    share = exact(of.share)
    return {"right": of.right, "counted": of.counted, "share": share}


def _side(of: Side) -> dict[str, int | str]:
    told = {"number": plain(of.number), "value": plain(of.value)}
    return {"lines": of.lines, **told, "unpriced": of.unpriced}


def _or_blank(number: Fraction | None) -> str:
    return "" if number is None else plain(number)


class _Teller:
    def __init__(self, handbook: Handbook, told: Variances, lang: str) -> None:
        self.told = told
        self.lang = lang
        self.say = words(lang, "count")["result"]
        self.table = words(lang, "count")["table"]
        self.namer = Namer(handbook, lang)
        known = handbook.offices.get(told.taken.blank.stock.site)
        site = told.taken.blank.stock.site
        self.office = handbook.say(known.title, lang) if known else site

    # --- the summary ---------------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        yield GAP.join((self.say["title"], self.office, self.told.taken.blank.id))
        yield "─" * COLUMNS
        for line in self.summary():
            yield from wrapped(line, "")
        if self.told.rows:
            yield ""
            yield from self._differing()

    def summary(self) -> Iterator[str]:
        told, say, taken = self.told, self.say, self.told.taken
        people = {"counter": taken.counter, "checker": taken.checker}
        names = {name: self.namer.person(staff) or "–" for name, staff in people.items()}
        yield say["who"].format(**names, at=taken.at or "–")
        if taken.at and taken.at[:10] != taken.blank.as_of.isoformat():
            day = {"as_of": taken.blank.as_of.isoformat(), "day": taken.at[:10]}
            yield say["other_day"].format(**day)
        yield say["counted"].format(lines=f"{len(told.rows):,}", exact=f"{told.exact:,}")
        yield say["accuracy"].format(**self._share(told.accuracy), rule=self.namer.rule(told.rule))
        if told.of_serials.counted:
            yield say["of_serials"].format(**self._share(told.of_serials))
        for side in ("plus", "minus"):
            yield self._side(side, getattr(told, side))
        yield say["apart"]
        if told.bookless:
            yield say["bookless"].format(n=told.bookless)
        if len(told.unknown) > told.bookless:
            yield say["unknown"].format(n=len(told.unknown) - told.bookless)
        if taken.uncounted:
            between = "、" if self.lang == "zh" else ", "
            named = between.join(f"{x.location} {x.part_no}".strip() for x in taken.uncounted)
            yield say["uncounted"].format(n=len(taken.uncounted), lines=named)

    def _share(self, of: Accuracy) -> dict[str, str]:
        share = self.say["nothing"] if of.share is None else self._percent(of.share)
        return {"share": share, "right": f"{of.right:,}", "counted": f"{of.counted:,}"}

    def _side(self, name: str, side: Side) -> str:
        told = {"number": plain(side.number), "value": _money(side.value)}
        said = self.say[name].format(lines=f"{side.lines:,}", **told)
        if not side.unpriced:
            return said
        between = "，" if self.lang == "zh" else ", "
        return said + between + self.say["unpriced"].format(n=side.unpriced)

    @staticmethod
    def _percent(share: Fraction) -> str:
        return f"{shown(share * 100)} %"

    # --- the lines -----------------------------------------------------------------------------

    def _differing(self) -> Iterator[str]:
        rows = [row for row in self.told.rows if row.difference or row.verdict != CONFORMING]
        if not rows:
            yield self.say["none"]
            return
        yield self.say["differing"]
        names = ("location", "part_no", "serial", "book", "counted", "difference", "share", "value")
        yield self._laid([self.table[name] for name in (*names, "verdict")])
        for row in rows:
            share = "" if row.share is None else f"{shown(row.share * 100)}%"
            value = "" if row.value is None else _money(row.value, sign="+")
            book, off = _or_blank(row.book), _signed(row.difference)
            numbers = (book, plain(row.counted), off, share, value)
            name = row.serial or row.title
            yield self._laid([row.location, row.part_no, name, *numbers, self._verdict(row)])
            remarks = [row.remark, self._recounted(row)]
            for remark in filter(None, remarks):
                yield from hanging(remark, "  ")

    def _recounted(self, row: Variance) -> str:
        return "" if row.first is None else self.say["recounted"].format(first=plain(row.first))

    def _verdict(self, row: Variance) -> str:
        named = {CONFORMING: "right", NONCONFORMING: "wrong"}
        return self.say[named.get(row.verdict, "unsaid")]

    @staticmethod
    def _laid(cells: list[str]) -> str:
        """Lay cells side by side; texts to the left and cut, numbers to the right and whole."""
        told = []
        for n, (cell, room) in enumerate(zip(cells, _WIDTHS, strict=False)):
            text = fitting(cell, room - 1) + "…" if n < 3 and width(cell) > room else cell  # noqa: PLR2004 -- the first three are texts
            told.append(padded(text, room, right=n >= 3))  # noqa: PLR2004 -- for the same reason
        return " ".join([*told, cells[-1]]).rstrip()

    # --- as a workbook -------------------------------------------------------------------------

    def pages(self) -> Iterator[Page]:
        head = f"{self.say['title']}  {self.office}  {self.told.taken.blank.id}"
        rows = (Row((head,), "heading"), *(Row((line,), "line") for line in self.summary()))
        yield Page(self.say["summary"], (Column("", 60), Column("", 40)), rows, listed=False)
        columns = tuple(
            Column(self.table[name], room, number=number)
            for name, room, number in (
                ("location", 10, False), ("part_no", 12, False), ("title", 16, False),
                ("serial", 20, False), ("class", 6, False), ("book", 8, True),
                ("counted", 8, True), ("difference", 8, False), ("share", 10, False),
                ("price", 10, True), ("value", 12, False), ("allowed", 8, False),
                ("verdict", 10, False), ("remark", 30, False),
            )
        )  # fmt: skip
        yield Page(self.say["variances"], columns, tuple(map(self._row, self.told.rows)))

    def _row(self, row: Variance) -> Row:
        share = "" if row.share is None else self._percent(row.share)
        value = "" if row.value is None else _money(row.value, sign="+")
        remark = " ".join(filter(None, (row.remark, self._recounted(row))))
        return Row(
            (
                row.location, row.part_no, row.title, row.serial, row.class_,
                _or_blank(row.book), plain(row.counted), _signed(row.difference), share,
                _or_blank(row.price), value, self.told.allowed(row), self._verdict(row), remark,
            )
        )  # fmt: skip


def _signed(number: Fraction | None) -> str:
    if number is None:
        return ""
    return ("+" if number > 0 else "") + plain(number).replace("-", _MINUS)


def _money(value: Fraction, sign: str = "") -> str:
    """Write an amount to the cent, halves up."""
    cents = int(abs(value) * 100 + Fraction(1, 2))
    before = _MINUS if value < 0 else sign if value > 0 else ""
    return f"{before}{cents // 100:,}.{cents % 100:02d}"
