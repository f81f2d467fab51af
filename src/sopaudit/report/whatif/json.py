"""What would be if, as data for programs: `sopaudit.whatif/1`."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sopaudit import __version__
from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.score import Score
from sopaudit.findings.whatif.outlook import Outlook
from sopaudit.findings.whatif.prospect import Correction, Prospect
from sopaudit.findings.whatif.subject import Thing

SCHEMA: Final = "sopaudit.whatif/1"


def whatif_json(handbook: Handbook, audit: str, told: Sequence[Prospect | Outlook]) -> str:
    """Write answers to one question about one audit; items by their ids, numbers as exact text."""
    answers = [
        {**_used(handbook, one.now), "now": _score(one.now)}
        | (_prospect(one) if isinstance(one, Prospect) else _outlook(one))
        for one in told
    ]
    goals = {one.goal for one in told if isinstance(one, Prospect)}
    whole = {
        "schema": SCHEMA,
        "audit": audit,
        "engine": {"name": "sopaudit", "version": __version__},
        "handbook": {"organisation": handbook.organisation.id, "edition": handbook.edition},
        "question": {"to": min(goals)} if goals else {"open": True},
        "answers": answers,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _used(handbook: Handbook, score: Score) -> dict[str, Any]:
    scheme = handbook.schemes[score.scheme]
    known = handbook.checklists.get(score.checklist) or handbook.branches[score.checklist]
    return {
        name: {"id": one.id, "edition": one.edition, "digest": handbook.digests.get(one.id, "")}
        for name, one in (("checklist", known), ("scheme", scheme))
    }


def _prospect(told: Prospect) -> dict[str, Any]:
    return {
        "reached": told.reached,
        "proven": told.proven,
        "falls_short": [_correction(one) for one in told.corrections],
        "sets": [
            {
                "corrections": [_correction(one) for one in remedy.corrections],
                "after": _score(remedy.after),
            }
            for remedy in told.remedies
        ],
        "in_the_way": [
            {
                "kind": one.kind,
                "causes": list(one.causes),
                "limit": one.limit or None,
                "grade": one.grade,
                "score_at_most": None if one.cap is None else str(one.cap),
                "alone": one.alone,
            }
            for one in told.obstacles
        ],
        "with_everything": _score(told.best),
    }


def _correction(one: Correction) -> dict[str, str]:
    return {**_thing(one.thing), "brings": str(one.brings)}


def _thing(one: Thing) -> dict[str, str]:
    return {"checklist": one.checklist, "item": one.item}


def _score(score: Score) -> dict[str, str | None]:
    exact = None if score.exact is None else str(score.exact)
    return {
        "score": score.score,
        "exact": exact,
        "grade": score.grade,
        "pending_grade": score.pending_grade,
        "state": score.state,
    }


def _outlook(told: Outlook) -> dict[str, Any]:
    return {
        "open": [_thing(one) for one in told.open],
        "lowest": None if told.lowest is None else _score(told.lowest),
        "highest": None if told.highest is None else _score(told.highest),
        "no_lower_end": told.endless[0],
        "no_upper_end": told.endless[1],
        "best_grade": told.best,
        "worst_grade": told.worst,
        "worst_grade_with_vetoes": told.worst_of_all,
        "deciding": [_thing(one) for one in told.deciding],
        "vetoes": [
            {**_thing(one.thing), "grade": one.grade, "pending": one.pending} for one in told.vetoes
        ],
        "may_have_no_score": told.may_go,
        "proven": told.proven,
    }
