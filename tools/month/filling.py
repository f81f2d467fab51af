"""The filled sheets of the visit to Chengdu, as its auditor brings them home: `python tools/month`.

A workbook for five posts, what the offline form handed over for three more with photos and
signatures, and an export of KoboToolbox for the last.
"""

import hashlib
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zipfile import ZipFile, ZipInfo

from PIL import Image, ImageDraw

from month import visit
from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.drawn import Drawn
from sopaudit.evidence.record import Case, ChecklistUsed, Record, RecordedAnswer, Signature
from sopaudit.sheets.blank import Blank, Leaf, blank_of, checklists_of, identity
from sopaudit.sheets.xlsx.blank import workbook

ROOT: Final = Path(__file__).parents[2]
PLACE: Final = "audits/2026-10-cd-month"
LEADER: Final = "9001"
_SAVED: Final = "2026-11-06T17:20:00+08:00"


def filled() -> dict[str, bytes]:
    """Make every filled sheet, by its path from the root of the repository."""
    folder = _folder()
    blank = blank_of(folder.handbook, checklists_of(folder), folder.audit.date, folder)
    drawn = folder.drawn
    if drawn is None:
        raise FileNotFoundError(f"{PLACE}/sample.json")
    ways = {leaf.id: visit.channel_of(leaf.id) for leaf in blank.leaves}
    of = {
        channel: [leaf for leaf in blank.leaves if ways[leaf.id] == channel]
        for channel in dict.fromkeys(ways.values())
    }
    return {
        f"{PLACE}/filled/workbook.xlsx": _workbook(blank, drawn, of["excel"]),
        f"{PLACE}/filled/phone.zip": _phone(blank, drawn, of["html"]),
        f"{PLACE}/filled/kobo.json": _kobo(blank, drawn, of["kobo"]),
    }


def _folder() -> AuditFolder:
    handbook, problems = load_handbook(ROOT)
    if handbook is None:
        raise ValueError(problems)
    # Only the sheets: what an import left there is not looked at.
    with TemporaryDirectory() as name:
        place = Path(name) / "2026-10-cd-month"
        place.mkdir()
        for file in ("audit.yaml", "sample.json"):
            (place / file).write_bytes((ROOT / PLACE / file).read_bytes())
        folder, problems = read_audit(place, handbook)
    if folder is None or problems:
        raise ValueError(problems)
    return folder


# --- the workbook --------------------------------------------------------------------------------


def _workbook(blank: Blank, drawn: Drawn, leaves: Sequence[Leaf]) -> bytes:
    """Write the workbook with the answers typed in."""
    told = []
    for leaf in leaves:
        given = {answer.item: answer for answer in visit.answers(blank, drawn, leaf.id)}
        asks = (
            replace(a, given=(given[a.item.id],) if a.item.id in given else ()) for a in leaf.asks
        )
        told.append(replace(leaf, asks=tuple(asks)))
    return workbook(replace(blank, leaves=tuple(told)), "zh")


# --- the phone -----------------------------------------------------------------------------------


def _phone(blank: Blank, drawn: Drawn, leaves: Sequence[Leaf]) -> bytes:
    """Pack what the offline form hands over: answers, photos, signatures."""
    pictures: dict[str, bytes] = {}
    signatures = []
    for role, person in (("auditor", LEADER), ("auditee", "1001")):
        file = f"signatures/{role}-{person}.png"
        pictures[file] = _signature(person)
        signed = {"role": role, "person": person, "at": _SAVED}
        signatures.append({**signed, "drawn": _picture(file, pictures[file], _SAVED)})
    records = []
    for leaf in leaves:
        shots = dict(visit.photos(leaf.id))
        answers = []
        for answer in visit.answers(blank, drawn, leaf.id):
            files = [
                f"photos/{answer.item}_{n}.jpg" for n in range(1, shots.get(answer.item, 0) + 1)
            ]
            pictures |= {file: _photo(file, str(answer.note)) for file in files}
            answers.append(_handed(answer, [(file, pictures[file]) for file in files]))
        of_post = [one for one in signatures if one["role"] == "auditor"]
        records.append(
            {
                "schema": "sopaudit.answers/1",
                "audit": _audit(blank),
                "checklist": _used(blank, leaf),
                "channel": "html",
                "answers": answers,
                "signatures": signatures if leaf is leaves[0] else of_post,
            }
        )
    told = {
        "schema": "sopaudit.filled/1", "sheet": identity(blank), "saved_at": _SAVED,
        "by": LEADER, "records": records,
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, indent=1).encode()
    return _zipped({"answers.json": text, **pictures})


def _audit(blank: Blank) -> str:
    return blank.audit.id if blank.audit else ""


def _used(blank: Blank, leaf: Leaf) -> Any:  # noqa: ANN401 -- plain data
    listed: Any = identity(blank)["checklists"]
    return next(one for one in listed if one["id"] == leaf.id)


def _handed(answer: RecordedAnswer, files: Sequence[tuple[str, bytes]]) -> dict[str, Any]:
    """Tell an answer as the form does: every text as it was tapped."""
    at = answer.at.isoformat() if answer.at else ""
    told: dict[str, Any] = {
        "item": answer.item, "result": answer.result or "",
        "value": "" if answer.value is None else plain(answer.value),
        "note": answer.note, "at": at, "person": answer.person or "",
    }  # fmt: skip
    if answer.sample is not None:
        told["sample"] = {"cases": [_case(case) for case in answer.sample.cases]}
    if files:
        told["evidence"] = [_picture(file, content, at) for file, content in files]
    return {key: value for key, value in told.items() if value != ""}


def _case(case: Case) -> dict[str, Any]:
    told = {
        "id": case.id, "result": case.result or "", "parts": dict(case.parts),
        "person": case.person or "", "note": case.note,
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}


def _picture(file: str, content: bytes, at: str) -> dict[str, str]:
    return {"file": file, "sha256": hashlib.sha256(content).hexdigest(), "taken": at}


def _zipped(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as whole:
        for name, content in files.items():
            whole.writestr(ZipInfo(name, (2026, 11, 6, 17, 20, 0)), content)
    return out.getvalue()


def _photo(file: str, seed: str) -> bytes:
    """Draw what stands for a photo: shelves and boxes under a lamp, invented like everything."""
    chance = random.Random(f"{file}{len(seed)}")  # noqa: S311 -- no secret, but repeatable
    made = Image.new("RGB", (960, 720), (214, 208, 196))
    pen = ImageDraw.Draw(made)
    pen.rectangle((0, 560, 960, 720), fill=(150, 138, 122))
    for shelf in range(3):
        y = 160 + shelf * 170
        pen.rectangle((60, y, 900, y + 14), fill=(92, 84, 74))
        x = 80
        while x < 840:
            wide, high = chance.randint(50, 120), chance.randint(60, 130)
            tone = chance.choice(
                ((196, 158, 108), (120, 144, 156), (176, 190, 197), (141, 110, 99))
            )
            pen.rectangle((x, y - high, x + wide, y), fill=tone, outline=(60, 54, 48), width=3)
            pen.rectangle(
                (x + 12, y - high + 14, x + wide - 12, y - high + 34), fill=(250, 248, 240)
            )
            x += wide + chance.randint(6, 50)
    pen.ellipse((430, 300, 560, 430), outline=(183, 28, 28), width=9)
    return _saved(made, "JPEG", quality=78)


def _signature(person: str) -> bytes:
    """Draw what stands for a signature."""
    chance = random.Random(person)  # noqa: S311 -- no secret, but repeatable
    made = Image.new("RGBA", (520, 180), (255, 255, 255, 0))
    pen = ImageDraw.Draw(made)
    x = 40.0
    for _ in range(3):
        stroke = [(x + n * 9, 90 + chance.uniform(-58, 58) * (1 - n / 22)) for n in range(15)]
        pen.line(stroke, fill=(20, 30, 70, 255), width=5, joint="curve")
        x += 150
    return _saved(made, "PNG")


def _saved(made: Image.Image, kind: str, **how: int) -> bytes:
    out = BytesIO()
    made.save(out, kind, **how)
    return out.getvalue()


# --- Kobo ----------------------------------------------------------------------------------------


def _kobo(blank: Blank, drawn: Drawn, leaves: Sequence[Leaf]) -> bytes:
    """Write the JSON that Kobo's interface gives of the form, filled in once."""
    # The tests know how a server writes; nobody else here has to.
    sys.path.insert(0, str(ROOT))
    from tests.sheets.xlsform.exports import (  # noqa: PLC0415 -- found once the path is known
        Submission,
        filled,
        kobo_json,
    )
    from tests.sheets.xlsform.person import typed  # noqa: PLC0415 -- the same
    from tests.sheets.xlsform.world import formed  # noqa: PLC0415 -- the same

    records = list(_records(blank, drawn, leaves))
    with TemporaryDirectory() as name:
        world = formed(blank, Path(name), records)
        said = typed(blank, records)
        said.values |= {
            "start": "2026-11-06T15:00:00.000+08:00",
            "end": "2026-11-06T16:10:00.000+08:00",
        }
        sent = Submission(filled(world.fields, said), at="2026-11-06T08:12:00Z")
        return kobo_json(Path(name) / "kobo.json", [sent]).read_bytes()


def _records(blank: Blank, drawn: Drawn, leaves: Sequence[Leaf]) -> Iterator[Record]:
    signed = (
        Signature.model_construct(role="auditor", person=LEADER, at=datetime.fromisoformat(_SAVED)),
    )
    for leaf in leaves:
        used = ChecklistUsed.model_construct(**_used(blank, leaf))
        yield Record.model_construct(
            schema_="sopaudit.answers/1", audit=_audit(blank), checklist=used, channel="kobo",
            answers=visit.answers(blank, drawn, leaf.id), signatures=signed,
        )  # fmt: skip
