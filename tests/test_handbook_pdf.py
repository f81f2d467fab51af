"""The committed book is what the program makes of the handbook today.

A PDF carries a digest of the page it was printed from as its identifier, so neither printing it
again nor comparing pages is needed. When one of these fails, run `make handbook`, look at the
pages, and commit reports/ with the change.
"""

from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject

from sopaudit.criteria.handbook import load_handbook
from sopaudit.press.pdf import Job, identifier
from sopaudit.report.handbook.book import book
from sopaudit.report.handbook.chart import charts
from sopaudit.report.handbook.model import Book
from sopaudit.report.handbook.page import book_html

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def today() -> Book:
    handbook, problems = load_handbook(ROOT)
    assert handbook is not None, problems
    return book(handbook, ("zh",), charts(handbook, ("zh",)))


@pytest.fixture(scope="module")
def kept() -> PdfReader:
    return PdfReader(ROOT / "reports" / "handbook.zh.pdf")


def test_it_was_printed_from_the_page_of_today(today: Book, kept: PdfReader) -> None:
    told = kept.trailer["/ID"]
    assert isinstance(told, ArrayObject)
    assert told[0].original_bytes == identifier(Job(book_html(today), date.min))


def test_it_is_complete(today: Book, kept: PdfReader) -> None:
    assert len(kept.pages) > 60
    assert kept.metadata is not None
    assert kept.metadata.title == today.title[0]
    assert {"HTL-01-1", "CK-ADM-V1", "AC-46", "PR-34", "K-23", "F5"} <= set(today.anchors)
