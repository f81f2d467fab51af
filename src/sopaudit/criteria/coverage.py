"""What a handbook leaves open: standards nobody checks, rules nobody uses, posts without a lane.

Nothing of it is a mistake: a standard may be left to training, a form may wait for its step. It is
shown so that it is left open on purpose and not by accident.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, get_args

from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.kind import RUNS
from sopaudit.criteria.kpi import Kpi
from sopaudit.criteria.rule import Rule
from sopaudit.criteria.sop import Sop, Standard, Step
from sopaudit.criteria.workflow import Lane

GapKind = Literal[
    "standards_unchecked",
    "items_without_standard",
    "items_unanswered",
    "checklists_to_review",
    "rules_unused",
    "rules_not_run",
    "kpis_unfed",
    "records_unread",
    "tables_unused",
    "forms_unfilled",
    "events_unused",
    "lanes_without_post",
    "posts_without_lane",
    "posts_without_checklist",
    "checklists_without_branch",
]

GAPS: Final[tuple[GapKind, ...]] = get_args(GapKind)
"""In the order they are told: what an auditor misses first."""


@dataclass(frozen=True)
class Named:
    """Something of the handbook that is left open."""

    id: str
    title: Text
    within: str = ""
    """What it belongs to: the post of a standard, the workflow of a lane."""

    note: str = ""
    """What else is known: the kind of a rule, the editions a checklist was held against."""


@dataclass(frozen=True)
class Gap:
    """One thing to know about a handbook, and all that it is true of."""

    kind: GapKind
    entries: tuple[Named, ...]
    of: int
    """Of so many, all in all."""


@dataclass(frozen=True)
class Row:
    """A standard, and who looks whether it is kept."""

    standard: Standard
    items: tuple[str, ...]
    """The items that verify it."""

    checks: tuple[str, ...]
    """The automatic checks that can see at least part of its failures."""

    @property
    def seen_by(self) -> Literal["item", "check", "nobody"]:
        """Say who looks: a check alone still leaves no mark on any checklist."""
        return "item" if self.items else "check" if self.checks else "nobody"


@dataclass(frozen=True)
class Sheet:
    """The standards of one post, held against the items that verify them."""

    post: Sop
    items: tuple[Item, ...]
    """Every item that verifies any of them, in the order of the checklists."""

    steps: tuple[tuple[Step, tuple[Row, ...]], ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, in the order of the sheet."""
        return tuple(row for _, rows in self.steps for row in rows)


@dataclass(frozen=True)
class Coverage:
    """All that a handbook leaves open."""

    gaps: tuple[Gap, ...]
    """One for each of `GAPS`, also where nothing is left open."""

    sheets: tuple[Sheet, ...]
    """One for each post, in the order of the checklists."""

    runs: frozenset[str]
    """The automatic checks that code can decide."""


def coverage(handbook: Handbook, kinds: Collection[str] = RUNS) -> Coverage:
    """Tell what a handbook leaves open; `kinds` are those kinds of rules that code decides."""
    runs = frozenset(rule.id for rule in handbook.rules.values() if _runs(rule, kinds))
    gaps = (*_checks(handbook), *_rules(handbook, runs), *_records(handbook), *_flows(handbook))
    by_kind = {gap.kind: gap for gap in gaps}
    sheets = tuple(_sheet(post, handbook) for post in _posts(handbook))
    return Coverage(tuple(by_kind[kind] for kind in GAPS), sheets, runs)


def _kinds(rule: Rule) -> list[str]:
    """List the kinds that decide a rule; none where only a person can."""
    return [rule.kind] if rule.kind else [part.kind for part in rule.all_of]


def _runs(rule: Rule, kinds: Collection[str]) -> bool:
    needed = _kinds(rule)
    return bool(needed) and set(needed) <= set(kinds)


def _posts(handbook: Handbook) -> list[Sop]:
    """Give the posts in the order of their checklists, then those that have none."""
    asked = [checklist.post for checklist in handbook.checklists.values()]
    names = dict.fromkeys([*(name for name in asked if name), *handbook.posts])
    return [handbook.posts[name] for name in names]


def _sheet(post: Sop, handbook: Handbook) -> Sheet:
    items = [item for checklist in handbook.checklists.values() for item in checklist.items]
    mine = tuple(item for item in items if set(item.standards) & set(post.standards))
    steps = tuple(
        (
            step,
            tuple(
                Row(s, tuple(i.id for i in mine if s.id in i.standards), s.checks)
                for s in step.standards
            ),
        )
        for step in post.steps
    )
    return Sheet(post, mine, steps)


def _gap(kind: GapKind, entries: Iterable[Named], all_: Collection[object]) -> Gap:
    return Gap(kind, tuple(entries) if all_ else (), len(all_))


def _checks(handbook: Handbook) -> Iterator[Gap]:
    checklists = handbook.checklists.values()
    items = [(checklist, item) for checklist in checklists for item in checklist.items]
    verified = {name for _, item in items for name in item.standards}
    standards = [(post, s) for post in _posts(handbook) for s in post.standards.values()]
    yield _gap(
        "standards_unchecked",
        (Named(s.id, s.standard, post.id) for post, s in standards if s.id not in verified),
        standards,
    )
    yield _gap(
        "items_without_standard",
        (Named(i.id, i.question, c.id) for c, i in items if not i.standards),
        items,
    )
    yield _gap(
        "checklists_to_review",
        (
            Named(c.id, c.title, note=outdated)
            for c in checklists
            if (outdated := ", ".join(_outdated(c, handbook)))
        ),
        checklists,
    )
    asked = {checklist.post for checklist in checklists}
    yield _gap(
        "posts_without_checklist",
        (Named(p.id, p.title) for p in handbook.posts.values() if p.id not in asked),
        handbook.posts,
    )
    added_up = {part.checklist for branch in handbook.branches.values() for part in branch.of}
    # Where nothing is added up, or drawn, nothing is missing from it.
    yield _gap(
        "checklists_without_branch",
        (Named(c.id, c.title, c.post or "") for c in checklists if c.id not in added_up),
        checklists if handbook.branches else (),
    )


def _outdated(checklist: Checklist, handbook: Handbook) -> Iterator[str]:
    """List what a checklist was held against in an edition that is not today's."""
    for name, edition in checklist.reviewed.items():
        today = handbook.editions.get(name, edition)
        if today != edition:
            yield f"{name} {edition} → {today}"


def _rules(handbook: Handbook, runs: Collection[str]) -> Iterator[Gap]:
    rules, kpis = handbook.rules.values(), handbook.kpis.values()
    items = [item for checklist in handbook.checklists.values() for item in checklist.items]
    used = {name for standard in handbook.standards.values() for name in standard.checks}
    used |= {name for item in items for name in item.answer_from}
    used |= {name for kpi in kpis for name in kpi.rules}
    used |= {name for kpi in kpis for figure in kpi.also for name in figure.rules}
    yield _gap("rules_unused", (_rule(r) for r in rules if r.id not in used), rules)
    yield _gap("rules_not_run", (_rule(r) for r in rules if r.id not in runs), rules)
    answered = [item for item in items if item.answer_from]
    yield _gap(
        "items_unanswered",
        (
            Named(item.id, item.question, note=", ".join(item.answer_from))
            for item in answered
            if not set(item.answer_from) & set(runs)
        ),
        answered,
    )
    # A figure is there to be read; it is of no use only where it does not say what feeds it.
    sources = {*handbook.rules, *handbook.records_kept, *handbook.tables}
    yield _gap(
        "kpis_unfed",
        (Named(k.id, k.title) for k in kpis if not sources & {*k.rules, *k.data, *k.uses}),
        kpis,
    )


def _rule(rule: Rule) -> Named:
    return Named(rule.id, rule.title, note=", ".join(dict.fromkeys(_kinds(rule))))


def _records(handbook: Handbook) -> Iterator[Gap]:
    readers: list[Rule | Kpi] = [*handbook.rules.values(), *handbook.kpis.values()]
    read = {name for reader in readers for name in reader.data}
    if handbook.parts is not None:
        read |= set(handbook.parts.ledger)
    if handbook.money is not None:
        read |= {handbook.money.book, handbook.money.opening or handbook.money.book}
    records = handbook.records_kept.values()
    yield _gap(
        "records_unread", (Named(r.id, r.title) for r in records if r.id not in read), records
    )
    looked_up = {name for reader in readers for name in reader.uses}
    tables = handbook.tables.values()
    yield _gap(
        "tables_unused", (Named(t.id, t.title) for t in tables if t.id not in looked_up), tables
    )


def _flows(handbook: Handbook) -> Iterator[Gap]:
    flows = handbook.workflows.values()
    nodes = [node for flow in flows for node in flow.nodes]
    filled = {form for node in nodes for form in node.forms}
    moves = handbook.parts.moves if handbook.parts else ()
    forms = handbook.forms.values()
    yield _gap(
        "forms_unfilled",
        (
            Named(f.id, f.title, note=", ".join(m.id for m in moves if f.id in m.papers))
            for f in forms
            if f.id not in filled
        ),
        forms,
    )
    happens = {event for node in nodes for event in node.events}
    happens |= {event for flow in flows for edge in flow.edges for event in edge.events}
    happens |= {event for flow in flows for event in flow.ignored}
    events = handbook.events.values()
    yield _gap(
        "events_unused", (Named(e.id, e.title) for e in events if e.id not in happens), events
    )
    lanes = [(flow, lane) for flow in flows for lane in flow.lanes if lane.kind == "post"]
    yield _gap(
        "lanes_without_post",
        (Named(lane.id, _lane(lane), flow.id) for flow, lane in lanes if lane.post is None),
        lanes,
    )
    drawn = {lane.post for _, lane in lanes}
    yield _gap(
        "posts_without_lane",
        (Named(p.id, p.title) for p in handbook.posts.values() if p.id not in drawn),
        handbook.posts if flows else (),
    )


def _lane(lane: Lane) -> Text:
    return lane.title or Text((("", lane.id),))
