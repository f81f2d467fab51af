"""Exports of ODK Central and Kobo, read back: everything that was tapped, and nothing else."""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.sheets.xlsform.exports import (
    PICTURE,
    Submission,
    central,
    filled,
    kobo_csv,
    kobo_json,
    kobo_xlsx,
    short,
)
from tests.sheets.xlsform.person import Typed, typed
from tests.sheets.xlsform.world import (
    ROOT,
    ZONE,
    World,
    answers_of,
    blank_from,
    chengdu,
    formed,
    plain_answers,
    tiny,
    with_sample,
)

from sopaudit.evidence.record import Confirmation
from sopaudit.evidence.workbook import sheets_of
from sopaudit.problems import Problem
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.xlsform.back import audit_named, read
from sopaudit.sheets.xlsform.blank import xlsform
from sopaudit.sheets.xlsform.names import Names

Write = Callable[[Path, World, Sequence[Submission]], Path]
WRITERS: dict[str, Write] = {
    "Central": lambda p, w, sent: central(p / "export.zip", w.fields, sent),
    "Central without groups": lambda p, w, sent: central(
        p / "export.zip", w.fields, sent, groups=False
    ),
    "Kobo workbook": lambda p, w, sent: kobo_xlsx(p / "export.xlsx", w.fields, sent),
    "Kobo workbook without groups": lambda p, w, sent: kobo_xlsx(
        p / "export.xlsx", w.fields, sent, short
    ),
    "Kobo JSON": lambda p, _, sent: kobo_json(p / "export.json", sent),
}
BEIJING = timezone(timedelta(hours=8))
SAID = {
    "answer_CK_MEC_A1": "no",
    "note_CK_MEC_A1": "试车前没有检查，\n“=1+1”, 见照片",
    "person_CK_MEC_A1": "1001",
    "answer_CK_MEC_A2": "partial",
    "note_CK_MEC_A2": "两副里换了一副",
    "answer_CK_MEC_B1": "yes",
    "auditor": "9001",
    "end": "2026-11-06T17:20:05.123+08:00",
}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> World:
    return formed(tiny(), tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> World:
    blank, folder = chengdu()
    return formed(blank, tmp_path_factory.mktemp("cd"), folder.records.values())


@pytest.fixture(scope="module")
def sampled(truth: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    known = plain_answers(truth.records)
    blank = with_sample(truth.blank, known["CK-COO", "CK-COO-B2"].cases)
    return formed(blank, tmp_path_factory.mktemp("sampled"), truth.records)


def sent(world: World, values: dict[str, str], **own: str) -> Submission:
    signed = [{"sign_role": "auditor", "sign_person": "9001", "sign_image": "s1.png"}]
    rows = {"sign": signed} if "sign_image" not in own else {}
    own.pop("sign_image", None)
    return Submission(filled(world.fields, Typed(values, rows)), **own)


def unsigned(world: World, values: dict[str, str], **own: str) -> Submission:
    return sent(world, values, sign_image="", **own)


def alone(found: tuple[list[Filled], list[Problem]]) -> Filled:
    filled_in, problems = found
    assert not problems
    assert len(filled_in) == 1
    return filled_in[0]


@pytest.mark.parametrize(
    # The tests of outside programs hold every writer against forms a real engine filled in.
    ("name", "writer"),
    [
        ("truth", "Central"),
        ("truth", "Kobo workbook"),
        ("sampled", "Central without groups"),
        ("sampled", "Kobo JSON"),
    ],
)
def test_every_answer_of_the_known_audit_comes_back(
    name: str, writer: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    world: World = request.getfixturevalue(name)
    tree = filled(world.fields, typed(world.blank, world.records))
    path = WRITERS[writer](tmp_path, world, [Submission(tree)])
    assert audit_named(path) == "2026-10-cd"
    found = alone(read(path, world.blank, ZONE))
    assert answers_of(found) == plain_answers(world.records)
    assert set(found.places) == set(plain_answers(world.records))
    signed = {(r.checklist.id, s.role, s.person) for r in found.records for s in r.signatures}
    told = {(r.checklist.id, s.role, s.person) for r in world.records for s in r.signatures}
    # Both auditors signed once each, for everything that was filled in.
    assert {one for one in signed if one[1] == "auditee"} == {o for o in told if o[1] == "auditee"}
    assert told <= signed


def test_a_sample_that_was_looked_at_whole_is_told_as_drawn(sampled: World, tmp_path: Path) -> None:
    tree = filled(sampled.fields, typed(sampled.blank, sampled.records))
    path = central(tmp_path / "e.zip", sampled.fields, [Submission(tree)])
    record = next(
        r for r in alone(read(path, sampled.blank, ZONE)).records if r.checklist.id == "CK-COO"
    )
    sample = next(a.sample for a in record.answers if a.item == "CK-COO-B2")
    assert sample is not None
    assert (sample.drawn, sample.seed, sample.population) == (12, 20261104, 300)


@pytest.mark.parametrize("writer", [*WRITERS, "Kobo CSV", "Kobo CSV with groups"])
def test_words_remarks_people_and_times_come_back(
    writer: str, workshop: World, tmp_path: Path
) -> None:
    one = unsigned(workshop, SAID)
    writers: dict[str, Write] = {
        **WRITERS,
        "Kobo CSV": lambda p, w, s: kobo_csv(p / "e.csv", w.fields, s),
        "Kobo CSV with groups": lambda p, w, s: kobo_csv(p / "e.csv", w.fields, s, str),
    }
    found = alone(read(writers[writer](tmp_path, workshop, [one]), workshop.blank, BEIJING))
    (record,) = found.records
    told = {a.item: (a.result, a.note, a.person) for a in record.answers}
    assert told == {
        "CK-MEC-A1": ("no", SAID["note_CK_MEC_A1"], "1001"),
        "CK-MEC-A2": ("partial", "两副里换了一副", None),
        "CK-MEC-B1": ("yes", "", None),
    }
    assert found.source.by == "9001"
    at = datetime.fromisoformat(SAID["end"])
    # A workbook of Kobo knows moments by the second, and no clock.
    assert found.source.at == (at.replace(microsecond=0) if "workbook" in writer else at)
    assert found.source.channel == ("kobo" if "Kobo" in writer else "odk")
    assert (record.audit, record.checklist.digest) == (
        "2026-10-n1",
        workshop.blank.leaves[0].digest,
    )


@pytest.mark.parametrize("separator", ["/", "-", ".", ":", "_", " | "])
def test_groups_may_be_parted_by_any_sign(separator: str, workshop: World, tmp_path: Path) -> None:
    path = kobo_csv(
        tmp_path / "e.csv", workshop.fields, [unsigned(workshop, SAID)],
        lambda path: path.replace("/", separator), encoding="utf-8-sig",
    )  # fmt: skip
    assert len(alone(read(path, workshop.blank, ZONE)).records[0].answers) == 3


def test_every_submission_is_a_sheet_of_its_own(workshop: World, tmp_path: Path) -> None:
    keys = ["uuid:a", "uuid:b"]
    two = [
        replace(unsigned(workshop, {"answer_CK_MEC_A1": word}), key=key)
        for key, word in zip(keys, ("yes", "no"), strict=True)
    ]
    for path in (
        central(tmp_path / "e.zip", workshop.fields, two),
        kobo_xlsx(tmp_path / "e.xlsx", workshop.fields, two),
        kobo_json(tmp_path / "e.json", two),
    ):
        found, problems = read(path, workshop.blank, ZONE)
        assert not problems
        assert [f.records[0].answers[0].result for f in found] == ["yes", "no"]
        assert len({f.source.id for f in found}) == 2


def test_cases_of_two_submissions_stay_apart(truth: World, tmp_path: Path) -> None:
    values = {"more_CK_COO_B1": "1"}
    trees = [
        filled(
            truth.fields,
            Typed(
                values,
                {"cases_CK_COO_B1": [{"freeid_CK_COO_B1": name, "freecase_CK_COO_B1": "yes"}]},
            ),
        )
        for name in ("T-1", "T-2")
    ]
    two = [Submission(tree, key=f"uuid:{n}") for n, tree in enumerate(trees)]
    for path in (
        central(tmp_path / "e.zip", truth.fields, two),
        kobo_xlsx(tmp_path / "e.xlsx", truth.fields, two),
        kobo_json(tmp_path / "e.json", two),
    ):
        found, problems = read(path, truth.blank, ZONE)
        assert not problems
        assert [[c.id for c in f.records[0].answers[0].cases] for f in found] == [["T-1"], ["T-2"]]


def test_the_same_submission_is_the_same_source_in_a_later_export(
    workshop: World, tmp_path: Path
) -> None:
    one, later = unsigned(workshop, SAID, key="uuid:a"), unsigned(workshop, {}, key="uuid:b")
    first = read(central(tmp_path / "1.zip", workshop.fields, [one]), workshop.blank, ZONE)[0]
    again = read(central(tmp_path / "2.zip", workshop.fields, [later, one]), workshop.blank, ZONE)[
        0
    ]
    assert first[0].source.id == again[1].source.id != again[0].source.id


def test_pictures_and_signatures_come_with_their_item(workshop: World, tmp_path: Path) -> None:
    values = SAID | {"photo1_CK_MEC_A1": "1.jpg", "photo2_CK_MEC_A1": "2.jpg"}
    media = {"1.jpg": PICTURE, "2.jpg": PICTURE + b"2", "s1.png": b"drawn"}
    path = central(tmp_path / "e.zip", workshop.fields, [sent(workshop, values)], media=media)
    found = alone(read(path, workshop.blank, ZONE))
    told = {s.name: (s.checklist, s.item, s.signed, s.read()) for s in found.shots}
    assert told == {
        "1.jpg": ("CK-MEC", "CK-MEC-A1", None, PICTURE),
        "2.jpg": ("CK-MEC", "CK-MEC-A1", None, PICTURE + b"2"),
        "s1.png": ("", "", ("auditor", "9001"), b"drawn"),
    }
    assert not found.records[0].answers[0].evidence
    assert [(s.role, s.person) for s in found.records[0].signatures] == [("auditor", "9001")]


def test_a_picture_of_a_case_comes_with_the_case(truth: World, tmp_path: Path) -> None:
    item = "CK_COO_B1"
    row = {f"freeid_{item}": "T-1", f"freecase_{item}": "no", f"freecasephoto_{item}": "1.jpg"}
    tree = filled(truth.fields, Typed({}, {f"cases_{item}": [row]}))
    path = central(tmp_path / "e.zip", truth.fields, [Submission(tree)], media={"1.jpg": PICTURE})
    (shot,) = alone(read(path, truth.blank, ZONE)).shots
    assert (shot.item, shot.case, shot.read()) == ("CK-COO-B1", "T-1", PICTURE)


@pytest.mark.parametrize("where", ["media/1.jpg", "e/x/abc/1.jpg", "media.zip", "e.zip"])
def test_media_may_lie_beside_an_export(where: str, workshop: World, tmp_path: Path) -> None:
    values = {"answer_CK_MEC_A1": "no", "photo1_CK_MEC_A1": "1.jpg"}
    path = kobo_json(tmp_path / "e.json", [unsigned(workshop, values, key="uuid:abc")])
    place = tmp_path / where
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.suffix == ".zip":
        with zipfile.ZipFile(place, "w") as box:
            box.writestr("user/attachments/other/1.jpg", b"of another")
            box.writestr("user/attachments/abc/1.jpg", PICTURE)
    else:
        place.write_bytes(PICTURE)
    assert [s.read() for s in alone(read(path, workshop.blank, ZONE)).shots] == [PICTURE]


@pytest.mark.parametrize("name", ["../1.jpg", "/etc/passwd", "a\\1.jpg", "none.jpg"])
def test_a_picture_that_is_not_there_or_lies_outside_is_told(
    name: str, workshop: World, tmp_path: Path
) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "1.jpg").write_bytes(PICTURE)
    values = {"answer_CK_MEC_A1": "no", "photo1_CK_MEC_A1": name}
    path = kobo_csv(tmp_path / "e.csv", workshop.fields, [unsigned(workshop, values)])
    found, problems = read(path, workshop.blank, ZONE)
    assert [p.code for p in problems] == ["F043"]
    assert not found[0].shots
    assert found[0].records[0].answers[0].result == "no"


@pytest.mark.parametrize(
    ("state", "left_out"),
    [("rejected", 1), ("approved", 0), ("hasIssues", 0), ("", 0)],
)
def test_what_was_rejected_on_central_is_left_out(
    state: str,
    left_out: int,
    workshop: World,
    tmp_path: Path,
) -> None:
    path = central(tmp_path / "e.zip", workshop.fields, [unsigned(workshop, SAID, state=state)])
    found, problems = read(path, workshop.blank, ZONE)
    assert ([p.code for p in problems], len(found)) == ((["F042"], 0) if left_out else ([], 1))


@pytest.mark.parametrize("state", ["validation_status_not_approved", "Not approved"])
def test_what_was_not_approved_on_kobo_is_left_out(
    state: str, workshop: World, tmp_path: Path
) -> None:
    one = [unsigned(workshop, SAID, state=state)]
    for path in (
        kobo_json(tmp_path / "e.json", one),
        kobo_xlsx(tmp_path / "e.xlsx", workshop.fields, one),
    ):
        assert [p.code for p in read(path, workshop.blank, ZONE)[1]] == ["F042"]


def test_a_slip_is_told_with_row_and_column(workshop: World, tmp_path: Path) -> None:
    values = {"answer_CK_MEC_A1": "maybe", "answer_CK_MEC_B1": "yes"}
    path = kobo_csv(tmp_path / "e.csv", workshop.fields, [unsigned(workshop, values)])
    found, (problem,) = read(path, workshop.blank, ZONE)
    column = [short(p) for p in workshop.fields.root].index("answer_CK_MEC_A1") + 1
    assert (problem.code, problem.place.line, problem.values["word"]) == ("F001", 2, "maybe")
    assert column <= problem.place.column
    assert [a.item for a in found[0].records[0].answers] == ["CK-MEC-B1"]


def test_kobo_csv_has_no_repeats_and_the_lines_of_the_form_stand_in(
    truth: World, tmp_path: Path
) -> None:
    item = "CK_HTL_B2"
    lines = (
        "R-1¦1002¦¦no greeting=yes service=no name= order=na¦慢¦了¶¶R-2¦¦¦yes greeting= service=¦"
    )
    path = kobo_csv(
        tmp_path / "e.csv", truth.fields,
        [unsigned(truth, {f"lines_{item}": lines, f"more_{item}": "2"})],
    )  # fmt: skip
    (answer,) = alone(read(path, truth.blank, ZONE)).records[0].answers
    one, other = answer.cases
    assert (one.id, one.person, one.note, one.result) == ("R-1", "1002", "慢¦了", None)
    assert one.parts == {"greeting": "yes", "service": "no", "order": "na"}
    assert (other.id, other.result, other.parts) == ("R-2", "yes", {})


def test_a_case_that_fails_is_not_saved_by_parts_that_conform(truth: World, tmp_path: Path) -> None:
    row = {
        "freeid_CK_HTL_B2": "R-1",
        "freecase_CK_HTL_B2": "no",
        "freepart_CK_HTL_B2Zpart_greeting": "yes",
    }
    tree = filled(truth.fields, Typed({"more_CK_HTL_B2": "1"}, {"cases_CK_HTL_B2": [row]}))
    path = kobo_json(tmp_path / "e.json", [Submission(tree)])
    (answer,) = alone(read(path, truth.blank, ZONE)).records[0].answers
    assert answer.counts == (1, 1)


def test_a_case_that_conforms_keeps_the_part_that_does_not_apply(
    truth: World, tmp_path: Path
) -> None:
    row = {
        "freeid_CK_HTL_B2": "R-1",
        "freecase_CK_HTL_B2": "yes",
        "freepart_CK_HTL_B2Zpart_service": "na",
    }
    tree = filled(truth.fields, Typed({"more_CK_HTL_B2": "1"}, {"cases_CK_HTL_B2": [row]}))
    path = kobo_json(tmp_path / "e.json", [Submission(tree)])
    (answer,) = alone(read(path, truth.blank, ZONE)).records[0].answers
    assert answer.counts == (0, 1)
    assert answer.cases[0].parts == {
        "greeting": "yes", "service": "na", "name": "yes", "order": "yes",
    }  # fmt: skip


def questions(folder: Path, blank: Blank) -> dict[str, dict[str, str]]:
    """Give the questions of a form by name, with their choices."""
    (folder / "form.xlsx").write_bytes(xlsform(blank, "zh"))
    sheets = sheets_of(folder / "form.xlsx")
    head, *rows = sheets["survey"]
    listed = [dict(zip(sheets["choices"][0], row, strict=False)) for row in sheets["choices"][1:]]
    found = {row["name"]: row for row in (dict(zip(head, r, strict=False)) for r in rows)}
    for row in found.values():
        own = row["type"].removeprefix("select_one ")
        row["may"] = " ".join(one["name"] for one in listed if one["list_name"] == own)
    return found


def test_a_second_person_is_asked_for_where_a_veto_waits_and_fails(
    truth: World, tmp_path: Path
) -> None:
    asked = questions(tmp_path, truth.blank)
    waiting = {f"confirmed_{Names(truth.blank).stem(*one)}" for one in truth.blank.asks
               if one[1].witness}  # fmt: skip
    assert {name for name in asked if name.startswith("confirmed_")} == waiting
    one = asked["confirmed_CK_HTL_V1"]
    may = one["may"].split()
    assert may[:2] == ["9001", "9002"], "the team first"
    assert not {"1002", "1003", "1013", "1004"} & {*may}, "nobody who is examined"
    assert one["relevant"] == "${answer_CK_HTL_V1} = 'no'"
    labels = one["label::中文 (zh)"], one["label::English (en)"]
    assert labels == ("第二人确认", "Confirmed by")


def witnessed(blank: Blank) -> Blank:
    """Have a veto on an item of the workshop wait for a second person."""
    (leaf,) = blank.leaves
    asks = (replace(leaf.asks[0], witness=True), *leaf.asks[1:])
    return replace(blank, leaves=(replace(leaf, asks=asks),))


def test_where_nobody_is_there_to_choose_a_name_is_written(tmp_path: Path) -> None:
    blank = witnessed(tiny())
    assert questions(tmp_path, blank)["confirmed_CK_MEC_A1"]["type"] == "text"
    world = formed(blank, tmp_path)
    name = blank.auditors[0].name.to("zh")
    for said in ("9001", name):
        one = [unsigned(world, SAID | {"confirmed_CK_MEC_A1": said})]
        for path in (
            central(tmp_path / "e.zip", world.fields, one),
            kobo_xlsx(tmp_path / "e.xlsx", world.fields, one),
            kobo_csv(tmp_path / "e.csv", world.fields, one),
            kobo_json(tmp_path / "e.json", one),
        ):
            found = alone(read(path, world.blank, ZONE))
            answers = answers_of(found)
            assert [*found.seconds] == [("CK-MEC", "CK-MEC-A1", "9001")]
            assert answers["CK-MEC", "CK-MEC-A1"].confirmed == Confirmation(by="9001")
            assert answers["CK-MEC", "CK-MEC-A2"].confirmed is None


def test_a_second_person_nobody_knows_is_told_with_row_and_column(tmp_path: Path) -> None:
    world = formed(witnessed(tiny()), tmp_path)
    path = kobo_csv(
        tmp_path / "e.csv", world.fields, [unsigned(world, SAID | {"confirmed_CK_MEC_A1": "Zoe"})]
    )
    _, (problem,) = read(path, world.blank, ZONE)
    told = (problem.code, problem.place.line, problem.values["cell"], problem.values["text"])
    assert told == ("F006", 2, "confirmed_CK_MEC_A1", "Zoe")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_csv_that_excel_saved_is_read_in_any_of_its_encodings(
    encoding: str, workshop: World, tmp_path: Path
) -> None:
    one = [unsigned(workshop, SAID | {"note_CK_MEC_A1": "现场无标识"})]
    path = kobo_csv(tmp_path / "e.csv", workshop.fields, one, encoding=encoding)
    assert audit_named(path) == "2026-10-n1"
    answers = answers_of(alone(read(path, workshop.blank, ZONE)))
    assert answers["CK-MEC", "CK-MEC-A1"].note == "现场无标识"


def test_a_csv_that_broke_off_says_so_and_its_last_cell_is_not_believed(
    workshop: World, tmp_path: Path
) -> None:
    values = SAID | {"note_CK_MEC_A1": '磨平了，"看不清"'}
    two = [unsigned(workshop, values), unsigned(workshop, values)]
    path = kobo_csv(tmp_path / "e.csv", workshop.fields, two)
    whole = path.read_text("utf-8")
    assert not read(path, workshop.blank, ZONE)[1]
    path.write_text(whole.rstrip("\n"), "utf-8")
    assert not read(path, workshop.blank, ZONE)[1], "an editor that leaves out the last line end"
    quoted = whole.rindex("看不清")
    plain = whole.rindex("yes") + 2
    for end in (quoted, plain):
        path.write_text(whole[:end], "utf-8")
        found, problems = read(path, workshop.blank, ZONE)
        told = [(problem.code, problem.place.line) for problem in problems]
        assert told == [("F049", 3)], "ye is no answer somebody gave"
        assert found[0].records[0].answers, "the submissions before it are read"


def test_a_csv_whose_rows_are_all_short_did_not_break_off(workshop: World, tmp_path: Path) -> None:
    two = [unsigned(workshop, SAID), unsigned(workshop, SAID)]
    path = kobo_csv(tmp_path / "e.csv", workshop.fields, two)
    head, *rows = path.read_text("utf-8").splitlines()
    # Excel may leave out the empty cells at the end of rows.
    path.write_text("\n".join([f"{head},,more", *rows]), "utf-8")
    assert not read(path, workshop.blank, ZONE)[1]


def test_another_audit_and_another_edition_are_refused(workshop: World, tmp_path: Path) -> None:
    path = kobo_json(tmp_path / "e.json", [unsigned(workshop, SAID)])
    blank = workshop.blank
    assert blank.audit is not None
    other = replace(blank, audit=blank.audit.model_copy(update={"id": "2026-11-n1"}))
    newer = replace(blank, leaves=(replace(blank.leaves[0], digest="sha256:0"),))
    for target, code in ((other, "F008"), (newer, "F009")):
        found, problems = read(path, target, ZONE)
        assert (found, [p.code for p in problems]) == ([], [code])


@pytest.mark.parametrize(
    ("example", "values", "expected"),
    [
        ("fhrs", {"value_HYGIENE": "10", "value_CONFIDENCE": "30"}, ["10", "30"]),
        ("king-county", {"answer_0100": "cited", "answer_0200": "cited"}, ["cited", "cited"]),
    ],
)
def test_foreign_schemes_are_asked_and_read_too(
    example: str, values: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    world = formed(blank_from(ROOT / "examples" / example), tmp_path)
    path = central(tmp_path / "e.zip", world.fields, [unsigned(world, values)])
    found = alone(read(path, world.blank, ZONE))
    answers = found.records[0].answers
    assert [a.result or str(a.value) for a in answers] == expected
    assert found.audit == ""


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"{}", b"[1]", b"PK\x03\x04", b"\xff\xfe"])
@pytest.mark.parametrize("suffix", [".csv", ".json", ".zip", ".xlsx"])
def test_another_file_is_no_export(
    content: bytes, suffix: str, workshop: World, tmp_path: Path
) -> None:
    path = tmp_path / f"other{suffix}"
    path.write_bytes(content)
    assert audit_named(path) is None
    found, problems = read(path, workshop.blank, ZONE)
    assert not found
    assert len(problems) == 1


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_a_file_far_too_large_is_not_read(suffix: str, workshop: World, tmp_path: Path) -> None:
    path = tmp_path / f"large{suffix}"
    with path.open("wb") as file:
        file.truncate(65 << 20)
    assert [problem.code for problem in read(path, workshop.blank, ZONE)[1]] == ["F012"]


def test_a_form_of_the_same_blank_is_the_same_file(workshop: World) -> None:
    content = xlsform(workshop.blank, "zh")
    assert content == xlsform(workshop.blank, "zh")
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        assert b">2026-11-06T00:00:00Z<" in box.read("docProps/core.xml")


def test_a_submission_says_which_form_it_is_of(workshop: World) -> None:
    told = json.loads(workshop.fields.literals["sopaudit"])
    assert told["audit"] == "2026-10-n1"
    assert "'" not in workshop.fields.literals["sopaudit"]
