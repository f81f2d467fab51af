"""The four scores of XCCDF, made by the one engine: each model is a scheme in the usual words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.derivation import score
from sopaudit.findings.scoring import Scorer
from sopaudit.report.xccdf.model import Group, Parts, rules

SYSTEM: Final = "urn:xccdf:scoring:"
"""What the name of a model begins with."""

ANSWERS: Final = {
    "pass": "1",
    "fixed": "1",
    "fail": "0",
    "error": "0",
    "unknown": "0",
    "notapplicable": "skip",
    "notchecked": "skip",
    "notselected": "skip",
    "informational": "skip",
}
"""What each result earns of a rule's weight."""

MODELS: Final[Mapping[str, Mapping[str, str]]] = {
    "default": {"roll_up": "mean", "scale": "100"},
    "flat": {"roll_up": "sum"},
    "flat-unweighted": {"roll_up": "count"},
    "absolute": {"roll_up": "all"},
}
"""The words of each model's scheme besides its answers; only the first looks at groups."""

_NOTHING: Final[Mapping[str, tuple[int, int]]] = {
    "default": (0, 100),
    "flat": (0, 0),
    "flat-unweighted": (0, 0),
    "absolute": (1, 1),
}
"""Score and maximum where no rule counts, which the standard's sums leave at their start."""


@dataclass(frozen=True)
class ModelScore:
    """What a model makes of an audit."""

    model: str
    score: Fraction
    maximum: Fraction


def scores(parts: Parts) -> tuple[ModelScore, ...]:
    """Score a settled tree by each model, in the order of `MODELS`."""
    return tuple(_score(parts, model) for model in MODELS)


def _score(parts: Parts, model: str) -> ModelScore:
    words: dict[str, Any] = {"answers": ANSWERS, **MODELS[model]}
    if model == "default":
        words["sections"] = list(_sections(parts, "", words["roll_up"]))
    checklist = _checklist(parts)
    if checklist is None:
        return ModelScore(model, *map(Fraction, _NOTHING[model]))
    scheme = Scheme.model_validate({"id": model, "edition": "1.2", "title": model, **words})
    told = score(Scorer(checklist, scheme), [_frame(parts, checklist)], "audit")
    if told.exact is None or told.maximum is None:
        return ModelScore(model, *map(Fraction, _NOTHING[model]))
    return ModelScore(model, told.exact, told.maximum)


def _sections(parts: Parts, within: str, roll_up: str) -> Iterator[dict[str, Any]]:
    """List the groups as sections of a scheme, each with the one it stands in."""
    for part in parts:
        if isinstance(part, Group):
            inside = {"in": within} if within else {}
            yield {"id": part.id, "weight": part.weight, "roll_up": roll_up, **inside}
            yield from _sections(part.parts, part.id, roll_up)


def _items(parts: Parts, within: str) -> Iterator[dict[str, Any]]:
    for part in parts:
        if isinstance(part, Group):
            yield from _items(part.parts, part.id)
        elif part.scored:
            section = {"section": within} if within else {}
            yield {"id": part.id, "question": part.id, "weight": part.weight, **section}


def _checklist(parts: Parts) -> Checklist | None:
    """Put the rules that are scored on a sheet; None where there are none."""
    items = list(_items(parts, ""))
    if not items:
        return None
    named = {"id": "XCCDF", "edition": "1.2", "title": "XCCDF", "scheme": "xccdf"}
    sections = [{"id": s["id"], "title": s["id"]} for s in _sections(parts, "", "mean")]
    return Checklist.model_validate({**named, "sections": sections, "items": items})


def _frame(parts: Parts, checklist: Checklist) -> AnswerFrame:
    """Put the results of the scored rules into the one form scoring reads."""
    answers = [Answer(rule.result) for rule in rules(parts) if rule.scored]
    kinds = tuple(dict.fromkeys(answers))
    count = len(answers)
    return AnswerFrame(
        checklist=checklist.id,
        audits=("audit",),
        dates=np.array(["NaT"], "datetime64[D]"),
        audit=np.zeros(count, np.int32),
        items=tuple(item.id for item in checklist.items),
        item=np.arange(count, dtype=np.int32),
        kinds=kinds,
        answer=np.array([kinds.index(answer) for answer in answers], np.int32),
        row=np.arange(1, count + 1, dtype=np.int32),
    )
