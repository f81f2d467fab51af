"""`make demo` in a fresh copy: from what the auditor brought home to the report, once and again."""

import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
MONTH = "audits/2026-10-cd-month"
NEEDED = ("bin", "sops", "checklists", "pictures", "audits/2026-10-cd-desk", f"{MONTH}/filled")
STEPS = ("import", "tickets check", "parts check", "score", "report")
PHOTOS = 8
"""Of the phone; the workbook and Kobo brought none."""


def ran(place: Path) -> str:
    done = subprocess.run(
        ["bin/demo", MONTH],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def kept(place: Path) -> dict[str, bytes]:
    """Give all that stands in the audit, by path."""
    audit = place / MONTH
    return {p.relative_to(audit).as_posix(): p.read_bytes() for p in audit.rglob("*.*")}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("demo")
    for name in NEEDED:
        shutil.copytree(ROOT / name, here / name)
    for name in ("sopaudit.yaml", f"{MONTH}/audit.yaml", f"{MONTH}/sample.json"):
        shutil.copy(ROOT / name, here / name)
    (here / ".venv").symlink_to(ROOT / ".venv")
    return here


def test_it_goes_the_whole_way_and_a_second_time_changes_nothing(place: Path) -> None:
    told = ran(place)
    shown = [line for line in told.splitlines() if line.startswith("$ sopaudit ")]
    assert len(shown) == len(STEPS)
    for line, step in zip(shown, STEPS, strict=True):
        assert line.startswith(f"$ sopaudit {step} ")
    first = kept(place)
    assert sum(name.startswith("answers/") for name in first) == 9
    # Photos, two signatures, the index.
    assert sum(name.startswith("evidence/") for name in first) == PHOTOS + 2 + 1
    report = place / "reports/2026-10-cd-month.pdf"
    written = report.read_bytes()
    pages = PdfReader(report).pages
    sizes = {(x.image.size, x.name) for page in pages for x in page.images if x.image}
    assert sum(width > height for (width, height), _ in sizes) >= PHOTOS
    ran(place)
    assert kept(place) == first
    assert report.read_bytes() == written
