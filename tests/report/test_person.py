"""The page of one inspected person: only what is about them, and on one page."""

from io import BytesIO
from typing import Any

import pypdf
import pytest

from sopaudit.press.pdf import Job, render
from sopaudit.report.model import PersonPage
from sopaudit.report.page import inspection_html, person_html
from sopaudit.report.person import inspected
from sopaudit.report.seen import seen_in_folder

Laundry = Any
"""The class in conftest.py, which tests cannot import."""


def page(laundry: Laundry, staff: str = "11") -> PersonPage:
    (told,) = laundry.report(persons=[staff]).persons
    return told  # type: ignore[no-any-return]


def test_only_their_own_cases_are_counted(laundry: Laundry) -> None:
    told = page(laundry)
    assert (told.name, told.staff, told.posts) == ("王敏", "11", "熨烫工")
    assert (told.checked, told.conforming, told.nonconforming) == (1, 0, 1)
    assert [(row.item, row.conforming, row.nonconforming) for row in told.items] == [
        ("CK-IRON-A1", "0 / 1", "1"),
        ("CK-IRON-A2", "—", "5 次"),
    ]


def test_cases_beside_a_number_only_show_where_it_happened(laundry: Laundry) -> None:
    cases = [{"id": "E-011", "person": "11", "result": "no", "note": "烫黄"}]
    laundry.change_answer("CK-IRON-A2", value="1", person=None, sample={"cases": cases})
    told = page(laundry)
    assert (told.checked, told.nonconforming) == (1, 1)
    assert [(row.conforming, row.nonconforming) for row in told.items] == [
        ("0 / 1", "1"),
        ("—", "1 次"),
    ]


def test_what_was_written_down_stands_beside_its_item(laundry: Laundry) -> None:
    first, second = page(laundry).items
    assert [(r.case, r.note) for r in first.remarks] == [("E-002", "真丝按棉布温度熨烫")]
    assert [(r.case, r.note) for r in second.remarks] == [("", "5件烫黄。")]


def test_the_steps_to_look_up_are_those_of_what_failed(laundry: Laundry) -> None:
    assert [(row.id, row.standards) for row in page(laundry).steps] == [("IRON-01", "IRON-01-1")]
    cases = [{"id": "E-001", "person": "11", "result": "yes"}]
    laundry.change_answer("CK-IRON-A1", sample={"cases": cases})
    assert page(laundry).steps == ()


def test_those_inspected_are_the_auditees_or_else_whom_the_records_name(laundry: Laundry) -> None:
    laundry.hire("13")
    laundry.change_audit(auditees=["13", "11"])
    assert inspected(seen_in_folder(laundry.read())) == ("13", "11")
    laundry.change_audit(auditees=None)
    assert inspected(seen_in_folder(laundry.read())) == ("11",)


def test_those_asked_for_make_an_annex(laundry: Laundry) -> None:
    told = laundry.report(persons=["11"])
    assert [(c.number, c.title) for c in told.chapters][-1] == ("附件 5", "个人检查记录")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_of_its_own_is_one_page_and_says_nothing_of_others(
    laundry: Laundry, lang: str
) -> None:
    laundry.hire("13")
    laundry.change_answer("CK-IRON-B2", person="13", note="只与他人有关")
    report = laundry.report(lang, persons=["11"])
    made = render(Job(person_html(report, report.persons[0]), laundry.read().audit.date))
    assert made.complaints == ()
    (only,) = pypdf.PdfReader(BytesIO(made.pdf)).pages
    text = only.extract_text()
    assert {"zh": "王敏", "en": "Wang Min"}[lang] in text
    assert "只与他人有关" not in text
    assert not pypdf.PdfReader(BytesIO(made.pdf)).attachments


def test_in_the_annex_each_begins_a_page(laundry: Laundry) -> None:
    laundry.hire("13")
    laundry.change_answer("CK-IRON-A2", person="13")
    report = laundry.report(persons=["11", "13"])
    made = render(Job(inspection_html(report), laundry.read().audit.date))
    pages = [page.extract_text().splitlines() for page in pypdf.PdfReader(BytesIO(made.pdf)).pages]
    assert [[" ".join(line.split()) for line in page[:2]] for page in pages[-2:]] == [
        ["草稿", "附件 5 个人检查记录"],
        ["草稿", "周青 13 熨烫工"],
    ]
