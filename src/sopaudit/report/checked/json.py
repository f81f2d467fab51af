"""Checked tickets as JSON: the totals of design §7, every rule, every variant, every deviation."""

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from sopaudit import __version__
from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.checked import Checked
from sopaudit.findings.conformance.result import STATES, Conformance
from sopaudit.findings.rules.engine import RuleResult

SCHEMA: Final = "sopaudit.tickets/1"


def checked_json(checked: Checked, handbook: Handbook, file: str) -> str:
    """Write everything that was found."""
    return json.dumps(_told(checked, handbook, file), ensure_ascii=False, indent=2) + "\n"


def _told(checked: Checked, handbook: Handbook, file: str) -> dict[str, Any]:
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
        "variants": [*_variants(checked.conformance)],
        "rules": [_rule(result) for result in checked.rules.values()],
        "deviations": checked.deviations.to_dict("records"),
    }


def _variants(conformance: Conformance | None) -> Iterator[dict[str, Any]]:
    for variant in conformance.variants if conformance is not None else ():
        yield {
            "tickets": variant.tickets,
            "state": STATES[variant.state],
            "cost": variant.cost,
            "events": [*variant.events],
        }


def _rule(result: RuleResult) -> dict[str, Any]:
    counts = result.counts()
    return {
        "rule": result.rule.id,
        "severity": result.rule.severity,
        "assessable": result.assessable,
        "missing": [*result.missing],
        **{name.replace(" ", "_"): number for name, number in counts.items()},
    }
