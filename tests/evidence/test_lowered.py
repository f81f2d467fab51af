"""Points that were lowered: what is answered is held against the points of the day."""

import json
import shutil
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import read_audit

KITCHEN = Path(__file__).parent / "kitchen"


@pytest.mark.parametrize(
    ("lowered", "value", "expected"),
    [
        ("2026-11-01", "10", ["A032"]),  # 10 of 5 would be 200 %
        ("2026-11-06", "10", ["A032"]),  # on the day of the visit
        ("2026-11-07", "10", []),
        ("2026-11-01", "5", []),
    ],
)
def test_an_answer_is_no_more_than_the_points_of_the_day(
    lowered: str, value: str, expected: list[str], tmp_path: Path
) -> None:
    shutil.copytree(KITCHEN, tmp_path, dirs_exist_ok=True)
    since = f"[{{date: 2020-01-01, points: 10}}, {{date: {lowered}, points: 5}}]"
    (tmp_path / "checklists/yard.yaml").write_text(
        'id: YARD\nedition: "1"\ntitle: Yard\nscheme: numbers\n'
        f"items: [{{id: Y1, question: How tidy?, points_since: {since}}}]\n",
        encoding="utf-8",
    )
    handbook, problems = load_handbook(tmp_path)
    assert handbook is not None, problems
    (tmp_path / "audits/a/answers/COOK.json").unlink()
    record = {
        "schema": "sopaudit.answers/1",
        "audit": "2026-10-n1",
        "checklist": {"id": "YARD", "edition": "1", "digest": handbook.digests["YARD"]},
        "channel": "paper",
        "answers": [{"item": "Y1", "value": value, "note": "half of it"}],
    }
    path = tmp_path / "audits/a/answers/YARD.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    found, problems = read_audit(tmp_path / "audits/a", handbook)
    assert found is not None
    assert [problem.code for problem in problems] == expected
