"""A session asks what is needed, takes what was meant, and comes to the record that was seen."""

from pathlib import Path

from tests.sheets.terminal.auditor import Auditor, Seated, empty, form_of, kernel, opened, tools, truth

from sopaudit.sheets.intake.bringing import bring
from sopaudit.sheets.terminal.journal import Journal
from sopaudit.sheets.terminal.loop import Brought, converse, save


def brought(folder, filled):
    done = bring(folder, filled)
    return Brought(tuple(done.files), tuple(done.problems), True)


def test_truth(tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        place = empty(tmp_path / lang / "2026-10-cd")
        folder = opened(place)
        form = form_of(folder, lang)
        seen = truth()
        person = Seated(Auditor(seen, lang))
        with Journal(place, "x", form.blank) as journal:
            try:
                session = converse(form, journal, person, tools())
            finally:
                Path(f"/tmp/terminal/whole.{lang}.txt").write_text(person.whole + person.screen)
            done = save(folder, session, journal, form.zone, brought)
        after = opened(place)
        got = {a.item: kernel(a) for r in after.records.values() for a in r.answers}
        print(person.asked)
        for item, a in seen.items():
            assert got.get(item) == kernel(a), item
        assert done.open == 0
