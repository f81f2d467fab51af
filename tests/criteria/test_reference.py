"""Forms, codes, tables, the calendar and document control: what the gallery does not show."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import load_handbook

HANDBOOKS = Path(__file__).parents[1] / "handbooks"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    shutil.copytree(HANDBOOKS / "tiny", tmp_path, dirs_exist_ok=True)
    shutil.copytree(HANDBOOKS / "registers", tmp_path, dirs_exist_ok=True)
    return tmp_path


def changed(folder: Path, name: str, old: str, new: str) -> list[tuple[str, int, str]]:
    """Replace `old` in a file of the tiny handbook and tell what is wrong: code, line, word."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = load_handbook(folder, shown="")[1]
    assert {p.place.path for p in problems} <= {name}
    return [(p.code, p.place.line, str(p.values.get("word"))) for p in problems]


CHARGES = "sops/tables/charges.yaml"
CALENDAR = "sops/calendar.yaml"
V02 = "  - {code: V02, name: {zh: 检查, en: check}, result: open}"


def test_everything_of_the_registers_is_loaded(tiny: Path) -> None:
    handbook, problems = load_handbook(tiny)
    assert problems == []
    assert handbook is not None
    assert [field.id for field in handbook.forms["job_card"].fields] == ["number", "result"]
    assert [field.id for field in handbook.records_kept["jobs"].fields] == ["number", "result"]
    assert [code.id for code in handbook.codes["result"].codes] == ["done", "open"]
    assert [row["code"].plain for row in handbook.tables["charges"].rows] == ["V01", "V02"]
    assert handbook.glossary is not None
    assert handbook.document is not None


def test_a_working_day_follows_from_the_week_the_holidays_and_the_make_up_days(
    tiny: Path,
) -> None:
    handbook, _ = load_handbook(tiny)
    assert handbook is not None
    calendar = handbook.calendar
    assert calendar is not None
    assert calendar.works_on(date(2026, 9, 29))
    assert not calendar.works_on(date(2026, 9, 28)), "a Monday, when the shop is closed"
    assert not calendar.works_on(date(2026, 10, 7)), "the last day of the holiday"
    assert calendar.works_on(date(2026, 10, 11)), "a Sunday that makes up for it"


def test_the_plain_words_of_a_text_are_its_one_string_or_else_its_first() -> None:
    assert Text((("", "AD01"),)).plain == "AD01"
    assert Text((("zh", "进液"), ("en", "liquid"))).plain == "进液"


def test_a_code_may_be_written_in_two_languages_that_say_the_same(tiny: Path) -> None:
    assert changed(tiny, CHARGES, "result: done", "result: {zh: done, en: done}") == []
    assert changed(tiny, CHARGES, "zh: done, en: done", "zh: 修好, en: done") == [
        ("H146", 14, "修好")
    ]


@pytest.mark.parametrize(
    ("key", "row", "found"),
    [
        ("[code]", V02.replace("V02", "V01"), [("H147", 15, "V01")]),
        ("[code, name]", V02.replace("V02", "V01"), []),
        ("[price]", f"{V02[:-1]}, price: 20.0}}", [("H147", 15, "20.0")]),
        ("[price]", V02, []),
        ("[]", V02.replace("V02", "V01"), []),
    ],
)
def test_rows_are_the_same_where_all_of_their_key_is(
    key: str, row: str, found: list[tuple[str, int, str]], tiny: Path
) -> None:
    changed(tiny, CHARGES, V02, row)
    assert changed(tiny, CHARGES, "key: [code]", f"key: {key}") == found


def test_two_rows_may_both_lack_a_column_of_the_key_and_are_then_the_same(tiny: Path) -> None:
    both = f"{V02}\n{V02}"
    assert [found[:2] for found in changed(tiny, CHARGES, V02, both)] == [("H147", 16)]
    assert changed(tiny, CHARGES, "key: [code]", "key: [price]") == [("H147", 16, "")]


def test_a_value_is_held_against_the_kind_of_its_column_and_no_other(tiny: Path) -> None:
    assert changed(tiny, CHARGES, "code: V01", 'code: "1,250"') == []
    assert changed(tiny, CHARGES, "price: 20", "price: 2/3") == []
    assert changed(tiny, CHARGES, "price: 2/3", "price: 20元") == [("H144", 14, "20元")]


def test_a_code_column_of_an_unknown_list_is_told_once_and_not_for_every_row(tiny: Path) -> None:
    assert changed(tiny, CHARGES, "codes: result", "codes: results") == [("H140", 10, "results")]


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        (CHARGES, "until: 2026-12-31", "until: 2025-12-31", ("H041", 4, "charges")),
        (CALENDAR, "to: 2026-10-07", "to: 2026-09-07", ("H041", 5, "国庆节")),
        (CALENDAR, "post: MEC", "post: MEK", ("H015", 9, "MEK")),
        (CALENDAR, "office: N1", "office: N9", ("H022", 9, "N9")),
        (CALENDAR, '["08:30-12:00"]', '["08:30-12:00", "11:59-13:00"]', ("H150", 9, "11:59-13:00")),
        ("sops/forms.yaml", "[MEC]", "[MEC, MEK]", ("H015", 5, "MEK")),
        ("sops/records.yaml", "codes: result", "codes: results", ("H140", 8, "results")),
        ("sops/glossary.yaml", "group: wheels", "group: wheel", ("H141", 5, "wheel")),
        ("sopaudit.yaml", 'by: "9001"', 'by: "9002"', ("H155", 19, "9002")),
    ],
)
def test_what_the_registers_name_must_be_there(
    name: str, old: str, new: str, found: tuple[str, int, str], tiny: Path
) -> None:
    assert changed(tiny, name, old, new) == [found]


def test_hours_that_meet_do_not_overlap(tiny: Path) -> None:
    assert changed(tiny, CALENDAR, "13:00-18:00", "12:00-18:00") == []


def test_holidays_that_follow_one_another_do_not_overlap(tiny: Path) -> None:
    more = "  - {title: 周年庆, from: 2026-10-08}\nmake_up_days"
    assert changed(tiny, CALENDAR, "make_up_days", more) == []


def test_without_lists_of_codes_every_list_is_unknown(tiny: Path) -> None:
    (tiny / "sops/codes.yaml").unlink()
    problems = load_handbook(tiny, shown="")[1]
    assert [(p.place.path, p.code) for p in problems] == [
        ("sops/forms.yaml", "H140"),
        ("sops/records.yaml", "H140"),
        (CHARGES, "H140"),
    ]


def test_an_event_stands_under_a_heading_of_its_register(tiny: Path) -> None:
    assert changed(
        tiny, "sops/events.yaml", "Taken in}, group: shop", "Taken in}, group: shops"
    ) == [("H141", 5, "shops")]


def test_who_signs_is_not_judged_where_a_staff_number_cannot_be_read(tiny: Path) -> None:
    changed(tiny, "sopaudit.yaml", 'prepared_by: "1001"', 'prepared_by: "1009"')
    assert changed(tiny, "sopaudit.yaml", 'id: "1001"', "id: {}") == [("S003", 21, "None")]
