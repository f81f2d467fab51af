"""The bicycle workshop with all its registers, and its book in print."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from pypdf import PdfReader

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.press.pdf import Job, Printed, render
from sopaudit.report.handbook.book import book
from sopaudit.report.handbook.chart import charts
from sopaudit.report.handbook.model import Book
from sopaudit.report.handbook.page import book_html

HANDBOOKS: Final = Path(__file__).parents[2] / "handbooks"


@dataclass(frozen=True)
class Bound:
    """A book, its page and its print; each is made when it is first asked for."""

    handbook: Handbook
    book: Book

    @cached_property
    def html(self) -> str:
        """The page it is printed from."""
        return book_html(self.book)

    @cached_property
    def printed(self) -> Printed:
        """The print."""
        return render(Job(self.html, date(2026, 1, 1)))

    @cached_property
    def reader(self) -> PdfReader:
        """The print, to be read."""
        return PdfReader(BytesIO(self.printed.pdf))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What each page says."""
        return tuple(page.extract_text() for page in self.reader.pages)


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Handbook:
    folder = tmp_path_factory.mktemp("workshop")
    for part in ("tiny", "registers"):
        shutil.copytree(HANDBOOKS / part, folder, dirs_exist_ok=True)
    handbook, problems = load_handbook(folder)
    assert handbook is not None, problems
    return handbook


@pytest.fixture(scope="session")
def bound(workshop: Handbook) -> Callable[[str], Bound]:
    made: dict[str, Bound] = {}

    def bind(lang: str) -> Bound:
        """Make the book in `zh`, `en` or `both`, once."""
        languages = workshop.languages if lang == "both" else (lang,)
        if lang not in made:
            made[lang] = Bound(workshop, book(workshop, languages, charts(workshop, languages)))
        return made[lang]

    return bind
