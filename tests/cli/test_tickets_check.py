"""`sopaudit tickets check`: logs, records and workflows as a person names them."""

import csv
import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.findings.office import book

from sopaudit.cli import main
from sopaudit.cli.scale import way
from sopaudit.cli.tickets import checking
from sopaudit.criteria import handbook
from sopaudit.evidence.quality import Quality
from sopaudit.report.checked.text import percent
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[2]
REPAIRS = ROOT.parent / "shared/data/logs/repairExample.xes.gz"
DESK = "audits/2026-10-hz-desk"
BAD_DESK = "audits/2026-10-cq-desk"
Run = Any

GOOD = (
    "dispatch_received", "customer_contacted", "visit_promised", "engineer_assigned",
    "warranty_checked", "departed", "arrived", "diagnosed", "repair_started", "repair_done",
    "customer_signed", "completed",
)  # fmt: skip


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Give the function that runs the command line and gives code, output and errors."""

    def ran(*words: str | Path, own: bool = True, at: Path = ROOT) -> tuple[Any, bytes, str]:
        with monkeypatch.context() as here:
            if own:
                here.setattr(handbook, "load_handbook", lambda _: (book(), []))
            here.chdir(at)
            here.setattr("sys.argv", ["sopaudit", "tickets", "check", *map(str, words)])
            with pytest.raises(SystemExit) as ended:
                main.main()
        said = capfdbinary.readouterr()
        return ended.value.code, said.out, said.err.decode()

    return ran


def lines(tickets: int = 40) -> Iterator[tuple[str, str, str, str, str]]:
    """Make events: every fourth ticket is not signed, every tenth has a step nobody knows."""
    for n in range(tickets):
        steps = [step for step in GOOD if n % 4 or step != "customer_signed"]
        steps += ["weighed"] if n % 10 == 9 else []
        for k, step in enumerate(steps):
            at = np.datetime64("2026-10-12T09:00") + np.timedelta64(7 * n + k, "m")
            post = "COO" if k < 4 or step == "completed" else "OSE"
            yield f"T-{n:04d}", step, str(at).replace("T", " "), "1004", post


def in_time() -> list[tuple[str, str, str, str, str]]:
    return sorted(lines(), key=lambda line: line[2])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("ticket_no", "event", "at", "actor", "post"))
        writer.writerows(in_time())
    return path


def told(run: Run, *words: str | Path, **how: Any) -> dict[str, Any]:  # noqa: ANN401 -- as `run`
    code, said, wrong = run(*words, "--format", "json", **how)
    assert (code, wrong) == (0, "")
    found: dict[str, Any] = json.loads(said)
    return found


def test_json_has_the_totals_of_every_ticket(run: Run, log: Path) -> None:
    found = told(run, log, "--workflow", "F2")
    names = ("tickets", "conforming", "nonconforming", "open", "not_assessable", "total_cost")
    assert [found[name] for name in names] == [40, 26, 14, 0, 0, 14]
    sorts = {(one["type"], one["step"]): one["count"] for one in found["sorts"]}
    assert sorts == {("skipped", "F2.14 customer_signed"): 10, ("unknown step", "weighed"): 4}


def test_the_digest_is_that_of_the_table_that_is_written(
    run: Run, log: Path, tmp_path: Path
) -> None:
    file = tmp_path / "deviations.csv"
    code, _, _ = run(log, "--workflow", "F2", "-o", file)
    assert code == 0
    found = told(run, log, "--workflow", "F2")
    assert found["digest"] == f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert rows == found["deviations"]
    code, said, _ = run(log, "--workflow", "F2", "--format", "csv")
    assert (code, said) == (0, file.read_bytes())


@pytest.mark.parametrize("engine", ["serial", "pool"])
def test_parts_say_what_one_go_says_to_the_last_byte(
    run: Run, log: Path, tmp_path: Path, engine: str
) -> None:
    whole, parts = tmp_path / "whole.csv", tmp_path / "parts.csv"
    run(log, "--workflow", "F2", "-o", whole)
    run(log, "--workflow", "F2", "-o", parts, "--engine", engine)
    assert parts.read_bytes() == whole.read_bytes()
    one, other = (
        told(run, log, "--workflow", "F2"),
        told(run, log, "--workflow", "F2", "--engine", engine),
    )
    same = ("tickets", "conforming", "total_cost", "digest", "sorts", "variants", "quality")
    assert {name: one[name] for name in same} == {name: other[name] for name in same}


@pytest.mark.parametrize(
    ("engine", "count"),
    [("serial", 1), ("serial", 8), ("serial", 64), ("pool", 8), ("dask", 8)],
)
def test_moved_rows_parts_and_engines_give_one_digest(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, count: int
) -> None:
    from sopaudit.findings.conformance import big_log

    pytest.importorskip("distributed" if engine == "dask" else "json", reason="sopaudit[dask]")
    monkeypatch.setattr(big_log, "parts_for", lambda _: count)
    names = ("ticket_no", "event", "at", "actor", "post", "sopaudit:row")
    # Ten events share a time, so that only the number of the row says which was first.
    rows = [(*row[:2], row[2][:-1] + "0", *row[3:], n) for n, row in enumerate(lines(200), 1)]
    digests = set()
    for name, found in (("one", rows), ("moved", sorted(rows, key=lambda row: hash(row[-1]) % 97))):
        path = tmp_path / f"{name}.parquet"
        pq.write_table(pa.table(dict(zip(names, zip(*found, strict=True), strict=True))), path)
        words = () if name == "one" else ("--engine", engine)
        digests.add(told(run, path, "--workflow", "F2", *words)["digest"])
    assert len(digests) == 1


def test_of_kept_parts_only_those_that_changed_are_done_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sopaudit.findings.conformance import big_log

    path, kept = tmp_path / "log.parquet", tmp_path / "kept"
    rows = list(lines(400))
    monkeypatch.setattr(big_log, "parts_for", lambda _: 8)

    def write(found: Sequence[tuple[str, ...]]) -> None:
        names = ("ticket_no", "event", "at", "actor", "post")
        pq.write_table(pa.table(dict(zip(names, zip(*found, strict=True), strict=True))), path)

    def work() -> list[int]:
        done: list[int] = []
        real = big_log.Checking.__call__

        def seen(self: big_log.Checking, part: int) -> int:
            done.append(part)
            return real(self, part)

        with monkeypatch.context() as here:
            here.setattr(big_log.Checking, "__call__", seen)
            code, _, _ = run(path, "--workflow", "F2", "--work", kept, "--engine", "serial")
        assert code == 0
        return done

    write(rows)
    assert sorted(work()) == list(range(8))
    assert work() == []
    changed = [
        row if row[:2] != ("T-0007", "arrived") else (*row[:3], "1007", row[4]) for row in rows
    ]
    write(changed)
    assert len(work()) == 1
    assert len(set(rows) ^ set(changed)) == 2


def test_a_workflow_may_stand_in_a_file_without_any_handbook(run: Run, tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples/repair/sops/workflows/repair.yaml", tmp_path / "repair.yaml")
    (tmp_path / "log.csv").write_text(
        "case:concept:name,concept:name,time:timestamp\n"
        "1,Register,2026-01-05 08:00\n1,Analyze Defect,2026-01-05 09:00\n", encoding="utf-8"
    )  # fmt: skip
    found = told(run, "log.csv", "--workflow", "repair.yaml", own=False, at=tmp_path)
    assert (found["tickets"], found["nonconforming"]) == (1, 1)


@pytest.mark.skipif(not REPAIRS.is_file(), reason="the public logs are not here")
def test_the_repairs_of_a_public_log_are_checked_as_they_stand(run: Run) -> None:
    words = ("--handbook", "examples/repair", "--workflow", "repair")
    found = told(run, REPAIRS, *words, own=False)
    assert [found[n] for n in ("tickets", "conforming", "total_cost")] == [1104, 895, 343]
    assert len(found["variants"]) == 62


def test_open_tickets_are_told_apart_once_a_day_is_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "ticket_no,event,at\nA,dispatch_received,2026-10-12 09:00\n"
        "A,customer_contacted,2026-10-12 09:30\n", encoding="utf-8"
    )  # fmt: skip
    assert told(run, path, "--workflow", "F2")["open"] == 0
    assert told(run, path, "--workflow", "F2", "--as-of", "2026-10-12")["open"] == 1


def test_the_records_of_an_office_are_held_against_workflows_and_rules(run: Run) -> None:
    code, said, wrong = run(DESK, "--lang", "en")
    assert (code, wrong) == (0, "")
    text = said.decode()
    assert "277 tickets" in text
    assert "The data first:" in text.split("conforming")[0]
    assert all(width(line) <= COLUMNS for line in text.splitlines()[:-1])


def test_the_workbook_has_deviations_rules_and_ways(run: Run, log: Path, tmp_path: Path) -> None:
    file = tmp_path / "checked.xlsx"
    code, _, _ = run(log, "-o", file, "--lang", "en")
    assert code == 0
    names = ZipFile(BytesIO(file.read_bytes())).read("xl/workbook.xml").decode()
    assert all(f'name="{sheet}"' in names for sheet in ("Deviations", "Ways"))


def test_a_log_that_is_not_to_be_trusted_gets_no_figures(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "ticket_no,event,at\n" + "".join(f"T{n},completed,\n" for n in range(20)), encoding="utf-8"
    )
    for words in ((), ("--workflow", "F2"), ("--engine", "serial"), ("--engine", "pool")):
        code, said, _ = run(path, *words, "--lang", "en")
        assert code == 1
        assert "above the limit" in said.decode()
        assert not {"deviating", "tickets"} & set(said.decode().replace(",", " ").split()[:40])
        code, said, _ = run(path, *words, "--format", "csv")
        assert (code, said.decode("utf-8-sig").count("\n")) == (1, 1)


@pytest.mark.parametrize("engine", [(), ("--engine", "serial"), ("--engine", "pool")])
def test_a_line_whose_number_is_none_is_told_by_every_engine(
    run: Run, tmp_path: Path, engine: tuple[str, ...]
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("ticket_no,event,at,sopaudit:row\nA,completed,2026-10-09,x\n", "utf-8")
    code, _, wrong = run(path, *engine, "--lang", "en")
    assert code == 1
    assert "L014" in wrong


def test_a_log_in_parts_says_that_no_rule_was_heard(run: Run, log: Path) -> None:
    assert b"checked in parts" in run(log, "--engine", "serial", "--lang", "en")[1]
    words = ("--engine", "serial", "--workflow", "F2", "--lang", "en")
    assert b"checked in parts" not in run(log, *words)[1]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("engine", [(), ("--engine", "serial")])
def test_the_first_and_the_last_day_of_all_are_days(
    run: Run, log: Path, day: str, engine: tuple[str, ...]
) -> None:
    code, _, wrong = run(log, "--as-of", day, *engine)
    assert (code, wrong) in {(0, ""), (1, "")}


@pytest.mark.parametrize(("severity", "code"), [("any", 1), ("critical", 0)])
def test_fail_on_ends_with_one_where_there_is_such_a_deviation(
    run: Run, log: Path, severity: str, code: int
) -> None:
    ended, _, _ = run(log, "--workflow", "F2", "--fail-on", severity)
    assert ended == code


def test_an_unknown_workflow_is_told_with_those_there_are(run: Run, log: Path) -> None:
    code, _, wrong = run(log, "--workflow", "F9")
    assert code == 2
    assert "F2" in wrong


def test_a_day_that_changes_or_a_workflow_that_does_is_worked_out_again(
    run: Run, log: Path, tmp_path: Path
) -> None:
    words = (log, "--workflow", "F2", "--engine", "serial", "--work", tmp_path / "kept")
    whole = (log, "--workflow", "F2")
    for more in ((), ("--as-of", "2026-10-12"), ("--as-of", "2026-10-13")):
        one, other = told(run, *words, *more), told(run, *whole, *more)
        assert [one[n] for n in ("open", "digest")] == [other[n] for n in ("open", "digest")]


def test_lines_of_parts_come_in_order_where_blocks_are_small(
    run: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sopaudit.findings.conformance import big_log

    monkeypatch.setattr(big_log, "parts_for", lambda _: 8)
    monkeypatch.setattr(big_log, "_READ", 2)
    one = told(run, log, "--workflow", "F2", "--engine", "serial")
    assert one["digest"] == told(run, log, "--workflow", "F2")["digest"]


def test_a_time_that_cannot_be_read_has_its_row_from_every_engine(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    rows = [",".join(line[:3]) for line in in_time()]
    rows[100] = rows[100].rsplit(",", 1)[0] + ",soon"
    path.write_text("\n".join(["ticket_no,event,at", *rows, ""]), encoding="utf-8")
    one, other = (told(run, path, "--workflow", "F2", *e) for e in ((), ("--engine", "serial")))
    assert one["quality"] == other["quality"]
    assert "102" in json.dumps(one["quality"])


@pytest.mark.parametrize("worst", ["critical", "major", "minor"])
def test_fail_on_looks_at_rules_of_that_severity_and_worse(
    run: Run, monkeypatch: pytest.MonkeyPatch, bad: checking.Looked, worst: str
) -> None:
    ranks = ("critical", "major", "minor")
    left = ranks[ranks.index(worst) :]
    rules = {name: one for name, one in bad.checked.rules.items() if one.rule.severity in left}
    assert any(one.counts()["nonconforming"] for one in rules.values())
    seen = replace(bad, checked=replace(bad.checked, rules=rules))
    monkeypatch.setattr(checking, "looked", lambda *_: nullcontext(seen))
    for severity in ranks:
        there = ranks.index(worst) <= ranks.index(severity)
        asked = ("--fail-on", severity, "--format", "json")
        assert run(BAD_DESK, *asked)[0] == int(there)


@pytest.fixture(scope="module")
def bad() -> checking.Looked:
    """Look once at an office that breaks rules of every severity."""
    asked = checking.Asked(str(ROOT / BAD_DESK), None, None, None, ROOT, "zh")
    with checking.looked(asked, way(None, None, None, None, None)) as seen:
        return replace(seen, unsound=False)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ("0", "0.0%"),
        ("1/9999", "<0.1%"),
        ("9998/9999", ">99.9%"),
        ("1", "100.0%"),
        ("1/3", "33.3%"),
    ],
)
def test_a_share_never_looks_like_none_or_all(share: str, text: str) -> None:
    assert percent(Fraction(share)) == text


def test_options_of_logs_are_refused_where_records_are_named(run: Run) -> None:
    code, _, wrong = run(DESK, "--engine", "serial", "--workers", "2")
    assert code == 2
    assert "--engine, --workers" in wrong


def test_parts_that_are_kept_are_those_of_their_day(run: Run, tmp_path: Path) -> None:
    path, kept = tmp_path / "log.csv", tmp_path / "kept"
    path.write_text(
        "ticket_no,event,at\nA,dispatch_received,2026-10-12 09:00\n"
        "A,customer_contacted,2026-10-12 09:30\n", encoding="utf-8"
    )  # fmt: skip
    words = (path, "--workflow", "F2", "--work", kept, "--engine", "serial")
    assert told(run, *words)["open"] == 0
    assert told(run, *words, "--as-of", "2026-10-12")["open"] == 1


def test_parts_that_are_kept_are_those_of_their_handbook(
    run: Run, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (log, "--workflow", "F2", "--work", tmp_path / "kept", "--engine", "serial")
    before = told(run, *words)["nonconforming"]
    lenient = book().workflows["F2"]
    nodes = tuple(
        node.model_copy(update={"optional_events": node.events})
        if "customer_signed" in node.events
        else node
        for node in lenient.nodes
    )
    changed = lenient.model_copy(update={"nodes": nodes})
    # A copy brings along what was worked out of the old boxes.
    for worked_out in ("by_id", "edges"):
        vars(changed).pop(worked_out, None)
    other = replace(
        book(),
        workflows={**book().workflows, "F2": changed},
        digests={**book().digests, "F2": "sha256:another"},
    )
    monkeypatch.setattr(handbook, "load_handbook", lambda _: (other, []))
    assert told(run, *words, own=False)["nonconforming"] < before


def test_lines_of_parts_are_merged_in_order_however_few_are_held(
    run: Run, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sopaudit.findings.conformance import big_log

    monkeypatch.setattr(big_log, "_READ", 1)
    monkeypatch.setattr(big_log, "parts_for", lambda _: 4)
    whole, parts = tmp_path / "whole.csv", tmp_path / "parts.csv"
    run(log, "--workflow", "F2", "-o", whole)
    run(log, "--workflow", "F2", "-o", parts, "--engine", "serial")
    assert parts.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    ("asked", "found"), [("critical", False), ("major", True), ("minor", True), ("any", True)]
)
def test_fail_on_takes_a_severity_and_those_above_it(asked: str, found: bool) -> None:  # noqa: FBT001 -- a table
    from sopaudit.cli.tickets.checking import Looked

    result: Any = SimpleNamespace(
        rule=SimpleNamespace(severity="major"), counts=lambda: {"nonconforming": 1}
    )
    checked: Any = SimpleNamespace(conformance=None, rules={"R": result})
    assert Looked(checked, Quality(), book(), "en", "log").worst(asked) is found
