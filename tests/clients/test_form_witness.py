"""A veto that waits for a second person, in the form: asked for, foretold, and brought home."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final, NamedTuple
from zipfile import ZipFile

import pytest
from tests.patience import PATIENCE
from tests.sheets.branch import blank_for, branch, with_records
from tests.sheets.counter import ZONE
from tests.sheets.form.browser import Told, done, photo

from sopaudit.evidence.audit import read_audit
from sopaudit.evidence.auditfile import TeamMember
from sopaudit.evidence.people import People
from sopaudit.evidence.record import (
    Case,
    Confirmation,
    Record,
    RecordedAnswer,
    Sample,
    Signature,
)
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.findings.score import Score
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.form.back import read
from sopaudit.sheets.form.blank import form, sheet
from sopaudit.sheets.intake.bringing import bring

STATE: Final = Path(__file__).parents[2] / "src/sopaudit/sheets/form/source/state.js"
ITEM: Final = "CK-HTL-V1"
ONCE_CONFIRMED: Final = "一票否决：CK-HTL-V1，等第二人确认；现为 B，确认后为 E"
NOBODY: Final = "等第二人确认，确认前不算否决"
NO_SECOND: Final = "确认人不能是唯一的检查人，也不能是被检查的人"
NO_EVIDENCE: Final = "不符合，缺证据（照片或具体编号）"


class Filled(NamedTuple):
    """What was seen while an audit with its answers got a veto more."""

    told: Told
    place: Path
    blank: Blank

    def scored(self, name: str) -> Score:
        """Bring one of the files home into an audit of its own, and score it."""
        home = self.place / f"home of {name}"
        audit = with_records(branch(home))
        blank = blank_for(audit)
        assert blank.folder is not None
        filled, problems = read(self.place / name, blank, ZONE)
        assert filled is not None, problems
        bring(blank.folder, [filled], replace=True)
        folder, _ = read_audit(audit, blank.handbook)
        assert folder is not None
        return next(one for one in conclude_folder(folder).all if one.checklist == "CK-HTL")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    place = tmp_path_factory.mktemp("witness")
    blank = blank_for(with_records(branch(place / "office")))
    (place / "form.html").write_bytes(form(blank, "zh"))
    card = next(f"i0-{n}" for n, ask in enumerate(blank.leaves[0].asks) if ask.item.id == ITEM)
    told = done(
        place, do="witness", open=(place / "form.html").as_uri(), card=card, note="与客户争吵",
        first=name(blank, "9001"), second=name(blank, "9002"), photos=[photo(place / "a.jpg")],
        **{key: str(place / f"{key}.zip") for key in ("alone", "to", "yes")},
    )  # fmt: skip
    return Filled(told, place, blank)


def name(blank: Blank, person: str) -> str:
    """Name a person as the list of the form does."""
    found = blank.handbook.person(person)
    assert found is not None
    return f"{found.name.to('zh')} {person}"


def test_who_may_confirm_is_offered_the_team_first(filled: Filled) -> None:
    choices = filled.told["choices"]
    assert choices[:2] == [name(filled.blank, "9001"), name(filled.blank, "9002")]
    assert not {"1002", "1003", "1004", "1013"} & {one.split()[-1] for one in choices}
    assert filled.told["complaints"] == []


def test_a_second_person_is_asked_for_once_the_item_fails(filled: Filled) -> None:
    told = filled.told
    assert [told[when]["asked"] for when in ("before", "alone", "yes")] == [False, True, False]
    assert told["before"]["lack"] == told["yes"]["lack"] == []


def test_until_then_the_form_says_what_the_grade_is_and_will_be(filled: Filled) -> None:
    told = filled.told
    alone = told["alone"]
    grade = {when: told[when]["number"][-1] for when in ("before", "alone", "confirmed")}
    assert grade == {"before": "B", "alone": "B", "confirmed": "E"}
    assert (alone["waits"], alone["veto"]) == ([ONCE_CONFIRMED], [])
    assert alone["lack"] == [NO_EVIDENCE, NOBODY]
    assert f"{ITEM}{NO_EVIDENCE}；{NOBODY}" in told["open"]
    assert told["english"]["waits"] == [
        "One-vote veto: CK-HTL-V1 waits for a second person: B now, then E"
    ]
    confirmed = told["confirmed"]
    assert (confirmed["waits"], confirmed["lack"]) == ([], [])
    assert confirmed["veto"] == ["一票否决：CK-HTL-V1，定级 E"]


def test_who_cannot_confirm_and_what_cannot_be_seen_leave_it_waiting(filled: Filled) -> None:
    told = filled.told
    assert told["first"]["lack"] == told["examined"]["lack"] == [NO_EVIDENCE, NO_SECOND]
    assert told["unproven"]["lack"] == [NO_EVIDENCE]
    assert told["signed"]["lack"] == [NO_SECOND], "whoever signs alone is the first"
    for when in ("first", "examined", "unproven", "signed"):
        assert (told[when]["waits"], told[when]["number"][-1]) == ([ONCE_CONFIRMED], "B")


def test_the_second_person_survives_closing_and_handing_over(filled: Filled) -> None:
    told, second = filled.told, name(filled.blank, "9002")
    kept = {**told["confirmed"], "value": second}
    assert told["again"] == kept
    assert told["back"]["to"] == kept
    assert told["back"]["alone"] == {**told["alone"], "value": ""}


@pytest.mark.parametrize(
    ("file", "by", "grades"),
    [
        ("alone.zip", None, ("B", "E")),
        ("to.zip", "9002", ("E", None)),
        ("yes.zip", None, ("B", None)),
    ],
)
def test_it_comes_home_as_the_form_foretold(
    file: str, by: str | None, grades: tuple[str, str | None], filled: Filled
) -> None:
    found, problems = read(filled.place / file, filled.blank, ZONE)
    assert problems == []
    assert found is not None
    (answer,) = (a for record in found.records for a in record.answers if a.item == ITEM)
    assert answer.confirmed == (Confirmation(by=by) if by else None)
    assert ('"confirmed"' in ZipFile(filled.place / file).read("answers.json").decode()) == bool(by)
    score = filled.scored(file)
    assert (score.grade, score.pending_grade) == grades


def test_the_form_refuses_whom_the_rule_refuses(filled: Filled, tmp_path: Path) -> None:
    random = Random(8)  # noqa: S311 -- not for secrets
    cases, wanted = list[Told](), list[bool]()
    audit = filled.blank.audit
    assert audit is not None
    anybody = ["9001", "9002", "1001", "1002", "1006"]
    for _ in range(200):
        team = [
            TeamMember(person=person, role=random.choice(["leader", "member", "escort"]))
            for person in random.sample(anybody, random.randint(1, 3))
        ]
        auditees = tuple(random.sample(anybody, random.randint(0, 2)))
        changed = audit.model_copy(update={"team": tuple(team), "auditees": auditees})
        told = sheet(replace(filled.blank, audit=changed), "zh")
        signs = [
            {"role": random.choice(["auditor", "auditee"]), "person": person, "id": "drawn"}
            for person in random.sample(anybody, random.randint(0, 2))
        ]
        by, person, other = (random.choice(["", *anybody]) for _ in range(3))
        by = by or "1006"
        given = {"w": by, "p": person, "cases": [{"p": other}], "photos": ["seen"]}
        asked = {"leaders": told["leaders"], "examined": told["examined"]}
        cases.append({"sheet": asked, "state": {"signs": signs}, "given": given})
        wanted.append(
            People(filled.blank.handbook, changed).second(by, record(signs), about(person, other))
        )
    (tmp_path / "cases.json").write_text(json.dumps(cases), "utf-8")
    script = f"""
      import {{ readFileSync }} from "node:fs";
      import {{ unproven }} from {json.dumps(STATE.as_uri())};
      const cases = JSON.parse(readFileSync({json.dumps(str(tmp_path / "cases.json"))}, "utf8"));
      console.log(JSON.stringify(cases.map((one) => unproven(one.sheet, one.state, one.given))));
    """
    done_ = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert done_.returncode == 0, done_.stderr
    said = json.loads(done_.stdout)
    assert {*said} == {"", "second"}
    assert [why == "" for why in said] == wanted


def record(signs: list[Told]) -> Record:
    """Give a record that holds nothing but signatures."""
    signatures = [{key: one[key] for key in ("role", "person")} for one in signs]
    return Record.model_construct(signatures=tuple(map(Signature.model_validate, signatures)))


def about(person: str, other: str) -> RecordedAnswer:
    """Give an answer about one or two people."""
    case = Case(id="CD-1", result="no", person=other or None)
    sample = Sample(cases=(case,))
    return RecordedAnswer(item=ITEM, result="no", person=person or None, sample=sample)
