"""What is in a folder, and whether every system could hold it."""

import errno
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from sopaudit.file import folded, portable
from sopaudit.problems import Place, Problem

SUFFIX: Final = ".yaml"
"""Of the files that are read; case does not count, because Windows does not keep it apart."""


UNSEEN: Final = frozenset({"Y014", "Y060", "Y061", "Y062", "Y063", "Y064", "Y067"})
"""The codes of a file or folder nobody could look into."""


def listed(folder: Path, shown: str) -> tuple[list[Path], list[Problem]]:
    """List a folder by name; the second value says why it could not be listed.

    One that is not there is empty. Python's own search passes over what it may not see, and half a
    handbook would look whole.
    """
    try:
        return sorted(folder.iterdir(), key=lambda path: path.name), []
    except FileNotFoundError:
        return [], []
    except OSError as error:
        # Below a file there are no folders; that it is one is said of itself.
        below = isinstance(error, NotADirectoryError) and not folder.exists()
        return [], [] if below else [refused(error, shown, folder=True)]


class OddFileError(OSError):
    """A pipe or a device, which may never say that it is at its end."""


def regular(path: Path) -> None:
    """Raise OddFileError for a pipe or a device, before anybody waits for it; and OSError."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OddFileError(errno.EINVAL, "neither a file nor a folder", str(path))


def nameable(name: str) -> bool:
    """Say whether a name is text that can be written down; Linux takes any bytes for one."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def refused(error: OSError, shown: str, *, folder: bool = False) -> Problem:
    """Say why the system would not open a file, or list a folder."""
    place = Place(shown)
    if isinstance(error, OddFileError):
        return Problem(place, "Y067")
    match error.errno:
        case errno.EISDIR:
            return Problem(place, "Y060")
        case errno.EACCES | errno.EPERM:
            return Problem(place, "Y063" if folder else "Y061")
        case errno.ELOOP:
            return Problem(place, "Y062")
        case errno.ENOTDIR:
            return Problem(place, "Y064")
    return Problem(place, "Y014", {"reason": error.strerror or type(error).__name__})


def unportable(paths: Iterable[Path], shown: str) -> Iterator[Problem]:
    """Name the files of one folder that Windows could not hold, or could not hold side by side."""
    first: dict[str, str] = {}
    for path in paths:
        place = Place(f"{shown}/{path.name}")
        if not portable(path.name):
            yield Problem(place, "Y066", {"name": path.name})
        other = first.setdefault(folded(path.name), path.name)
        if other != path.name:
            yield Problem(place, "Y065", {"name": path.name, "other": other})
