"""The workbook as LibreOffice sees it."""

import csv
import subprocess
from pathlib import Path

import pytest
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
SOPAUDIT = ROOT / ".venv" / "bin" / "sopaudit"


def said(*words: str | Path) -> str:
    """Run a client to its end and give what it said; a client that fails fails the test."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the workbook of the sample report, and have LibreOffice read it."""
    folder = tmp_path_factory.mktemp("workbook")
    book = folder / "report.xlsx"
    said(SOPAUDIT, "report", ROOT / "audits/2026-10-cd", "-o", book)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    for kind in ("pdf", every_sheet):
        said("soffice", profile, "--headless", "--convert-to", kind, "--outdir", folder, book)
    return folder


def test_libreoffice_reads_every_sheet(made: Path) -> None:
    names = {file.stem.removeprefix("report-") for file in made.glob("*.csv")}
    assert {"摘要", "得分", "不符合项", "整改要求", "全部检查项", "抽样", "版本"} <= names
    with (made / "report-得分.csv").open(encoding="utf-8", newline="") as file:
        rows = {row[0]: row[1] for row in csv.reader(file)}
    shown = said("pdftotext", "-layout", made / "report.pdf", "-")
    score = next(line for line in shown.splitlines() if "办事处综合评定" in line)
    # The number, and on paper with the decimals of the page.
    assert f" {float(rows['办事处综合评定']):.1f}" in score


def test_it_prints_on_a4_landscape_and_no_page_is_empty(made: Path) -> None:
    assert "841.89 x 595.304 pts (A4)" in said("pdfinfo", made / "report.pdf")
    pages = said("pdftotext", made / "report.pdf", "-").split("\f")[:-1]
    assert all(len(page.strip()) > 30 for page in pages)
