"""Proofs as data: `sopaudit.explain/1`, from which every number can be worked out again."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sopaudit import __version__
from sopaudit.criteria.answer import Answer
from sopaudit.criteria.passage import Passages
from sopaudit.criteria.section import Round
from sopaudit.findings.grading import limit_id
from sopaudit.findings.nearness import Change, Nearness
from sopaudit.findings.proof import Edge, Node, Standing
from sopaudit.findings.proving import limit_word
from sopaudit.findings.score import Score
from sopaudit.reading.document import Loc
from sopaudit.report.exact import exact
from sopaudit.report.proof.explained import Explained

SCHEMA: Final = "sopaudit.explain/1"


def proof_json(told: Explained, *, item: str | None = None) -> str:
    """Write the proofs of one audit, or of one checklist, or of the checklist that has an item."""
    handbook = told.seen.handbook
    writer = _Writer(Passages(handbook), told, item)
    whole = {
        "schema": SCHEMA,
        "audit": told.audit,
        "engine": {"name": "sopaudit", "version": __version__},
        "handbook": {"organisation": handbook.organisation.id, "edition": handbook.edition},
        "scores": [writer.score(score) for score in told.asked(item)],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


class _Writer:
    def __init__(self, passages: Passages, told: Explained, item: str | None) -> None:
        self.passages = passages
        self.told = told
        self.item = item

    def score(self, score: Score) -> dict[str, Any]:
        """Write one score."""
        handbook, proof = self.told.seen.handbook, score.proof
        scheme = handbook.schemes[score.scheme]
        near = self.told.near.get(score.checklist, Nearness())
        return {
            "checklist": score.checklist,
            "scheme": {
                "id": scheme.id,
                "edition": scheme.edition,
                "digest": handbook.digests[scheme.id],
                "file": self.passages.file(scheme.id),
            },
            "score": score.score,
            "exact": exact(score.exact),
            "grade": score.grade,
            "band": score.band,
            "state": score.state,
            "tree": None if proof is None else self.node(proof.root, score.scheme),
            "coverage": [
                {
                    "label": one.label or None,
                    "group": one.value or None,
                    "counted": one.counted,
                    "of": one.of,
                    "at_least": exact(one.at_least),
                    "enough": one.enough,
                }
                for one in (proof.coverage if proof else ())
            ],
            "standing": self._standing(proof.standing if proof else None, score.scheme),
            "worse": _changes(near.worse),
            "better": _changes(near.better),
            "limits": list(self._limits(score, near)),
            "items": list(self._items(score, near)),
        }

    def node(self, node: Node, scheme: str) -> dict[str, Any]:
        """Write a node and all below it."""
        return {
            "kind": node.kind,
            "rule": node.rule,
            "name": node.name or None,
            "value": exact(node.value),
            "out_of": exact(node.out_of),
            "base": exact(node.base),
            "weight": exact(node.weight),
            "by_share": node.by_share,
            "bounded": node.bounded,
            "full": node.full,
            "given": {name: exact(value) for name, value in node.given.items()},
            "round": _round(node.round),
            "answer": _answer(node.answer),
            "items": list(node.items),
            "word": self._word(scheme, node.word),
            "parts": [self.node(part, scheme) for part in node.parts],
        }

    def _word(self, scheme: str, word: Loc) -> dict[str, Any] | None:
        passage = self.passages.find(scheme, word)
        if passage is None:
            return None
        return {"text": passage.text, "file": passage.file, "line": passage.line}

    def _standing(self, standing: Standing | None, scheme: str) -> dict[str, Any] | None:
        if standing is None:
            return None
        return {
            "grade": standing.grade,
            "word": self._word(scheme, standing.word),
            "better": _edge(standing.better),
            "worse": _edge(standing.worse),
            "unrounded": standing.unrounded,
            "counts": [
                {
                    "grade": count.grade,
                    "count": dict(count.count),
                    "number": exact(count.number),
                    "holds": count.holds,
                }
                for count in standing.counts
            ],
        }

    def _limits(self, score: Score, near: Nearness) -> Iterator[dict[str, Any]]:
        scheme = self.told.seen.handbook.schemes[score.scheme]
        bites = {bite.limit: bite for bite in score.bites}
        nearly = {limit.limit: limit for limit in near.limits}
        for n, limit in enumerate(scheme.every_limit):
            name = limit_id(limit, n)
            bite, close = bites.get(name), nearly.get(name)
            standing = "near" if close else "clear"
            if bite is not None:
                standing = "pending" if bite.pending else "changed" if bite.changed else "held"
            yield {
                "limit": name,
                "standing": standing,
                "items": list(bite.items) if bite else [],
                "groups": list(bite.groups) if bite else [],
                "by": _changes(close.by if close else ()),
                "by_rounding": close.by_rounding if close else False,
                "word": self._word(score.scheme, limit_word(scheme, limit, n)),
            }

    def _items(self, score: Score, near: Nearness) -> Iterator[dict[str, Any]]:
        for told in score.items:
            if self.item in (None, score.checklist, told.item):
                full = (near.in_full or {}).get(told.item)
                out = (near.left_out or {}).get(told.item)
                yield {"item": told.item, "in_full": _result(full), "left_out": _result(out)}


def _changes(changes: Sequence[Change]) -> list[dict[str, Any]]:
    return [
        {
            "item": change.item,
            "person": change.person or None,
            "was": _answer(change.was),
            "now": _answer(change.now),
            "score": change.score,
            "grade": change.grade,
        }
        for change in changes
    ]


def _result(change: Change | None) -> dict[str, Any] | None:
    return None if change is None else {"score": change.score, "grade": change.grade}


def _answer(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "result": answer.result,
        "value": exact(answer.value),
        "failed": answer.failed,
        "checked": answer.checked,
    }


def _edge(edge: Edge | None) -> dict[str, Any] | None:
    if edge is None:
        return None
    return {"grade": edge.grade, "bound": exact(edge.bound), "distance": exact(edge.distance)}


def _round(rule: Round | None) -> dict[str, Any] | None:
    return None if rule is None else {"to": exact(rule.to), "mode": rule.mode}
