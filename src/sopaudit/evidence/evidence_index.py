"""What lies in `evidence/` of an audit: which file shows what, and where it came from."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from sopaudit.criteria.field import Entry, Flag, Whole, Word
from sopaudit.evidence.jsonfile import read_json
from sopaudit.evidence.record import Hash, Moment
from sopaudit.evidence.recording import plain_data
from sopaudit.problems import Place, Problem
from sopaudit.reading.shape import validated

EVIDENCE: Final = "evidence"
INDEX: Final = "evidence/index.json"
"""Where it stands, from the audit folder."""

SCHEMA: Final = "sopaudit.evidence/1"


class Shows(Entry):
    """What a file is evidence of."""

    checklist: Word
    item: Word
    case: Word | None = None
    """The case of the item, where it shows one."""


class Signs(Entry):
    """Whose signature it is."""

    role: Word
    person: Word


class Came(Entry):
    """A time it was brought in."""

    name: Word
    """Its name then, with folders."""

    source: Word
    """The id of the file it came in, as in the `sources` of a record."""


class Spot(Entry):
    """Where a photo was taken, kept only where the handbook says so."""

    latitude: Word
    longitude: Word


class Kept(Entry):
    """One file of evidence."""

    file: Word
    """Its path inside the audit folder."""

    sha256: Hash
    bytes: Whole
    shows: tuple[Shows, ...] = ()
    """Nothing where nobody said what it is of."""

    signs: tuple[Signs, ...] = ()
    taken: Moment | None = None
    unproven: Flag = False
    """Nothing but a name or a chat program says when it was taken."""

    original: Hash | None = None
    """Of the content it came with, where something was cut out of it."""

    where: Spot | None = None
    came: tuple[Came, ...] = ()


class EvidenceIndex(Entry):
    """The whole of `evidence/index.json`."""

    schema_: Literal["sopaudit.evidence/1"] = Field(alias="schema")
    files: tuple[Kept, ...] = ()
    """Sorted by name."""

    @property
    def by_digest(self) -> dict[str, Kept]:
        """The files by sha256."""
        return {file.sha256: file for file in self.files}


def read_index(folder: Path) -> tuple[EvidenceIndex | None, list[Problem]]:
    """Read the index of an audit folder; one that is not there is empty, a broken one None."""
    path = folder / INDEX
    if not path.exists():
        return index_of(()), []
    if not path.is_file():
        return None, [Problem(Place(path.as_posix()), "F060")]
    return validated(read_json(path), EvidenceIndex)


def index_of(files: Iterable[Kept]) -> EvidenceIndex:
    """Make an index of files."""
    ordered = tuple(sorted(files, key=lambda kept: kept.file))
    return EvidenceIndex.model_validate({"schema": SCHEMA, "files": ordered})


def index_bytes(index: EvidenceIndex) -> bytes:
    """Write an index; equal ones are equal bytes."""
    told = {"schema": SCHEMA, "files": [plain_data(kept) for kept in index.files]}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
