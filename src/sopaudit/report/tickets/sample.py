"""A draw of tickets: as text, as a table, as a workbook, and as the record that is kept of it."""

import csv
import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import StringIO
from typing import Any, Final

from sopaudit.criteria.drawing import Sampling
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.drawn import SCHEMA, Drawn
from sopaudit.findings.draw import ALGORITHM, Draw, Size, draw
from sopaudit.findings.population import population
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.press.words import words
from sopaudit.report.derivation import shown
from sopaudit.report.tickets.naming import Namer
from sopaudit.report.workbook import Column, Page, Row
from sopaudit.report.xlsx import About, book
from sopaudit.terminal import COLUMNS, GAP, hanging, padded, width, wrapped

_NUMBERS: Final = 9
"""Columns of a number of tickets."""


def drawn_of(told: Draw, sampling: Sampling, office: str) -> Drawn:
    """Give the record of a draw."""
    size: dict[str, Any] = {"number": str(told.size.number)}
    if told.size.plan:
        size["plan"] = told.size.plan
    else:
        size |= {"minimum": str(sampling.minimum), "rate": str(sampling.rate)}
    if told.size.accept is not None:
        size["accept"] = str(told.size.accept)
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "algorithm": ALGORITHM,
        "start": told.seed,
        "population": str(len(told.population.rest)),
        "digest": told.population.digest,
        "size": size,
        "by": list(sampling.by),
        "strata": [
            {"values": list(one.values), "tickets": str(one.size), "drawn": list(one.drawn)}
            for one in told.strata
        ],
        "from_all": told.whole,
        "always": [*sampling.always, *sampling.failing],
        "certain": [
            {"ticket": one.ticket, "why": list(one.why)} for one in told.population.certain
        ],
        "unheard": list(told.population.unheard),
        "unsettled": {name: str(n) for name, n in told.population.unsettled.items()},
    }
    if office:
        record["office"] = office
    return Drawn.model_validate(record)


def redrawn(hearing: Hearing, sampling: Sampling, told: Drawn) -> Drawn:
    """Draw again with the start number, strata and size of a record."""
    size = Size(told.size.number, told.size.plan or "", told.size.accept)
    tickets = population(hearing, sampling)
    number = min(size.number, len(tickets.rest))
    anew = draw(tickets, Size(number, size.plan, size.accept), told.start)
    found = drawn_of(anew, sampling, told.office or "")
    # Why so many were drawn is the record's own business; how they were drawn is looked at.
    return found.model_copy(update={"size": told.size, "algorithm": ALGORITHM})


def compared(told: Drawn, anew: Drawn, lang: str) -> tuple[list[str], bool]:
    """Tell whether a record is what is drawn now, and if not, in what it differs."""
    say = words(lang, "draw")["check"]
    if told == anew:
        counts = {"number": len(told.drawn), "certain": len(told.certain)}
        return [say["same"].format(start=told.start, **counts)], True
    lines = [say["other"]]
    if told.digest != anew.digest or told.population != anew.population:
        lines += wrapped(say["records"].format(then=told.population, now=anew.population), "")
    then, now = set(told.drawn), set(anew.drawn)
    sure = {one.ticket for one in told.certain} ^ {one.ticket for one in anew.certain}
    for key, tickets in (("not_now", then - now), ("not_then", now - then), ("certain", sure)):
        if tickets:
            lines += hanging(say[key].format(tickets=" ".join(sorted(tickets))), "")
    if len(lines) == 1:
        lines.append(say["details"])
    return lines, False


def sample_json(told: Drawn) -> str:
    """Write the record: numbers as numbers, rates as exact fractions."""
    data = told.model_dump(mode="python", by_alias=True, exclude_none=True)
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def sample_csv(told: Drawn) -> bytes:
    """Write one line a ticket: UTF-8 with its mark, so that a double click opens it rightly."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    fields = [field.partition(".")[2] for field in told.by]
    writer.writerow(["ticket_no", "chosen", "why", *fields, "stratum_size", "stratum_drawn"])
    for stratum in told.strata:
        counts = (stratum.tickets, len(stratum.drawn))
        for ticket in stratum.drawn:
            writer.writerow([ticket, "drawn", "", *stratum.values, *counts])
    for one in told.certain:
        writer.writerow([one.ticket, "always", " ".join(one.why), *("" for _ in fields), "", ""])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def sample_text(handbook: Handbook, told: Drawn, lang: str, asked: str) -> str:
    """Tell a draw on a terminal of 80 columns; `asked` are the words that draw it again."""
    return "\n".join(_Teller(handbook, told, lang).lines(asked)) + "\n"


def sample_xlsx(handbook: Handbook, told: Drawn, lang: str) -> bytes:
    """Lay a draw out as a workbook: a line a ticket, and the strata."""
    teller = _Teller(handbook, told, lang)
    title = " ".join(filter(None, (teller.page["title"], teller.office)))
    return book(teller.pages(), About.plain(title, lang))


class _Teller:
    def __init__(self, handbook: Handbook, told: Drawn, lang: str) -> None:
        self.handbook = handbook
        self.told = told
        self.lang = lang
        self.namer = Namer(handbook, lang)
        self.words = words(lang, "draw")
        self.page = self.words["page"]
        known = handbook.offices.get(told.office or "")
        self.office = handbook.say(known.title, lang) if known else told.office or ""

    def lines(self, asked: str) -> Iterator[str]:
        told, page = self.told, self.page
        yield GAP.join(filter(None, (page["title"], self.office)))
        yield "─" * COLUMNS
        yield page["start"].format(start=told.start)
        for line in self._counts():
            yield from wrapped(line, "")
        yield ""
        yield from self._strata()
        yield ""
        yield page["chosen"].format(number=len(told.drawn))
        yield from _columns(told.drawn)
        if told.certain:
            yield ""
            yield page["certain"].format(number=len(told.certain))
            room = max(width(one.ticket) for one in told.certain)
            for one in told.certain:
                yield from hanging(f"{padded(one.ticket, room)}{GAP}{self._why(one.why)}", "  ")
        yield ""
        yield page["how"]
        yield page["again"].format(asked=asked)

    def _counts(self) -> Iterator[str]:
        told, page = self.told, self.page
        yield page["counts"].format(
            all=told.population + len(told.certain),
            certain=len(told.certain),
            population=told.population,
            number=len(told.drawn),
        )
        if told.size.plan:
            plans = self.handbook.sampling.plans if self.handbook.sampling else ()
            title = next((p.title for p in plans if p.id == told.size.plan), None)
            said = self.handbook.say(title, self.lang) if title else ""
            yield page["by_plan"].format(plan=told.size.plan, title=said)
            if told.size.accept is not None:
                yield page["accept"].format(accept=told.size.accept)
        elif told.size.rate:
            rate = f"{shown(Fraction(told.size.rate) * 100)} %"
            yield page["by_rate"].format(rate=rate, minimum=told.size.minimum or 0)
        if told.from_all:
            yield page["from_all"]
        if told.unheard:
            yield page["unheard"].format(rules=self._listed(told.unheard))
        for name, number in told.unsettled.items():
            yield page["unsettled"].format(reason=self.namer.reason(name), number=number)

    def _strata(self) -> Iterator[str]:
        by = self.namer.joined(self.namer.field(field) for field in self.told.by)
        names = [self._stratum(one.values) for one in self.told.strata]
        head = self.page["stratum"].format(by=by) if by else self.page["strata"]
        room = COLUMNS - 2 * (_NUMBERS + len(GAP))
        titles = (self.page["tickets"], self.page["drawn"])
        yield padded(head, room) + "".join(GAP + padded(t, _NUMBERS, right=True) for t in titles)
        for name, one in zip(names, self.told.strata, strict=True):
            numbers = (f"{one.tickets:,}", f"{len(one.drawn):,}")
            cells = "".join(GAP + padded(n, _NUMBERS, right=True) for n in numbers)
            yield padded(f"  {name}", room) + cells

    def _stratum(self, values: Sequence[str]) -> str:
        told = [
            self.namer.value(field, value)
            for field, value in zip(self.told.by, values, strict=True)
            if value
        ]
        if not self.told.by:
            return self.page["everything"]
        return self.namer.joined(told) if told else self.page["nothing"]

    def _why(self, names: Sequence[str]) -> str:
        return self._listed([self.namer.reason(name) for name in names])

    def _listed(self, names: Sequence[str]) -> str:
        return ("；" if self.lang == "zh" else "; ").join(names)

    def pages(self) -> Iterator[Page]:
        table, told = self.words["table"], self.told
        fields = [Column(self.namer.field(field), 18) for field in told.by]
        rows = [
            Row((ticket, table["drawn"], "", *self._spoken(stratum.values)))
            for stratum in told.strata
            for ticket in stratum.drawn
        ]
        empty = ("",) * len(fields)
        rows += [
            Row((one.ticket, table["always"], self._why(one.why), *empty)) for one in told.certain
        ]
        columns = (Column(table["ticket"], 20), Column(table["how"], 14), Column(table["why"], 36))
        yield Page(self.page["title"], (*columns, *fields), tuple(rows))
        numbers = (
            Column(table["tickets"], 12, number=True),
            Column(table["number"], 12, number=True),
            Column(table["weight"], 16, number=True),
        )
        strata = tuple(
            Row(
                (
                    *self._spoken(one.values),
                    str(one.tickets),
                    str(len(one.drawn)),
                    shown(Fraction(one.tickets, len(one.drawn))) if one.drawn else "",
                )
            )
            for one in told.strata
        )
        yield Page(self.page["strata"], (*fields, *numbers), strata)
        lines = (self.page["start"].format(start=told.start), *self._counts(), self.page["how"])
        about = (Column("", 100),)
        yield Page(
            self.words["check"]["again"], about, tuple(Row((line,)) for line in lines), listed=False
        )

    def _spoken(self, values: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            self.namer.value(field, value)
            for field, value in zip(self.told.by, values, strict=True)
        )


def _columns(tickets: Sequence[str]) -> Iterator[str]:
    """Lay ticket numbers out side by side."""
    room = max(map(width, tickets), default=0) + len(GAP)
    many = max(1, (COLUMNS - 2) // max(room, 1))
    for n in range(0, len(tickets), many):
        yield "  " + "".join(padded(one, room) for one in tickets[n : n + many]).rstrip()
