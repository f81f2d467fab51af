"""Replayed audits as data: the part `replay` of `sopaudit.diff/1`."""

from collections.abc import Sequence
from typing import Any

from sopaudit import __version__
from sopaudit.findings.replay import Cause, Replay, Row
from sopaudit.findings.score import Score
from sopaudit.report.exact import exact


def replays_data(replays: Sequence[Replay]) -> list[dict[str, Any]]:
    """Put them into plain values; numbers are exact text."""
    return [
        {
            "audit": one.audit,
            "office": one.office,
            "date": str(one.day),
            "belongs": one.belongs,
            "engine": {"filed": one.engine, "now": __version__},
            "refiled": [
                {"checklist": name, "filed": filed, "now": now} for name, filed, now in one.refiled
            ],
            "results": [_row(row) for row in one.rows],
        }
        for one in replays
    ]


def _row(row: Row) -> dict[str, Any]:
    return {
        "checklist": row.checklist,
        "old": _score(row.old),
        "new": _score(row.new),
        "regraded": row.regraded,
        "difference": exact(row.difference),
        "additive": row.additive,
        "causes": [_cause(cause) for cause in row.causes],
        "not_carried": [
            {
                "item": one.item,
                "why": one.why,
                "code": None if one.problem is None else one.problem.code,
            }
            for one in row.not_carried
        ],
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "change": cause.change.kind,
        "id": cause.change.id,
        "keys": list(cause.change.parts),
        "alone": _score(cause.alone),
        "after": _score(cause.after),
        "step": exact(cause.step),
        "decides": cause.decides,
    }


def _score(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {
        "score": score.score,
        "exact": exact(score.exact),
        "possible": score.possible,
        "grade": score.grade,
        "state": score.state,
    }
