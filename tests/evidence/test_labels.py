"""Labels of answers and facts of audits: what evidence says beside the answers themselves."""

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.audit import read_audit
from sopaudit.evidence.recording import recorded, records
from sopaudit.problems import Problem

if TYPE_CHECKING:
    from tests.evidence.conftest import Desk as DeskType

KITCHEN = Path(__file__).parent / "kitchen"
ANSWERS = "{yes: 1, partial: 1/2, no: 0, na: skip, unchecked: skip}"
SCHEME = f"""\
id: line
edition: "1"
title: Line
answers: {ANSWERS}
roll_up: sum
several: mean
sections:
  - id: A
    roll_up: sum
    surcharge: {{fact: repeat, rates: {{never: 0, once: 10 %, twice: 20 %}}}}
"""
CHECKLIST = """\
id: LINE
edition: "1"
title: Line
scheme: line
labels: {step: [P6.1, P6.2], shift: [early, late]}
sections: [{id: A, title: A}]
items:
  - {id: L1, question: Guards in place?, section: A, points: 5, step: P6.1}
  - {id: L2, question: Clean?, section: A, points: 5}
"""
Told = Callable[[Iterable[Problem], Path], str]
Mapped = Callable[..., str]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Handbook:
    folder = tmp_path_factory.mktemp("plant")
    shutil.copytree(KITCHEN, folder, dirs_exist_ok=True)
    (folder / "checklists/schemes/line.yaml").write_text(SCHEME, encoding="utf-8")
    (folder / "checklists/line.yaml").write_text(CHECKLIST, encoding="utf-8")
    handbook, problems = load_handbook(folder)
    assert handbook is not None, problems
    return handbook


@pytest.fixture
def line(desk: "DeskType", plant: Handbook) -> "DeskType":
    desk.handbook = plant
    return desk


def said(frames: Iterable[AnswerFrame]) -> list[str]:
    """Write answers as `row item result labels`."""
    lines = []
    for frame in frames:
        for n, code in enumerate(frame.answer):
            answer: Answer = frame.kinds[code]
            labels = [f"{name}={value}" for name, value in answer.labels]
            told = [str(frame.row[n]), frame.items[frame.item[n]], answer.result or "", *labels]
            lines.append(" ".join(told))
    return lines


MAPPING = """
    tables: [answers]
    audit: audit
    checklist: {always: LINE}
    answers: {item: item, result: result}
    labels: {step: process, shift: {always: early}}
    words: {清洗: P6.1, 好: yes}
    blank: [同前]
    """


def test_a_column_becomes_a_label_of_the_answer(line: "DeskType") -> None:
    table = """
        audit,item,result,process
        A1,L1,yes,P6.1
        A1,L1,no,P6.2
        A1,L2,yes,
        """
    read = line.read(MAPPING, answers=table)
    assert said(read) == [
        "2 L1 yes shift=early step=P6.1",
        "3 L1 no shift=early step=P6.2",
        "4 L2 yes shift=early",
    ]
    assert not read.problems


def test_values_are_read_as_carefully_as_ids(line: "DeskType") -> None:
    table = """
        audit,item,result,process
        A1,L1,好,清洗
        A1,L1,yes,Ｐ６．２
        A1,L1,yes,p6.2
        A1,L1,yes,/
        A1,L1,yes,同前
        A1,L1,yes,P6.3
        A1,L1,yes,#REF!
        A1,L1,,P6.3
        """
    read = line.read(MAPPING, answers=table)
    assert [text.removesuffix("early") for text in said(read)] == [
        "2 L1 yes shift=early step=P6.1",
        "3 L1 yes shift=early step=P6.2",
        "4 L1 yes shift=early step=P6.2",
        "5 L1 yes shift=",
        "6 L1 yes shift=",
    ]
    assert [(p.code, p.place.line, p.place.column) for p in read.problems] == [
        ("T120", 7, 4),
        ("T023", 8, 4),
    ]
    noted = read.readings.table("en")[["row", "column", "text", "read_as", "habit"]]
    assert noted.to_numpy().tolist() == [
        [3, "process", "Ｐ６．２", "P6.2", "signs"],
        [4, "process", "p6.2", "P6.2", "same"],
        [5, "process", "/", "", "blank"],
    ]


def test_a_wide_table_may_have_a_row_for_each_label(line: "DeskType") -> None:
    mapping = """
        tables: [answers]
        audit: audit
        checklist: {always: LINE}
        answers: {columns: {one: L1, two: L2}}
        labels: {step: process}
        """
    table = """
        audit,process,one,two
        A1,P6.1,yes,√
        A1,P6.2,no,yes
        A1,P6.3,no,yes
        """
    read = line.read(mapping, answers=table)
    assert said(read) == [
        "2 L1 yes step=P6.1",
        "2 L2 yes step=P6.1",
        "3 L1 no step=P6.2",
        "3 L2 yes step=P6.2",
    ]
    # One cell speaks for the whole row, and is told once.
    assert [(p.code, p.place.line, p.place.column) for p in read.problems] == [("T120", 4, 2)]
    assert len(read.unreadable("en")) == 1
    assert read.readings.counts() == {"word": 1}


def test_items_of_a_checklist_without_the_label_leave_it_empty(line: "DeskType") -> None:
    mapping = """
        tables: [answers]
        audit: audit
        checklist: list
        answers: {item: item, result: result}
        labels: {step: process}
        """
    table = """
        audit,list,item,result,process
        A1,LINE,L1,yes,P6.1
        A2,COOK,0100,yes,
        A3,COOK,0100,yes,P6.1
        """
    read = line.read(mapping, answers=table)
    assert sorted(said(read)) == ["2 L1 yes step=P6.1", "3 0100 yes"]
    assert [(p.code, p.place.line) for p in read.problems] == [("T121", 4)]


def test_a_label_column_the_table_lacks_is_told(line: "DeskType") -> None:
    table = "audit,item,result\nA1,L1,yes"
    mapping = MAPPING.replace("process", "proces")
    assert line.problems(mapping, answers=table) == "mapping.yaml:5:16 M008"


@pytest.mark.parametrize(
    ("checklist", "words", "expected"),
    [
        ("LINE", "不适用: na", ""),
        ("LINE", "N/A: unchecked", ""),
        ("LINE", "N/A: no", "M017"),
        ("LINE", "不适用: yes", "M017"),
        ("LINE", '"0": na', ""),  # items that take words have no use for a number
        ("LIFT", '"0": na', "M018"),
        ("LIFT", '"9": na', "M018"),  # LOAD takes any number
        ("COOK", '"0": na', "M018"),  # 0400 takes a number of occurrences
    ],
)
def test_not_applicable_is_no_number(
    checklist: str, words: str, expected: str, line: "DeskType"
) -> None:
    mapping = f"""
        tables: [answers]
        audit: audit
        checklist: {{always: {checklist}}}
        answers: {{item: item, result: result}}
        words: {{{words}}}
        """
    read = line.read(mapping, answers="audit,item,result\n")
    list(read)
    assert [p.code for p in read.problems if p.code[0] == "M"] == [*filter(None, [expected])]


def test_facts_of_a_surcharge_are_held_against_its_rates(line: "DeskType") -> None:
    mapping = """
        tables: [answers]
        audit: audit
        checklist: {always: LINE}
        answers: {item: item, result: result}
        facts: {repeat: before, town: town}
        words: {一次: once}
        """
    table = """
        audit,item,result,before,town
        A1,L1,yes,一次,Ulm
        A2,L1,yes,Twice,Ulm
        A3,L1,yes,,Ulm
        A4,L1,yes,thrice,Ulm
        """
    read = line.read(mapping, answers=table)
    (frame,) = read
    assert frame.facts == {"repeat": ("once", "twice", "", ""), "town": ("Ulm",) * 4}
    assert [(p.code, p.place.line, p.place.column) for p in read.problems] == [("T122", 5, 4)]
    always = mapping.replace("before", "{always: thrice}")
    assert line.problems(always, answers=table) == "mapping.yaml:5:26 M016"


def audit(folder: Path, plant: Handbook, answers: list[dict[str, object]], facts: str = "") -> Path:
    """Write an audit folder of the line."""
    shutil.copytree(KITCHEN / "audits/a", folder / "a")
    shutil.rmtree(folder / "a/answers")
    (folder / "a/answers").mkdir()
    with (folder / "a/audit.yaml").open("a", encoding="utf-8") as file:
        file.write(facts)
    record = {
        "schema": "sopaudit.answers/1",
        "audit": "2026-10-n1",
        "checklist": {"id": "LINE", "edition": "1", "digest": plant.digests["LINE"]},
        "channel": "paper",
        "answers": answers,
    }
    (folder / "a/answers/LINE.json").write_text(json.dumps(record), encoding="utf-8")
    return folder / "a"


def test_answers_to_one_item_stand_beside_one_another_where_their_labels_differ(
    tmp_path: Path, plant: Handbook
) -> None:
    given: list[dict[str, object]] = [
        {"item": "L1", "result": "yes", "labels": {"step": "P6.1"}},
        {"item": "L1", "result": "yes", "labels": {"step": "P6.2", "shift": "late"}},
        {"item": "L1", "result": "yes"},
        {"item": "L1", "result": "no", "labels": {"step": "P6.1"}, "note": "again"},
    ]
    found, problems = read_audit(audit(tmp_path, plant, given), plant)
    assert found is not None
    assert [p.code for p in problems] == ["A022"]
    labels = [answer.labels for answer in found.frames["LINE"].kinds]
    assert labels == [(("step", "P6.1"),), (("shift", "late"), ("step", "P6.2")), ()]


def test_what_a_table_says_of_labels_is_written_and_read_again(
    tmp_path: Path, line: "DeskType", plant: Handbook
) -> None:
    table = """
        audit,item,result,process
        2026-10-n1,L2,yes,P6.1
        2026-10-n1,L1,no,P6.2
        2026-10-n1,L1,yes,
        """
    frames = list(line.read(MAPPING, answers=table))
    (written,) = records(plant, frames, "2026-10-n1").values()
    folder = audit(tmp_path, plant, [])
    (folder / "answers/LINE.json").write_bytes(written)
    found, _ = read_audit(folder, plant)
    assert found is not None
    again = found.frames["LINE"]
    told = [(answer.item, answer.labelled) for answer in recorded(again, "2026-10-n1")]
    assert told == [
        ("L1", (("shift", "early"), ("step", "P6.2"))),
        ("L1", (("shift", "early"),)),
        ("L2", (("shift", "early"), ("step", "P6.1"))),
    ]
    assert again.tidy()["step"].tolist() == ["P6.2", "", "P6.1"]


@pytest.mark.parametrize(
    ("facts", "said", "expected"),
    [
        ("", "", []),
        ("facts: {repeat: once}\n", "once", []),
        ("facts: {repeat: onec}\n", "onec", ["A143"]),
        ("facts: {repaet: once}\n", "", ["A142"]),
    ],
)
def test_an_audit_says_the_facts_of_surcharges(
    facts: str, said: str, expected: list[str], tmp_path: Path, plant: Handbook
) -> None:
    found, problems = read_audit(audit(tmp_path, plant, [], facts), plant)
    assert found is not None
    assert found.frames["LINE"].facts["repeat"] == (said,)
    assert [p.code for p in problems] == expected
