"""What holds for every table, not only for the ones we thought of."""

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any, Literal

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.habits import habits
from sopaudit.evidence.mapping import read_mapping
from sopaudit.evidence.tables import AnswerTables, read_tables

Dtype = Literal["category", "str"]
HEADER = ["audit", "item", "result", "failed", "checked"]
MAPPING = """
tables: [answers]
audit: audit
checklist: {always: COOK}
answers: {item: item, result: result, failed: failed, checked: checked}
"""
quickly = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

printable = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=4)
"""Text without blanks and control characters, which CSV and Excel each trim in their own way."""

audits = st.one_of(st.sampled_from(["A1", "A2", "NA", "007"]), printable)
items = st.one_of(st.sampled_from(["0100", "0200", "0300", "0400"]), printable)
words = st.one_of(st.sampled_from(["yes", "YES", "no", "partial", "na", "2", "1.5"]), printable)
counts = st.sampled_from(["", "", "0", "1", "7", "x"])
tables = st.lists(st.tuples(audits, items, words, counts, counts).map(list), max_size=12)


def filled(rows: Iterable[list[str]]) -> list[list[str]]:
    """Leave out rows without a single filled cell, which are none."""
    return [row for row in rows if any(row)]


def nothing(text: str) -> bool:
    """Say whether a cell says nothing: it is empty, or a stroke as people draw one."""
    return not text or habits().blank(text)


def write_csv(path: Path, rows: list[list[str]], *, quoted: bool = False) -> Path:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL).writerows(
        [HEADER, *rows]
    )
    path.write_bytes(text.getvalue().encode())
    return path


def write_xlsx(path: Path, rows: list[list[str]]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate([HEADER, *rows]):
            for m, cell in enumerate(row):
                sheet.write_string(n, m, cell)
    return path


def write_parquet(path: Path, rows: list[list[str]], dtype: Dtype) -> Path:
    pd.DataFrame(rows, columns=HEADER, dtype="str").astype(dtype).to_parquet(path)
    return path


class Reading:
    """Reads answers from a file, and says what came of each row."""

    def __init__(self, folder: Path, handbook: Handbook) -> None:
        self.handbook = handbook
        (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
        file, _ = read_mapping(folder / "mapping.yaml")
        assert file is not None
        self.mapping = file

    def read(self, path: Path, rows: int = 100) -> AnswerTables:
        """Read a table, so many rows at a time."""
        return read_tables(self.mapping, {"answers": path}, self.handbook, chunk_rows=rows)

    def outcome(self, path: Path, rows: int = 100, shift: int = 0) -> tuple[Any, Any]:
        """Give the answers and the unreadable cells, by row."""
        read = self.read(path, rows)
        answers = sorted(row for frame in read for row in spelled(frame, shift))
        lost = read.unreadable("en")
        lost["row"] += shift
        cells = lost[["row", "column", "text", "code"]].to_numpy().tolist()
        return answers, sorted(cells)


def spelled(frame: AnswerFrame, shift: int = 0) -> list[list[str]]:
    table = frame.tidy().astype(str)
    table["row"] = (frame.row + shift).astype(str)
    rows: list[list[str]] = table.to_numpy().tolist()
    return rows


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory, handbook: Handbook) -> Reading:
    return Reading(tmp_path_factory.mktemp("laws"), handbook)


@given(rows=tables)
@quickly
def test_every_format_is_read_to_the_same_answers(reading: Reading, rows: list[list[str]]) -> None:
    rows = filled(rows)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = reading.outcome(write_csv(folder / "a.csv", rows))
        assert reading.outcome(write_csv(folder / "b.csv", rows, quoted=True)) == expected
        assert reading.outcome(write_xlsx(folder / "a.xlsx", rows)) == expected
        if rows:
            text = write_parquet(folder / "a.parquet", rows, "str")
            codes = write_parquet(folder / "b.parquet", rows, "category")
            assert reading.outcome(text, shift=1) == expected
            assert reading.outcome(codes, shift=1) == expected


@given(rows=tables, size=st.integers(1, 5))
@quickly
def test_it_does_not_matter_how_much_is_read_at_a_time(
    reading: Reading, rows: list[list[str]], size: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = write_csv(Path(name) / "a.csv", filled(rows))
        assert reading.outcome(path, size) == reading.outcome(path)


@given(rows=tables)
@quickly
def test_it_does_not_matter_whether_combinations_are_looked_up_or_hashed(
    reading: Reading, rows: list[list[str]]
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        path = write_csv(Path(name) / "a.csv", filled(rows))
        expected = reading.outcome(path)
        patch.setattr("sopaudit.evidence.rows.TABLE_LIMIT", 1)
        assert reading.outcome(path) == expected


@given(rows=tables)
@example(rows=[["A1", "0100", "yes", "", ""], ["A1", "/", "/", "—", ""]])
@quickly
def test_every_filled_row_is_answered_or_named(reading: Reading, rows: list[list[str]]) -> None:
    rows = filled(rows)
    with tempfile.TemporaryDirectory() as name:
        read = reading.read(write_csv(Path(name) / "a.csv", rows))
        answered = [row for frame in read for row in frame.row.tolist()]
        heard = {audit for frame in read for audit in frame.audits}
        named = set(read.unreadable("en")["row"])
    assert len(set(answered)) == len(answered)
    known = ("0100", "0200", "0300", "0400")
    for number, (audit, item, *said) in enumerate(rows, 2):
        silent = all(map(nothing, said)) and audit in heard and (nothing(item) or item in known)
        assert (number in answered) + (number in named) == (0 if silent else 1)


@given(rows=tables, order=st.randoms(use_true_random=False))
@quickly
def test_the_order_of_rows_changes_nothing(
    reading: Reading, rows: list[list[str]], order: Random
) -> None:
    shuffled = filled(rows)
    order.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as name:
        found = []
        for n, table in enumerate((filled(rows), shuffled)):
            read = reading.read(write_csv(Path(name) / f"{n}.csv", table))
            answers = Counter(tuple(row[:-1]) for frame in read for row in spelled(frame))
            cells = read.unreadable("en")[["column", "text", "code"]]
            heard = {audit for frame in read for audit in frame.audits}
            found.append((answers, Counter(map(tuple, cells.to_numpy().tolist())), heard))
    assert found[0] == found[1]
