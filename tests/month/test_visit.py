"""The visit to Chengdu: its filled sheets say what was seen, and come to the points they should."""

import hashlib
import runpy
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta, timezone
from fractions import Fraction
from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import pytest
import yaml
from tests.month.truth import ROOT

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.record import Case, RecordedAnswer
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.sheets.blank import Blank, blank_of, checklists_of
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.intake.bringing import bring
from sopaudit.sheets.intake.reading import gather, read_sheets

MONTH: Final = ROOT / "audits/2026-10-cd-month"
CHINA: Final = timezone(timedelta(hours=8))
FILES: Final = {"workbook.xlsx": "excel", "phone.zip": "html", "kobo.json": "kobo"}

POINTS: Final = {
    # Earned of possible, worked out with a pencil from seen.yaml and the words of the scheme: D2 is
    # 2 points off each time, R the share of cases that conform, H half for partly, V no points.
    "CK-HTL": {
        "A1": (4, 5), "A2": (5, 5), "B2": (Fraction(8 * 14, 15), 8), "B3": (4, 6),
        "C1": (Fraction(6 * 14, 15), 6), "C3": (10, 10), "D3": (Fraction(8 * 8, 10), 8),
        "E2": (Fraction(5, 2), 5),
    },
    "CK-COO": {
        "A1": (5, 5), "B4": (Fraction(24, 5), 6), "C1": (8, 8), "C2": (8, 10), "D3": (5, 5),
    },
    "CK-OSE": {
        "A1": (6, 8), "A2": (4, 5), "B3": (Fraction(16, 3), 8), "C1": (8, 10), "C2": (5, 5),
        "C3": (10, 10), "C5": (Fraction(32, 5), 8), "D1": (10, 10),
    },
    "CK-RCP": {
        "A1": (8, 10), "B1": (10, 10), "B2": (Fraction(32, 5), 8), "C1": (12, 12), "C2": (6, 8),
        "C4": (8, 8), "D1": (Fraction(32, 5), 8), "E1": (Fraction(32, 5), 8), "E2": (6, 6),
    },
    "CK-INS": {
        "A1": (10, 12), "B1": (8, 8), "B3": (Fraction(32, 5), 8), "C2": (6, 6),
        "C3": (Fraction(48, 5), 12), "D3": (Fraction(32, 5), 8),
    },
    "CK-SPS": {
        "A1": (5, 8), "C1": (8, 8), "E1": (Fraction(72, 5), 16), "E2": (Fraction(24, 5), 6),
        "E3": (2, 4),
    },
    "CK-CBS": {
        "B1": (10, 10), "B2": (12, 15), "B3": (5, 5), "C1": (12, 15), "C2": (5, 5),
    },
    "CK-MGR": {
        "A1": (9, 10), "A2": (10, 10), "B1": (Fraction(40, 3), 15), "B2": (7, 8), "C2": (13, 13),
        "D1": (10, 10), "E1": (7, 7), "F1": (Fraction(15, 2), 10), "F2": (4, 5),
    },
    "CK-ADM": {
        "A1": (8, 10), "C1": (20, 20), "D1": (20, 20), "D2": (5, 5), "E1": (8, 10), "E2": (5, 5),
    },
}  # fmt: skip

SCORES: Final = {
    # 100 times earned over possible: 44 29/30 of 53, 30.8 of 34, 54 11/15 of 64, 69.2 of 78,
    # 46.4 of 54, 34.2 of 42, 44 of 50, 80 5/6 of 88, 66 of 70; half up to one decimal.
    "CK-HTL": "84.8", "CK-COO": "90.6", "CK-OSE": "85.5", "CK-RCP": "88.7", "CK-INS": "85.9",
    "CK-SPS": "81.4", "CK-CBS": "88.0", "CK-MGR": "91.9", "CK-ADM": "94.3",
}  # fmt: skip


@cache
def handbook() -> Handbook:
    found, problems = load_handbook(ROOT)
    assert found is not None, problems
    return found


@cache
def filling() -> Any:  # noqa: ANN401 -- a module that no package holds
    runpy.run_path(str(ROOT / "tools/month"))
    return import_module("month.filling")


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> AuditFolder:
    place = tmp_path_factory.mktemp("visit") / MONTH.name
    place.mkdir()
    for name in ("audit.yaml", "sample.json"):
        shutil.copy(MONTH / name, place)
    found, problems = read_audit(place, handbook())
    assert found is not None
    assert problems == []
    return found


@pytest.fixture(scope="module")
def blank(audit: AuditFolder) -> Blank:
    return blank_of(handbook(), checklists_of(audit), audit.audit.date, audit)


@pytest.fixture(scope="module")
def read(blank: Blank) -> dict[str, Filled]:
    gathered = gather([MONTH / "filled" / name for name in FILES])
    sheets, problems = read_sheets(gathered.sheets, blank, CHINA)
    assert [*gathered.problems, *problems] == []
    return {sheet.path.name: one for sheet, (one,) in sheets}


def seen() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Give what the auditor saw: channel, checklist, the end of the item's id, the entry."""
    whole = yaml.safe_load((ROOT / "tools/month/seen.yaml").read_text("utf-8"))
    for checklist, entries in whole.items():
        for item, entry in entries.items():
            if item != "channel":
                yield entries["channel"], checklist, item, entry


def test_the_filled_sheets_are_what_the_tool_writes_today() -> None:
    """`python tools/month` writes them anew."""
    made = filling().filled()
    assert {Path(name).name for name in made} == {*FILES}
    for name, content in made.items():
        kept = (ROOT / name).read_bytes()
        if name.endswith(".zip"):
            assert _inside(content) == _inside(kept)
        else:
            assert content == kept, name


def _inside(content: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(content)) as whole:
        told = {n: hashlib.sha256(whole.read(n)).hexdigest() for n in whole.namelist()}
        return told | {"answers.json": whole.read("answers.json").decode()}


@pytest.mark.parametrize(("name", "channel"), FILES.items())
def test_each_sheet_says_what_was_seen(read: dict[str, Filled], name: str, channel: str) -> None:
    given = {
        (record.checklist.id, answer.item): answer
        for record in read[name].records
        for answer in record.answers
    }
    wanted = {(c, f"{c}-{item}"): told for way, c, item, told in seen() if way == channel}
    assert given.keys() == wanted.keys()
    for key, told in wanted.items():
        _same(given[key], told)


def test_there_are_78_answers_and_pictures_at_their_items(read: dict[str, Filled]) -> None:
    assert sum(len(r.answers) for one in read.values() for r in one.records) == 78
    shots = [shot.item for shot in read["phone.zip"].shots if shot.signed is None]
    wanted = {f"{c}-{item}": told["photos"] for _, c, item, told in seen() if "photos" in told}
    assert {item: shots.count(item) for item in shots} == wanted
    assert [shot.signed for shot in read["phone.zip"].shots if shot.signed] == [
        ("auditor", "9001"), ("auditee", "1001"),
    ]  # fmt: skip


def _same(answer: RecordedAnswer, told: dict[str, Any]) -> None:
    """Hold an answer against its line of seen.yaml."""
    assert answer.note == told.get("note", ""), answer.item
    assert answer.person == told.get("person"), answer.item
    said = told.get("answer")
    if said is None:
        assert (answer.result, answer.value) == (None, None)
        _cases(answer.cases, told)
    elif isinstance(said, int) and not isinstance(said, bool):
        assert answer.result is None, answer.item
        assert answer.value == said, answer.item
    else:
        word = {True: "yes", False: "no"}.get(said, said)
        assert (answer.result, answer.value) == (word, None), answer.item


def _cases(cases: Sequence[Case], told: dict[str, Any]) -> None:
    number = told["cases"] if "cases" in told else 3 * told["each"]  # three at the hotline
    assert len({case.id for case in cases}) == len(cases) == number
    drawn = {"on_site", "walk_in", "consult"}
    stem = "CD-" if told["of"] in drawn else told["of"]
    assert all(case.id.startswith(stem) for case in cases)
    failed = [case for case in cases if case.failed]
    assert sorted(case.note for case in cases if case.note) == sorted(told.get("fail", {}).values())
    assert sorted(case.note for case in failed) == sorted(told.get("fail", {}).values())
    bad = [part for case in cases for part, word in case.parts.items() if word == "no"]
    assert bad == [part for parts in told.get("parts", {}).values() for part in parts]
    assert all(case.judged == "yes" for case in cases if case not in failed)


def test_all_three_in_one_audit_come_to_the_points_worked_out_by_hand(
    audit: AuditFolder, read: dict[str, Filled]
) -> None:
    brought = bring(audit, [*read.values()], zone=CHINA)
    assert [*brought.problems, *brought.differences] == []
    now, problems = read_audit(audit.folder, handbook())
    assert now is not None
    assert problems == []
    scores = {one.checklist: one for one in conclude_folder(now).scores}
    for checklist, points in POINTS.items():
        counted = {
            item.item.removeprefix(f"{checklist}-"): (item.earned, item.possible)
            for item in scores[checklist].items
            if item.possible
        }
        assert counted == points, checklist
    assert {name: scores[name].score for name in SCORES} == SCORES
