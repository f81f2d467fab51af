"""`sopaudit sheet`: a form is a file or a folder; what a sheet cannot do is said beside it."""

import json
import shutil
from pathlib import Path
from typing import Final

import pytest
from tests.sheets.counter import kitchen

from sopaudit.cli import main
from sopaudit.terminal import COLUMNS, width

TINY = Path(__file__).parents[1] / "handbooks/tiny"


def run(*words: str, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    patch.setattr("sys.argv", ["sopaudit", "sheet", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    told = capsys.readouterr()
    assert (int(ended.value.code or 0), told.err) == (0, "")
    return told.out


def test_a_form_is_a_file_or_a_folder_as_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    words = ("CK-MEC", "--to", "html", "--on", "2026-11-06")
    out = run(*words, patch=monkeypatch, capsys=capsys)
    assert out == "CK-MEC.html\n"
    assert "技师检查表" in Path("CK-MEC.html").read_text("utf-8")
    out = run(*words, "--lang", "en", "-o", "phone", patch=monkeypatch, capsys=capsys)
    assert out == "phone/index.html\n"
    names = {path.name for path in Path("phone").iterdir()}
    assert names == {"index.html", "manifest.webmanifest", "sw.js", "icon.svg"}
    manifest = json.loads(Path("phone/manifest.webmanifest").read_text("utf-8"))
    assert manifest["name"] == "Checklist for the mechanic"
    assert manifest["icons"][0]["src"] in names
    assert "%DIGEST%" not in Path("phone/sw.js").read_text("utf-8")


def test_a_sheet_goes_into_a_folder_that_is_there_and_never_lacks_its_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    Path("out").mkdir()
    for to, where, place in (
        ("xlsx", "out", "out/CK-MEC.xlsx"),
        ("xlsform", "out/", "out/CK-MEC.xlsform.xlsx"),
        ("xlsx", "blank", "blank.xlsx"),
        ("xlsx", "blank.of.mine", "blank.of.mine"),
    ):
        words = ("CK-MEC", "--to", to, "-o", where)
        assert run(*words, patch=monkeypatch, capsys=capsys) == f"{place}\n"
        assert Path(place).read_bytes()[:2] == b"PK"


FINAL: Final = {"zh": "已经定稿", "en": "is final"}
EMPTY: Final = {"zh": "不带已有的答案", "en": "without the answers"}


@pytest.mark.parametrize("to", ["xlsx", "xlsform"])
def test_what_a_sheet_cannot_do_is_said_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], to: str
) -> None:
    """Nothing goes into a final audit, and a form for ODK holds no answers; both are written."""
    audit = kitchen(tmp_path) / "audit.yaml"
    monkeypatch.chdir(tmp_path)
    words = ("audits/a", "--to", to, "--filled")
    empty = [EMPTY] if to == "xlsform" else []
    for state, lang in (("draft", "zh"), ("final", "zh"), ("final", "en")):
        told = [one[lang] for one in (empty if state == "draft" else [FINAL, *empty])]
        kept = audit.read_text("utf-8").replace("state: draft\n", "")
        audit.write_text(f"{kept}state: {state}\n", encoding="utf-8")
        monkeypatch.setattr("sys.argv", ["sopaudit", "sheet", *words, "--lang", lang])
        with pytest.raises(SystemExit) as ended:
            main.main()
        said = capsys.readouterr()
        assert int(ended.value.code or 0) == 0
        assert len(said.err.splitlines()) == len(told), said.err
        assert all(word in said.err for word in told)
        assert max(map(width, said.err.splitlines()), default=0) <= COLUMNS
        assert Path(said.out.strip()).is_file()
