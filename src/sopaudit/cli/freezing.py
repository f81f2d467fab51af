"""An audit's frozen handbook, made beside its place and put there whole or not at all."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sopaudit import __version__
from sopaudit.criteria.handbook import load_handbook
from sopaudit.criteria.keeping import digests, lay_out
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.frozen import FROZEN, LIST
from sopaudit.evidence.recording import plain_data
from sopaudit.findings.conclusion import Conclusion, conclude_folder
from sopaudit.findings.from_records import answered_from_records
from sopaudit.findings.frozen import SCHEMA, result_of
from sopaudit.problems import Problem
from sopaudit.reading.copy import Copy


class NotSoundError(Exception):
    """The audit, or the handbook it is to keep, has problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


def frozen(folder: Path, copy: Copy, source: str | None, home: Path) -> str:
    """Put `copy` into the folder `frozen` of an audit, and tell what came out.

    Raises NotSoundError where the audit does not hold against it, and OSError.
    """
    waiting = Path(tempfile.mkdtemp(prefix=".frozen-", dir=folder))
    try:
        lay_out(copy, waiting, home)
        handbook, problems = load_handbook(waiting, shown=copy.name)
        if handbook is None:
            raise NotSoundError(problems)
        found, problems = read_audit(folder, replace(handbook, folder=home))
        if found is None or problems:
            raise NotSoundError(problems)
        found, problems = answered_from_records(found)
        if problems:
            raise NotSoundError(problems)
        told = conclude_folder(found)
        content = json.dumps(_list(found, told, waiting, source), ensure_ascii=False, indent=1)
        (waiting / LIST).write_bytes(f"{content}\n".encode())
        waiting.chmod(0o755)
        waiting.rename(folder / FROZEN)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    results = "  ".join(
        " ".join(filter(None, (score.checklist, score.score, score.grade))) for score in told.all
    )
    return f"{(folder / FROZEN).as_posix()}  {results}"


def _list(
    found: AuditFolder, told: Conclusion, place: Path, source: str | None
) -> dict[str, object]:
    keys = ("exact", "score", "grade", "state")
    return {
        "schema": SCHEMA,
        "engine": {"name": "sopaudit", "version": __version__},
        "from": source,
        "files": digests(place),
        "answers": dict(found.digests),
        "scores": [
            {"checklist": score.checklist, **dict(zip(keys, result_of(score), strict=True))}
            for score in told.all
        ],
        **_records(found),
    }


def _records(found: AuditFolder) -> dict[str, object]:
    """Keep what the records said, because they may not lie beside the audit for ever."""
    if not found.said and not found.belied:
        return {}
    told: dict[str, dict[str, object]] = {}
    for (checklist, item), said in found.said.items():
        told.setdefault(checklist, {})[item] = plain_data(said.records)
    return {
        "records": [plain_data(file) for file in found.held],
        "from_records": told,
        "belied": [plain_data(one) for one in found.belied],
    }
