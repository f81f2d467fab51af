"""Past audits under a proposed edition: what they would come to, and which change makes it so.

The answers are those recorded. Every cause is found by scoring anew: each change alone, and all of
them one after the other, so that the steps add up to the whole difference, exactly.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.judging import answer_set
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.carrying import Carried, carried
from sopaudit.evidence.record import Record
from sopaudit.findings.conclusion import Conclusion, conclude
from sopaudit.findings.proposal import (
    Change,
    as_proposed,
    changes_of,
    changes_of_branch,
    common_ground,
    renamed,
)
from sopaudit.findings.score import Score
from sopaudit.problems import Problem

Belongs = Literal["old", "new", "both", "neither"]
"""Which of two editions an audit was answered with; both, where its checklists are the same."""

Why = Literal["new", "gone", "refused", "rejudged"]
"""An item nobody was asked; one that is no longer asked; an answer that is none there; an answer
that stands, though it is now judged in another way."""


@dataclass(frozen=True)
class NotCarried:
    """An item whose answer says less, or nothing, under the proposed edition."""

    item: str
    why: Why
    problem: Problem | None = None
    """Why an answer is refused."""


@dataclass(frozen=True)
class Cause:
    """One change, and what it does."""

    change: Change
    alone: Score | None
    """The result with this change and no other; None where it cannot stand alone."""

    after: Score | None
    """The result with this change and all before it."""

    step: Fraction | None
    """By how much it moves the exact score, all before it being made."""

    decides: bool
    """It alone brings another grade."""


@dataclass(frozen=True)
class Row:
    """One checklist or roll-up of one audit, then and under the proposal."""

    checklist: str
    old: Score | None
    new: Score | None
    causes: tuple[Cause, ...] = ()
    """Only where the result differs; the steps add up to the whole difference."""

    additive: bool = False
    """Each change moves the score as far alone as in its place, so the order does not matter."""

    not_carried: tuple[NotCarried, ...] = ()

    @property
    def regraded(self) -> bool:
        """Whether the grade, or the lack of one, would be another."""
        return _grade(self.old) != _grade(self.new)

    @property
    def changed(self) -> bool:
        """Whether anything a reader sees would be another."""
        return _told(self.old) != _told(self.new)

    @property
    def difference(self) -> Fraction | None:
        """By how much the exact score moves; None where one of them has none."""
        if self.old is None or self.new is None:
            return None
        return _minus(self.new, self.old)


@dataclass(frozen=True)
class Replay:
    """One audit, replayed."""

    audit: str
    office: str
    day: date
    belongs: Belongs
    engine: str | None
    """The version that worked out the filed result, where one is kept."""

    refiled: tuple[tuple[str, str, str], ...]
    """Checklists whose filed result is not what the old edition gives: id, filed, and now."""

    rows: tuple[Row, ...]


def replay(folder: AuditFolder, old: Handbook, new: Handbook) -> Replay:
    """Score an audit under two editions, and find the changes that make the difference."""
    sides = _Side(folder, old), _Side(_renamed(folder, old, new), new)
    told = [{score.checklist: score for score in side.conclusion.all} for side in sides]
    rows = tuple(
        _row(folder, sides, name, told[0].get(name), told[1].get(name))
        for name in _order(sides, dict.fromkeys([*told[0], *told[1]]))
    )
    belongs = _belongs(folder, old, new)
    kept = folder.kept
    filed = {} if kept is None else {one.checklist: one for one in kept.scores}
    refiled = tuple(
        (name, *_both(filed[name].score, filed[name].grade, score))
        for name, score in told[0].items()
        if name in filed
        and (filed[name].score, filed[name].grade) != (score.score, score.grade)
        and belongs in ("old", "both")
    )
    audit = folder.audit
    engine = None if kept is None else kept.engine.version
    return Replay(audit.id, audit.office, audit.date, belongs, engine, refiled, rows)


def _both(score: str | None, grade: str | None, now: Score) -> tuple[str, str]:
    pairs = ((score, grade), (now.score, now.grade))
    first, second = (" ".join(filter(None, pair)) for pair in pairs)
    return first, second


class _Side:
    """One edition, and what an audit comes to under it."""

    def __init__(self, folder: AuditFolder, handbook: Handbook) -> None:
        self.folder = folder
        self.handbook = handbook
        self.carried: Carried = carried(folder, handbook)
        self.conclusion: Conclusion = _concluded(folder, handbook, self.carried)

    @property
    def refused(self) -> Mapping[str, Problem]:
        """The answers that are none, by item."""
        return {problem.values.get("item", ""): problem for problem in self.carried.refused}


def _renamed(folder: AuditFolder, old: Handbook, new: Handbook) -> AuditFolder:
    """Give each answer to an item that only has another id now to that id."""
    ids = {
        name: {was: now for now, was in renamed(old.checklists[name], new.checklists[name]).items()}
        for name in folder.records
        if name in old.checklists and name in new.checklists
    }
    said = {
        (name, ids.get(name, {}).get(item, item)): one for (name, item), one in folder.said.items()
    }
    own = None if folder.own is None else _under(folder.own, ids)
    return replace(folder, records=_under(folder.records, ids), own=own, said=said)


def _under(
    records: Mapping[str, Record], ids: Mapping[str, Mapping[str, str]]
) -> dict[str, Record]:
    """Give the same records with other ids of their items."""
    return {
        name: record.model_copy(
            update={
                "answers": tuple(
                    answer.model_copy(
                        update={"item": ids.get(name, {}).get(answer.item, answer.item)}
                    )
                    for answer in record.answers
                )
            }
        )
        for name, record in records.items()
    }


def _concluded(folder: AuditFolder, handbook: Handbook, answers: Carried) -> Conclusion:
    return conclude(handbook, answers.frames, folder.audit.id, folder.audit)


def _order(sides: tuple[_Side, _Side], names: Collection[str]) -> list[str]:
    checklists = dict.fromkeys(
        [*sides[1].handbook.checklists, *sides[0].handbook.checklists, *names]
    )
    return [name for name in checklists if name in names]


def _belongs(folder: AuditFolder, old: Handbook, new: Handbook) -> Belongs:
    pins: dict[str, str] = {}
    for name, record in folder.records.items():
        pins[name] = record.checklist.digest
        if record.checklist.scheme is not None:
            pins[record.checklist.scheme.id] = record.checklist.scheme.digest
        elif folder.frozen and name in folder.handbook.checklists:
            scheme = folder.handbook.checklists[name].scheme
            pins[scheme] = folder.handbook.digests[scheme]
    of_old, of_new = (
        all(handbook.digests.get(id_) == digest for id_, digest in pins.items())
        for handbook in (old, new)
    )
    if of_old and of_new:
        return "both"
    return "old" if of_old else "new" if of_new else "neither"


def _row(
    folder: AuditFolder,
    sides: tuple[_Side, _Side],
    name: str,
    old: Score | None,
    new: Score | None,
) -> Row:
    missing = tuple(_not_carried(sides, name)) if name in folder.records else ()
    bare = Row(name, old, new, not_carried=missing)
    if old is None or new is None or not (bare.changed or bare.difference):
        return bare
    before, after = (side.handbook for side in sides)
    if name in before.checklists:
        changes, inside = changes_of(before, after, name), [name]
    else:
        changes, inside = changes_of_branch(before, after, name), [*folder.records]
    tried = _Trial(folder, common_ground(before, after), name, inside)
    causes = list(_causes(tried, changes, after, old, new))
    steps = [cause.step for cause in causes]
    alone = [None if c.alone is None else _minus(c.alone, old) for c in causes]
    return Row(name, old, new, tuple(causes), None not in steps and steps == alone, missing)


@dataclass(frozen=True)
class _Trial:
    """Scores one checklist of an audit under handbooks made up of both editions."""

    folder: AuditFolder
    ground: Handbook
    name: str
    inside: Sequence[str]

    def score(self, apply: Sequence[Callable[[Handbook], Handbook]]) -> Score | None:
        """Score it with some changes made; None where they make no whole."""
        handbook = self.ground
        try:
            for change in apply:
                handbook = change(handbook)
            answers = carried(self.folder, handbook, self.inside)
            told = _concluded(self.folder, handbook, answers)
        except (KeyError, ValueError, ZeroDivisionError):
            return None
        return next((score for score in told.all if score.checklist == self.name), None)


def _causes(
    tried: _Trial, changes: Sequence[Change], after: Handbook, old: Score, new: Score
) -> Iterator[Cause]:
    made: list[Callable[[Handbook], Handbook]] = []
    last: Score | None = old
    for change in changes:
        made.append(change.apply)
        alone, now = tried.score([change.apply]), tried.score(made)
        yield _cause(change, alone, now, last, old)
        last = now
    if _told(last) != _told(new) or (last and _minus(new, last)):
        rest = Change("rest", "", {}, as_proposed(after))
        yield _cause(rest, None, new, last, old)


def _cause(
    change: Change, alone: Score | None, now: Score | None, last: Score | None, old: Score
) -> Cause:
    step = None if now is None or last is None else _minus(now, last)
    return Cause(change, alone, now, step, alone is not None and _grade(alone) != _grade(old))


def _not_carried(sides: tuple[_Side, _Side], name: str) -> Iterator[NotCarried]:
    """Go through the items whose answer does not simply stand under the proposal."""
    before, after = (_asked(side.handbook, name, side.folder.audit.date) for side in sides)
    then, given = (
        [answer.item for answer in side.folder.records[name].answers if not answer.silent]
        for side in sides
    )
    moved = {was for was, now in zip(then, given, strict=True) if was != now}
    refused = sides[1].refused
    for id_ in after:
        if id_ not in before and id_ not in given:
            yield NotCarried(id_, "new")
        elif id_ in given and id_ in refused:
            yield NotCarried(id_, "refused", refused[id_])
        elif id_ in given and id_ in before and _judged(sides, name, id_):
            yield NotCarried(id_, "rejudged")
    for id_ in before:
        if id_ in then and id_ not in after and id_ not in moved:
            yield NotCarried(id_, "gone")


def _asked(handbook: Handbook, name: str, day: date) -> Mapping[str, object]:
    checklist: Checklist | None = handbook.checklists.get(name)
    return {} if checklist is None else checklist.on(day).by_id


def _judged(sides: tuple[_Side, _Side], name: str, item: str) -> bool:
    """Say whether the answer set that judges an item is another."""
    sets = []
    for side in sides:
        checklist = side.handbook.checklists[name]
        scheme = side.handbook.schemes[checklist.scheme]
        sets.append(answer_set(scheme, checklist.by_id[item]))
    return sets[0] != sets[1]


def _minus(one: Score, other: Score) -> Fraction | None:
    if one.exact is None or other.exact is None:
        return None
    return one.exact - other.exact


def _grade(score: Score | None) -> str | None:
    return None if score is None else score.grade


def _told(score: Score | None) -> tuple[str | None, ...]:
    """Give what a reader sees of a score."""
    return () if score is None else (score.score, score.possible, score.grade, score.state)
