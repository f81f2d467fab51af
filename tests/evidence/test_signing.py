"""Nobody signs or fills for the other side, and what is left open is said."""

import json
import shutil
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import read_audit

KITCHEN = Path(__file__).parent / "kitchen"
HASH = "0" * 64


@pytest.fixture
def record(tmp_path: Path) -> Path:
    shutil.copytree(KITCHEN, tmp_path, dirs_exist_ok=True)
    return tmp_path / "audits/a/answers/COOK.json"


def codes(record: Path, kind: str = "region", **values: object) -> list[str]:
    data = json.loads(record.read_text(encoding="utf-8")) | values
    record.write_text(json.dumps(data), encoding="utf-8")
    audit = record.parents[1] / "audit.yaml"
    text = audit.read_text(encoding="utf-8").replace("kind: region", f"kind: {kind}")
    audit.write_text(text, encoding="utf-8")
    handbook, _ = load_handbook(record.parents[3])
    assert handbook is not None
    return [problem.code for problem in read_audit(record.parents[1], handbook)[1]]


def signed(role: str, person: str, **drawn: str) -> dict[str, object]:
    return {"role": role, "person": person, **({"drawn": drawn} if drawn else {})}


@pytest.mark.parametrize(
    ("role", "person", "expected"),
    [
        ("auditor", "9001", []),
        ("auditor", "1001", ["A054"]),
        ("auditee", "1001", []),
        ("auditee", "9001", ["A053"]),
        ("escort", "9001", ["A170"]),
        ("escort", "1001", ["A170"]),
        ("head", "9001", ["A171"]),
        ("head", "1001", []),
        ("head", "7777", ["A050"]),
    ],
)
def test_who_may_sign_as_what(record: Path, role: str, person: str, expected: list[str]) -> None:
    assert codes(record, signatures=[signed(role, person)]) == expected


def test_whoever_checks_the_own_station_may_be_its_head(record: Path) -> None:
    assert codes(record, "station", signatures=[signed("head", "9001")]) == []


@pytest.mark.parametrize(
    ("file", "expected"),
    [("evidence/none.png", ["A040"]), ("evidence/board.txt", ["A041"]), ("../a.png", ["A042"])],
)
def test_a_drawn_signature_is_a_file_like_any_evidence(
    record: Path, file: str, expected: list[str]
) -> None:
    signature = signed("auditor", "9001", file=file, sha256=HASH)
    assert codes(record, signatures=[signature]) == expected


def test_one_drawing_stands_for_one_person(record: Path) -> None:
    board = json.loads(record.read_text(encoding="utf-8"))["answers"][1]["evidence"][0]
    mine = [signed("auditor", "9001", **board), signed("auditor", "9001", **board)]
    assert codes(record, signatures=mine) == []
    assert codes(record, signatures=[*mine, signed("auditee", "1001", **board)]) == ["A172"]


@pytest.mark.parametrize(
    ("by", "kind", "expected"),
    [
        ("1001", "region", ["A173"]),
        ("1001", "self", []),
        ("9001", "region", []),
        ("gina.moss", "region", []),
    ],
)
def test_nobody_fills_a_sheet_about_the_own_work(
    record: Path, by: str, kind: str, expected: list[str]
) -> None:
    source = {"id": "a", "channel": "kobo", "file": "x.zip", "digest": "d", "by": by}
    assert codes(record, kind, sources=[source]) == expected


def test_what_other_sources_show_is_there_unchanged_too(record: Path) -> None:
    data = json.loads(record.read_text(encoding="utf-8"))
    gone = {"file": "evidence/none.jpg", "sha256": HASH}
    data["answers"][0]["others"] = [
        {
            "result": "yes",
            "evidence": [gone],
            "sample": {"cases": [{"id": "T", "evidence": [gone]}]},
        }
    ]
    assert codes(record, answers=data["answers"]) == ["A040", "A040"]
