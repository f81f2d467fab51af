"""A month filled in at a real terminal, in both languages; and the power failing at any moment."""

from pathlib import Path

import pytest
from PIL import Image
from tests.sheets.terminal.auditor import Auditor, empty, failing, kernel, truth
from tests.sheets.terminal.sitting import KILLS, TYPED, filled_in
from tests.sheets.terminal.test_power import MOMENTS, SAVING, lived, saved_again

from sopaudit.findings.conclusion import conclude_folder
from sopaudit.problems import LANGUAGES

VETO = "CK-HTL-V1"


@pytest.mark.parametrize(
    ("lang", "kills", "grade"), [*zip(LANGUAGES, (KILLS, 0), ("B", "E"), strict=True)]
)
def test_the_known_answer_month_is_filled_in_at_a_terminal_and_is_what_was_seen(
    tmp_path: Path, lang: str, kills: int, grade: str
) -> None:
    seen = dict(truth())
    auditor = Auditor(seen, lang)
    if grade == "E":
        seen[VETO] = failing(seen[VETO])
        photo = tmp_path / "call.png"
        Image.new("RGB", (40, 30)).save(photo)
        auditor.photos[VETO] = [str(photo)]
    folder, keys = filled_in(empty(tmp_path / "2026-10-cd"), auditor, kills)
    answers = {a.item: kernel(a) for r in folder.records.values() for a in r.answers}
    assert answers == {item: kernel(answer) for item, answer in seen.items()}
    assert keys >= TYPED
    scores = {(s.checklist, s.score, s.grade) for s in conclude_folder(folder).scores}
    assert scores == {("CK-HTL", "91.2", grade), ("CK-COO", "76.9", "D")}


def test_the_power_fails_at_every_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lived(tmp_path / "all", monkeypatch, every=1) >= MOMENTS
    assert saved_again(tmp_path / "half", monkeypatch, every=1) >= SAVING
