"""An audit folder `audits/<id>/`: who looked at which office over which days, and what was seen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.answers import AnswerFrame, facts_asked
from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.drawn import SAMPLE, Drawn, read_drawn
from sopaudit.evidence.examination import Examination, inside
from sopaudit.evidence.frozen import FROZEN, UNPINNED, Frozen, changed, read_frozen, reanswered
from sopaudit.evidence.jsonfile import read_json, without
from sopaudit.evidence.people import People
from sopaudit.evidence.record import Record
from sopaudit.evidence.testimony import Belied, RecordFile
from sopaudit.evidence.transaction import JOURNAL, waiting
from sopaudit.problems import Place, Problem, choices, in_file_order
from sopaudit.reading.document import Document, Loc
from sopaudit.reading.events import read
from sopaudit.reading.folder import listed
from sopaudit.reading.shape import mistakes, validated

if TYPE_CHECKING:
    from sopaudit.evidence.standing import Said

AUDITS: Final = "audits"
AUDIT: Final = "audit.yaml"
ANSWERS: Final = "answers"

_FROM_OUTSIDE: Final = ("region", "hq", "unannounced", "mystery")
"""Kinds in which nobody examines their own office."""


@dataclass(frozen=True)
class AuditFolder:
    """An audit with everything that was recorded in it."""

    folder: Path
    audit: Audit
    handbook: Handbook
    """What it is held against: the handbook in `frozen/` where there is one."""

    frozen: bool
    """Whether it is that one."""

    records: Mapping[str, Record]
    """The answers records by checklist, as they were written."""

    files: Mapping[str, Path]
    """The file of each record."""

    frames: Mapping[str, AnswerFrame]
    """The usable answers by checklist, for scoring."""

    documents: Mapping[str, Document] = field(default_factory=dict)
    """Each record as it stood in its file, by checklist."""

    kept: Frozen | None = None
    """What stands beside the frozen handbook: its digests, and what came out with it."""

    drawn: Drawn | None = None
    """The tickets that were drawn for it, where `tickets sample` kept its draw."""

    previous: "AuditFolder | None" = None
    """The audit it follows, sound and of the same office; its own is not looked for."""

    own: Mapping[str, Record] | None = None
    """What auditors recorded, once `records` hold what counts; None before the records spoke."""

    said: Mapping[tuple[str, str], "Said"] = field(default_factory=dict)
    """What the records of the office said, by checklist and item."""

    belied: tuple[Belied, ...] = ()
    """Records that contradict one another."""

    held: tuple[RecordFile, ...] = ()
    """The files in `data/` that were heard."""

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each record, by checklist."""
        return {checklist: document.digest for checklist, document in self.documents.items()}


def read_audit(
    folder: Path, handbook: Handbook, shown: str | None = None
) -> tuple[AuditFolder | None, list[Problem]]:
    """Read an audit folder whole, and the audit it follows; all mistakes are in file order.

    There is no audit where `audit.yaml` or the frozen handbook cannot be read. A record whose head
    cannot be shaped is left out, and so is each single answer that cannot, or is no answer to its
    item; whoever shows a result must therefore look at the problems first.
    """
    shown = folder.as_posix() if shown is None else shown
    found, document, problems = _read(folder, handbook, shown)
    if found is not None and found.audit.follows is not None:
        previous, wrong = _previous(found, document, handbook)
        found = replace(found, previous=previous)
        problems += wrong
    return found, in_file_order(problems)


def read_alone(
    folder: Path, handbook: Handbook, shown: str | None = None
) -> tuple[AuditFolder | None, list[Problem]]:
    """Read an audit folder to be replayed: neither the audit it follows, nor its pins, matter."""
    shown = folder.as_posix() if shown is None else shown
    found, _, problems = _read(folder, handbook, shown, carried=True)
    return found, in_file_order(problems)


def _previous(
    present: AuditFolder, document: Document, handbook: Handbook
) -> tuple[AuditFolder | None, list[Problem]]:
    """Read the audit that `present` follows, beside the others of the handbook.

    Its own mistakes are told when it is scored itself; here they are one.
    """
    audit, loc = present.audit, ("follows",)
    name = str(audit.follows)
    shelf = handbook.folder / AUDITS
    folder = inside(shelf, name)
    if folder is None or not (folder / AUDIT).is_file():
        known = sorted(path.parent.name for path in shelf.glob(f"*/{AUDIT}"))
        near = choices(name, [other for other in known if other != present.folder.name])
        return None, [document.problem("A080", loc, word=name, choices=near)]
    found, _, problems = _read(folder, handbook, folder.as_posix())
    if found is None or problems:
        return None, [document.problem("A082", loc, word=name, number=len(problems))]
    if found.audit.office != audit.office:
        word, office = found.audit.office, audit.office
        return None, [document.problem("A081", loc, previous=name, word=word, office=office)]
    if found.audit.date >= audit.date:
        day, date = found.audit.date, audit.date
        return None, [document.problem("A083", loc, previous=name, day=day, date=date)]
    return found, []


def _read(
    folder: Path, handbook: Handbook, shown: str, *, carried: bool = False
) -> tuple[AuditFolder | None, Document, list[Problem]]:
    """Read one audit folder, whatever it follows."""
    document = Document(f"{shown}/{AUDIT}", None)
    problems = [
        _outside(shown, name) for name in (AUDIT, FROZEN, SAMPLE) if inside(folder, name) is None
    ]
    if problems:
        return None, document, problems
    frozen = (folder / FROZEN).is_dir()
    used: Handbook | None = handbook
    if not frozen and (folder / FROZEN).exists():
        problems.append(Problem(Place(f"{shown}/{FROZEN}"), "Y064"))
    kept: Frozen | None = None
    if frozen:
        used, problems = load_handbook(folder / FROZEN, shown=f"{shown}/{FROZEN}")
        kept, wrong = read_frozen(folder, shown)
        problems += [*wrong, *(changed(kept, folder, shown) if kept else ())]
    spoiled = any(problem.code == "A131" for problem in problems)
    document = read(folder / AUDIT, f"{shown}/{AUDIT}")
    audit, wrong = validated(document, Audit)
    problems += [Problem(Place(f"{shown}/{JOURNAL}"), "F073") for _ in waiting(folder)]
    written = _records(folder, shown, problems)
    problems += wrong
    if audit is None or used is None:
        return None, document, problems
    people = People(used, audit)
    problems += _audit(audit, document, used, people)
    records: dict[str, Record] = {}
    files: dict[str, Path] = {}
    frames: dict[str, AnswerFrame] = {}
    documents: dict[str, Document] = {}
    for record, source in written:
        checklist = record.checklist.id
        if checklist in records:
            first = files[checklist].name
            problems.append(source.problem("A015", ("checklist", "id"), first=first))
            continue
        records[checklist] = record
        documents[checklist] = source
        files[checklist] = folder / ANSWERS / Path(source.path).name
        beside = [other for other, _ in written]
        examination = Examination(
            folder, audit, used, source, record, people, carried=carried, beside=beside
        )
        frame = examination.frame()
        # Where the frozen files were changed, to restore them is the one way out.
        problems += [p for p in examination.problems if not (spoiled and p.code in UNPINNED)]
        if frame is not None:
            frames[checklist] = frame
    # A result says nothing of the program any more once its handbook was changed.
    held = None if spoiled else kept
    drawn, wrong = read_drawn(folder / SAMPLE, f"{shown}/{SAMPLE}")
    problems += wrong
    found = AuditFolder(folder, audit, used, frozen, records, files, frames, documents, held, drawn)
    problems += reanswered(kept, audit, found.digests, shown) if kept else ()
    return found, document, problems


def _outside(shown: str, name: str) -> Problem:
    return Problem(Place(f"{shown}/{name}"), "A042", {"file": name})


def _records(folder: Path, shown: str, problems: list[Problem]) -> list[tuple[Record, Document]]:
    """Read the answers records, those named as they should be first.

    A file among them that is none is a problem, not a secret.
    """
    read: list[tuple[Record, Document]] = []
    paths, wrong = listed(folder / ANSWERS, f"{shown}/{ANSWERS}")
    problems += wrong
    for path in paths:
        if path.name.startswith("."):
            continue
        name = f"{ANSWERS}/{path.name}"
        place = Place(f"{shown}/{name}")
        if inside(folder, name) is None:
            problems.append(_outside(shown, name))
        elif path.suffix != ".json" or not path.is_file():
            problems.append(Problem(place, "A043", {"file": name}))
        else:
            record, document, wrong = _spared(read_json(path, place.path))
            problems += wrong
            if record is not None:
                read.append((record, document))
    return sorted(read, key=lambda pair: Path(pair[1].path).stem != pair[0].checklist.id)


def _spared(document: Document) -> tuple[Record | None, Document, list[Problem]]:
    """Read a record without the answers and signatures that could not be shaped; those are told."""
    record, problems = validated(document, Record)
    if record is not None or document.data is None:
        return record, document, problems
    try:
        Record.model_validate(document.data)
    except ValidationError as error:
        wrong = {detail["loc"][:2] for detail in mistakes(error)}
        if all(loc[0] in ("answers", "signatures") and len(loc) > 1 for loc in wrong):
            document = without(document, wrong)
            record = validated(document, Record)[0]
    return record, document, problems


def _audit(
    audit: Audit, document: Document, handbook: Handbook, people: People
) -> Iterator[Problem]:
    """Check what `audit.yaml` names, and its days."""
    if audit.office not in handbook.offices:
        near = choices(audit.office, list(handbook.offices))
        yield document.problem("A060", ("office",), word=audit.office, choices=near)
    if audit.period.to < audit.period.from_:
        first, last = audit.period.from_, audit.period.to
        yield document.problem("A061", ("period", "to"), first=first, last=last)
    elif audit.date < audit.period.from_:
        yield document.problem("A062", ("date",), first=audit.period.from_, day=audit.date)
    if audit.appeal_until is not None and audit.appeal_until < audit.date:
        last, day = audit.appeal_until, audit.date
        yield document.problem("A084", ("appeal_until",), last=last, day=day)
    for n, post in enumerate(audit.scope.posts if audit.scope else ()):
        if post not in handbook.posts:
            near = choices(post, list(handbook.posts))
            yield document.problem("A100", ("scope", "posts", n), post=post, choices=near)
    yield from _facts(audit, document, handbook)
    yield from _team(audit, document, people)
    items = [item for checklist in handbook.checklists.values() for item in checklist.by_id]
    for key in ("good_practice", "observations"):
        for n, remark in enumerate(getattr(audit, key)):
            if remark.item is not None and remark.item not in items:
                near = choices(remark.item, items)
                yield document.problem("A065", (key, n, "item"), item=remark.item, choices=near)


def _facts(audit: Audit, document: Document, handbook: Handbook) -> Iterator[Problem]:
    """Check facts against what surcharges ask: a slip there would cost points without a word."""
    asked = facts_asked(handbook.schemes.values())
    for fact, said in audit.facts.items():
        known = asked.get(fact)
        if known is None:
            near = choices(fact, list(asked))
            yield document.problem("A142", ("facts", fact), key=True, word=fact, choices=near)
        elif said not in known:
            near = choices(said, known)
            yield document.problem("A143", ("facts", fact), fact=fact, word=said, choices=near)


def _team(audit: Audit, document: Document, people: People) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, member in enumerate(audit.team):
        loc: Loc = ("team", n, "person")
        yield from people.known(document, loc, member.person)
        if audit.kind in _FROM_OUTSIDE and member.role != "escort":
            yield from people.foreign(document, loc, member.person)
        if member.person in seen:
            yield document.problem("A064", loc, person=member.person)
        seen.add(member.person)
    if not audit.auditors:
        yield document.problem("A063", ("team",), key=True)
    for n, person in enumerate(audit.auditees):
        yield from people.inspected(document, ("auditees", n), person)
