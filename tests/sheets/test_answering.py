"""What people write for an item, whatever they write it with, becomes the same answer."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest
from tests.findings.office import book
from tests.sheets.counter import Desk, kitchen, opened

from sopaudit.evidence.audit import read_audit
from sopaudit.evidence.record import Confirmation, RecordedAnswer
from sopaudit.sheets.answering import (
    Answering,
    People,
    Slip,
    Written,
    WrittenCase,
    remark,
    shown_value,
    when,
)
from sopaudit.sheets.blank import Blank, blank_of, checklists_of

ROOT = Path(__file__).parents[2]
EAST = timezone(timedelta(hours=8))


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Blank:
    return Desk(opened(kitchen(tmp_path_factory.mktemp("book")))).blank


def read(blank: Blank, item: str, written: Written) -> tuple[RecordedAnswer | None, list[Slip]]:
    leaf = next(leaf for leaf in blank.leaves if item in leaf.by_id)
    return Answering(blank, leaf, EAST).answer(leaf.by_id[item], written)


def answer(blank: Blank, item: str, written: Written) -> RecordedAnswer:
    found, slips = read(blank, item, written)
    assert slips == []
    assert found is not None
    return found


def slips(blank: Blank, item: str, written: Written) -> list[tuple[str, str]]:
    found, told = read(blank, item, written)
    assert found is None
    return [(slip.cell, slip.code) for slip in told]


@pytest.mark.parametrize("word", ["yes", "符合", " 符合 ", "√", "✓", "YES", "是", "Conforming"])
def test_a_word_is_read_in_either_language_and_as_people_write_it(word: str, blank: Blank) -> None:
    assert answer(blank, "0100", Written(result=word)).result == "yes"


@pytest.mark.parametrize("text", ["2", "２", " 2 ", "2.0"])
def test_a_number_is_exact_and_may_be_wide(text: str, blank: Blank) -> None:
    found = answer(blank, "0400", Written(value=text))
    assert found.value == 2
    assert shown_value(found) == "2"


def test_noughts_beside_not_applicable_say_nothing_more(blank: Blank) -> None:
    for item, noughts in (
        ("0300", Written(result="na", failed="0", checked="0", note="none")),
        ("0400", Written(result="na", value="0", note="none")),
    ):
        said = answer(blank, item, Written(result="na", note="none"))
        assert answer(blank, item, noughts) == said
    assert slips(blank, "0300", Written(result="na", failed="0", checked="5"))


@pytest.mark.parametrize(("whole", "part"), [("√", "×"), ("×", "√")])
def test_the_tick_of_a_case_that_its_parts_contradict_is_told(
    whole: str, part: str, blank: Blank
) -> None:
    cases = [WrittenCase("T1", whole, {"name": part, "day": part})]
    assert slips(blank, "0300", Written(cases=cases)) == [("result", "F023")]
    # Neither says more than the other where both find a fault.
    cases = [WrittenCase("T1", "×", {"name": "√", "day": "×"})]
    assert answer(blank, "0300", Written(cases=cases, note="late")).counts == (1, 1)


def test_a_slip_speaks_the_words_of_the_sheet_and_not_those_of_a_record(blank: Blank) -> None:
    _, (slip,) = read(blank, "0300", Written(result="符合", failed="1", checked="5"))
    assert (slip.code, slip.values["word"]) == ("A110", "符合")
    # Of two numbers the one that is wrong is shown.
    _, (slip,) = read(blank, "0300", Written(failed="0", checked="0.1"))
    assert (slip.cell, slip.code, slip.values["text"]) == ("checked", "A107", "0.1")
    _, (slip,) = read(blank, "0100", Written(result="perhaps"))
    assert slip.values["choices"].startswith("符合/Conforming, ")


def test_how_often_may_stand_where_the_word_does(blank: Blank) -> None:
    said = answer(blank, "0400", Written(result="2", note="late"))
    assert said == answer(blank, "0400", Written(value="2", note="late"))
    assert said.result is None


def test_a_second_person_is_named_as_anybody_is(blank: Blank) -> None:
    found = answer(blank, "0200", Written(result="no", note="late", confirmed=" ９００２ "))
    assert found.confirmed == Confirmation(by="9002")
    assert answer(blank, "0200", Written(result="no", note="late")).confirmed is None
    _, [slip] = read(blank, "0200", Written(result="no", note="late", confirmed="Zoe"))
    assert slip.values["choices"] == "9002", "neither who is examined, nor the leader, unsigned"


def test_points_keep_no_word(blank: Blank) -> None:
    assert answer(blank, "SPEED", Written(value="5")).value == Fraction(5)
    assert slips(blank, "SPEED", Written(value="7"))


@pytest.mark.parametrize("nothing", ["", " ", "/", "—", "无"])
def test_what_says_nothing_answers_nothing(nothing: str, blank: Blank) -> None:
    assert read(blank, "0100", Written(result=nothing, note=nothing)) == (None, [])


@pytest.mark.parametrize(
    ("item", "written", "slip"),
    [
        ("0100", Written(result="perhaps"), ("result", "F001")),
        ("0200", Written(result="na"), ("result", "A103")),
        ("0400", Written(value="some"), ("value", "F002")),
        ("0100", Written(note="no soap"), ("note", "F003")),
        ("0100", Written(confirmed="9002"), ("confirmed", "F003")),
        ("0100", Written(result="no", person="Zoe"), ("person", "F006")),
        ("0100", Written(result="no", confirmed="Zoe"), ("confirmed", "F006")),
        ("0100", Written(result="no", note="x" * 4001), ("note", "F007")),
        ("0300", Written(failed="3", checked="2"), ("failed", "A109")),
        ("0300", Written(failed="-1", checked="2"), ("failed", "A107")),
    ],
)
def test_a_slip_names_its_cell(
    item: str, written: Written, slip: tuple[str, str], blank: Blank
) -> None:
    assert slip in slips(blank, item, written)


def test_cases_are_counted_and_what_nobody_looked_at_is_left_out(blank: Blank) -> None:
    lines = [
        WrittenCase("T1", parts={"name": "√", "day": "×"}, person="Ann", note="late"),
        WrittenCase("T2", parts={"name": "yes", "day": "yes", "other": "no"}),
        WrittenCase("T3"),
        WrittenCase("", result=""),
    ]
    found = answer(blank, "0300", Written(cases=lines, failed="1", checked="2"))
    assert found.result is None
    assert found.sample is not None
    assert found.sample.drawn is None
    assert [(case.id, case.person) for case in found.cases] == [("T1", "1001"), ("T2", None)]
    assert found.cases[0].parts == {"name": "yes", "day": "no"}
    assert found.counts == (1, 2)


def test_totals_that_a_list_does_not_come_to_are_told(blank: Blank) -> None:
    lines = [WrittenCase("T1", result="yes")]
    assert slips(blank, "0300", Written(cases=lines, checked="3")) == [("checked", "F005")]
    # So the page says.
    page = (ROOT / "docs/filling-in.md").read_text(encoding="utf-8")
    assert page.count("F005") == 2
    told = read(blank, "0300", Written(cases=[*lines, WrittenCase("", result="no")]))[1]
    assert [(slip.code, slip.case) for slip in told] == [("F004", 1)]


def test_a_whole_draw_keeps_its_start_number(blank: Blank) -> None:
    drawn = replace(blank, tickets=("CD-1", "CD-2", "CD-9"), certain=frozenset({"CD-9"}))
    drawn = replace(drawn, start="20261104", population=40)
    lines = [WrittenCase("cd-1", result="yes"), WrittenCase("CD-2", result="yes")]
    sample = answer(drawn, "0300", Written(cases=lines)).sample
    assert sample is not None
    assert (sample.drawn, sample.seed, sample.population) == (2, 20261104, 40)
    assert [case.id for case in sample.cases] == ["CD-1", "CD-2"]
    for others in (lines[:1], [*lines, WrittenCase("CD-9", result="no")]):
        sample = answer(drawn, "0300", Written(cases=others)).sample
        assert sample is not None
        assert (sample.drawn, sample.seed) == (None, None)


def test_a_remark_keeps_its_lines_and_loses_what_nobody_sees() -> None:
    assert remark(" a\tb \r\n\x1b[2J\u202ec\u200b \n\n") == "a b\n[2Jc"
    assert remark("无") == ""


def test_a_moment_without_an_offset_is_on_the_clock_of_whoever_wrote(blank: Blank) -> None:
    told = datetime(2026, 11, 6, 9, 30, tzinfo=EAST)
    for text in ("2026-11-06T09:30:00", "2026-11-06 09:30", "2026-11-06T01:30:00+00:00"):
        assert when(text, EAST) == told
    assert when("yesterday", EAST) is None
    assert when("", EAST) is None
    at = answer(blank, "0100", Written(result="yes", at="2026-11-06 09:30")).at
    assert at == told


def test_a_person_is_meant_by_number_name_or_both(blank: Blank) -> None:
    people = People(blank.handbook.roster)
    for text in ("1001", "Ann", "ann", "1001 Ann", "Ann1001", "Ann (1001)", "Ann（1001）"):
        found = people.meant(text)
        assert found is not None, text
        assert found.id == "1001"
    assert people.meant("An") is None


def test_what_the_auditor_of_the_known_audit_saw_is_read_back_as_it_was() -> None:
    folder, _ = read_audit(ROOT / "audits/2026-10-cd", book())
    assert folder is not None
    whole = blank_of(folder.handbook, checklists_of(folder), folder.audit.date, folder)
    for leaf in whole.leaves:
        reading = Answering(whole, leaf, EAST)
        for given in folder.records[leaf.id].answers:
            cases = [
                WrittenCase(c.id, c.result or "", c.parts, c.person or "", c.note)
                for c in given.cases
            ]
            failed, checked = ("", "") if given.cases else map(_number, given.counts)
            text = Written(
                given.result or "", shown_value(given), failed, checked, given.note,
                given.person or "", given.at or "", cases,
            )  # fmt: skip
            found, told = reading.answer(leaf.by_id[given.item], text)
            assert told == []
            assert found is not None
            assert found.model_copy(update={"sample": None}) == given.model_copy(
                update={"sample": None}
            )
            assert found.cases == given.cases
            assert found.counts == given.counts


def _number(count: int | None) -> str:
    return "" if count is None else str(count)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("0012", "0012"),
        ("12", "0012"),
        (" １２ ", "0012"),
        ("7", "7"),
        ("07", "07"),
        ("3", None),  # 03 and 003
        ("0", "00"),
        ("1", None),
        ("2", None),  # A2 is no number
    ],
)
def test_a_staff_number_written_without_its_zeros_is_meant_where_one_alone_fits(
    blank: Blank, said: str, meant: str | None
) -> None:
    someone = blank.handbook.roster[0]
    ids = ("0012", "7", "07", "03", "003", "00", "100", "A2")
    people = [someone.model_copy(update={"id": one}) for one in ids]
    found = People(people).meant(said)
    assert (found and found.id) == meant
