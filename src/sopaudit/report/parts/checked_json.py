"""A checked ledger as JSON: totals, what is where, who owes what, every rule and every finding."""

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from sopaudit import __version__
from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.quality import Quality
from sopaudit.evidence.records import MOVES
from sopaudit.findings.custody.entries import EARLIEST
from sopaudit.findings.ledger import PartsCheck
from sopaudit.findings.parts_evidence import PartsEvidence
from sopaudit.report.checked.json import rule_json
from sopaudit.report.parts.saying import Evidence
from sopaudit.report.parts.table import COLUMNS, chain_rows, loss_digest, loss_rows
from sopaudit.report.parts.teller import Teller, decimal, speaker_of
from sopaudit.report.tickets.kpi import kpi_data

SCHEMA: Final = "sopaudit.parts/1"


def parts_json(check: PartsCheck, quality: Quality, file: str) -> str:
    """Write everything that was found; quantities and values are exact decimals, as texts."""
    return json.dumps(_told(check, quality, file), ensure_ascii=False, indent=2) + "\n"


def _told(check: PartsCheck, quality: Quality, file: str) -> dict[str, Any]:
    custody = check.custody
    rows = loss_rows(custody, check.losses)
    book, decimals = custody.handbook, custody.entries.decimals
    measures = quality.json()["measures"]
    return {
        "schema": SCHEMA,
        "engine": __version__,
        "ledger": file,
        "as_of": str(custody.now.astype("datetime64[D]")),
        "moves": len(custody.records.of(MOVES)),
        "findings": len(rows),
        "together": decimal(int(custody.entries.closing().sum()), decimals),
        "counts": {"right": check.accuracy.right, "counted": check.accuracy.counted},
        "rules_heard": len(check.heard),
        "rules_by_hand": check.by_hand,
        "digest": loss_digest(rows),
        "editions": editions(book),
        "quality": {
            "unsure": int(custody.entries.unsure.sum()),
            "short": decimal(Teller(custody, speaker_of(custody, "en")).short, decimals),
            "measures": measures,
        },
        "places": [*places_json(check.evidence)],
        "people": [*people_json(check.evidence)],
        "cash": [*_cash(check.evidence)],
        "sorts": [*sorts_json(check.evidence)],
        "figures": [kpi_data(result) for result in check.evidence.figures],
        "rules": [rule_json(result) for result in check.rules.values()],
        "let_be": [
            {"rule": entry.rule, "cases": count, "until": str(entry.until), "by": entry.by}
            for entry, count in check.let_be.held
        ],
        "losses": [
            {**dict(zip(COLUMNS, row, strict=True)), "chain": chain_rows(custody, loss)}
            for row, loss in zip(rows, check.losses, strict=True)
        ],
    }


def editions(book: Handbook) -> dict[str, Any]:
    """Write which editions of the handbook a ledger was held against."""
    return {
        name: {"edition": book.editions[name], "digest": book.digests[name]}
        for name in ("parts", "rules", "calendar")
        if name in book.editions and name in book.digests
    }


def places_json(evidence: Evidence) -> Iterator[dict[str, Any]]:
    """Write what is in each place."""
    for one in evidence.places:
        yield {
            "place": one.place,
            "ours": one.ours,
            "pieces": decimal(one.units, evidence.decimals),
            "value": decimal(one.value, evidence.value_decimals),
            "since": _day(one.oldest),
        }


def people_json(evidence: Evidence) -> Iterator[dict[str, Any]]:
    """Write what each person has in hand and owes."""
    for one in evidence.holders:
        yield {
            "person": one.person or None,
            "owed": decimal(one.owed, evidence.decimals),
            "in_hand": decimal(one.unused, evidence.decimals),
            "overdue": decimal(one.overdue, evidence.decimals),
            "value": decimal(one.value, evidence.value_decimals),
            "overdue_value": decimal(one.overdue_value, evidence.value_decimals),
            "since": _day(one.since),
            "due": _day(one.due),
            "tickets": list(one.tickets),
        }


def _cash(evidence: PartsEvidence) -> Iterator[dict[str, Any]]:
    for one in evidence.money.shorts if evidence.money else ():
        yield {
            "person": one.person or None,
            "short": plain(one.amount),
            "since": _day(one.since),
            "tickets": list(one.tickets),
            "rows": one.rows,
        }


def sorts_json(evidence: Evidence) -> Iterator[dict[str, Any]]:
    """Write the findings summed up by sort."""
    for one in evidence.sorts:
        yield {
            "sort": one.name,
            "count": one.count,
            "pieces": decimal(one.qty, evidence.decimals),
            "value": decimal(one.value, evidence.value_decimals),
            "oldest": _day(one.oldest),
        }


def _day(at: np.datetime64) -> str | None:
    return None if np.isnat(at) or at == EARLIEST else str(at.astype("datetime64[D]"))
