"""The month with filled sheets: no command that reads its records after the import warns."""

import json
import shutil
from pathlib import Path
from typing import Final

import pytest

from sopaudit.cli import main, stop

ROOT: Final = Path(__file__).parents[2]
NAME: Final = "2026-10-cd-month"
RUNS: Final = (
    ("score", "{audit}"),
    ("whatif", "{audit}", "--to", "A"),
    ("explain", "{audit}", "CK-HTL-B2"),
    ("sheet", "{audit}", "--filled", "--to", "html", "-o", "form.html"),
    ("report", "{audit}", "--for", "circulation", "--format", "html", "-o", "copy.html"),
    ("freeze", "{audit}"),
    ("export", "{audit}", "--to", "xccdf", "-o", "month.xml"),
)


def run(patch: pytest.MonkeyPatch, *words: str) -> int:
    patch.setattr("sys.argv", ["sopaudit", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out the handbook with the audit, the one before it, and the records of its systems."""
    place = tmp_path_factory.mktemp("branch")
    for name in ("checklists", "sops", "pictures"):
        shutil.copytree(ROOT / name, place / name)
    shutil.copy(ROOT / "sopaudit.yaml", place)
    for name in (NAME, "2026-07-cd"):
        shutil.copytree(ROOT / "audits" / name, place / "audits" / name)
    for name in ("answers", "evidence", "journal", "frozen", "data"):
        shutil.rmtree(place / "audits" / NAME / name, ignore_errors=True)
    shutil.copytree(ROOT / "audits/2026-10-cd-desk/data", place / "audits" / NAME / "data")
    return place


def test_a_record_with_times_goes_the_whole_way(
    branch: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(branch)
    audit = f"audits/{NAME}"
    sheets = sorted(path.as_posix() for path in Path(audit, "filled").iterdir())
    assert run(monkeypatch, "import", *sheets, "--into", audit) == stop.CLEAN
    records = [json.loads(path.read_bytes()) for path in Path(audit, "answers").iterdir()]
    assert any(source.get("at") for record in records for source in record["sources"])
    for words in RUNS:
        ended = run(monkeypatch, *(word.format(audit=audit) for word in words))
        assert ended == stop.CLEAN, (words, capfd.readouterr().err)
    names = [s["drawn"]["file"] for r in records for s in r["signatures"] if s.get("drawn")]
    assert names
    page = Path("copy.html").read_text("utf-8")
    assert not [name for name in names if name in page]
