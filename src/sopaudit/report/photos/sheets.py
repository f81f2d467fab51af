"""Photos, papers, and answers of several sources, as sheets of the report's workbook."""

from collections.abc import Iterator

from sopaudit.press.words import words
from sopaudit.report.model import InspectionReport
from sopaudit.report.workbook import Column, Page, Row


def evidence_pages(report: InspectionReport) -> Iterator[Page]:
    """Give those there is something to put on."""
    say = words(report.lang)
    table, photos, sources = say["table"], say["photos"], say["sources"]
    if report.album is not None:
        columns = (
            Column(photos["label"], 14), Column(table["id"], 18), Column(photos["case"], 24),
            Column(photos["taken"], 22), Column(photos["file"], 40), Column(table["digest"], 16),
            Column(photos["picture"], 34),
        )  # fmt: skip
        rows = tuple(
            Row(
                (one.label, one.items, one.cases, one.taken, one.file, one.digest, one.box),
                picture=one.picture,
                spoken=one.alt,
            )
            for one in report.album.everything
        )
        yield Page(say["workbook"]["photos"], columns, rows)
    if report.several:
        told = (
            Column(table["id"], 14), Column(sources["source"], 40), Column(table["at"], 18),
            Column(table["answer"], 16), Column(table["note"], 50),
            Column(sources["standing"], 20),
        )  # fmt: skip
        answers = tuple(
            Row((one.item, one.source, one.at, one.answer, one.note, one.standing))
            for one in report.several
        )
        yield Page(say["workbook"]["sources"], told, answers)
