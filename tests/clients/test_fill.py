"""A month filled in at a real terminal, in both languages; and the power failing at any moment."""

import time
from pathlib import Path

import pytest
from tests.sheets.terminal.auditor import Auditor, empty, kernel, opened, truth
from tests.sheets.terminal.seat import Seat
from tests.sheets.terminal.test_power import MOMENTS, SAVING, lived, saved_again

from sopaudit.evidence.audit import AuditFolder
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.problems import LANGUAGES

TYPED = 500
"""Keys and lines it takes at least: 28 items with some 120 cases."""

KILLS = 8
"""In the session that is killed again and again."""


def typed(answer: str, screen: str) -> str:
    """Press a key, or type a line and Enter; so does a number, and nothing at all."""
    last = screen.rstrip("> \n\r").splitlines()[-1]
    line = last.strip().startswith(("/b", "/q")) or not answer
    number = answer.isdecimal() and ("How many times" in screen or "发生几次" in screen)
    return f"{answer}\r" if line or number else answer


def filled_in(place: Path, auditor: Auditor, kills: int = 0) -> tuple[AuditFolder, int]:
    """Sit in front of it until it is done; it is killed several times where that is wanted."""
    words = ("fill", str(place), "--lang", auditor.lang, "--handbook", ".")
    seat, keys, left = Seat(*words), 0, kills
    while not (screen := seat.screen()) or not seat.ended:
        if left and keys and keys % (TYPED // KILLS) == 0:
            seat.kill()
            seat.code()
            left -= 1
            seat = Seat(*words)
            again = seat.screen()
            # The question that waited for an answer waits for it still.
            assert [x for x in screen.splitlines() if x.startswith("  ")][-1] in again
            screen = again
        keys += 1
        seat.type(typed(auditor.answer(screen) or "", screen))
    assert seat.code() == 0
    assert left == 0
    return opened(place), keys


@pytest.mark.parametrize(("lang", "kills"), [*zip(LANGUAGES, (KILLS, 0), strict=True)])
def test_the_known_answer_month_is_filled_in_at_a_terminal_and_is_what_was_seen(
    tmp_path: Path, lang: str, kills: int
) -> None:
    seen, begun = truth(), time.monotonic()
    folder, keys = filled_in(empty(tmp_path / "2026-10-cd"), Auditor(seen, lang), kills)
    answers = {a.item: kernel(a) for r in folder.records.values() for a in r.answers}
    assert answers == {item: kernel(answer) for item, answer in seen.items()}
    assert keys >= TYPED
    scores = {(s.checklist, s.score, s.grade) for s in conclude_folder(folder).scores}
    assert scores == {("CK-HTL", "91.2", "B"), ("CK-COO", "76.9", "D")}
    assert time.monotonic() - begun < 300


def test_the_power_fails_at_every_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lived(tmp_path / "all", monkeypatch, every=1) >= MOMENTS
    assert saved_again(tmp_path / "half", monkeypatch, every=1) >= SAVING
