"""What Kobo and Central really write, where it differs from what one would expect.

Each shape was seen in the source of the server, and those of formpack and Central in a file their
own exporters made of our form: formpack 176f619, kpi 2e5efb0, getodk/central-backend 4f5943d, of
June and August 2026. Enketo names a picture after the clock, `image-9_30_12.jpg` (enketo f0f974c,
`filepicker.js`), so in one folder for all submissions names do meet (enketo/enketo#19); that Kobo
renames pictures is told in kobotoolbox/kpi#3509 and kobo-transfer#14.
"""

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.sheets.xlsform.exports import (
    PICTURE,
    Cell,
    Submission,
    as_is,
    as_meant,
    central,
    filled,
    kobo_csv,
    kobo_json,
    kobo_old_csv,
    kobo_old_xlsx,
    kobo_xlsx,
    short,
)
from tests.sheets.xlsform.person import Typed
from tests.sheets.xlsform.world import ZONE, World, formed, tiny

from sopaudit.evidence.archive import NotSoundError, archive
from sopaudit.sheets.intake.reading import mistrusted
from sopaudit.sheets.xlsform.back import audit_named, read
from sopaudit.sheets.xlsform.names import choice

BEIJING = timezone(timedelta(hours=8))
A1 = "CK_MEC_A1"
FAILS = {f"answer_{A1}": "no", f"note_{A1}": "磨平了", f"person_{A1}": "1001"}
SIGNED = [{"sign_role": "auditor", "sign_person": "9001", "sign_image": ""}]
Write = Callable[[Path, World, Sequence[Submission]], Path]
OLD: dict[str, Write] = {
    "workbook": lambda p, w, s: kobo_old_xlsx(p / "e.xlsx", w.fields, s),
    "CSV": lambda p, w, s: kobo_old_csv(p / "e.csv", w.fields, s),
}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> World:
    return formed(tiny(), tmp_path_factory.mktemp("tiny"))


def sent(world: World, values: dict[str, str], **own: str) -> Submission:
    return Submission(filled(world.fields, Typed({"auditor": "9001"} | values)), **own)


def test_a_moment_without_a_clock_is_on_the_clock_of_the_audit(
    workshop: World, tmp_path: Path
) -> None:
    values = FAILS | {"end": "2026-11-06T17:20:05.000+08:00"}
    path = kobo_xlsx(tmp_path / "e.xlsx", workshop.fields, [sent(workshop, values)], short)
    (found,), problems = read(path, workshop.blank, BEIJING)
    assert not problems
    assert found.source.at == datetime(2026, 11, 6, 17, 20, 5, tzinfo=BEIJING)
    # The clock of the server is the one of UTC, whatever the one of the audit.
    path = kobo_xlsx(tmp_path / "s.xlsx", workshop.fields, [sent(workshop, FAILS)], short)
    (found,), _ = read(path, workshop.blank, BEIJING)
    assert found.source.at == datetime(2026, 11, 6, 17, 30, tzinfo=BEIJING)


@pytest.mark.parametrize("note", ["=1+1", '=HYPERLINK("https://x.example","y")', "= 见照片"])
@pytest.mark.parametrize("typed", [as_is, as_meant])
def test_a_text_that_became_a_formula_is_a_text_again(
    note: str, typed: Callable[[str, str], Cell], workshop: World, tmp_path: Path
) -> None:
    one = sent(workshop, FAILS | {f"note_{A1}": note})
    path = kobo_xlsx(tmp_path / "e.xlsx", workshop.fields, [one], short, typed)
    (found,), problems = read(path, workshop.blank, ZONE)
    assert not problems
    assert found.records[0].answers[0].note == note


@pytest.mark.parametrize("number", ["0012", "12E3", "1_001", "007.50"])
def test_a_staff_number_is_not_changed_by_a_workbook_that_takes_it_for_a_number(
    number: str, tmp_path: Path
) -> None:
    blank = tiny()
    roster = tuple(
        p.model_copy(update={"id": number}) if p.id == "1001" else p for p in blank.handbook.roster
    )
    (leaf,) = blank.leaves
    people = tuple(p for p in roster if p.id == number)
    blank = replace(
        blank,
        handbook=replace(blank.handbook, roster=roster),
        leaves=(replace(leaf, people=people),),
    )
    world = formed(blank, tmp_path)
    one = sent(world, FAILS | {f"person_{A1}": choice(number)})
    path = kobo_xlsx(tmp_path / "e.xlsx", world.fields, [one], short)
    (found,), problems = read(path, blank, ZONE)
    assert not problems
    assert found.records[0].answers[0].person == number


def test_the_words_of_a_question_are_told_in_one_line(workshop: World, tmp_path: Path) -> None:
    def labelled(path: str) -> str:
        # What the form works out has no words, and keeps its name.
        return f"试车前\n检查刹车 {path}?" if "_" in path else path

    one = sent(workshop, FAILS)
    path = kobo_csv(tmp_path / "e.csv", workshop.fields, [one], labelled)
    found, (problem,) = read(path, workshop.blank, ZONE)
    assert (found, problem.code, problem.values["text"]) == ([], "F041", "试车前")


def test_a_picture_is_found_by_the_name_kobo_stores_it_under(
    workshop: World, tmp_path: Path
) -> None:
    values = FAILS | {f"photo1_{A1}": "照片 1 (2).jpg"}
    path = kobo_json(tmp_path / "e.json", [sent(workshop, values)])
    with zipfile.ZipFile(tmp_path / "media.zip", "w") as box:
        box.writestr("u/attachments/f/11111111-1111-4111-8111-111111111111/照片_1_2.jpg", PICTURE)
    (found,), problems = read(path, workshop.blank, ZONE)
    assert not problems
    assert [(s.name, s.read()) for s in found.shots] == [("照片 1 (2).jpg", PICTURE)]


@pytest.mark.parametrize("kind", ["json", "xlsx", "csv"])
def test_a_submission_that_was_edited_finds_its_pictures_below_its_first_key(
    kind: str, workshop: World, tmp_path: Path
) -> None:
    values = FAILS | {f"photo1_{A1}": "image-9_30_12.jpg"}
    one = sent(workshop, values, key="uuid:later", first="uuid:first")
    write: dict[str, Callable[[], Path]] = {
        "json": lambda: kobo_json(tmp_path / "e.json", [one]),
        "xlsx": lambda: kobo_xlsx(tmp_path / "e.xlsx", workshop.fields, [one], short),
        "csv": lambda: kobo_csv(tmp_path / "e.csv", workshop.fields, [one]),
    }
    path = write[kind]()
    with zipfile.ZipFile(tmp_path / "media.zip", "w") as box:
        box.writestr("u/attachments/f/first/image-9_30_12.jpg", PICTURE)
        box.writestr("u/attachments/f/other/image-9_30_12.jpg", b"of another")
    (found,), problems = read(path, workshop.blank, ZONE)
    assert not problems
    assert [s.read() for s in found.shots] == [PICTURE]


@pytest.mark.parametrize("kind", OLD)
def test_the_older_exports_of_kobo_say_the_same(kind: str, workshop: World, tmp_path: Path) -> None:
    tree = filled(workshop.fields, Typed({"auditor": "9001"} | FAILS, {"sign": SIGNED}))
    line = next(path for path in workshop.fields.root if path.endswith("/sign_lines"))
    written = next(node for node in tree if node["name"] == line.split("/")[0])["children"]
    next(n for n in written if n["name"] == "sign_lines")["value"] = "auditor¦9001¦"
    path = OLD[kind](tmp_path, workshop, [Submission(tree)])
    assert audit_named(path) == "2026-10-n1"
    (found,), problems = read(path, workshop.blank, ZONE)
    assert not problems
    (record,) = found.records
    told = [(a.item, a.result, a.note, a.person) for a in record.answers]
    assert told == [("CK-MEC-A1", "no", "磨平了", "1001")]
    assert [(s.role, s.person) for s in record.signatures] == [("auditor", "9001")]
    assert found.source.by == "9001"


def test_the_older_csv_of_kobo_tells_what_was_not_approved(workshop: World, tmp_path: Path) -> None:
    one = sent(workshop, FAILS, state="validation_status_not_approved")
    found, problems = read(
        kobo_old_csv(tmp_path / "e.csv", workshop.fields, [one]), workshop.blank, ZONE
    )
    assert (found, [p.code for p in problems]) == ([], ["F042"])


def test_a_remark_of_n_a_stays_one_in_every_other_export(workshop: World, tmp_path: Path) -> None:
    one = sent(workshop, FAILS | {f"note_{A1}": "n/a"})
    path = kobo_csv(tmp_path / "e.csv", workshop.fields, [one])
    (found,), _ = read(path, workshop.blank, ZONE)
    assert found.records[0].answers[0].note == "n/a"


def test_pictures_of_one_name_leave_the_rest_of_central_readable(
    workshop: World, tmp_path: Path
) -> None:
    """Central puts the pictures of every submission into one folder of its ZIP."""
    named = {f"photo1_{A1}": "image-9_30_12.jpg", f"photo2_{A1}": "2.jpg"}
    two = [
        sent(workshop, FAILS | named, key="uuid:a"),
        sent(workshop, FAILS | named, key="uuid:b"),
    ]
    media = [
        ("image-9_30_12.jpg", PICTURE),
        ("image-9_30_12.jpg", b"another"),
        ("2.jpg", PICTURE),
        ("2.jpg", PICTURE),
    ]
    path = central(tmp_path / "e.zip", workshop.fields, two, media=media)
    assert mistrusted(path) is None
    with pytest.raises(NotSoundError, match="F015"):
        archive(path)
    found, problems = read(path, workshop.blank, ZONE)
    assert [(p.code, p.values["part"]) for p in problems] == [("F043", "image-9_30_12.jpg")] * 2
    assert [[(s.name, s.read()) for s in one.shots] for one in found] == [
        [("2.jpg", PICTURE)], [("2.jpg", PICTURE)],
    ]  # fmt: skip
    assert [one.records[0].answers[0].note for one in found] == ["磨平了", "磨平了"]
    # Each taken from the server by itself, and put where the message says.
    for problem, content in zip(problems, (b"mine", b"yours"), strict=True):
        place = tmp_path / "media" / problem.values["key"] / problem.values["part"]
        place.parent.mkdir(parents=True)
        place.write_bytes(content)
    found, problems = read(path, workshop.blank, ZONE)
    assert not problems
    assert [one.shots[0].read() for one in found] == [b"mine", b"yours"]


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_what_is_worked_out_of_an_item_called_end_is_not_the_end(
    kind: str, workshop: World, tmp_path: Path
) -> None:
    end = "2026-11-06T17:20:05.000+08:00"
    one = sent(workshop, FAILS | {"end": end})
    one.tree.append({"name": "looked_CK_MEC_end", "value": "2020-01-01"})
    more, known = "looked_CK_MEC_end", workshop.fields
    kinds = known.kinds | {more: "calculate"}
    fields = replace(known, root=[*known.root, more], kinds=kinds)
    path = (
        kobo_json(tmp_path / "e.json", [one])
        if kind == "json"
        else kobo_csv(tmp_path / "e.csv", fields, [one])
    )
    (found,), problems = read(path, workshop.blank, ZONE)
    assert not problems
    assert found.source.at == datetime.fromisoformat(end)
