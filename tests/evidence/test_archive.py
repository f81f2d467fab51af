"""ZIP files from outside: what leads out, lies, or has no end is not used."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from sopaudit.evidence import archive as archives
from sopaudit.evidence.archive import NotSoundError, archive


def packed(parts: dict[str, bytes], how: int = ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", how) as whole:
        for name, content in parts.items():
            whole.writestr(name, content)
    return out.getvalue()


def code(content: bytes, part: str | None = None) -> str:
    with pytest.raises(NotSoundError) as refused:
        archive(content).read(part or "")
    return refused.value.code


def outcome(content: bytes) -> str:
    """Read a part; give the code where that is refused."""
    try:
        read = archive(content).read("a.txt")
    except NotSoundError as error:
        return error.code
    return "as it was" if read == bytes(range(256)) * 40 else "otherwise"


def test_the_parts_of_an_archive_are_read_from_memory_and_from_a_file(tmp_path: Path) -> None:
    content = packed({"answers.json": b"{}", "photos/": b"", "photos\\a.jpg": b"x"})
    (tmp_path / "a.zip").write_bytes(content)
    for source in (content, tmp_path / "a.zip"):
        found = archive(source)
        assert list(found.parts) == ["answers.json", "photos/a.jpg"]
        assert found.read("photos/a.jpg") == b"x"


class Unmarked(ZipInfo):
    """A part whose name is in an encoding that its flags do not tell."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(raw.decode("cp437"))
        self.raw = raw

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 -- what zipfile calls
        return self.raw, 0


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("照片/微信图片_20261106101500.jpg", "gb2312"),
        ("陶喆的现场照片/A1.jpg", "gbk"),
        ("照片/é.jpg", "utf-8"),
        ("Küche/A1.jpg", "cp437"),
    ],
)
def test_names_of_chinese_windows_and_of_macos_are_read_though_their_flags_say_nothing(
    name: str, encoding: str
) -> None:
    out = BytesIO()
    with ZipFile(out, "w") as whole:
        whole.writestr(Unmarked(name.encode(encoding)), b"x")
    found = archive(out.getvalue())
    assert list(found.parts) == [name]
    assert found.read(name) == b"x"


def test_an_archive_of_many_photos_is_opened_once_for_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = archive(packed({f"{n}.jpg": b"x" for n in range(20)}))
    opened: list[object] = []

    class Counted(ZipFile):
        def __init__(self, file: BytesIO) -> None:
            opened.append(file)
            super().__init__(file)

    monkeypatch.setattr(archives, "ZipFile", Counted)
    assert {found.read(name) for name in found.parts} == {b"x"}
    assert len(opened) == 1


@pytest.mark.parametrize(
    "name", ["../a", "a/../../b", "/a", "\\\\server\\a", "C:a", "a/C:b", "..\\a", "a\\..\\..\\b"]
)
def test_a_name_that_leads_out_spoils_the_whole(name: str) -> None:
    assert code(packed({"good.json": b"{}", name: b"x"})) == "F011"


def test_a_part_is_unpacked_no_further_than_it_says() -> None:
    honest = packed({"a.txt": b"0" * 20_000})
    lying = honest.replace((20_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert archive(lying).parts["a.txt"].file_size == 10
    assert code(lying, "a.txt") in ("F012", "F013")


def test_what_is_dense_is_a_bomb_only_where_it_is_large() -> None:
    assert archive(packed({"a": b"\0" * 1_000_000})).read("a")
    assert code(packed({"a": b"\0" * 1_100_000})) == "F012"


def test_sizes_and_numbers_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "PART", 10)
    assert code(packed({"a": b"x" * 11}, ZIP_STORED)) == "F012"
    monkeypatch.setattr(archives, "WHOLE", 15)
    assert code(packed({"a": b"x" * 8, "b": b"x" * 8}, ZIP_STORED)) == "F012"
    monkeypatch.setattr(archives, "PARTS", 1)
    assert code(packed({"a": b"", "b": b""})) == "F014"


def test_what_is_broken_or_missing_is_told_and_raises_nothing_else() -> None:
    content = packed({"a.txt": bytes(range(256)) * 40})
    assert code(content, "b.txt") == "F013"
    for n in range(30, len(content) - 80, 7):
        spoilt = bytearray(content)
        spoilt[n] ^= 0xFF
        assert outcome(bytes(spoilt)) in ("as it was", "F010", "F012", "F013")
    for n in range(0, len(content) - 1, 9):
        assert code(content[:n], "a.txt") == "F010"
