"""Answers records as they travel: what an auditor answered, and beside it what the records say."""

import json
from typing import Any

from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.recording import plain_data
from sopaudit.evidence.said import blank


def kept_record(folder: AuditFolder, checklist: str, raw: bytes | None) -> bytes:
    """Write the record of a checklist with what the records of the office said of its items.

    `raw` is the record as it stands in its file, None where nobody answered the checklist. Where
    nothing was said it stays as it stands, byte for byte.
    """
    told = {item: one for (name, item), one in folder.said.items() if name == checklist}
    if raw is not None and not told:
        return raw
    data: dict[str, Any] = (
        written_whole(folder, checklist)
        if raw is None
        else json.loads(raw.decode("utf-8-sig"), parse_float=str)
    )
    for item, one in told.items():
        said = {"from_records": plain_data(one.records)}
        entry = next((a for a in data["answers"] if a["item"] == item), None)
        if entry is None:
            data["answers"].append({"item": item, **said})
        else:
            entry |= said
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def written_whole(folder: AuditFolder, checklist: str) -> dict[str, Any]:
    """Write a record nobody answered."""
    told = blank(folder, checklist).model_dump(mode="json", by_alias=True)
    return {**told, "answers": []}
