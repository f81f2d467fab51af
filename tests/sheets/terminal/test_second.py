"""A veto waits for a second person, who is named where they stand or comes to it later."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from tests.sheets.terminal.auditor import (
    NOW,
    Auditor,
    Seated,
    empty,
    failing,
    form_of,
    opened,
    tools,
    truth,
)
from tests.sheets.terminal.dying import Machine, PowerCut
from tests.sheets.terminal.test_session import at, typed

from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.auditfile import TeamMember
from sopaudit.evidence.record import Confirmation, RecordedAnswer, Signature
from sopaudit.problems import LANGUAGES
from sopaudit.sheets.terminal import screen
from sopaudit.sheets.terminal.asking import question, turn
from sopaudit.sheets.terminal.filling import Key
from sopaudit.sheets.terminal.form import VAIN, Form
from sopaudit.sheets.terminal.journal import Journal
from sopaudit.sheets.terminal.loop import Outcome, converse, save, unwritten
from sopaudit.sheets.terminal.session import Session, Spot, begin
from sopaudit.terminal import COLUMNS, width

V1, V2, COO, E2 = (
    ("CK-HTL", "CK-HTL-V1"),
    ("CK-HTL", "CK-HTL-V2"),
    ("CK-COO", "CK-COO-V1"),
    ("CK-HTL", "CK-HTL-E2"),
)
FAILED = ("n", "3", "seen on 3 October", "")
"""A veto that fails, of 1013, without a photo."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> AuditFolder:
    return opened(empty(tmp_path_factory.mktemp("audits") / "2026-10-cd"))


@pytest.fixture
def form(folder: AuditFolder) -> Form:
    return form_of(folder)


def waiting(form: Form, key: Key = V1) -> Session:
    return typed(at(form, key), *FAILED)


def offered(session: Session) -> list[str]:
    return [one.word for one in question(session).choices]


def shown(session: Session) -> str:
    return "\n".join(line.text for line in screen.card(replace(session)))


def refused(session: Session, text: str) -> list[str]:
    return [problem.code for problem in turn(session, text, tools()).refused]


# --- naming somebody ------------------------------------------------------------------------------


def test_a_veto_that_fails_asks_who_has_seen_it_too(form: Form) -> None:
    session = waiting(form)
    assert session.spot == Spot(V1, "second")
    named = typed(session, "1")
    assert named.of(V1).confirmed == "9002"
    assert named.spot == Spot(V2)
    # Left empty it waits, and the key says it later.
    later = replace(typed(session, ""), spot=Spot(V1))
    assert "等第二人确认" in shown(later)
    assert typed(replace(later, spot=Spot(V2)), "d").spot == Spot(V1, "second"), "round once"
    assert "d" in question(later).commands
    assert "已由 沈哲 9002 确认" in shown(typed(later, "d", "1"))
    # No other item asks for one.
    assert typed(at(form, E2), "n", "", "why").spot == Spot(V1)
    assert "d" not in question(typed(at(form, V1), "y")).commands


def test_neither_leader_nor_inspected_is_offered_and_auditors_come_first(form: Form) -> None:
    people = offered(waiting(form))
    assert people[:2] == ["9002", "1001"]
    assert not {*people} & {"9001", "1002", "1003", "1013", "1004"}
    # Where nobody is named as inspected, nobody who holds a post that is examined is offered.
    audit = form.blank.audit
    assert audit is not None
    alone = replace(form.blank, audit=audit.model_copy(update={"auditees": ()}))
    assert not {*offered(waiting(replace(form, blank=alone)))} & {"1002", "1003", "1013", "1004"}
    # Others of headquarters come before those of the office.
    one = replace(form.blank, audit=audit.model_copy(update={"team": audit.team[:1]}))
    assert offered(waiting(replace(form, blank=one)))[:2] == ["9002", "1001"]
    # Two leaders are each the other's second person.
    two = (*audit.team[:1], TeamMember(person="9002", role="leader"))
    both = replace(form.blank, audit=audit.model_copy(update={"team": two}))
    assert offered(waiting(replace(form, blank=both)))[:2] == ["9001", "9002"]


def test_a_name_is_typed_and_whoever_cannot_stand_for_it_is_refused(form: Form) -> None:
    session = typed(waiting(form), "t")
    for text in ("沈哲", "９００２", "Shen Zhe"):
        named = typed(session, text)
        answer, _ = form.read(V1, named.of(V1))
        assert answer is not None
        assert answer.confirmed == Confirmation(by="9002")
        assert named.spot == Spot(V2)
    assert refused(session, "nobody") == ["F006"]
    for text in ("9001", "1013", "1002"):
        assert refused(session, text) == ["A055"]
    # Nor may the person it is about become the one who confirms it.
    named = replace(typed(waiting(form), "t", "1001"), spot=Spot(V1, "name"))
    assert refused(named, "1001") == ["A055"]
    for text in ("", "-", "/b"):
        assert not typed(session, text).of(V1).confirmed


def test_it_is_taken_back_by_its_key_by_x_and_by_another_answer(form: Form) -> None:
    named = replace(typed(waiting(form), "1"), spot=Spot(V1))
    assert typed(named, "d", "2").of(V1).confirmed == "1001"
    assert typed(named, "d", "b") == named
    assert not typed(named, "d", "x").of(V1).confirmed
    assert typed(named, "d", "x").of(V1).result == "no"
    assert typed(named, "x").of(V1).silent
    # Whoever has seen that it fails did not see that it conforms.
    assert not typed(named, "y").of(V1).confirmed
    assert typed(named, "n").of(V1).confirmed == "9002"
    assert typed(named, "r", "in other words").of(V1).confirmed == "9002"
    assert "x" not in question(waiting(form)).commands


def test_every_step_is_in_the_journal(form: Form) -> None:
    session, lines = at(form, V1), list[dict[str, object]]()
    for text in (*FAILED, "t", "1001", "b", "d", "x", "d", "1"):
        came = turn(session, text, tools())
        session = came.session
        lines.append({**(came.fact.told if came.fact else {}), "then": session.spot.told})
        back = begin(form, lines)
        assert (back.said, back.spot) == (session.said, session.spot), text
    assert session.of(V1).confirmed == "9002"


# --- the end, and what it is worth ----------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summary_names_what_waits_and_a_key_leads_there(folder: AuditFolder, lang: str) -> None:
    form = form_of(folder, lang)
    session = replace(typed(waiting(form), ""), spot=Spot(COO))
    session = replace(typed(session, "n", "", "x", "", ""), spot=Spot(None))
    end = screen.summary(session)
    at_ = next(n for n, line in enumerate(end) if "(d " in line.text or "按 d" in line.text)
    assert end[at_ + 1].text.split() == ["CK-HTL-V1", "CK-COO-V1"]
    assert max(width(line.text) for line in end) <= COLUMNS
    assert typed(session, "d").spot == Spot(V1, "second")
    # From an item it is the next one.
    assert typed(replace(session, spot=Spot(E2)), "d").spot == Spot(V1, "second")
    assert typed(replace(session, spot=Spot(("CK-COO", "CK-COO-D3"))), "d").spot.key == COO
    done = replace(typed(session, "d", "1"), spot=Spot(None))
    done = replace(typed(done, "d", "1"), spot=Spot(None))
    assert "d" not in question(done).commands
    assert turn(done, "d", tools()).strange


def test_the_score_foretold_waits_and_says_what_it_will_be(form: Form, tmp_path: Path) -> None:
    photo = tmp_path / "call.png"
    photo.write_bytes(b"seen")
    session = typed(at(form, E2), "y", "j", "V1", *FAILED, "")
    session = replace(session, spot=Spot(V1))
    assert "预估 100 A，确认后 E" in shown(session)
    # Without evidence a second person is no use, and that is told.
    named = typed(session, "d", "1")
    assert form.lacking(V1, named.of(V1)) == ["A027"]
    assert form.vain(V1, named.of(V1))
    assert "预估 100 A，确认后 E" in shown(named)
    came = turn(typed(session, "d"), "1", tools())
    told = [line.text.strip() for line in screen.answered(came.session, came)]
    assert told == ["已由 沈哲 9002 确认", "还没有证据，确认不起作用；用 f 附上。"]
    shows = typed(named, "f", str(photo), "")
    assert "预估 100 E" in shown(shows)
    assert form.lacking(V1, shows.of(V1)) == []
    # Also where the handbook wants no evidence.
    records = form.blank.handbook.records.model_copy(update={"evidence": ()})
    handbook = replace(form.blank.handbook, records=records)
    free = replace(form, blank=replace(form.blank, handbook=handbook))
    assert free.lacking(V1, named.of(V1)) == [VAIN]


# --- the record -----------------------------------------------------------------------------------


def sat(place: Path, texts: Sequence[str], start: Key | None) -> Outcome:
    """Type texts, then quit and save."""
    folder = opened(place)
    form = form_of(folder)
    left = list(texts)

    class Typing(Seated):
        def ask(self, asked: object) -> str | None:
            del asked
            return left.pop(0) if left else None

    with Journal(place, "x", form.blank) as journal:
        session = converse(form, journal, Typing(Auditor({})), tools(), start)
        return save(folder, session, journal, form.zone)


def answer(place: Path) -> RecordedAnswer:
    found = opened(place).records["CK-HTL"].answers
    return next(one for one in found if one.item == "CK-HTL-V1")


def test_a_second_person_comes_later_confirms_and_may_be_another(tmp_path: Path) -> None:
    place = empty(tmp_path / "2026-10-cd")
    photo = tmp_path / "call.png"
    Image.new("RGB", (40, 30)).save(photo)
    first = sat(place, ("n", "3", "seen on 3 October", str(photo), "", ""), V1)
    assert first.waiting == "CK-HTL-V1"
    given = answer(place)
    assert (given.confirmed, len(given.evidence)) == (None, 1)
    # Somebody opens it later, anywhere.
    second = sat(place, ("d", "1"), E2)
    assert second.waiting == ""
    assert not second.problems
    assert answer(place) == given.model_copy(update={"confirmed": Confirmation(by="9002")})
    session = at(form_of(opened(place)), V1)
    assert "已由 沈哲 9002 确认" in shown(session)
    # What they are to look at is named, as it is called in the audit folder.
    kept = given.evidence[0].file
    assert f"附件  {kept[:21]}….png" in shown(session)
    assert "x" not in question(typed(session, "d")).commands, "what is saved is not taken back"
    sat(place, ("d", "2"), V1)
    assert answer(place).confirmed == Confirmation(by="1001")
    # Another answer is not what they saw.
    sat(place, ("y",), V1)
    assert (answer(place).result, answer(place).confirmed) == ("yes", None)


def test_whoever_quits_in_a_list_of_cases_goes_on_in_the_middle_of_it(tmp_path: Path) -> None:
    place, cases = empty(tmp_path / "2026-10-cd"), ("CK-HTL", "CK-HTL-B2")
    sat(place, ("c", "REC-1", "y", "", "REC-2", "y"), cases)
    again = sat(place, ("", "REC-3", "y", "1"), None)
    assert [case.id for case in again.session.of(cases).cases] == ["REC-1", "REC-2", "REC-3"]
    # At the end there is nothing to go back to.
    last = sat(place, ("y",), COO)
    assert last.session.spot == Spot(None)
    assert sat(place, (), None).session.spot == Spot(("CK-HTL", "CK-HTL-A1"))


def test_what_is_written_beside_no_answer_waits_for_it(tmp_path: Path) -> None:
    place, cases = empty(tmp_path / "2026-10-cd"), ("CK-HTL", "CK-HTL-B2")
    texts = ("y", "j", "B2", "r", "two of fifteen", "w", "1", "j", "C1", "r", "no", "x")
    sat(place, texts, E2)
    opened_ = sat(place, ("c", "REC-1", "y", "", "REC-2", "r", "a hiss"), cases)
    said = opened_.session.of(cases)
    assert (said.note, said.person) == ("two of fifteen", "1002")
    given = {a.item: a for a in opened(place).records["CK-HTL"].answers}
    assert (given["CK-HTL-B2"].note, [c.id for c in given["CK-HTL-B2"].cases]) == (
        "two of fifteen", ["REC-1"],
    )  # fmt: skip
    last = sat(place, ("n",), None).session.of(cases)
    assert [(case.result, case.note) for case in last.cases] == [("yes", ""), ("no", "a hiss")]
    assert sat(place, (), None).session.touched == frozenset()
    # Cut off between the two names, the next session finds it.
    sat(place, ("r", "later"), ("CK-HTL", "CK-HTL-D1"))
    sat(place, ("y",), V2)
    journal = place / "journal/fill.jsonl"
    journal.rename(journal.with_name("fill.next"))
    assert sat(place, (), None).session.of(("CK-HTL", "CK-HTL-D1")).note == "later"


def test_whenever_the_power_fails_what_is_carried_over_is_there_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Form
) -> None:
    other = ("CK-HTL", "CK-HTL-D1")
    remark, answered = typed(at(form, other), "r", "later"), typed(at(form, V1), "n")
    lines = [
        {"at": NOW, "checklist": key[0], "item": key[1], "field": field, "text": text}
        for key, field, text in ((V1, "result", "no"), (V1, "note", "x"), (other, "note", "later"))
    ]
    session = replace(remark, said={**remark.said, **answered.said})
    assert unwritten(session, lines) == lines[2:]
    moments = 0
    for moment in range(1000):
        place = tmp_path / str(moment)
        with Journal(place, "x", form.blank) as journal:
            for line in lines:
                journal.add(line)
            journal.saving()
            with Machine(place, monkeypatch, dies=moment) as machine:
                try:
                    journal.done("fill-a.jsonl", lines[2:])
                except PowerCut:
                    moments += 1
        with Journal(place, "x", form.blank) as journal:
            assert journal.told == (lines if journal.is_saving else lines[2:]), moment
            assert journal.is_saving != (place / "journal/fill-a.jsonl").exists()
        if not machine.dead:
            break
    assert moments > 10


def test_whoever_signed_alone_is_not_their_own_second_person(tmp_path: Path) -> None:
    place = empty(tmp_path / "2026-10-cd")
    sat(place, FAILED, V1)
    folder = opened(place)
    signed = Signature(role="auditor", person="9002", at=answer(place).at)
    record = folder.records["CK-HTL"].model_copy(update={"signatures": (signed,)})
    records = {**folder.records, "CK-HTL": record}
    form = form_of(replace(folder, records=records))
    session = typed(at(form, V1), "d")
    assert offered(session)[:2] == ["9001", "1001"]
    assert refused(typed(session, "t"), "9002") == ["A055"]


def test_somebody_who_only_sees_the_screen_confirms(tmp_path: Path) -> None:
    seen = truth()
    form = form_of(opened(empty(tmp_path / "2026-10-cd")), only=[V1[1]])
    person = Seated(Auditor({V1[1]: failing(seen[V1[1]])}))
    with Journal(tmp_path / "2026-10-cd", "x", form.blank) as journal:
        session = converse(form, journal, person, tools())
    assert session.of(V1).confirmed == "9002"
