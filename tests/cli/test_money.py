"""`sopaudit parts money`, as a manager calls it."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from tests.findings.office import book

from sopaudit.cli import main
from sopaudit.criteria import handbook
from sopaudit.criteria.handbook import bare
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[2]
BOOK = """at,site,ticket_no,kind,amount,method,receipt_no,handed_by,received_by
2026-10-09 10:35,CD,CD-1,collected,"¥1,130.00",cash,R1,1006,1012
2026-10-09 15:04,CD,CD-2,collected,150,private_code,R2,1007,1012
2026-10-10 09:00,CD,CD-9,handed_in,20元,cash,R3,1007,1012
"""
Run = Any


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> Run:
    """Give the function that runs the command on a cash book and gives code, output and errors."""
    monkeypatch.setattr(handbook, "load_handbook", lambda _: (book(), []))
    (tmp_path / "cash_book.csv").write_text(BOOK, encoding="utf-8")

    def ran(*words: str, folder: Path = tmp_path) -> tuple[Any, str, str]:
        monkeypatch.chdir(ROOT)
        asked = ["sopaudit", "parts", "money", str(folder), "--as-of", "2026-10-31", *words]
        monkeypatch.setattr("sys.argv", asked)
        with pytest.raises(SystemExit) as ended:
            main.main()
        said = capfdbinary.readouterr()
        return ended.value.code, said.out.decode(), said.err.decode()

    return ran


def test_it_tells_who_is_short_by_how_much_and_since_when(run: Run) -> None:
    code, out, _ = run("--lang", "zh")
    assert not code
    lines = out.splitlines()
    first = next(n for n, line in enumerate(lines) if line == "谁手里还有没交的钱")
    assert "1,130.00，1 笔" in lines[first + 1]
    assert "最早一笔 2026-10-09 10:35（22 天），工单 CD-1，收据 R1" in lines[first + 2]
    assert "cash_book:2" in out
    assert max(map(width, lines)) <= COLUMNS


def test_english_says_the_same_in_eighty_columns(run: Run) -> None:
    _, out, _ = run("--lang", "en")
    assert "1,130.00, 1 payment" in out
    assert "paid by a method that is none of ours: private_code" in out
    assert "never collected" in out
    assert max(map(width, out.splitlines())) <= COLUMNS


def test_data_is_exact(run: Run) -> None:
    _, out, _ = run("--format", "json")
    said = json.loads(out)
    assert said["schema"] == "sopaudit.money/1"
    assert [(each["person"], each["amount"]) for each in said["shorts"]] == [("1006", "1130.00")]
    assert [(each["sort"], each["amount"]) for each in said["surplus"]] == [("without", "20.00")]
    assert said["doubts"] == [
        {"row": "cash_book:3", "reason": "method", "said": "private_code"},
    ]


ODD = """at,site,ticket_no,kind,amount,method,receipt_no,handed_by,received_by
2026-10-09 10:35,CD,CD-1,collected,100,cash,R1,1006,1012
2026-10-10 09:00,CD,CD-1,handed_in,100,cash,R1,1007,1012
2026-10-12 10:35,CD,CD-3,collected,某数,cash,R3,1006,1012
"""


def test_what_another_collected_and_days_nobody_can_read_are_named_for_what_they_are(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "cash_book.csv").write_text(ODD, encoding="utf-8")
    charged = "ticket_no,at,amount\nCD-1,2026-10-09 10:00,100\nCD-3,2026-10-12 10:00,150\n"
    (tmp_path / "charges.csv").write_text(charged, encoding="utf-8")
    _, out, _ = run("--lang", "zh")
    assert "交了不是自己收的钱" in out
    assert "2026-10-12  收费 150.00  收款 0.00  有金额读不出" in out
    assert "差 -150.00" not in out
    days = json.loads(run("--format", "json")[1])["days"]
    assert [(day["day"], day["unknown"]) for day in days] == [
        ("2026-10-09", False), ("2026-10-12", True),
    ]  # fmt: skip


def test_a_table_has_a_row_for_all_that_is_open_or_differs(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("-o", str(tmp_path / "money.csv"))
    assert not code
    assert out.strip().endswith("money.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "money.csv").read_text(encoding="utf-8"))))
    assert [row["sort"] for row in rows] == [
        "open", "open", "without", "not charged", "not charged", "unread",
    ]  # fmt: skip


def test_without_a_cash_book_it_says_so(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "charges.csv").write_text("ticket_no,at,amount\nCD-1,2026-10-09,80\n", "utf-8")
    code, out, _ = run("--lang", "en", folder=other)
    assert not code
    assert "nobody can say where the money is" in out


def test_a_handbook_that_does_not_say_where_money_can_be(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    mute = replace(book(), money=bare().money)
    monkeypatch.setattr(handbook, "load_handbook", lambda _: (mute, []))
    code, _, err = run("--lang", "en")
    assert code == 2
    assert "sops/money.yaml" in err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_in_the_docs_says_what_it_says(run: Run, tmp_path: Path, lang: str) -> None:
    page = (ROOT / "docs/money.md").read_text(encoding="utf-8")
    folder = tmp_path / "ledger"
    folder.mkdir()
    for name in ("cash_book", "charges"):
        told = page.split(f"`{name}.csv`:")[1].split("```csv\n")[1].split("```")[0]
        (folder / f"{name}.csv").write_text(told, encoding="utf-8")
    asked = page.split(f"--as-of 2026-10-15 --lang {lang}`:")[1]
    code, out, _ = run("--as-of", "2026-10-15", "--lang", lang, folder=folder)
    assert not code
    assert out == asked.split("```text\n")[1].split("```")[0]
