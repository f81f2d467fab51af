"""`sopaudit parts`: ledgers as a person names them, and what is said of them."""

import csv
import json
import random
import shutil
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from tests.findings.office import book

from sopaudit.cli import main
from sopaudit.criteria import handbook
from sopaudit.report.parts.table import COLUMNS as TABLE
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[2]
LEDGER = ROOT / "tests/tables/parts"
DAY = ("--as-of", "2026-11-05")
Run = Any


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Give the function that runs the command line and gives code, output and errors."""

    def ran(*words: str | Path, at: Path = ROOT) -> tuple[Any, str, str]:
        with monkeypatch.context() as here:
            here.setattr(handbook, "load_handbook", lambda _: (book(), []))
            here.chdir(at)
            here.setattr("sys.argv", ["sopaudit", "parts", *map(str, words)])
            with pytest.raises(SystemExit) as ended:
                main.main()
        said = capfdbinary.readouterr()
        return ended.value.code, said.out.decode(errors="replace"), said.err.decode()

    return ran


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


# --- check ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_check_says_what_is_where_who_owes_what_and_what_was_found(run: Run, lang: str) -> None:
    code, out, _ = run("check", LEDGER, *DAY, "--lang", lang)
    assert code == 0
    told = {
        "zh": (
            "各处合计 0 0", "曾强（1007）", "旧件没交或迟交", "2/3 行，66.7 %",
            "，至今 17 个工作日",
        ),
        "en": (
            "All places together 0 0", "Zeng Qiang (1007)", "old part not returned, or late",
            "2 of 3",
        ),
    }  # fmt: skip
    for words in told[lang]:
        assert words in " ".join(out.split())
    assert [
        line for line in out.splitlines() if width(line) > COLUMNS and "sha256" not in line
    ] == []
    assert [line for line in out.splitlines() if line != line.rstrip()] == []


def test_the_data_comes_before_the_findings(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    shutil.copytree(LEDGER, ledger)
    text = (ledger / "moves.csv").read_text(encoding="utf-8")
    text = text.replace(",RECV,", ",RECIEVED,", 1).replace(",P11,,1,good", ",P11,,,good")
    (ledger / "moves.csv").write_text(text, encoding="utf-8")
    _, out, _ = run("check", ledger, *DAY, "--lang", "en")
    assert "codes their list does not have moves.move_type 1" in " ".join(out.split())
    assert "a movement names no quantity" in out
    order = ["The data first", "What is where", "Who has what", "Findings", "rules were heard"]
    assert sorted(order, key=out.index) == order


def test_times_of_moves_that_cannot_be_read_are_told_even_where_most_cannot(
    run: Run, tmp_path: Path
) -> None:
    text = (LEDGER / "moves.csv").read_text(encoding="utf-8").replace("2026-10-", "2026-13-")
    (tmp_path / "moves.csv").write_text(text, encoding="utf-8")
    _, out, _ = run("check", tmp_path, *DAY, "--lang", "en")
    assert "times that cannot be read moves.at 17 100 %" in " ".join(out.split())


def test_a_ledger_in_which_nothing_is_left_anywhere_is_told(run: Run, tmp_path: Path) -> None:
    head, *_ = (LEDGER / "moves.csv").read_text(encoding="utf-8").splitlines()
    line = "M1,ADJ_PLUS,2026-10-08 09:30,PC,CD,P04,A0001,1,,lost,,,,,1011,1001,"
    (tmp_path / "moves.csv").write_text(f"{head}\n{line}\n", encoding="utf-8")
    code, out, _ = run("check", tmp_path, *DAY, "--lang", "en")
    assert code == 0
    assert "Nobody has a part" in out


def test_rules_without_records_are_named_with_what_is_missing(run: Run) -> None:
    _, out, _ = run("check", LEDGER, *DAY, "--lang", "en")
    assert "PR-26 (Parts centre" in " ".join(out.split())


def test_the_table_of_findings_has_a_row_each_with_its_chain(run: Run) -> None:
    code, out, _ = run("check", LEDGER, *DAY, "--format", "csv")
    found = rows(out)
    assert code == 0
    assert tuple(found[0]) == TABLE
    owed = next(row for row in found if row["sort"] == "not_returned")
    assert (owed["part"], owed["holder"], owed["value"]) == ("P04", "1007", "680")
    assert owed["chain"].endswith("moves:12")
    assert len({(row["id"], row["sort"]) for row in found}) == len(found)


def shuffled(into: Path) -> Path:
    """Copy the ledger with the rows of every table in another order."""
    into.mkdir()
    for path in LEDGER.glob("*.csv"):
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        random.Random(7).shuffle(lines)  # noqa: S311 -- no secret
        (into / path.name).write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return into


def test_shuffled_rows_change_nothing_but_where_rows_stand(run: Run, tmp_path: Path) -> None:
    _, one, _ = run("check", LEDGER, *DAY, "--format", "csv")
    _, again, _ = run("check", LEDGER, *DAY, "--format", "csv")
    assert one == again
    other = shuffled(tmp_path / "shuffled")
    _, moved, _ = run("check", other, *DAY, "--format", "csv")
    placed = {"rows", "chain"}
    told = [
        [{k: v for k, v in row.items() if k not in placed} for row in rows(text)]
        for text in (one, moved)
    ]
    assert told[0] == told[1]
    assert one != moved
    digests = [
        json.loads(run("check", folder, *DAY, "--format", "json")[1])["digest"]
        for folder in (LEDGER, other)
    ]
    assert digests[0] == digests[1]


def test_json_has_totals_places_people_rules_and_findings(run: Run) -> None:
    code, out, _ = run("check", LEDGER, *DAY, "--format", "json")
    told = json.loads(out)
    assert code == 0
    assert told["schema"] == "sopaudit.parts/1"
    assert told["together"] == "0"
    assert told["counts"] == {"right": 2, "counted": 3}
    owed = {"place": "owed", "ours": True, "pieces": "1", "value": "680", "since": "2026-10-13"}
    assert owed in told["places"]
    owes = {one["person"]: (one["owed"], one["since"]) for one in told["people"]}
    assert owes["1007"] == ("1", "2026-10-13")
    assert {figure["id"] for figure in told["figures"]} >= {"K-12", "K-14"}
    assert told["findings"] == len(told["losses"])
    assert sum(sort["count"] for sort in told["sorts"]) == told["findings"]
    assert told["digest"].startswith("sha256:")


def test_a_workbook_has_findings_holdings_people_and_counts(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "found.xlsx"
    code, out, _ = run("check", LEDGER, *DAY, "-o", path, "--lang", "en")
    assert code == 0
    assert out.endswith(f"{path.as_posix()}\n")
    assert "All places together 0 0" in " ".join(out.split())
    told = ZipFile(BytesIO(path.read_bytes())).read("xl/workbook.xml").decode()
    for name in ("Findings", "Holdings", "People", "Counts"):
        assert f'name="{name}"' in told
    again = tmp_path / "again.xlsx"
    run("check", LEDGER, *DAY, "-o", again, "--lang", "en")
    assert path.read_bytes() == again.read_bytes()


def test_findings_fail_a_pipeline_that_asks_for_it(run: Run, tmp_path: Path) -> None:
    assert run("check", LEDGER, *DAY, "--fail-on", "major")[0] == 1
    clean = tmp_path / "clean"
    clean.mkdir()
    head = (LEDGER / "moves.csv").read_text(encoding="utf-8").splitlines()[:3]
    (clean / "moves.csv").write_text("\n".join(head) + "\n", encoding="utf-8")
    code, out, _ = run("check", clean, *DAY, "--fail-on", "major", "--lang", "en")
    assert code == 0
    assert "Nothing was found." in out
    code, _, said = run("check", LEDGER, "--fail-on", "worse")
    assert code == 2
    assert "critical" in said


def test_a_ledger_without_moves_says_so(run: Run, tmp_path: Path) -> None:
    shutil.copy(LEDGER / "counts.csv", tmp_path)
    code, out, _ = run("check", tmp_path, *DAY, "--lang", "en")
    assert code == 0
    assert "There are no movements" in out
    assert "What is where" not in out


# --- what a ledger may be ------------------------------------------------------------------------


def test_a_single_table_is_of_moves(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "exported.csv"
    shutil.copy(LEDGER / "moves.csv", table)
    code, out, _ = run("check", table, *DAY, "--lang", "en")
    assert code == 0
    assert "17 movements" in out
    assert "Zeng Qiang (1007)" in out


def test_a_mapping_names_the_columns_of_a_single_table(run: Run, tmp_path: Path) -> None:
    table, mapping = tmp_path / "export.csv", tmp_path / "columns.yaml"
    text = (LEDGER / "moves.csv").read_text(encoding="utf-8")
    table.write_text(text.replace("part_no", "Artikel", 1), encoding="utf-8")
    mapping.write_text(
        "records:\n  moves:\n    columns:\n      part_no: Artikel\n", encoding="utf-8"
    )
    plain = run("trace", table, "A0002", *DAY, "--lang", "en")
    mapped = run("trace", table, "A0002", *DAY, "--mapping", mapping, "--lang", "en")
    assert "part P04" not in plain[1]
    assert mapped[0] == 0
    assert "part P04, serial A0002" in mapped[1]


def test_a_mapping_for_a_folder_is_refused_and_not_passed_over(run: Run, tmp_path: Path) -> None:
    mapping = tmp_path / "columns.yaml"
    mapping.write_text("records: {}\n", encoding="utf-8")
    for ledger in (LEDGER, ROOT / "audits/2026-10-hz-desk"):
        code, _, said = run("check", ledger, "--mapping", mapping)
        assert code == 2
        assert "data/mapping.yaml" in said


def test_a_ledger_nobody_knows_suggests_near_ones(run: Run) -> None:
    code, _, said = run("check", "2026-10-cd-dsk")
    assert code == 2
    assert "2026-10-cd-desk" in said


# --- trace ---------------------------------------------------------------------------------------


def test_a_serial_is_followed_to_the_old_part_that_is_owed(run: Run) -> None:
    code, out, _ = run("trace", LEDGER, "a0002", *DAY, "--lang", "en")
    assert code == 0
    stops = [line[2:] for line in out.splitlines() if line[:1] in {"●", "◆"}]
    assert [" ".join(stop.split()[2:]) for stop in stops] == [
        "received moves:3", "issued moves:11", "fitted moves:12", "old part out moves:12",
    ]  # fmt: skip
    assert "A0002, taken as a serial number" in out
    assert "! old part not returned, or late (PR-18)" in out
    assert "▼ old part still owed: since 2026-10-13, 17 working days, with" in out
    assert "Replayed: +1 −1 = 0, as in the balance." in out


@pytest.mark.parametrize(
    ("word", "lang"),
    [("A0001", "zh"), ("H7731", "en"), ("P04", "en"), ("P09", "zh"), ("CD-261014-003", "zh")],
)
def test_a_trace_replays_to_the_balance_within_80_columns(run: Run, word: str, lang: str) -> None:
    code, out, _ = run("trace", LEDGER, word, *DAY, "--lang", lang)
    assert code == 0
    assert {"zh": "与账面一致", "en": "as in the balance"}[lang] in out
    assert [line for line in out.splitlines() if width(line) > COLUMNS] == []


def test_a_serial_that_steers_the_terminal_is_shown_without_its_power(
    run: Run, tmp_path: Path
) -> None:
    text = (LEDGER / "moves.csv").read_text(encoding="utf-8").replace("A0002", "A\x1b[31m2")
    (tmp_path / "moves.csv").write_text(text, encoding="utf-8")
    _, out, _ = run("trace", tmp_path, "P04", *DAY)
    assert "\x1b" not in out
    assert "A\ufffd[31m2" in out


def test_a_part_shows_its_pieces_and_its_heaps(run: Run) -> None:
    _, out, _ = run("trace", LEDGER, "P09", *DAY, "--lang", "en")
    assert "P09, taken as a part number" in out
    assert "+10" in out
    assert "Replayed: +10 −1 = 9, as in the balance." in out
    _, out, _ = run("trace", LEDGER, "P04", *DAY, "--lang", "en")
    assert "4 with a serial number" in out


def test_a_ticket_joins_the_new_part_and_the_old_one(run: Run) -> None:
    told = json.loads(run("trace", LEDGER, "CD-261009-001", *DAY, "--format", "json")[1])
    assert told["taken_as"] == "ticket_no"
    [piece] = told["pieces"]
    assert piece["serial"] == "A0001"
    moves = [(step["move"], step["old_part"]) for step in piece["steps"]]
    assert moves == [
        ("RECV", False), ("ISSUE", False), ("CONSUME", False), ("CONSUME", True),
        ("RETURN_DEF", False), ("SHIP_DEF", False), ("CENTRE_ACCEPT", False),
    ]  # fmt: skip
    assert told["replay"]["left"] == told["replay"]["balance"]


def test_a_word_nobody_knows_suggests_near_ones(run: Run) -> None:
    code, _, said = run("trace", LEDGER, "A002")
    assert code == 2
    assert "A0002" in said


def test_a_ticket_without_a_move_is_told_apart_from_one_that_is_not(
    run: Run, tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger"
    shutil.copytree(LEDGER, ledger)
    with (ledger / "tickets.csv").open("a", encoding="utf-8") as file:
        file.write("CD-261030-009,CD,phone,on_site,2026-10-30 10:00,1002,,,,,,,,,\n")
    code, _, said = run("trace", ledger, "CD-261030-009")
    assert code == 2
    assert "No movement of a part names the ticket" in said


def test_a_picture_is_an_svg_a_page_or_a_pdf(run: Run, tmp_path: Path) -> None:
    drawn, page, pdf = (tmp_path / f"life.{kind}" for kind in ("svg", "html", "pdf"))
    for path in (drawn, page, pdf):
        code, out, said = run("trace", LEDGER, "A0002", *DAY, "-o", path, "--lang", "en")
        assert (code, out, said) == (0, f"{path.as_posix()}\n", "")
    text = drawn.read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert "old part out" in text
    html = page.read_text(encoding="utf-8")
    assert "Where A0002 went" in html
    assert "with Zeng Qiang (1007), for CD-261013-002" in html
    assert pdf.read_bytes()[:5] == b"%PDF-"


# --- balance -------------------------------------------------------------------------------------


def test_a_balance_is_of_the_end_of_its_day(run: Run) -> None:
    of = {}
    for day in ("2026-10-08", "2026-10-13"):
        _, out, _ = run("balance", LEDGER, "--on", day, "--by", "place,part", "--format", "csv")
        of[day] = {(row["place"], row["part"]): row["pieces"] for row in rows(out)}
    assert of["2026-10-08"]["shelf", "P04"] == "3"
    assert of["2026-10-13"]["shelf", "P04"] == "1"
    assert of["2026-10-13"]["owed", "P04"] == "1"


def test_balances_everywhere_add_up_to_zero(run: Run) -> None:
    told = json.loads(run("balance", LEDGER, "--on", "2026-10-31", "--all", "--format", "json")[1])
    assert told["together"] == "0"
    assert sum(int(row["pieces"]) for row in told["balances"]) == 0
    assert told["by"] == ["place", "part"]


@pytest.mark.parametrize(
    "words",
    [("check",), ("balance",), ("trace", "P09"), ("count", "--site", "CD", "--sheet", "-o")],
)
def test_records_with_problems_end_with_1_after_the_answer(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    ledger = tmp_path / "ledger"
    shutil.copytree(LEDGER, ledger)
    with (ledger / "ledger.csv").open("a", encoding="utf-8") as file:
        file.write('x,"y\n')
    more = [tmp_path / "count.xlsx"] if words[-1] == "-o" else []
    code, out, said = run(words[0], ledger, *words[1:], *more)
    assert (code, bool(out)) == (1, True)
    assert "T009" in said


def test_a_trace_lists_what_is_below_zero_so_that_what_is_there_adds_up(
    run: Run, tmp_path: Path
) -> None:
    told = (LEDGER / "moves.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    moves = tmp_path / "moves.csv"
    moves.write_text("".join(line for line in told if ",RECV," not in line), encoding="utf-8")
    out = run("trace", moves, "P09", *DAY)[1]
    there = out.split("还在的")[1].split("重放")[0].splitlines()[2:]
    cells = [line.split()[1] for line in there if len(line.split()) > 1]
    counts = [int(cell.replace("−", "-")) for cell in cells if cell.lstrip("−").isdigit()]
    assert sum(counts) == -1
    assert min(counts) == -4
    assert "= −1，与账面一致" in out
    one = run("trace", moves, "A0003", *DAY)[1]
    assert "▼ 还在工程师手中：2026-10-20 起" in one
    assert "▽ 少 1 件：库房（好件区），出去的多于进来的" in one


def test_the_total_of_a_balance_is_the_sum_of_its_rows_also_below_zero(
    run: Run, tmp_path: Path
) -> None:
    told = (LEDGER / "moves.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    moves = tmp_path / "moves.csv"
    moves.write_text("".join(line for line in told if ",RECV," not in line), encoding="utf-8")
    day = ("--on", "2026-10-31")
    found = rows(run("balance", moves, *day, "--format", "csv")[1])
    assert min(int(row["value"]) for row in found) < 0
    pieces, value = (sum(int(row[name]) for row in found) for name in ("pieces", "value"))
    assert f"{pieces:,} 件，金额 {value:,}" in run("balance", moves, *day)[1]


def test_a_balance_by_person_names_people(run: Run) -> None:
    _, out, _ = run("balance", LEDGER, "--on", "2026-10-31", "--by", "holder，ticket")
    assert "曾强（1007）" in out
    assert "各处合计：0" in out
    assert [line for line in out.splitlines() if width(line) > COLUMNS] == []


def test_balances_are_told_apart_by_words_that_are_known(run: Run) -> None:
    code, _, said = run("balance", LEDGER, "--by", "place,seriall")
    assert code == 2
    assert "serial" in said
    code, _, said = run("balance", LEDGER, "--on", "31.10.2026")
    assert code == 2
    assert "--on" in said


def test_what_is_open_is_the_opening_of_the_next_period(run: Run, tmp_path: Path) -> None:
    """The balances of the end are the same, whether the month is read whole or from its middle."""
    half, opening = tmp_path / "half", tmp_path / "half/opening.csv"
    half.mkdir()
    split = "2026-10-15"
    code, out, _ = run("balance", LEDGER, "--on", split, "--opening", opening)
    assert code == 0
    assert out.endswith(f"{opening.as_posix()}\n")
    head, *lines = (LEDGER / "moves.csv").read_text(encoding="utf-8").splitlines()
    later = [line for line in lines if line.split(",")[2][:10] > split]
    (half / "moves.csv").write_text("\n".join([head, *later]) + "\n", encoding="utf-8")
    for name in ("tickets.csv", "ledger.csv"):
        shutil.copy(LEDGER / name, half)
    by = ("--on", "2026-11-05", "--by", "place,part,serial,holder,ticket", "--format", "csv")
    assert rows(run("balance", LEDGER, *by)[1]) == rows(run("balance", half, *by)[1])


def test_an_opening_is_written_as_csv_alone(run: Run, tmp_path: Path) -> None:
    code, _, said = run("balance", LEDGER, "--opening", tmp_path / "opening.xlsx")
    assert code == 2
    assert ".csv" in said


# --- a table too big for one go ------------------------------------------------------------------

MOVES = ROOT / "audits/2026-10-cd-desk/data/moves.csv"


def test_a_table_in_parts_says_what_it_says_in_one_go(run: Run, tmp_path: Path) -> None:
    whole = json.loads(run("check", MOVES, *DAY, "--format", "json")[1])
    kept = ("--engine", "serial", "--work", tmp_path / "work")
    told = json.loads(run("check", MOVES, *DAY, *kept, "--format", "json")[1])
    assert told["in_parts"]
    assert told["findings"] > 0
    for key in ("digest", "moves", "findings", "together", "places", "sorts"):
        assert told[key] == whole[key], key
    people = [{**one, "tickets": []} for one in whole["people"]]
    assert told["people"] == people
    # Nothing is heard that is not heard in one go, and what is not heard is named.
    heard = {rule["rule"] for rule in told["rules"]}
    assert heard.isdisjoint(told["unheard"])
    table = [run("check", MOVES, *DAY, *how, "--format", "csv")[1] for how in ((), kept)]
    assert table[0] == table[1]
    _, text, _ = run("check", MOVES, *DAY, *kept, "--lang", "en")
    assert "All places together 0 0" in " ".join(text.split())
    assert whole["digest"] in text
    assert [x for x in text.splitlines() if width(x) > COLUMNS and "sha256" not in x] == []
    assert run("check", MOVES, *DAY, *kept, "--fail-on", "major")[0] == 1


def test_options_of_parts_are_refused_where_they_mean_nothing(run: Run, tmp_path: Path) -> None:
    code, _, said = run("check", LEDGER, "--engine", "serial")
    assert code == 2
    assert "--engine" in said
    code, _, said = run("check", MOVES, "--engine", "cereal")
    assert code == 2
    assert "serial" in said
    code, _, said = run("check", LEDGER / "counts.csv", "--engine", "serial")
    assert code == 2
    assert "moves" in said
    table = tmp_path / "export.csv"
    table.write_text("move_type,at\nRECV,2026-10-08\n", encoding="utf-8")
    code, _, said = run("check", table, "--engine", "serial")
    assert code == 2
    assert "part numbers" in said
    code, _, said = run("check", MOVES, "--engine", "serial", "-o", tmp_path / "found.xlsx")
    assert code == 2
    assert ".csv" in said
