"""The book as another program reads it: every id can be found, every post hangs on two pages."""

import re
import subprocess
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import load_handbook
from sopaudit.criteria.mending import STAND_IN
from sopaudit.press.pdf import Job, render
from sopaudit.report.handbook.book import book, post_book
from sopaudit.report.handbook.chart import charts
from sopaudit.report.handbook.page import book_html, poster_html

ROOT = Path(__file__).parents[2]


def poppler(program: str, *words: str) -> str:
    done = subprocess.run([program, *words], capture_output=True, encoding="utf-8", check=True)
    return done.stdout


@pytest.fixture(scope="module", params=["zh", "both"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_id_is_found_and_the_book_is_whole(lang: str, tmp_path: Path) -> None:
    handbook, problems = load_handbook(ROOT)
    assert handbook is not None, problems
    languages = handbook.languages if lang == "both" else (lang,)
    made = book(handbook, languages, charts(handbook, languages))
    html = book_html(made)
    printed = render(Job(html, handbook.document.issued_on))  # type: ignore[union-attr,arg-type]
    assert printed.complaints == ()
    assert printed.uncovered == ()
    assert STAND_IN not in html
    file = tmp_path / "book.pdf"
    file.write_bytes(printed.pdf)
    said = "".join(poppler("pdftotext", "-layout", str(file), "-").split())
    named = {name for name in made.anchors if re.search(r"\d", name)}
    named |= {*handbook.posts, *handbook.forms, *handbook.tables, *handbook.codes}
    named |= {*handbook.records_kept, *handbook.events}
    assert len(named) > 700
    assert sorted(name for name in named if name not in said) == []
    pages = poppler("pdftotext", str(file), "-").split("\f")[:-1]
    filled = [sum(not sign.isspace() for sign in page) for page in pages]
    assert min(filled) > 100, filled


def test_every_post_hangs_on_one_or_two_upright_pages(tmp_path: Path) -> None:
    handbook, problems = load_handbook(ROOT)
    assert handbook is not None, problems
    assert len(handbook.posts) == 9
    for post in handbook.posts:
        for told in ("zh", "en"):
            sheet = post_book(handbook, post, (told,))
            printed = render(Job(poster_html(sheet), handbook.document.issued_on))  # type: ignore[union-attr,arg-type]
            assert printed.complaints == ()
            file = tmp_path / f"{post}.{told}.pdf"
            file.write_bytes(printed.pdf)
            facts = poppler("pdfinfo", str(file))
            assert re.search(r"Pages:\s+[12]\n", facts), (post, told, facts)
            assert "595.276 x 841.89 pts (A4)" in facts
