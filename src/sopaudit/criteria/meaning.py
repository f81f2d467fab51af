"""What every id of a handbook stands for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.field import Text, plain
from sopaudit.criteria.handbook import KPIS, PARTS, RULES, Handbook
from sopaudit.criteria.rule import Given, listed
from sopaudit.criteria.sop import Sop
from sopaudit.criteria.workflow import Edge, Node, Workflow

Facts = dict[str, Text | str | None]
"""What is known of an id, by key of the YAML; empty ones are not worth telling."""


@dataclass(frozen=True)
class Meaning:
    """An id, what it is called, and what is known of it."""

    id: str
    title: Text
    facts: Facts

    inside: tuple[tuple[str, Text], ...] = ()
    """What it holds or points at: ids and titles."""

    file: Path | None = None


def meanings(handbook: Handbook) -> dict[str, Meaning]:
    """Tell all ids of a handbook, each with what is inside it or what it points at."""
    found = (
        *_events(handbook),
        *_posts(handbook),
        *_checklists(handbook),
        *_schemes(handbook),
        *_rules(handbook),
        *_parts(handbook),
        *_kpis(handbook),
        *_workflows(handbook),
    )
    return {meaning.id: meaning for meaning in found}


def _posts(handbook: Handbook) -> Iterator[Meaning]:
    for post in handbook.posts.values():
        file = handbook.files[post.id]
        facts: Facts = {
            "purpose": post.purpose,
            "edition": post.edition,
            "source": post.source,
            "digest": handbook.digests[post.id],
        }
        yield Meaning(post.id, post.title, facts, tuple((s.id, s.step) for s in post.steps), file)
        for step in post.steps:
            inside = tuple((s.id, s.standard) for s in step.standards)
            why: Facts = {"post": post.id, "explanation": step.explanation}
            yield Meaning(step.id, step.step, why, inside, file)
        for phrase in post.forbidden:
            instead: Facts = {"post": post.id, "step": phrase.step, "instead": phrase.instead}
            yield Meaning(phrase.id, phrase.phrase, instead, (), file)
        yield from _standards(handbook, post, file)


def _standards(handbook: Handbook, post: Sop, file: Path) -> Iterator[Meaning]:
    for standard in post.standards.values():
        items = tuple(
            (item.id, item.question)
            for checklist in handbook.checklists.values()
            for item in checklist.items
            if standard.id in item.standards
        )
        facts: Facts = {
            "post": post.id,
            "limit": standard.limit,
            "evidence": ", ".join(standard.evidence),
            "checks": ", ".join(standard.checks),
            "provenance": standard.provenance,
        }
        yield Meaning(standard.id, standard.standard, facts, items, file)


def _checklists(handbook: Handbook) -> Iterator[Meaning]:
    for checklist in handbook.checklists.values():
        items = tuple((item.id, item.question) for item in checklist.items)
        facts: Facts = {
            "post": checklist.post,
            "scheme": checklist.scheme,
            "edition": checklist.edition,
            "digest": handbook.digests[checklist.id],
        }
        file = handbook.files[checklist.id]
        yield Meaning(checklist.id, checklist.title, facts, items, file)
        yield from _items(handbook, checklist, file)
    for branch in handbook.branches.values():
        parts = tuple(
            (part.checklist, handbook.checklists[part.checklist].title) for part in branch.of
        )
        weights: Facts = {
            "weights": ", ".join(f"{p.checklist} {plain(p.weight)}" for p in branch.of)
        }
        yield Meaning(branch.id, branch.title, weights, parts, handbook.files[branch.id])


def _items(handbook: Handbook, checklist: Checklist, file: Path) -> Iterator[Meaning]:
    for item in checklist.items:
        facts: Facts = {
            "checklist": checklist.id,
            "section": item.section,
            "points": None if item.points is None else plain(item.points),
            "severity": item.severity,
            "method": ", ".join(item.method),
            "scoring": item.scoring,
            "sample": item.sample,
            "answer_from": ", ".join(item.answer_from),
            **item.labels,
        }
        known = handbook.standards
        parts = tuple((part.id, part.title) for part in item.parts)
        inside = tuple((name, known[name].standard) for name in item.standards)
        yield Meaning(item.id, item.question, facts, (*parts, *inside), file)


def _schemes(handbook: Handbook) -> Iterator[Meaning]:
    for scheme in handbook.schemes.values():
        facts: Facts = {
            "explanation": scheme.explanation,
            "edition": scheme.edition,
            "source": scheme.source,
            "digest": handbook.digests[scheme.id],
        }
        yield Meaning(scheme.id, scheme.title, facts, (), handbook.files[scheme.id])


def _rules(handbook: Handbook) -> Iterator[Meaning]:
    for condition in handbook.conditions.values():
        asked = [("all_of", condition.all_of), ("any_of", condition.any_of)]
        said: Facts = {"note": condition.note}
        said |= {key: "; ".join(map(str, clauses)) for key, clauses in asked}
        users = tuple((r.id, r.title) for r in handbook.rules.values() if condition.id in r.named)
        yield Meaning(condition.id, condition.title, said, users, handbook.folder / RULES)
    in_parts = {rule.id for rule in handbook.parts.rules} if handbook.parts else set()
    for rule in handbook.rules.values():
        facts: Facts = {
            "passes": rule.passes,
            "limit": rule.limit,
            "kind": rule.kind and _decided(rule.kind, rule.given),
        }
        for n, part in enumerate(rule.all_of, 1):
            facts[f"all_of {n}"] = _decided(part.kind, part.given)
        facts |= {
            "note": rule.note,
            "stage": rule.stage,
            "severity": rule.severity,
            "tolerance": None if rule.tolerance is None else plain(rule.tolerance),
            "uses": ", ".join(rule.uses),
            "data": ", ".join(rule.data),
            "evidence": ", ".join(rule.evidence),
            "provenance": rule.provenance,
        }
        file = handbook.folder / (PARTS if rule.id in in_parts else RULES)
        yield Meaning(rule.id, rule.title, facts, tuple(_users(handbook, rule.id)), file)


def _users(handbook: Handbook, rule: str) -> Iterator[tuple[str, Text]]:
    """List what an automatic check answers: items, then the figures that count it."""
    for checklist in handbook.checklists.values():
        yield from ((i.id, i.question) for i in checklist.items if rule in i.answer_from)
    for kpi in handbook.kpis.values():
        if rule in (*kpi.rules, *(name for figure in kpi.also for name in figure.rules)):
            yield kpi.id, kpi.title


def _decided(kind: str, given: Mapping[str, Given]) -> str:
    """Give a kind and its settings in one line."""
    settings = (f"{name} {', '.join(listed(value))}" for name, value in given.items())
    return " · ".join((kind, *settings))


def _parts(handbook: Handbook) -> Iterator[Meaning]:
    parts = handbook.parts
    if parts is None:
        return
    file = handbook.folder / PARTS
    inside = tuple((rule.id, rule.title) for rule in parts.rules)
    facts: Facts = {
        "purpose": parts.purpose,
        "edition": parts.edition,
        "source": parts.source,
        "ledger": ", ".join(parts.ledger),
    }
    yield Meaning(parts.id, parts.title, facts, inside, file)
    for stage in parts.stages:
        facts = {
            "explanation": stage.explanation,
            "next": ", ".join(stage.next),
            "statuses": ", ".join(stage.statuses),
        }
        rules = tuple((rule.id, rule.title) for rule in parts.rules if rule.stage == stage.id)
        yield Meaning(stage.id, stage.title, facts, rules, file)
    for equation in parts.equations:
        facts = {"formula": equation.formula, "explanation": equation.explanation}
        yield Meaning(equation.id, equation.title, facts, (), file)
    for move in parts.moves:
        facts = {
            "from": ", ".join(move.from_),
            "to": ", ".join(move.to),
            "stage": move.stage,
            "papers": ", ".join(move.papers),
            "note": move.note,
        }
        yield Meaning(move.id, move.title, facts, (), file)


def _kpis(handbook: Handbook) -> Iterator[Meaning]:
    for kpi in handbook.kpis.values():
        facts: Facts = {
            "formula": kpi.formula,
            "explanation": kpi.explanation,
            "target": None if kpi.target is None else str(kpi.target),
            "kind": _decided(kpi.kind, kpi.given),
            "lag": None if kpi.lag is None else str(kpi.lag),
            "uses": ", ".join(kpi.uses),
            "data": ", ".join(kpi.data),
            "provenance": kpi.provenance,
        }
        counted = (handbook.rules[name] for name in kpi.rules)
        inside = tuple((rule.id, rule.title) for rule in counted)
        yield Meaning(kpi.id, kpi.title, facts, inside, handbook.folder / KPIS)


def _workflows(handbook: Handbook) -> Iterator[Meaning]:
    for flow in handbook.workflows.values():
        file = handbook.files[flow.id]
        facts: Facts = {
            "purpose": flow.purpose,
            "lanes": ", ".join(lane.id for lane in flow.lanes),
            "entries": ", ".join(f"{entry.id} ({entry.start})" for entry in flow.entries),
            "edition": flow.edition,
            "source": flow.source,
            "digest": handbook.digests[flow.id],
        }
        boxes = tuple((node.id, _called(node)) for node in flow.nodes)
        yield Meaning(flow.id, flow.title, facts, boxes, file)
        edges = flow.told_edges(handbook.workflows)
        for node in flow.nodes:
            inside = tuple(_next(flow, edge) for edge in edges if edge.source == node.id)
            yield Meaning(node.id, _called(node), _box(flow, node), inside, file)


def _called(node: Node) -> Text:
    """Give what a box is called; a fork and a join without a title, by their kind."""
    return node.title or Text((("", node.kind),))


def _box(flow: Workflow, node: Node) -> Facts:
    choices = [event for choice in node.choices for event in choice.events]
    return {
        "workflow": flow.id,
        "kind": node.kind,
        "lane": ", ".join(node.lanes),
        "limit": node.limit,
        "within": str(node.within) if node.within else None,
        "times": str(node.times) if node.times else None,
        "optional": "yes" if node.optional else None,
        "forms": ", ".join(node.forms),
        "events": ", ".join(dict.fromkeys((*node.events, *choices))),
        "optional_events": ", ".join(node.optional_events),
        "standards": ", ".join(node.standards),
        "flow": " ".join(filter(None, [node.flow, node.entry])),
        "note": node.note,
        "provenance": node.provenance,
    }


def _next(flow: Workflow, edge: Edge) -> tuple[str, Text]:
    """Give the box a move leads to, its title behind the words on the way."""
    title = _called(flow.by_id[edge.target])
    if edge.label is None:
        return edge.target, title
    langs = title.languages or edge.label.languages or ("",)
    words = ((lang, f"[{edge.label.to(lang)}] {title.to(lang)}") for lang in langs)
    return edge.target, Text(tuple(words))


def _events(handbook: Handbook) -> Iterator[Meaning]:
    recorded: dict[str, list[tuple[str, Text]]] = {}
    for flow in handbook.workflows.values():
        for node in flow.nodes:
            for name in (*node.events, *(e for choice in node.choices for e in choice.events)):
                recorded.setdefault(name, []).append((node.id, _called(node)))
    for event in handbook.events.values():
        facts: Facts = {"group": event.group, "note": event.note, "provenance": event.provenance}
        yield Meaning(event.id, event.title, facts, tuple(recorded.get(event.id, ())))
    for flow in handbook.workflows.values():
        for own, title in flow.events.items():
            boxes = tuple(recorded.get(own, ()))
            yield Meaning(own, title, {"workflow": flow.id}, boxes, handbook.files[flow.id])
