"""Filled sheets brought into an audit: merged by time, nothing overwritten, nothing lost."""

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from tests.sheets.counter import Desk, kitchen, opened, photo, shot, snapshot

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.audit import read_audit
from sopaudit.evidence.evidence_index import read_index
from sopaudit.evidence.record import Confirmation, Override, Record, RecordedAnswer
from sopaudit.evidence.recording import record_bytes
from sopaudit.problems import Place
from sopaudit.sheets.filled import Shot
from sopaudit.sheets.intake.bringing import Brought, bring

YES = {"item": "0100", "result": "yes"}
NO = {"item": "0100", "result": "no", "note": "no soap"}
PARTLY = {"item": "0100", "result": "partial", "note": "one sink"}


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Handbook:
    home = tmp_path_factory.mktemp("book")
    kitchen(home)
    handbook, problems = load_handbook(home)
    assert handbook is not None, problems
    return handbook


@pytest.fixture
def desk(tmp_path: Path, handbook: Handbook) -> Desk:
    audit = kitchen(tmp_path)
    return Desk(opened(audit, replace(handbook, folder=tmp_path)))


def record(desk: Desk, checklist: str = "COOK") -> Record:
    found, _ = read_audit(desk.folder.folder, desk.folder.handbook)
    assert found is not None
    return found.records[checklist]


def answer(desk: Desk, item: str = "0100") -> RecordedAnswer:
    return next(one for one in record(desk).answers if one.item == item)


def said(desk: Desk) -> tuple[str | None, list[str | None]]:
    """Give what counts for 0100, and what is kept beside it."""
    one = answer(desk)
    return one.result, [other.result for other in one.others]


def codes(brought: Brought) -> list[str]:
    return [problem.code for problem in brought.problems]


def test_the_later_of_two_sheets_counts_whatever_their_order_and_the_other_is_kept(
    desk: Desk, tmp_path: Path, handbook: Handbook
) -> None:
    early, late = desk.filled("a.xlsx", NO, at="09:00"), desk.filled("b.zip", YES, at="11:00")
    brought = bring(desk.folder, [late, early])
    assert said(desk) == ("yes", ["no"])
    assert [v.source.file for v in brought.differences[0].voices if v.source] == ["b.zip", "a.xlsx"]
    assert codes(brought) == []
    other = Desk(opened(kitchen(tmp_path / "b"), replace(handbook, folder=tmp_path / "b")))
    bring(other.folder, [early, late])
    assert snapshot(other.folder.folder) == snapshot(desk.folder.folder)


def test_a_sheet_that_says_again_what_another_said_counts_from_its_own_time(
    desk: Desk, tmp_path: Path, handbook: Handbook
) -> None:
    said_at = (("a.xlsx", NO, "09:00"), ("b.xlsx", NO, "11:00"), ("c.xlsx", YES, "10:00"))
    files = [desk.filled(name, told, at=at) for name, told, at in said_at]
    for n, order in enumerate(permutations(files)):
        home = tmp_path / str(n)
        other = Desk(opened(kitchen(home), replace(handbook, folder=home)))
        bring(other.folder, order)
        assert said(other) == ("no", ["yes"]), [one.source.file for one in order]


def test_the_time_of_an_answer_goes_before_that_of_its_sheet(desk: Desk) -> None:
    at = "2026-11-06T12:00:00+08:00"
    early = desk.filled("a.xlsx", {**NO, "at": at}, at="09:00")
    bring(desk.folder, [early, desk.filled("b.zip", YES, at="11:00")])
    assert said(desk) == ("no", ["yes"])


def test_where_no_time_is_known_the_later_file_counts(desk: Desk) -> None:
    files = [desk.filled(f"{n}.xlsx", said, at=None) for n, said in enumerate((NO, YES, PARTLY))]
    bring(desk.folder, files)
    assert said(desk)[0] == "partial"
    assert sorted(map(str, said(desk)[1])) == ["no", "yes"]


def test_a_sheet_that_names_nobody_speaks_of_the_only_person_another_names(desk: Desk) -> None:
    schemes = {
        name: scheme.model_copy(update={"persons": "pooled"})
        for name, scheme in desk.folder.handbook.schemes.items()
    }
    folder = replace(desk.folder, handbook=replace(desk.folder.handbook, schemes=schemes))
    named = desk.filled("a.xlsx", {**NO, "person": "1001"}, at="09:00")
    brought = bring(folder, [named, desk.filled("b.zip", YES, at="10:00")])
    assert len(brought.differences) == 1
    assert said(desk) == ("yes", ["no"])
    second = desk.filled("c.xlsx", {**NO, "person": "1002"}, at="11:00")
    third = {**PARTLY, "person": "1001"}
    bring(folder, [second, desk.filled("d.xlsx", third, at="12:00")])
    given = [(one.person, one.result) for one in record(desk).answers]
    assert sorted(given, key=str) == [("1001", "partial"), ("1002", "no"), (None, "yes")]


def test_importing_the_same_files_again_changes_no_byte(desk: Desk) -> None:
    taken = (shot("0100_1.jpg", item="0100"),)
    files = [
        desk.filled("a.xlsx", NO, {"item": "0400", "value": "2"}, at="09:00", shots=taken),
        desk.filled("b.zip", NO, at="10:00", channel="html"),
        desk.filled("c.zip", YES, {"item": "SPEED", "value": "5"}, at="11:00", channel="html"),
    ]  # fmt: skip
    first = bring(desk.folder, files)
    assert first.photos == 1
    before = snapshot(desk.folder.folder)
    for again in (files, files[:1], files[1:], [*files, *files]):
        for replaced in (False, True):
            brought = bring(desk.folder, again, replace=replaced)
            assert brought.files == ()
            assert codes(brought) == []
            assert snapshot(desk.folder.folder) == before


def test_two_sheets_that_say_the_same_are_no_difference_and_nothing_grows(desk: Desk) -> None:
    bring(desk.folder, [desk.filled("a.xlsx", NO, at="09:00")])
    before = snapshot(desk.folder.folder)
    brought = bring(desk.folder, [desk.filled("b.xlsx", NO, at="10:00")])
    assert brought.differences == ()
    assert snapshot(desk.folder.folder) == before


def test_how_a_sample_was_drawn_and_the_order_of_its_cases_make_no_difference(desk: Desk) -> None:
    cases = [{"id": "T1", "result": "yes"}, {"id": "T2", "result": "no", "note": "late"}]
    drawn = {"drawn": 2, "seed": 7, "population": 40, "cases": cases}
    one = desk.filled("a.xlsx", {"item": "0300", "sample": drawn}, at="09:00")
    bring(desk.folder, [one])
    again = desk.filled("b.xlsx", {"item": "0300", "sample": {"cases": cases[::-1]}}, at="10:00")
    assert bring(desk.folder, [again]).differences == ()
    kept = answer(desk, "0300").sample
    assert kept is not None
    assert kept.seed == 7
    other = [cases[0], {**cases[1], "result": "yes"}]
    later = desk.filled("c.xlsx", {"item": "0300", "sample": {"cases": other}}, at="11:00")
    assert codes(bring(desk.folder, [later])) == ["F064"]


def test_an_answer_that_is_there_gives_way_only_where_that_is_asked(desk: Desk) -> None:
    bring(desk.folder, [desk.filled("a.xlsx", NO, at="09:00")])
    before = snapshot(desk.folder.folder)
    late = desk.filled("b.xlsx", YES, at="10:00")
    brought = bring(desk.folder, [late])
    assert codes(brought) == ["F064"]
    assert brought.problems[0].place == Place("b.xlsx [COOK]", 5, 8)
    assert brought.differences[0].refused
    assert not brought.saved
    assert snapshot(desk.folder.folder) == before
    again = bring(desk.folder, [late], replace=True)
    assert (codes(again), again.saved) == ([], True)
    assert said(desk) == ("yes", ["no"])


def test_a_sheet_that_only_fills_in_what_was_blank_needs_no_asking(desk: Desk) -> None:
    """The remark a workbook lacked is typed into it, and it is imported again."""
    bare = {"item": "0100", "result": "no"}
    first = desk.filled("a.xlsx", bare)
    bring(desk.folder, [first])
    path = desk.folder.folder / "answers/COOK.json"
    stood = (
        record(desk)
        .answers[0]
        .model_copy(
            update={
                "override": Override.model_validate({"by": "9001", "why": "seen"}),
                "confirmed": Confirmation.model_validate({"by": "9002"}),
            }
        )
    )
    path.write_bytes(record_bytes(record(desk).model_copy(update={"answers": (stood,)})))
    second = desk.filled("a.xlsx", {**NO, "person": "1001"})
    brought = bring(desk.folder, [second])
    # A confirmation without evidence is told (A056), and stays.
    assert (codes(brought), brought.differences, brought.saved) == (["A056"], (), True)
    one = answer(desk)
    assert (one.note, one.person, one.source) == ("no soap", "1001", second.source.id)
    assert (one.override, one.confirmed) == (stood.override, stood.confirmed)
    assert [(other.source, other.note) for other in one.others] == [(first.source.id, "")]
    before = snapshot(desk.folder.folder)
    for files in ([first], [second], [first, second]):
        again = bring(desk.folder, files)
        assert (again.files, again.differences, again.saved) == ((), (), True)
    assert snapshot(desk.folder.folder) == before


@pytest.mark.parametrize(
    "other", [{"note": "soap"}, {"note": ""}, {"person": "1002"}, {"result": "partial"}]
)
def test_a_sheet_that_says_something_else_or_less_is_asked_about(
    desk: Desk, other: dict[str, str]
) -> None:
    bring(desk.folder, [desk.filled("a.xlsx", {**NO, "person": "1001"})])
    brought = bring(desk.folder, [desk.filled("b.xlsx", {**NO, "person": "1001", **other})])
    assert codes(brought) == ["F064"]


def test_an_earlier_sheet_is_kept_beside_what_is_there_without_being_asked(desk: Desk) -> None:
    bring(desk.folder, [desk.filled("a.xlsx", NO, at="09:00")])
    brought = bring(desk.folder, [desk.filled("b.xlsx", YES, at="08:00")])
    assert codes(brought) == []
    assert said(desk) == ("no", ["yes"])
    assert [source.file for source in record(desk).sources] == ["b.xlsx", "a.xlsx"]
    # Asked or not, the earlier one does not count.
    asked = bring(desk.folder, [desk.filled("b.xlsx", YES, at="08:00")], replace=True)
    assert said(desk) == ("no", ["yes"])
    # Whoever asked for it is told so, and whoever did not would hear of it at every import.
    assert (brought.outdated, asked.outdated) == ((), ("0100",))
    same = bring(desk.folder, [desk.filled("c.xlsx", NO, at="08:00")], replace=True)
    late = bring(desk.folder, [desk.filled("d.xlsx", YES, at="11:00")], replace=True)
    assert (same.outdated, late.outdated) == ((), ())


def test_the_other_items_of_a_sheet_go_in_beside_one_that_was_refused(desk: Desk) -> None:
    bring(desk.folder, [desk.filled("a.xlsx", NO, at="09:00")])
    late = desk.filled("b.xlsx", YES, {"item": "0400", "value": "1"}, at="10:00")
    assert codes(bring(desk.folder, [late])) == ["F064"]
    assert said(desk) == ("no", [])
    assert answer(desk, "0400").value == 1


def test_what_else_a_record_says_of_an_answer_survives(desk: Desk) -> None:
    more: dict[str, Any] = {
        "override": {"by": "9001", "why": "seen again"},
        "confirmed": {"by": "9002"},
        "from_records": {"as_of": "2026-10-31", "digest": "sha256:0", "failed": "1"},
    }
    bring(desk.folder, [desk.filled("a.xlsx", {**NO, **more}, at="09:00")])
    bring(desk.folder, [desk.filled("b.xlsx", YES, at="10:00")], replace=True)
    kept = answer(desk)
    assert kept.result == "yes"
    assert kept.from_records is not None
    assert kept.from_records.failed == 1


def test_who_stood_for_an_answer_does_not_stand_for_another_that_takes_its_place(
    desk: Desk,
) -> None:
    more = {"override": {"by": "9001", "why": "seen again"}, "confirmed": {"by": "9002"}}
    bring(desk.folder, [desk.filled("a.xlsx", {**NO, **more}, at="09:00")])
    told = {**NO, "note": "no soap at all"}
    bring(desk.folder, [desk.filled("b.xlsx", told, at="10:00")], replace=True)
    assert (answer(desk).override, answer(desk).confirmed) == (None, Confirmation(by="9002"))
    bring(desk.folder, [desk.filled("c.xlsx", YES, at="11:00")], replace=True)
    kept = answer(desk)
    assert (kept.override, kept.confirmed) == (None, None)
    first = kept.others[-1]
    assert (first.override, first.confirmed) == (
        Override(by="9001", why="seen again"),
        Confirmation(by="9002"),
    )


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_second_person_stands_for_an_answer_whichever_sheet_it_counts_from(
    desk: Desk, order: tuple[int, int]
) -> None:
    seen = {**NO, "confirmed": {"by": "9002"}}
    sheets = [desk.filled("a.xlsx", NO, at="09:00"), desk.filled("b.xlsx", seen, at="10:00")]
    for n in order:
        brought = bring(desk.folder, [sheets[n]])
        assert {*codes(brought)} <= {"A056"}, "only the photo is wanted still"
        assert not brought.differences
    assert answer(desk).confirmed == Confirmation(by="9002")
    assert answer(desk).others == ()


def test_another_second_person_is_told_and_needs_asking(desk: Desk) -> None:
    first = desk.filled("a.xlsx", {**NO, "confirmed": {"by": "1001"}}, at="09:00")
    late = desk.filled("b.xlsx", {**NO, "confirmed": {"by": "9002"}}, at="10:00")
    named = Place("b.xlsx [COOK]", 5, 11)
    late = replace(late, seconds={("COOK", "0100", "9002"): named})
    bring(desk.folder, [first])
    before = snapshot(desk.folder.folder)
    brought = bring(desk.folder, [late])
    # What 1001 lacks is no slip of a sheet that names 9002.
    assert codes(brought) == ["F064"]
    assert brought.problems[0].place == named
    assert not brought.saved
    assert snapshot(desk.folder.folder) == before
    bring(desk.folder, [late], replace=True)
    assert answer(desk).confirmed == Confirmation(by="9002")
    # The earlier sheet once more asks for nothing.
    assert "F064" not in codes(bring(desk.folder, [first]))
    assert answer(desk).confirmed == Confirmation(by="9002")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_second_persons_in_one_run_the_later_counts(
    desk: Desk, order: tuple[int, int]
) -> None:
    sheets = [
        desk.filled("a.xlsx", {**NO, "confirmed": {"by": "1001"}}, at="09:00"),
        desk.filled("b.xlsx", {**NO, "confirmed": {"by": "9002"}}, at="10:00"),
    ]
    bring(desk.folder, [sheets[n] for n in order])
    assert answer(desk).confirmed == Confirmation(by="9002")


def test_a_confirmation_somebody_took_back_does_not_return_with_the_same_sheet(
    desk: Desk,
) -> None:
    seen = desk.filled("a.xlsx", {**NO, "confirmed": {"by": "9002"}}, at="09:00")
    bring(desk.folder, [seen])
    path = desk.folder.folder / "answers/COOK.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    del told["answers"][0]["confirmed"]
    path.write_text(json.dumps(told), encoding="utf-8")
    bring(desk.folder, [seen])
    assert answer(desk).confirmed is None
    bring(desk.folder, [seen], replace=True)
    assert answer(desk).confirmed == Confirmation(by="9002")


def test_an_earlier_sheet_does_not_take_a_later_second_person_away(desk: Desk) -> None:
    later = desk.filled("b.xlsx", {**NO, "confirmed": {"by": "9002"}}, at="10:00")
    bring(desk.folder, [later])
    for at, by in (("09:00", "9002"), ("11:00", "9001")):
        one = desk.filled(f"{at[:2]}.xlsx", {**NO, "confirmed": {"by": "9001"}}, at=at)
        bring(desk.folder, [one], replace=True)
        assert answer(desk).confirmed == Confirmation(by=by)


def test_an_earlier_sheet_may_name_the_second_person_nobody_named(desk: Desk) -> None:
    bring(desk.folder, [desk.filled("b.xlsx", NO, at="10:00")])
    seen = {**NO, "confirmed": {"by": "9002"}}
    bring(desk.folder, [desk.filled("a.xlsx", seen, at="09:00")], replace=True)
    assert answer(desk).confirmed == Confirmation(by="9002")


def test_one_that_says_something_else_is_not_stood_for(desk: Desk) -> None:
    seen = {**NO, "confirmed": {"by": "9002"}}
    bring(
        desk.folder,
        [desk.filled("a.xlsx", seen, at="09:00"), desk.filled("b.xlsx", PARTLY, at="10:00")],
    )
    assert (answer(desk).result, answer(desk).confirmed) == ("partial", None)


@pytest.mark.parametrize(
    ("seen", "stands"),
    [
        ([("T2", "yes", ""), ("T1", "no", "cold")], True),
        ([("T1", "yes", ""), ("T2", "no", "late")], False),
        ([("T1", "no", "late"), ("T3", "yes", "")], False),
    ],
)
def test_a_second_person_stands_for_the_cases_seen_and_not_for_the_same_numbers_of_others(
    desk: Desk, seen: list[tuple[str, str, str]], *, stands: bool
) -> None:
    def told(cases: list[tuple[str, str, str]]) -> dict[str, Any]:
        names = ("id", "result", "note")
        listed = [dict(zip(names, case, strict=True)) for case in cases]
        return {"item": "0300", "sample": {"cases": listed}}

    first = told([("T1", "no", "late"), ("T2", "yes", "")])
    second = {**told(seen), "confirmed": {"by": "9002"}}
    bring(desk.folder, [desk.filled("a.xlsx", first, at="10:00")])
    bring(desk.folder, [desk.filled("b.xlsx", second, at="09:00")])
    assert answer(desk, "0300").confirmed == (Confirmation(by="9002") if stands else None)


def test_the_channel_of_a_record_is_several_where_its_answers_came_by_several(desk: Desk) -> None:
    bring(desk.folder, [desk.filled("a.xlsx", NO, at="09:00")])
    assert record(desk).channel == "excel"
    bring(desk.folder, [desk.filled("b.zip", {"item": "0400", "value": "1"}, channel="html")])
    assert record(desk).channel == "several"


def test_answers_stand_in_the_order_of_the_checklist_and_open_ones_are_named(desk: Desk) -> None:
    brought = bring(desk.folder, [desk.filled("a.xlsx", {"item": "0400", "value": "1"}, YES)])
    assert [one.item for one in record(desk).answers] == ["0100", "0400"]
    assert brought.unanswered == {"COOK": ("0200", "0300"), "LIFT": ("SPEED", "LOAD")}


# --- photos and signatures ------------------------------------------------------------------------


def test_a_photo_is_stored_once_by_hash_and_stands_at_its_item_and_case(desk: Desk) -> None:
    cases = {"cases": [{"id": "T1", "result": "no", "note": "late"}, {"id": "T2", "result": "yes"}]}
    shots = (
        shot("0100_1.jpg", item="0100"),
        shot("again/0100_1.jpg", photo("0100_1.jpg"), item="0100"),
        shot("T1.jpg", item="0300", case="T1"),
        shot("T9.jpg", item="0300", case="T9"),
    )
    brought = bring(
        desk.folder, [desk.filled("a.xlsx", NO, {"item": "0300", "sample": cases}, shots=shots)]
    )
    assert codes(brought) == []
    assert brought.photos == 3
    assert len(answer(desk).evidence) == 1
    sampled = answer(desk, "0300")
    assert sampled.sample is not None
    assert [len(case.evidence) for case in sampled.sample.cases] == [1, 0]
    assert len(sampled.evidence) == 1
    index, problems = read_index(desk.folder.folder)
    assert index is not None
    assert problems == []
    kept = {file.came[0].name: file for file in index.files}
    assert [one.name for one in kept["0100_1.jpg"].came] == ["0100_1.jpg", "again/0100_1.jpg"]
    assert [show.case for show in kept["T9.jpg"].shows] == ["T9"]
    assert all((desk.folder.folder / file.file).is_file() for file in index.files)
    assert read_audit(desk.folder.folder, desk.folder.handbook)[1] == []


def test_a_photo_stays_at_its_item_when_a_later_sheet_answers_it(desk: Desk) -> None:
    taken = (shot("0100_1.jpg", item="0100"),)
    bring(desk.folder, [desk.filled("a.zip", NO, at="09:00", shots=taken)])
    bring(desk.folder, [desk.filled("b.xlsx", PARTLY, at="10:00")], replace=True)
    assert len(answer(desk).evidence) == 1


def test_a_photo_of_a_case_stays_at_its_case_or_else_at_the_item(desk: Desk) -> None:
    def sampled(*names: str) -> dict[str, Any]:
        cases = [{"id": name, "result": "no", "note": "late"} for name in names]
        return {"item": "0300", "sample": {"cases": cases}}

    taken = (shot("T1.jpg", item="0300", case="T1"),)
    bring(desk.folder, [desk.filled("a.zip", sampled("T1", "T2"), at="09:00", shots=taken)])
    bring(desk.folder, [desk.filled("b.xlsx", sampled("T3", "T1"), at="10:00")], replace=True)
    assert [len(case.evidence) for case in answer(desk, "0300").cases] == [0, 1]
    bring(desk.folder, [desk.filled("c.xlsx", sampled("T3"), at="11:00")], replace=True)
    assert [len(case.evidence) for case in answer(desk, "0300").cases] == [0]
    assert len(answer(desk, "0300").evidence) == 1


def test_a_photo_waits_in_the_index_for_its_item_to_be_answered(desk: Desk) -> None:
    photos = desk.filled("photos", shots=(shot("0100_1.jpg", item="0100"),), channel="photos")
    bring(desk.folder, [photos])
    assert not (desk.folder.folder / "answers").exists()
    bring(desk.folder, [desk.filled("a.xlsx", NO)])
    assert len(answer(desk).evidence) == 1
    assert record(desk).channel == "excel"


def test_a_photo_of_no_item_is_kept_and_told(desk: Desk) -> None:
    shots = (shot("mmexport1.jpg"), shot("0900_1.jpg", item="0900"))
    brought = bring(desk.folder, [desk.filled("a.xlsx", YES, shots=shots)])
    assert codes(brought) == ["F066", "F067"]
    index, _ = read_index(desk.folder.folder)
    assert index is not None
    assert [file.shows for file in index.files] == [(), ()]


def test_a_photo_that_was_changed_is_kept_without_its_time_being_proven(desk: Desk) -> None:
    changed = shot("0100_1.jpg", item="0100", sha256="0" * 64, unproven=False)
    brought = bring(desk.folder, [desk.filled("a.xlsx", NO, shots=(changed,))])
    assert codes(brought) == ["F065"]
    assert answer(desk).evidence[0].unproven


def test_a_photo_that_cannot_be_read_holds_up_nothing(desk: Desk) -> None:
    def gone() -> bytes:
        raise PermissionError(13, "no")

    shots = (shot("0100_1.jpg", gone, item="0100"), shot("0100_2.jpg", b"MZ", item="0100"))
    brought = bring(desk.folder, [desk.filled("a.xlsx", NO, shots=shots)])
    assert len(codes(brought)) == 2
    assert said(desk) == ("no", [])


LINES = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
    b'<path d="M0 0L9 9" fill="none"/></svg>'
)


def test_a_signature_drawn_on_a_screen_stands_in_the_record_and_the_later_counts(
    desk: Desk,
) -> None:
    signed = shot("s.svg", LINES, signed=("auditee", "1001"), checklist="COOK")
    auditor = {"role": "auditor", "person": "9001"}
    files = [desk.filled("a.zip", YES, shots=(signed,), signed=(auditor,))]
    assert codes(bring(desk.folder, files)) == []
    told = {one.role: one for one in record(desk).signatures}
    assert told["auditor"].drawn is None
    drawn = told["auditee"].drawn
    assert drawn is not None
    assert (desk.folder.folder / drawn.file).read_bytes().startswith(b"<svg")
    assert drawn.file.endswith(".svg")
    before = snapshot(desk.folder.folder)
    bring(desk.folder, files)
    assert snapshot(desk.folder.folder) == before
    again = shot("s.svg", LINES.replace(b"9 9", b"8 8"), signed=("auditee", "1001"))
    bring(desk.folder, [desk.filled("b.zip", YES, shots=(again,))])
    told = {one.role: one for one in record(desk).signatures}
    assert told["auditee"].drawn != drawn


@pytest.mark.parametrize(
    "text",
    [
        b"<svg><script>alert(1)</script></svg>",
        b'<svg onload="alert(1)"/>',
        b'<svg><image href="http://x/y.png"/></svg>',
        b'<svg><path style="fill:url(http://x)"/></svg>',
        b'<svg><path fill="url(#a)"/></svg>',
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg><path d="M0 0"/></svg>',
        b'<?xml-stylesheet href="x.css"?><svg/>',
        b'<svg xmlns:x="http://www.w3.org/1999/xlink"><path x:href="y"/></svg>',
        b"<html><body>signed</body></html>",
        b"<svg><foreignObject/></svg>",
        b"<svg><path",
    ],
)
def test_a_drawing_that_is_more_than_lines_is_no_signature(desk: Desk, text: bytes) -> None:
    bad = shot("s.svg", text, signed=("auditee", "1001"))
    brought = bring(desk.folder, [desk.filled("a.zip", YES, shots=(bad,))])
    assert codes(brought) == ["F068"]
    assert record(desk).signatures == ()


# --- honesty --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"item": "0100", "result": "no"}, "A026"),
        ({"item": "0200", "result": "no", "note": "dirty"}, "A027"),
        ({"item": "0100", "result": "na"}, "A028"),
        ({"item": "0100", "result": "yes", "person": "9001"}, "A053"),
        ({"item": "0100", "result": "yes", "person": "1003"}, "A052"),
        ({"item": "0200", "result": "na"}, "A103"),
    ],
)
def test_what_an_answer_lacks_is_told_at_its_cell_and_the_answer_is_written(
    desk: Desk, told: dict[str, str], code: str
) -> None:
    strict = desk.folder.handbook.records.model_copy(
        update={"note": ("fail", "na"), "evidence": ("critical", "major")}
    )
    folder = replace(desk.folder, handbook=replace(desk.folder.handbook, records=strict))
    brought = bring(folder, [desk.filled("a.xlsx", {"item": "0400", "value": "0"}, told)])
    found = {problem.code: problem for problem in brought.problems}
    assert code in found
    assert found[code].place == Place("a.xlsx [COOK]", 6, 8)
    assert answer(desk, told["item"]).result == told["result"]


def test_of_answers_a_run_does_not_touch_nothing_is_told(desk: Desk) -> None:
    bring(desk.folder, [desk.filled("a.xlsx", {"item": "0100", "result": "yes", "person": "9001"})])
    brought = bring(desk.folder, [desk.filled("b.xlsx", {"item": "0400", "value": "1"})])
    assert codes(brought) == []


def test_what_a_standing_answer_lacks_is_not_told_of_a_sheet_that_says_something_else(
    desk: Desk,
) -> None:
    strict = desk.folder.handbook.records.model_copy(update={"note": ("fail",)})
    folder = replace(desk.folder, handbook=replace(desk.folder.handbook, records=strict))
    silent = {"item": "0100", "result": "no"}
    assert codes(bring(folder, [desk.filled("a.xlsx", silent, at="09:00")])) == ["A026"]
    assert codes(bring(folder, [desk.filled("b.xlsx", PARTLY, at="10:00")])) == ["F064"]
    assert codes(bring(folder, [desk.filled("c.xlsx", silent, at="11:00")])) == ["A026"]


@pytest.mark.parametrize(
    ("by", "shots", "told"),
    [
        ("1001", (shot("0200_1.jpg", item="0200"),), "A055"),
        ("9002", (), "A056"),
        ("77", (shot("0200_1.jpg", item="0200"),), "A050"),
    ],
)
def test_what_is_wrong_with_a_second_person_is_told_at_their_own_cell(
    desk: Desk, by: str, shots: tuple[Shot, ...], told: str
) -> None:
    failed = {"item": "0200", "result": "no", "note": "dirty", "confirmed": {"by": by}}
    where = Place("a.xlsx [COOK]", 5, 11)
    seen = replace(
        desk.filled("a.xlsx", failed, shots=shots), seconds={("COOK", "0200", by): where}
    )
    # A sheet that says the same and names nobody is not what is wrong.
    bare = {key: said for key, said in failed.items() if key != "confirmed"}
    silent = desk.filled("b.xlsx", bare, at="11:00")
    found = {p.code: p.place for p in bring(desk.folder, [seen, silent]).problems}
    assert found[told] == where
    assert "A027" not in found or found["A027"] != where


# --- what stops an import -------------------------------------------------------------------------


def test_a_final_audit_and_a_record_nobody_can_read_are_left_alone(
    desk: Desk, tmp_path: Path
) -> None:
    file = desk.filled("a.xlsx", YES)
    final = desk.folder.audit.model_copy(update={"state": "final"})
    assert codes(bring(replace(desk.folder, audit=final), [file])) == ["F062"]
    place = tmp_path / "audits/a/answers/COOK.json"
    place.parent.mkdir()
    place.write_text('{"schema": ')
    before = snapshot(tmp_path)
    assert bring(desk.folder, [file]).refused
    assert snapshot(tmp_path) == before


def test_an_index_nobody_can_read_is_not_written_over(desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "audits/a/evidence/index.json"
    place.parent.mkdir()
    place.write_text('{"schema": "sopaudit.evidence/9"}')
    before = snapshot(tmp_path)
    brought = bring(desk.folder, [desk.filled("a.xlsx", YES)])
    assert codes(brought) == ["S008"]
    assert snapshot(tmp_path) == before
