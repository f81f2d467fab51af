"""An item that is retired, or still to come, stands in nothing that is written of an audit."""

from pathlib import Path

import pytest
from tests.report.conftest import Laundry

from sopaudit.criteria.handbook import load_handbook
from sopaudit.report.json import result_json
from sopaudit.report.page import inspection_html
from sopaudit.report.proof.text import proof_text
from sopaudit.report.seen import seen_in_folder
from sopaudit.report.xccdf.content import benchmark
from sopaudit.report.xccdf.markup import xccdf
from sopaudit.report.xlsx import workbook

SPANS = ("effective_until: 2026-06-02", "effective_from: 2026-06-04")
"""The visit was on 3 June."""


def pin(laundry: Laundry) -> None:
    """Let both records be of the checklist as it is."""
    handbook, _ = load_handbook(laundry.folder)
    before, _ = load_handbook(Path(__file__).parent / "laundry")
    assert handbook is not None
    assert before is not None
    for record in laundry.folder.rglob("CK-IRON.json"):
        text = record.read_text(encoding="utf-8")
        old, new = (book.digests["CK-IRON"] for book in (before, handbook))
        assert old in text
        record.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("span", SPANS)
def test_it_is_in_no_report_and_no_export(laundry: Laundry, span: str) -> None:
    words = [told(laundry)[0]]
    sheet = laundry.folder / "checklists/iron.yaml"
    item = f"  - {{id: CK-IRON-Z9, section: A, question: Zzz, points: 9, scoring: H, {span}}}\n"
    text = sheet.read_text(encoding="utf-8").replace("points: 20\n", "", 1)
    sheet.write_text(text + item, encoding="utf-8")
    pin(laundry)
    score, texts = told(laundry)
    assert (score, not any("Z9" in text for text in texts)) == (words[0], True)


def told(laundry: Laundry) -> tuple[tuple[str | None, ...], list[str]]:
    """Give the score, and all that is written of the audit."""
    folder, conclusion = laundry.concluded()
    report = laundry.report()
    made = benchmark(seen_in_folder(folder), conclusion, ("zh",), "org.example")
    texts = [
        inspection_html(report),
        result_json(folder.handbook, conclusion, report),
        proof_text(laundry.explained(), "zh", every=True),
        xccdf(made),
        repr(report),
    ]
    assert workbook(report)
    one = conclusion.scores[0]
    return (one.score, one.possible, one.grade, one.state), texts
