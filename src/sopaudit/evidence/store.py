"""Arrays in one file, whole or not there: what big tables become on disk on their way to a score.

A line with the length of the head and its checksum, the head as JSON, then the arrays one after
another. A part of an array is read without the rest. Nothing in it is code, so that a folder
somebody else can write to is no way in.
"""

import json
import os
import secrets
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

FORMAT: Final = "sopaudit.arrays/1"
WAITING: Final = ".waiting"
"""Ends the name of a file that is being written."""

_LINE: Final = 48
"""Bytes of the first line."""

_Array = NDArray[Any]


def write(path: Path, about: Mapping[str, Any], arrays: Mapping[str, _Array]) -> None:
    """Write arrays, and what is to be known about them; under another name until it is whole."""
    laid: dict[str, Any] = {}
    offset = 0
    flat = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    for name, array in flat.items():
        laid[name] = [array.dtype.str, len(array), offset, zlib.crc32(array.data)]
        offset += array.nbytes
    head = json.dumps({"about": about, "arrays": laid, "size": offset}).encode()
    first = f"{FORMAT} {len(head):012d} {zlib.crc32(head):010d}"
    waiting = path.with_name(f"{path.name}.{secrets.token_hex(4)}{WAITING}")
    try:
        with waiting.open("xb") as file:
            file.write(first.ljust(_LINE - 1).encode() + b"\n" + head)
            for array in flat.values():
                file.write(array.data)
        waiting.replace(path)
    finally:
        with suppress(OSError):
            waiting.unlink(missing_ok=True)


class TornError(Exception):
    """A file is not what was once written."""


class Store:
    """A file of arrays, open for reading."""

    def __init__(self, path: Path) -> None:
        """Open it; raise TornError where its head is not whole."""
        self._file = path.open("rb", buffering=0)
        try:
            self._open()
        except (TornError, OSError):
            self._file.close()
            raise

    def _open(self) -> None:
        first = self._file.read(_LINE).split()
        if len(first) != 3 or first[0] != FORMAT.encode():  # noqa: PLR2004 -- as `write` wrote it
            raise TornError
        head = self._file.read(int(first[1]))
        if zlib.crc32(head) != int(first[2]):
            raise TornError
        said = json.loads(head)
        self.about: dict[str, Any] = said["about"]
        self._arrays: dict[str, tuple[str, int, int, int]] = said["arrays"]
        self._start = _LINE + len(head)
        if os.fstat(self._file.fileno()).st_size != self._start + said["size"]:
            raise TornError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()

    def array(self, name: str, start: int = 0, stop: int | None = None) -> _Array:
        """Read an array, or a part of it."""
        dtype, length, offset, _ = self._arrays[name]
        kind = np.dtype(dtype)
        stop = length if stop is None else stop
        self._file.seek(self._start + offset + start * kind.itemsize)
        found = bytearray((stop - start) * kind.itemsize)
        view = memoryview(found)
        while view:
            read = self._file.readinto(view)
            if not read:
                raise TornError
            view = view[read:]
        return np.frombuffer(found, kind)

    def whole(self) -> bool:
        """Say whether every array is as it was written."""
        return all(zlib.crc32(self.array(name).data) == it[3] for name, it in self._arrays.items())


def sound(path: Path, key: str) -> bool:
    """Say whether a file is there and whole, and was made from what `key` stands for."""
    try:
        with Store(path) as store:
            return store.about.get("key") == key and store.whole()
    except (OSError, TornError, ValueError):
        return False


_PLAIN: Final = b"="
"""Begins texts that stand one after the other with zeros between; others are JSON."""


def packed(texts: Sequence[str]) -> _Array:
    """Make an array of texts."""
    joined = "\0".join(texts)
    if texts and joined.count("\0") == len(texts) - 1:
        return np.frombuffer(_PLAIN + joined.encode("utf-8", "surrogatepass"), np.uint8)
    return np.frombuffer(json.dumps(list(texts), separators=(",", ":")).encode(), np.uint8)


def unpacked(array: _Array) -> list[str]:
    """Give the texts of an array back."""
    whole = array.tobytes()
    if whole.startswith(_PLAIN):
        return whole[1:].decode("utf-8", "surrogatepass").split("\0")
    texts: list[str] = json.loads(whole)
    return texts
