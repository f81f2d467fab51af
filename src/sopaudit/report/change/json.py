"""A difference as data for programs: `sopaudit.diff/1`."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sopaudit import __version__
from sopaudit.criteria.change.model import Change, Difference, FileChange, Value
from sopaudit.findings.replay import Replay
from sopaudit.report.replay.json import replays_data

SCHEMA: Final = "sopaudit.diff/1"


def difference_json(
    found: Difference, old: str, new: str, replays: Sequence[Replay] | None = None
) -> str:
    """Write all of it; values as they were typed, texts in every language."""
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "engine": {"name": "sopaudit", "version": __version__},
        "old": old,
        "new": new,
        "files": [_file(file) for file in found.files],
        "suspects": [
            {
                "item": suspect.item,
                "checklist": suspect.checklist,
                "title": suspect.title,
                "because": list(suspect.because),
                "review": dict(suspect.review),
                "unmarked": list(suspect.unmarked),
            }
            for suspect in found.suspects
        ],
        "unchecked": [
            {"standard": one.standard, "title": one.title, "by": list(one.by)}
            for one in found.unchecked
        ],
        "touched": [
            {
                "kind": touch.kind,
                "id": touch.id,
                "title": touch.title,
                "by": [{"kind": kind, "id": id_, "in": home} for kind, id_, home in touch.by],
            }
            for touch in found.touched
        ],
        "unread": list(found.unread),
    }
    if replays is not None:
        told["replay"] = replays_data(replays)
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _file(file: FileChange) -> dict[str, Any]:
    return {
        "change": file.sort,
        "kind": file.kind,
        "file": file.file,
        "was": file.was or None,
        "id": file.id,
        "title": file.title,
        "edition": {"old": file.editions[0] or None, "new": file.editions[1] or None},
        "remark": file.remark or None,
        "changes": [_change(change) for change in file.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    moved = change.moved
    return {
        "change": change.sort,
        "kind": change.kind,
        "id": change.id,
        "within": change.within or None,
        "title": change.title,
        "was": change.was or None,
        "moved": {"old": moved[0], "new": moved[1]} if moved else None,
        "after": change.after,
        "values": [_value(value) for value in change.values],
    }


def _value(value: Value) -> dict[str, Any]:
    return {
        "path": list(value.path),
        "language": value.language or None,
        "old": value.old,
        "new": value.new,
    }
