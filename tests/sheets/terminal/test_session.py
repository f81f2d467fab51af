"""A session asks what is needed, takes what was meant, and comes to the record that was seen."""

import os
from dataclasses import replace
from datetime import UTC, date
from fractions import Fraction
from pathlib import Path

import pytest
from tests.sheets.terminal.auditor import (
    ROOT,
    Answers,
    Auditor,
    Seated,
    empty,
    form_of,
    kernel,
    opened,
    tools,
    truth,
)

from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.problems import LANGUAGES
from sopaudit.sheets.blank import blank_of
from sopaudit.sheets.preview import preview
from sopaudit.sheets.terminal import screen
from sopaudit.sheets.terminal.asking import DIGITS, LETTERS, question, turn
from sopaudit.sheets.terminal.form import Form, lacking_items
from sopaudit.sheets.terminal.journal import Journal
from sopaudit.sheets.terminal.lines import Shown
from sopaudit.sheets.terminal.loop import converse, save
from sopaudit.sheets.terminal.said import said_of
from sopaudit.sheets.terminal.score import foretold
from sopaudit.sheets.terminal.session import Session, Spot, begin
from sopaudit.terminal import COLUMNS, width

WAYS = ("CK-HTL-A1", "CK-HTL-B2", "CK-HTL-C3", "CK-COO-C3", "CK-COO-C4", "CK-COO-V1")
"""Occurrences of a person; cases in parts; N/A; partly; occurrences with cases; a veto."""

A1, B2, C3, V1 = (("CK-HTL", f"CK-HTL-{end}") for end in ("A1", "B2", "C3", "V1"))
E2 = ("CK-HTL", "CK-HTL-E2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> AuditFolder:
    return opened(empty(tmp_path_factory.mktemp("audits") / "2026-10-cd"))


@pytest.fixture(scope="module")
def seen() -> Answers:
    return truth()


@pytest.fixture
def form(folder: AuditFolder) -> Form:
    return form_of(folder)


def typed(session: Session, *texts: str) -> Session:
    """Type one text after the other, none of which may be refused."""
    for text in texts:
        came = turn(session, text, tools())
        assert not came.refused, (text, came.refused)
        assert not came.strange, (text, session.spot)
        session = came.session
    return session


def at(form: Form, key: tuple[str, str]) -> Session:
    return begin(form, (), key)


# --- the whole of it ------------------------------------------------------------------------------


def test_somebody_who_only_sees_the_screen_fills_in_what_was_seen(
    tmp_path: Path, seen: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    place = empty(tmp_path / "2026-10-cd")
    folder = opened(place)
    form = form_of(folder, only=WAYS)
    person = Seated(Auditor(seen))
    with Journal(place, "x", form.blank) as journal:
        session = converse(form, journal, person, tools())
        # What the journal holds leads to the same place at every one of its lines.
        assert begin(form, journal.told).said == session.said
        done = save(folder, session, journal, form.zone)
    got = {a.item: a for record in opened(place).records.values() for a in record.answers}
    assert {item: kernel(a) for item, a in got.items()} == {i: kernel(seen[i]) for i in WAYS}
    assert done.open == 0
    # It is not asked again, and what is there can be changed.
    again = begin(form_of(opened(place), only=WAYS), ())
    assert again.spot == Spot(None)
    read = [again.form.read(key, again.of(key))[0] for key in again.said]
    assert {a.item: kernel(a) for a in read if a} == {i: kernel(seen[i]) for i in WAYS}


def test_a_journal_leads_to_the_same_place_at_each_of_its_lines(form: Form) -> None:
    session = begin(form, ())
    lines: list[dict[str, object]] = []
    texts = ("r", "x/y", "2", "3", "s", "c", "R-1", "n", "y", "n", "s", "u", "1", "!", "", "", "?")
    for text in texts:
        came = turn(session, text, tools())
        session = came.session
        lines.append({**(came.fact.told if came.fact else {}), "then": session.spot.told})
        back = begin(form, lines)
        assert (back.said, back.spot) == (session.said, session.spot), text
    assert session.of(A1).person == "1013"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_on_the_screen_is_wider_than_eighty_columns(
    folder: AuditFolder, seen: Answers, lang: str
) -> None:
    form = form_of(folder, lang)
    said = {key: said_of(seen[key[1]]) for key in form.keys}
    lines: list[Shown] = []
    for key in form.keys:
        session = replace(at(form, key), said=said)
        lines += [*screen.asked(session), *screen.help_(session), *screen.before(session)]
    of_each_way = {form.asks[key].way: key for key in reversed(form.keys)}
    for key in of_each_way.values():
        noted = replace(said[key], note="https://example.org/" + "a" * 200)
        session = replace(at(form, key), said={**said, key: noted})
        lines += screen.card(session)
        for step in ("who", "note", "file", "counts", "id", "jump", "name"):
            lines += screen.asked(replace(session, spot=Spot(key, step, "REC-" + "1" * 90)))
    assert len(lines) > len(form.keys)
    assert [line.text for line in lines if width(line.text) > COLUMNS] == []
    end = screen.summary(replace(session, spot=Spot(None)))
    assert max(width(line.text) for line in end) <= COLUMNS


@pytest.mark.parametrize(("checklist", "score"), [("CK-HTL", "91.2 B"), ("CK-COO", "76.9 D")])
def test_the_score_foretold_is_the_one_that_comes_out(
    form: Form, seen: Answers, checklist: str, score: str
) -> None:
    plan = preview(form.leaves[checklist], "zh")
    assert plan is not None
    found = foretold(plan, [a for item, a in seen.items() if item.startswith(checklist)])
    assert found.score is not None
    assert f"{float(found.score)} {found.grade}" == score
    bad = [a.model_copy(update={"result": "no"}) for i, a in seen.items() if i.endswith("V1")]
    assert foretold(plan, bad).grade == "E"


# --- keys -----------------------------------------------------------------------------------------


def test_a_letter_and_a_digit_mean_the_same_word_at_every_item(form: Form) -> None:
    for key in (V1, E2):
        for word in form.asks[key].words:
            for typed_ in (LETTERS[word], DIGITS[word]):
                assert typed(at(form, key), typed_).of(key).result == word
    # V1 takes no `partly`, so it is neither shown nor taken.
    assert "partial" not in [one.word for one in question(at(form, V1)).choices]
    for key_ in ("p", "2"):
        assert turn(at(form, V1), key_, tools()).strange


def test_a_full_width_key_and_a_whole_word_are_taken_too(form: Form) -> None:
    for text in ("Ｙ", "１", "符合", "yes"):
        assert typed(at(form, V1), text).of(V1).result == "yes"


def test_a_number_is_how_often_it_happened_and_y_is_never(form: Form) -> None:
    assert typed(at(form, A1), "12").of(A1).value == "12"
    assert typed(at(form, A1), "y").of(A1).value == "0"
    assert turn(at(form, A1), "1.5", tools()).refused[0].code == "A107"


def test_what_cannot_be_meant_is_refused_and_the_question_stays(form: Form) -> None:
    session = typed(at(form, B2), "k")
    came = turn(session, "5/3", tools())
    assert [problem.code for problem in came.refused] == ["A109"]
    assert came.fact is None
    assert came.session == session
    assert typed(session, "2 15").of(B2).failed == "2"
    named = turn(typed(at(form, A1), "w", "t"), "nobody", tools())
    assert [problem.code for problem in named.refused] == ["F006"]


def test_a_failure_asks_who_what_and_for_evidence_and_n_a_for_a_reason(form: Form) -> None:
    steps = []
    session = at(form, V1)
    for text in ("n", "1", "seen on 3 October", "", ""):
        session = typed(session, text)
        steps.append(session.spot.step)
    assert steps == ["who", "note", "file", "second", "answer"]
    assert typed(at(form, V1), "a").spot == Spot(V1, "note")
    assert typed(at(form, V1), "u").spot.key == ("CK-HTL", "CK-HTL-V2")
    # Left empty, the remark is told as open at the end.
    assert lacking_items(form, typed(at(form, V1), "n", "", "", "", "").said) == {
        V1: ["A026", "A027"]
    }


def test_a_file_that_is_attached_is_evidence(form: Form, tmp_path: Path) -> None:
    photo = tmp_path / "it's a photo.jpg"
    photo.write_bytes(b"seen")
    session = typed(at(form, V1), "n", "", "a remark", f'"{photo}"')
    assert session.spot == Spot(V1, "file")
    assert lacking_items(form, session.said) == {}
    dropped = str(photo).replace(" ", "\\ ").replace("'", "\\'")
    assert len(typed(session, dropped).of(V1).files) == 2


def test_back_skip_jump_and_take_back(form: Form) -> None:
    session = typed(at(form, A1), "s", "s")
    assert session.spot.key == ("CK-HTL", "CK-HTL-B1")
    assert typed(session, "b").spot.key == ("CK-HTL", "CK-HTL-A2")
    assert typed(session, "j", "v2").spot.key == ("CK-HTL", "CK-HTL-V2")
    assert typed(session, "j", "").spot == session.spot
    lost = turn(typed(session, "j"), "CK-HTL-Z9", tools())
    assert lost.strange
    assert "CK-HTL" in lost.near
    answered = replace(typed(session, "j", "E2", "p", "", "half"), spot=Spot(E2))
    assert answered.of(E2).result == "partial"
    assert typed(answered, "x").of(E2).silent
    assert typed(session, "j", "/b").spot == session.spot
    for key, shown in (("?", "help"), ("v", "before"), ("l", "open")):
        assert turn(session, key, tools()).show == shown
    for text in ("q", None):
        assert turn(session, text, tools()).end


def test_drawn_tickets_are_offered_one_by_one_and_come_back_as_drawn(form: Form) -> None:
    drawn = tuple(f"CD-26100{n}-001" for n in range(1, 4))
    blank = replace(form.blank, tickets=drawn, start="7", population=40)
    form = replace(form, blank=blank)
    session = at(form, C3)
    offered = []
    for text in ("c", "y", "1", "n", "2", "too late", "u", ""):
        session = typed(session, text)
        offered.append((session.spot.step, session.spot.case[-5:-4]))
    assert offered == [
        ("ticket", "1"), ("who", "1"), ("ticket", "2"), ("who", "2"), ("note", "2"),
        ("ticket", "3"), ("who", "3"), ("id", ""),
    ]  # fmt: skip
    answer, _ = form.read(C3, session.of(C3))
    assert answer is not None
    assert answer.sample is not None
    assert (answer.sample.drawn, answer.sample.seed, answer.sample.population) == (3, 7, 40)
    assert [case.judged for case in answer.cases] == ["yes", "no", "unchecked"]
    # One that was skipped was not looked at, and then it is no longer the draw.
    part = typed(at(form, C3), "c", "s", "y", "1", "e")
    sample = part.form.read(C3, part.of(C3))[0]
    assert sample is not None
    assert sample.sample is not None
    assert (sample.sample.seed, len(sample.cases)) == (None, 1)


def test_a_case_is_known_however_it_is_typed(form: Form) -> None:
    session = typed(at(form, B2), "c", "REC-1", "y", "", "rec-1")
    assert session.spot == Spot(B2, "ticket", "REC-1")


# --- other handbooks ------------------------------------------------------------------------------


def form_of_example(name: str, number: int, tmp_path: Path) -> Form:
    handbook, problems = load_handbook(ROOT / name)
    assert handbook is not None, problems
    checklist = [*handbook.checklists][number]
    place = tmp_path / "a"
    place.mkdir()
    (place / "audit.yaml").write_text(AUDIT, encoding="utf-8")
    found, _ = read_audit(place, handbook)
    assert found is not None
    blank = blank_of(found.handbook, [checklist], date(2026, 10, 1), found)
    keys = tuple((leaf.id, ask.item.id) for leaf, ask in blank.asks)
    return Form(blank, keys, handbook.languages[0], UTC)


AUDIT = """\
id: a
office: x
period: {from: 2026-10-01, to: 2026-10-01}
date: 2026-10-01
kind: hq
team: [{person: "1", role: leader}]
"""


@pytest.mark.parametrize(
    ("name", "number", "given"),
    [
        ("examples/fhrs", 0, {"0"}),
        ("examples/king-county", 0, {"cited"}),
    ],
)
def test_a_handbook_with_words_and_numbers_of_its_own_is_filled_in(
    name: str, number: int, given: set[str], tmp_path: Path
) -> None:
    form = form_of_example(name, number, tmp_path)
    session = begin(form, ())
    for key in form.keys:
        screen.card(session)
        first = question(session).choices
        key_ = first[0].keys[-1] if first and not question(session).number else "0"
        session = typed(session, key_)
        while session.spot.key == key:
            session = typed(session, "")
    assert session.spot == Spot(None)
    answers = [form.read(key, session.of(key))[0] for key in form.keys]
    assert {a.result or plain(a.value or Fraction(0)) for a in answers if a} == given
    assert all(answers)
