"""What an audit keeps in `frozen/`: the handbook as it was, and what came out with it.

`frozen.json` lists every file with its digest, so that a change is seen; and the scores of that day
with the program that made them, so that another program cannot quietly say something else.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from sopaudit.criteria.field import Entry, Word
from sopaudit.criteria.keeping import digests
from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.jsonfile import read_json
from sopaudit.evidence.testimony import Belied, FromRecords, RecordFile
from sopaudit.problems import Place, Problem
from sopaudit.reading.shape import validated

FROZEN: Final = "frozen"
LIST: Final = "frozen.json"

UNPINNED: Final = frozenset(("A013", "A014", "A016", "A017"))
"""Problems of a record that was made with another edition."""


class Engine(Entry):
    """The program that made a result."""

    name: Word
    version: Word


class FrozenScore(Entry):
    """What a checklist or a branch came to on the day it was frozen."""

    checklist: Word
    exact: Word | None = None
    score: Word | None = None
    grade: Word | None = None
    state: Word

    @property
    def told(self) -> tuple[str | None, str | None, str | None, str]:
        """What must come out again."""
        return self.exact, self.score, self.grade, self.state


class Frozen(Entry):
    """The whole of `frozen/frozen.json`."""

    schema_: Literal["sopaudit.frozen/1"] = Field(alias="schema")
    engine: Engine
    source: Word | None = Field(default=None, alias="from")
    """The git revision, ZIP file or folder it was taken from; the handbook as it was, if none."""

    files: dict[Word, Word]
    """Each file and its digest."""

    answers: dict[Word, Word]
    """The answers record of each checklist and its digest."""

    scores: tuple[FrozenScore, ...]
    from_records: dict[Word, dict[Word, FromRecords]] = Field(default_factory=dict)
    """What the records said then, by checklist and item; it counts where they are gone."""

    belied: tuple[Belied, ...] = ()
    """Records that contradicted one another."""

    records: tuple[RecordFile, ...] = ()
    """The files they said it in."""


def read_frozen(folder: Path, shown: str) -> tuple[Frozen | None, list[Problem]]:
    """Read the list of an audit's frozen handbook; None where there is none."""
    place = folder / FROZEN / LIST
    if not place.is_file():
        return None, []
    frozen, problems = validated(read_json(place, f"{shown}/{FROZEN}/{LIST}"), Frozen)
    return frozen, problems


def changed(frozen: Frozen, folder: Path, shown: str) -> Iterator[Problem]:
    """Name each file of the frozen handbook that was changed, taken away, or put there since.

    What the handbook does not read, such as the Thumbs.db of a file manager, may lie there.
    """
    now = digests(folder / FROZEN)
    names = {name for name in now if name.casefold().endswith(".yaml")}
    for name in sorted({*names, *frozen.files}):
        if now.get(name) != frozen.files.get(name):
            place = Place(f"{shown}/{FROZEN}/{name}")
            yield Problem(place, "A131", {"file": name})


def reanswered(
    frozen: Frozen, audit: Audit, answers: Mapping[str, str], shown: str
) -> Iterator[Problem]:
    """Name the records of a final audit that say something else than when it was frozen."""
    if audit.state != "final":
        return
    for checklist in sorted({*answers, *frozen.answers}):
        if answers.get(checklist) != frozen.answers.get(checklist):
            place = Place(f"{shown}/answers/{checklist}.json")
            yield Problem(place, "A133", {"checklist": checklist})
