"""What stands on the sheets of the report's workbook: rows of text, one sheet for each question."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sopaudit.press.words import Words, words
from sopaudit.report.before.model import Previous
from sopaudit.report.fact import Fact
from sopaudit.report.model import (
    CaseRow,
    FindingCard,
    InspectionReport,
    LimitNote,
    Result,
    Sheet,
    StandardRow,
)

Kind = Literal["row", "header", "heading", "line", "to fill"]


@dataclass(frozen=True)
class Row:
    """A row of a page; a heading or a line goes over all its columns, a header names them anew."""

    cells: tuple[str, ...]
    kind: Kind = "row"
    picture: str = ""
    """Stands in the last cell, as a data address."""

    spoken: str = ""
    """That picture in words."""


@dataclass(frozen=True)
class Column:
    """A column of a page."""

    title: str
    width: int
    """In characters; a Chinese one counts twice."""

    number: bool = False
    """What is a number stands as one, so that it can be sorted and added up."""


@dataclass(frozen=True)
class Page:
    """A sheet of the workbook."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    listed: bool = True
    """One thing a row, below a header that can be filtered; else it is read like a page."""


def pages(report: InspectionReport) -> Iterator[Page]:
    """Lay a report out on sheets; one that has nothing to say is left out."""
    layout = _Layout(report, words(report.lang))
    for page in layout.pages():
        if page.rows:
            yield page


class _Layout:
    def __init__(self, report: InspectionReport, say: Words) -> None:
        self.report = report
        self.say = say
        self.table = say["table"]
        self.between = say["note"]["between"]

    def pages(self) -> Iterator[Page]:
        titles, report = self.say["workbook"], self.report
        yield self._page(titles["summary"], (("", 26), ("", 100)), self._summary(), listed=False)
        yield Page(titles["scores"], self._score_columns(), tuple(self._scores()), listed=False)
        if report.previous:
            yield self._page(
                self.say["chapter"]["previous"],
                (("", 44), ("", 18), ("", 18), ("", 50)),
                self._previous(report.previous),
                listed=False,
            )
        yield self._findings(titles["nonconformities"])
        yield self._contradictions(titles["contradictions"])
        yield self._remarks(titles["remarks"])
        yield self._actions(titles["actions"])
        yield self._items(titles["all_items"])
        yield self._proofs(titles["proof"])
        yield self._records(titles["records"])
        yield self._offences(titles["offences"])
        yield self._samples(titles["samples"])
        yield self._editions(titles["editions"])

    def _page(
        self,
        title: str,
        columns: Iterable[tuple[str, int]],
        rows: Iterable[Row],
        *,
        listed: bool = True,
    ) -> Page:
        return Page(title, tuple(Column(*column) for column in columns), tuple(rows), listed)

    def _summary(self) -> Iterator[Row]:
        report, summary = self.report, self.say["summary"]
        yield Row(
            (" – ".join(t for t in (report.organisation, report.heading, report.subject) if t),),
            "heading",
        )
        if report.notice:
            yield Row((report.notice,), "line")
        letterhead = report.letterhead
        if letterhead.number:
            yield Row((self.say["page"]["document"], letterhead.number))
        if letterhead.confidentiality:
            yield Row((self.say["page"]["confidentiality"], letterhead.confidentiality))
        yield from _facts(report.facts)
        if report.headline:
            yield Row((summary["score"], self._score(report.headline)))
            yield Row((summary["grade"], self._grade(report.headline)))
            if not report.headline.sound and report.headline.state_note:
                yield Row((report.headline.state_note,), "line")
            yield from _facts(report.headline.scope)
        if report.judged or report.number:
            yield Row((summary["counts"], self._joined((str(report.number), report.counts))))
        previous = report.previous
        before = previous.summary if previous and previous.findings else ""
        yield from (Row((told,), "line") for told in (before, report.contradicted) if told)
        yield from self._block(summary["gaps"], [(gap.title, gap.text) for gap in report.gaps])
        yield from self._block(
            summary["limits"], [(limit.title, _limit(limit)) for limit in report.limits]
        )
        key = [
            (
                _spaced((card.item, card.severity_title)),
                _spaced((card.brief, card.lost, card.repeated)),
            )
            for card in report.key
        ]
        yield from self._block(summary["key"], key)
        if report.more:
            yield Row((report.more,), "line")
        elif report.judged and not key:
            yield Row((summary["none"],), "line")
        yield from self._block(summary["good"], [(row.item, row.text) for row in report.praised])
        terms = [(fact.label, fact.value) for fact in report.due]
        yield from self._block(self.say["workbook"]["terms"], terms)
        overview = [(fact.label, fact.value) for fact in report.overview]
        yield from self._block(self.say["chapter"]["overview"], overview)
        people = [
            (row.role, _spaced((row.name if report.named else "", row.staff, row.signed)))
            for row in report.people
        ]
        yield from self._block(self.say["workbook"]["people"], people)
        yield from self._said(self.table["sampled"], report.samples_note)

    def _block(self, title: str, rows: Sequence[tuple[str, str]]) -> Iterator[Row]:
        if rows:
            yield Row((title,), "heading")
            yield from map(Row, rows)

    def _said(self, title: str, text: str) -> Iterator[Row]:
        if text:
            yield Row((title,), "heading")
            yield Row((text,), "line")

    def _score(self, result: Result) -> str:
        return self._joined((result.score, result.out_of, result.error, result.state))

    def _grade(self, result: Result) -> str:
        return self._joined(
            (_spaced((result.grade, result.grade_title)), result.band, result.pending)
        )

    def _joined(self, texts: Iterable[str]) -> str:
        return self.between.join(text for text in texts if text)

    def _score_columns(self) -> tuple[Column, ...]:
        table, summary = self.table, self.say["summary"]
        return (
            Column(table["checklist"], 40),
            Column(table["score"], 16, number=True),
            Column("", 26),
            Column(table["grade"], 24),
            Column(summary["weight"], 10, number=True),
            Column(table["counted"], 12),
            Column(table["share"], 12),
        )

    def _scores(self) -> Iterator[Row]:
        report = self.report
        if report.headline and report.results:
            yield self._scored(report.headline)
        for sheet in report.sheets:
            yield self._scored(sheet.result)
        for sheet in report.sheets:
            yield from self._sheet(sheet)
        if report.overall:
            title = _spaced((report.overall_number, self.say["chapter"]["overall"]))
            yield Row((title,), "heading")
            notes = (
                (report.headline.reach_note, report.headline.picked_note) if report.headline else ()
            )
            yield from (Row((line,), "line") for line in (*report.overall, *filter(None, notes)))

    def _scored(self, result: Result) -> Row:
        grade = self._joined((self._grade(result), result.state if not result.sound else ""))
        most = self._joined((result.out_of, result.error))
        return Row((result.title, result.score, most, grade, result.weight, "", ""))

    def _sheet(self, sheet: Sheet) -> Iterator[Row]:
        result = sheet.result
        yield Row((_spaced((sheet.number, result.title)),), "heading")
        yield Row((self._joined(_spaced((f.label, f.value)) for f in sheet.facts),), "line")
        if not result.sound and result.state_note:
            yield Row((result.state_note,), "line")
        for note in filter(None, (result.reach_note, result.picked_note)):
            yield Row((note,), "line")
        for limit in result.limits:
            yield Row((f"{limit.title} {_limit(limit)}",), "line")
        for section in sheet.sections:
            share = section.percent
            cells = (section.title, section.points, "", "", section.weight, section.counted, share)
            yield Row(cells)
        yield from (Row((line,), "line") for line in sheet.derivation)

    def _previous(self, previous: Previous) -> Iterator[Row]:
        said, table = self.say["previous"], self.table
        for fact in (*previous.facts, *previous.counts):
            yield Row((fact.label, fact.value, "", ""))
        for note in previous.notes:
            yield Row((note,), "line")
        yield Row((said["scores"],), "heading")
        yield Row((table["checklist"], said["before"], said["now"], said["difference"]), "header")
        for row in previous.scores:
            before, now = _spaced((row.before, row.before_grade)), _spaced((row.now, row.now_grade))
            yield Row((row.title, before, now, _spaced((row.difference, row.note))))
        if previous.findings:
            yield Row((said["findings"],), "heading")
            yield Row((said["then"], table["id"], said["outcome"], said["found"]), "header")
        for told in previous.findings:
            name = _spaced((told.item, told.severity_title))
            yield Row((told.statement, name, told.outcome_title, told.now))
        if previous.item_counts:
            yield Row((said["item_by_item"],), "heading")
            yield Row((previous.items_note,), "line")
            counts = [_spaced((fact.label, fact.value)) for fact in previous.item_counts]
            yield Row((self._joined(counts),), "line")
            header = (table["question"], said["before"], said["now"], said["difference"])
            yield Row(header, "header")
        for one in previous.item_changes:
            known, asked = one.before, _spaced((one.item, one.question))
            then, now = _spaced((known.answer, known.points)), _spaced((one.answer, one.points))
            yield Row((asked, then, now, known.title))

    def _findings(self, title: str) -> Page:
        table, finding = self.table, self.say["finding"]
        columns = (
            (table["id"], 12), (self.say["workbook"]["severity"], 9),
            (self.say["workbook"]["post"], 14), (table["question"], 28),
            (finding["criterion"], 32), (finding["evidence"], 44), (finding["judgement"], 36),
        )  # fmt: skip
        cards = (card for group in self.report.groups for card in group.findings)
        return self._page(title, columns, map(self._finding, cards))

    def _finding(self, card: FindingCard) -> Row:
        cases = map(_case, card.cases)
        photos = " ".join(photo.label for photo in card.photos)
        evidence = (card.note, *cases, card.more_cases, card.evidence, photos)
        return Row(
            (
                card.item,
                _lines((card.severity_title, card.repeated)),
                _lines((card.post, card.section)),
                card.question,
                _lines(map(_standard, card.standards)),
                _lines(evidence),
                _lines((self._joined(card.verdict), card.lost, self._before(card), *card.why)),
            )
        )

    def _before(self, card: FindingCard) -> str:
        """Say what the previous audit found there."""
        if card.before is None:
            return ""
        told = _spaced((card.before.answer, card.before.points, card.before.title))
        return self.say["previous"]["at_item"].format(told=told)

    def _remarks(self, title: str) -> Page:
        table, chapter = self.table, self.say["chapter"]
        columns = (
            (self.say["workbook"]["kind"], 20), (table["id"], 14),
            (self.say["workbook"]["post"], 20), (table["note"], 90),
        )  # fmt: skip
        kinds = (
            (chapter["good"], self.report.good),
            (chapter["observations"], self.report.observations),
        )
        rows = [Row((kind, row.item, row.post, row.text)) for kind, rows in kinds for row in rows]
        return self._page(title, columns, rows)

    def _actions(self, title: str) -> Page:
        table = self.table
        columns = (
            (table["id"], 12), (self.say["workbook"]["severity"], 9),
            (self.say["workbook"]["post"], 14), (table["finding"], 36),
            (table["cause"], 26), (table["measure"], 34), (table["owner"], 12), (table["due"], 13),
        )  # fmt: skip
        room = ("", "", "")
        rows = (
            Row(
                (r.item, _lines((r.severity_title, r.repeated)), r.post, r.statement, *room, r.due),
                "to fill",
            )
            for r in self.report.actions
        )
        return self._page(title, columns, rows)

    def _items(self, title: str) -> Page:
        table = self.table
        points = list(dict.fromkeys(sheet.points_label for sheet in self.report.sheets))
        columns = (
            (table["checklist"], 20), (table["section"], 16), (table["id"], 13),
            (table["question"], 46), (table["answer"], 14), (" / ".join(points), 13),
            (table["sampled"], 24), (table["note"], 34),
        )  # fmt: skip
        said, then = self.say["previous"], self.report.previous is not None
        then_columns = ((said["before"], 14), (said["points"], 13), (said["difference"], 12))
        rows = (row for s in self.report.sheets for row in _rows(s, then=then))
        return self._page(title, (*columns, *(then_columns if then else ())), rows)

    def _proofs(self, title: str) -> Page:
        """Tell how the scores came about, in the order of the page, which is no list to sort."""
        table, rows = self.table, []
        for sheet in self.report.proofs:
            rows += [Row((sheet.title,), "heading"), Row((sheet.scheme,), "line")]
            for row in sheet.rows:
                cells = (row.label, _lines(row.how), row.figure, _lines(row.words))
                rows.append(Row(cells))
        columns = (
            (table["id"], 30),
            (table["how"], 70),
            (table["number"], 26),
            (table["word"], 44),
        )
        return self._page(title, columns, rows, listed=False)

    def _contradictions(self, title: str) -> Page:
        table = self.table
        columns = (
            (table["id"], 16), (table["question"], 40), (table["own"], 44),
            (table["records"], 34), (table["cases"], 60),
        )  # fmt: skip
        rows = (
            Row((r.name, r.title, r.said, r.found, _lines((*map(_case, r.cases), r.more))))
            for r in self.report.contradictions
        )
        return self._page(title, columns, rows)

    def _records(self, title: str) -> Page:
        table = self.table
        columns = (
            (table["id"], 16), (table["rule"], 60), (table["records"], 40), (table["own"], 16),
            (table["counts"], 30),
        )  # fmt: skip
        rows = [
            Row((r.item, _lines(r.rules), r.found, r.own, r.standing)) for r in self.report.records
        ]
        rows += [Row((f.label, f.value, "", "", "")) for f in self.report.records_facts if rows]
        return self._page(title, columns, rows)

    def _offences(self, title: str) -> Page:
        """List every case in the records that does not conform, whatever the page names."""
        table = self.table
        columns = (
            (table["id"], 14), (table["rule"], 10), (table["ticket"], 18), (table["type"], 16),
            (table["rows"], 16), (table["found"], 20), (table["expected"], 24),
            (table["person"], 14), (table["at"], 20), (table["late"], 18),
        )  # fmt: skip
        rows = (
            Row(
                (
                    r.item, r.rule, r.case, r.type, r.rows, r.found, r.expected,
                    _spaced((r.person if self.report.named else "", r.staff)), r.at, r.late,
                )
            )
            for r in self.report.offences
        )  # fmt: skip
        return self._page(title, columns, rows)

    def _samples(self, title: str) -> Page:
        table = self.table
        columns = (
            (table["id"], 14),
            (table["drawn"], 10),
            (table["population"], 10),
            (table["start"], 14),
            (table["cases"], 70),
            (table["sampled"], 50),
        )
        rows = (
            Row((r.item, r.drawn, r.population, r.start, r.cases, r.told))
            for r in self.report.samples
        )
        return self._page(title, columns, rows)

    def _editions(self, title: str) -> Page:
        table = self.table
        columns = (
            (table["document"], 16), (table["title"], 40), (table["id"], 14),
            (table["edition"], 12), (table["digest"], 74),
        )  # fmt: skip
        rows = (Row((r.kind, r.title, r.id, r.edition, r.digest)) for r in self.report.editions)
        return self._page(title, columns, rows)


def _rows(sheet: Sheet, *, then: bool) -> Iterator[Row]:
    """Give all items; each says its section, because a table can be sorted.

    With `then` three more cells tell what the previous audit found.
    """
    reasons = {left.id: left.reason for left in sheet.left_out}
    section = ""
    for row in sheet.rows:
        section = row.section or section
        note = _lines((reasons.get(row.id, ""), row.note))
        cells = (sheet.result.title, section, row.id, row.question, row.answer, row.points)
        known = row.before
        before = (known.answer, known.points, known.title) if known else ("", "", "")
        yield Row((*cells, row.sampled, note, *(before if then else ())))


def _case(case: CaseRow) -> str:
    return _spaced((case.id, case.person, case.answer, case.note))


def _facts(facts: Iterable[Fact]) -> Iterator[Row]:
    return (Row((fact.label, fact.value)) for fact in facts)


def _limit(limit: LimitNote) -> str:
    return _spaced((limit.effect, limit.items))


def _standard(standard: StandardRow) -> str:
    return _spaced((standard.id, standard.text, f"{standard.limit}{standard.source}"))


def _spaced(texts: Iterable[str]) -> str:
    return " ".join(text for text in texts if text)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)
