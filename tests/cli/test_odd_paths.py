"""Folders where files belong, links in a circle, names nobody can have: each gets its sentence."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sopaudit.cli import main, stop

KITCHEN = Path(__file__).parents[1] / "evidence" / "kitchen"
LONG = "x" * 300
Breaking = Callable[[Path], None]


@pytest.fixture
def kitchen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go into a copy of the kitchen where some paths are odd."""
    folder = tmp_path / "厨房 [1] & 100% 🙂"
    shutil.copytree(KITCHEN, folder)
    for name in ("dir.csv", "dir.xlsx", "dir.parquet", "dir.yaml"):
        (folder / name).mkdir()
    (folder / "loop").symlink_to("loop")
    (folder / "loop.csv").symlink_to("loop.csv")
    monkeypatch.chdir(folder)
    return folder


def sopaudit(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["sopaudit", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


TABLES = ("dir.csv", "dir.xlsx", "dir.parquet", "loop.csv", "no.csv", "no.xlsx", f"{LONG}.csv")
CALLS = [
    *(("score", "--table", f"answers={name}") for name in TABLES),
    *(
        ("score", "--table", "answers=answers.csv", "--mapping", name)
        for name in ("dir.yaml", "loop", LONG, "no.yaml")
    ),
    *(("check", name) for name in ("loop", "answers.csv", "audits", LONG, "no")),
    *(("score", name) for name in ("loop", "answers.csv", "audits", LONG, "no")),
    *(("score", "a", "-o", name) for name in ("dir.csv", f"{LONG}.csv", "answers.csv/a.csv")),
    *(("report", "a", "-o", name) for name in (f"{LONG}/", "answers.csv/x", "dir.csv/a.pdf/")),
    *(("explain", name) for name in ("loop", "answers.csv", LONG)),
    *(("new", name) for name in ("answers.csv", "answers.csv/x", LONG, "loop")),
    ("score", "a", "--handbook", "loop"),
    ("score", "a", "--handbook", "answers.csv"),
]


@pytest.mark.usefixtures("kitchen")
@pytest.mark.parametrize("words", CALLS, ids=lambda words: " ".join(words)[:50])
def test_an_odd_path_gets_a_sentence_and_no_bug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    code = sopaudit(monkeypatch, *words)
    said = capsys.readouterr()
    if words == ("report", "a", "-o", "dir.csv/a.pdf/"):
        assert code == 0  # a folder may have any name
        return
    assert code in (stop.PROBLEMS, stop.USAGE)
    assert said.out + said.err
    assert "Traceback" not in said.err
    assert "[Errno" not in said.err


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (lambda audit: folder_instead(audit / "audit.yaml"), "audits/a/audit.yaml:1:1: Y060"),
        (lambda audit: file_instead(audit / "answers"), "audits/a/answers:1:1: Y064"),
        (lambda audit: file_instead(audit / "frozen"), "audits/a/frozen:1:1: Y064"),
        (lambda audit: loop_instead(audit / "evidence/board.txt"), "A040"),
        (lambda audit: loop_instead(audit / "answers/x.json"), "A043"),
        (lambda audit: (audit / "answers/x.json").mkdir(), "A043"),
    ],
)
def test_an_odd_path_in_an_audit_folder_is_a_problem(
    kitchen: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    broken: Breaking,
    told: str,
) -> None:
    broken(kitchen / "audits" / "a")
    assert sopaudit(monkeypatch, "score", "a") == stop.PROBLEMS
    assert told in capsys.readouterr().err


def folder_instead(path: Path) -> None:
    gone(path)
    path.mkdir()


def file_instead(path: Path) -> None:
    gone(path)
    path.touch()


def loop_instead(path: Path) -> None:
    gone(path)
    path.symlink_to(path.name)


def gone(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def test_the_file_of_a_handbook_stands_for_its_folder(
    kitchen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(kitchen.parent)
    assert sopaudit(monkeypatch, "check", f"{kitchen.name}/sopaudit.yaml") == stop.CLEAN


def test_a_handbook_on_another_drive_is_named_by_its_whole_path(
    kitchen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ntpath

    from sopaudit.cli import session

    with pytest.raises(ValueError, match="mount"):
        ntpath.relpath("D:\\手册", "C:\\Users")
    monkeypatch.setattr("os.path.relpath", lambda _: ntpath.relpath("D:\\a", "C:\\b"))
    assert session.found(None) == kitchen
