"""What was said of an item, step by step: a fact a key, and all facts of an item together.

A session is the sum of its facts. They are what the journal holds, in the order they were said, so
a session that was cut off is put together again by taking them in once more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from sopaudit.criteria.field import plain
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.sheets.answering import Written, WrittenCase

Field = Literal[
    "result", "value", "counts", "note", "person", "part", "line", "file", "confirmed", "clear"
]
"""What a fact is about; `line` opens a line for another case, `clear` takes back all that was said
of the item since it was last saved, which is for the session to do.
"""

WORDS_ALONE: Final = ("na", "unchecked")
"""Words after which an item has no cases: there was nothing to look at, or nobody looked."""


@dataclass(frozen=True)
class Attached:
    """A file that shows what was seen."""

    path: str
    """Where it was when it was named; absolute."""

    sha256: str
    case: str = ""
    """The case it shows; empty where it shows the item."""


@dataclass(frozen=True)
class Said(Written):
    """All that was said of one item: what stands on any sheet, and the files that show it.

    `at` is when something was last said; empty for what stood in the record before.
    """

    files: tuple[Attached, ...] = ()
    shown: int = 0
    """Files the record named already."""

    @property
    def answered(self) -> bool:
        """Whether anything was answered, a remark alone is no answer."""
        looked = any(not case.silent for case in self.cases)
        return bool(self.result or self.value or self.checked or looked)

    @property
    def silent(self) -> bool:
        """Whether nothing was said at all."""
        return not (self.answered or self.note or self.person or self.files or self.shown)


NOTHING: Final = Said()
"""Of an item nobody spoke of."""


@dataclass(frozen=True)
class Fact:
    """One thing that was said."""

    checklist: str
    item: str
    field: Field
    text: str
    at: str
    case: str | None = None
    """The case it is about; None where it is about the item."""

    part: str = ""
    sha256: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """Give it as a line of the journal; what says nothing is left out."""
        all_ = {"at": self.at, "checklist": self.checklist, "item": self.item}
        rest = {"case": self.case, "part": self.part or None, "sha256": self.sha256 or None}
        return {
            **all_,
            **{name: value for name, value in rest.items() if value is not None},
            "field": self.field,
            "text": self.text,
        }


def fact_of(told: Mapping[str, Any]) -> Fact:
    """Read a fact from a line of the journal. Raises KeyError where it is none."""
    return Fact(
        told["checklist"],
        told["item"],
        told["field"],
        told["text"],
        told["at"],
        told.get("case"),
        told.get("part", ""),
        told.get("sha256", ""),
    )


def taken(said: Said, fact: Fact) -> Said:
    """Take a fact in; what it contradicts gives way, because the later word counts.

    Whoever confirmed an answer did not confirm another.
    """
    after = replace(_taken(said, fact), at=fact.at)
    if _words(after) != _words(said):
        after = replace(after, confirmed="")
    return after


def _words(said: Said) -> tuple[object, ...]:
    cases = {case.id: (case.result, dict(case.parts)) for case in said.cases if not case.silent}
    return said.result, said.value, said.failed, said.checked, cases


def _taken(said: Said, fact: Fact) -> Said:  # noqa: PLR0911 -- one a field
    if fact.case is not None and fact.field != "file":
        return replace(said, cases=_cases(said.cases, fact))
    match fact.field:
        case "result":
            cases = () if fact.text in WORDS_ALONE else said.cases
            return replace(said, result=fact.text, value="", failed="", checked="", cases=cases)
        case "value":
            return replace(said, result="", value=fact.text, failed="", checked="")
        case "counts":
            failed, _, checked = fact.text.partition("/")
            return replace(said, result="", value="", failed=failed, checked=checked, cases=())
        case "note":
            return replace(said, note=fact.text)
        case "person":
            return replace(said, person=fact.text)
        case "confirmed":
            return replace(said, confirmed=fact.text)
        case "file":
            return replace(said, files=(*said.files, _attached(fact)))
        case _:
            return said


def _attached(fact: Fact) -> Attached:
    return Attached(fact.text, fact.sha256, fact.case or "")


def _cases(cases: Sequence[WrittenCase], fact: Fact) -> tuple[WrittenCase, ...]:
    known = {case.id: case for case in cases}
    name = str(fact.case)
    case = known.get(name, WrittenCase(name))
    if fact.field == "result":
        case = replace(case, result=fact.text, parts={})
    elif fact.field == "part":
        parts = {**case.parts, fact.part: fact.text}
        case = replace(case, result="", parts={part: word for part, word in parts.items() if word})
    elif fact.field == "note":
        case = replace(case, note=fact.text)
    elif fact.field == "person":
        case = replace(case, person=fact.text)
    known[name] = case
    return tuple(known.values())


def said_of(given: RecordedAnswer) -> Said:
    """Give what a record says of an item, as it would have been said here."""
    failed, checked = given.counts if not given.cases else (None, None)
    cases = tuple(
        WrittenCase(
            case.id,
            "" if case.parts else case.result or "",
            dict(case.parts),
            case.person or "",
            case.note,
        )
        for case in given.cases
    )
    return Said(
        result=given.result or "",
        value="" if given.value is None else plain(given.value),
        failed="" if failed is None else str(failed),
        checked="" if checked is None else str(checked),
        note=given.note,
        person=given.person or "",
        cases=cases,
        confirmed=given.confirmed.by if given.confirmed else "",
        shown=len(given.files),
    )
