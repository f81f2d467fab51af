"""A veto takes effect only when somebody else stands for it; what was audited counts."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sopaudit.cli.examined import Asked, Evidence, Examined

ROOT = Path(__file__).parents[2]
SLIP = hashlib.sha256(b"slip").hexdigest()
Veto = Callable[..., Examined]


@pytest.fixture
def veto(tmp_path: Path) -> Veto:
    """Give the sample audit with the first veto answered no, confirmed as asked."""

    def made(by: str | None, *, evidence: bool = True, **change: object) -> Examined:
        folder = tmp_path / "2026-10-cd"
        shutil.copytree(ROOT / "audits" / "2026-10-cd", folder)
        (folder / "evidence").mkdir(exist_ok=True)
        (folder / "evidence" / "slip.txt").write_text("slip", encoding="utf-8")
        path = folder / "answers" / "CK-HTL.json"
        record = json.loads(path.read_text(encoding="utf-8"))
        for answer in record["answers"]:
            if answer["item"] == "CK-HTL-V1":
                answer["result"] = "no"
                if by is not None:
                    answer["confirmed"] = {"by": by}
                if evidence:
                    answer["evidence"] = [{"file": "evidence/slip.txt", "sha256": SLIP}]
        record.update(change)
        path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        asked = Asked([str(folder)], (), None, ROOT, None)
        return next(iter(Evidence(asked).examined()))

    return made


def test_a_second_person_with_evidence_makes_the_veto_hold(veto: Veto) -> None:
    hotline, *_ = veto("9002").conclusion.scores
    assert (hotline.score, hotline.band, hotline.grade) == ("91.2", "B", "E")
    assert hotline.state == "scored"


@pytest.mark.parametrize("by", ["9001", "9999", "1002", None])
def test_the_auditor_a_stranger_and_the_inspected_are_no_second_person(
    veto: Veto, by: str | None
) -> None:
    told = veto(by)
    hotline, *_ = told.conclusion.scores
    assert (hotline.grade, hotline.pending_grade, hotline.state) == ("B", "E", "pending veto")
    assert bool(told.problems) == (by is not None)


def test_without_evidence_the_veto_waits(veto: Veto) -> None:
    assert veto("9002", evidence=False).conclusion.scores[0].state == "pending veto"


def test_cases_nobody_looked_at_are_unchecked(veto: Veto) -> None:
    record = json.loads((ROOT / "audits/2026-10-cd/answers/CK-HTL.json").read_text("utf-8"))
    for answer in record["answers"]:
        for case in (
            answer.get("sample", {}).get("cases", []) if answer["item"][-2:] == "B2" else []
        ):
            case["result"] = "unchecked"
    hotline = veto(None, evidence=False, answers=record["answers"]).conclusion.scores[0]
    assert hotline.state == "incomplete"
    assert [i.item for i in hotline.items if i.outcome == "unchecked"] == ["CK-HTL-B2"]
