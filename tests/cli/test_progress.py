"""Progress is for people who watch, and leaves no trace."""

import io
import sys

import pytest

from sopaudit.cli import progress


class Screen(io.StringIO):
    """An error stream somebody looks at."""

    def isatty(self) -> bool:
        """Say that somebody looks."""
        return True


def told(done: int, _: float) -> str:
    return f"{done} answers"


def test_a_terminal_is_told_and_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "EVERY", 0.0)
    assert list(progress.watched(["ab", "cde"], told, len)) == ["ab", "cde"]
    assert screen.getvalue() == "\r2 answers\r5 answers\r" + " " * 9 + "\r"


def test_a_file_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(progress, "EVERY", 0.0)
    assert list(progress.watched(["ab"], told, len)) == ["ab"]
    assert not log.getvalue()
