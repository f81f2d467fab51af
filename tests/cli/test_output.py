"""Where results go, and what is said when the system will not have them."""

import errno
import os
from pathlib import Path

import pytest

from sopaudit.cli import session, stop


def refusing(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refused(path: Path, *_: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "open", refused)


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (errno.EACCES, "没有权限", "no right"),
        (errno.EROFS, "只读", "only be read"),
        (errno.ENOSPC, "磁盘已满", "disk is full"),
        (errno.ENAMETOOLONG, "太长", "too long"),
        (errno.EINVAL, "系统不允许的字符", "does not allow"),
        (errno.EIO, "读写磁盘出错", "cannot be read or written"),
        (errno.ENXIO, "No such device", "No such device"),
    ],
)
def test_why_nothing_could_be_written_is_said_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int, zh: str, en: str
) -> None:
    refusing(monkeypatch, number)
    with pytest.raises(stop.Stop) as ended:
        session.write(tmp_path / "分数.csv", b"1")
    assert ended.value.code == stop.PROBLEMS
    first, second = ended.value.message.splitlines()
    assert first.startswith(f"{(tmp_path / '分数.csv').as_posix()} 写不进去：")
    assert zh in first
    assert first.endswith("。")
    assert second.startswith(f"{(tmp_path / '分数.csv').as_posix()} cannot be written: ")
    assert en in second
    assert not list(tmp_path.iterdir())


def test_windows_calls_a_path_that_is_too_long_one_that_is_not_there() -> None:
    told = stop.refused(FileNotFoundError(errno.ENOENT, "not found"), "x" * 300, "写不进去", "x")
    assert "太长" in told.message
    told = stop.refused(FileNotFoundError(errno.ENOENT, "not found"), "x" * 30, "写不进去", "x")
    assert "没有这个文件或文件夹" in told.message


def test_of_several_files_all_are_written_before_the_command_says_that_one_is_aside(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        if target.name == "a.csv":
            raise PermissionError(errno.EACCES, "in use", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    names = ("a.csv", "b.csv")
    (tmp_path / "a.csv").write_bytes(b"old")
    written: list[Path] = []
    with pytest.raises(stop.Stop) as ended:
        written.extend(session.write_each((tmp_path / name, b"new") for name in names))
    assert (ended.value.code, ended.value.message) == (stop.PROBLEMS, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a (2).csv", "a.csv", "b.csv"]
    assert (tmp_path / "a.csv").read_bytes() == b"old"
    said = capsys.readouterr().err
    assert said.count("请先关闭") == 1
    assert (tmp_path / "a (2).csv").as_posix() in said
    assert "\\" not in said


def test_scores_that_are_open_in_excel_are_written_beside_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from sopaudit.cli import main

    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        if target.exists():
            raise PermissionError(errno.EACCES, "in use", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.chdir(Path(__file__).parents[1] / "evidence" / "kitchen")
    out = tmp_path / "分数.csv"
    out.write_bytes(b"old")
    monkeypatch.setattr("sys.argv", ["sopaudit", "score", "a", "-o", str(out)])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == stop.PROBLEMS
    assert out.read_bytes() == b"old"
    assert (tmp_path / "分数 (2).csv").read_bytes().startswith(b"audit,")
