"""What a sheet asks, before it is a workbook, a form or a page: the same for every channel.

A blank belongs to one audit, or to no audit yet. It holds the checklists as they are asked on the
day of the audit, the tickets that were drawn for it, what was found last time, and whatever is
answered already, with which a sheet may be filled in advance.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Final, Literal

from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.judging import answer_set, set_words
from sopaudit.criteria.label import decisive
from sopaudit.criteria.organisation import Person
from sopaudit.criteria.scheme import AnswerSet, Each, Scheme
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.grounds import fails
from sopaudit.evidence.people import People
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.findings.finding import Finding

SCHEMA: Final = "sopaudit.sheet/1"
"""The version of what every sheet says of itself."""

Way = Literal["word", "occurrences", "cases", "points"]
"""How an item is answered: with a word; with how often something occurred; with cases that conform
or do not; with a number of points."""


@dataclass(frozen=True)
class Before:
    """What the audit this one follows found at an item."""

    audit: str
    day: date
    given: tuple[RecordedAnswer, ...]
    """As it was answered then."""

    finding: Finding | None
    """The nonconformity, open until this audit says otherwise; None where there was none."""


@dataclass(frozen=True)
class Ask:
    """One item as a sheet asks it."""

    item: Item
    answers: AnswerSet
    way: Way
    words: tuple[str, ...]
    """The words it may be answered with, in the order of the scheme."""

    points: Fraction | None
    """What it is worth on the day of the audit."""

    veto: bool
    """An answer to it can end in a limit that needs no points, such as a veto."""

    witness: bool = False
    """Such a limit waits until a second person confirms the answer, so a sheet has room for one."""

    before: Before | None = None
    given: tuple[RecordedAnswer, ...] = ()
    """What is answered already; the same item may be answered for several persons."""

    @property
    def drawn(self) -> bool:
        """Whether drawn tickets may be its cases."""
        return self.way == "cases"

    def waits(self, given: RecordedAnswer, day: date) -> bool:
        """Say whether an answer has no effect yet, since no second person has confirmed it."""
        waits = self.witness and given.confirmed is None
        return waits and fails(given, self.item, self.answers, day)


@dataclass(frozen=True)
class Leaf:
    """One checklist of a blank."""

    checklist: Checklist
    """As it is asked on the day."""

    scheme: Scheme
    digest: str
    scheme_digest: str
    asks: tuple[Ask, ...]
    people: tuple[Person, ...]
    """Who held the post in the office in those days; empty where nobody is known."""

    @property
    def id(self) -> str:
        """The id of the checklist."""
        return self.checklist.id

    @property
    def by_id(self) -> dict[str, Ask]:
        """The items by id."""
        return {ask.item.id: ask for ask in self.asks}

    @property
    def grid(self) -> tuple[Ask, ...]:
        """The items whose cases are ticked in a list of cases."""
        return tuple(ask for ask in self.asks if ask.drawn)


@dataclass(frozen=True)
class Blank:
    """A set of checklists to be filled in."""

    handbook: Handbook
    audit: Audit | None
    """None for a blank of no audit in particular."""

    day: date
    """The day its items are asked on."""

    leaves: tuple[Leaf, ...]
    tickets: tuple[str, ...] = ()
    """The tickets drawn for the audit, those always looked at last."""

    certain: frozenset[str] = frozenset()
    """Those among them that are looked at whatever is drawn."""

    start: str = ""
    """The start number of the draw."""

    population: int | None = None
    """From how many tickets they were drawn."""

    part: tuple[int, int] = (1, 1)
    """Which part of how many; the parts of an audit add up to the whole."""

    folder: AuditFolder | None = None

    @property
    def drawn(self) -> tuple[str, ...]:
        """The tickets that were drawn by chance."""
        return tuple(ticket for ticket in self.tickets if ticket not in self.certain)

    @property
    def asks(self) -> Iterator[tuple[Leaf, Ask]]:
        """Every item with its checklist."""
        return ((leaf, ask) for leaf in self.leaves for ask in leaf.asks)

    def leaf(self, checklist: str) -> Leaf | None:
        """Give a checklist of it."""
        return next((leaf for leaf in self.leaves if leaf.id == checklist), None)

    @property
    def auditors(self) -> tuple[Person, ...]:
        """Who examines, as far as the roster knows them."""
        named = self.audit.auditors if self.audit else ()
        return tuple(filter(None, map(self.handbook.person, named)))

    @property
    def auditees(self) -> tuple[Person, ...]:
        """Whose work is examined, as far as the roster knows them."""
        named = self.audit.auditees if self.audit else ()
        return tuple(filter(None, map(self.handbook.person, named)))

    @cached_property
    def witnesses(self) -> tuple[Person, ...]:
        """Who may have seen it too, as a veto needs: the same on every sheet of an audit.

        It is a list to choose from, so it is empty without an audit.
        """
        return People(self.handbook, self.audit).witnesses() if self.audit else ()

    def seconds(self, leaf: Leaf) -> tuple[Person, ...]:
        """Give those among them who can confirm as signatures stand; unsigned, no leader alone."""
        if self.audit is None:
            return ()
        record = self.folder.records.get(leaf.id) if self.folder else None
        people = People(self.handbook, self.audit)
        return tuple(one for one in self.witnesses if people.stands(one.id, record))

    @property
    def name(self) -> str:
        """What its file is called, without an ending."""
        stem = self.audit.id if self.audit else "_".join(leaf.id for leaf in self.leaves)
        number, of = self.part
        return stem if of == 1 else f"{stem}-{number}of{of}"


@dataclass(frozen=True)
class Wish:
    """What is wanted of a blank besides its questions."""

    filled: bool = False
    """Answers there are already stand in it."""

    part: tuple[int, int] = (1, 1)
    """Which part of how many."""


WHOLE: Final = Wish()


def ask(scheme: Scheme, item: Item, day: date) -> Ask:
    """Say how an item is asked on a day."""
    answers = answer_set(scheme, item)
    way: Way = "word"
    if answers == "rate":
        way = "cases"
    elif answers == "number":
        way = "points"
    elif isinstance(answers, Each):
        way = "occurrences"
    words = tuple(word for word in set_words(answers) if word != "na" or item.na_allowed)
    limits = tuple(decisive(scheme, item))
    waits = any(limit.confirm for limit in limits)
    return Ask(item, answers, way, words, item.points_on(day), bool(limits), waits)


def blank_of(
    handbook: Handbook,
    checklists: Sequence[str],
    day: date,
    folder: AuditFolder | None = None,
    wish: Wish = WHOLE,
) -> Blank:
    """Make a blank of some checklists; those of an audit hold its sample and what came before."""
    audit = folder.audit if folder else None
    before = _before(folder)
    leaves = []
    for name in checklists:
        checklist = handbook.checklists[name].on(day)
        scheme = handbook.schemes[checklist.scheme]
        given = _given(folder, name) if wish.filled else {}
        asks = tuple(
            replace(
                ask(scheme, item, day),
                before=before.get((name, item.id)),
                given=given.get(item.id, ()),
            )
            for item in _cut(checklist.items, wish.part)
        )
        digests = handbook.digests
        leaf = Leaf(
            checklist, scheme, digests.get(name, ""), digests.get(scheme.id, ""), asks,
            _people(handbook, checklist, audit),
        )  # fmt: skip
        if asks:
            leaves.append(leaf)
    drawn = folder.drawn if folder else None
    certain = tuple(one.ticket for one in drawn.certain) if drawn else ()
    return Blank(
        handbook,
        audit,
        day,
        tuple(leaves),
        tuple(dict.fromkeys((*drawn.drawn, *certain))) if drawn else (),
        frozenset(certain),
        drawn.start if drawn else "",
        drawn.population if drawn else None,
        wish.part,
        folder,
    )


def checklists_of(folder: AuditFolder) -> tuple[str, ...]:
    """List the checklists an audit covers: of the posts in its scope, or of all there are."""
    scope, known = folder.audit.scope, folder.handbook.checklists
    if scope is None:
        return tuple(known)
    return tuple(name for name, one in known.items() if one.post in scope.posts)


def _cut(items: Sequence[Item], part: tuple[int, int]) -> Sequence[Item]:
    """Take one of several parts, as even as they can be, each item in exactly one of them."""
    number, of = part
    return items[len(items) * (number - 1) // of : len(items) * number // of]


def _people(handbook: Handbook, checklist: Checklist, audit: Audit | None) -> tuple[Person, ...]:
    if audit is None or checklist.post is None:
        return ()
    first, last = min(audit.period.from_, audit.date), max(audit.period.to, audit.date)
    found: dict[str, Person] = {}
    for person in handbook.roster:
        there = (person.from_ or last) <= last and (person.to or first) >= first
        if there and person.office == audit.office and checklist.post in person.posts:
            found.setdefault(person.id, person)
    return tuple(found.values())


def _given(folder: AuditFolder | None, checklist: str) -> Mapping[str, tuple[RecordedAnswer, ...]]:
    record = folder.records.get(checklist) if folder else None
    found: dict[str, tuple[RecordedAnswer, ...]] = {}
    for given in record.answers if record else ():
        found[given.item] = (*found.get(given.item, ()), given)
    return found


def _before(folder: AuditFolder | None) -> dict[tuple[str, str], Before]:
    """Tell what the audit before this one found, by checklist and item."""
    previous = folder.previous if folder else None
    if previous is None:
        return {}
    findings = {(f.checklist, f.item.id): f for f in conclude_folder(previous).findings}
    told: dict[tuple[str, str], Before] = {}
    for name in previous.records:
        for item, given in _given(previous, name).items():
            at = (name, item)
            told[at] = Before(previous.audit.id, previous.audit.date, given, findings.get(at))
    return told


def identity(blank: Blank) -> dict[str, object]:
    """Say which sheet it is: what is held against the audit when it is read back.

    The digest of the checklists tells editions apart, `seal` whether somebody changed the rest.
    """
    audit = blank.audit
    told: dict[str, object] = {
        "schema": SCHEMA,
        "audit": audit.id if audit else "",
        "office": audit.office if audit else "",
        "day": blank.day.isoformat(),
        "part": list(blank.part),
        "start": blank.start,
        "checklists": [
            {
                "id": leaf.id,
                "edition": leaf.checklist.edition,
                "digest": leaf.digest,
                "scheme": {
                    "id": leaf.scheme.id,
                    "edition": leaf.scheme.edition,
                    "digest": leaf.scheme_digest,
                },
            }
            for leaf in blank.leaves
        ],
    }
    return {**told, "seal": sealed(told)}


def sealed(told: Mapping[str, object]) -> str:
    """Hash what a sheet says of itself, without its seal."""
    bare = {key: value for key, value in told.items() if key != "seal"}
    canonical = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
