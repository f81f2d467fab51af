"""Names and files as every system can hold them.

Windows is simulated here: its rules for names are written out a second time, and a file that is
open in another program is one that refuses to be replaced.
"""

import os
import re
import unicodedata
from io import FileIO
from pathlib import Path, PureWindowsPath
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopaudit import file
from sopaudit.file import file_name, file_names, folded, portable, write

IDS = st.one_of(
    st.text(min_size=0, max_size=40),
    st.text("aAbB-_.~ /\\:*?<>|\0%&é\u0301中🙂", max_size=12),
    st.sampled_from(["con", "CON", "Nul", "com1", "LPT¹", "aux", "prn", "CONIN$"]).flatmap(
        lambda device: st.sampled_from([device, f"{device}.x", f"{device} ", f"{device}."])
    ),
    st.text("长名字x", min_size=100, max_size=400),
)
DEVICE = re.compile(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)", re.IGNORECASE
)


@given(IDS)
def test_a_name_is_one_that_windows_takes(id_: str) -> None:
    name = f"{file_name(id_)}.pdf"
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    assert not DEVICE.match(name)
    assert name[0] not in ".-~ "
    assert not file_name(id_).endswith((".", " "))
    assert len(name.encode()) <= 140
    assert name == unicodedata.normalize("NFC", name)
    assert PureWindowsPath(f"C:/reports/{name}").parts == ("C:\\", "reports", name)
    assert Path("reports", name).parts == ("reports", name)


@given(st.lists(IDS, unique=True))
def test_two_ids_have_two_files_also_where_case_does_not_count(ids: list[str]) -> None:
    names = file_names(ids)
    assert list(names) == ids
    assert len({folded(name) for name in names.values()}) == len(ids)


@given(st.lists(IDS, unique=True), st.randoms())
def test_the_order_of_ids_changes_no_name(ids: list[str], chance: Random) -> None:
    mixed = list(ids)
    chance.shuffle(mixed)
    assert file_names(mixed) == file_names(ids)


@given(st.text("abcXYZ059中文é-_.", min_size=1, max_size=30))
def test_a_name_made_of_a_name_is_the_same(id_: str) -> None:
    once = file_name(id_)
    assert "~" in once or file_name(once) == once == id_


@pytest.mark.parametrize("id_", ["2026-10-cd", "KC00052", "2026-10-成都", "CK-HTL", "a.b_c"])
def test_an_ordinary_id_is_its_own_name(id_: str) -> None:
    assert file_name(id_) == id_


def test_what_is_changed_is_marked() -> None:
    assert file_name("../../etc/passwd") == "_.._etc_passwd~3754d6cb"
    assert file_name("con") == "_con~1143da2b"
    assert file_name("A 1") != file_name("A_1") == "A_1"


def test_ids_that_differ_in_case_alone_are_told_apart() -> None:
    names = file_names(["KC1", "kc1", "KC2"])
    assert names["KC2"] == "KC2"
    assert names["KC1"].startswith("KC1~")
    assert names["kc1"].startswith("kc1~")


@pytest.mark.parametrize("name", ["con.yaml", "Aux", "a?.yaml", "a.", "b ", "nul .txt", "com³.x"])
def test_windows_would_refuse_it(name: str) -> None:
    assert not portable(name)


@pytest.mark.parametrize(
    "name", ["contents.yaml", "a.b.yaml", "com10.yaml", ".hidden", "检查 1.csv"]
)
def test_windows_would_take_it(name: str) -> None:
    assert portable(name)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    out = tmp_path / "报告 [1] & 100%" / "a.csv"
    assert write(out, b"1") == out
    assert write(out, b"2") == out
    assert out.read_bytes() == b"2"
    assert names_in(out.parent) == ["a.csv"]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file that is there be open in another program, as Windows has it."""
    replace = Path.replace

    def refusing(self: Path, target: Path) -> Path:
        if target.exists():
            raise PermissionError(13, "The process cannot access the file", str(self))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refusing)


@pytest.mark.usefixtures("held")
def test_while_another_program_has_the_file_the_next_free_name_is_taken(tmp_path: Path) -> None:
    out = tmp_path / "2026-10-cd.pdf"
    out.write_bytes(b"old")
    (tmp_path / "2026-10-cd (2).pdf").write_bytes(b"older")
    assert write(out, b"new") == tmp_path / "2026-10-cd (3).pdf"
    assert out.read_bytes() == b"old"
    assert (tmp_path / "2026-10-cd (2).pdf").read_bytes() == b"older"
    assert (tmp_path / "2026-10-cd (3).pdf").read_bytes() == b"new"
    assert len(names_in(tmp_path)) == 3


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt(), SystemExit(143)]
)
@pytest.mark.parametrize("moment", ["write", "rename"])
def test_whatever_happens_the_old_file_is_whole_and_nothing_else_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException, moment: str
) -> None:
    out = tmp_path / "out.csv"
    out.write_bytes(b"before")

    def broken(*_: object) -> None:
        raise error

    if moment == "write":
        # Half of it reaches the disk.
        class Half(FileIO):
            def write(self, content: bytes) -> int:  # type: ignore[override]
                super().write(content[:2])
                raise error

        def half(path: Path, _: str) -> Half:
            return Half(path, "x")

        monkeypatch.setattr(Path, "open", half)
    else:
        monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(type(error)):
        write(out, b"after")
    monkeypatch.undo()
    assert out.read_bytes() == b"before"
    assert names_in(tmp_path) == ["out.csv"]


@pytest.mark.parametrize("name", ["folder", "file/a.csv", "file/deep/a.csv", "x" * 300])
def test_what_cannot_be_written_is_an_error_of_the_system_and_leaves_nothing(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"1")
    with pytest.raises(OSError, match=r"Is a dir|Not a dir|File exists|too long"):
        write(tmp_path / name, b"2")
    assert names_in(tmp_path) == ["file", "folder"]
    assert names_in(tmp_path / "folder") == []
    assert (tmp_path / "file").read_bytes() == b"1"


def test_a_folder_nobody_may_write_to_is_no_reason_for_a_second_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refusing(path: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "a.csv").write_bytes(b"1")
    monkeypatch.setattr(Path, "open", refusing)
    with pytest.raises(PermissionError):
        write(tmp_path / "a.csv", b"2")
    assert names_in(tmp_path) == ["a.csv"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"1")
    link.symlink_to(real)
    assert write(link, b"2") == link
    assert link.is_symlink()
    assert real.read_bytes() == b"2"


def test_a_device_stays_a_device(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert write(pipe, b"through") == pipe
    assert os.read(reader, 99) == b"through"
    os.close(reader)
    assert pipe.is_fifo()


def test_the_name_of_the_waiting_file_is_short(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A name the system just allows is still allowed while the file waits for it."""
    seen = []
    real = file._renamed

    def watched(waiting: Path, path: Path) -> Path:
        seen.append(waiting.name)
        return real(waiting, path)

    monkeypatch.setattr(file, "_renamed", watched)
    out = tmp_path / ("x" * 251 + ".csv")
    assert write(out, b"1") == out
    assert len(seen[0]) < 20
