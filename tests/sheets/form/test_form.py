"""The offline form: what is written into the page, and what is read of what it hands over."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from pydantic import BaseModel
from tests.sheets.form.handing import AT, handed, picture, plain, zipped

from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import read_audit
from sopaudit.evidence.record import Confirmation, RecordedAnswer
from sopaudit.press.words import catalogue
from sopaudit.problems import Problem
from sopaudit.sheets.blank import Blank, blank_of
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.form.back import audit_named, read
from sopaudit.sheets.form.blank import form, given, sheet
from sopaudit.sheets.form.handed import Handed, Picture
from sopaudit.sheets.form.installed import folder

HERE: Final = Path(__file__).parents[2]
SHIPPED: Final = HERE.parent / "src/sopaudit/sheets/form"
CHINA: Final = timezone(timedelta(hours=8))
JPEG: Final = b"\xff\xd8 a photo"
YES: Final = {"item": "CK-MEC-A1", "result": "yes", "at": AT}


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Blank:
    """Give the blank of an audit of the bicycle workshop."""
    handbook, _ = load_handbook(HERE / "handbooks/tiny")
    assert handbook is not None
    place = tmp_path_factory.mktemp("audits") / "n1"
    place.mkdir()
    (place / "audit.yaml").write_text(
        "id: n1\noffice: N1\nperiod: {from: 2026-10-01, to: 2026-10-31}\ndate: 2026-11-06\n"
        "kind: region\nteam: [{person: '9001', role: leader}]\nauditees: ['1001']\n"
    )
    audit, problems = read_audit(place, handbook)
    assert audit is not None, problems
    return blank_of(handbook, ["CK-MEC"], audit.audit.date, audit)


def page(blank: Blank) -> dict[str, Any]:
    """Take the sheet out of a page as a browser would."""
    text = form(blank, "zh").decode()
    (inside,) = re.findall(
        r'<script id="sheet" type="application/json">(.*?)</script>', text, re.DOTALL
    )
    return dict(json.loads(inside))


def seen(path: Path, blank: Blank) -> tuple[Filled | None, list[str]]:
    found, problems = read(path, blank, CHINA)
    return found, [problem.code for problem in problems]


# --- the page -------------------------------------------------------------------------------------


def test_the_same_blank_is_the_same_form_to_the_byte(blank: Blank) -> None:
    assert form(blank, "zh") == form(blank, "zh")
    assert form(blank, "zh") != form(blank, "en")
    assert folder(blank, "en") == folder(blank, "en")


def test_the_form_without_its_checklist_is_smaller_than_60_kb() -> None:
    assert (SHIPPED / "form.html").stat().st_size < 60_000


def test_the_form_asks_no_address_for_anything(blank: Blank) -> None:
    text = form(blank, "zh").decode()
    assert set(re.findall(r"https?://[\w./]+", text)) == {"http://www.w3.org/2000/svg"}
    assert "%" + "SHEET%" not in text
    assert "manifest" not in text.split("<style>")[0]
    assert 'rel="manifest"' in folder(blank, "zh")["index.html"].decode().split("<style>")[0]


def test_a_text_of_the_handbook_can_neither_end_the_script_nor_begin_one(blank: Blank) -> None:
    bad = "</script><!--<script>alert(1)</script>%SHEET%%TITLE%\u2028"
    leaf = blank.leaves[0]
    ask = leaf.asks[0]
    item = ask.item.model_copy(update={"question": Text((("zh", bad), ("en", bad)))})
    title = leaf.checklist.model_copy(update={"title": Text((("zh", bad), ("en", bad)))})
    leaf = replace(leaf, checklist=title, asks=(replace(ask, item=item), *leaf.asks[1:]))
    hostile = replace(blank, audit=None, leaves=(leaf,))
    assert page(hostile)["leaves"][0]["items"][0]["question"]["zh"] == bad
    text = form(hostile, "zh").decode()
    assert text.count("</script>") == form(blank, "zh").decode().count("</script>")
    assert "<!--<" not in text
    assert "\u2028" not in text


def test_every_word_the_form_says_is_there_in_both_languages_and_said() -> None:
    said = {f"{part}.{key}" for part, words in catalogue("form").items() for key in words}
    sources = "".join(path.read_text("utf-8") for path in (SHIPPED / "source").glob("*.js"))
    written = set(re.findall(r'"((?:form|bar|sign|out)\.\w+)"', sources))
    assert written <= said
    assert all(
        {*one} == {"zh", "en"} for words in catalogue("form").values() for one in words.values()
    )
    unsaid = {key for key in said if key.split(".")[1] not in sources} - {
        f"form.{key}" for key in catalogue("form")["form"] if key.startswith("before_")
    }
    told_by_value = {
        f"{part}.{key}" for part in ("short", "severity") for key in catalogue("form")[part]
    }
    assert unsaid <= told_by_value | {"form.before"}


def test_the_sheet_tells_points_rules_standards_people_and_a_preview(blank: Blank) -> None:
    told = page(blank)
    (leaf,) = told["leaves"]
    first = leaf["items"][0]
    assert [item["id"] for item in leaf["items"]] == ["CK-MEC-A1", "CK-MEC-A2", "CK-MEC-B1"]
    assert first["points"] == "5"
    assert first["severity"] == "critical"
    assert first["method"]["zh"] == "现场观察、查阅记录"
    assert first["standards"][0]["id"] == "MEC-01-1"
    assert "no" in first["bad"]
    assert "yes" not in first["bad"]
    assert leaf["people"] == ["1001"]
    assert told["auditors"] == ["9001"]
    assert told["identity"]["audit"] == "n1"


@pytest.mark.parametrize("name", ["fhrs", "king-county"])
def test_handbooks_of_other_trades_get_a_form_too(name: str) -> None:
    handbook, _ = load_handbook(HERE.parent / "examples" / name)
    assert handbook is not None
    blank = blank_of(handbook, [*handbook.checklists], date(2026, 11, 6))
    told = sheet(blank, "en")
    ways = {item["way"] for leaf in told["leaves"] for item in leaf["items"]}
    assert ways
    assert form(blank, "en").startswith(b"<!doctype html>")
    for leaf in told["leaves"]:
        for item in leaf["items"]:
            assert item["words"] or item["way"] in ("points", "word")
            assert "values" not in item or all(Fraction(value) >= 0 for value in item["values"])


def test_who_may_be_a_second_person_is_told_as_the_record_has_it(blank: Blank) -> None:
    told = page(blank)
    assert (told["leaders"], told["examined"]) == (["9001"], ["1001"])
    assert told["second"] == [], "the only auditor confirms nothing"
    bare = page(replace(blank, audit=None))
    assert (bare["leaders"], bare["examined"], bare["second"]) == ([], [], [])


def test_a_second_person_there_is_already_stands_in_a_filled_form() -> None:
    one = RecordedAnswer(item="X", result="no", confirmed=Confirmation(by="9002"))
    assert given(one) == {"r": "no", "w": "9002"}


# --- what comes back ------------------------------------------------------------------------------


def test_a_zip_and_its_plain_json_say_the_same(blank: Blank, tmp_path: Path) -> None:
    told = handed(blank, {"CK-MEC": [YES, {"item": "CK-MEC-B1", "result": "no", "note": "未交代"}]})
    one, codes = seen(zipped(tmp_path, told), blank)
    two, others = seen(plain(tmp_path, told), blank)
    assert codes == others == []
    assert one is not None
    assert two is not None
    assert one.records == two.records
    (record,) = one.records
    assert [(given.item, given.result, given.note) for given in record.answers] == [
        ("CK-MEC-A1", "yes", ""),
        ("CK-MEC-B1", "no", "未交代"),
    ]
    assert record.checklist.digest == blank.leaves[0].digest
    assert one.source.channel == "html"
    assert one.source.by == "9001"
    assert one.source.at is not None
    assert one.places[("CK-MEC", "CK-MEC-B1")].path.endswith("form.zip[answers.json]")


def test_photos_and_signatures_come_as_they_were_taken(blank: Blank, tmp_path: Path) -> None:
    shot = picture("photos/CK-MEC-A1_1.jpg", JPEG, name="IMG_1.jpg", file_time=AT)
    told = handed(blank, {"CK-MEC": [{**YES, "evidence": [shot]}]})
    drawn = picture("signatures/auditor-9001.png", b"png")
    told["records"][0]["signatures"] = [
        {"role": "auditor", "person": "9001", "at": AT, "drawn": drawn}
    ]
    pictures = {"photos/CK-MEC-A1_1.jpg": JPEG, "signatures/auditor-9001.png": b"png"}
    found, codes = seen(zipped(tmp_path, told, pictures), blank)
    assert codes == []
    assert found is not None
    first, second = found.shots
    assert (first.item, first.checklist, first.signed) == ("CK-MEC-A1", "CK-MEC", None)
    assert first.read() == JPEG
    assert first.taken is not None
    assert first.taken.astimezone(UTC).hour == 6
    assert second.signed == ("auditor", "9001")
    assert found.records[0].signatures[0].person == "9001"
    assert found.records[0].answers[0].evidence == ()


def test_pictures_that_are_missing_changed_or_strange_are_told_and_left_out(
    blank: Blank, tmp_path: Path
) -> None:
    shots = [picture(f"photos/CK-MEC-A1_{n}.jpg", JPEG) for n in (1, 2)]
    shots.append(picture("../../etc/passwd", JPEG))
    told = handed(blank, {"CK-MEC": [{**YES, "evidence": shots}]})
    pictures = {"photos/CK-MEC-A1_1.jpg": b"another", "photos/new.exe": b"MZ"}
    found, codes = seen(zipped(tmp_path, told, pictures), blank)
    assert sorted(codes) == ["F030", "F030", "F031", "F032"]
    assert found is not None
    assert found.shots == ()
    assert len(found.records[0].answers) == 1


def test_a_plain_json_says_that_photos_stayed_behind(blank: Blank, tmp_path: Path) -> None:
    told = handed(blank, {"CK-MEC": [{**YES, "evidence": [picture("photos/a.jpg", JPEG)]}]})
    found, codes = seen(plain(tmp_path, told), blank)
    assert codes == ["F036"]
    assert found is not None
    assert len(found.records[0].answers) == 1


def test_what_no_form_writes_is_told_and_the_rest_is_read(blank: Blank, tmp_path: Path) -> None:
    told = handed(blank, {"CK-MEC": [YES, YES, {"item": "CK-MEC-Z9", "result": "yes"}]})
    told["records"].append({**told["records"][0], "answers": []})
    found, codes = seen(plain(tmp_path, told), blank)
    assert codes == ["F034", "F033", "F035"]
    assert found is not None
    assert [given.item for given in found.records[0].answers] == ["CK-MEC-A1"]


def test_a_script_in_a_remark_stays_a_text(blank: Blank, tmp_path: Path) -> None:
    note = "<script>alert(1)</script> =1+1"
    found, codes = seen(zipped(tmp_path, handed(blank, {"CK-MEC": [{**YES, "note": note}]})), blank)
    assert codes == []
    assert found is not None
    assert found.records[0].answers[0].note == note


def test_a_second_person_comes_along_however_they_are_named(blank: Blank, tmp_path: Path) -> None:
    known = blank.handbook.person("9001")
    assert known is not None
    for named in ("9001", f"{known.name.to('zh')} 9001", " ９００１ "):
        one = {"item": "CK-MEC-A1", "result": "no", "at": AT, "confirmed": {"by": named}}
        found, codes = seen(plain(tmp_path, handed(blank, {"CK-MEC": [one]})), blank)
        assert codes == []
        assert found is not None
        assert found.records[0].answers[0].confirmed == Confirmation(by="9001")
        lines = (tmp_path / "form.json").read_text("utf-8").splitlines()
        at = found.seconds["CK-MEC", "CK-MEC-A1", "9001"]
        assert f'"by": "{named}"' in lines[at.line - 1]


def test_a_second_person_nobody_knows_is_told_where_the_name_stands(
    blank: Blank, tmp_path: Path
) -> None:
    one = {"item": "CK-MEC-A1", "result": "no", "at": AT, "confirmed": {"by": "Zoe"}}
    _, (problem,) = read(plain(tmp_path, handed(blank, {"CK-MEC": [one]})), blank, CHINA)
    lines = (tmp_path / "form.json").read_text("utf-8").splitlines()
    assert problem.code == "F006"
    assert '"by": "Zoe"' in lines[problem.place.line - 1]


def test_slips_are_told_where_they_stand(blank: Blank, tmp_path: Path) -> None:
    told = handed(blank, {"CK-MEC": [{**YES, "result": "perhaps"}]})
    _, problems = read(plain(tmp_path, told), blank, CHINA)
    (problem,) = problems
    lines = (tmp_path / "form.json").read_text("utf-8").splitlines()
    assert problem.code == "F001"
    assert '"result": "perhaps"' in lines[problem.place.line - 1]


def spoilt(told: dict[str, Any], **sheet: object) -> dict[str, Any]:
    return {**told, "sheet": {**told["sheet"], **sheet}}


def test_a_form_of_another_audit_edition_or_with_a_broken_seal_is_refused(
    blank: Blank, tmp_path: Path
) -> None:
    told = handed(blank, {"CK-MEC": [YES]})
    assert seen(zipped(tmp_path, spoilt(told, audit="other")), blank) == (None, ["F017"])
    assert seen(zipped(tmp_path, spoilt(told, checklists=[])), blank) == (None, ["F017"])
    older = replace(blank, leaves=(replace(blank.leaves[0], digest="sha256:0"),))
    assert seen(zipped(tmp_path, handed(older, {"CK-MEC": [YES]})), blank) == (None, ["F009"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"PK\x03\x04 cut short",
        b'{"schema": "sopaudit.filled/1"}',
        b"[" * 5000,
        b"\xff" * 9,
    ],
)
def test_a_broken_file_ends_in_a_problem(content: bytes, blank: Blank, tmp_path: Path) -> None:
    path = tmp_path / "broken"
    path.write_bytes(content)
    found, problems = read(path, blank, CHINA)
    assert found is None
    assert problems
    assert all(isinstance(problem, Problem) for problem in problems)


def test_a_file_that_is_not_there_ends_in_a_problem(blank: Blank, tmp_path: Path) -> None:
    found, problems = read(tmp_path / "gone.zip", blank, CHINA)
    assert found is None
    assert problems


def test_a_file_says_which_audit_it_is_of(blank: Blank, tmp_path: Path) -> None:
    told = handed(blank, {"CK-MEC": [YES]})
    assert audit_named(zipped(tmp_path, told)) == "n1"
    assert audit_named(plain(tmp_path, told)) == "n1"
    free = handed(replace(blank, audit=None), {"CK-MEC": [YES]})
    assert audit_named(plain(tmp_path, free)) == ""
    other = tmp_path / "other.json"
    other.write_text('{"schema": "sopaudit.answers/1", "audit": "n1"}')
    assert audit_named(other) is None
    assert audit_named(tmp_path / "missing.zip") is None


# --- its format -----------------------------------------------------------------------------------


def keys(model: type[BaseModel], prefix: str = "") -> dict[str, bool]:
    """List the keys of a model as the document writes them, with whether each must be there."""
    found = {}
    for name, field in model.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        found[key] = field.is_required()
        inner = [field.annotation, *get_args(field.annotation)]
        below = [one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)]
        for one in below:
            if one is Picture and not key.endswith("answers[].evidence"):
                continue  # told once
            several = "tuple" in str(field.annotation)
            found |= keys(one, f"{key}{'[]' if several else ''}.")
    return {key.replace("[][]", "[]"): needed for key, needed in found.items()}


def test_every_key_of_a_filled_form_is_documented() -> None:
    text = (HERE.parent / "docs/formats.md").read_text("utf-8")
    section = text.split("\n## Filled form")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\*\*)?([a-z0-9_.\[\]]+)(?:\*\*)? \|", section, re.MULTILINE)
    said = {key: bool(bold) for bold, key in rows if key != "key"}
    assert said == keys(Handed)
