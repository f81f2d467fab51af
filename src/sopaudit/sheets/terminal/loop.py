"""A session from its first question to the record: asked, journalled, and only then gone on.

Whoever runs it gives it a way to show lines and a way to ask; everything else is here, so that a
test can end it at any step as a power cut would.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final, Protocol

from sopaudit.evidence.audit import AuditFolder
from sopaudit.problems import Place, Problem
from sopaudit.sheets.intake.bringing import Brought, bring
from sopaudit.sheets.terminal import screen
from sopaudit.sheets.terminal.asking import Question, question, turn
from sopaudit.sheets.terminal.filling import Key, filled
from sopaudit.sheets.terminal.form import Form, lacking_items, open_items, waiting_named
from sopaudit.sheets.terminal.journal import FOLDER, Journal
from sopaudit.sheets.terminal.lines import Shown
from sopaudit.sheets.terminal.said import fact_of
from sopaudit.sheets.terminal.session import Session, Tools, Turn, begin

_NEVER: Final = object()

BESIDE: Final = ("note", "person")
"""What may be said before there is an answer."""


class Person(Protocol):
    """Somebody at a keyboard."""

    def show(self, lines: Sequence[Shown]) -> None:
        """Let them see lines."""

    def ask(self, asked: Question) -> str | None:
        """Wait for a key or a line; None where nothing more will come."""

    def echo(self, asked: Question, text: str) -> None:
        """Show what an answer was taken for."""


@dataclass(frozen=True)
class Outcome:
    """How a session ended."""

    brought: Brought | None
    """None where there was nothing to save."""

    kept: Path | None
    """Where the journal is now; None where it is still in use, or was never begun."""

    session: Session
    problems: tuple[Problem, ...]

    @property
    def open(self) -> int:
        """How many items are not answered, or lack something."""
        form, said = self.session.form, self.session.said
        return len({*open_items(form, said), *lacking_items(form, said)})

    @property
    def waiting(self) -> str:
        """The items that wait for a second person; whoever filled it in alone cannot help it."""
        return waiting_named(self.session.form, self.session.said)


def converse(
    form: Form, journal: Journal, person: Person, tools: Tools, start: Key | None = None
) -> Session:
    """Ask until somebody quits or comes to the end; every step is on the disk before the next."""
    session = begin(form, [*journal.left, *journal.told], start)
    seen: object = _NEVER
    again = False
    while True:
        if session.spot.key != seen:
            person.show(screen.card(session))
            seen = session.spot.key
        if not again:
            person.show(screen.asked(session))
        asked = question(session)
        try:
            text = person.ask(asked)
        except KeyboardInterrupt:
            text = None
        came = turn(session, text, tools)
        _noted(journal, session, came, tools)
        if text is not None:
            person.echo(asked, came.told or text)
        person.show(screen.answered(session, came))
        again = came.strange
        if came.fact is not None and came.fact.field == "clear":
            seen = _NEVER
        session = came.session
        if came.end:
            return session


def _noted(journal: Journal, session: Session, came: Turn, tools: Tools) -> None:
    """Put into the journal what was said, and where it goes on; to look for an item is no step."""
    there = came.session.spot
    moved = there != session.spot and there.step != "jump"
    if came.fact is not None:
        journal.add({**came.fact.told, "then": there.told})
    elif moved:
        journal.add({"at": tools.now(), "then": there.told})


def unwritten(session: Session, lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """List the remarks and persons that no record takes, because nothing was answered beside them.

    They wait for their answer, which may be given in another session.
    """
    left: dict[tuple[object, ...], dict[str, Any]] = {}
    for line in lines:
        if "field" not in line:
            continue
        fact = fact_of(line)
        key = fact.checklist, fact.item
        if fact.field == "clear":
            left = {at: told for at, told in left.items() if at[0] != key}
        elif fact.field in BESIDE and key in session.form.asks:
            answer, _ = session.form.read(key, session.of(key))
            cases = {case.id for case in answer.cases} if answer else set[str]()
            if answer is None or (fact.case is not None and fact.case not in cases):
                left[key, fact.case, fact.field] = fact.told
    return [*left.values()]


def save(folder: AuditFolder, session: Session, journal: Journal, zone: tzinfo) -> Outcome:
    """Write what is new into the record, then put the journal away.

    Whoever changes an answer here has seen the old one, which is kept beside the new.
    The journal is marked first. Cut off between the mark and the end, the next session saves the
    very same lines again, which gives the very same record, before it asks anything.
    """
    lines = journal.told
    made, problems = filled(session.form.blank, session.fresh, lines, zone, journal.place)
    if made is None:
        return Outcome(None, None, session, tuple(problems))
    journal.saving()
    brought = bring(folder, [made], replace=True, zone=zone)
    if not brought.saved:
        journal.unsaved()
        return Outcome(brought, None, session, tuple(problems))
    kept = journal.done(f"fill-{made.source.id}.jsonl", unwritten(session, lines))
    place = Place(f"{journal.shown}/{FOLDER}/{kept.name}")

    def moved(told: Iterable[Problem]) -> tuple[Problem, ...]:
        """Name the journal as it is called now."""
        gone = journal.place
        return tuple(replace(one, place=place) if one.place == gone else one for one in told)

    brought = replace(brought, problems=moved(brought.problems))
    return Outcome(brought, kept, replace(session, touched=frozenset()), moved(problems))
