"""`sopaudit tickets sample`, `kpi` and `today` as an auditor and a coordinator call them."""

import json
import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from tests.findings.office import book

from sopaudit.cli import main
from sopaudit.criteria import handbook
from sopaudit.evidence.audit import read_audit
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.report.inspection import inspection
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[2]
OFFICE = "tests/tables/office"
NOW = ("--now", "2026-10-14 09:00")
Run = Any


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Give the function that runs the command line and gives code, output and errors."""
    # The handbook is the same in every test, and takes longer to load than all else here.
    monkeypatch.setattr(handbook, "load_handbook", lambda _: (book(), []))

    def ran(*words: str | Path) -> tuple[Any, str, str]:
        monkeypatch.chdir(ROOT)
        monkeypatch.setattr("sys.argv", ["sopaudit", "tickets", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main.main()
        said = capfdbinary.readouterr()
        return ended.value.code, said.out.decode(), said.err.decode()

    return ran


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    """Lay out the October audit with the records of an office in it."""
    folder = tmp_path / "2026-10-cd"
    shutil.copytree(ROOT / "audits/2026-10-cd", folder)
    shutil.copytree(ROOT / OFFICE, folder / "data")
    return folder


# --- sample -------------------------------------------------------------------------------------


def test_a_fresh_start_number_draws_again_what_it_drew(run: Run) -> None:
    code, said, wrong = run("sample", OFFICE, "--format", "json")
    assert (code, wrong) == (0, "")
    start = json.loads(said)["start"]
    assert start.isdigit()
    assert run("sample", OFFICE, "--seed", start, "--format", "json")[1] == said
    assert f"--seed {start}" in run("sample", OFFICE, "--seed", start)[1]


def test_two_fresh_start_numbers_differ(run: Run) -> None:
    starts = {json.loads(run("sample", OFFICE, "--format", "json")[1])["start"] for _ in range(3)}
    assert len(starts) > 1


def test_shuffled_rows_draw_the_same(run: Run, tmp_path: Path) -> None:
    head, *rows = (ROOT / OFFICE / "tickets.csv").read_text(encoding="utf-8").splitlines()
    for name, lines in (("a.csv", rows), ("b.csv", rows[::-1])):
        (tmp_path / name).write_text("\n".join([head, *lines]), encoding="utf-8")
    one, other = (
        run("sample", tmp_path / name, "--seed", "7", "--format", "json")[1]
        for name in ("a.csv", "b.csv")
    )
    assert one == other


def test_a_draw_is_kept_once_checked_and_reported(run: Run, audit: Path) -> None:
    """A second draw is refused before it is shown: nobody chooses among draws."""
    code, said, _ = run("sample", audit, "--seed", "7", "--into", audit)
    assert code == 0
    assert said.splitlines()[-1] == (audit / "sample.json").as_posix()
    assert run("sample", audit, "--check", audit)[0] == 0
    code, said, wrong = run("sample", audit, "--into", audit)
    assert (code, said) == (2, "")
    assert "一次检查只抽一次" in wrong
    kept = json.loads((audit / "sample.json").read_text(encoding="utf-8"))
    drawn = [ticket for stratum in kept["strata"] for ticket in stratum["drawn"]]
    read, problems = read_audit(audit, book())
    assert read is not None
    assert problems == []
    told = inspection(read, conclude_folder(read), "zh")
    first = told.samples[0]
    assert (first.start, first.drawn) == ("7", str(len(drawn)))
    assert all(ticket in first.cases for ticket in drawn)
    assert all(one["ticket"] in told.samples[1].cases for one in kept["certain"])


@pytest.mark.parametrize("change", ["start", "drawn", "why", "records"])
def test_a_draw_that_was_tampered_with_does_not_repeat(change: str, run: Run, audit: Path) -> None:
    run("sample", audit, "--seed", "7", "--into", audit)
    place = audit / "sample.json"
    kept = json.loads(place.read_text(encoding="utf-8"))
    if change == "start":
        kept["start"] = "8"
    elif change == "drawn":
        kept["strata"][0]["drawn"][0] = "CD-261008-001"
    elif change == "why":
        kept["certain"][0]["why"] = ["complaint", "repeat_repair"]
    else:
        path = audit / "data/tickets.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(lines[:-1]), encoding="utf-8")
    place.write_text(json.dumps(kept), encoding="utf-8")
    code, said, _ = run("sample", audit, "--check", place)
    assert code == 1
    assert said.startswith("重抽不一致。\n")
    assert len(said.splitlines()) > 1


def test_a_table_for_the_auditor_has_one_line_a_ticket(run: Run, tmp_path: Path) -> None:
    code, said, _ = run("sample", OFFICE, "--seed", "7", "--plan", "major", "--format", "csv")
    assert code == 0
    head, *rows = said.lstrip("\ufeff").splitlines()
    assert head.startswith("ticket_no,chosen,why,service_type,engineer,bench_engineer")
    assert len({row.partition(",")[0] for row in rows}) == len(rows) > 20
    place = tmp_path / "draw.xlsx"
    assert run("sample", OFFICE, "--seed", "7", "-o", place)[0] == 0
    assert "工单号" in strings(place.read_bytes())


def strings(book: bytes) -> str:
    with ZipFile(BytesIO(book)) as archive:
        return archive.read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--plan", "majr"), "major"),
        (("--by", "tickets.enginer"), "tickets.engineer"),
        (("--check", "nothing.json"), "没有 nothing.json"),
        (("--into", "docs"), "docs 不是检查文件夹"),
        (("--as-of", "soon"), "--as-of 要写成"),
        (("--format", "pdf"), "--format 不能是“pdf”"),
    ],
)
def test_a_wrong_word_is_told(words: tuple[str, ...], told: str, run: Run) -> None:
    code, said, wrong = run("sample", OFFICE, *words)
    assert (code, said) == (2, "")
    assert told in wrong


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("2026-10-cx", "没有“2026-10-cx”这次检查"),
        ("audits/2026-10-cd", "没有 data 文件夹"),
        ("tests/cli", "tests/cli 里没有手册所说的记录"),
    ],
)
@pytest.mark.parametrize("command", ["sample", "kpi", "today"])
def test_where_there_are_no_records_that_is_told(
    command: str, word: str, told: str, run: Run
) -> None:
    code, said, wrong = run(command, word)
    assert (code, said) == (2, "")
    assert told in wrong


# --- kpi ----------------------------------------------------------------------------------------


def test_figures_of_an_audit_know_its_office_and_period(run: Run, audit: Path) -> None:
    code, said, wrong = run("kpi", audit)
    assert (code, wrong) == (0, "")
    assert said.startswith("指标  成都办事处  2026-10-01 至 2026-10-31")
    assert all(width(line) <= COLUMNS for line in said.splitlines())
    told = json.loads(run("kpi", audit, "--format", "json")[1])["subjects"][0]
    found = {kpi["id"]: kpi for kpi in told["kpis"]}
    assert len(found) == 25
    assert (found["K-10"]["numerator"], found["K-10"]["denominator"]) == ("32", 38)
    assert found["K-10"]["value"] == "16/19"
    assert found["K-16"]["state"] == "too few"


def test_several_offices_stand_side_by_side_in_a_workbook(
    run: Run, audit: Path, tmp_path: Path
) -> None:
    place = tmp_path / "kpi.xlsx"
    assert run("kpi", audit, OFFICE, "--as-of", "2026-11-05", "-o", place)[0] == 0
    with ZipFile(place) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    handbook_figures = 25 + 10
    assert sheet.count("<row ") == 1 + 2 * handbook_figures
    assert "成都办事处" in strings(place.read_bytes())


def test_figures_speak_both_languages(run: Run) -> None:
    said = run("kpi", OFFICE, "--as-of", "2026-11-05", "--lang", "en")[1]
    assert "K-10  Satisfaction" in said
    assert all(width(line) <= COLUMNS for line in said.splitlines())


# --- today --------------------------------------------------------------------------------------


def test_the_list_of_the_day_is_written_in_every_form(run: Run, tmp_path: Path) -> None:
    for name in ("today.txt", "today.html", "today.xlsx", "today.json"):
        code, said, wrong = run("today", OFFICE, *NOW, "-o", tmp_path / name)
        assert (code, wrong) == (0, "")
        assert said == f"{(tmp_path / name).as_posix()}\n"
    assert json.loads((tmp_path / "today.json").read_text(encoding="utf-8"))["until"] == (
        "2026-10-14 13:00:00"
    )
    assert "今日待办" in (tmp_path / "today.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--now", "2026-10-14"), "--now 要写成 2026-10-14 09:00"),
        (("--now", "morning"), "--now 要写成 2026-10-14 09:00"),
        ((*NOW, "--ahead", "soon"), "--ahead 要写成 4 h"),
    ],
)
def test_a_moment_that_is_none_is_told(words: tuple[str, ...], told: str, run: Run) -> None:
    code, said, wrong = run("today", OFFICE, *words)
    assert (code, said) == (2, "")
    assert told in wrong


# --- what programs read -------------------------------------------------------------------------


def keys(data: object) -> set[str]:
    """List all keys of nested data; names of tickets, rules and percentiles are no keys."""
    if isinstance(data, list):
        return {key for one in data for key in keys(one)}
    if not isinstance(data, dict):
        return set()
    inner = {key: keys(value) for key, value in data.items()}
    free = ("unsettled", "others", "missing")
    return {*data, *(key for name, found in inner.items() if name not in free for key in found)}


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("A draw", ("sample", OFFICE, "--seed", "7")),
        ("Key figures", ("kpi", OFFICE, "--as-of", "2026-11-05")),
        ("The list of the day", ("today", OFFICE, *NOW)),
    ],
)
def test_every_key_is_documented(title: str, words: tuple[str, ...], run: Run) -> None:
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {title}: ")[1].partition("\n## ")[0]
    said = keys(json.loads(run(*words, "--format", "json")[1]))
    assert len(said) > 5
    assert [key for key in said if not re.search(rf"\b{key}\b", section)] == []
