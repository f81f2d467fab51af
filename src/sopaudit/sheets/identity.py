"""Which sheet a filled one is: held against the audit it is to go into before a word is read.

A sheet of another audit, of another edition of its checklist, or one whose hidden facts somebody
changed is refused whole, with the way out; half-read sheets would score by the wrong questions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sopaudit.evidence.pinned import UNKNOWN, pins_of, revision
from sopaudit.evidence.record import ChecklistUsed, Record, Used
from sopaudit.problems import Place, Problem, choices
from sopaudit.sheets.blank import SCHEMA, Blank, sealed


@dataclass(frozen=True)
class Identity:
    """What a sheet says of itself."""

    audit: str
    """Empty for a sheet of no audit in particular."""

    checklists: tuple[ChecklistUsed, ...]
    part: tuple[int, int] = (1, 1)
    start: str = ""


def identity_of(told: Mapping[str, Any], place: Place) -> tuple[Identity | None, list[Problem]]:
    """Read what a sheet says of itself; it is refused where that was changed."""
    unsound = [Problem(place, "F017")]
    if told.get("schema") != SCHEMA or told.get("seal") != sealed(told):
        return None, unsound
    try:
        used = tuple(_used(one) for one in told["checklists"])
        number, of = told["part"]
        found = Identity(str(told["audit"]), used, (int(number), int(of)), str(told["start"]))
    except (KeyError, TypeError, ValueError):
        # A seal is no secret: whoever can make one may have sealed anything.
        return None, unsound
    return found, []


def _used(told: Mapping[str, Any]) -> ChecklistUsed:
    scheme = Used.model_construct(None, **_named(told["scheme"]))
    return ChecklistUsed.model_construct(None, **_named(told), scheme=scheme)


def _named(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(told[key]) for key in ("id", "edition", "digest")}


def refused(found: Identity, blank: Blank, place: Place) -> Iterator[Problem]:
    """Say why a sheet cannot go into the audit of `blank`; nothing where it can."""
    audit = blank.audit
    if audit is None:
        return
    if found.audit and found.audit != audit.id:
        yield Problem(place, "F008", {"word": found.audit, "audit": audit.id})
        return
    known = {leaf.id: leaf for leaf in blank.leaves}
    for used in found.checklists:
        leaf = known.get(used.id)
        if leaf is None:
            near = choices(used.id, list(known))
            told = {"checklist": used.id, "audit": audit.id, "choices": near}
            yield Problem(place, "F018", told)
        elif (used.edition, used.digest) != (leaf.checklist.edition, leaf.digest) or (
            used.scheme is not None and used.scheme.digest != leaf.scheme_digest
        ):
            yield Problem(place, "F009", _way_out(found, used, blank, leaf.checklist.edition))


def _way_out(found: Identity, used: Used, blank: Blank, edition: str) -> dict[str, str]:
    """Name the audit, and the revision of the handbook that had what the sheet was made of."""
    record = Record.model_construct(checklist=used, answers=(), signatures=())
    known = revision(blank.handbook, pins_of([record]))
    audit = blank.folder.folder.as_posix() if blank.folder else found.audit
    return {
        "checklist": used.id,
        "word": used.edition,
        "edition": edition,
        "audit": audit,
        "revision": known or UNKNOWN,
    }
