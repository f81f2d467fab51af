"""A copy of a handbook, wherever it is kept: in a folder, in a ZIP file, or at a git revision."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from sopaudit.reading.folder import SUFFIX
from sopaudit.reading.past import PLACES, Past

SETTINGS: Final = PLACES[0]

FILES_LIMIT: Final = 5_000
"""No handbook has so many files; a ZIP with more is something else, or hostile."""

SIZE_LIMIT: Final = 100_000_000
"""Bytes of all YAML files of a ZIP, unpacked."""

Reason = Literal["nothing", "damaged", "large", "no handbook"]


class NoCopyError(Exception):
    """There is no handbook where one was said to be."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True)
class Copy:
    """The YAML files of a handbook, by their path in it."""

    name: str
    """As it was asked for."""

    files: Mapping[str, bytes]

    folder: Path | None = None
    """Where it lies, if it is a folder."""


def copy(word: str, folder: Path) -> Copy:
    """Find the copy called `word`; a revision means the handbook in `folder` at that commit.

    A folder comes before a file, and a file before a revision of the same name. Raises NoCopyError
    where there is none, and OSError for a file the system will not open.
    """
    place = Path(word)
    if place.is_dir():
        return Copy(word, _in_folder(place), place)
    if place.is_file():
        return Copy(word, _in_zip(place))
    files = Past(folder).at(word)
    if files is None:
        raise NoCopyError("nothing")
    return Copy(word, _whole(files))


def beside(word: str, folder: Path, name: str) -> bytes | None:
    """Give a file of the copy called `word` that is no YAML, such as a logo; None for none.

    Neither its name nor a link may lead out of the handbook.
    """
    inner, place = PurePosixPath(name), Path(word)
    if inner.is_absolute() or ".." in inner.parts or set(name) & set("\\:"):
        return None
    if place.is_dir():
        path = (place / name).resolve()
        here = path.is_file() and path.is_relative_to(place.resolve())
        return path.read_bytes() if here else None
    if not place.is_file():
        return Past(folder).one(word, name)
    with zipfile.ZipFile(place) as archive:
        ends = [i for i in archive.namelist() if _settings(i)]
        home = min(map(PurePosixPath, ends), key=lambda path: (len(path.parts), path)).parent
        wanted = (home / inner).as_posix()
        known = {i.filename: i for i in archive.infolist()}
        small = wanted in known and known[wanted].file_size <= SIZE_LIMIT
        return archive.read(wanted) if small else None


def _whole(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    if SETTINGS not in files:
        raise NoCopyError("no handbook")
    return files


def _in_folder(folder: Path) -> Mapping[str, bytes]:
    paths = [folder / SETTINGS, *(p for place in PLACES[1:] for p in (folder / place).rglob("*"))]
    return _whole(
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in paths
            if path.suffix.casefold() == SUFFIX and path.is_file()
        }
    )


def _in_zip(place: Path) -> Mapping[str, bytes]:
    """Read a ZIP file, in which the handbook may lie some folders down."""
    try:
        with zipfile.ZipFile(place) as archive:
            inside = archive.infolist()
            if len(inside) > FILES_LIMIT:
                raise NoCopyError("large")
            homes = [PurePosixPath(i.filename).parent for i in inside if _settings(i.filename)]
            if not homes:
                raise NoCopyError("no handbook")
            home = min(homes, key=lambda path: (len(path.parts), path))
            wanted = {
                path.as_posix(): info
                for info in inside
                if (path := _below(PurePosixPath(info.filename), home)) is not None
            }
            if sum(info.file_size for info in wanted.values()) > SIZE_LIMIT:
                raise NoCopyError("large")
            return {name: archive.read(info) for name, info in wanted.items()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise NoCopyError("damaged") from error


def _settings(name: str) -> bool:
    return PurePosixPath(name).name == SETTINGS


def _below(path: PurePosixPath, home: PurePosixPath) -> PurePosixPath | None:
    if not path.is_relative_to(home) or path.suffix.casefold() != SUFFIX:
        return None
    inner = path.relative_to(home)
    return inner if inner.parts[0] in PLACES else None
