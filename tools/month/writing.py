"""Writes the month: three audit folders, the truth about them, and what is wrong with the files."""

from pathlib import Path
from typing import Final

import yaml

from month.base import build
from month.book import Job, Office, Row
from month.closing import counts, cut, forms, machines, oversight
from month.filling import filled
from month.parts import Store, ledger, papers
from month.planted import plant
from month.plants_cash import banked, settled
from month.quality import spoil
from month.storing import keep
from month.truth import Truth

ROOT: Final = Path(__file__).parents[2]
OFFICES: Final = ("CD", "CQ", "HZ")
CLEAN: Final = "HZ"
_AUDIT: Final = """\
# yaml-language-server: $schema=../../.schema/audit.json
# The {title} office in October 2026, judged from its records alone. Invented: see tools/month.
id: {id}
office: {office}
period:
  from: 2026-10-01
  to: 2026-10-31
as_of: 2026-11-05
date: 2026-11-06
kind: region
team:
  - {{person: "9001", role: leader}}
state: draft
"""


def folder(code: str) -> str:
    """Name the audit folder of an office."""
    return f"audits/2026-10-{code.lower()}-desk"


def header(record: str) -> list[str]:
    """Give the columns of a record or a form, as the handbook names them."""
    for file, key in (("records.yaml", "records"), ("forms.yaml", "forms")):
        for kept in _handbook(file)[key]:
            if kept["id"] == record:
                return [f["id"] for f in kept["fields"]]
    raise KeyError(record)


_LATER: Final = {
    "received_at", "late_note_at", "photo", "release_no", "damage_photo", "damage_signed",
    "return_proposed_at", "short_or_damaged",
}  # fmt: skip
"""Columns that are written once the handbook names them."""

_READ: Final[dict[str, dict[str, list[dict[str, list[dict[str, str]]]]]]] = {}


def _handbook(file: str) -> dict[str, list[dict[str, list[dict[str, str]]]]]:
    if file not in _READ:
        text = (ROOT / "sops" / file).read_text(encoding="utf-8")
        _READ[file] = yaml.load(text, yaml.CSafeLoader)
    return _READ[file]


def month() -> dict[str, bytes]:
    """Make every file of the month, by its path from the root of the repository."""
    truth, files = Truth(), {}
    for code in OFFICES:
        office = Office(code)
        store = Store(office)
        build(office, store)
        keep(office, store)
        office.usual = False
        later = plant(office, store, truth)
        store.restock()
        cut(office)
        settled(office)
        banked(office)
        forms(office)
        machines(office)
        papers(store)
        ledger(store)
        counts(office)
        oversight(office)
        for change in later:
            change()
        office.name()
        _tell(office)
        tables = {record: _table(office, record) for record in sorted(office.rows)}
        spoiled = spoil(code, tables, truth)
        title = {"CD": "Chengdu", "CQ": "Chongqing", "HZ": "Hangzhou"}[code]
        place = folder(code)
        named = _AUDIT.format(id=place.removeprefix("audits/"), office=code, title=title)
        files[f"{place}/audit.yaml"] = named.encode()
        files |= {f"{place}/data/{record}.csv": data for record, data in spoiled.items()}
    files["tests/month/truth.yaml"] = truth.written().encode()
    files["tests/month/quality.yaml"] = truth.quality_written().encode()
    return files


def _tell(office: Office) -> None:
    """Write tickets and events as rows."""
    lines: list[tuple[object, int, Row]] = []
    for job in office.jobs:
        if not job.fields.get("_unknown"):
            fields = {name: value for name, value in job.fields.items() if name[0] != "_"}
            office.add("tickets", job, ticket_no=job.no, form_no=job.form_no, **fields)
        lines += [(each.key, len(lines) + n, _event(job, n)) for n, each in enumerate(job.events)]
    lines.sort(key=lambda line: (line[0], line[1]))
    office.rows["events"] = [row for _, _, row in lines]


def _event(job: Job, n: int) -> Row:
    line = job.events[n]
    return {
        "_job": job, "ticket_no": job.no, "event": line.event,
        "at": line.key if line.at is None else line.at, "actor": line.actor, "post": line.post,
        "value": line.value, "note": line.note,
    }  # fmt: skip


def _table(office: Office, record: str) -> list[dict[str, str]]:
    columns = header(record)
    rows = []
    for row in office.spelled(record):
        unknown = row.keys() - set(columns) - _LATER
        if unknown:
            raise KeyError(f"{record} has no {sorted(unknown)}")
        rows.append({name: row.get(name, "") for name in columns})
    order = next((n for n in ("ringing_at", "at") if n in columns and record != "moves"), None)
    if order and record != "events":
        rows.sort(key=lambda row: row[order])
    return rows


def main() -> None:
    """Write the month, and the sheets of the visit, into the repository."""
    for name, data in (month() | filled()).items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
