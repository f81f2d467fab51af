"""What an import tells of what is still open."""

from datetime import UTC, date
from pathlib import Path
from typing import Final

import pytest
from tests.sheets.counter import Desk, kitchen, opened

from sopaudit.criteria.handbook import load_handbook
from sopaudit.sheets.blank import Blank, blank_of
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.intake.bringing import Brought
from sopaudit.sheets.intake.reading import Channel, Sheet
from sopaudit.sheets.intake.told import told

GARAGE: Final = Path(__file__).parents[1] / "findings/garage"


@pytest.fixture(scope="module")
def garage() -> Blank:
    handbook, problems = load_handbook(GARAGE)
    assert handbook is not None, problems
    return blank_of(handbook, ["CK-MEC", "CK-DSK"], date(2026, 11, 6))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    desk = Desk(opened(kitchen(tmp_path_factory.mktemp("kitchen"))))
    return desk.filled("a.xlsx", {"item": "0100", "result": "yes"})


@pytest.mark.parametrize(
    ("open_", "zh", "en"),
    [
        (
            ("R1", "M1"),
            "2/10 项，其中 1 项可由记录得出，其余要填：M1",
            "2 of 10, 1 of them from the records; to fill in: M1",
        ),
        (("R1", "R2"), "2/10 项，都可由记录得出", "2 of 10, all from the records"),
        (("M1",), "1/10 项：M1", "1 of 10: M1"),
    ],
)
def test_of_what_is_open_the_items_records_can_answer_are_counted_and_not_named(
    garage: Blank, filled: Filled, open_: tuple[str, ...], zh: str, en: str
) -> None:
    assert f"  CK-MEC 技师检查表  {zh}\n" in said(garage, filled, open_, "zh")
    # A line too long for 80 columns goes on in the next.
    whole = said(garage, filled, open_, "en").replace("\n      ", " ")
    assert f"  CK-MEC Checklist of the mechanic  {en}\n" in whole


def said(garage: Blank, filled: Filled, open_: tuple[str, ...], lang: str) -> str:
    channel = Channel("xlsx", lambda _: "", lambda *_: (None, []))
    read = [(Sheet(Path("a.xlsx"), channel, ""), [filled])]
    return told(garage, read, Brought(unanswered={"CK-MEC": open_}), lang, UTC)


def test_of_a_checklist_nobody_began_the_items_are_counted_and_not_named(
    garage: Blank, filled: Filled
) -> None:
    items = tuple(ask.item.id for ask in garage.leaves[0].asks)
    line = next(one for one in said(garage, filled, items, "en").splitlines() if "CK-MEC" in one)
    assert "10 of 10" in line
    assert not line.rstrip().endswith(items[0])
    assert "M1" not in line


def test_that_nothing_is_open_is_said_in_a_sentence(garage: Blank, filled: Filled) -> None:
    assert "\nEvery item is answered.\n" in said(garage, filled, (), "en")
    assert "\n每一项都有答案。\n" in said(garage, filled, (), "zh")
    assert "Not answered yet" not in said(garage, filled, (), "en")


def test_that_an_older_answer_does_not_count_though_asked_for_is_said_with_the_way_out(
    garage: Blank, filled: Filled
) -> None:
    channel = Channel("xlsx", lambda _: "", lambda *_: (None, []))
    read = [(Sheet(Path("a.xlsx"), channel, ""), [filled])]
    brought = Brought(outdated=("M1", "M2", "M1"))
    for lang, words in (
        ("zh", ("M1, M2：", "仍以已有的为准", "sopaudit fill", "没有改动。")),
        ("en", ("M1, M2:", "still counts", "sopaudit fill", "Nothing was changed.")),
    ):
        text = told(garage, read, brought, lang, UTC)
        assert all(word in text.replace("\n", " ") for word in words)
        assert not any(word in text for word in ("already; nothing", "都已经在检查里"))


@pytest.mark.parametrize(("photos", "line"), [(0, "evidence/index.json"), (1, "evidence/  1 new")])
def test_what_was_written_is_named_though_it_is_the_index_alone(
    garage: Blank, filled: Filled, photos: int, line: str
) -> None:
    """A photo that is there comes once more, from another sheet."""
    channel = Channel("xlsx", lambda _: "", lambda *_: (None, []))
    read = [(Sheet(Path("a.xlsx"), channel, ""), [filled])]
    brought = Brought(files=(Path("evidence/index.json"),), photos=photos)
    assert told(garage, read, brought, "en", UTC).endswith(f"Written:\n  {line}\n")
