"""What every id of a handbook stands for."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.field import Text, plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.sop import Sop

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
    """Tell all ids of posts, checklists, schemes and rules, with everything inside them."""
    found = (*_posts(handbook), *_checklists(handbook), *_schemes(handbook), *_rules(handbook))
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
    for rule in handbook.rules.values():
        facts: Facts = {"passes": rule.passes, "data": ", ".join(rule.data)}
        yield Meaning(rule.id, rule.title, facts)
