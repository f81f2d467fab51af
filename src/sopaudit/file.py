"""A file as every system can hold it: a name none refuses, and content that is whole or not there.

Ids of audits may come from tables, so a name made of one must neither lead out of its folder nor
be one Windows keeps for devices, and two ids must not share a file where case does not count.
"""

import errno
import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final

LONGEST: Final = 120
"""Bytes of UTF-8 a name keeps of its id; folders and an ending must fit beside it."""

PATH_LIMIT: Final = 259
"""Characters of a path that every Windows program can open."""

_DEVICES: Final = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"]
)

_REFUSED: Final = frozenset('<>:"/\\|?*') | frozenset(map(chr, range(32)))


def file_name(id_: str) -> str:
    """Make a name of an id, without an ending.

    Letters, digits, `-`, `_` and `.` stay; anything else becomes `_`. Where the name is not the id
    itself, `~` and a few digits of its hash follow, so that no two ids share a name but those that
    differ in case alone; `file_names` tells these apart too.
    """
    plain = "".join(
        sign if sign.isalnum() or sign in "-_." else "_"
        for sign in unicodedata.normalize("NFC", id_)
    )
    # A dot in front hides a file, a hyphen makes an option of it, a dot at the end Windows drops.
    plain = plain.encode()[:LONGEST].decode(errors="ignore").lstrip(".-").rstrip(".")
    if not plain or not portable(plain):
        plain = f"_{plain}"
    return plain if plain == id_ else _marked(plain, id_)


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """Make the names of several ids, which stay apart also where case does not count."""
    names = {id_: file_name(id_) for id_ in ids}
    shared = Counter(map(folded, names.values()))
    return {
        id_: name if shared[folded(name)] == 1 or "~" in name else _marked(name, id_)
        for id_, name in names.items()
    }


def _marked(name: str, id_: str) -> str:
    import hashlib

    digest = hashlib.sha256(id_.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name}~{digest[:8]}"


def folded(name: str) -> str:
    """Give what names have in common that are one file where case does not count."""
    return unicodedata.normalize("NFC", name.upper().casefold())


def portable(name: str) -> bool:
    """Say whether Windows can hold a file of this name."""
    device = name.partition(".")[0].rstrip(" ").casefold()
    return not (_REFUSED & set(name)) and name[-1:] not in (" ", ".") and device not in _DEVICES


Content = bytes | Iterable[bytes]
"""What goes into a file: all at once, or one piece after the other."""


def write(path: Path, content: Content) -> Path:
    """Write a file whole or not at all, and give its path.

    It is written under another name first and then renamed, so the old file stays whole whatever
    happens. Where it cannot be replaced, because another program has it open, the new one gets the
    next free name, such as `scores (2).csv`. Raises OSError where nothing could be written.
    """
    # A link stays a link; what is neither file nor folder is written to, such as /dev/null.
    real = path.resolve() if path.is_symlink() else path
    real.parent.mkdir(parents=True, exist_ok=True)
    if real.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if real.exists() and not real.is_file():
        with real.open("wb") as file:
            file.writelines(_pieces(content))
        return path
    with _waiting(real, content) as waiting:
        taken = _renamed(waiting, real)
    return path if taken == real else taken


def rewrite(path: Path, content: bytes) -> None:
    """Put new content into a file there is, whole or not at all; its rights stay.

    Raises OSError, and leaves the file alone, also where another program has it open.
    """
    from shutil import copymode

    real = path.resolve()
    with _waiting(real, content) as waiting:
        copymode(real, waiting)
        waiting.replace(real)


@contextmanager
def _waiting(path: Path, content: Content) -> Iterator[Path]:
    """Write content beside `path` under a name of its own, which is gone afterwards."""
    import secrets

    waiting = path.with_name(f".sopaudit-{secrets.token_hex(4)}")
    try:
        with waiting.open("xb") as file:
            file.writelines(_pieces(content))
        yield waiting
    finally:
        with suppress(OSError):
            waiting.unlink(missing_ok=True)


def _pieces(content: Content) -> Iterable[bytes]:
    return [content] if isinstance(content, bytes) else content


def _renamed(waiting: Path, path: Path) -> Path:
    """Give a file its name; while another program holds that one, the next that is free."""
    try:
        return waiting.replace(path)
    except PermissionError:
        if not path.is_file():
            raise
    numbered = (path.with_stem(f"{path.stem} ({n})") for n in count(2))
    return waiting.replace(next(other for other in numbered if not other.exists()))


def see_names(folder: Path) -> None:
    """Wait until the disk has the names in a folder; Windows sees to that by itself."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
