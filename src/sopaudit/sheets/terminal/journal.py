"""The journal of a session: one line a step, on the disk before the next question is asked.

`journal/fill.jsonl` in the audit folder begins with which sheet it is of; each further line is a
fact, a move, or both, and is forced to the disk before anything else happens. A line that was cut
off when the machine went down is no line. Only one session writes at a time: it holds a lock that
the system lets go of when the process ends, however it ends.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sopaudit.file import see_names
from sopaudit.problems import Place, Problem
from sopaudit.sheets.blank import Blank, identity
from sopaudit.sheets.identity import identity_of, refused

FOLDER: Final = "journal"
NAME: Final = "fill.jsonl"
NEXT: Final = "fill.next"
"""The journal that follows, while the one before it is put away."""

LOCK: Final = "fill.lock"
SPOT: Final = 6
"""How many texts say where a session is; see `session.Spot.told`."""

SAVING: Final = "saving"
"""The mark of a journal that is complete and goes into the record; see `Journal.saving`."""


class BusyError(Exception):
    """Another session fills this audit."""


@dataclass
class Journal:
    """The journal of one audit, open and held."""

    folder: Path
    """The audit folder."""

    shown: str
    """The audit folder as messages name it."""

    blank: Blank
    """Whole: every checklist of the audit, whichever of them the session asks."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    """What was told so far, without the head."""

    problems: list[Problem] = field(default_factory=list)
    _lock: int = -1
    _file: int = -1

    @property
    def path(self) -> Path:
        """The file itself."""
        return self.folder / FOLDER / NAME

    @property
    def place(self) -> Place:
        """The file as messages name it."""
        return Place(f"{self.shown}/{FOLDER}/{NAME}")

    def __enter__(self) -> Self:
        """Take the lock and read what there is. Raises BusyError and OSError."""
        home = self.folder / FOLDER
        if not home.is_dir():
            home.mkdir(parents=True, exist_ok=True)
            see_names(self.folder)
        self._lock = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _hold(self._lock)
            self._open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of it."""
        self.close()

    def close(self) -> None:
        """Let go of file and lock; harmless where they are gone."""
        for number in (self._file, self._lock):
            if number >= 0:
                with suppress(OSError):
                    os.close(number)
        self._file = self._lock = -1

    def add(self, told: Mapping[str, Any]) -> None:
        """Write one line and see it onto the disk."""
        if self._file < 0:
            self._begin()
        _put(self._file, _line(told))
        self.lines.append(dict(told))

    @property
    def is_saving(self) -> bool:
        """Whether it was to be saved as it stands when the session ended."""
        return bool(self.lines) and self.lines[-1].get(SAVING) is True

    @property
    def told(self) -> list[dict[str, Any]]:
        """The facts and moves, without marks."""
        return [line for line in self.lines if SAVING not in line]

    @property
    def left(self) -> list[dict[str, Any]]:
        """Where in a list of cases the last session that was saved ended, as a move; else empty.

        An item is answered by its first case, so nothing else says that its list is half done.
        """
        ends = []
        for path in self.path.parent.glob("fill-*.jsonl"):
            read = map(_read, reversed(path.read_bytes().splitlines()))
            moves = (one for one in read if one and "then" in one and _step(one))
            ends += [(str(one["at"]), path.stat().st_mtime_ns, one) for one in islice(moves, 1)]
        _, _, last = max(ends, default=("", 0, {"then": [""] * SPOT}), key=itemgetter(0, 1))
        in_list = last["then"][1] and (last["then"][2] == "id" or last["then"][3])
        return [{"then": last["then"]}] if in_list else []

    def saving(self) -> None:
        """Mark it as what goes into the record now.

        Whatever happens from here on, the next session first saves exactly these lines, and only
        then goes on; so a record is never made of half a journal, nor twice.
        """
        if not self.is_saving:
            self.add({SAVING: True})

    def unsaved(self) -> None:
        """Take the mark back, because the record could not be written."""
        self.add({SAVING: False})

    def done(self, name: str, carried: Sequence[Mapping[str, Any]] = ()) -> Path:
        """Put it away under a name of its own; a new one begins with what is `carried` over.

        What is carried stands on the disk before the old one is put away; cut off in between, the
        next session finds it there.
        """
        following = self.path.with_name(NEXT)
        following.unlink(missing_ok=True)
        if carried:
            lines = ({"identity": identity(self.blank)}, *carried)
            _whole(following, b"".join(map(_line, lines)))
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        kept = _free(self.path.with_name(name))
        self.path.rename(kept)
        if carried:
            following.rename(self.path)
            self._file = os.open(self.path, os.O_RDWR | os.O_APPEND)
        see_names(self.path.parent)
        self.lines = [dict(line) for line in carried]
        return kept

    # --- reading -------------------------------------------------------------------------------

    def _open(self) -> None:
        following = self.path.with_name(NEXT)
        if following.exists() and not self.path.exists():
            following.rename(self.path)
            see_names(self.path.parent)
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return
        whole = content[: content.rfind(b"\n") + 1]
        head, *rest = whole.splitlines() or [b""]
        told = _read(head)
        if told is None or "identity" not in told:
            if whole:
                self._aside([])
            else:  # cut off while it was begun: nothing was said yet
                self.path.unlink()
            return
        found, wrong = identity_of(told["identity"], self.place)
        if found is not None:
            wrong = list(refused(found, self.blank, self.place))
        if wrong:
            self._aside(wrong)
            return
        for number, line in enumerate(rest, 2):
            read = _read(line)
            if read is None or not _step(read):
                place = Place(self.place.path, number)
                self.problems.append(Problem(place, "F052", {"number": str(number)}))
            else:
                self.lines.append(read)
        self._file = os.open(self.path, os.O_RDWR | os.O_APPEND)
        if len(whole) < len(content):
            os.ftruncate(self._file, len(whole))
            os.fsync(self._file)

    def _aside(self, why: list[Problem]) -> None:
        """Keep a journal that is not of this sheet under another name; nothing of it is used."""
        kept = _free(self.path.with_name("fill-other.jsonl"))
        self.path.rename(kept)
        see_names(self.path.parent)
        told = {"kept": f"{self.shown}/{FOLDER}/{kept.name}"}
        self.problems += [*why, Problem(self.place, "F050", told)]

    def _begin(self) -> None:
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        _put(self._file, _line({"identity": identity(self.blank)}))
        see_names(self.path.parent)


def steps(content: bytes) -> Iterator[dict[str, Any]]:
    """Give the lines of a journal that can be ours, without its head and one that was cut off."""
    lines = content[: content.rfind(b"\n") + 1].splitlines()[1:]
    return (told for told in map(_read, lines) if told is not None and _step(told))


def _line(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _step(told: Mapping[str, Any]) -> bool:
    """Say whether a line can be one of ours: a mark, a move, a fact."""
    if SAVING in told:
        return isinstance(told[SAVING], bool)
    there = told.get("then", [""] * SPOT)
    moved = isinstance(there, list) and len(there) == SPOT
    fact = ("checklist", "item", "field", "text") if "field" in told else ()
    texts = [told.get(name) for name in ("at", *fact)] + [*(there if moved else ())]
    return moved and all(isinstance(text, str) for text in texts)


def _whole(path: Path, content: bytes) -> None:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        _put(number, content)
    finally:
        os.close(number)


def _put(file: int, content: bytes) -> None:
    """Write all of it, and wait until the disk has it."""
    while content:
        content = content[os.write(file, content) :]
    os.fsync(file)


def _free(path: Path) -> Path:
    """Name the first of `name`, `name-2`, … that is not there."""
    return next(other for other in _names(path) if not other.exists())


def _names(path: Path) -> Iterator[Path]:
    yield path
    number = 2
    while True:
        yield path.with_stem(f"{path.stem}-{number}")
        number += 1


if sys.platform == "win32":
    import msvcrt

    def _hold(number: int) -> None:
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except OSError:
            raise BusyError from None

else:
    import fcntl

    def _hold(number: int) -> None:
        """Take the lock, which ends with the process and no sooner."""
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BusyError from None
