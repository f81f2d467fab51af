"""Several files of an audit folder change together: all of them, or none.

Everything new is staged below `journal/`, with a list of names and digests. One rename of the
staging folder makes it true; renames into their places follow. Whoever is interrupted before it
leaves the folder as it was; after it, the next command that writes carries on where the last one
stopped. Reading never writes, and so it only says that something waits.

The list also says what stood in each place. Where somebody has written something else there since,
by hand or from another machine, nothing is carried on: both versions stay until a person decides.

All that touches the disk goes through `os`, so that tests can stop it at every single step.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from errno import EACCES, EISDIR, ENOTDIR
from pathlib import Path
from typing import Final

from sopaudit.file import see_names

JOURNAL: Final = "journal"
"""The folder of an audit in which changes wait, and `fill` keeps what was typed."""

STAGED: Final = ".staged"
"""Ending of a change nobody has committed; it may be thrown away."""

COMMITTED: Final = ".committed"
"""Ending of a change that is true, whether or not its files are in their places yet."""

LIST: Final = "list.json"


class BrokenJournalError(Exception):
    """A committed change that cannot be carried on, because somebody changed its list."""

    code = "F071"

    def __init__(self, place: Path, **values: str) -> None:
        super().__init__(str(place))
        self.place = place
        self.values = values


class OvertakenError(BrokenJournalError):
    """A committed change that would overwrite what somebody wrote since; both are kept."""

    code = "F074"


class ChangedError(Exception):
    """What a change was made from is not there any more; nothing was committed."""

    def __init__(self, place: Path) -> None:
        super().__init__(str(place))
        self.place = place


class OutsideError(ValueError):
    """A name that leads out of the audit folder, perhaps by a link that stands for a folder."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass
class Transaction:
    """A change of an audit folder in the making."""

    folder: Path
    staging: Path
    names: dict[str, str] = field(default_factory=dict)
    """Each name inside the audit folder, and the digest of what it is to hold."""

    before: dict[str, str] = field(default_factory=dict)
    """The digest of what stands there as far as this change knows; empty for nothing."""

    def note(self, names: Iterable[str]) -> None:
        """Remember what stands in places before it is read, so that nobody changes it unnoticed."""
        for name in names:
            self.before.setdefault(name, _standing(self.folder / name))

    def write(self, name: str, content: bytes) -> None:
        """Stage a file under its name inside the folder, such as `answers/CK-HTL.json`.

        The last content of a name counts. Raises OSError, and OutsideError for one that leads out.
        """
        if not _inside(self.folder, name):
            raise OutsideError(name)
        _roomy(self.folder / name)
        if not self.names:
            _roomy(self.staging)
            _make(self.staging)
        self.note([name])
        self.names.setdefault(name, "")
        self.names[name] = hashlib.sha256(content).hexdigest()
        _put(self.staging / str([*self.names].index(name)), content, self.folder / name)

    def commit(self) -> None:
        """Make it true, and put the files into their places.

        Raises OSError, and ChangedError where somebody wrote into a place meanwhile. An error
        before the one rename leaves all as it was; one after it leaves a change that the next
        command carries on.
        """
        if not self.names:
            return
        for name in self.names:
            if _standing(self.folder / name) != self.before[name]:
                raise ChangedError(self.folder / name)
        told = [
            {"name": name, "sha256": digest, "before": self.before[name]}
            for name, digest in self.names.items()
        ]
        _put(self.staging / LIST, json.dumps(told, ensure_ascii=False, indent=1).encode())
        see_names(self.staging)
        committed = self.staging.with_suffix(COMMITTED)
        os.rename(self.staging, committed)  # noqa: PTH104 -- one call a test can count
        see_names(self.staging.parent)
        _carry_on(self.folder, committed)


@contextmanager
def transaction(folder: Path) -> Iterator[Transaction]:
    """Begin a change; whatever an interrupted one left is settled first.

    Another command that changes the same audit waits until this one is done. What was not
    committed is thrown away at the end. Raises OSError and BrokenJournalError.
    """
    with _alone(folder):
        _settle(folder)
        change = Transaction(folder, folder / JOURNAL / f"{os.getpid():x}{STAGED}")
        try:
            yield change
        finally:
            with suppress(OSError):
                _throw_away(change.staging)
                _tidy(folder)


def settle(folder: Path) -> bool:
    """Carry on a change that was interrupted, or throw it away; say whether there was one.

    Raises OSError and BrokenJournalError.
    """
    with _alone(folder):
        return _settle(folder)


def waiting(folder: Path) -> list[Path]:
    """List the changes that are true and not in their places yet; nothing is touched."""
    return sorted((folder / JOURNAL).glob(f"*{COMMITTED}"))


def _settle(folder: Path) -> bool:
    journal = folder / JOURNAL
    left = waiting(folder)
    for committed in left:
        _carry_on(folder, committed)
    staged = sorted(journal.glob(f"*{STAGED}"))
    for one in staged:
        _ours(one)
        _throw_away(one)
    _tidy(folder)
    return bool(left or staged)


def _carry_on(folder: Path, committed: Path) -> None:
    """Put what is staged into its place, as far as it is not there yet; then forget the list."""
    moved: set[Path] = set()
    for n, name in enumerate(_listed(folder, committed)):
        staged, place = committed / str(n), folder / name
        if staged.exists():
            _make(place.parent)
            try:
                os.replace(staged, place)  # noqa: PTH105 -- one call a test can count
            except OSError as error:
                # Nobody knows the name it was staged under.
                raise OSError(error.errno, error.strerror, place.as_posix()) from None
            moved.add(place.parent)
    for parent in sorted(moved):
        see_names(parent)
    with suppress(FileNotFoundError):
        os.unlink(committed / LIST)  # noqa: PTH108 -- the same
    os.rmdir(committed)  # noqa: PTH106 -- the same
    _tidy(folder)


def _listed(folder: Path, committed: Path) -> list[str]:
    """Read the names of a committed change; without a list there is nothing left of it."""
    path = committed / LIST
    if committed.is_symlink():
        raise BrokenJournalError(committed)
    if not path.exists():
        if any(committed.iterdir()):
            raise BrokenJournalError(committed)
        return []
    try:
        told = [
            (str(one["name"]), str(one["sha256"]), one.get("before"))
            for one in json.loads(path.read_bytes())
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BrokenJournalError(path) from None
    for n, (name, digest, _) in enumerate(told):
        staged = committed / str(n)
        if not _inside(folder, name) or (staged.exists() and _digest(staged) != digest):
            raise BrokenJournalError(path)
    for n, (name, digest, before) in enumerate(told):
        # Lists of older editions do not say what stood there.
        if before is not None:
            _undisturbed(folder / name, committed / str(n), (digest, before))
    return [name for name, _, _ in told]


def _undisturbed(place: Path, staged: Path, digests: tuple[str, str]) -> None:
    """Raise BrokenJournalError where a file is not as a change left it.

    `digests` are what the place is to hold, and what stood there before.
    """
    digest, before = digests
    waits, standing = staged.exists(), _standing(place)
    if waits and standing not in digests:
        raise OvertakenError(place, journal=staged.parent.as_posix())
    if not waits and standing == before != digest:
        # Neither here nor there: whoever copies the folder has not brought it yet.
        raise BrokenJournalError(staged.parent / LIST)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _standing(place: Path) -> str:
    """Give the digest of what stands in a place; empty where there is no file."""
    return _digest(place) if place.is_file() else ""


def _inside(folder: Path, name: str) -> bool:
    """Say whether a name stays inside the folder, whatever links there are."""
    if Path(name).is_absolute() or {"\\", ":", "\0"} & {*name}:
        return False
    real = Path(os.path.realpath(folder / name))
    return real.is_relative_to(os.path.realpath(folder))


def _put(path: Path, content: bytes, like: Path | None = None) -> None:
    """Write a file and see it on the disk; it gets the rights of the one it will replace."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    number = os.open(path, flags, 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(number, left) :]
        os.fsync(number)
    finally:
        os.close(number)
    if like is not None and like.exists():
        shutil.copymode(like, path)


def _roomy(place: Path) -> None:
    """Raise OSError where a file could not be put into its place later on.

    That is asked while nothing is changed: a folder that is a file, or that may not be written to,
    and a file that may not.
    """
    home = next(parent for parent in place.parents if os.path.lexists(parent))
    if not home.is_dir():
        raise OSError(ENOTDIR, os.strerror(ENOTDIR), home.as_posix())
    if place.is_dir():
        raise OSError(EISDIR, os.strerror(EISDIR), place.as_posix())
    if not os.access(home, os.W_OK | os.X_OK):
        raise OSError(EACCES, os.strerror(EACCES), home.as_posix())
    if place.exists() and not os.access(place, os.W_OK):
        # Renaming would not ask; whoever locked a record meant it.
        raise OSError(EACCES, os.strerror(EACCES), place.as_posix())


def _make(folder: Path) -> None:
    """Make a folder and those above it that are missing."""
    if folder.is_dir():
        return
    _make(folder.parent)
    with suppress(FileExistsError):
        os.mkdir(folder)  # noqa: PTH102 -- one call a test can count
    see_names(folder.parent)


def _ours(staging: Path) -> None:
    """Raise BrokenJournalError for what no change of ours left, rather than delete it."""
    if staging.is_symlink():
        raise BrokenJournalError(staging)
    for path in sorted(staging.iterdir()) if staging.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            raise BrokenJournalError(path)


def _throw_away(staging: Path) -> None:
    if not staging.is_dir():
        return
    for path in sorted(staging.iterdir()):
        os.unlink(path)  # noqa: PTH108 -- one call a test can count
    os.rmdir(staging)  # noqa: PTH106 -- the same


def _tidy(folder: Path) -> None:
    """Take the journal away once nothing is in it."""
    with suppress(OSError):
        os.rmdir(folder / JOURNAL)  # noqa: PTH106 -- one call a test can count


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder against other commands; the system lets go when a program ends.

    Windows cannot hold a folder; there two commands at once are the user's own doing.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415 -- Windows has none

    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)
