"""The committed report is what the program makes of the sample audit today.

When one of these fails, run `make demo`, look at the pages, and commit reports/ with the change.
"""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from sopaudit.cli.examined import Asked, Evidence, Examined
from sopaudit.cli.printing import printed

ROOT = Path(__file__).parents[1]
REPORT = "2026-10-cd"


@pytest.fixture(scope="module")
def examined() -> Examined:
    asked = Asked([str(ROOT / "audits" / REPORT)], (), None, ROOT, None)
    return next(iter(Evidence(asked).examined()))


@pytest.fixture(scope="module")
def fresh(examined: Examined) -> PdfReader:
    """Print the report now."""
    ((_, content),) = printed([examined], "zh", "pdf")
    return PdfReader(io.BytesIO(content))


@pytest.fixture(scope="module")
def kept() -> PdfReader:
    return PdfReader(ROOT / "reports" / f"{REPORT}.pdf")


def test_the_sample_audit_has_no_problems(examined: Examined) -> None:
    assert examined.problems == ()


@pytest.mark.parametrize("kind", ["html", "json"])
def test_model_and_result_are_the_committed_ones(examined: Examined, kind: str) -> None:
    ((name, content),) = printed([examined], "zh", kind)
    assert content.decode() == (ROOT / "reports" / name).read_text(encoding="utf-8")


def test_the_pdf_has_as_many_pages(kept: PdfReader, fresh: PdfReader) -> None:
    assert len(kept.pages) == len(fresh.pages)


def test_every_page_says_the_same(kept: PdfReader, fresh: PdfReader) -> None:
    assert [p.extract_text() for p in kept.pages] == [p.extract_text() for p in fresh.pages]


def test_the_same_files_are_attached(kept: PdfReader, fresh: PdfReader) -> None:
    assert set(kept.attachments) >= {"CK-HTL.json", "CK-HTL.checklist.yaml", "post.scheme.yaml"}
    assert set(kept.attachments) == set(fresh.attachments)
    assert all(kept.attachments[name] == fresh.attachments[name] for name in kept.attachments)


def test_what_is_attached_is_what_was_answered(kept: PdfReader) -> None:
    for name in ("CK-HTL.json", "CK-COO.json"):
        written = (ROOT / "audits" / REPORT / "answers" / name).read_bytes()
        assert kept.attachments[name] == [written]
