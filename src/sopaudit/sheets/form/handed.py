"""What the offline form hands over: `sopaudit.filled/1`, as it is written by `source/state.js`.

Everything is text here, because what was tapped and typed is read in one place for every channel.
"""

from typing import Any, Literal

from pydantic import Field

from sopaudit.criteria.field import Entry, Word
from sopaudit.evidence.record import Hash, Moment


class Picture(Entry):
    """A photo or a signature that lies beside the answers."""

    file: Word
    """Its path in the ZIP: `photos/CK-HTL-B2_1.jpg`."""

    sha256: Hash
    taken: Moment | None = None
    """When it was taken into the form, by the clock of the phone."""

    file_time: Moment | None = None
    """What the file said of itself, which may be the time of a copy."""

    name: str = ""
    """What the file was called."""


class HandedCase(Entry):
    """A line of the list of cases."""

    id: str = ""
    result: str = ""
    parts: dict[Word, str] = Field(default_factory=dict)
    person: str = ""
    note: str = ""
    evidence: tuple[Picture, ...] = ()


class HandedSample(Entry):
    """The cases that were looked at, or how many."""

    failed: str = ""
    checked: str = ""
    cases: tuple[HandedCase, ...] = ()


class HandedConfirmation(Entry):
    """Who has seen it too."""

    by: Word


class HandedAnswer(Entry):
    """What was filled in at one item."""

    item: Word
    result: str = ""
    value: str = ""
    note: str = ""
    at: str = ""
    person: str = ""
    confirmed: HandedConfirmation | None = None
    evidence: tuple[Picture, ...] = ()
    sample: HandedSample = HandedSample()


class HandedSignature(Entry):
    """Who signed on the screen."""

    role: Literal["auditor", "auditee", "head", "escort"]
    person: Word
    at: Moment | None = None
    drawn: Picture | None = None


class HandedRecord(Entry):
    """The answers to one checklist."""

    schema_: Literal["sopaudit.answers/1"] = Field(alias="schema")
    audit: str = ""
    checklist: dict[str, Any]
    channel: Literal["html"]
    answers: tuple[HandedAnswer, ...]
    signatures: tuple[HandedSignature, ...] = ()


class Handed(Entry):
    """The whole of `answers.json`."""

    schema_: Literal["sopaudit.filled/1"] = Field(alias="schema")
    sheet: dict[str, Any]
    """What the sheet says of itself: see `sheets.identity`."""

    saved_at: Moment
    by: str = ""
    """Who filled it, by staff number."""

    records: tuple[HandedRecord, ...]
