"""`sopaudit freeze`: an audit keeps the handbook of then, and scores alike ever after."""

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sopaudit.cli import main
from sopaudit.cli.examined import PINS

KITCHEN = Path(__file__).parents[1] / "evidence" / "kitchen"
SCHEME = "checklists/schemes/words.yaml"
LIFT = "checklists/lift.yaml"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Stand in the kitchen, committed to git; its record pins the scheme too."""
    shutil.copytree(KITCHEN, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    pinned()
    git("init", "-q")
    commit()

    def ran(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["sopaudit", *words])
        with pytest.raises(SystemExit) as ended:
            main.main()
        told = capsysbinary.readouterr()
        return int(ended.value.code or 0), told.out.decode(), told.err.decode()

    return ran


def git(*words: str) -> str:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    person = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run(["git", *person, *words], check=True, capture_output=True, env=env)
    return done.stdout.decode().strip()


def commit() -> str:
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    return git("rev-parse", "--short=7", "HEAD")


def pinned() -> None:
    from sopaudit.reading.events import read

    path = Path("audits/a/answers/COOK.json")
    record = json.loads(path.read_text(encoding="utf-8"))
    digest = read(Path(SCHEME), SCHEME).digest
    record["checklist"]["scheme"] = {"id": "words", "edition": "1", "digest": digest}
    path.write_text(json.dumps(record), encoding="utf-8")


def change(name: str, old: str, new: str) -> None:
    path = Path(name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_frozen_audit_scores_as_before_whatever_becomes_of_the_handbook(run: Run) -> None:
    before = run("score", "audits/a")
    assert before[0] == 0
    code, out, _ = run("freeze", "a")
    assert (code, out) == (0, "audits/a/frozen  COOK 30\n")
    change("checklists/cook.yaml", 'edition: "1"', 'edition: "2"')
    change("checklists/cook.yaml", "points: 5", "points: 7")
    assert run("score", "audits/a") == before
    listed = json.loads(Path("audits/a/frozen/frozen.json").read_text(encoding="utf-8"))
    assert listed["schema"] == "sopaudit.frozen/1"
    assert {"sopaudit.yaml", SCHEME, "checklists/cook.yaml"} <= set(listed["files"])
    assert listed["scores"][0]["exact"] == "30"


def test_another_edition_is_refused_and_the_way_out_works(run: Run) -> None:
    before, old = run("score", "audits/a")[1], commit_of("HEAD")
    change(SCHEME, 'edition: "1"', 'edition: "2"')
    commit()
    code, out, err = run("score", "audits/a", "--lang", "en")
    assert code == 1
    assert "COOK" not in out
    way = f"sopaudit freeze audits/a --from {old}"
    assert "A016" in err
    assert way in err
    assert f"sopaudit diff {old} --replay audits/a" in err
    assert run("report", "audits/a", "-o", "r.json")[0] == 1
    assert not Path("r.json").exists()
    assert run("explain", "audits/a")[0] == 1
    code, out, _ = run(*way.split()[1:])
    assert (code, out) == (0, "audits/a/frozen  COOK 30\n")
    assert run("score", "audits/a")[:2] == (0, before)
    assert json.loads(Path("audits/a/frozen/frozen.json").read_text())["from"] == old


def commit_of(word: str) -> str:
    return git("rev-parse", "--short=7", word)


def test_the_newest_revision_that_has_all_of_it_is_named(run: Run) -> None:
    change("sops/posts/wash.yaml", "title: Washer", "title: Washer-up")
    last = commit()
    change("checklists/cook.yaml", "points: 5", "points: 6")
    commit()
    change(SCHEME, 'edition: "1"', 'edition: "2"')
    commit()
    assert f"--from {last}" in run("score", "audits/a")[2]


def test_every_record_of_an_audit_names_the_revision_that_has_the_whole_audit(run: Run) -> None:
    from sopaudit.reading.events import read

    path = Path("audits/a/answers/LIFT.json")
    used = {"id": "LIFT", "edition": "1", "digest": read(Path(LIFT), LIFT).digest}
    record = json.loads(path.with_name("COOK.json").read_text(encoding="utf-8"))
    record["checklist"], record["answers"] = used, [{"item": "SPEED", "value": "5"}]
    path.write_text(json.dumps(record), encoding="utf-8")
    whole = commit_of("HEAD")
    commit()
    change("checklists/cook.yaml", 'edition: "1"', 'edition: "2"')
    commit()
    change(LIFT, 'edition: "1"', 'edition: "2"')
    commit()
    err = run("score", "audits/a", "--lang", "en")[2]
    ways = set(re.findall(r"sopaudit (freeze .*?--from \w+)", err))
    assert ways == {f"freeze audits/a --from {whole}"}
    assert run(*ways.pop().split())[0] == 0


def test_what_is_frozen_is_never_written_over(run: Run) -> None:
    run("freeze", "a")
    before = {p: p.read_bytes() for p in Path("audits/a").rglob("*") if p.is_file()}
    code, _, err = run("freeze", "a")
    assert code == 2
    assert "left alone" in err
    assert {p: p.read_bytes() for p in Path("audits/a").rglob("*") if p.is_file()} == before


def test_an_audit_that_does_not_hold_against_the_copy_keeps_nothing(run: Run) -> None:
    change(SCHEME, 'edition: "1"', 'edition: "2"')
    before = sorted(Path("audits/a").rglob("*"))
    code, out, err = run("freeze", "a", "--lang", "en")
    assert (code, out) == (1, "")
    assert "nothing was kept" in err
    assert sorted(Path("audits/a").rglob("*")) == before


def test_a_zip_file_is_frozen_with_its_logo(run: Run, tmp_path: Path) -> None:
    Path("logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>', encoding="utf-8"
    )
    text = Path("sopaudit.yaml").read_text(encoding="utf-8")
    Path("sopaudit.yaml").write_text(f"{text}report: {{logo: logo.svg}}\n", encoding="utf-8")
    with_logo = commit()
    with zipfile.ZipFile(tmp_path / "book.zip", "w") as archive:
        for file in [*Path().rglob("*.yaml"), Path("logo.svg")]:
            archive.write(file, f"book/{file.as_posix()}")
    for source in ("book.zip", with_logo, "."):
        assert run("freeze", "a", "--from", source)[0] == 0
        assert Path("audits/a/frozen/logo.svg").is_file()
        shutil.rmtree("audits/a/frozen")


def test_no_name_in_a_zip_leads_out_of_the_frozen_folder(tmp_path: Path) -> None:
    from sopaudit.criteria.keeping import lay_out
    from sopaudit.reading.copy import Copy

    files = {"sopaudit.yaml": b"report: {logo: ../../x}\n", "sops/../../evil.yaml": b"a: 1\n"}
    place = tmp_path / "in" / "side"
    place.mkdir(parents=True)
    (tmp_path / "x").write_bytes(b"secret")
    lay_out(Copy(str(tmp_path), files), place, tmp_path)
    assert [
        p.relative_to(tmp_path).as_posix() for p in sorted(tmp_path.rglob("*")) if p.is_file()
    ] == [
        "in/side/sopaudit.yaml",
        "x",
    ]


def test_a_result_of_another_program_is_named_and_not_shown_as_the_same(run: Run) -> None:
    run("freeze", "a")
    change("audits/a/frozen/frozen.json", '"exact": "30"', '"exact": "29"')
    code, out, err = run("score", "audits/a")
    assert code == 1
    assert "A132" in err
    assert "COOK" not in out


def test_a_frozen_file_that_was_changed_is_to_be_restored_and_nothing_else(run: Run) -> None:
    """To freeze again, or to write the new digest into the record, would make the damage good."""
    run("freeze", "a")
    change(f"audits/a/frozen/{SCHEME}", "partial: 1/2", "partial: 1/4")
    code, out, err = run("score", "audits/a", "--lang", "en")
    assert code == 1
    assert re.findall(r" ([A-Z]\d+) ", err) == ["A131"]
    assert "COOK" not in out


@pytest.mark.parametrize("name", ["Thumbs.db", ".DS_Store", "sops/desktop.ini"])
def test_what_a_file_manager_leaves_in_a_frozen_folder_does_no_harm(run: Run, name: str) -> None:
    run("freeze", "a")
    before = run("score", "audits/a")
    Path(f"audits/a/frozen/{name}").write_bytes(b"x")
    assert run("score", "audits/a") == before


def test_every_code_that_pins_is_known() -> None:
    from sopaudit.problems import catalogue

    assert set(catalogue()) >= PINS
