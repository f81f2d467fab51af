"""Replayed audits in the words a manager uses: what text, Markdown and page lay out."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from sopaudit import __version__
from sopaudit.criteria.checklist import BranchPart
from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.scheme import Bounds, Each, Scheme
from sopaudit.findings.proposal import Change
from sopaudit.findings.replay import Cause, NotCarried, Replay, Row
from sopaudit.findings.score import Score
from sopaudit.press.charts import Edge
from sopaudit.press.words import words
from sopaudit.report.derivation import shown

Moved = Literal["down", "up", "other", "score", "state", "hidden", "same", "gone", "added"]


@dataclass(frozen=True)
class CauseLine:
    """One change and what it does."""

    what: str
    step: str
    after: str
    decides: str
    """Empty unless it alone brings another grade."""


@dataclass(frozen=True)
class RowBlock:
    """One checklist of an audit."""

    checklist: str
    title: str
    old: str
    new: str
    moved: Moved
    said: str
    """What becomes of it, in words."""

    regraded: bool
    shares: tuple[Fraction | None, Fraction | None]
    """Of the axis, before and after; None where there is no maximum."""

    edges: tuple[tuple[Edge, ...], tuple[Edge, ...]]
    """Where grades begin along the axis, before and after."""

    spoken: str
    causes: tuple[CauseLine, ...]
    note: str
    """How the steps add up."""

    missing: tuple[str, ...]


@dataclass(frozen=True)
class AuditBlock:
    """One audit."""

    id: str
    office: str
    day: str
    notes: tuple[str, ...]
    rows: tuple[RowBlock, ...]


@dataclass(frozen=True)
class ReplayTold:
    """All that is said."""

    title: str
    about: str
    summary: str
    regraded: bool
    axis: str
    """From where to where the charts go, in percent of the maximum."""

    audits: tuple[AuditBlock, ...]


def told(replays: Sequence[Replay], old: Handbook, new: Handbook, lang: str) -> ReplayTold:
    """Put replayed audits into words."""
    return _Teller(old, new, lang).told(replays)


class _Teller:
    def __init__(self, old: Handbook, new: Handbook, lang: str) -> None:
        self.old, self.new, self.lang = old, new, lang
        self.words = words(lang, "replay")
        self.keys = {**words(lang, "change")["key"], **self.words["word"]}

    def told(self, replays: Sequence[Replay]) -> ReplayTold:
        page = self.words["page"]
        start = self._start(replays)
        audits = tuple(_along(self._audit(one), start) for one in replays)
        return ReplayTold(
            page["title"],
            page["about"],
            self._summary(audits),
            any(row.regraded for audit in audits for row in audit.rows),
            f"{shown(start * 100)}–100 %",
            audits,
        )

    def _start(self, replays: Sequence[Replay]) -> Fraction:
        """Begin the charts a full tenth below everything they show, so that small moves show."""
        rows = [row for one in replays for row in one.rows]
        sides = [*((self.old, r.old) for r in rows), *((self.new, r.new) for r in rows)]
        places = [share for _, score in sides if (share := _share(score)) is not None]
        places += [edge.at for side in sides for edge in self._edges(*side)]
        tenth = math.ceil(min(places, default=Fraction(0)) * 10) - 1
        return Fraction(max(tenth, 0), 10)

    def _summary(self, audits: Sequence[AuditBlock]) -> str:
        page = self.words["page"]
        pairs = [(audit, row) for audit in audits for row in audit.rows if row.regraded]
        if not pairs:
            return page["nothing_one" if len(audits) == 1 else "nothing"].format(audits=len(audits))
        rows = page["comma"].join(
            page["row"].format(audit=a.id, checklist=r.checklist, old=r.old, new=r.new)
            for a, r in pairs
        )
        changed = len({audit.id for audit, _ in pairs})
        key = "regraded_one" if len(audits) == 1 else "regraded"
        return page[key].format(audits=len(audits), changed=changed, rows=rows)

    def _audit(self, one: Replay) -> AuditBlock:
        said = self.words["belongs"]
        notes = [said[one.belongs]]
        if one.engine is not None and one.engine != __version__:
            notes.append(said["engine"].format(engine=one.engine, version=__version__))
        notes += [
            said["refiled"].format(checklist=name, filed=filed, now=now)
            for name, filed, now in one.refiled
        ]
        office = self.new.offices.get(one.office) or self.old.offices.get(one.office)
        return AuditBlock(
            one.audit,
            office.title.to(self.lang) if office else one.office,
            str(one.day),
            tuple(filter(None, notes)),
            tuple(self._row(row) for row in one.rows),
        )

    def _row(self, row: Row) -> RowBlock:
        moved, causes = self._moved(row), list(_at_work(row))
        said = self.words["moved"][moved]
        old, new = self._result(row.old), self._result(row.new)
        edges = (self._edges(self.old, row.old), self._edges(self.new, row.new))
        spoken = self.words["moved"]["spoken"].format(
            checklist=row.checklist, old=old, new=new, moved=said
        )
        return RowBlock(
            checklist=row.checklist,
            title=self._title(row.checklist),
            old=old,
            new=new,
            moved=moved,
            said=said,
            regraded=row.regraded,
            shares=(_share(row.old), _share(row.new)),
            edges=edges,
            spoken=spoken,
            causes=tuple(self._cause(cause, last) for cause, last in causes),
            note=self._note(row, [cause for cause, _ in causes]),
            # Of a checklist that is gone every answer would be listed.
            missing=() if row.new is None else tuple(map(self._missing, row.not_carried)),
        )

    def _moved(self, row: Row) -> Moved:
        if row.new is None or row.old is None:
            return "gone" if row.new is None else "added"
        if row.regraded:
            ranks = [self._rank(s.grade) for s in (row.old, row.new)]
            if None in ranks:
                return "other"
            return "down" if (ranks[1] or 0) > (ranks[0] or 0) else "up"
        if row.old.score != row.new.score:
            return "score"
        if row.changed:
            return "state"
        return "hidden" if row.difference else "same"

    def _rank(self, grade: str | None) -> int | None:
        """Say how far down a grade stands, in the first scheme that knows it."""
        for scheme in (*self.new.schemes.values(), *self.old.schemes.values()):
            names = [band.grade for band in scheme.grades]
            if grade in names:
                return names.index(grade or "")
        return None

    def _title(self, name: str) -> str:
        for handbook in (self.new, self.old):
            known = handbook.checklists.get(name) or handbook.branches.get(name)
            if known is not None:
                return handbook.say(known.title, self.lang)
        return name

    def _result(self, score: Score | None) -> str:
        if score is None:
            return self.words["page"]["none"]
        state = words(self.lang)["state"][score.state]
        parts = [score.score, score.grade, f"({state})" if score.state != "scored" else ""]
        return " ".join(filter(None, parts))

    def _edges(self, handbook: Handbook, score: Score | None) -> tuple[Edge, ...]:
        most = None if score is None else score.maximum
        if score is None or not most:
            return ()
        return tuple(
            Edge(at / most, band.grade)
            for band in handbook.schemes[score.scheme].grades
            for at in (band.at_least, band.above)
            if at is not None and 0 < at < most
        )

    def _cause(self, cause: Cause, last: Score | None) -> CauseLine:
        said = self.words["cause"]
        step = said["unknown"]
        if cause.step:
            step = said["step"].format(step=signed(cause.step))
        elif cause.step is not None:
            alike = last and cause.after and last.score == cause.after.score
            step = said["still" if alike else "still_unrounded"]
        return CauseLine(
            self._what(cause.change),
            step,
            self._result(cause.after),
            said["decides"] if cause.decides else "",
        )

    def _note(self, row: Row, causes: Sequence[Cause]) -> str:
        if not causes:
            return ""
        said = self.words["cause"]
        notes = []
        if row.regraded and not any(cause.decides for cause in causes):
            notes.append(said["together"])
        if sum(cause.step != 0 for cause in causes) > 1 and row.difference is not None:
            key = "additive" if row.additive else "ordered"
            notes.append(said[key].format(sum=signed(row.difference)))
        return " ".join(notes) if self.lang != "zh" else "".join(notes)

    def _what(self, change: Change) -> str:
        said, page = self.words["cause"], self.words["page"]
        if change.kind in ("item_new", "item_gone"):
            points = next(p for p in change.parts["points"] if p != "")
            told = said["without_points"] if points is None else said["points"]
            parts = [told.format(points=_plain(points))]
        elif change.kind == "checklist":
            parts = [page["comma"].join(change.parts)]
        else:
            parts = [self._part(key, *pair) for key, pair in change.parts.items()]
        return said[change.kind].format(id=change.id, parts=page["semicolon"].join(parts))

    def _part(self, key: str, old: Any, new: Any) -> str:  # noqa: ANN401 -- a value of a handbook
        label = self.keys.get(key, key)
        if key in ("grades", "limits", "of", "answers", "sections"):
            pairs = list(_listed(_named(key, old), _named(key, new)))
            if pairs:
                told = (f"{name} {before} → {after}" for name, before, after in pairs)
                return f"{label} {self.words['page']['comma'].join(told)}"
            return label
        before, after = _plain(old), _plain(new)
        if not (before or after) or len(before + after) > _LONG:
            return label
        none = self.words["page"]["none"]
        return self.words["cause"]["changed"].format(
            label=label, old=before or none, new=after or none
        )

    def _missing(self, one: NotCarried) -> str:
        why = "" if one.problem is None else one.problem.message(self.lang).rstrip("。.")
        return self.words["missing"][one.why].format(item=one.item, why=why)


_LONG = 40
"""Signs of two values that are still said; beyond, the name of what changed must do."""


def signed(value: Fraction) -> str:
    """Write a difference with its sign and at most two decimals; what is smaller says so."""
    text = shown(value)
    if text == "0":
        return "+0.00…" if value > 0 else "−0.00…" if value < 0 else "±0"
    return text if value < 0 else f"+{text}"


def _along(audit: AuditBlock, start: Fraction) -> AuditBlock:
    """Measure along an axis that begins at `start` and ends at one."""

    def at(share: Fraction) -> Fraction:
        return (share - start) / (1 - start)

    rows = []
    for row in audit.rows:
        before, after = (None if share is None else at(share) for share in row.shares)
        old, new = (tuple(Edge(at(e.at), e.label) for e in edges) for edges in row.edges)
        rows.append(replace(row, shares=(before, after), edges=(old, new)))
    return replace(audit, rows=tuple(rows))


def _at_work(row: Row) -> Iterator[tuple[Cause, Score | None]]:
    """Give each change with the result before it, but for those that do nothing to this one.

    They do something alone or in their place.
    """
    last = row.old
    for cause in row.causes:
        seen = [s and (s.score, s.possible, s.grade, s.state) for s in (last, cause.after)]
        if cause.step != 0 or cause.decides or seen[0] != seen[1]:
            yield cause, last
        last = cause.after


def _share(score: Score | None) -> Fraction | None:
    if score is None or score.exact is None or not score.maximum:
        return None
    return score.exact / score.maximum


def _plain(value: object) -> str:
    """Write a value on one line; nothing for one that has no short form."""
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, Scheme | Mapping | tuple):
        return ""
    return "" if value is None or value == "" else str(value)


def _named(key: str, value: Any) -> dict[str, str]:  # noqa: ANN401 -- a value of a handbook
    """Give the parts of a list of a handbook by name, each in a few words."""
    if key == "answers":
        return dict(_answers(value))
    found = {}
    for n, part in enumerate(value):
        if isinstance(part, BranchPart):
            found[part.checklist] = plain(part.weight)
        elif key == "sections":
            found[part.id] = plain(part.weight)
        else:
            name = part.grade if key == "grades" else part.id or f"#{n + 1}"
            found[name] = _bounds(part)
    return found


def _answers(value: Any, within: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 -- as above
    """Name each answer of a set, and what it earns; sets within sets by their names."""
    if isinstance(value, Each):
        yield within, f"each {plain(value.each)}"
    elif not isinstance(value, Mapping):
        yield within or "answers", plain(value) if isinstance(value, Fraction) else str(value)
    else:
        for name, inner in value.items():
            yield from _answers(inner, f"{within} {name}".strip())


def _bounds(part: Bounds) -> str:
    signs = (("≥", part.at_least), ("≤", part.at_most), (">", part.above), ("<", part.below))
    return " ".join(f"{sign} {plain(at)}" for sign, at in signs if at is not None)


def _listed(old: dict[str, str], new: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name, "–"), new.get(name, "–")
        if before != after:
            yield name, before, after
