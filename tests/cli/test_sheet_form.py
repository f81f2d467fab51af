"""`sopaudit sheet --to html`: one file, or a folder for an address."""

import json
import shutil
from pathlib import Path

import pytest

from sopaudit.cli import main

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
