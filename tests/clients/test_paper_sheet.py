"""Checklists on paper, as a scanner sees them: the code of every page is read back."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from tests.patience import PATIENCE

from sopaudit.criteria.handbook import load_handbook

ROOT = Path(__file__).parents[2]
SOPAUDIT = ROOT / ".venv" / "bin" / "sopaudit"
CHECKLISTS = ("CK-HTL", "CK-COO")
FOOT = re.compile(r"(CK-HTL|CK-COO)\s.*?(?:第 (\d+) 页，共 \d+ 页|Page (\d+) of \d+)")
"""The foot of a page, as it is printed."""


def said(*words: str | Path) -> str:
    """Run a client to its end and give what it said; a client that fails fails the test."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr, "nothing is complained of"
    return done.stdout


def scanned(pdf: Path, dots: int) -> list[np.ndarray]:
    """Scan a paper in grey, page by page."""
    said("pdftoppm", "-gray", "-r", str(dots), pdf, pdf.with_suffix(""))
    return [grey(page) for page in sorted(pdf.parent.glob(f"{pdf.stem}-*.pgm"))]


def grey(page: Path) -> np.ndarray:
    """Read a picture of grey dots (PGM)."""
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", page.read_bytes())
    assert head is not None
    width, height = int(head[1]), int(head[2])
    return np.frombuffer(page.read_bytes()[head.end() :], np.uint8).reshape(height, width)


def codes(pdf: Path, dots: int) -> list[str]:
    """Read the one code of every page."""
    found = [zxingcpp.read_barcodes(page) for page in scanned(pdf, dots)]
    assert all(len(page) == 1 for page in found)
    return [page[0].text for page in found]


def expected(pdf: Path, audit: str) -> list[str]:
    """Say what the codes should be, from the handbook and what is printed at the foot of pages."""
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    marks = []
    for page in said("pdftotext", "-layout", pdf, "-").split("\f")[:-1]:
        name, *numbers = FOOT.findall(page)[-1]
        edition, digest = handbook.checklists[name].edition, handbook.digests[name]
        named = f"{name}@{edition}:{digest.removeprefix('sha256:')[:8]}"
        marks.append(f"SA1:{audit}:{named}:{''.join(numbers)}")
    return marks


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    """Copy the handbook with the audit of October, and draw tickets for it."""
    for name in ("sops", "checklists", "pictures", "audits/2026-07-cd", "audits/2026-10-cd"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "sopaudit.yaml", tmp_path)
    tickets = [f"CD-2610{day:02}-{day % 7 + 1:03}" for day in range(8, 30)]
    told = {
        "schema": "sopaudit.sample/1", "algorithm": "sopaudit.sample/1", "start": "20261104",
        "office": "CD", "population": 312, "digest": "sha256:" + "a" * 64,
        "size": {"number": len(tickets)}, "by": [],
        "strata": [{"values": [], "tickets": 312, "drawn": tickets}],
    }  # fmt: skip
    folder = tmp_path / "audits/2026-10-cd"
    (folder / "sample.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


def sheet(pdf: Path, *words: str | Path) -> Path:
    """Print a sheet."""
    said(SOPAUDIT, "sheet", *words, "--to", "pdf", "-o", pdf)
    return pdf


def test_every_page_of_an_audit_is_known_by_its_code(audit: Path, tmp_path: Path) -> None:
    pdf = sheet(tmp_path / "a.pdf", audit)
    read = codes(pdf, 200)
    assert len(read) == len(set(read)) > 10
    assert read == expected(pdf, "2026-10-cd")
    assert "CD-261029-002" in said("pdftotext", "-layout", pdf, "-")


def test_so_is_one_with_answers_and_it_is_the_same_on_every_run(
    audit: Path, tmp_path: Path
) -> None:
    asked = (audit, "--filled", "--checklist", "CK-HTL", "--lang", "en")
    pdf = sheet(tmp_path / "a.pdf", *asked)
    assert codes(pdf, 150) == expected(pdf, "2026-10-cd")
    assert pdf.read_bytes() == sheet(tmp_path / "b.pdf", *asked).read_bytes()


def test_a_sheet_of_no_audit_is_known_even_from_a_poor_scan(tmp_path: Path) -> None:
    pdf = sheet(tmp_path / "c.pdf", *CHECKLISTS, "--handbook", ROOT)
    read = codes(pdf, 100)
    assert read == expected(pdf, "")
    said("qpdf", "--check", pdf)
