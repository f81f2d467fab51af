"""Samples of what can be wrong with filled sheets, files and folders that are to be imported."""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tests.sheets.counter import ZONE, Desk, opened, shot, used
from xlsxwriter import Workbook

from sopaudit.evidence.archive import archive
from sopaudit.evidence.audit import read_audit
from sopaudit.problems import Place, Problem
from sopaudit.sheets.answering import Answering, Written, WrittenCase
from sopaudit.sheets.blank import identity, sealed
from sopaudit.sheets.filled import Shot
from sopaudit.sheets.identity import identity_of, refused
from sopaudit.sheets.intake.bringing import bring
from sopaudit.sheets.intake.plain import read as read_record
from sopaudit.sheets.intake.reading import Gathered, Sheet, channels, gather
from sopaudit.sheets.xlsx.back import read as read_workbook


def problems_of_sheet(run: Mapping[str, Any]) -> list[Problem]:
    """Do in the current folder, a kitchen, what `run` says, and give what is told of it."""
    return next(_DOING[name](told) for name, told in run.items() if name in _DOING)


def _written(run: Mapping[str, Any]) -> list[Problem]:
    """Write into the row of an item of a workbook."""
    desk = Desk(opened(Path("audits/a")))
    leaf = desk.leaf("COOK")
    texts = {**run, "note": run.get("note", "") * run.get("times", 1)}
    cases = [WrittenCase(**case) for case in texts.pop("cases", [])]
    ask = leaf.by_id[texts.pop("item")]
    texts.pop("times", None)
    _, slips = Answering(desk.blank, leaf, ZONE).answer(ask, Written(**texts, cases=cases))
    place = Place("cook.xlsx [COOK]", 6, 8)
    return [Problem(place, slip.code, slip.values) for slip in slips]


def _sheet(run: Mapping[str, Any]) -> list[Problem]:
    """Make a sheet that says of itself something else than the audit it is to go into."""
    desk = Desk(opened(Path("audits/a")))
    told = json.loads(json.dumps(identity(desk.blank)))
    told |= {key: value for key, value in run.items() if key not in ("sealed", "edition", "name")}
    told["checklists"] = told["checklists"][:1]
    told["checklists"][0] |= {key: run[old] for key, old in _NAMED.items() if old in run}
    if run.get("sealed", True):
        told["seal"] = sealed(told)
    place = Place("cook.xlsx")
    found, problems = identity_of(told, place)
    return problems if found is None else list(refused(found, desk.blank, place))


_NAMED = {"edition": "edition", "id": "name"}


def _archive(run: Mapping[str, Any]) -> list[Problem]:
    Path("phone.zip").write_bytes(zipped(run))
    return gather([Path("phone.zip")], channels()[:1]).problems


def zipped(run: Mapping[str, Any]) -> bytes:
    """Make an archive that is no good, of parts by name."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as whole:
        for name in run.get("names", []):
            about = ZipInfo(name)
            about.compress_type = ZIP_DEFLATED
            if run.get("link"):
                about.external_attr = (stat.S_IFLNK | 0o777) << 16
            whole.writestr(about, b"\0" * run.get("bytes", 3))
        for n in range(run.get("number", 0)):
            whole.writestr(f"{n}.txt", b"")
    content = out.getvalue()
    if "renamed" in run:
        content = content.replace(run["names"][-1].encode(), run["renamed"].encode())
    if run.get("locked"):
        content = _flagged(content)
    return content[: run["cut"]] if "cut" in run else content


def _flagged(content: bytes) -> bytes:
    """Set the flag of a locked part, in front of it and in the directory."""
    raw = bytearray(content)
    raw[raw.index(b"PK\x03\x04") + 6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def _file(run: Mapping[str, Any]) -> list[Problem]:
    path = Path(run["name"])
    if "pipe" in run:
        os.mkfifo(path)
    elif "folder" in run:
        path.mkdir()
    elif "hex" in run:
        path.write_bytes(bytes.fromhex(run["hex"]) * run.get("times", 1))
    elif "zip" in run:
        path.write_bytes(zipped({"names": run["zip"]}))
    else:
        path.write_text(run["text"], encoding="utf-8")
    return gather([path], channels()[:1]).problems


def _many(run: Mapping[str, Any]) -> list[Problem]:
    """Answer one item far too often in a plain record."""
    desk = Desk(opened(Path("audits/a")))
    record = {
        "schema": "sopaudit.answers/1",
        "audit": "a",
        "checklist": used(desk.leaf("COOK")),
        "channel": "excel",
        "answers": [{"item": "0100", "result": "yes"}] * run["answers"],
    }
    path = Path("COOK.json")
    path.write_text(json.dumps(record), encoding="utf-8")
    return read_record(path, desk.blank, ZONE)[1]


def _cells(run: Mapping[str, Any]) -> list[Problem]:
    """Write something into the named cells of a workbook and into no other."""
    path = Path("cook.xlsx")
    book = Workbook(str(path))
    sheet = book.add_worksheet("COOK")
    for cell in run["written"]:
        sheet.write(cell, "x")
    book.close()
    return read_workbook(path, Desk(opened(Path("audits/a"))).blank, ZONE)[1]


def _brought(run: Mapping[str, Any]) -> list[Problem]:
    """Bring files into the audit, with the answers and photos `run` names."""
    audit = Path("audits/a")
    for name, text in run.get("files", {}).items():
        (audit / name).parent.mkdir(parents=True, exist_ok=True)
        (audit / name).write_text(text, encoding="utf-8")
    if "state" in run:
        _put(audit / "audit.yaml", "\nperiod:", f"\nstate: {run['state']}\nperiod:")
    desk = Desk(opened(audit))
    if "edition" in run:
        _put(audit / "answers/COOK.json", '"edition": "1"', f'"edition": "{run["edition"]}"')
    taken = tuple(_shot(told) for told in run.get("shots", []))
    filled = desk.filled("cook.xlsx", *run.get("answers", []), shots=taken)
    return list(bring(desk.folder, [filled]).problems)


def _put(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _shot(told: Mapping[str, Any]) -> Shot:
    more = {**told, "signed": tuple(told["signed"])} if "signed" in told else dict(told)
    content = more.pop("text", "").encode() or None
    broken = partial(archive(zipped({"names": ["a"]})).read, more["name"])
    return shot(more["name"], broken if more.pop("broken", False) else content, **_but_name(more))


def _but_name(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key != "name"}


def _again(run: Mapping[str, Any]) -> list[Problem]:
    """Name sheets of several audits."""
    known = channels()[0]
    sheets = [Sheet(Path(name), known, audit) for name, audit in run.items()]
    return Gathered(sheets).of_several[:1]


def _waiting(run: Mapping[str, Any]) -> list[Problem]:
    """Read an audit in which an import was interrupted."""
    (Path("audits/a/journal") / run["name"]).mkdir(parents=True)
    desk = opened(Path("audits/a"))
    return read_audit(Path("audits/a"), replace(desk.handbook))[1]


_DOING = {
    "written": _written,
    "sheet": _sheet,
    "archive": _archive,
    "file": _file,
    "many": _many,
    "cells": _cells,
    "brought": _brought,
    "several": _again,
    "waiting": _waiting,
}
