"""Audit folders: what is read from them, and every mistake in them at its place."""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.organisation import Person
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.problems import Place

if TYPE_CHECKING:
    from tests.evidence.conftest import Lines, Spelled

AUDIT = """
    id: 2026-10-n1
    office: N1
    period: {from: 2026-10-01, to: 2026-10-31}
    date: 2026-11-06
    kind: region
    team: [{person: "9001", role: leader}, {person: "9002", role: member}]
    auditees: ["1001"]
    """

TEAM = 'team: [{person: "9001", role: leader}, {person: "9002", role: member}]'
ESCORT = "team: [{person: '9001', role: escort}]"

CLEAN = {"cases": [{"id": "T1", "result": "yes"}, {"id": "T2", "result": "na"}]}

Change = Callable[[dict[str, Any]], None]


class Folder:
    """An audit folder that is right until a test changes it."""

    def __init__(self, folder: Path, handbook: Handbook, lines: "Lines") -> None:
        self.folder = folder / "a"
        self.handbook = handbook
        self.lines = lines
        (self.folder / "answers").mkdir(parents=True)
        self.audit(AUDIT)
        self.record: dict[str, Any] = {
            "schema": "sopaudit.answers/1",
            "audit": "2026-10-n1",
            "checklist": {"id": "COOK", "edition": "1", "digest": handbook.digests["COOK"]},
            "channel": "excel",
            "answers": [],
            "signatures": [{"role": "auditor", "person": "9001"}],
        }

    def audit(self, text: str) -> None:
        """Write `audit.yaml`."""
        (self.folder / "audit.yaml").write_text(self.lines(text), encoding="utf-8")

    def answer(self, item: str, **said: object) -> dict[str, Any]:
        """Write down an answer."""
        self.record["answers"].append({"item": item, **said})
        answer: dict[str, Any] = self.record["answers"][-1]
        return answer

    def evidence(self, name: str = "evidence/1.jpg") -> dict[str, str]:
        """Lay a photo into the folder, and give its entry."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"photo")
        return {"file": name, "sha256": hashlib.sha256(b"photo").hexdigest()}

    def write(self, name: str = "COOK.json") -> None:
        """Write the record."""
        text = json.dumps(self.record, indent=1, ensure_ascii=False)
        (self.folder / "answers" / name).write_text(text, encoding="utf-8")

    def read(self, name: str = "COOK.json") -> tuple[AuditFolder | None, list[str]]:
        """Read the folder; problems are told by what stands at their place."""
        self.write(name)
        found, problems = read_audit(self.folder, self.handbook, "a")
        assert all(problem.text("zh") != problem.text("en") for problem in problems)
        return found, [f"{self._line(problem.place)} {problem.code}" for problem in problems]

    def _line(self, place: Place) -> str:
        """Say a place by the line that stands there, which a reader can check by eye."""
        path = self.folder.parent / place.path
        if not path.is_file() or path.suffix == ".txt":
            return str(place.path)
        line: str = path.read_text(encoding="utf-8").split("\n")[place.line - 1]
        return line[place.column - 1 :]

    def problems(self) -> list[str]:
        """Tell what is wrong with the folder."""
        return self.read()[1]


@pytest.fixture
def folder(tmp_path: Path, handbook: Handbook, lines: "Lines") -> Folder:
    return Folder(tmp_path, handbook, lines)


def test_a_sound_folder_is_read_whole(folder: Folder, spelled: "Spelled") -> None:
    folder.answer("0100", result="partial", note="台面潮湿", person="1001")
    folder.answer("0200", result="no", evidence=[folder.evidence()], at="2026-11-06T09:30:00+08:00")
    cases = [
        {"id": "T1", "result": "yes", "person": "1001"},
        {"id": "T2", "result": "partial"},
        {"id": "T3", "result": "no"},
        {"id": "T4", "result": "na"},
    ]
    folder.answer("0300", result=None, sample={"drawn": 4, "seed": 20261020, "cases": cases})
    folder.answer("0400", value="2")
    found, problems = folder.read()
    assert problems == []
    assert found is not None
    assert [line.partition(" ")[2] for line in spelled(found.frames.values()).split("\n")] == [
        "2026-10-n1 0100 partial",
        "2026-10-n1 0200 no",
        "2026-10-n1 0300 2/3",
        "2026-10-n1 0400 2",
    ]
    frame = found.frames["COOK"]
    assert frame.dates.astype(str).tolist() == ["2026-11-06"]
    assert frame.notes == {0: "台面潮湿"}
    assert frame.persons == ("1001",)
    assert found.records["COOK"].answers[2].sample is not None
    assert found.audit.auditors == ("9001", "9002")
    assert found.files["COOK"].is_file()
    assert not found.frozen


def test_an_open_answer_is_none_yet(folder: Folder) -> None:
    folder.answer("0100", result=None, value=None, note="to be asked")
    found, problems = folder.read()
    assert problems == []
    assert found is not None
    assert len(found.frames["COOK"]) == 0
    assert found.frames["COOK"].audits == ("2026-10-n1",)


@pytest.mark.parametrize("witness", ["9002", None])
def test_a_second_person_and_evidence_make_an_answer_confirmed(
    folder: Folder, witness: str | None
) -> None:
    answer = folder.answer("0200", result="no", evidence=[folder.evidence()])
    if witness is not None:
        answer["confirmed"] = {"by": witness, "at": "2026-11-06T10:00:00+08:00"}
    found, problems = folder.read()
    assert problems == []
    assert found is not None
    assert [kind.confirmed for kind in found.frames["COOK"].kinds] == [witness is not None]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"item": "0500", "result": "yes"}, '"0500", A020'),
        ({"item": "SPEED", "value": "5"}, '"SPEED", A021'),
        ({"item": "0100", "result": "Yes"}, '"Yes" A102'),
        ({"item": "0200", "result": "partial"}, '"partial" A102'),
        ({"item": "0300", "result": "partial"}, '"partial" A102'),
        ({"item": "0200", "result": "na"}, '"na" A103'),
        ({"item": "0400", "result": "no"}, '"no" A106'),
        ({"item": "0400", "value": 1.5}, "1.5 A107"),
        ({"item": "0300", "result": "no"}, '"no" A108'),
        ({"item": "0300", "sample": {"failed": 2}}, "{ A108"),
        ({"item": "0300", "sample": {"failed": 2, "checked": 1}}, "{ A109"),
        ({"item": "0300", "result": "yes", "sample": {"failed": 1, "checked": 9}}, '"yes", A110'),
        ({"item": "0300", "result": "no", "sample": {"failed": 0, "checked": 9}}, '"no", A110'),
        ({"item": "0400", "result": "no", "value": "0"}, '"no", A110'),
        (
            {"item": "0200", "result": "yes", "sample": {"cases": [{"id": "T1", "result": "no"}]}},
            '"yes", A110',
        ),
        ({"item": "0200", "value": "3"}, '"3" A111'),
        ({"item": "0400", "value": "two"}, '"two" S005'),
        ({"item": "0100", "result": "yes", "remark": "x"}, '"remark": "x" S001'),
        ({"item": "0100", "result": "yes", "at": "2026-11-06 09:30"}, '"2026-11-06 09:30" A003'),
        (
            {"item": "0100", "result": "yes", "evidence": [{"file": "x", "sha256": "12"}]},
            '"12" A004',
        ),
        ({"item": "0100", "result": "yes", "person": "1003"}, '"1003" A052'),
        ({"item": "0100", "result": "yes", "person": "1002"}, '"1002" A051'),
        ({"item": "0100", "result": "yes", "person": "1007"}, '"1007" A050'),
        ({"item": "0100", "result": "yes", "override": {"by": "7", "why": "x"}}, '"7", A050'),
        (
            {"item": "0300", "sample": {"drawn": 2, "cases": [{"id": "T1", "result": "no"}]}},
            "2, A025",
        ),
        (
            {
                "item": "0300",
                "sample": {"failed": 0, "checked": 1, "cases": [{"id": "T1", "result": "no"}]},
            },
            "0, A023",
        ),
        ({"item": "0300", "sample": {"cases": [{"id": "T1", "result": "no"}] * 2}}, '"T1", A024'),
    ],
)
def test_an_answer_that_is_none_is_told_and_left_out(
    folder: Folder, answer: dict[str, Any], expected: str
) -> None:
    folder.record["answers"].append(answer)
    assert expected in folder.problems()


def test_an_item_is_answered_once(folder: Folder) -> None:
    folder.answer("0100", result="yes")
    folder.answer("0100", result="no")
    found, problems = folder.read()
    assert problems == ['"0100", A022']
    assert found is not None
    assert len(found.frames["COOK"]) == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("evidence/none.jpg", "A040"),
        ("evidence/other.jpg", "A041"),
        ("../outside.jpg", "A042"),
        ("evidence/../../outside.jpg", "A042"),
        ("/etc/passwd", "A042"),
        ("C:\\\\outside.jpg", "A042"),
        ("evidence/link.jpg", "A042"),
    ],
)
def test_evidence_lies_in_the_folder_and_is_what_it_was(
    folder: Folder, name: str, code: str
) -> None:
    sha256 = folder.evidence()["sha256"]
    (folder.folder / "evidence/other.jpg").write_bytes(b"changed")
    outside = folder.folder.parent / "outside.jpg"
    outside.write_bytes(b"photo")
    (folder.folder / "evidence/link.jpg").symlink_to(outside)
    folder.answer("0200", result="no", evidence=[{"file": name, "sha256": sha256}])
    assert [problem.rpartition(" ")[2] for problem in folder.problems()] == [code]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda record: record.update(audit="2026-09-n1"), '"2026-09-n1", A010'),
        (lambda record: record.update(schema="sopaudit.answers/2"), '"sopaudit.answers/2", S008'),
        (lambda record: record["checklist"].update(id="LIFT"), '"LIFT", A011'),
        (lambda record: record["checklist"].update(id="COK"), '"COK", A012'),
        (lambda record: record["checklist"].update(edition="2"), '"2", A013'),
        (lambda record: record["checklist"].update(digest="sha256:0"), '"sha256:0" A014'),
        (
            lambda record: record["signatures"].append({"role": "auditor", "person": "1001"}),
            '"1001" A054',
        ),
        (
            lambda record: record["signatures"].append({"role": "head", "person": "1"}),
            '"1" A050',
        ),
        (lambda record: record.pop("channel"), "{ S002"),
    ],
)
def test_the_head_of_a_record_fits_its_audit(folder: Folder, change: Change, expected: str) -> None:
    change(folder.record)
    assert expected in folder.problems()


@pytest.mark.parametrize(("by", "expected"), [("9001", ['"9001" A055']), ("1001", ['"1001" A055'])])
def test_nobody_confirms_their_own_answer(folder: Folder, by: str, expected: list[str]) -> None:
    answer = folder.answer("0200", result="no", person="1001", confirmed={"by": by})
    answer["evidence"] = [folder.evidence()]
    assert folder.problems() == expected


def test_evidence_of_a_case_stands_behind_a_confirmation(folder: Folder) -> None:
    case = {"id": "T1", "result": "no", "evidence": [folder.evidence()]}
    folder.answer("0200", result="no", sample={"cases": [case]}, confirmed={"by": "9002"})
    found, problems = folder.read()
    assert problems == []
    assert found is not None
    assert [kind.confirmed for kind in found.frames["COOK"].kinds] == [True]


def test_a_confirmation_without_evidence_is_told(folder: Folder) -> None:
    folder.answer("0200", result="no", confirmed={"by": "9002"})
    found, problems = folder.read()
    assert problems == ["{ A056"]
    assert found is not None
    assert [kind.confirmed for kind in found.frames["COOK"].kinds] == [False]


@pytest.mark.parametrize("result", ["yes", "unchecked"])
def test_who_confirms_that_all_is_well_needs_no_evidence(folder: Folder, result: str) -> None:
    folder.answer("0200", result=result, confirmed={"by": "9002"})
    assert folder.problems() == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("office: N1", "office: N2", "N2 A060"),
        ("to: 2026-10-31", "to: 2026-09-30", "2026-09-30} A061"),
        ("date: 2026-11-06", "date: 2026-09-30", "2026-09-30 A062"),
        ("kind: region", "kind: regional", "regional S008"),
        (TEAM, ESCORT, f"{ESCORT} A063"),
        ('person: "9002"', 'person: "9001"', '"9001", role: member}] A064'),
        ('person: "9002"', 'person: "9003"', '"9003", role: member}] A050'),
        ('["1001"]', '["1001", "9001"]', '"9001"] A053'),
        ('["1001"]', '["1003"]', '"1003"] A052'),
        ("auditees", "observations: [{item: X1, text: O}]\nauditees", "X1, text: O}] A065"),
        ("id: 2026-10-n1", "id: ../n1", "../n1 S011"),
        (TEAM, "teem: []", "teem: [] S001"),
    ],
)  # fmt: skip
def test_what_audit_yaml_names_is_looked_up(
    folder: Folder, old: str, new: str, expected: str
) -> None:
    text = folder.lines(AUDIT)
    assert old in text
    folder.audit(text.replace(old, new))
    assert expected in folder.problems()


def test_a_record_is_of_a_post_in_scope_or_of_none(folder: Folder) -> None:
    folder.audit(AUDIT.replace("date:", "scope: {posts: [WASH]}\n    date:"))
    assert folder.problems() == ['"COOK", A101']
    cook = folder.handbook.checklists["COOK"].model_copy(update={"post": None})
    folder.handbook = replace(folder.handbook, checklists={"COOK": cook})
    assert folder.problems() == []


def test_in_a_self_check_people_examine_their_own_work(folder: Folder) -> None:
    text = folder.lines(AUDIT).replace("region", "self").replace("9001", "1001")
    folder.audit(text)
    folder.record["signatures"] = []
    assert folder.problems() == []


def test_a_file_that_is_no_record_is_told(folder: Folder) -> None:
    (folder.folder / "answers/readme.txt").write_text("x")
    (folder.folder / "answers/.hidden").write_text("x")
    (folder.folder / "answers/LIFT.json").write_text("{")
    assert folder.problems() == [" A002", "a/answers/readme.txt A043"]


def test_a_record_that_is_a_link_out_of_the_folder_is_not_read(folder: Folder) -> None:
    outside = folder.folder.parent / "LIFT.json"
    outside.write_text("{}")
    (folder.folder / "answers/LIFT.json").symlink_to(outside)
    assert [problem.rpartition(" ")[2] for problem in folder.problems()] == ["A042"]


@pytest.mark.parametrize("name", ["audit.yaml", "frozen"])
def test_nothing_of_an_audit_is_a_link_out_of_its_folder(folder: Folder, name: str) -> None:
    outside = folder.folder.parent / "outside"
    outside.mkdir()
    (folder.folder / name).unlink(missing_ok=True)
    (folder.folder / name).symlink_to(outside)
    found, problems = read_audit(folder.folder, folder.handbook, "a")
    assert found is None
    assert [str(problem.place) for problem in problems] == [f"a/{name}:1:1"]


def test_a_checklist_has_one_record(folder: Folder) -> None:
    folder.write("COOK-2.json")
    codes = [problem.rpartition(" ")[2] for problem in folder.problems()]
    assert codes == ["A015"]


def test_a_folder_without_audit_yaml_still_has_its_records_checked(folder: Folder) -> None:
    (folder.folder / "audit.yaml").unlink()
    folder.record.pop("channel")
    found, problems = folder.read()
    assert found is None
    assert [problem.rpartition(" ")[2] for problem in problems] == ["S002", "Y001"]


def test_a_frozen_handbook_is_held_against(folder: Folder, handbook: Handbook) -> None:
    frozen = folder.folder / "frozen"
    for path in handbook.folder.rglob("*.yaml"):
        target = frozen / path.relative_to(handbook.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    cook = frozen / "checklists/cook.yaml"
    cook.write_text(cook.read_text().replace("Clean board?", "Clean knife?"))
    folder.answer("0200", result="yes")
    found, problems = folder.read()
    assert [problem.rpartition(" ")[2] for problem in problems] == ["A014"]
    assert found is not None
    assert found.frozen
    folder.record["checklist"]["digest"] = found.handbook.digests["COOK"]
    assert folder.problems() == []
    cook.write_text("id: X")
    assert folder.read()[0] is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"item": "0300", "result": "na", "sample": {"failed": 1, "checked": 2}}, '"na", A035'),
        ({"item": "0300", "result": "na", "sample": {"failed": 0, "checked": 2}}, '"na", A035'),
        ({"item": "0400", "result": "unchecked", "value": "2"}, '"unchecked", A035'),
        ({"item": "0400", "result": "na", "value": "0"}, None),
        ({"item": "0100", "result": "no", "sample": {"failed": 0, "checked": 2}}, '"no", A110'),
        ({"item": "0100", "result": "partial", "sample": CLEAN}, '"partial", A110'),
        ({"item": "0100", "result": "no", "sample": {"failed": 0, "checked": 0}}, None),
        ({"item": "0100", "result": "yes", "override": {"by": "9002", "why": "x"}}, None),
        (
            {
                "item": "0100",
                "result": "yes",
                "person": "1001",
                "override": {"by": "1001", "why": "x"},
            },
            '"1001", A057',
        ),
        (
            {
                "item": "0300",
                "sample": {"cases": [{"id": "T1", "result": "yes", "person": "1001"}]},
                "override": {"by": "1001", "why": "x"},
            },
            '"1001", A057',
        ),
        (
            {
                "item": "0300",
                "sample": {"cases": [{"id": "T1", "result": "yes", "person": "9002"}]},
            },
            '"9002" A053',
        ),
        (
            {
                "item": "0300",
                "sample": {
                    "cases": [
                        {
                            "id": "T1",
                            "result": "no",
                            "evidence": [{"file": "evidence/none.jpg", "sha256": "0" * 64}],
                        }
                    ]
                },
            },
            '"evidence/none.jpg", A040',
        ),
    ],
)
def test_what_people_and_cases_say_must_fit(
    folder: Folder, answer: dict[str, Any], expected: str | None
) -> None:
    folder.record["answers"].append(answer)
    assert folder.problems() == ([] if expected is None else [expected])


def test_whoever_a_case_is_about_confirms_nothing(folder: Folder) -> None:
    folder.audit(AUDIT.replace('auditees: ["1001"]', ""))
    cases = [{"id": "T1", "result": "no", "person": "1001"}]
    answer = folder.answer("0200", result="no", sample={"cases": cases}, confirmed={"by": "1001"})
    answer["evidence"] = [folder.evidence()]
    assert folder.problems() == ['"1001" A055']


@pytest.mark.parametrize("person", ["1001", "1004"])
def test_work_examined_was_that_of_the_post(folder: Folder, person: str) -> None:
    washer = {"id": "1004", "name": "Fay", "posts": ["WASH"], "office": "N1"}
    folder.handbook = with_people(folder.handbook, washer)
    folder.audit(AUDIT.replace('auditees: ["1001"]', ""))
    folder.answer("0100", result="yes", person=person)
    assert folder.problems() == ([] if person == "1001" else ['"1004" A058'])


def test_one_person_may_hold_two_posts_and_change_them(folder: Folder) -> None:
    entries = [
        {"id": "1004", "name": "Fay", "posts": ["WASH"], "office": "N1", "to": "2026-10-10"},
        {
            "id": "1004",
            "name": "Fay",
            "posts": ["WASH", "CHEF"],
            "office": "N1",
            "from": "2026-10-11",
        },
    ]
    folder.handbook = with_people(folder.handbook, *entries)
    folder.audit(AUDIT.replace('["1001"]', '["1001", "1004"]'))
    folder.answer("0100", result="yes", person="1004")
    assert folder.problems() == []


def test_whose_work_was_examined_is_listed_once(folder: Folder) -> None:
    chef = {"id": "1004", "name": "Fay", "posts": ["CHEF"], "office": "N1"}
    folder.handbook = with_people(folder.handbook, chef)
    folder.answer("0100", result="yes", person="1004")
    folder.answer("0200", result="yes", person="1004")
    folder.answer("0400", value="0", person="1001")
    assert folder.problems() == ['"1004" A059']


def with_people(handbook: Handbook, *entries: Mapping[str, object]) -> Handbook:
    more = tuple(Person.model_validate(entry) for entry in entries)
    return replace(handbook, roster=(*handbook.roster, *more))


@pytest.mark.parametrize(
    ("kind", "role", "codes"),
    [
        ("region", "member", ["A066"]),
        ("hq", "leader", ["A066"]),
        ("mystery", "member", ["A066"]),
        ("region", "escort", []),
        ("station", "member", []),
        ("recheck", "member", []),
    ],
)
def test_an_audit_from_outside_is_one(
    folder: Folder, kind: str, role: str, codes: list[str]
) -> None:
    chef = {"id": "1004", "name": "Fay", "posts": [], "office": "N1"}
    folder.handbook = with_people(folder.handbook, chef)
    team = f'person: "9002", role: member}}, {{person: "1004", role: {role}}}'
    text = AUDIT.replace('person: "9002", role: member}', team).replace("region", kind)
    folder.audit(text)
    assert [problem.rpartition(" ")[2] for problem in folder.problems()] == codes


@pytest.mark.parametrize(
    ("used", "codes"),
    [
        ({}, []),
        ({"digest": "sha256:0"}, ["A017"]),
        ({"edition": "0"}, ["A016"]),
        ({"id": "numbers"}, ["A016"]),
    ],
)
def test_the_scheme_is_the_one_it_was_to_be_scored_by(
    folder: Folder, used: dict[str, str], codes: list[str]
) -> None:
    now = {"id": "words", "edition": "1", "digest": folder.handbook.digests["words"]}
    folder.record["checklist"]["scheme"] = now | used
    assert [problem.rpartition(" ")[2] for problem in folder.problems()] == codes


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"item": "0200", "result": 7.5}, ["0200"]),
        ({"item": "0200", "result": "no", "value": "two"}, ["0200"]),
        ({"item": "0200", "remark": "x"}, ["0200"]),
        ({"result": "yes"}, ["0200"]),
        ("yes", ["0200"]),
        ({"item": "0200", "sample": {"cases": [{"id": "T1", "result": "ok"}]}}, ["0200"]),
    ],
)
def test_one_wrong_answer_is_told_and_the_others_are_read(
    folder: Folder, wrong: object, expected: list[str], spelled: "Spelled"
) -> None:
    folder.answer("0100", result="yes")
    folder.record["answers"].append(wrong)
    folder.answer("0300", result="partial")
    folder.answer("0400", value="2")
    found, problems = folder.read()
    assert len(problems) == 2
    assert any('"partial" A102' in problem for problem in problems)
    assert found is not None
    said = spelled(found.frames.values())
    assert [line.partition(" ")[2] for line in said.split("\n")] == [
        "2026-10-n1 0100 yes",
        "2026-10-n1 0400 2",
    ]
    assert not any(item in said for item in expected)


def test_a_wrong_signature_leaves_the_answers(folder: Folder) -> None:
    folder.answer("0100", result="yes")
    folder.record["signatures"].append({"role": "boss", "person": "9002"})
    folder.record["signatures"].append({"role": "head", "person": "1"})
    found, problems = folder.read()
    assert problems == ['"boss", S008', '"1" A050']
    assert found is not None
    assert len(found.frames["COOK"]) == 1


@pytest.mark.parametrize(
    ("role", "person", "codes"),
    [
        ("auditee", "1001", []),
        ("auditee", "9001", ["A053"]),
        ("auditee", "1003", ["A052"]),
        ("auditee", "7", ["A050"]),
        ("head", "9001", ["A171"]),
        ("head", "1001", []),
        ("auditor", "1001", ["A054"]),
    ],
)
def test_whoever_signs_as_examined_is_of_the_office_and_examines_nothing(
    folder: Folder, role: str, person: str, codes: list[str]
) -> None:
    folder.record["signatures"] = [{"role": role, "person": person}]
    assert [problem.split()[-1] for problem in folder.read()[1]] == codes


def test_null_is_the_same_as_leaving_a_key_out(folder: Folder) -> None:
    empty = dict.fromkeys(("value", "note", "at", "person", "evidence", "sample", "confirmed"))
    folder.answer("0100", result="yes", **empty)
    folder.answer("0300", sample={"cases": [{"id": "T1", "result": "no", "note": None}]})
    assert folder.problems() == []


# --- several persons -----------------------------------------------------------------------------


@pytest.fixture
def shared(folder: Folder) -> Folder:
    """Give the folder under a scheme that lets several persons answer."""
    words = folder.handbook.schemes["words"].model_copy(update={"persons": "worst"})
    chef = {"id": "1004", "name": "Fay", "posts": ["CHEF"], "office": "N1"}
    several = with_people(folder.handbook, chef)
    folder.handbook = replace(several, schemes={**several.schemes, "words": words})
    folder.audit(AUDIT.replace('["1001"]', '["1001", "1004"]'))
    return folder


def by_person(found: AuditFolder | None) -> list[tuple[str, str]]:
    assert found is not None
    frame = found.frames["COOK"]
    table = frame.tidy().astype("str")
    said = table["result"] + table["value"] + table["failed"] + "/" + table["checked"]
    assert frame.person is not None
    whom = [frame.persons[n] if n >= 0 else "" for n in frame.person.tolist()]
    return list(zip(whom, said.str.strip("/").tolist(), strict=True))


def test_an_item_is_answered_once_for_each_person(shared: Folder) -> None:
    shared.answer("0100", result="yes", person="1001")
    shared.answer("0100", result="partial", person="1004")
    found, problems = shared.read()
    assert problems == []
    assert by_person(found) == [("1001", "yes"), ("1004", "partial")]


@pytest.mark.parametrize(
    ("persons", "expected"),
    [
        (["1001", "1001"], ['"1001" A019']),
        (["1001", "1004", "1001"], ['"1001" A019']),
        (["1001", None], ["{ A018"]),
        ([None, "1001"], ["{ A018"]),
        ([None, None], ["{ A018"]),
    ],
)
def test_an_answer_too_many_is_told(
    shared: Folder, persons: list[str | None], expected: list[str]
) -> None:
    for person in persons:
        shared.answer("0100", result="yes", person=person)
    found, problems = shared.read()
    assert problems == expected
    assert len(by_person(found)) == len(persons) - 1


def test_cases_are_parted_by_their_persons(shared: Folder) -> None:
    cases = [
        {"id": "T1", "result": "yes", "person": "1001"},
        {"id": "T2", "result": "no", "person": "1004"},
        {"id": "T3", "parts": {"name": "yes", "day": "yes"}, "person": "1004"},
        {"id": "T4", "result": "unchecked"},
    ]
    shared.answer("0300", sample={"cases": cases})
    found, problems = shared.read()
    assert problems == []
    assert by_person(found) == [("1001", "0/1"), ("1004", "1/2"), ("", "unchecked0/0")]


@pytest.mark.parametrize("said", [{"person": "1001"}, {"result": "na"}])
def test_what_is_said_of_all_cases_is_not_parted(shared: Folder, said: dict[str, str]) -> None:
    cases = [{"id": f"T{n}", "result": "na", "person": p} for n, p in enumerate(("1001", None))]
    shared.answer("0300", sample={"cases": cases}, **said)
    found, problems = shared.read()
    assert problems == []
    assert len(by_person(found)) == 1


def test_a_case_is_about_nobody_but_the_person_of_its_answer(shared: Folder) -> None:
    cases = [{"id": f"T{n}", "result": "yes", "person": p} for n, p in enumerate(("1001", "1004"))]
    shared.answer("0300", person="1001", sample={"cases": cases})
    assert [problem.split()[-1] for problem in shared.read()[1]] == ["A037"]


def test_without_the_word_cases_stay_one_answer(folder: Folder) -> None:
    folder.audit(AUDIT.replace('auditees: ["1001"]', ""))
    cases = [{"id": f"T{n}", "result": "yes", "person": p} for n, p in enumerate(("1001", None))]
    folder.answer("0300", sample={"cases": cases})
    found, problems = folder.read()
    assert problems == []
    assert by_person(found) == [("", "0/2")]


def follow(folder: Folder, name: str, **values: str) -> Path:
    """Let the audit follow one of that name: a copy of it, a month earlier, with `values`."""
    # The kitchen is everybody's; only its audits move beside this one.
    folder.handbook = replace(folder.handbook, folder=folder.folder.parent)
    folder.write()
    before = folder.handbook.folder / "audits" / name
    shutil.copytree(folder.folder, before)
    text = (before / "audit.yaml").read_text(encoding="utf-8")
    earlier = {"id: 2026-10-n1": f"id: {name}", "date: 2026-11-06": "date: 2026-10-31"} | values
    for old, new in earlier.items():
        assert old in text
        text = text.replace(old, new)
    (before / "audit.yaml").write_text(text, encoding="utf-8")
    for path in (before / "answers").iterdir():
        record = path.read_text(encoding="utf-8").replace("2026-10-n1", name)
        path.write_text(record, encoding="utf-8")
    (folder.folder / "audit.yaml").write_text(
        (folder.folder / "audit.yaml").read_text(encoding="utf-8") + f"\nfollows: {name}\n",
        encoding="utf-8",
    )
    return before


def test_the_audit_it_follows_is_read_with_it(folder: Folder) -> None:
    follow(folder, "2026-09-n1")
    found, problems = folder.read()
    assert problems == []
    assert found is not None
    assert found.previous is not None
    assert found.previous.audit.id == "2026-09-n1"
    assert list(found.previous.frames) == list(found.frames)


def test_an_audit_before_the_previous_is_not_looked_for(folder: Folder) -> None:
    before = follow(folder, "2026-09-n1")
    text = (before / "audit.yaml").read_text(encoding="utf-8")
    (before / "audit.yaml").write_text(text + "\nfollows: 2026-08-n1\n", encoding="utf-8")
    found, problems = folder.read()
    assert problems == []
    assert found is not None
    assert found.previous is not None
    assert found.previous.previous is None


def test_mistakes_of_the_previous_audit_are_one_problem_here(folder: Folder) -> None:
    before = follow(folder, "2026-09-n1")
    (before / "answers" / "note.txt").write_text("x", encoding="utf-8")
    (before / "answers" / "more.txt").write_text("x", encoding="utf-8")
    found, problems = folder.read()
    assert found is not None
    assert found.previous is None
    assert [problem.rpartition(" ")[2] for problem in problems] == ["A082"]
