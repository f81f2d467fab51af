"""A garage whose records answer its checklists, and audits of it made from a few lines."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.standing import Said
from sopaudit.evidence.testimony import FromRecords
from sopaudit.findings.conclusion import Conclusion, conclude_folder
from sopaudit.findings.from_records import answered_from_records
from sopaudit.findings.score import ItemScore
from sopaudit.problems import Problem

GARAGE: Final = Path(__file__).parent / "garage"
AUDIT: Final = "2026-10-g1"

FIELDS: Final = ("ticket_no", "minutes", "cover", "cause", "consent", "cash", "phoned")

GOOD: Final = {"minutes": "30", "cover": "in", "cash": "5", "phoned": "call"}
"""A ticket that conforms to every rule that applies to it."""


def ticket(n: int, **other: str) -> dict[str, str]:
    """Give a ticket that conforms but for `other`."""
    return {"ticket_no": f"G-{n:03}", **GOOD, **other}


def csv(tickets: Sequence[Mapping[str, str]]) -> str:
    """Write tickets as the file of their record."""
    lines = [",".join(t.get(field, "") for field in FIELDS) for t in tickets]
    return "\n".join([",".join(FIELDS), *lines]) + "\n"


@dataclass(frozen=True)
class Seen:
    """An audit of the garage, read, heard and concluded."""

    folder: AuditFolder
    conclusion: Conclusion
    problems: list[Problem]

    def item(self, name: str) -> ItemScore:
        """Give the score of an item."""
        return next(i for s in self.conclusion.scores for i in s.items if i.item == name)

    def said(self, name: str) -> Said:
        """Give what the records said of an item of the mechanic."""
        return self.folder.said["CK-MEC", name]

    def records(self, name: str) -> FromRecords:
        """Give the same without what the auditor answered."""
        return self.said(name).records


def shop(folder: Path) -> Path:
    """Copy the garage, and give the folder of its audit without data or answers."""
    shutil.copytree(GARAGE, folder, dirs_exist_ok=True)
    audit = folder / "audits" / AUDIT
    shutil.rmtree(audit / "data")
    return audit


def book(audit: Path) -> Handbook:
    """Load the handbook an audit lies in."""
    handbook, problems = load_handbook(audit.parent.parent)
    assert handbook is not None, [problem.text("en") for problem in problems]
    return handbook


def hear(
    audit: Path,
    tickets: Sequence[Mapping[str, str]] | None = None,
    handbook: Handbook | None = None,
    **files: str,
) -> Seen:
    """Put records into an audit, and conclude it; `handbook` saves loading it each time."""
    if tickets is not None or files:
        (audit / "data").mkdir(exist_ok=True)
    if tickets is not None:
        (audit / "data/tickets.csv").write_text(csv(tickets))
    for record, content in files.items():
        (audit / f"data/{record}.csv").write_text(content)
    folder, problems = read_audit(audit, handbook or book(audit))
    assert folder is not None, problems
    folder, wrong = answered_from_records(folder)
    return Seen(folder, conclude_folder(folder), [*problems, *wrong])


def answer(audit: Path, *answers: Mapping[str, Any], checklist: str = "CK-MEC") -> None:
    """Write what an auditor answered."""
    handbook = book(audit)
    scheme = handbook.checklists[checklist].scheme
    record = {
        "schema": "sopaudit.answers/1",
        "audit": AUDIT,
        "checklist": {
            "id": checklist,
            "edition": "1",
            "digest": handbook.digests[checklist],
            "scheme": {"id": scheme, "edition": "1", "digest": handbook.digests[scheme]},
        },
        "channel": "paper",
        "answers": [{"note": "looked", **one} for one in answers],
    }
    (audit / "answers").mkdir(exist_ok=True)
    (audit / f"answers/{checklist}.json").write_text(json.dumps(record))
