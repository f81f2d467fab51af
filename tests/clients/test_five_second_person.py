"""A veto that waits for its second person, five ways: with one it holds, without one it waits.

All else was seen and typed in already; what is filled in is one item that fails, with a photo. Each
way does it twice: nobody else has seen it, and somebody has.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest
from PIL import Image
from tests.sheets.branch import (
    ROOT,
    answered,
    blank_for,
    branch,
    pictured,
    seen,
    sopaudit,
    with_records,
)
from tests.sheets.form.browser import done, photo
from tests.sheets.paper.clerk import read_paper
from tests.sheets.terminal.auditor import Auditor, failing
from tests.sheets.terminal.sitting import filled_in
from tests.sheets.xlsform.engine import taken
from tests.sheets.xlsform.exports import Submission, central, fields_of
from tests.sheets.xlsform.person import asked_as, typed
from tests.sheets.xlsform.world import World
from tests.sheets.xlsx.office import Clerk, acted, office

from sopaudit.evidence.record import RecordedAnswer
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.sheets.blank import Blank, Wish, blank_of

WAYS: Final = ("xlsx", "html", "xlsform", "paper", "fill")
HELD, WAITS = "both", "alone"
LEAF, ITEM = "CK-HTL", "CK-HTL-V1"
PART: Final = "14/15"
"""The item alone."""

SECOND: Final = "9002"


def told(by: str | None) -> RecordedAnswer:
    """Give the answer as it was seen, by one person or by two."""
    return failing(seen()[ITEM], by).model_copy(update={"at": None})


@dataclass(frozen=True)
class Office:
    """Ten audits that lack one item, and what is needed to fill it in."""

    place: Path
    asked: Blank
    """The item alone, unfilled."""

    photo: Path

    def audit(self, way: str, kind: str) -> Path:
        """Give the audit of a way, in which the veto is to hold or to wait."""
        return self.place / f"{way}-{kind}" / "audits" / "2026-10-cd"

    def sheet(self, audit: Path, to: str, *words: str) -> Path:
        """Have the sheet of the item written."""
        path = self.place / f"{to}.{'xlsx' if to == 'xlsform' else to}"
        cut = ("--checklist", LEAF, "--part", PART)
        sopaudit("sheet", audit, "--to", to, *cut, "-o", path, *words)
        return path

    def truth(self, by: str | None) -> Blank:
        """Give the sheet of the item as somebody filled it in who knows."""
        (leaf,) = self.asked.leaves
        (ask,) = leaf.asks
        filled = replace(leaf, asks=(replace(ask, given=(told(by),)),))
        return replace(self.asked, leaves=(filled,))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Office:
    place = tmp_path_factory.mktemp("second")
    audits = {
        (way, kind): branch(place / f"{way}-{kind}")
        for way in (*WAYS, "truth")
        for kind in (HELD, WAITS)
    }
    for (way, kind), audit in audits.items():
        with_records(audit)
        by = SECOND if kind == HELD else None
        rewritten(audit, told(by) if way == "truth" else None)
    whole = blank_for(audits["fill", HELD])
    assert whole.folder is not None
    part = blank_of(whole.handbook, [LEAF], whole.day, whole.folder, Wish(part=(14, 15)))
    made = Office(place, part, Path(photo(place / f"{ITEM}_1.jpg", (640, 480))))
    for way, person in PERSONS.items():
        for kind, sheet in person(made).items():
            sopaudit("import", sheet, "--into", made.audit(way, kind))
    return made


def rewritten(audit: Path, given: RecordedAnswer | None) -> None:
    """Put another answer to the item into a record, or none."""
    file = audit / "answers" / f"{LEAF}.json"
    record = json.loads(file.read_bytes())
    record["answers"] = [one for one in record["answers"] if one["item"] != ITEM]
    if given is not None:
        record["answers"].append(given.model_dump(mode="json", exclude_none=True))
    file.write_text(json.dumps(record), "utf-8")


# --- five people, each twice ----------------------------------------------------------------------


def clerk(world: Office) -> dict[str, Path]:
    """Type into the workbook and save it; then somebody else gives their name, and again."""
    folder = world.place / "office"
    folder.mkdir()
    blank = world.sheet(world.audit("xlsx", HELD), "xlsx")
    person = Clerk(blank, world.truth(None), [LEAF])
    person.answer()
    png = folder / "seen.png"
    Image.open(world.photo).save(png)
    person.paste(ITEM, png)
    person.store(folder / "alone.xlsx")
    person.confirm(ITEM, f"{SECOND} 沈哲")
    office(folder, "--terminate_after_init")
    acted(folder, blank, person.orders, {"xlsx": folder / "both.xlsx"})
    return {kind: folder / f"{kind}.xlsx" for kind in (HELD, WAITS)}


def finger(world: Office) -> dict[str, Path]:
    """Tap, take a photo and hand over; then somebody else gives their name, and again."""
    page = world.sheet(world.audit("html", HELD), "html")
    files = {kind: world.place / f"{kind}.zip" for kind in (HELD, WAITS)}
    said = done(
        world.place, do="seconded", open=page.as_uri(), card="i0-0",
        given=told(None).model_dump(mode="json"), photos=[str(world.photo)],
        second=f"沈哲 {SECOND}", **{kind: str(file) for kind, file in files.items()},
    )  # fmt: skip
    assert said["complaints"] == []
    return files


def collector(world: Office) -> dict[str, Path]:
    """Fill in the converted form with ODK's engine, twice; Central exports what was sent."""
    folder = world.place / "odk"
    folder.mkdir()
    blank = world.sheet(world.audit("xlsform", HELD), "xlsform")
    shutil.copy(blank, folder / "form.xlsx")
    form = taken(World(world.asked, fields_of(blank), ()), folder)
    assert world.asked.folder is not None
    record = world.asked.folder.records[LEAF]
    jobs = []
    for by in (SECOND, None):
        alone = record.model_copy(update={"answers": (told(by),), "signatures": ()})
        job = typed(world.asked, [alone])
        job.values[asked_as(world.asked, ITEM, "photo1")] = "seen.jpg"
        jobs.append(job)
    sent = form.fill(*jobs)
    assert [one["unasked"] + one["violations"] for one in sent] == [[], []]
    media = {"seen.jpg": world.photo.read_bytes()}
    return {
        kind: central(
            folder / f"{kind}.zip", form.world.fields, [Submission(one["tree"])], media=media
        )
        for kind, one in zip((HELD, WAITS), sent, strict=True)
    }


def paper(world: Office) -> dict[str, Path]:
    """Read what stands on a filled page, type it in at a terminal; the photo comes by its name."""
    for kind in (HELD, WAITS):
        pdf = world.sheet(world.audit("truth", kind), "pdf", "--filled")
        sit(world, "paper", kind, read_paper(pdf, world.asked, "zh")[ITEM], {})
    return dict.fromkeys((HELD, WAITS), world.photo)


def terminal(world: Office) -> dict[str, Path]:
    """Answer at a terminal, and name the file of the photo; nothing is imported."""
    for kind, by in ((HELD, SECOND), (WAITS, None)):
        sit(world, "fill", kind, told(by), {ITEM: [str(world.photo)]})
    return {}


def sit(
    world: Office, way: str, kind: str, given: RecordedAnswer, photos: dict[str, list[str]]
) -> None:
    """Answer the item at a terminal, and quit."""
    audit = world.audit(way, kind)
    truth = {**seen(), ITEM: given}
    filled_in(
        audit,
        Auditor(truth, "zh", photos=photos, stops="CK-HTL-V2"),
        handbook=str(audit.parents[1]),
        ends=0 if photos else 1,  # the photo that goes with a paper is handed in afterwards
    )


PERSONS: Final[dict[str, Callable[[Office], dict[str, Path]]]] = dict(
    zip(WAYS, (clerk, finger, collector, paper, terminal), strict=True)
)


# --- one record, one score ------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "by"), [(HELD, {"by": SECOND}), (WAITS, None)])
@pytest.mark.parametrize("way", WAYS)
def test_the_record_says_what_was_seen_and_by_whom(
    world: Office, way: str, kind: str, by: dict[str, str] | None
) -> None:
    audit = world.audit(way, kind)
    said = answered(audit)
    assert said[ITEM]["result"] == "no"
    assert said[ITEM]["note"] == told(None).note
    assert said[ITEM].get("confirmed") == by
    assert said == answered(world.audit("truth", kind))
    assert pictured(audit) == {ITEM: 1}


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [(HELD, ("91.2", "E", None, "scored")), (WAITS, ("91.2", "B", "E", "pending veto"))],
)
def test_the_five_scores_are_equal_and_tell_both_grades_while_it_waits(
    world: Office, kind: str, wanted: tuple[str, ...]
) -> None:
    found = {way: scores(world.audit(way, kind)) for way in WAYS}
    assert found["xlsx"][LEAF] == wanted
    assert [one for one in found.values() if one != found["xlsx"]] == []
    table = sopaudit("score", world.audit("paper", kind), "--format", "json")
    told_ = {one["checklist"]: one for one in json.loads(table)}[LEAF]
    assert (told_["score"], told_["grade"], told_["state"]) == (wanted[0], wanted[1], wanted[3])
    assert told_["limits"] == ("veto" if kind == HELD else "veto (pending)")


def test_whoever_confirms_afterwards_names_themself_on_any_sheet_and_nothing_is_replaced(
    world: Office, tmp_path: Path
) -> None:
    home = tmp_path / "later"
    shutil.copytree(world.audit("fill", WAITS).parents[1], home)
    audit = home / "audits" / "2026-10-cd"
    said = sopaudit("import", world.place / "office" / "both.xlsx", "--into", audit)
    assert "F064" not in said
    assert answered(audit) == answered(world.audit("truth", HELD))
    assert scores(audit)[LEAF] == ("91.2", "E", None, "scored")


@pytest.mark.parametrize(("column", "way"), [*enumerate(WAYS, 1)])
def test_the_page_says_where_a_second_person_can_be_named(
    world: Office, column: int, way: str
) -> None:
    page = (ROOT / "docs/filling-in.md").read_text("utf-8").partition("## 2.")[2]
    (row,) = (line for line in page.splitlines() if line.startswith("| 第二人确认 |"))
    told_ = row.strip("| ").split(" | ")[column]
    assert (told_ != "没有") == ("confirmed" in answered(world.audit(way, HELD))[ITEM])
    # One who is only chosen is asked for in a question of choices; paper is written by hand.
    assert ("写" in told_) == (way != "xlsform")
    assert ("签名" in told_) == (way == "paper")


def scores(audit: Path) -> dict[str, tuple[str | None, ...]]:
    """Score an audit: points, grade, the grade once confirmed, and what it is worth."""
    folder = blank_for(audit).folder
    assert folder is not None
    return {
        one.checklist: (one.score, one.grade, one.pending_grade, one.state)
        for one in conclude_folder(folder).all
    }
