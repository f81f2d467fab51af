"""The checklist in LibreOffice: typed into, sorted, enlarged, illustrated, saved and read back."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from tests.sheets.xlsx.office import FILTERS, Clerk, acted, office, said

from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.record import Confirmation, RecordedAnswer
from sopaudit.evidence.workbook import sheets_of
from sopaudit.sheets.blank import Ask, Blank, Wish, blank_of, checklists_of
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.xlsx.back import read
from sopaudit.sheets.xlsx.blank import workbook

ROOT = Path(__file__).parents[2]
AUDIT = ROOT / "audits/2026-10-cd"
ZONE = ZoneInfo("Asia/Shanghai")
SEEN = Confirmation(by="9002")
VETOED = {
    "CK-HTL-V2": RecordedAnswer(item="CK-HTL-V2", result="no", note="瞒报", confirmed=SEEN),
    "CK-COO-V1": RecordedAnswer(item="CK-COO-V1", result="no", note="补填"),
}
SCORES = {"CK-HTL": "91.2　等级 B", "CK-COO": "76.9　等级 D"}


@cache
def audit() -> AuditFolder:
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    folder, _ = read_audit(AUDIT, handbook)
    assert folder is not None
    return folder


def blank(folder: AuditFolder, *, filled: bool) -> Blank:
    names = checklists_of(folder)
    return blank_of(folder.handbook, names, folder.audit.date, folder, Wish(filled))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sheet")
    known = audit()
    for name, filled in (("blank", False), ("filled", True)):
        for lang in ("zh", "en"):
            content = workbook(blank(known, filled=filled), lang)
            (folder / f"{name}.{lang}.xlsx").write_bytes(content)
    Image.new("RGB", (60, 40), "red").save(folder / "photo.png")
    clerk = Clerk(folder / "blank.zh.xlsx", blank(known, filled=True), ["CK-HTL"])
    clerk.answer()
    clerk.paste("CK-HTL-C3", folder / "photo.png")
    saved = {kind: folder / f"saved.{kind}" for kind in FILTERS}
    office(folder, "--terminate_after_init")
    acted(folder, folder / "blank.zh.xlsx", clerk.orders, saved)
    return folder


@pytest.fixture(scope="module")
def vetoed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Have what the auditor saw typed, but a veto failed on either sheet; one is confirmed."""
    folder, known = tmp_path_factory.mktemp("vetoed"), audit()
    (folder / "blank.xlsx").write_bytes(workbook(blank(known, filled=False), "zh"))
    clerk = Clerk(folder / "blank.xlsx", failing(blank(known, filled=True)))
    clerk.answer()
    office(folder, "--terminate_after_init")
    acted(folder, folder / "blank.xlsx", clerk.orders, {"ods": folder / "saved.ods"})
    return folder / "saved.ods"


def failing(truth: Blank) -> Blank:
    def asked(ask: Ask) -> Ask:
        given = VETOED.get(ask.item.id)
        return ask if given is None else replace(ask, given=(given,))

    leaves = (replace(leaf, asks=tuple(map(asked, leaf.asks))) for leaf in truth.leaves)
    return replace(truth, leaves=tuple(leaves))


def same(answer: RecordedAnswer) -> RecordedAnswer:
    """Leave out what a sheet cannot say: the moment of each answer, and a draw nobody recorded."""
    sample = answer.sample
    if sample is not None:
        cases = tuple(sorted(sample.cases, key=lambda case: case.id))
        none = dict.fromkeys(("drawn", "seed", "population"))
        sample = sample.model_copy(update={**none, "cases": cases})
    return answer.model_copy(update={"at": None, "sample": sample})


def back(path: Path) -> tuple[AuditFolder, Filled]:
    folder = audit()
    filled, problems = read(path, blank(folder, filled=False), ZONE)
    assert problems == []
    assert filled is not None
    return folder, filled


@pytest.mark.parametrize("kind", sorted(FILTERS))
def test_what_a_person_does_in_libreoffice_is_what_is_read(made: Path, kind: str) -> None:
    folder, filled = back(made / f"saved.{kind}")
    for record in filled.records:
        wanted = folder.records[record.checklist.id].answers
        assert [same(answer) for answer in record.answers] == [same(one) for one in wanted]
    assert {record.checklist.id for record in filled.records} == set(SCORES)
    assert filled.source.at is not None
    assert filled.source.at.isoformat() == "2026-11-06T18:00:00+08:00"
    assert [(shot.name, shot.item) for shot in filled.shots] == [("CK-HTL-C3_1.png", "CK-HTL-C3")]
    assert filled.shots[0].read().startswith(b"\x89PNG")


def test_the_score_it_foretells_is_the_score(made: Path) -> None:
    sheets = sheets_of(made / "saved.ods")
    told = [cell for rows in sheets.values() for row in rows[:4] for cell in row if "得分 " in cell]
    for text, score in zip(told, SCORES.values(), strict=True):
        assert score in text


def test_a_veto_counts_once_a_second_person_is_named(vetoed: Path) -> None:
    sheets = sheets_of(vetoed)
    told = [cell for rows in sheets.values() for row in rows[:4] for cell in row if "得分 " in cell]
    confirmed, waiting = (" ".join(one.split()) for one in told)
    assert "91.2 等级 E" in confirmed
    assert confirmed.endswith("否决 1")
    assert "76.9 等级 D" in waiting
    assert waiting.endswith("13/13 待第二人确认的否决 1"), "none is in force"
    _, filled = back(vetoed)
    answers = {one.item: one for record in filled.records for one in record.answers}
    assert {item: answers[item] for item in VETOED} == VETOED


def test_a_question_cannot_be_written_over(made: Path) -> None:
    sheets = sheets_of(made / "saved.ods")
    assert not any(
        "written over" in cell for rows in sheets.values() for row in rows for cell in row
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sheet_that_is_filled_in_already_reads_back_the_same(made: Path, lang: str) -> None:
    folder, filled = back(made / f"filled.{lang}.xlsx")
    for record in filled.records:
        wanted = folder.records[record.checklist.id]
        assert [same(answer) for answer in record.answers] == [same(a) for a in wanted.answers]
        assert record.signatures == wanted.signatures
        assert record.checklist == wanted.checklist


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_prints_across_on_a4(made: Path, lang: str) -> None:
    office(made, "--convert-to", "pdf", "--outdir", made, made / f"filled.{lang}.xlsx")
    pdf = made / f"filled.{lang}.pdf"
    assert "841.89 x 595.304 pts (A4)" in said("pdfinfo", pdf)
    text = said("pdftotext", "-layout", pdf, "-")
    assert ("第 1 页，共 " if lang == "zh" else "Page 1 of ") in text
    assert "2026-10-cd" in text
    assert text.count("CK-HTL-B2") > 1
    heading = "问题描述" if lang == "zh" else "Remark"
    assert text.count(heading) > 3  # repeated on each page
