"""A month filled in at a real terminal, in both languages; and the power failing at any moment."""

import time
from pathlib import Path

import pytest
from tests.sheets.terminal.auditor import Auditor, empty, kernel, truth
from tests.sheets.terminal.sitting import KILLS, TYPED, filled_in
from tests.sheets.terminal.test_power import MOMENTS, SAVING, lived, saved_again

from sopaudit.findings.conclusion import conclude_folder
from sopaudit.problems import LANGUAGES


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
