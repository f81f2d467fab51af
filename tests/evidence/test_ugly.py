"""Forty ugly tables, one record: every habit is read rightly, and every reading is told."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.evidence.ugly import DAYS, FORTY, PHONE, Ugly

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.recording import records

if TYPE_CHECKING:
    from tests.evidence.conftest import Desk


def told(desk: "Desk", ugly: Ugly, path: Path, rows: int) -> tuple[object, ...]:
    """Read a table without a problem; give its records, days and facts, and the habits in it."""
    read = desk.read(ugly.mapping, rows=rows, 检查=path)
    frames = list(read)
    assert not read.problems, [problem.text("en") for problem in read.problems]
    written = {audit: records(desk.handbook, frames, audit)["COOK"] for audit in DAYS}
    days = {
        (audit, str(day), phone)
        for frame in frames
        for audit, day, phone in zip(frame.audits, frame.dates, frame.facts["电话"], strict=True)
    }
    cells = read.readings.table("zh")
    assert not cells[cells["column"] != ""][["row", "column"]].duplicated().any()
    return written, days, " ".join(sorted(read.readings.counts()))


@pytest.fixture(scope="module")
def expected(handbook: Handbook, tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    from tests.evidence.conftest import Desk

    folder = tmp_path_factory.mktemp("plain")
    return told(Desk(folder, handbook), FORTY[0], FORTY[0].make(folder), 100)


def test_there_are_forty() -> None:
    assert len({ugly.sentence for ugly in FORTY}) >= 40


@pytest.mark.parametrize("rows", [3, 100])
@pytest.mark.parametrize("ugly", FORTY, ids=lambda ugly: ugly.sentence)
def test_an_ugly_table_is_read_to_the_same_record(
    desk: "Desk", tmp_path: Path, ugly: Ugly, rows: int, expected: tuple[object, ...]
) -> None:
    records, days, habits = told(desk, ugly, ugly.make(tmp_path), rows)
    assert records == expected[0]
    assert days == expected[1] == {(audit, day, PHONE) for audit, day in DAYS.items()}
    assert habits == ugly.habits
