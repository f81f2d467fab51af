"""A filled workbook: what somebody typed is what is read, whatever became of its rows."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from tests.sheets.filling import Rows, sheets
from tests.sheets.xlsx.desk import (
    CHANGES,
    ZONE,
    Formula,
    Typist,
    back,
    blank,
    kitchen,
    nameless,
    png,
    resaved,
    said,
    spoilt,
    with_parts,
    written,
)

from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.record import Case, RecordedAnswer, Sample
from sopaudit.sheets.blank import Blank, Wish, blank_of
from sopaudit.sheets.paper.cases import SIGNS
from sopaudit.sheets.xlsx.back import audit_named, read
from sopaudit.sheets.xlsx.blank import workbook
from sopaudit.sheets.xlsx.lines import lines_of, owners
from sopaudit.sheets.xlsx.marks import HEAD, HIDDEN, sheet_name

HERE = Path(__file__).parents[2]


def filled() -> Typist:
    """Answer the kitchen as somebody would."""
    typist = Typist(written())
    typist.type("@at", "note", "2026-11-06 17:20")
    typist.item("0100", result="部分符合", note="第二次没有洗手", person="1001 Ann")
    typist.item("0200", result="√")
    typist.item("0400", value=2, note="L-3、L-9 迟到")
    typist.case(0, case="L-3", i0300="√", person="1001")
    typist.case(1, case="L-9", i0300_name="√", i0300_day="×", note="没写日期")
    typist.case(2, case="L-11", i0300="不适用")
    return typist


def told(answers: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {
        item: (
            answer.result,
            None if answer.value is None else plain(answer.value),
            answer.note,
            answer.person,
            answer.counts,
        )
        for item, answer in answers.items()
    }


KITCHEN = {
    "0100": ("partial", None, "第二次没有洗手", "1001", (None, None)),
    "0200": ("yes", None, "", None, (None, None)),
    "0300": (None, None, "", None, (1, 2)),
    "0400": (None, "2", "L-3、L-9 迟到", None, (None, None)),
}


def test_what_is_typed_is_read(tmp_path: Path) -> None:
    found, problems = back(filled().done(), tmp_path)
    assert problems == []
    answers = said(found)
    assert told(answers) == KITCHEN
    assert answers["0300"].cases == (
        Case(id="L-3", result="yes", person="1001"),
        Case(id="L-9", parts={"name": "yes", "day": "no"}, note="没写日期"),
        Case(id="L-11", result="na"),
    )
    assert found is not None
    assert (found.audit, found.source.channel) == ("2026-10-n1", "excel")
    assert found.source.at is not None
    assert found.source.at.isoformat() == "2026-11-06T17:20:00+08:00"
    assert str(found.places["COOK", "0400"]).endswith("cook.xlsx[Chef] F10")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_blank_is_the_same_file_byte_for_byte(lang: str) -> None:
    assert workbook(blank(), lang) == written(lang)


@pytest.mark.parametrize("change", CHANGES)
def test_rows_and_columns_may_be_moved(change: str, tmp_path: Path) -> None:
    found, problems = back(resaved(filled().done(), CHANGES[change]), tmp_path)
    assert problems == []
    assert told(said(found)) == KITCHEN


def test_sheets_may_be_renamed_and_rows_moved_to_others(tmp_path: Path) -> None:
    moved: Rows = []

    def taken(name: str, rows: Rows) -> Rows:
        if name == "Lift":
            return [*rows, *moved]
        moved.extend(row for row in rows if row[0] in ("COOK/0400", "@case/COOK"))
        return [row for row in rows if row not in moved]

    content = resaved(filled().done(), taken, named=lambda name: name[::-1])
    found, problems = back(content, tmp_path)
    assert problems == []
    assert told(said(found)) == KITCHEN


@pytest.mark.parametrize(
    ("item", "word", "meant"),
    [
        ("0100", "Partly", "partial"),
        ("0100", "是", "yes"),
        ("0100", "×", "no"),
        ("0100", "1", "yes"),
        ("0200", "Not checked", "unchecked"),
        ("0300", "不适用", "na"),
        ("0400", "Not applicable", "na"),
    ],
)
def test_answers_are_taken_in_either_language_and_by_habit(
    item: str, word: str, meant: str, tmp_path: Path
) -> None:
    found, problems = back(Typist(written("en")).item(item, result=word).done(), tmp_path)
    assert problems == []
    assert said(found)[item].result == meant


def test_a_word_an_item_does_not_take_is_told_with_its_cell(tmp_path: Path) -> None:
    content = Typist(written()).item("0200", result="部分符合").item("0400", value="两次").done()
    found, problems = back(content, tmp_path)
    assert found is None
    told_ = [(str(one.place).rpartition("[")[2], one.code) for one in problems]
    assert told_ == [("Chef] F8", "A102"), ("Chef] I10", "F002")]


def test_a_case_takes_the_signs_of_the_paper_and_an_x_is_told_them_with_its_cell(
    tmp_path: Path,
) -> None:
    typist = Typist(written())
    for n, sign in enumerate((*SIGNS.values(), "/", "／")):
        typist.case(n, case=f"L-{n}", i0300=sign)
    found, problems = back(typist.done(), tmp_path)
    assert problems == []
    sample = said(found)["0300"].sample
    assert [case.result for case in sample.cases] == [*SIGNS]
    typist.case(1, i0300="x")
    _, [problem] = back(typist.done(), tmp_path)
    _, cell = typist.place("@case/COOK", "#0300", 1)
    assert str(problem.place).endswith(f" {cell}")
    for sign in ("√ 符合/", "△ 部分符合/", "× 不符合/", "不适用/"):
        assert sign in problem.remedy("zh")


def test_a_copied_row_answers_for_another_person(tmp_path: Path) -> None:
    def copied(_: str, rows: Rows) -> Rows:
        out = []
        for row in rows:
            out.append(row)
            if row[0] == "COOK/0400":
                head = next(one for one in rows if one[0] == "@items")
                again = [*row]
                again[head.index("person")], again[head.index("value")] = "9001", 0
                out.append(again)
        return out

    found, problems = back(resaved(filled().done(), copied), tmp_path)
    assert problems == []
    assert found is not None
    answers = [a for record in found.records for a in record.answers if a.item == "0400"]
    assert [(a.person, a.value) for a in answers] == [(None, Fraction(2)), ("9001", Fraction(0))]


def test_parts_of_a_week_add_up_to_the_whole(tmp_path: Path) -> None:
    answers: dict[str, Any] = {}
    for number in (1, 2):
        made = blank(Wish(part=(number, 2)))
        typist = Typist(workbook(made, "zh"))
        assert f"第{number}部分，共2部分" in str(typist.sheets[0][1][0][1])
        for leaf in made.leaves:
            for ask in leaf.asks:
                column, value = ("value", 5) if ask.way == "points" else ("result", "符合")
                typist.item(f"{leaf.id}/{ask.item.id}", **{column: value})
        found, problems = back(typist.done(), tmp_path)
        assert problems == []
        assert found is not None
        assert found.part == (number, 2)
        assert not answers.keys() & said(found).keys()
        answers |= said(found)
    assert answers.keys() == {ask.item.id for _, ask in blank().asks}


def test_answers_that_stand_in_it_already_read_back_the_same(tmp_path: Path) -> None:
    given = {
        "0100": (
            RecordedAnswer(item="0100", result="no", note="=1+1\n第二行", person="1001"),
            RecordedAnswer(item="0100", result="yes", person="9001"),
        ),
        "0300": (RecordedAnswer(item="0300", sample=Sample(failed=1, checked=7), note="系统取数"),),
        "0400": (
            RecordedAnswer(
                item="0400",
                value=Fraction(2),
                sample=Sample(cases=(Case(id="7", result="no", note="a"),)),
            ),
        ),
    }
    made = with_given(given)
    found, problems = back(workbook(made, "en"), tmp_path)
    assert problems == []
    assert found is not None
    answers = [answer for record in found.records for answer in record.answers]
    assert answers == [answer for one in given.values() for answer in one]


def test_each_row_of_an_item_has_the_cases_of_its_person(tmp_path: Path) -> None:
    given = tuple(
        RecordedAnswer(
            item="0300",
            person=person,
            sample=Sample(cases=(Case(id=f"L-{person}", result="yes", person=person),)),
        )
        for person in ("1001", "9001")
    )
    found, problems = back(workbook(with_given({"0300": given}), "zh"), tmp_path)
    assert problems == []
    assert found is not None
    assert found.records[0].answers == given


def with_given(given: Mapping[str, tuple[RecordedAnswer, ...]]) -> Blank:
    made = blank()
    leaves = tuple(
        replace(
            leaf,
            asks=tuple(replace(ask, given=given.get(ask.item.id, ())) for ask in leaf.asks),
        )
        for leaf in made.leaves
    )
    return replace(made, leaves=leaves)


# --- the sample ----------------------------------------------------------------------------------


def test_a_remark_of_a_line_belongs_to_what_failed_in_it_else_to_all_of_it() -> None:
    assert owners("late", {"A": True, "B": False}) == {"A": "late"}
    assert owners("late", {"A": False, "B": False}) == {"A": "late", "B": "late"}
    assert owners("", {"A": True}) == {}


def test_a_case_takes_as_many_lines_as_its_remarks_need() -> None:
    def of(item: str, **case: Any) -> tuple[RecordedAnswer, ...]:  # noqa: ANN401
        return (RecordedAnswer(item=item, sample=Sample(cases=(Case(id="T1", **case),))),)

    given = {
        "0300": of("0300", result="no", note="no date"),
        "0400": of("0400", result="yes"),
    }
    asks = [ask for _, ask in with_given(given).asks]
    assert [line.case for line in lines_of(asks, ["T0", "T1"])] == ["T0", "T1"]
    given["0400"] = of("0400", result="no", note="late")
    asks = [ask for _, ask in with_given(given).asks]
    assert [line.note for line in lines_of(asks, ["T1"])] == ["no date", "late"]


def test_a_drawn_sample_stands_in_the_lines_and_is_the_sample_of_the_answer(tmp_path: Path) -> None:
    made = replace(
        blank(), tickets=("T1", "T2", "T3"), certain=frozenset({"T3"}), start="42", population=90
    )
    typist = Typist(workbook(made, "zh"))
    for n in range(2):
        typist.case(n, i0300="√")
    path = tmp_path / "drawn.xlsx"
    path.write_bytes(typist.done())
    found, problems = read(path, made, ZONE)
    assert problems == []
    sample = said(found)["0300"].sample
    assert (sample.drawn, sample.seed, sample.population) == (2, 42, 90)
    assert [case.id for case in sample.cases] == ["T1", "T2"]


def test_numbers_that_do_not_fit_the_lines_are_told(tmp_path: Path) -> None:
    content = filled().item("0300", checked=9).done()
    _, problems = back(content, tmp_path)
    assert [problem.code for problem in problems] == ["F005"]


def test_formulas_of_our_own_are_not_read(tmp_path: Path) -> None:
    # A program that worked out other numbers changes nothing.
    typist = filled().item("0300", checked=Formula("1+98"), failed=Formula("1+97"))
    found, problems = back(typist.item("0100", earned=Formula("99")).done(), tmp_path)
    assert problems == []
    assert told(said(found)) == KITCHEN


# --- what is refused -----------------------------------------------------------------------------


def test_a_workbook_whose_hidden_facts_were_changed_is_refused(tmp_path: Path) -> None:
    found, problems = back(spoilt(filled().done()), tmp_path)
    assert (found, [problem.code for problem in problems]) == (None, ["F017"])
    gone = resaved(filled().done(), lambda name, rows: [] if name == HIDDEN else rows)
    found, problems = back(gone, tmp_path)
    assert (found, [problem.code for problem in problems]) == (None, ["F017"])
    assert audit_named(tmp_path / "cook.xlsx") == ""


@pytest.mark.parametrize("names", [True, False])
def test_that_the_hidden_column_was_deleted_is_told_of_its_sheet(
    tmp_path: Path, *, names: bool
) -> None:
    def beheaded(name: str, rows: Rows) -> Rows:
        kept = rows if names else nameless(name, rows)
        return rows if name == HIDDEN else [row[1:] for row in kept]

    found, problems = back(resaved(filled().done(), beheaded), tmp_path)
    assert (found, {problem.code for problem in problems}) == (None, {"F017"})
    if names:
        shown = [problem.place.path for problem in problems]
        assert shown == [f"{tmp_path}/cook.xlsx[{n}]" for n, _ in sheets(written())[:-1]]
    # Of one that is blank it is no other mistake; one of the sheets keeps what is its own.
    found, problems = back(resaved(written(), beheaded), tmp_path)
    assert {problem.code for problem in problems} == {"F017"}


def test_of_a_sheet_without_its_hidden_column_the_others_are_read(tmp_path: Path) -> None:
    first = sheets(written())[0][0]

    def beheaded(name: str, rows: Rows) -> Rows:
        return [row[1:] for row in rows] if name == first else rows

    found, problems = back(resaved(filled().done(), beheaded), tmp_path)
    assert [problem.code for problem in problems if problem.code != "F005"] == ["F017"]
    assert said(found).keys() < said(back(filled().done(), tmp_path)[0]).keys()


def test_a_sheet_of_their_own_that_names_results_and_remarks_is_left_alone(tmp_path: Path) -> None:
    own = [["", "", "", ""], ["item", "result", "note", "person"], ["x", "no", "late", "1001"]]
    typed = resaved(filled().done(), lambda name, rows: [*rows, *own] if name == HIDDEN else rows)
    assert back(typed, tmp_path)[1] == []


def test_another_edition_is_refused_with_the_way_out(tmp_path: Path) -> None:
    now = blank()
    leaves = tuple(replace(leaf, digest="sha256:0") for leaf in now.leaves)
    path = tmp_path / "cook.xlsx"
    path.write_bytes(filled().done())
    found, problems = read(path, replace(now, leaves=leaves), ZONE)
    assert found is None
    assert [problem.code for problem in problems] == ["F009", "F009"]
    assert "sopaudit sheet" in problems[0].text("en")


def test_a_workbook_says_which_audit_it_is_of(tmp_path: Path) -> None:
    for name, content, audit in (
        ("a.xlsx", filled().done(), "2026-10-n1"),
        ("b.xlsx", workbook(replace(blank(), audit=None), "en"), ""),
        ("c.xlsx", b"PK\x03\x04 broken", ""),
        ("d.zip", with_parts(written(), {})[:2000], None),
        ("e.jpg", b"\xff\xd8\xff", None),
    ):
        (tmp_path / name).write_bytes(content)
        assert audit_named(tmp_path / name) == audit
    other = resaved(written(), lambda *_: [["just", "a", "table"]])
    (tmp_path / "f.xlsx").write_bytes(other)
    assert audit_named(tmp_path / "f.xlsx") is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 broken", "F010"),
        (with_parts(written(), {"xl/worksheets/sheet1.xml": b"<a" * 9}), "F013"),
        (with_parts(written(), {"xl/worksheets/sheet1.xml": b"<!DOCTYPE a><a/>"}), "F013"),
        (with_parts(written(), {"../../evil.xml": b""}), "F011"),
        (with_parts(written(), {"xl/media/a.png": b"\0" * (2 << 20)}), "F012"),
        (b"no workbook at all", "T006"),
    ],
)
def test_a_hostile_file_is_a_problem(content: bytes, code: str, tmp_path: Path) -> None:
    found, problems = back(content, tmp_path)
    assert (found, [problem.code for problem in problems]) == (None, [code])


def test_remarks_are_text_whatever_they_look_like(tmp_path: Path) -> None:
    note = "=cmd|'/c calc'!A1_x0007_\u202e 好"
    content = Typist(written()).item("0100", result="符合", note=note).done()
    found, problems = back(content, tmp_path)
    assert problems == []
    assert said(found)["0100"].note == "=cmd|'/c calc'!A1 好"
    content = Typist(written()).item("0100", result="符合", note="长" * 4001).done()
    _, problems = back(content, tmp_path)
    assert [problem.code for problem in problems] == ["F007"]


def test_no_text_of_a_handbook_becomes_a_formula_or_a_link() -> None:
    evil = ("=1+1", "@SUM(1)", "https://evil.example", "+1", "{=1}", "x" * 40_000)
    made = blank()
    given = {
        ask.item.id: (RecordedAnswer(item=ask.item.id, note=text, result="na", person=text),)
        for (_, ask), text in zip(made.asks, evil, strict=False)
    }
    content = workbook(with_given(given), "en")
    with ZipFile(BytesIO(content)) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if "sheets/" in name)
    formulas = [part.partition("</f>")[0] for part in text.split("<f>")[1:]]
    assert formulas
    assert all(formula.startswith(("IF(", '"Score', "SUM")) for formula in formulas)
    assert "hyperlink" not in text.casefold()


def test_numbers_of_evidence_are_part_of_the_remark_and_names_of_our_photos_are_not(
    tmp_path: Path,
) -> None:
    typist = Typist(written()).item("0100", result="符合", note="见照片", evidence="0100_1、ZJ-07")
    found, _ = back(typist.done(), tmp_path)
    assert said(found)["0100"].note == "见照片\n证据编号 ZJ-07"


# --- pictures ------------------------------------------------------------------------------------


def test_pictures_belong_to_the_row_they_hang_in(tmp_path: Path) -> None:
    typist = filled()
    row = int(typist.place("COOK/0400", "note")[1][1:]) - 1
    line = int(typist.place("@case/COOK", "case", 1)[1][1:]) - 1
    red, blue = png("red"), png("blue")
    content = resaved(
        typist.done(),
        floating=[(0, row, 3, red), (1, line, 8, blue), (0, 0, 0, png("green"))],
        within=[(0, row - 1, 12, blue)],
    )
    found, problems = back(content, tmp_path)
    assert problems == []
    assert found is not None
    assert {(shot.name, shot.item, shot.case) for shot in found.shots} == {
        ("Chef_A1_1.png", "", ""),
        ("0300_1.png", "0300", ""),
        ("0400_1.png", "0400", ""),
        ("0300_2.png", "0300", "L-9"),
    }
    assert all(shot.unproven for shot in found.shots)
    shown = {shot.name: shot.read() for shot in found.shots}
    assert shown["0400_1.png"] == red
    assert shown["0300_2.png"] == blue
    assert told(said(found)) == KITCHEN


def test_a_picture_of_a_case_shows_what_failed_in_it(tmp_path: Path) -> None:
    typist = Typist(written()).case(0, case="L-1", i0300="√", i0400="×")
    line = int(typist.place("@case/COOK", "case")[1][1:]) - 1
    column = len(typist.sheets[1][1][line]) - 1
    content = resaved(typist.done(), floating=[(1, line, column, png("red"))])
    found, _ = back(content, tmp_path)
    assert found is not None
    assert [(shot.item, shot.case) for shot in found.shots] == [("0400", "L-1")]


def test_pictures_in_cells_as_wps_keeps_them_are_read(tmp_path: Path) -> None:
    typist = filled().item("0100", evidence=Formula('_xlfn.DISPIMG("ID_AB",1)'))
    images = (
        '<etc:cellImages xmlns:etc="e" xmlns:xdr="x" xmlns:a="a" xmlns:r="r"><etc:cellImage>'
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_AB"/></xdr:nvPicPr><xdr:blipFill>'
        '<a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>'
    )
    links = '<Relationships><Relationship Id="rId1" Target="media/image1.png"/></Relationships>'
    content = with_parts(
        typist.done(),
        {
            "xl/cellimages.xml": images.encode(),
            "xl/_rels/cellimages.xml.rels": links.encode(),
            "xl/media/image1.png": png("red"),
        },
    )
    found, problems = back(content, tmp_path)
    assert problems == []
    assert found is not None
    assert [(shot.name, shot.item) for shot in found.shots] == [("0100_1.png", "0100")]
    assert found.shots[0].read() == png("red")
    assert told(said(found)) == KITCHEN


# --- how it is made ------------------------------------------------------------------------------


def sheet_xml(number: int, content: bytes) -> str:
    with ZipFile(BytesIO(content)) as book:
        return book.read(f"xl/worksheets/sheet{number}.xml").decode()


def test_it_prints_across_on_a4_and_lets_people_work() -> None:
    for number in (1, 2):
        xml = sheet_xml(number, written())
        assert 'paperSize="9" ' in xml
        assert 'orientation="landscape"' in xml
        assert 'fitToHeight="0"' in xml
        protection = xml.partition("<sheetProtection")[2].partition("/>")[0]
        assert "objects" not in protection
        for left in ("formatRows", "insertRows", "sort", "autoFilter"):
            assert f'{left}="0"' in protection
        assert 'state="frozen"' in xml


def test_a_remark_that_is_missing_is_red() -> None:
    cells = (sheet_xml(1, written()), sheet_xml(2, written()))
    rules = [xml.partition("<conditionalFormatting")[2] for xml in cells]
    assert '=0,OR($F7="不符合",$F7="部分符合",N($H7)&gt;0,N($I7)&gt;0)' in rules[0]
    failed = "+".join(f'COUNTIF($D7:$G7,"{word}")' for word in ("×", "△", "部分符合"))
    assert f"=0,({failed})&gt;0)" in rules[1]


def test_a_word_that_contradicts_its_numbers_is_red() -> None:
    rules = sheet_xml(1, written()).partition("<conditionalFormatting")[2]
    first = rules.partition("<formula>")[2].partition("</formula>")[0]
    assert first.startswith('OR(AND($F7="符合",N($H7)&gt;0),AND(OR(')


def test_a_heading_names_its_item_and_no_line_begins_with_a_comma() -> None:
    heads = next(row for row in sheets(written())[1][1] if row[0] == HEAD)
    named = [str(cell).split("\n") for cell in heads[3:-2]]
    assert [lines[0] for lines in named] == ["0300", "0300", "0300", "0400"]
    assert not any(line[:1] in "，。？" for lines in named for line in lines[1:] if line)


def test_where_nothing_is_answered_by_points_the_number_is_that_of_times() -> None:
    heads = next(row for row in sheets(written())[0][1] if row[0] == HEAD)
    assert "次数" in heads
    assert "次数/得分" not in heads


def test_drop_downs_offer_the_words_an_item_takes_and_no_other() -> None:
    xml = sheet_xml(1, written())
    lists = [part.partition("</formula1>")[0] for part in xml.split("<formula1>")[1:]]
    assert '"符合,部分符合,不符合,不适用,未检查"' in lists
    assert '"符合,不符合,未检查"' in lists
    assert '"0,5,10"' in [
        part.partition("</formula1>")[0] for part in sheet_xml(3, written()).split("<formula1>")[1:]
    ]


def test_names_of_sheets_are_legal() -> None:
    assert sheet_name("A/B: [c]?*", "", []) == "A B   c"
    assert sheet_name("x" * 40, " sample", []) == "x" * 24 + " sample"
    assert sheet_name("Same", "", ["same"]) == "Same 2".replace(" 2", "") + " 2"
    assert sheet_name("sopaudit", "", []) == "sopaudit 2"
    assert sheet_name("'", "", []) == "Sheet"


@pytest.mark.parametrize("name", ["tables/fhrs", "tables/king-county"])
def test_handbooks_of_others_get_a_workbook_too(name: str) -> None:
    folder = HERE.parent / "examples" / name.partition("/")[2]
    handbook, problems = load_handbook(folder)
    assert handbook is not None, problems
    date = kitchen()[1].audit.date
    made = blank_of(handbook, [*handbook.checklists], date)
    assert Typist(workbook(made, "en")).sheets[-1][0] == HIDDEN
