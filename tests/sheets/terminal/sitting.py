"""Somebody in front of a real terminal until the audit is done, whatever happens to the power."""

from pathlib import Path

from tests.sheets.terminal.auditor import Auditor, opened
from tests.sheets.terminal.seat import Seat

from sopaudit.evidence.audit import AuditFolder

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


def filled_in(
    place: Path, auditor: Auditor, kills: int = 0, handbook: str = ".", ends: int = 0
) -> tuple[AuditFolder, int]:
    """Sit in front of it until it is done; it is killed several times where that is wanted.

    It ends with 1 where something is lacking still.
    """
    words = ("fill", str(place), "--lang", auditor.lang, "--handbook", handbook)
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
    assert seat.code() == ends
    assert left == 0
    return opened(place), keys
