"""The gallery of photos: each code has a sample that causes exactly it, and its text beside it.

A sample is read as loose photos, or each of its files as evidence (`keep`), or as a contact sheet
that `run.toml` says how to fill in; the audit is the small one of these tests.
"""

import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from tests.evidence.photo_samples import photo
from tests.sheets.filling import saved_again, typed
from tests.sheets.photos.conftest import CHINA

from sopaudit.evidence.photos import PhotoError, keep
from sopaudit.problems import LANGUAGES, Place, Problem, catalogue
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Shot
from sopaudit.sheets.photos import back
from sopaudit.sheets.photos.contact import contact_sheet

ERRORS: Final = Path(__file__).parents[2] / "errors"
CODES: Final = [f"F{number:03}" for number in range(80, 100) if f"F{number:03}" in catalogue()]


def problems_of(run: dict[str, Any], blank: Blank) -> list[Problem]:
    """Read the current folder the way `run` says."""
    if "keep" in run:
        return list(_refused(Path(run["keep"])))
    if "contact" in run:
        _contact(run["contact"], blank)
    return back.read(Path(run["read"]), blank, CHINA)[1]


def _refused(path: Path) -> list[Problem]:
    try:
        keep(path.name, path.read_bytes(), place=False)
    except PhotoError as error:
        return [Problem(Place(path.as_posix()), error.code, error.values)]
    return []


def _contact(run: dict[str, Any], blank: Blank) -> None:
    """Write a contact sheet of one photo of the audit, and fill it in."""
    assert blank.folder is not None
    kept = keep("a", photo(), place=False)
    path = blank.folder.folder / "evidence" / f"{kept.sha256}.jpg"
    path.write_bytes(kept.content)
    shot = Shot("mmexport1793928612345.jpg", path.read_bytes, Place(""))
    sheet = typed(contact_sheet([shot], blank, "zh"), {"D4": run["item"]})
    if "number" in run:
        sheet = saved_again(
            sheet,
            lambda name, rows: (
                [*rows[:3], [run["number"], *rows[3][1:]]] if name == "照片清单" else rows
            ),
        )
    if run.get("gone"):
        path.unlink()
    Path("contact.xlsx").write_bytes(sheet)


@pytest.mark.parametrize("code", CODES)
def test_a_sample_causes_exactly_its_own_problem(
    code: str,
    tmp_path: Path,
    blank: Blank,
    golden: Callable[[Path, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sample = ERRORS / code
    run: dict[str, Any] = tomllib.loads((sample / "run.toml").read_text("utf-8"))
    here = tmp_path / "here"
    shutil.copytree(sample, here, ignore=shutil.ignore_patterns("expected.*", "run.toml"))
    monkeypatch.chdir(here)
    for name, megabytes in run.get("padded", {}).items():
        Path(name).write_bytes(photo() + bytes(megabytes << 20))
    for folder, number in run.get("copies", {}).items():
        Path(folder).mkdir()
        for n in range(number):
            (Path(folder) / f"{n}.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    for name, target in run.get("links", {}).items():
        Path(name).symlink_to(target)
    if "without" in run:
        monkeypatch.setitem(sys.modules, run["without"], None)
    problems = problems_of(run, blank)
    assert [problem.code for problem in problems] == [code]
    for lang in LANGUAGES:
        text = "".join(problem.text(lang) + "\n" for problem in problems)
        golden(sample / f"expected.{lang}.txt", text)


def test_every_code_of_photos_has_a_sample() -> None:
    samples = {folder.name for folder in ERRORS.iterdir() if folder.name[:3] in {"F08", "F09"}}
    assert samples == set(CODES)
