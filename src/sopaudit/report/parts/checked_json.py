"""A checked ledger as JSON: totals, what is where, who owes what, every rule and every finding."""

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from sopaudit import __version__
from sopaudit.evidence.quality import Quality
from sopaudit.evidence.records import MOVES
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.ledger import PartsCheck
from sopaudit.report.checked.json import rule_json
from sopaudit.report.parts.picture import debts, heaps, sums
from sopaudit.report.parts.table import COLUMNS, chain_rows, loss_digest, loss_rows
from sopaudit.report.parts.teller import Teller, decimal, speaker_of

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
        "editions": {
            name: {"edition": book.editions[name], "digest": book.digests[name]}
            for name in ("parts", "rules", "calendar")
            if name in book.editions and name in book.digests
        },
        "quality": {
            "unsure": int(custody.entries.unsure.sum()),
            "short": decimal(Teller(custody, speaker_of(custody, "en")).short, decimals),
            "measures": measures,
        },
        "places": [*_places(custody)],
        "people": [*_people(custody)],
        "sorts": [*_sorts(check)],
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


def _places(custody: Custody) -> Iterator[dict[str, Any]]:
    for heap in heaps(custody):
        yield {
            "place": heap.place,
            "ours": heap.ours,
            "pieces": decimal(heap.units, custody.entries.decimals),
            "value": decimal(heap.value, custody.value_decimals) if heap.ours else None,
        }


def _people(custody: Custody) -> Iterator[dict[str, Any]]:
    for debt in debts(custody):
        yield {
            "person": debt.person or None,
            "place": debt.place,
            "pieces": decimal(debt.units, custody.entries.decimals),
            "value": decimal(debt.value, custody.value_decimals),
            "since": _day(debt.since),
        }


def _sorts(check: PartsCheck) -> Iterator[dict[str, Any]]:
    for one in sums(check.losses, 0):
        yield {
            "sort": one.sort,
            "count": one.count,
            "pieces": decimal(one.units, check.custody.entries.decimals),
            "value": decimal(one.value, check.custody.value_decimals),
            "oldest": _day(one.oldest),
        }


def _day(at: np.datetime64) -> str | None:
    return None if np.isnat(at) else str(at.astype("datetime64[D]"))
