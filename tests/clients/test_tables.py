"""Tables that went through LibreOffice: real .xls, .ods and .xlsx of another hand, one record."""

import subprocess
from pathlib import Path

import pytest
from tests.evidence.ugly import DAYS, FORTY, Ugly
from tests.patience import PATIENCE

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.mapping import read_mapping
from sopaudit.evidence.recording import records
from sopaudit.evidence.tables import read_tables

KITCHEN = Path(__file__).parents[1] / "evidence" / "kitchen"
BOOKS = [
    n
    for n, ugly in enumerate(FORTY)
    if any(word in ugly.sentence for word in ("workbook of", "numbers counted", "merged", "hidden"))
]


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    made, _ = load_handbook(KITCHEN)
    assert made is not None
    return made


def converted(folder: Path, kind: str) -> dict[int, Path]:
    """Let LibreOffice open each workbook and save it in another format."""
    made = {}
    for n in BOOKS:
        (folder / str(n)).mkdir()
        path = FORTY[n].make(folder / str(n))
        if path.suffix == ".xlsx":
            made[n] = path.rename(folder / f"{n}.xlsx")
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder / kind),
            *map(str, made.values()),
        ],
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    return {n: folder / kind / f"{n}.{kind}" for n in made}


def read(handbook: Handbook, ugly: Ugly, path: Path, folder: Path) -> tuple[object, object]:
    """Give the records of a table and its days."""
    (folder / "mapping.yaml").write_text(ugly.mapping, encoding="utf-8")
    mapping, _ = read_mapping(folder / "mapping.yaml")
    assert mapping is not None
    tables = read_tables(mapping, {"检查": path}, handbook)
    frames = list(tables)
    assert not tables.problems, [problem.text("en") for problem in tables.problems]
    days = {
        pair for frame in frames for pair in zip(frame.audits, frame.dates.tolist(), strict=True)
    }
    return {audit: records(handbook, frames, audit)["COOK"] for audit in DAYS}, days


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
def test_workbooks_saved_by_libreoffice_are_read_to_the_same_record(
    handbook: Handbook, tmp_path: Path, kind: str
) -> None:
    expected = read(handbook, FORTY[0], FORTY[0].make(tmp_path), tmp_path)
    books = converted(tmp_path, kind)
    assert len(books) >= 6
    for n, path in books.items():
        if kind == "ods" and "merged" in FORTY[n].sentence:
            continue  # calamine does not tell the merged cells of this format
        assert read(handbook, FORTY[n], path, tmp_path) == expected, FORTY[n].sentence


def test_an_old_workbook_may_be_called_a_new_one(handbook: Handbook, tmp_path: Path) -> None:
    expected = read(handbook, FORTY[0], FORTY[0].make(tmp_path), tmp_path)
    n, path = next(iter(converted(tmp_path, "xls").items()))
    for name in ("t.xlsx", "t.csv", "t.ods"):
        renamed = path.rename(tmp_path / name)
        assert read(handbook, FORTY[n], renamed, tmp_path) == expected
        path = renamed
