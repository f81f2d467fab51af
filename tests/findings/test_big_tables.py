"""A table cut into parts has the scores it has in one go, and the same margin beside it."""

import csv
import io
import os
import signal
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from textwrap import dedent
from typing import Any, Final

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evidence.ugly import FORTY, Ugly

from sopaudit.crew import WorkerLostError, shared
from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence import cut
from sopaudit.evidence.cut import part_keys
from sopaudit.evidence.mapping import MappingFile, read_mapping
from sopaudit.evidence.tables import AnswerTables, read_tables
from sopaudit.findings import big_tables, parts
from sopaudit.findings.big_tables import BigTables
from sopaudit.findings.conclusion import score_table
from sopaudit.findings.parts import Engine, clear, serial
from sopaudit.problems import Problem

KITCHEN: Final = Path(__file__).parents[1] / "evidence/kitchen"
HEADER: Final = ["audit", "item", "result", "value", "failed", "checked"]
LONG: Final = """
tables: [answers]
audit: audit
answers: {item: item, result: result, value: value, failed: failed, checked: checked}
"""
DATED: Final = LONG + "date: day\nchecklist: {always: COOK}\n"
JOINED: Final = """
tables: [visits, answers]
audit: {visits: id, answers: audit}
date: day
checklist: list
answers: {from: answers, item: item, result: result, value: value, failed: failed, checked: checked}
"""
WIDE: Final = """
tables: [answers]
audit: audit
checklist: {always: COOK}
answers: {columns: {hands: "0100", board: "0200", late: "0400"}}
"""


@pytest.fixture(scope="module")
def book() -> Handbook:
    book, problems = load_handbook(KITCHEN)
    assert book is not None, problems
    return book


def mapping(folder: Path, text: str) -> MappingFile:
    (folder / "mapping.yaml").write_text(dedent(text), encoding="utf-8")
    made, problems = read_mapping(folder / "mapping.yaml")
    assert made is not None, problems
    return made


def write(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.getvalue().encode())
    return path


@dataclass
class Told:
    """All that a person may see of a table that was scored."""

    scores: list[list[str]]
    problems: list[Problem]
    unreadable: list[list[Any]]
    readings: list[list[Any]]
    cells: int

    @property
    def by_audit(self) -> list[list[str]]:
        """The scores, whatever order they came in."""
        return sorted(self.scores)


def _told(scores: pd.DataFrame, tables: AnswerTables | BigTables, cells: int) -> Told:
    return Told(
        scores.to_numpy().tolist(),
        tables.problems,
        tables.unreadable("en").to_numpy().tolist(),
        tables.readings.table("zh").to_numpy().tolist(),
        cells,
    )


def in_one_go(book: Handbook, said: MappingFile, files: dict[str, Path]) -> Told:
    tables = read_tables(said, files, book)
    scores = score_table(book, tables)
    return _told(scores, tables, len(tables.readings))


def in_parts(  # noqa: PLR0913 -- what a run is made of
    book: Handbook,
    said: MappingFile,
    files: dict[str, Path],
    parts: int,
    engine: Engine = serial,
    *,
    version: str = "1",
) -> Told:
    work = Path(said.document.path).parent / "work"
    tables = BigTables(said, files, book, version=version, parts=parts)
    assert sum(tables.work(engine, work)) == tables.jobs
    return _told(pd.concat(tables.frames()), tables, tables.cells_read)


audits = st.sampled_from(["A1", "A2", "a1", "Ａ2", "007", "7", "NA", "", "第一组", "甲 乙"])
items = st.sampled_from(["0100", "0200", "0300", "0400", "100", "SPEED", "LOAD", "", "9"])
words = st.sampled_from(
    ["yes", "no", "partial", "na", "√", "×", "2", "5", "", "/", "#N/A", "maybe"]
)
counts = st.sampled_from(["", "", "", "1", "x"])
rows = st.lists(st.tuples(audits, items, words, counts, counts, counts).map(list), max_size=24)
quickly = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let blocks be of a few rows, so that a small table has several."""
    monkeypatch.setattr(cut, "ROWS", 8)


@given(rows=rows, parts=st.integers(1, 9))
@quickly
@pytest.mark.usefixtures("small")
def test_parts_say_what_the_whole_says(
    book: Handbook,
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    parts: int,
) -> None:
    folder = tmp_path_factory.mktemp("law")
    said, files = mapping(folder, LONG), {"answers": write(folder / "answers.csv", rows)}
    assert in_parts(book, said, files, parts) == in_one_go(book, said, files)


@given(rows=rows, parts=st.integers(1, 5), order=st.randoms(use_true_random=False))
@quickly
@pytest.mark.usefixtures("small")
def test_neither_the_order_of_rows_nor_of_files_changes_a_score(
    book: Handbook,
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    parts: int,
    order: Random,
) -> None:
    folder = tmp_path_factory.mktemp("law")
    said = mapping(folder, LONG)
    whole = in_parts(book, said, {"answers": write(folder / "answers.csv", rows)}, 1)
    shuffled = order.sample(rows, len(rows))
    for n, name in enumerate(order.sample(range(3), 3)):
        write(folder / f"parts/{name}.csv", shuffled[n::3])
    found = in_parts(book, said, {"answers": folder / "parts"}, parts)
    assert found.by_audit == whole.by_audit
    assert found.cells == whole.cells
    assert len(found.unreadable) == len(whole.unreadable)


@pytest.mark.parametrize("ugly", FORTY[::3], ids=lambda ugly: ugly.sentence)
@pytest.mark.usefixtures("small")
def test_an_ugly_table_is_read_alike_in_parts(book: Handbook, tmp_path: Path, ugly: Ugly) -> None:
    said, files = mapping(tmp_path, ugly.mapping), {"检查": ugly.make(tmp_path)}
    assert in_parts(book, said, files, 3) == in_one_go(book, said, files)


def messy(folder: Path, table: str) -> tuple[str, dict[str, Path]]:
    """Write a table of a kind with something wrong in it: a day that changes, a row too many."""
    if table == "wide":
        header = ["audit", "hands", "board", "late"]
        many = [[f"A{n % 40}", "yes", "no" if n % 7 else "?", str(n % 3)] for n in range(60)]
        return WIDE, {"answers": write(folder / "answers.csv", many, header)}
    answers = [
        [
            f"A{n % 50}",
            ["0100", "0200", "0400"][n // 50],
            "√" if n % 3 else "no",
            str(n % 3),
            "",
            "",
        ]
        for n in range(150)
    ]
    if table == "dated":
        days = [[*row, f"2026-10-{(n % 77) % 28 + 1:02}"] for n, row in enumerate(answers)]
        return DATED, {"answers": write(folder / "answers.csv", days, [*HEADER, "day"])}
    visits = [
        [f"A{n % 45}", f"2026-10-{n % 28 + 1:02}", "COOK" if n % 9 else "?"] for n in range(50)
    ]
    listed = write(folder / "visits.csv", visits, ["id", "day", "list"])
    for n in range(4):
        write(folder / f"parts/{n}.csv", answers[n * 40 : n * 40 + 40])
    return JOINED, {"visits": listed, "answers": folder / "parts"}


@pytest.mark.parametrize("table", ["dated", "wide", "joined"])
@pytest.mark.parametrize("parts", [1, 2, 11])
@pytest.mark.usefixtures("small")
def test_what_a_table_says_twice_or_not_at_all_is_told_with_its_file_and_row(
    book: Handbook, tmp_path: Path, table: str, parts: int
) -> None:
    text, files = messy(tmp_path, table)
    said = mapping(tmp_path, text)
    whole = in_one_go(book, said, files)
    assert in_parts(book, said, files, parts) == whole
    assert whole.problems
    assert {Path(row[0]).name for row in whole.unreadable} <= {
        *("answers.csv", "visits.csv"),
        *(f"{n}.csv" for n in range(4)),
    }


def test_scores_come_in_the_order_in_which_audits_are_first_named(
    book: Handbook, tmp_path: Path
) -> None:
    rows = [["B", "SPEED", "5"], ["A", "0100", "yes"], ["B", "0100", "no"], ["C", "0100", "yes"]]
    said = mapping(tmp_path, LONG)
    files = {"answers": write(tmp_path / "answers.csv", [[*row, "", "", ""] for row in rows])}
    order = [row[:2] for row in in_parts(book, said, files, 3).scores]
    assert order == [["B", "COOK"], ["B", "LIFT"], ["A", "COOK"], ["C", "COOK"]]


def test_all_writings_of_an_id_find_one_part() -> None:
    alike = ["007", "7", "7.0", "００７", "'007", '="007"', " 7"]
    assert len(set(part_keys(alike, floats=True))) == 1
    assert len(set(part_keys(["A-1", "a–1", "Ａ－１", "A - 1"], floats=False))) == 1


# --- engines -------------------------------------------------------------------------------------


def pool(tries: int = 3) -> Engine:
    return partial(shared, workers=2, tries=tries)


@dataclass(frozen=True)
class _Falling:
    """Work during which the system ends the worker: once, or whenever it is tried."""

    work: Callable[[Any], Any]
    mark: Path
    always: bool

    def __call__(self, job: Any) -> Any:  # noqa: ANN401 -- any job
        if self.always or not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.work(job)


def falling(engine: Engine, mark: Path, *, always: bool = False) -> Engine:
    """Let an engine lose a worker."""

    def run(work: Callable[[Any], Any], jobs: Sequence[Any]) -> Iterator[Any]:
        return engine(_Falling(work, mark, always), jobs)

    return run


@pytest.mark.usefixtures("small")
def test_a_pool_says_what_one_process_says_also_where_it_loses_workers(
    book: Handbook, tmp_path: Path
) -> None:
    text, files = messy(tmp_path, "joined")
    said = mapping(tmp_path, text)
    whole = in_parts(book, said, files, 5)
    clear(tmp_path / "work")
    assert in_parts(book, said, files, 5, pool()) == whole
    clear(tmp_path / "work")
    assert in_parts(book, said, files, 5, falling(pool(), tmp_path / "fell")) == whole
    assert (tmp_path / "fell").exists()


def test_a_job_that_ends_every_worker_is_given_up(book: Handbook, tmp_path: Path) -> None:
    text, files = messy(tmp_path, "dated")
    said = mapping(tmp_path, text)
    with pytest.raises(WorkerLostError):
        in_parts(book, said, files, 2, falling(pool(), tmp_path / "fell", always=True))
    assert in_parts(book, said, files, 2) == in_one_go(book, said, files)


@pytest.mark.usefixtures("small")
def test_dask_says_what_one_process_says_also_where_it_loses_a_worker(
    book: Handbook, tmp_path: Path
) -> None:
    pytest.importorskip("distributed", reason="the extra sopaudit[dask]")
    from sopaudit.cluster import cluster

    text, files = messy(tmp_path, "joined")
    said = mapping(tmp_path, text)
    whole = in_parts(book, said, files, 4)
    clear(tmp_path / "work")
    with cluster(2) as dask:
        assert in_parts(book, said, files, 4, falling(dask, tmp_path / "fell")) == whole
    assert (tmp_path / "fell").exists()


def peak(work: Callable[[], object]) -> int:
    """Measure the most memory that Python and NumPy held at once."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_table(
    book: Handbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cut, "ROWS", 1 << 10)
    monkeypatch.setattr(parts, "ROWS", 1 << 10)
    monkeypatch.setattr(big_tables, "_MERGED", 1 << 8)
    said = mapping(tmp_path, LONG)

    def scored(audits: int) -> tuple[int, int]:
        rows = [
            [f"{audits}-{n % audits:05}", ["0100", "0200"][n // audits], "yes", "", "", ""]
            for n in range(2 * audits)
        ]
        files = {"answers": write(tmp_path / f"{audits}.csv", rows)}

        def in_parts() -> None:
            tables = BigTables(said, files, book, version="1")
            for _ in tables.work(serial, tmp_path / f"work-{audits}"):
                pass
            assert sum(map(len, tables.frames())) == audits

        return peak(in_parts), peak(lambda: score_table(book, read_tables(said, files, book)))

    scored(10)  # what is loaded once is no part of it
    (some, some_in_one_go), (more, more_in_one_go) = scored(2_000), scored(8_000)
    assert more < 1.6 * some
    assert more_in_one_go > 2.5 * some_in_one_go


# --- work that was done before ------------------------------------------------------------------


class Counting:
    """An engine that says how many jobs of each kind it was given."""

    def __init__(self) -> None:
        self.jobs: list[int] = []

    def __call__(self, work: Callable[[Any], Any], jobs: Sequence[Any]) -> Iterator[Any]:
        """Do them one after the other."""
        self.jobs.append(len(jobs))
        return map(work, jobs)


def again(
    book: Handbook, said: MappingFile, files: dict[str, Path], version: str = "1"
) -> tuple[list[int], Told]:
    engine = Counting()
    told = in_parts(book, said, files, 3, engine, version=version)
    return engine.jobs, told


@pytest.fixture
def months(tmp_path: Path) -> dict[str, Path]:
    """Write a table of three files."""
    for n in range(3):
        rows = [[f"A{m}", f"0{n + 1}00", "yes", "", "", ""] for m in range(20)]
        write(tmp_path / f"parts/{n}.csv", rows)
    return {"answers": tmp_path / "parts"}


def test_what_was_done_is_not_done_again(
    book: Handbook, tmp_path: Path, months: dict[str, Path]
) -> None:
    said = mapping(tmp_path, LONG)
    jobs, first = again(book, said, months)
    assert jobs == [3, 3]
    jobs, second = again(book, said, months)
    assert (jobs, second) == ([0, 0], first)


def test_only_a_file_that_changed_is_cut_again_and_all_is_scored(
    book: Handbook, tmp_path: Path, months: dict[str, Path]
) -> None:
    said = mapping(tmp_path, LONG)
    again(book, said, months)
    write(tmp_path / "parts/1.csv", [["A0", "0200", "no", "", "", ""]])
    jobs, told = again(book, said, months)
    assert jobs == [1, 3]
    assert told == in_one_go(book, said, months)
    # What the old file was cut into is gone: three pieces of one block, and three parts.
    assert len(list((tmp_path / "work").iterdir())) == 9


def test_a_month_that_comes_on_top_is_cut_alone(
    book: Handbook, tmp_path: Path, months: dict[str, Path]
) -> None:
    said = mapping(tmp_path, LONG)
    again(book, said, months)
    write(tmp_path / "parts/3.csv", [["A0", "0200", "no", "", "", ""]])
    jobs, told = again(book, said, months)
    assert jobs == [1, 3]
    assert told == in_one_go(book, said, months)


def test_the_number_of_parts_changes_only_where_a_table_doubles(
    book: Handbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "ROWS", 10)
    monkeypatch.setattr(parts, "_BYTES", 1)
    said, found = mapping(tmp_path, LONG), []
    for size in range(0, 120, 4):
        (tmp_path / "a.csv").write_text(f"{','.join(HEADER)}\n".ljust(40 + size), encoding="utf-8")
        found.append(BigTables(said, {"answers": tmp_path / "a.csv"}, book, version="1").parts)
    assert sorted(set(found)) == [4, 8, 16]
    assert found == sorted(found)


def test_other_rules_or_another_engine_leave_no_score_standing(
    book: Handbook, tmp_path: Path, months: dict[str, Path]
) -> None:
    said = mapping(tmp_path, LONG)
    again(book, said, months)
    digests = {**book.digests, "words": "another"}
    assert again(replace(book, digests=digests), said, months)[0] == [0, 3]
    assert again(book, mapping(tmp_path, LONG + "words: {ok: yes}\n"), months)[0] == [0, 3]
    assert again(book, mapping(tmp_path, LONG), months, version="2")[0] == [3, 3]


@pytest.mark.parametrize("hurt", ["shorter", "longer", "another byte", "gone", "not ours"])
@pytest.mark.parametrize("kind", ["cut-*-0", "cut-*", "scores-*"])
def test_a_torn_part_is_done_again(
    book: Handbook, tmp_path: Path, months: dict[str, Path], kind: str, hurt: str
) -> None:
    said = mapping(tmp_path, LONG)
    _, first = again(book, said, months)
    # A cut is looked at where something is still to be scored from it.
    victims = [min((tmp_path / "work").glob(kind))]
    victims += [min((tmp_path / "work").glob("scores-*"))] if "cut" in kind else []
    for victim in victims:
        raw = victim.read_bytes()
        changed = bytes([raw[-1] ^ 1])
        torn = {
            "shorter": raw[:-1],
            "longer": raw + b"x",
            "another byte": raw[:-1] + changed,
            "not ours": b"{}",
        }
        if hurt == "gone":
            victim.unlink()
        else:
            victim.write_bytes(torn[hurt])
    jobs, told = again(book, said, months)
    assert jobs == [1 if "cut" in kind else 0, 1]
    assert told == first


def test_work_that_was_broken_off_leaves_nothing_half_written(
    book: Handbook, tmp_path: Path, months: dict[str, Path]
) -> None:
    def broken(work: Callable[[Any], Any], jobs: Sequence[Any]) -> Iterator[Any]:
        for job in jobs:
            yield work(job)
            (tmp_path / "work" / f"cut-half.{os.getpid()}.waiting").touch()
            raise KeyboardInterrupt

    said = mapping(tmp_path, LONG)
    with pytest.raises(KeyboardInterrupt):
        in_parts(book, said, months, 3, broken)
    assert not list((tmp_path / "work").glob("*.waiting"))
    jobs, told = again(book, said, months)
    assert jobs == [2, 3]
    assert told == in_one_go(book, said, months)


def test_a_folder_is_cleared_of_our_files_and_of_no_others(
    book: Handbook, tmp_path: Path, months: dict[str, Path]
) -> None:
    again(book, mapping(tmp_path, LONG), months)
    (tmp_path / "work/letter.txt").touch()
    clear(tmp_path / "work")
    assert [file.name for file in (tmp_path / "work").iterdir()] == ["letter.txt"]
