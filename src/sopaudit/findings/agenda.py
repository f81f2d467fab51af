"""What is overdue, and what falls due soon: the limits rules set to tickets that are still open.

A rule that sets a limit from one thing to another knows when it ends. Where the other thing has not
happened, the case is overdue once that moment has passed, and due soon shortly before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from sopaudit.criteria.drawing import Heading
from sopaudit.criteria.duration import Duration
from sopaudit.criteria.field import Text
from sopaudit.criteria.rule import Rule, RulePart
from sopaudit.evidence.lines import Flags, Times
from sopaudit.evidence.records import TICKETS
from sopaudit.findings.rules.case import CONFORMING, NONCONFORMING, NOT_APPLICABLE, TYPES, Cases
from sopaudit.findings.rules.engine import KINDS, Heard, heard
from sopaudit.findings.rules.hearing import YES, Hearing

_NEVER: Final = TYPES.index("never done")

_TIMED: Final = frozenset(
    ("elapsed", "deadline", "promise_kept", "overdue", "reminders", "followed")
)
"""Kinds that set a limit of time to something that may not have been done yet."""

_STANDING: Final = frozenset(("overdue",))
"""Kinds that ask only for what is not done: whatever does not conform was never done, and what is
not due yet conforms."""


@dataclass(frozen=True)
class Due:
    """One thing that is to be done."""

    heading: str
    rule: str
    part: Text | None
    """What the part of the rule is called, where it has several."""

    ticket: str
    """Or what else the case is called."""

    due: np.datetime64
    overdue: bool
    person: str
    """As the records have it; empty where they name nobody."""

    posts: tuple[str, ...]
    """Whose people it is where nobody is named."""


@dataclass(frozen=True)
class Agenda:
    """Everything overdue or due soon, by due moment."""

    now: np.datetime64
    until: np.datetime64
    """The end of “soon”."""

    entries: tuple[Due, ...]
    unheard: tuple[str, ...] = ()
    """Rules nothing can hear yet."""

    missing: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Rules that need records nobody handed in, with these."""


def agenda(hearing: Hearing, headings: Sequence[Heading], ahead: Duration) -> Agenda:
    """Look at the rules of all headings; what two rules of one heading ask stands there once."""
    until = hearing.clock().due(np.array([hearing.now]), ahead)[0]
    entries: dict[tuple[str, str, np.datetime64], Due] = {}
    unheard: list[str] = []
    missing: list[tuple[str, tuple[str, ...]]] = []
    for heading in headings:
        for name in heading.rules:
            for rule in _timed(hearing.handbook.rules[name]):
                if any(kind not in KINDS for kind in rule.kinds):
                    unheard.append(name)
                    continue
                found = heard(hearing, rule)
                if not found.assessable:
                    missing.append((name, found.missing))
                for one in found.parts:
                    for due in _entries(hearing, (heading, name), one, until):
                        entries.setdefault((due.heading, due.ticket, due.due), due)
    ordered = sorted(entries.values(), key=lambda one: (one.due, one.heading, one.ticket, one.rule))
    return Agenda(hearing.now, until, tuple(ordered), tuple(dict.fromkeys(unheard)), tuple(missing))


def _timed(rule: Rule) -> Iterator[Rule]:
    """Give the parts of a rule that set a limit of time, each as a rule of its own.

    So a part that asks for a filled field, or for a record nobody handed in, keeps no other silent.
    """
    if rule.kind in _TIMED:
        yield rule
    for part in rule.all_of:
        if part.kind in _TIMED:
            yield rule.model_copy(update={"all_of": (part,)})


def _entries(
    hearing: Hearing, under: tuple[Heading, str], one: Heard, until: np.datetime64
) -> Iterator[Due]:
    """Give what a part of a rule asks, `under` a heading and the id of the rule."""
    (heading, rule), cases = under, one.cases
    late, soon, due = waiting(hearing, one.part, cases, until)
    for place in np.flatnonzero(late | soon).tolist():
        ticket = int(cases.ticket[place])
        name = hearing.records.tickets[ticket] if ticket >= 0 else ""
        if not name and cases.names is not None:
            name = cases.names[place]
        yield Due(
            heading.id,
            rule,
            one.part.title,
            name,
            due[place],
            overdue=bool(late[place]),
            person=_person(hearing, heading, ticket),
            posts=heading.posts,
        )


def waiting(
    hearing: Hearing, part: RulePart, cases: Cases, until: np.datetime64
) -> tuple[Flags, Flags, Times]:
    """Say of each case whether it is overdue, or due until then, and when it was or is due."""
    empty = np.full(len(cases), np.datetime64("NaT", "us"))
    due = cases.due if cases.due is not None else empty
    at = cases.at if cases.at is not None else empty
    # Where nothing was done, the moment of the case is when it should have been.
    due = np.where(np.isnat(due), at, due)
    standing = part.kind in _STANDING
    never = np.full(len(cases), standing)
    if cases.type is not None:
        never |= cases.type == _NEVER
    late: Flags = (cases.verdict == NONCONFORMING) & never & (due <= hearing.now)
    if part.given.get("never") == "skip":
        return late, np.zeros(len(cases), np.bool_), due
    ahead = (due > hearing.now) & (due <= until)
    # What was done needs no doing, though its moment is still to come.
    open_ = ~(at <= hearing.now)
    if standing:
        waits = (cases.verdict == CONFORMING) & (at == due)
    else:
        waits = cases.verdict == NOT_APPLICABLE
    soon: Flags = waits & ahead & open_ & _applies(hearing, part, cases)
    return late, soon, due


def _applies(hearing: Hearing, part: RulePart, cases: Cases) -> Flags:
    """Say of each case whether its rule asks anything of it at all, done or not."""
    found = np.zeros(len(cases), np.bool_)
    mine = cases.ticket >= 0
    asked = hearing.applies_to_tickets(part.given) == YES
    if "until" in part.given:
        ended = hearing.moments(str(part.given["until"]))
        asked &= ended.take(np.flatnonzero(~(ended.at > hearing.now))).count(hearing.size) == 0
    found[mine] = asked[cases.ticket[mine]]
    for record, line in cases.lines:
        here = ~mine & (line >= 0)
        found[here] = hearing.applies(part.given, record, line[here].astype(np.intp)) == YES
        mine |= here
    return found


def _person(hearing: Hearing, heading: Heading, ticket: int) -> str:
    home = int(hearing.records.home[ticket]) if ticket >= 0 else -1
    if home < 0:
        return ""
    lines = hearing.lines(TICKETS)
    for field in heading.person:
        record, _, name = field.partition(".")
        if record == TICKETS and not lines.blank(name)[home]:
            cells = lines.coded(name)
            return cells.distinct()[int(cells.codes[home])]
    return ""


def holders(hearing: Hearing, posts: Sequence[str]) -> tuple[str, ...]:
    """List who holds one of the posts in the office on the day, by staff number."""
    day = hearing.now.astype("datetime64[D]").astype(date)
    people = hearing.handbook.people(hearing.records.office, day)
    return tuple(one.id for one in people if set(one.posts) & set(posts))
