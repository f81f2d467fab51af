"""What of an audit goes onto a contact sheet."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sopaudit.sheets.photos.loose import loose


@dataclass
class Came:
    """A time a file was brought in."""

    name: str


@dataclass
class File:
    """A file of an index."""

    file: str
    shows: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    came: tuple[Came, ...] = ()
    sha256: str = "0" * 64
    taken: datetime | None = None
    unproven: bool = True


def test_only_what_shows_nothing_is_loose(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence/a.jpg").write_bytes(b"photo")
    files = [
        File("evidence/a.jpg", came=(Came("微信图片_1.jpg"), Came("b.jpg"))),
        File("evidence/b.jpg", shows=("CK-MEC-A1",)),
        File("evidence/c.svg", signs=("9001",)),
        File("../outside.jpg"),
    ]
    found = loose(tmp_path, files)
    assert [(shot.name, shot.read()) for shot in found] == [("微信图片_1.jpg", b"photo")]
