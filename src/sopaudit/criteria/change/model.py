"""A difference between two editions of a handbook: files, things in them, values of these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Path = tuple[str, ...]
"""Keys from a thing to one of its values, such as `("with", "at_most")`; a text ends in its
language, an entry without an id is named by what it is about."""

Sort = Literal["added", "retired", "changed"]

Remark = Literal["", "same_edition", "only_edition", "only_writing"]
"""What is to be said of a file: its content changed and its edition did not; the other way round;
it says the same in another way, such as lines broken elsewhere."""

OF_EDITIONS: Final = ("edition", "effective_from", "effective_until", "valid_from", "valid_until")
"""The keys of a file that say which edition it is, and nothing of what it holds."""


@dataclass(frozen=True)
class Value:
    """One value that is no longer what it was."""

    path: Path
    old: Any
    """As it was typed, with lists and groups; None where there was none."""

    new: Any

    language: str = ""
    """Of a wording."""


@dataclass(frozen=True)
class Change:
    """One thing that was added, retired, moved, renamed, or whose values changed."""

    sort: Sort
    kind: str
    """Such as `item`; see `docs/formats.md`."""

    id: str
    title: Any
    """What it is called: a text, or a group of wordings by language; None where it has no name."""

    within: str = ""
    """Where its id is good inside one thing only, such as a field of a form: the id of that."""

    was: str = ""
    """The id it had, where the text is the same and the id is not."""

    moved: tuple[str, str] | None = None
    """From which step, checklist … to which."""

    after: str | None = None
    """Where its place among the others changed: what now stands before it; empty at the top."""

    values: tuple[Value, ...] = ()
    """Of something added or retired, all of them."""


@dataclass(frozen=True)
class FileChange:
    """A file of the handbook in which something changed."""

    sort: Sort
    kind: str
    file: str
    id: str
    """Of what it holds; the name of the file where that has none."""

    title: Any
    editions: tuple[str, str]
    """Before and now."""

    remark: Remark
    changes: tuple[Change, ...]
    was: str = ""
    """The name the file had."""


@dataclass(frozen=True)
class Suspect:
    """An item that was written for a requirement which has changed, and not been reviewed since."""

    item: str
    checklist: str
    title: Any
    because: tuple[str, ...]
    """The standards and rules that changed."""

    review: tuple[tuple[str, str], ...]
    """What `reviewed` of the checklist has to say once somebody has looked: names and editions."""

    unmarked: tuple[str, ...] = ()
    """The files that changed under their old edition and need a new one first."""


@dataclass(frozen=True)
class Touch:
    """Something that changed, and those who name it."""

    kind: str
    id: str
    title: Any
    by: tuple[tuple[str, str, str], ...]
    """Kind and id of each, and the id of the file it stands in."""


@dataclass(frozen=True)
class Unchecked:
    """A standard some item verified before, and none does any more."""

    standard: str
    title: Any
    by: tuple[str, ...]
    """The items that did."""


@dataclass(frozen=True)
class Difference:
    """All that is different between two editions of a handbook."""

    languages: tuple[str, ...]
    files: tuple[FileChange, ...]
    """In the order of the handbook."""

    columns: Mapping[tuple[str, str], Any]
    """What columns are called, by the ids of table and column."""

    suspects: tuple[Suspect, ...]
    touched: tuple[Touch, ...]
    unchecked: tuple[Unchecked, ...] = ()
    unread: tuple[str, ...] = ()
    """Files that cannot be read, or not whole, in one of the editions; see their problems."""
