"""Forms to be filled, exported and read back: of the tiny handbook, and of the real one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from pathlib import Path

from tests.sheets.xlsform.exports import Fields, fields_of

from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.record import Case, Record, RecordedAnswer, Sample
from sopaudit.sheets.blank import Blank, blank_of, checklists_of
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.xlsform.blank import xlsform

ROOT = Path(__file__).parents[3]
TINY = ROOT / "tests" / "handbooks" / "tiny"
CHENGDU = ROOT / "audits" / "2026-10-cd"
ZONE = UTC
DAY = date(2026, 11, 6)


@dataclass(frozen=True)
class World:
    """A blank, the questions of its form, and what was seen."""

    blank: Blank
    fields: Fields
    records: tuple[Record, ...] = ()


def formed(blank: Blank, folder: Path, records: Iterable[Record] = ()) -> World:
    """Write the form of a blank, and see what it asks."""
    path = folder / "form.xlsx"
    path.write_bytes(xlsform(blank, "zh"))
    return World(blank, fields_of(path), tuple(records))


def blank_from(handbook: Path, *checklists: str) -> Blank:
    """Make a blank of checklists of a handbook, of no audit."""
    found, problems = load_handbook(handbook)
    assert found is not None, problems
    names = checklists or tuple(name for name, one in found.checklists.items() if one.items)
    return blank_of(found, names, DAY)


def tiny() -> Blank:
    """Make a blank of an audit of the tiny workshop."""
    blank = blank_from(TINY)
    told = {"person": "9001", "role": "leader"}
    audit = Audit.model_validate(
        {
            "id": "2026-10-n1", "office": "N1", "date": "2026-11-06", "kind": "region",
            "period": {"from": "2026-10-01", "to": "2026-10-31"},
            "team": [told], "auditees": ["1001"],
        }
    )  # fmt: skip
    leaves = tuple(
        replace(leaf, people=tuple(p for p in blank.handbook.roster if p.id == "1001"))
        for leaf in blank.leaves
    )
    return replace(blank, audit=audit, leaves=leaves)


def counting(blank: Blank, item: str) -> Blank:
    """Have an item be answered by cases instead of a word."""
    (leaf,) = blank.leaves
    asks = tuple(
        replace(ask, way="cases", answers="rate", words=("yes", "no", "na", "unchecked"))
        if ask.item.id == item
        else ask
        for ask in leaf.asks
    )
    return replace(blank, leaves=(replace(leaf, asks=asks),))


def chengdu() -> tuple[Blank, AuditFolder]:
    """Make the blank of the audit whose answer is known."""
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    folder, problems = read_audit(CHENGDU, handbook)
    assert folder is not None, problems
    return blank_of(handbook, checklists_of(folder), folder.audit.date, folder), folder


def with_sample(blank: Blank, cases: Sequence[Case]) -> Blank:
    """Have the tickets of some cases drawn for an audit."""
    tickets = tuple(case.id for case in cases)
    return replace(blank, tickets=tickets, start="20261104", population=300)


def plain_answers(records: Iterable[Record]) -> dict[tuple[str, str], RecordedAnswer]:
    """Give answers by checklist and item without when they were given and how cases were drawn."""
    return {
        (record.checklist.id, given.item): _plain(given)
        for record in records
        for given in record.answers
    }


def _plain(given: RecordedAnswer) -> RecordedAnswer:
    sample = given.sample
    if sample is not None:
        cases = tuple(sorted(sample.cases, key=lambda case: case.id))
        sample = Sample(failed=sample.failed, checked=sample.checked, cases=cases)
    return given.model_copy(update={"at": None, "sample": sample})


def answers_of(filled: Filled) -> dict[tuple[str, str], RecordedAnswer]:
    """Give the answers of one filled form."""
    return plain_answers(filled.records)
