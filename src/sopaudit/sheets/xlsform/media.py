"""Photos and signatures of an export: inside the archive, or in a folder or archive beside it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from sopaudit.evidence.archive import PART, Archive, NotSoundError, archive

FOLDERS: Final = ("media", "attachments")
MOST: Final = 20_000
"""Files that are looked at below a folder of media."""

Read = Callable[[], bytes]


@dataclass
class Media:
    """Where the pictures of an export may be."""

    archives: list[Archive] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    _files: dict[str, list[tuple[str, Read]]] | None = None

    def find(self, name: str, *keys: str) -> Read | None:
        """Find a picture by its name; where several are called so, the one below the submission.

        Kobo stores a picture under a name without blanks and signs, `a_1.jpg` for `a (1).jpg`; the
        submission goes on naming it as the phone did.
        """
        short = PurePosixPath(name).name
        if not short or short != name or "\\" in name:
            return None
        return self._named(short, keys) or self._named(_stored(short), keys)

    def _named(self, short: str, keys: Sequence[str]) -> Read | None:
        if self._files is None:
            self._files = {}
            for path, read in self._all():
                self._files.setdefault(PurePosixPath(path).name, []).append((path, read))
        found = self._files.get(short, [])
        below = [key.removeprefix("uuid:") for key in keys if key]
        mine = [read for path, read in found if any(key in path for key in below)]
        if mine or len(found) == 1:
            return mine[0] if mine else found[0][1]
        return None

    def _all(self) -> Iterator[tuple[str, Read]]:
        for box in self.archives:
            for part in box.parts:
                yield part, _part(box, part)
        for folder in self.folders:
            for n, path in enumerate(sorted(folder.rglob("*"))):
                if n >= MOST:
                    break
                if path.is_file() and not path.is_symlink():
                    yield path.as_posix(), _file(path)


def _stored(name: str) -> str:
    """Name a file as Django, which Kobo is built with, does when it stores one."""
    return re.sub(r"[^-\w.]", "", name.strip().replace(" ", "_"))


def beside(path: Path) -> Media:
    """Look for media next to an export: a folder or an archive called like it, or `media`."""
    names = dict.fromkeys((path.stem, f"{path.stem}_media", f"{path.stem}-media", *FOLDERS))
    media = Media()
    for name in names:
        folder, box = path.parent / name, path.parent / f"{name}.zip"
        if folder.is_dir() and not folder.is_symlink():
            media.folders.append(folder)
        if box.is_file() and box != path:
            try:
                media.archives.append(archive(box))
            except (NotSoundError, OSError):
                continue
    return media


def _part(box: Archive, part: str) -> Read:
    return lambda: box.read(part)


def _file(path: Path) -> Read:
    return lambda: content(path)


def content(path: Path) -> bytes:
    """Read a file that is no larger than a part of an archive may be; else raise NotSoundError."""
    if path.stat().st_size > PART:
        raise NotSoundError("F012", part=path.name)
    return path.read_bytes()
