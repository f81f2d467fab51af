"""The pages of `coverage` and `diff` as a browser prints them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests/handbooks/tiny"
SOPAUDIT = ROOT / ".venv" / "bin" / "sopaudit"
CHROMIUM = (
    "chromium",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--no-pdf-header-footer",
)


def said(*words: str | Path) -> str:
    """Run a client to its end and give what it said; a client that fails fails the test."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def printed(html: Path) -> Path:
    pdf = html.with_suffix(".pdf")
    said(*CHROMIUM, f"--print-to-pdf={pdf}", html.as_uri())
    return pdf


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_matrix_prints_across_with_every_standard_and_its_marks(
    tmp_path: Path, lang: str
) -> None:
    page = tmp_path / "coverage.html"
    said(SOPAUDIT, "coverage", ROOT, "--lang", lang, "-o", page)
    pdf = printed(page)
    facts = said("pdfinfo", pdf)
    assert re.search(r"Page size:\s+841\.\d+ x 594\.\d+ pts", facts)
    text = said("pdftotext", "-layout", pdf, "-")
    standards = set(
        re.findall(r'<tr class="\S+" id="([A-Z]{3}-\d\d-\d)">', page.read_text("utf-8"))
    )
    assert len(standards) > 200
    assert standards <= set(re.findall(r"[A-Z]{3}-\d\d-\d", text))
    assert text.count("○") >= 9


def test_the_page_of_a_difference_prints_what_was_taken_out_and_put_in(tmp_path: Path) -> None:
    new = tmp_path / "new"
    shutil.copytree(TINY, new)
    post = new / "sops/posts/mec.yaml"
    post.write_text(post.read_text("utf-8").replace("不足 1 毫米", "不足 2 毫米"), "utf-8")
    page = tmp_path / "diff.html"
    said(SOPAUDIT, "diff", TINY, new, "-o", page)
    text = said("pdftotext", "-layout", printed(page), "-")
    assert "MEC-01-2" in text
    assert re.search(r"厚度不足\s*1\s*2\s*毫米", text)
