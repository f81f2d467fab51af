"""The checklist on paper: what it asks, what stands in it already, and the code of each page."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.sheets.paper.clerk import read_paper

from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.audit import read_audit
from sopaudit.evidence.record import Case, Confirmation, RecordedAnswer, Sample
from sopaudit.press.pdf import Job, render
from sopaudit.sheets.blank import Blank, Wish, blank_of
from sopaudit.sheets.paper.blank import css_text, paper
from sopaudit.sheets.paper.items import answered
from sopaudit.sheets.paper.mark import PageMark

ROOT = Path(__file__).parents[3]
DAY = date(2026, 11, 6)
SEEN = RecordedAnswer(item="CK-HTL-V1", result="no", note="挂断", confirmed=Confirmation(by="9002"))


@cache
def handbook(folder: str = "tests/handbooks/tiny") -> Handbook:
    found, _ = load_handbook(ROOT / folder)
    assert found is not None
    return found


def blank(folder: str = "tests/handbooks/tiny") -> Blank:
    return blank_of(handbook(folder), list(handbook(folder).checklists), DAY)


@pytest.fixture(scope="module")
def october() -> Blank:
    """Give the audit of October with its answers, and with tickets drawn."""
    audit, _ = read_audit(ROOT / "audits/2026-10-cd", handbook("."))
    assert audit is not None
    made = blank_of(handbook("."), ["CK-HTL"], audit.audit.date, audit, Wish(filled=True))
    tickets = ("CD-261005-001", "CD-261007-021")
    return replace(made, tickets=tickets, certain=frozenset(tickets[1:]), start="20261104")


@pytest.fixture(scope="module")
def filled(october: Blank) -> str:
    return paper(october, "zh")


def given(asked: Blank, *answers: RecordedAnswer) -> Blank:
    """Answer items of the first checklist."""
    told = {one.item: one for one in answers}
    asks = tuple(
        replace(ask, given=(told[ask.item.id],) if ask.item.id in told else ())
        for ask in asked.leaves[0].asks
    )
    return replace(asked, leaves=(replace(asked.leaves[0], asks=asks),))


def row(html: str, item: str) -> str:
    """Cut out the row of an item."""
    rows: list[str] = re.findall(r"<tr[^>]*>\n<td class=\"no\">.*?</tr>", html, re.DOTALL)
    return next(one for one in rows if f">{item}<" in one)


def boxes(html: str, item: str) -> list[tuple[str, str]]:
    """Give tick and title of each box of an item."""
    return re.findall(r'<span class="square">(.*?)</span>(.*?)</p>', row(html, item))


def slots(html: str, item: str) -> dict[str, str]:
    """Give label and content of each place for a number of an item."""
    return dict(re.findall(r'<p class="slot">(.*?)(?:<b>(.*?)</b>)?</p>', row(html, item)))


def test_there_is_a_box_for_each_answer_and_none_for_what_nobody_looked_at() -> None:
    html = paper(blank(), "zh")
    assert [title for _, title in boxes(html, "CK-MEC-A1")] == [
        "符合",
        "部分符合",
        "不符合",
        "不适用",
    ]
    assert "未检查" not in html
    english = paper(blank(), "en")
    assert [title for _, title in boxes(english, "CK-MEC-A1")][1] == "Partly"


def test_a_word_is_ticked_and_its_remark_printed() -> None:
    answer = RecordedAnswer(item="CK-MEC-A1", result="partial", note="左边没有试 <b>")
    html = paper(given(blank(), answer), "zh")
    assert [tick for tick, _ in boxes(html, "CK-MEC-A1")] == ["", "✓", "", ""]
    assert "左边没有试 &lt;b&gt;" in row(html, "CK-MEC-A1")
    assert not any(tick for tick, _ in boxes(html, "CK-MEC-A2"))


def test_numbers_and_points_lost_stand_in_their_places(filled: str) -> None:
    told = {"抽查数": "15", "不合格数": "2", "扣分": "1.07", "责任人": ""}
    assert slots(filled, "CK-HTL-B2") == told
    assert slots(filled, "CK-HTL-C3") == dict.fromkeys(told, ""), "it did not apply"
    assert slots(filled, "CK-HTL-A1") == {"次数": "1", "扣分": "1", "责任人": "1013 许萌"}
    assert boxes(filled, "CK-HTL-B2")[1] == ("✓", "不符合")


def test_what_was_found_last_time_stands_at_its_item_and_above_all(filled: str) -> None:
    assert '上次 2026-08-06：2 次 <b class="name">未关闭</b>' in row(filled, "CK-HTL-A2")
    assert "未关闭" not in row(filled, "CK-HTL-A1")
    opened = filled.partition("上次未关闭问题")[2].partition('<table class="items">')[0]
    assert re.findall(r'<td class="id">(.*?)</td>', opened) == [
        "CK-HTL-A2", "CK-HTL-C3", "CK-HTL-D1", "CK-HTL-E1",
    ]  # fmt: skip
    assert "2026-08-13" in opened, "seven days from the visit for what is major"


def test_veto_items_are_set_off(filled: str) -> None:
    assert "否决项" in row(filled, "CK-HTL-V1")
    assert 'class="veto"' in row(filled, "CK-HTL-V1")
    assert 'class="veto"' not in row(filled, "CK-HTL-B1")


def test_where_a_veto_waits_for_a_second_person_one_can_sign(october: Blank) -> None:
    told = {"zh": ("第二人确认", "9002 沈哲"), "en": ("Confirmed by", "9002 Shen Zhe")}
    for lang, (label, name) in told.items():
        html = paper(given(october, SEEN), lang)
        signed = re.findall(r'<p class="slot signing">(.*?)(?:<b>(.*?)</b>)?</p>', html)
        assert signed == [(label, name), (label, "")], "of the two vetoes, and of nothing else"
        assert name in row(html, "CK-HTL-V1")
    assert 'signing">' not in paper(blank(), "zh")


def test_a_clerk_reads_who_confirmed_it(october: Blank, tmp_path: Path) -> None:
    leaf = october.leaves[0]
    vetoes = replace(leaf, asks=tuple(ask for ask in leaf.asks if ask.witness))
    asked = given(replace(october, leaves=(vetoes,), tickets=()), SEEN)
    pdf = tmp_path / "paper.pdf"
    pdf.write_bytes(render(Job(paper(asked, "zh"), DAY)).pdf)
    assert read_paper(pdf, asked, "zh") == {"CK-HTL-V1": SEEN}


def test_the_tickets_drawn_are_lines_and_there_is_room_for_more(filled: str) -> None:
    cases = filled.partition('<table class="cases">')[2]
    lines = re.findall(r'<td class="line">(\d+)</td><td>(.*?)</td>', cases)
    assert lines[0] == ("1", "CD-261005-001")
    assert lines[1][1].startswith("CD-261007-021<span")
    assert "必查" in lines[1][1]
    assert [text for _, text in lines[-5:]] == [""] * 5
    assert "起始号 20261104" in filled


def test_a_case_is_ticked_at_the_items_it_was_looked_at_for(filled: str) -> None:
    line = re.search(r"<td>REC-261022-0067</td>.*?</tr>", filled)
    assert line is not None
    marks = re.findall(r'<td class="mark">(.*?)</td>', line[0])
    assert marks[:7] == ["✓", "△", "✓", "✓", "✓", "×", "✓"]
    assert set(marks[7:]) == {""}
    assert "1013 许萌" in line[0]
    assert "CK-HTL-B2：先报工号后问候，顺序颠倒" in line[0]


def test_each_time_it_happened_is_a_line_too_once_it_is_told(october: Blank) -> None:
    def columns(blank: Blank) -> list[str]:
        return re.findall(r'<th scope="col">(CK-HTL-\w+)', paper(blank, "zh"))

    told = RecordedAnswer(
        item="CK-HTL-A1",
        value=Fraction(1),
        sample=Sample(cases=(Case(id="2026-10-14", result="no", note="08:27打卡"),)),
    )
    filled = given(october, told)
    assert "CK-HTL-A1" in columns(filled)
    assert "CK-HTL-A1" not in columns(october)
    assert "CK-HTL-A1：08:27打卡" in paper(filled, "zh")


def test_many_items_are_several_lists_and_none_is_torn(october: Blank) -> None:
    leaf = october.leaves[0]
    asks = tuple(
        replace(ask, item=ask.item.model_copy(update={"id": f"{ask.item.id}-{n}"}), given=())
        for n in range(2)
        for ask in leaf.asks
    )
    html = paper(replace(october, leaves=(replace(leaf, asks=asks),)), "zh")
    lists = html.split('<table class="cases">')[1:]
    heads = [re.findall(r'<th scope="col">(CK-HTL-\w+-\d)', one) for one in lists]
    assert [len(head) for head in heads] == [11, 11]
    assert not {*heads[0]} & {*heads[1]}
    assert "抽样记录表（2/2）" in html


def test_numbers_say_their_word(october: Blank) -> None:
    leaf = october.leaves[0]
    times, rate = leaf.by_id["CK-HTL-A1"], leaf.by_id["CK-HTL-B1"]
    assert answered(times, RecordedAnswer(item="CK-HTL-A1", value=Fraction(0))) == "yes"
    assert answered(times, RecordedAnswer(item="CK-HTL-A1", value=Fraction(2))) == "no"
    assert answered(times, RecordedAnswer(item="CK-HTL-A1", result="na")) == "na"
    some = Sample(cases=(Case(id="1", result="yes"), Case(id="2", result="partial")))
    assert answered(rate, RecordedAnswer(item="CK-HTL-B1", sample=some)) == "no"
    good = Sample(failed=0, checked=3)
    assert answered(rate, RecordedAnswer(item="CK-HTL-B1", sample=good)) == "yes"
    nobody = Sample(cases=(Case(id="1", result="na"),))
    assert answered(rate, RecordedAnswer(item="CK-HTL-B1", sample=nobody)) is None


def test_a_foreign_handbook_has_its_own_answers_and_no_posts() -> None:
    county = paper(blank("examples/king-county"), "zh")
    assert boxes(county, "0400") == [("", "cited")]
    assert "责任人" not in county
    rating = paper(blank("examples/fhrs"), "en")
    assert [title for _, title in boxes(rating, "HYGIENE")] == [
        "0", "5", "10", "15", "20", "25", "Not applicable",
    ]  # fmt: skip
    assert "检查标准" not in county
    answer = RecordedAnswer(item="HYGIENE", value=Fraction(10))
    scored = boxes(paper(given(blank("examples/fhrs"), answer), "en"), "HYGIENE")
    assert [title for tick, title in scored if tick] == ["10"]


def test_the_code_of_a_page_names_audit_checklist_edition_digest_and_page() -> None:
    mark = PageMark("2026-10-cd", "CK-HTL", "2026.1", "8a5b2129")
    assert mark.on(3).text == "SA1:2026-10-cd:CK-HTL@2026.1:8a5b2129:3"


def test_a_text_cannot_leave_the_style_sheet() -> None:
    text = css_text('x"; } </style><script>\n')
    assert set(text[1:-1]) <= set("x; stylecrip0123456789abcdef\\ ") - set(";")
    hostile = Text((("", '坏"；}</style><script>alert(1)</script>'),))
    leaf = blank().leaves[0]
    checklist = leaf.checklist.model_copy(update={"title": hostile})
    html = paper(replace(blank(), leaves=(replace(leaf, checklist=checklist),)), "zh")
    assert html.count("</style>") == 1
    assert "<script" not in html


def test_however_long_the_texts_are_each_page_has_its_number_and_code() -> None:
    asked = blank()
    leaf = asked.leaves[0]
    long = Text((("", "问得很长。" * 500),))
    asks = tuple(
        replace(ask, item=ask.item.model_copy(update={"question": long})) for ask in leaf.asks
    )
    html = paper(replace(asked, leaves=(replace(leaf, asks=asks[:1]), leaf)), "zh")
    html = re.sub(r"url\(data:image[^)]*\)", '"code"', html)
    printed = render(Job(html, DAY))
    assert (printed.complaints, printed.uncovered) == ((), ())
    pages = [page.extract_text() for page in PdfReader(BytesIO(printed.pdf)).pages]
    assert "问得很长" in pages[0], "a row too tall for a page begins where it stands"
    feet = [re.search(r"第 (\d+) 页，共 (\d+) 页", text) for text in pages]
    numbers = [(int(foot[1]), int(foot[2])) for foot in feet if foot]
    first = numbers[0][1]
    assert first > 3
    assert numbers == [(n, first) for n in range(1, first + 1)] + [(1, 2), (2, 2)]
    digest = leaf.digest.rpartition(":")[2][:8]
    below = [text.partition("code")[2].split()[:3] for text in pages]
    assert below == [["CK-MEC", digest, str(number)] for number, _ in numbers]


def test_a_sheet_is_the_same_on_every_run(october: Blank, filled: str) -> None:
    assert paper(october, "zh") == filled
