"""Each problem of `sopaudit fill` comes about as its sample says, and is told in both languages."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.sheets.terminal.auditor import NOW, empty, form_of, opened, tools

from sopaudit.problems import LANGUAGES, Place, Problem
from sopaudit.sheets.blank import sealed
from sopaudit.sheets.terminal.asking import turn
from sopaudit.sheets.terminal.filling import filled
from sopaudit.sheets.terminal.journal import BusyError, Journal
from sopaudit.sheets.terminal.session import Session, Spot, begin
from sopaudit.sheets.terminal.unsaved import unsaved

ERRORS = Path(__file__).parents[2] / "errors"
SHOWN = "audits/2026-10-cd"
MONTH = "2026-10-cd-month"
KEY = ("CK-HTL", "CK-HTL-V1")
Golden = Callable[[Path, str], None]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return empty(tmp_path / "2026-10-cd")


def sat_down(place: Path) -> Session:
    return replace(begin(form_of(opened(place)), ()), spot=Spot(KEY))


def journal(place: Path) -> Journal:
    return Journal(place, SHOWN, form_of(opened(place)).blank)


def of_another_edition(place: Path) -> list[Problem]:
    with journal(place) as first:
        first.add({"at": NOW, "then": Spot(None).told})
    head, rest = first.path.read_text(encoding="utf-8").split("\n", 1)
    told = json.loads(head)["identity"]
    told["checklists"][0]["edition"] = "2025.2"
    told["seal"] = sealed(told)
    first.path.write_text(f"{json.dumps({'identity': told})}\n{rest}", encoding="utf-8")
    with journal(place) as second:
        assert second.lines == []
    assert [p.name for p in sorted(first.path.parent.glob("*.jsonl"))] == ["fill-other.jsonl"]
    assert second.problems[0].code == "F009"
    return second.problems[1:]


def in_two_windows(place: Path) -> list[Problem]:
    with journal(place) as first, pytest.raises(BusyError), journal(place):
        pass
    # The lock goes with the session that held it, and no sooner.
    with journal(place):
        return [Problem(first.place, "F051")]


def edited_by_hand(place: Path) -> list[Problem]:
    with journal(place) as first:
        first.add({"at": NOW, "then": Spot(KEY).told})
        first.add({"at": NOW, "then": Spot(None).told})
    lines = first.path.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace('{"at"', "{at")
    first.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with journal(place) as second:
        assert len(second.lines) == 1
    return second.problems


def mistyped(place: Path) -> list[Problem]:
    session = turn(sat_down(place), "f", tools()).session
    came = turn(session, "photos/IMG_2041.jpeg", tools())
    assert came.session.spot.step == "file"
    assert came.fact is None
    return [replace(p, place=Place(f"{SHOWN}/journal/fill.jsonl")) for p in came.refused]


def deleted_since(place: Path) -> list[Problem]:
    photo = place.parent / "IMG_2041.jpg"
    photo.write_bytes(b"seen")
    session = sat_down(place)
    lines = []
    for text in ("f", str(photo), "", "n"):
        came = turn(session, text, tools())
        session = came.session
        lines += [came.fact.told] if came.fact else []
    photo.unlink()
    form = session.form
    at = Place(f"{SHOWN}/journal/fill.jsonl")
    made, problems = filled(form.blank, session.fresh, lines, form.zone, at)
    # The answer goes into the record all the same.
    assert made is not None
    assert [a.result for a in made.records[0].answers] == ["no"]
    assert made.shots == ()
    return problems


def killed_before_the_end(place: Path) -> list[Problem]:
    with journal(place) as first:
        session = sat_down(place)
        for text in ("y", "r", "a word without an answer"):
            came = turn(session, text, tools())
            session = came.session
            first.add(came.fact.told) if came.fact else None
    folder = opened(place)
    # The page of problems names no audit that is final: `fill` would refuse it.
    folder = replace(folder, audit=folder.audit.model_copy(update={"id": MONTH}))
    at = Place(f"audits/{MONTH}/journal/fill.jsonl")
    return [replace(problem, place=at) for problem in unsaved(folder)]


@pytest.mark.parametrize(
    ("code", "happens"),
    [
        ("F050", of_another_edition),
        ("F051", in_two_windows),
        ("F052", edited_by_hand),
        ("F053", mistyped),
        ("F054", deleted_since),
        ("F055", killed_before_the_end),
    ],
)
def test_it_comes_about_and_is_told(
    code: str, happens: Callable[[Path], list[Problem]], place: Path, golden: Golden
) -> None:
    problems = happens(place)
    assert [problem.code for problem in problems] == [code]
    for lang in LANGUAGES:
        told = "".join(f"{problem.text(lang)}\n" for problem in problems)
        golden(ERRORS / code / f"expected.{lang}.txt", told)
