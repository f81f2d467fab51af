"""`sopaudit parts count` as an auditor calls it: from the ledger to the variance and the audit."""

import csv
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.findings.office import book
from tests.sheets.filling import PEOPLE, Typed, filled

from sopaudit.cli import main
from sopaudit.criteria import handbook
from sopaudit.evidence.records import read_records
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[2]
HEAD = "site,part_no,part_name,product_line,serial,abc_class,unit_price,status,qty,location"
SP_1 = f"""{HEAD}
CD,K01,螺丝,desktop,,A,20,good,100,A-01
CD,K02,螺母,desktop,,A,5,good,100,A-02
"""
MIXED = (
    SP_1
    + """CD,K03,垫片,desktop,,C,1,good,100,A-03
CD,K04,卡扣,desktop,,,1,good,10,A-04
CD,P01,主板,desktop,X1,A,680,good,1,B-01
CD,P01,主板,desktop,X2,A,680,good,1,B-01
"""
)
SEEN: dict[tuple[str, str], dict[str, Typed]] = {
    ("A-01", "K01"): {"counted": 95},
    ("A-02", "K02"): {"counted": 105},
    ("A-03", "K03"): {"counted": 104, "recount": 95, "remark": "盒子湿了"},
    ("A-04", "K04"): {"counted": 9},
    ("B-01", "P01"): {"counted": 2, "serials": "X1 X9"},
}
Run = Any


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Give the function that runs the command line and gives code, output and errors."""
    monkeypatch.setattr(handbook, "load_handbook", lambda _: (book(), []))

    def ran(*words: str | Path) -> tuple[Any, str, str]:
        monkeypatch.chdir(ROOT)
        monkeypatch.setattr("sys.argv", ["sopaudit", "parts", "count", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main.main()
        said = capfdbinary.readouterr()
        return ended.value.code, said.out.decode(), said.err.decode()

    return ran


def store(folder: Path, ledger: str) -> Path:
    (folder / "records").mkdir()
    (folder / "records/ledger.csv").write_text(ledger, "utf-8")
    return folder / "records"


def counted(run: Run, records: Path, seen: Mapping[tuple[str, str], Mapping[str, Typed]]) -> Path:
    """Have a sheet written, and fill it in."""
    sheet = records.parent / "count.xlsx"
    words = ("--sheet", "--all", "--seed", "7", "--as-of", "2026-11-05", "-o", sheet)
    code, _, wrong = run(records, *words)
    assert (code, wrong) == (0, "")
    sheet.write_bytes(filled(sheet.read_bytes(), seen))
    return sheet


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    folder = tmp_path / "audit"
    shutil.copytree(ROOT / "audits/2026-10-cd", folder, ignore=shutil.ignore_patterns("frozen"))
    about = folder / "audit.yaml"
    about.write_text(about.read_text("utf-8").replace("state: final", "state: draft"), "utf-8")
    return folder


def test_sp_1_totals_agree_and_yet_no_line_is_right(run: Run, tmp_path: Path) -> None:
    records = store(tmp_path, SP_1)
    seen = {("A-01", "K01"): {"counted": 95}, ("A-02", "K02"): {"counted": 105}}
    sheet = counted(run, records, seen)
    code, said, wrong = run(records, "--read", sheet, "--as-of", "2026-11-05", "--format", "json")
    assert (code, wrong) == (0, "")
    told = json.loads(said)
    assert told["accuracy"] == {"right": 0, "counted": 2, "share": "0"}
    assert told["plus"] == {"lines": 1, "number": "5", "value": "25", "unpriced": 0}
    assert told["minus"] == {"lines": 1, "number": "5", "value": "100", "unpriced": 0}
    assert sum(int(line["counted"]) for line in told["lines"]) == 200
    assert [line["verdict"] for line in told["lines"]] == ["nonconforming"] * 2


def test_the_verdicts_are_those_of_the_rule_and_the_arithmetic_is_exact(
    run: Run, tmp_path: Path
) -> None:
    records = store(tmp_path, MIXED)
    sheet = counted(run, records, SEEN)
    told = json.loads(run(records, "--read", sheet, "--format", "json")[1])
    lines = {(line["part_no"], line["serial"]): line for line in told["lines"]}
    assert {name: line["verdict"] for name, line in lines.items()} == {
        ("K01", None): "nonconforming",
        ("K02", None): "nonconforming",
        ("K03", None): "conforming",
        ("K04", None): "unknown",
        ("P01", "X1"): "conforming",
        ("P01", "X2"): "nonconforming",
        ("P01", "X9"): "nonconforming",
    }
    assert lines["K03", None]["first"] == "104"
    assert lines["K03", None]["share"] == "-1/20"
    assert (lines["P01", "X9"]["book"], lines["P01", "X9"]["value"]) == ("0", "680")
    assert told["accuracy"] == {"right": 2, "counted": 6, "share": "1/3"}
    assert told["serialised"] == {"right": 1, "counted": 3, "share": "1/3"}
    assert (told["plus"]["number"], told["minus"]["number"]) == ("6", "12")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_fits_a_terminal_and_names_what_was_left_out(
    run: Run, tmp_path: Path, lang: str
) -> None:
    records = store(tmp_path, MIXED)
    seen = {name: said for name, said in SEEN.items() if name != ("A-02", "K02")}
    sheet = counted(run, records, seen)
    code, said, wrong = run(records, "--read", sheet, "--as-of", "2026-11-05", "--lang", lang)
    assert (code, wrong) == (0, "")
    assert [line for line in said.splitlines() if width(line) > COLUMNS] == []
    assert "A-02 K02" in said
    assert "盒子湿了" in said
    assert "X9" in said


def test_a_count_is_kept_in_the_audit_once_and_read_as_its_record(
    run: Run, tmp_path: Path, audit: Path
) -> None:
    records = store(tmp_path, MIXED)
    sheet = counted(run, records, SEEN)
    words = (records, "--read", sheet, "--into", audit)
    code, said, wrong = run(*words)
    assert (code, wrong) == (0, "")
    assert "data/counts.csv" in said
    kept, problems = read_records(audit / "data", book(), office="CD")
    assert problems == []
    counts = kept.of("counts")
    assert counts.texts("counted") == ["95", "105", "95", "9", "1", "0", "1"]
    assert set(counts.texts("counter")) == {"1011"}
    before = (audit / "data/counts.csv").read_bytes()
    code, _, wrong = run(*words)
    assert code == 2
    assert "--replace" in wrong
    assert (audit / "data/counts.csv").read_bytes() == before
    assert run(*words, "--replace")[0] == 0
    assert (audit / "data/counts.csv").read_bytes() == before


def test_lines_of_other_counts_and_columns_of_others_stay(
    run: Run, tmp_path: Path, audit: Path
) -> None:
    (audit / "data").mkdir()
    place = audit / "data/counts.csv"
    header = "盘点号,时间,站点,货位,备件编号,序列号,实盘数,盘点人,复核人,差异原因,自己的"
    old = f"{header}\nC9,2026-10-01,CD,A-01,K01,,1,1011,1004,,私\n"
    place.write_bytes(b"\xef\xbb\xbf" + old.encode())
    records = store(tmp_path, SP_1)
    sheet = counted(run, records, {("A-01", "K01"): {"counted": 95}})
    assert run(records, "--read", sheet, "--into", audit)[0] == 0
    rows = list(csv.DictReader(place.read_text("utf-8-sig").splitlines()))
    assert [(row["盘点号"][:2], row["实盘数"], row["自己的"]) for row in rows] == [
        ("C9", "1", "私"), ("CD", "95", ""),
    ]  # fmt: skip
    assert place.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_sheet_with_problems_is_told_and_not_kept(run: Run, tmp_path: Path, audit: Path) -> None:
    records = store(tmp_path, SP_1)
    seen = {("A-01", "K01"): {"counted": -1}, ("A-02", "K02"): {"counted": 100}}
    sheet = counted(run, records, seen)
    code, said, wrong = run(records, "--read", sheet, "--into", audit)
    assert code == 1
    assert "A164" in wrong
    assert "F9" in wrong
    assert "K01" in said  # told as not counted
    assert not (audit / "data").exists()


def test_a_final_audit_and_one_of_another_office_take_no_count(
    run: Run, tmp_path: Path, audit: Path
) -> None:
    records = store(tmp_path, SP_1)
    sheet = counted(run, records, {("A-01", "K01"): {"counted": 95}})
    about = audit / "audit.yaml"
    text = about.read_text("utf-8")
    for changed, said in (
        (text.replace("state: draft", "state: final"), "final"),
        (text.replace("office: CD", "office: CQ"), "CQ"),
    ):
        assert changed != text, said
        about.write_text(changed, "utf-8")
        assert run(records, "--read", sheet, "--into", audit)[0] in (1, 2)
        assert not (audit / "data").exists()


def test_every_format_says_the_same(run: Run, tmp_path: Path) -> None:
    records = store(tmp_path, MIXED)
    sheet = counted(run, records, SEEN)
    out = tmp_path / "out"
    for kind in ("csv", "xlsx", "json"):
        assert run(records, "--read", sheet, "-o", out.with_suffix(f".{kind}"))[0] == 0
    rows = list(csv.DictReader(out.with_suffix(".csv").read_text("utf-8-sig").splitlines()))
    told = json.loads(out.with_suffix(".json").read_text("utf-8"))["lines"]
    assert [(r["part_no"], r["difference"], r["verdict"]) for r in rows] == [
        (t["part_no"], t["difference"], t["verdict"]) for t in told
    ]
    first = out.with_suffix(".xlsx").read_bytes()
    assert run(records, "--read", sheet, "-o", out.with_suffix(".xlsx"))[0] == 0
    assert out.with_suffix(".xlsx").read_bytes() == first


def test_the_data_has_the_keys_the_docs_list(run: Run, tmp_path: Path) -> None:
    records = store(tmp_path, MIXED)
    sheet = counted(run, records, SEEN)
    told = json.loads(run(records, "--read", sheet, "--format", "json")[1])
    text = (ROOT / "docs/formats.md").read_text("utf-8")
    part = text.partition("`sopaudit.variance/1` |")[2].partition("\n\n")[0]
    listed = [row.split("|")[1].split(",") for row in part.splitlines() if row.startswith("|")]
    assert {"schema", *(name.strip() for names in listed for name in names)} == set(told)
    assert f"`{' '.join(told['lines'][0])}`" in part


def test_a_store_of_several_sites_asks_which(run: Run, tmp_path: Path) -> None:
    records = store(tmp_path, SP_1 + "CQ,K01,螺丝,desktop,,A,20,good,7,A-01\n")
    code, _, wrong = run(records, "--sheet", "-o", tmp_path / "x.xlsx")
    assert code == 2
    assert "CD, CQ" in wrong
    assert run(records, "--sheet", "--site", "CQ", "-o", tmp_path / "x.xlsx")[0] == 0
    assert run(records, "--sheet", "--site", "XX", "-o", tmp_path / "x.xlsx")[0] == 2


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--sheet", "--read", "x.xlsx"),
        ("--sheet",),
        ("--sheet", "-o", "x.docx"),
        ("--sheet", "--also", "K99", "-o", "x.xlsx"),
    ],
)
def test_words_that_do_not_fit_are_refused(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert run(store(tmp_path, SP_1), *words)[0] == 2


def test_records_without_a_ledger_are_refused(run: Run) -> None:
    assert run("tests/tables/office", "--sheet", "-o", "x.xlsx")[0] == 2


def test_the_people_of_the_tests_are_on_the_roster() -> None:
    assert all(book().person(PEOPLE[name]) for name in ("counter", "checker"))
