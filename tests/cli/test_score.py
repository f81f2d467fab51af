"""`sopaudit score` as an auditor and a program see it."""

import json
from pathlib import Path

import pytest

from sopaudit.cli import main, stop

ROOT = Path(__file__).parents[2]
FHRS = ("--handbook", "examples/fhrs", "--table")


def sopaudit(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the command line in this process and give its exit code."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sys.argv", ["sopaudit", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_sample_audit_has_a_row_for_each_checklist_and_one_for_the_branch(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sopaudit(monkeypatch, "score", "2026-10-cd") == 0
    said = capsys.readouterr()
    assert said.out == (
        "audit       checklist  score  possible  percent  grade  state\n"
        "2026-10-cd  CK-HTL      91.2       100     91.2  B      scored\n"
        "2026-10-cd  CK-COO      76.9       100     76.9  D      scored\n"
        "2026-10-cd  CK-BRANCH   84.0       100       84  C      limited scope\n"
    )
    assert not said.err


def test_json_stands_alone_on_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sopaudit(monkeypatch, "score", "audits/2026-10-cd", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert list(rows[0]) == [
        *("audit", "checklist", "score", "possible", "percent", "grade", "state", "limits")
    ]
    assert [row["grade"] for row in rows] == ["B", "D", "C"]


def test_a_table_becomes_csv_and_what_cannot_be_read_is_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "e.csv"
    table.write_text(
        "establishment_id,authority,business_type,rating_date,hygiene,structural,"
        "confidence_in_management,published_rating\n"
        "007,X,Y,2024-01-01,5,10,0,4\n"
        "008,X,Y,2024-01-01,5,seven,0,4\n",
        encoding="utf-8",
    )
    out, lost = tmp_path / "out.csv", tmp_path / "lost.csv"
    words = (*FHRS, f"establishments={table}", "-o", str(out), "--unreadable", str(lost))
    assert sopaudit(monkeypatch, "score", *words) == 1
    said = capsys.readouterr()
    assert not said.out
    assert f"{table}:3:6: T" in said.err
    assert out.read_text(encoding="utf-8") == (
        "audit,checklist,score,possible,percent,grade,state,limits\n"
        "007,FHRS,15,,,4,scored,worst-above-5\n"
        "008,FHRS,,,,,not scored,\n"
    )
    assert "seven" in lost.read_text(encoding="utf-8")


@pytest.mark.parametrize(("lang", "said"), [("zh", "2 处按习惯读取"), ("en", "2 read by habit")])
def test_what_is_read_by_habit_is_counted_and_listed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    lang: str,
    said: str,
) -> None:
    table = tmp_path / "e.csv"
    table.write_text(
        "establishment_id,authority,business_type,rating_date,hygiene,structural,"
        "confidence_in_management,published_rating\n"
        "007,X,/,2024年1月1日,5,10,0,4\n",
        encoding="utf-8",
    )
    listed = tmp_path / "read.csv"
    words = (*FHRS, f"establishments={table}", "--lang", lang, "--readings", str(listed))
    assert sopaudit(monkeypatch, "score", *words) == 0
    assert capsys.readouterr().err.startswith(said)
    raw = listed.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbffile,sheet,row,column,text,read_as,habit,reason")
    rows = [line.split(",")[2:7] for line in raw.decode().splitlines()[1:]]
    assert rows == [
        ["2", "business_type", "/", "", "blank"],
        ["2", "rating_date", "2024年1月1日", "2024-01-01", "date"],
    ]
    table.write_text(
        table.read_text("utf-8").replace("/", "Y").replace("2024年1月1日", "2024-01-01"), "utf-8"
    )
    assert sopaudit(monkeypatch, "score", *words) == 0
    assert not capsys.readouterr().err


def test_only_the_audits_named_are_scored(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = "establishments=tests/tables/fhrs/establishments.csv"
    ids = (ROOT / "tests/tables/fhrs/expected.csv").read_text(encoding="utf-8").splitlines()
    wanted = ids[3].split(",")[0]
    assert sopaudit(monkeypatch, "score", *FHRS, table, wanted, "--format", "csv") == 0
    assert [line.split(",")[0] for line in capsys.readouterr().out.splitlines()[1:]] == [wanted]
    assert sopaudit(monkeypatch, "score", *FHRS, table, "nobody") == stop.USAGE


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--table", "nothing"),
        ("--table", "a=b", "--table", "a=c", "--handbook", "examples/fhrs"),
        ("no-such-audit",),
    ],
)
def test_a_wrong_call_exits_2_and_is_told_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert sopaudit(monkeypatch, "score", *words) == stop.USAGE
    zh, en = capsys.readouterr().err.splitlines()
    assert not zh.isascii()
    assert en.replace("“", "").replace("”", "").isascii()
