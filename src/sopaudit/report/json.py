"""What an audit came to, as data: `sopaudit.result/1`, for programs and for the years to come.

Scores are decimal text, as shown and graded, beside the exact fraction they were rounded from, so
no reader's floating point can change them. Codes are never translated.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any, Final

from sopaudit import __version__
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.recording import plain_data
from sopaudit.findings.conclusion import Conclusion
from sopaudit.findings.finding import Finding
from sopaudit.findings.intervals import CONFIDENCE
from sopaudit.findings.score import Bite, ItemScore, Score, SectionScore
from sopaudit.findings.uncertainty import Sampled, Uncertainty
from sopaudit.report.exact import exact
from sopaudit.report.model import InspectionReport

SCHEMA: Final = "sopaudit.result/1"


_QUIET: Final = frozenset(
    {
        "contradictions",
        "records",
        "records_facts",
        "offences",
        "more_cases",
        "contradicted",
        "parts",
        "elsewhere",
        "photos",
        "before",
        "album",
        "several",
        "item_counts",
        "items_note",
        "item_changes",
        "population",
        "signature",
    }
)
"""Fields an audit without records, photos, sources or a previous audit knows nothing of."""

_DRAWN: Final = frozenset(("logo", "charts", "picture", "enlarged", "firsts"))
"""Fields of the report that are pictures, or about the page."""


def result(handbook: Handbook, conclusion: Conclusion, report: InspectionReport) -> dict[str, Any]:
    """Put a conclusion and its report into plain values: mappings, lists, text, True, False, None.

    The numbers are exact; `report` is what the page says, in its language.
    """
    return {
        "schema": SCHEMA,
        "audit": conclusion.audit,
        "engine": {"name": "sopaudit", "version": __version__},
        "handbook": {
            "organisation": handbook.organisation.id,
            "edition": handbook.edition,
            "files": [
                _used(handbook.digests, name, handbook.editions.get(name, ""))
                for name in _rests_on(handbook, conclusion)
            ],
        },
        "scores": [
            _score(handbook, score, conclusion.uncertainty.get(score.checklist, Uncertainty()))
            for score in conclusion.all
        ],
        "nonconformities": [_finding(finding) for finding in conclusion.findings],
        **contradicted(conclusion),
        "report": told(report),
    }


def contradicted(conclusion: Conclusion) -> dict[str, Any]:
    """Give the contradictions, of an audit that has any."""
    told = [
        {
            "id": one.id,
            "item": one.said.item if one.said else None,
            "rule": one.belied.rule if one.belied else None,
            "offences": [plain_data(offence) for offence in one.offences],
        }
        for one in conclusion.contradictions
    ]
    return {"contradictions": told} if told else {}


def result_json(
    handbook: Handbook,
    conclusion: Conclusion,
    report: InspectionReport,
    folder: AuditFolder | None = None,
) -> str:
    """Write the same as JSON text, and what the records of a `folder` said of each item."""
    told_in_full = result(handbook, conclusion, report)
    if folder is not None and folder.said:
        told_in_full["records"] = from_records(folder)
    if folder is not None:
        told_in_full |= from_sources(folder)
    return json.dumps(told_in_full, ensure_ascii=False, indent=1) + "\n"


def from_records(folder: AuditFolder) -> dict[str, Any]:
    """Give what the records of an audit said, item by item, beside what the auditor answered."""
    return {
        "files": [plain_data(file) for file in folder.held],
        "items": [
            {
                "checklist": said.checklist,
                "item": said.item,
                "standing": said.standing,
                "answered": [plain_data(answer) for answer in said.own],
                "from_records": plain_data(said.records),
            }
            for said in folder.said.values()
        ],
    }


def from_sources(folder: AuditFolder) -> dict[str, Any]:
    """Give the filled sheets, and what is kept beside answers, where there are any."""
    own = folder.own if folder.own is not None else folder.records
    sources = [
        {"checklist": name, **plain_data(source)}
        for name, record in own.items()
        for source in record.sources
    ]
    several = [
        {
            "checklist": name,
            "item": answer.item,
            "source": answer.source,
            "others": [plain_data(other) for other in answer.others],
        }
        for name, record in own.items()
        for answer in record.answers
        if answer.others
    ]
    return {key: value for key, value in (("sources", sources), ("several", several)) if value}


def told(value: object) -> Any:  # noqa: ANN401 -- plain data
    """Put a part of the report model into plain values; a share becomes an exact fraction."""
    if isinstance(value, tuple):
        return [told(inner) for inner in value]
    if isinstance(value, Fraction):
        return str(value)
    if is_dataclass(value):
        names = (field.name for field in fields(value))
        values = {name: getattr(value, name) for name in names if name not in _DRAWN}
        return {name: told(v) for name, v in values.items() if v or name not in _QUIET}
    return value


def _score(handbook: Handbook, score: Score, doubt: Uncertainty) -> dict[str, Any]:
    scheme = handbook.schemes[score.scheme]
    known = handbook.checklists.get(score.checklist) or handbook.branches[score.checklist]
    return {
        "checklist": _used(handbook.digests, known.id, known.edition),
        "scheme": _used(handbook.digests, scheme.id, scheme.edition),
        "score": score.score,
        "exact": exact(score.exact),
        "possible": score.possible,
        "percent": score.percent,
        "grade": score.grade,
        "band": score.band,
        "pending_grade": score.pending_grade,
        "state": score.state,
        "limits": [_limit(bite) for bite in score.bites],
        "sections": [_section(section) for section in score.sections],
        "sampling": _sampling(doubt),
        "items": [_item(told, doubt.samples.get(told.item)) for told in score.items],
        "left_out": [
            {"item": told.item, "why": told.outcome}
            for told in score.items
            if told.outcome != "counted"
        ],
    }


def _rests_on(handbook: Handbook, conclusion: Conclusion) -> list[str]:
    """Name the files a result rests on besides checklists and schemes."""
    checklists = (handbook.checklists.get(score.checklist) for score in conclusion.scores)
    posts = [checklist.post for checklist in checklists if checklist and checklist.post]
    named = ("sopaudit", "rules", "calendar", *posts)
    return [name for name in dict.fromkeys(named) if name in handbook.digests]


def _used(digests: Mapping[str, str], name: str, edition: str) -> dict[str, str]:
    return {"id": name, "edition": edition, "digest": digests.get(name, "")}


def _limit(bite: Bite) -> dict[str, Any]:
    return {
        "limit": bite.limit,
        "items": list(bite.items),
        "groups": list(bite.groups),
        "grade": bite.grade,
        "score_at_most": exact(bite.score_at_most),
        "pending": bite.pending,
        "changed": bite.changed,
    }


def _section(section: SectionScore) -> dict[str, Any]:
    return {
        "section": section.id,
        "earned": exact(section.earned),
        "possible": exact(section.possible),
        "share": exact(section.share),
        "counted": section.counted,
        "total": section.total,
        "weight": exact(section.weight),
    }


def _sampling(doubt: Uncertainty) -> dict[str, Any]:
    return {
        "low": _decimal(doubt.interval.low if doubt.interval else None),
        "high": _decimal(doubt.interval.high if doubt.interval else None),
        "confidence": exact(CONFIDENCE),
        "drawn": list(doubt.drawn),
        "picked": list(doubt.picked),
        "additive": doubt.additive,
    }


def _sample(seen: Sampled | None) -> dict[str, Any] | None:
    if seen is None:
        return None
    return {
        "failed": seen.failed,
        "checked": seen.checked,
        "chosen": seen.chosen,
        "told": seen.told,
        "population": seen.population,
        "rate": exact(seen.rate),
        "low": _decimal(seen.interval.low if seen.interval else None),
        "high": _decimal(seen.interval.high if seen.interval else None),
        "at_most": _decimal(seen.ceiling),
        "miss": exact(seen.miss),
    }


def _item(told: ItemScore, seen: Sampled | None = None) -> dict[str, Any]:
    answer = told.answer
    return {
        "item": told.item,
        "outcome": told.outcome,
        "result": answer.result if answer else None,
        "value": exact(answer.value) if answer else None,
        "failed": answer.failed if answer else None,
        "checked": answer.checked if answer else None,
        "earned": exact(told.earned),
        "possible": exact(told.possible),
        "sample": _sample(seen),
        "persons": [
            {
                "person": one.person or None,
                "outcome": one.outcome,
                "earned": exact(one.earned),
                "possible": exact(one.possible),
            }
            for one in told.persons
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "checklist": finding.checklist,
        "item": finding.item.id,
        "severity": finding.severity,
        "lost": exact(finding.lost),
    }


def _decimal(value: float | None) -> str | None:
    """Write an estimate with six decimals, so that no machine's last digit shows."""
    return None if value is None else f"{value:.6f}"
