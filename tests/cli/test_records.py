"""Audits whose records answer, from the command line."""

import csv as tables
import json
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from tests.findings.garage import AUDIT, answer, csv, shop, ticket

from sopaudit.cli import main

Run = Callable[..., tuple[int, str, str]]

FOLDER = f"audits/{AUDIT}"


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Stand in the garage, whose audit has records of ten tickets, one of them late."""
    audit = shop(tmp_path)
    keep(audit, 1)
    monkeypatch.chdir(tmp_path)

    def ran(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["sopaudit", *words])
        with pytest.raises(SystemExit) as ended:
            main.main()
        told = capsysbinary.readouterr()
        return int(ended.value.code or 0), told.out.decode(), told.err.decode()

    return ran


def keep(audit: Path, late: int) -> None:
    (audit / "data").mkdir(exist_ok=True)
    tickets = [ticket(n, **({"minutes": "90"} if n <= late else {})) for n in range(1, 11)]
    (audit / "data/tickets.csv").write_text(csv(tickets))


def scored(run: Run) -> list[dict[str, str]]:
    code, out, _ = run("score", FOLDER, "--format", "csv")
    assert code == 0
    return [*tables.DictReader(StringIO(out.lstrip("\ufeff")))]


def test_an_audit_of_records_alone_is_scored_explained_and_asked(run: Run) -> None:
    rows = scored(run)
    assert [row["checklist"] for row in rows] == ["CK-MEC", "CK-BRANCH"]
    code, out, _ = run("explain", FOLDER, "R1", "--lang", "en")
    assert code == 0
    assert "1 of 10 fail, 0 unknown" in out
    assert "G-001" in out
    code, out, _ = run("whatif", FOLDER, "--to", "A", "--lang", "en")
    assert code == 0


def test_the_report_is_written_in_every_format(run: Run) -> None:
    for kind in ("html", "json", "xlsx"):
        code, _, _ = run("report", FOLDER, "-o", f"told.{kind}", "--lang", "en")
        assert code == 0
    assert "from the records: 1 of 10, 0 unknown" in Path("told.html").read_text()
    told = json.loads(Path("told.json").read_text())
    assert {file["id"] for file in told["handbook"]["files"]} >= {"rules"}
    assert told["records"]["files"][0]["file"] == "tickets.csv"


def test_a_final_audit_keeps_what_its_records_said(run: Run) -> None:
    audit = Path(FOLDER)
    described = audit / "audit.yaml"
    described.write_text(described.read_text() + "state: final\n")
    before = scored(run)
    assert run("freeze", FOLDER)[0] == 0
    shutil.move(audit / "data", "elsewhere")
    assert scored(run) == before
    shutil.move("elsewhere", audit / "data")
    assert scored(run) == before
    keep(audit, 2)
    code, out, err = run("score", FOLDER, "--lang", "en")
    assert code == 1
    assert "A150" in err
    assert "CK-MEC" not in out


def test_a_replay_keeps_what_the_records_said(run: Run) -> None:
    answer(Path(FOLDER), {"item": "M1", "result": "yes"})
    before = next(row for row in scored(run) if row["checklist"] == "CK-MEC")
    shutil.copytree(".", "../new", ignore=shutil.ignore_patterns("audits"))
    sheet = Path("../new/checklists/mec.yaml")
    sheet.write_text(sheet.read_text().replace("points: 10, scoring: R", "points: 40, scoring: R"))
    sheet.write_text(sheet.read_text().replace('edition: "1"', 'edition: "2"'))
    words = ("diff", ".", "../new", "--replay", FOLDER, "--format", "json")
    code, out, err = run(*words)
    assert code == 0, err
    (audit,) = json.loads(out)["replay"]
    row = next(r for r in audit["results"] if r["checklist"] == "CK-MEC")
    assert row["old"]["score"] == before["score"]
    assert row["new"]["score"] != before["score"]
    assert row["not_carried"] == []
