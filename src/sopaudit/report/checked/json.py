"""Checked tickets as JSON: the totals of design §7, every rule, every variant, every deviation."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from sopaudit import __version__
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.quality import Quality
from sopaudit.findings.checked import BigChecked, Checked
from sopaudit.findings.conformance.big_log import BigConformance
from sopaudit.findings.conformance.result import STATES, Conformance
from sopaudit.findings.rules.engine import RuleResult

SCHEMA: Final = "sopaudit.tickets/1"


def checked_json(
    checked: Checked | BigChecked, handbook: Handbook, file: str, quality: Quality | None = None
) -> str:
    """Write everything that was found; the deviations of a big log stand in its table alone."""
    told = _told(checked, handbook, file, quality)
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _told(
    checked: Checked | BigChecked, handbook: Handbook, file: str, quality: Quality | None
) -> dict[str, Any]:
    day = None if np.isnat(checked.now) else str(checked.now.astype("datetime64[D]"))
    names = ("rules", "calendar", *handbook.workflows)
    return {
        "schema": SCHEMA,
        "engine": __version__,
        "log": file,
        "events": checked.events,
        "as_of": day,
        **checked.totals(),
        "editions": {
            name: {"edition": handbook.editions[name], "digest": handbook.digests[name]}
            for name in names
            if name in handbook.editions and name in handbook.digests
        },
        "quality": None if quality is None else quality.json(),
        "sorts": [asdict(one) for one in checked.conformance.sorts] if checked.conformance else [],
        "variants": [*_variants(checked.conformance)],
        "rules": [rule_json(result) for result in checked.rules.values()],
        "let_be": [
            {"rule": entry.rule, "cases": count, "until": str(entry.until), "by": entry.by}
            for entry, count in checked.let_be.held
        ],
        "deviations": (
            checked.deviations.to_dict("records") if isinstance(checked, Checked) else None
        ),
    }


def _variants(conformance: Conformance | BigConformance | None) -> Iterator[dict[str, Any]]:
    for variant in conformance.variants if conformance is not None else ():
        yield {
            "tickets": variant.tickets,
            "state": STATES[variant.state],
            "cost": variant.cost,
            "events": [*variant.events],
        }


def rule_json(result: RuleResult) -> dict[str, Any]:
    """Say of a rule whether it was heard, and what its cases came to."""
    counts = result.counts()
    return {
        "rule": result.rule.id,
        "severity": result.rule.severity,
        "assessable": result.assessable,
        "missing": [*result.missing],
        **{name.replace(" ", "_"): number for name, number in counts.items()},
    }
