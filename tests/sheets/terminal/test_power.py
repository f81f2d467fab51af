"""Whenever the power fails, nothing that was answered is lost, and nothing is there twice."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.sheets.terminal.auditor import (
    Answers,
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

from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.sheets.terminal.asking import Question
from sopaudit.sheets.terminal.journal import Journal
from sopaudit.sheets.terminal.loop import converse, save
from sopaudit.sheets.terminal.session import begin

ITEMS = ("CK-HTL-A1", "CK-HTL-B2", "CK-COO-V1")
SHEETS = ("CK-HTL", "CK-COO")
MOMENTS = 150
"""That at least have to be lived through."""

SAVING = 15
"""Of them those after it began to save."""


def alone(place: Path) -> Path:
    """Lay out the audit without the one before it, which would be concluded at every sitting."""
    folder = empty(place / "2026-10-cd")
    audit = folder / "audit.yaml"
    lines = audit.read_text(encoding="utf-8").splitlines(keepends=True)
    audit.write_text("".join(x for x in lines if not x.startswith("follows:")), encoding="utf-8")
    return folder


class Desk:
    """What every sitting begins with; read once, because there are hundreds of them."""

    def __init__(self, place: Path) -> None:
        self.folder = opened(alone(place / "desk"))
        self.form = form_of(self.folder, only=ITEMS)
        seen = {item: short(given) for item, given in truth().items()}
        self.seen: Answers = {**seen, ITEMS[-1]: failing(seen[ITEMS[-1]])}


class Room:
    """Where the audit is filled in; people come back after the power does."""

    def __init__(self, place: Path, desk: "Desk") -> None:
        self.place, self.form, self.seen = place, desk.form, desk.seen
        self.typed = 0
        self.begun = replace(desk.folder, folder=place)

    def sitting(self, stops: str = "") -> None:
        """Sit down, save what was left, answer everything or up to an item, save."""
        folder = self.folder()
        form = self.form if not folder.records else form_of(folder, only=ITEMS)
        with Journal(self.place, "x", form.blank) as journal:
            if journal.is_saving:
                save(folder, begin(form, journal.told), journal, form.zone)
                folder = self.folder()
                form = form_of(folder, only=ITEMS)
                journal.blank = form.blank
                self.typed = 0
            # What was typed and followed by a question was there; the last key may be, too.
            assert self.typed <= len(journal.told) <= self.typed + 1 or not self.typed
            self.typed = len(journal.told)
            person = Counting(Auditor(self.seen, stops=stops), self)
            person.auditor.recall(journal.told)
            session = converse(form, journal, person, tools())
            self.typed = 0
            save(folder, session, journal, form.zone)

    def folder(self) -> AuditFolder:
        return opened(self.place) if (self.place / "answers").is_dir() else self.begun

    @property
    def written(self) -> dict[str, bytes]:
        """Give the records and the journals that are kept, to the byte."""
        found = {p.name: p.read_bytes() for p in sorted((self.place / "answers").glob("CK*"))}
        kept = sorted((self.place / "journal").glob("fill*.jsonl"))
        return found | {path.name: path.read_bytes() for path in kept}


class Counting(Seated):
    """A person who knows how many answers were followed by another question."""

    def __init__(self, auditor: Auditor, room: Room) -> None:
        super().__init__(auditor)
        self.room = room

    def ask(self, asked: Question) -> str | None:
        if self.asked:
            self.room.typed += 1
        return super().ask(asked)


def short(given: RecordedAnswer) -> RecordedAnswer:
    """Leave three cases of many, among them one in parts and one that conforms."""
    if given.sample is None or given.item != "CK-HTL-B2":
        return given
    wanted = [case for case in given.cases if case.parts][:1] + [*given.cases][:1]
    sample = given.sample.model_copy(update={"cases": tuple(wanted)})
    return given.model_copy(update={"sample": sample})


def lived(place: Path, patch: pytest.MonkeyPatch, every: int) -> int:
    """Let the power fail at each of the moments, or at some of them; give how many."""
    desk = Desk(place)
    calm = Room(alone(place / "calm"), desk)
    with Machine(calm.place, patch) as machine:
        calm.sitting()
    assert len(machine.moments) >= MOMENTS
    assert [len(json.loads(calm.written[f"{name}.json"])["answers"]) for name in SHEETS] == [2, 1]
    for n, what in enumerate(machine.moments):
        if what == "after write":
            assert machine.moments[n + 1] == "before fsync", "it only looks as if it were kept"
    dark = range(0, len(machine.moments), every)
    for moment in dark:
        room = Room(alone(place / str(moment)), desk)
        with Machine(room.place, patch, dies=moment) as failing, pytest.raises(PowerCut):
            room.sitting()
        assert failing.moments == machine.moments[:moment]
        with Machine(room.place, patch):
            room.sitting()
        assert room.written == calm.written, (moment, machine.moments[moment])
    return len(dark)


def test_whenever_the_power_fails_the_record_comes_out_as_if_it_never_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Five moments a step: every third meets each of them. tests/clients lives through all.
    assert lived(tmp_path, monkeypatch, every=3) >= MOMENTS // 3


def saved_again(place: Path, patch: pytest.MonkeyPatch, every: int) -> int:
    """Let the power fail at moments of saving half a session; give how many."""
    desk, stops = Desk(place), ITEMS[1]
    calm = Room(alone(place / "calm"), desk)
    with Machine(calm.place, patch) as machine:
        calm.sitting(stops)
    calm.sitting()
    assert len([name for name in calm.written if name.startswith("fill-")]) == 2
    marked = max(n for n, what in enumerate(machine.moments) if what == "after write")
    dark = range(marked + 1, len(machine.moments), every)
    for moment in dark:
        room = Room(alone(place / str(moment)), desk)
        with Machine(room.place, patch, dies=moment), pytest.raises(PowerCut):
            room.sitting(stops)
        room.sitting()
        assert room.written == calm.written, (moment, machine.moments[moment])
    return len(dark)


def test_what_was_being_saved_is_saved_as_it_stood_before_anything_else_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert saved_again(tmp_path, monkeypatch, every=3) >= SAVING // 3
