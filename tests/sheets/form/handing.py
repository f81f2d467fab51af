"""Handing over a form in a test: the files it exports, made by hand."""

import hashlib
import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from sopaudit.sheets.blank import Blank, identity

AT: Final = "2026-11-06T14:03:00+08:00"

Told = dict[str, Any]


def handed(blank: Blank, answers: Mapping[str, list[Told]], **more: object) -> Told:
    """Tell what a form of `blank` hands over, with answers by checklist."""
    return {
        "schema": "sopaudit.filled/1",
        "sheet": identity(blank),
        "saved_at": AT,
        "by": "9001",
        "records": [
            {
                "schema": "sopaudit.answers/1",
                "audit": blank.audit.id if blank.audit else "",
                "checklist": {"id": checklist},
                "channel": "html",
                "answers": given,
                "signatures": [],
            }
            for checklist, given in answers.items()
        ],
        **more,
    }


def picture(file: str, content: bytes, **more: str) -> Told:
    """Name a picture as a form does."""
    return {"file": file, "sha256": hashlib.sha256(content).hexdigest(), "taken": AT, **more}


def zipped(folder: Path, told: Told | bytes, pictures: Mapping[str, bytes] = {}) -> Path:
    """Pack a form that was handed over."""
    out = BytesIO()
    text = (
        told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False, indent=1).encode()
    )
    with ZipFile(out, "w") as whole:
        whole.writestr("answers.json", text)
        for name, content in pictures.items():
            whole.writestr(name, content)
    path = folder / "form.zip"
    path.write_bytes(out.getvalue())
    return path


def plain(folder: Path, told: Told) -> Path:
    """Write the plain JSON of a form."""
    path = folder / "form.json"
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    return path
