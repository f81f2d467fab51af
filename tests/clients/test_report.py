"""The sample report as outside programs see it: a browser, Poppler, qpdf."""

import re
import subprocess
from pathlib import Path

import pytest
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
SOPAUDIT = ROOT / ".venv" / "bin" / "sopaudit"
CHROMIUM = (
    "chromium",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def said(*words: str | Path) -> str:
    """Run a client to its end and give what it said; a client that fails fails the test."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the sample report as PDF and HTML."""
    folder = tmp_path_factory.mktemp("report")
    for kind in ("pdf", "html"):
        said(SOPAUDIT, "report", ROOT / "audits/2026-10-cd", "-o", folder / f"report.{kind}")
    return folder


def test_qpdf_finds_the_structure_sound(made: Path) -> None:
    assert "No syntax or stream encoding errors found" in said(
        "qpdf", "--check", made / "report.pdf"
    )


def test_poppler_sees_a_tagged_a4_document_in_chinese(made: Path) -> None:
    facts = said("pdfinfo", made / "report.pdf")
    assert re.search(r"Tagged:\s+yes", facts)
    assert re.search(r"Page size:\s+595\.\d+ x 841\.\d+ pts \(A4\)", facts)
    assert re.search(r"Title:\s+检查报告", facts)
    text = said("pdftotext", "-layout", made / "report.pdf", "-")
    assert "热线工程师" in text
    assert "□" not in text


def test_poppler_finds_every_font_embedded_and_ours(made: Path) -> None:
    lines = said("pdffonts", made / "report.pdf").splitlines()[2:]
    assert lines
    assert all("Sopaudit" in line for line in lines)
    assert all(re.search(r"\byes\s+yes\s+yes\b", line) for line in lines)


def test_no_page_is_empty(made: Path) -> None:
    pages = said("pdftotext", made / "report.pdf", "-").split("\f")[:-1]
    assert pages
    assert all(len(page.strip()) > 80 for page in pages)


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_a_browser_shows_the_html_without_sideways_scrolling(
    made: Path, tmp_path: Path, width: int
) -> None:
    # An inner frame is as wide as a phone, which a headless window may refuse to be. The report
    # itself forbids scripts, so the policy goes before the measuring one comes in.
    told = "<script>document.title = 'wide ' + document.documentElement.scrollWidth</script>"
    page = (made / "report.html").read_text(encoding="utf-8")
    page = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", page)
    page = page.replace("</body>", told + "</body>")
    frame = tmp_path / "frame.html"
    escaped = page.replace("&", "&amp;").replace('"', "&quot;")
    frame.write_text(
        f'<!doctype html><iframe id="f" width="{width}" height="800" style="border:0"'
        f' srcdoc="{escaped}"></iframe><script>f.onload = () => document.title ='
        " f.contentDocument.title</script>",
        encoding="utf-8",
    )
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    shown = said(*CHROMIUM, profile, "--virtual-time-budget=5000", "--dump-dom", frame.as_uri())
    found = re.search(r"<title>wide (\d+)</title>", shown)
    assert found is not None
    assert int(found[1]) <= width


def test_a_browser_prints_the_html_as_well(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "printed.pdf"
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    said(*CHROMIUM, profile, f"--print-to-pdf={out}", (made / "report.html").as_uri())
    ours = int(re.findall(r"Pages:\s+(\d+)", said("pdfinfo", made / "report.pdf"))[0])
    theirs = int(re.findall(r"Pages:\s+(\d+)", said("pdfinfo", out))[0])
    assert abs(ours - theirs) <= 4
    assert all(len(p.strip()) > 40 for p in said("pdftotext", out, "-").split("\f")[:-1])
