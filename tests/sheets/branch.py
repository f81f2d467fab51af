"""A branch office about to be audited: its handbook, an audit without answers, what will be seen.

The audit is 2026-10-cd before it was final, with the tickets drawn for it. What the auditor sees
there is what its record says; nobody looks into that record but those who play the auditor.
"""

import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.patience import PATIENCE
from tests.sheets.terminal.auditor import empty

from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.sheets.blank import Blank, Wish, blank_of, checklists_of

ROOT: Final = Path(__file__).parents[2]
SOPAUDIT: Final = ROOT / ".venv" / "bin" / "sopaudit"
AUDIT: Final = "2026-10-cd"
SEEN_FOR: Final = "CK-COO-B2"
"""The tickets this item was looked at in are those that were drawn."""

Answers = dict[str, dict[str, Any]]


def branch(place: Path) -> Path:
    """Lay out a handbook with an audit to be filled in; give the folder of the audit."""
    for name in ("sops", "checklists", "pictures", "audits/2026-07-cd"):
        shutil.copytree(ROOT / name, place / name)
    shutil.copy(ROOT / "sopaudit.yaml", place)
    audit = empty(place / "audits" / AUDIT)
    tickets = [case.id for case in seen()[SEEN_FOR].cases]
    told = {
        "schema": "sopaudit.sample/1", "algorithm": "sha256(start:ticket)/1", "start": "20261104",
        "office": "CD", "population": 312, "digest": "sha256:" + "a" * 64,
        "size": {"number": len(tickets)}, "by": [],
        "strata": [{"values": [], "tickets": 312, "drawn": tickets}],
    }  # fmt: skip
    (audit / "sample.json").write_text(json.dumps(told), "utf-8")
    return audit


@cache
def _seen() -> AuditFolder:
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    folder, _ = read_audit(ROOT / "audits" / AUDIT, handbook)
    assert folder is not None
    return folder


def seen() -> dict[str, RecordedAnswer]:
    """Give what there is to be seen, by item."""
    return {given.item: given for one in _seen().records.values() for given in one.answers}


def with_records(audit: Path) -> Path:
    """Put what was seen into an audit, as if somebody had typed it in."""
    shutil.copytree(ROOT / "audits" / AUDIT / "answers", audit / "answers")
    return audit


def blank_for(audit: Path) -> Blank:
    """Give the blank of an audit that lies in its handbook, with the answers there are."""
    handbook, _ = load_handbook(audit.parents[1])
    assert handbook is not None
    folder, _ = read_audit(audit, handbook)
    assert folder is not None
    day = folder.audit.date
    return blank_of(handbook, checklists_of(folder), day, folder, Wish(filled=True))


def unfilled(blank: Blank) -> Blank:
    """Take the answers out of a blank."""
    leaves = (
        replace(leaf, asks=tuple(replace(ask, given=()) for ask in leaf.asks))
        for leaf in blank.leaves
    )
    return replace(blank, leaves=tuple(leaves))


def sopaudit(*words: str | Path, may: int = 0) -> str:
    """Run a command to its end, and give what it said."""
    done = subprocess.run(
        [SOPAUDIT, *words], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == may, done.stdout + done.stderr
    return done.stdout + done.stderr


def answered(audit: Path) -> Answers:
    """Give all that an audit says of its items, but when, whence and with which pictures.

    Cases are in the order of their numbers: a list is sorted, ticked or typed in another order.
    """
    told: Answers = {}
    for file in sorted((audit / "answers").glob("*.json")):
        for given in json.loads(file.read_bytes())["answers"]:
            said = {key: value for key, value in given.items() if key not in BESIDE and value}
            sample = said.get("sample", {})
            if "cases" in sample:
                said["sample"] = sample | {
                    "cases": sorted(map(_case, sample["cases"]), key=lambda case: str(case["id"]))
                }
            told[given["item"]] = said
    return told


BESIDE: Final = ("at", "source", "evidence")
"""What is not the answer itself: each sheet has its own times, name and pictures."""


def _case(case: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in case.items() if value and key != "evidence"}


def as_seen(given: RecordedAnswer) -> dict[str, Any]:
    """Say what of an answer there was to be seen; how cases were drawn, `sample.json` knows."""
    said: dict[str, Any] = {
        "item": given.item, "result": given.result, "note": given.note, "person": given.person,
        "value": None if given.value is None else plain(given.value),
    }  # fmt: skip
    cases = [_case(case.model_dump(mode="json")) for case in given.cases]
    if cases:
        said["sample"] = {"cases": sorted(cases, key=lambda case: str(case["id"]))}
    return {key: value for key, value in said.items() if value}


def undrawn(answers: Answers) -> Answers:
    """Leave out how cases were drawn."""
    bare = ("drawn", "seed", "population")
    return {
        item: said
        | (
            {"sample": {k: v for k, v in said["sample"].items() if k not in bare}}
            if "sample" in said
            else {}
        )
        for item, said in answers.items()
    }


def pictured(audit: Path) -> dict[str, int]:
    """Give how many pictures each item has."""
    records = (json.loads(file.read_bytes()) for file in (audit / "answers").glob("*.json"))
    return {
        given["item"]: len(given["evidence"])
        for record in records
        for given in record["answers"]
        if given.get("evidence")
    }


def signed(audit: Path) -> dict[tuple[str, str], int]:
    """Give who signed, by role and person, and the bytes of the signature drawn; 0 for none."""
    told: dict[tuple[str, str], int] = {}
    for file in (audit / "answers").glob("*.json"):
        for one in json.loads(file.read_bytes()).get("signatures", ()):
            drawn = one.get("drawn")
            size = (audit / drawn["file"]).stat().st_size if drawn else 0
            told[one["role"], one["person"]] = max(told.get((one["role"], one["person"]), 0), size)
    return told


def disputed(audit: Path) -> dict[str, Iterable[Any]]:
    """Give what other sources say of items."""
    records = (json.loads(file.read_bytes()) for file in (audit / "answers").glob("*.json"))
    return {
        given["item"]: given["others"]
        for record in records
        for given in record["answers"]
        if given.get("others")
    }
