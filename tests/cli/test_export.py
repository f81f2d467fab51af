"""`sopaudit export`: an audit as XCCDF, on standard output and in files."""

import shlex
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.cli.test_examples import examples

from sopaudit.cli import export, main, stop
from sopaudit.report.xccdf.markup import SPACE
from sopaudit.report.xccdf.scores import MODELS, SYSTEM

ROOT = Path(__file__).parents[2]
COUNTY = ROOT / "tests/tables/king-county"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the handbook with its audits."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "sopaudit.yaml", folder)
    for name in ("sops", "checklists", "audits", "pictures"):
        shutil.copytree(ROOT / name, folder / name)
    log = "ticket_no,event,at\nCD-1,opened,2026-10-09 17:00\n"
    (folder / "log.csv").write_text(log, encoding="utf-8")
    return folder


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str | Path) -> int:
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.argv", ["sopaudit", "export", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def tags(top: ET.Element, name: str) -> list[ET.Element]:
    return list(top.iter(f"{{{SPACE}}}{name}"))


def test_an_audit_goes_to_standard_output_and_the_same_into_a_file(
    house: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, house, "2026-10-cd", "--to", "xccdf") == stop.CLEAN
    said = capfd.readouterr()
    assert said.err == ""
    assert run(monkeypatch, house, "audits/2026-10-cd", "--to", "xccdf", "-o", "cd.xml") == 0
    assert capfd.readouterr().out == "cd.xml\n"
    assert (house / "cd.xml").read_text(encoding="utf-8") == said.out


def test_the_posts_of_a_branch_are_groups_by_their_weights_in_it(
    house: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, house, "2026-10-cd", "--to", "xccdf") == stop.CLEAN
    top = ET.fromstring(capfd.readouterr().out)  # noqa: S314 -- ours
    posts = [(g.get("id", ""), g.get("weight")) for g in top.findall(f"{{{SPACE}}}Group")]
    assert posts == [
        ("xccdf_local.ML_group_CK-HTL", "12"),
        ("xccdf_local.ML_group_CK-COO", "12"),
    ]
    assert len(tags(top, "Rule")) == len(tags(top, "rule-result")) == 28
    systems = [score.get("system") for score in tags(top, "score")]
    assert systems == [f"{SYSTEM}{model}" for model in MODELS]


def test_what_a_table_did_not_cite_passes(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    tables = [f"{name}={COUNTY}/{name}.csv" for name in ("inspections", "findings")]
    asked = [word for table in tables for word in ("--table", table)]
    words = ("T001", "--to", "xccdf", "--handbook", "examples/king-county", *asked)
    assert run(monkeypatch, ROOT, *words) == stop.CLEAN
    top = ET.fromstring(capfd.readouterr().out)  # noqa: S314 -- ours
    found = [one.findtext(f"{{{SPACE}}}result") for one in tags(top, "rule-result")]
    assert found.count("fail") == 1
    assert set(found) == {"pass", "fail"}


def test_a_table_without_days_is_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "mapping.yaml"
    text = (ROOT / "examples/king-county/mapping.yaml").read_text(encoding="utf-8")
    mapping.write_text(text.replace("date: date\n", ""), encoding="utf-8")
    tables = [f"{name}={COUNTY}/{name}.csv" for name in ("inspections", "findings")]
    asked = [word for table in tables for word in ("--table", table)]
    words = (
        "--to",
        "xccdf",
        "--handbook",
        "examples/king-county",
        "--mapping",
        str(mapping),
        *asked,
    )
    assert run(monkeypatch, ROOT, "T001", *words) == stop.USAGE
    assert "name its column with `date`" in capsys.readouterr().err


def test_an_audit_with_problems_is_not_exported(
    house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(house, tmp_path / "house")
    record = tmp_path / "house/audits/2026-10-cd/answers/CK-HTL.json"
    text = record.read_text(encoding="utf-8").replace("CK-HTL-A1", "CK-HTL-Z1", 1)
    record.write_text(text, encoding="utf-8")
    words = ("2026-10-cd", "--to", "xccdf", "-o", "wrong.xml")
    assert run(monkeypatch, tmp_path / "house", *words) == stop.PROBLEMS
    assert "没有导出" in capsys.readouterr().err
    assert not (tmp_path / "house/wrong.xml").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Say with --to what to write: xccdf, xes, parquet."),
        (("--to", "csv"), "--to cannot be “csv”; it is one of xccdf, xes, parquet."),
        (("--to", "xccdf", "--namespace", "my_house"), "--namespace takes a name such as"),
        (("--to", "xccdf", "--lang", "fr"), "There is no language “fr”"),
    ],
)
def test_wrong_words_are_told(
    words: tuple[str, ...],
    told: str,
    house: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, house, "2026-10-cd", *words) == stop.USAGE
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("line", examples(export.export))
def test_an_example_runs(
    line: str, house: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    words = shlex.split(line)
    assert words[:2] == ["sopaudit", "export"]
    assert run(monkeypatch, house, *words[2:]) == stop.CLEAN
    assert capfd.readouterr().err == ""
    if "-o" in words:
        assert (house / words[words.index("-o") + 1]).is_file()


def test_there_are_examples() -> None:
    assert len(examples(export.export)) >= 3


def test_a_log_goes_out_as_xes_on_standard_output_and_into_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    text = "c,a,t\nCD-1,受理,9/10/2026 17:00\n"
    (tmp_path / "log.csv").write_text(text, encoding="utf-8")
    said = "case: c\nactivity: a\ntime: t\ndates: day_first\nzone: Asia/Shanghai\n"
    (tmp_path / "log.yaml").write_text(said, encoding="utf-8")
    words = ("log.csv", "--mapping", "log.yaml", "--to")
    assert run(monkeypatch, tmp_path, *words, "xes") == stop.CLEAN
    out = capfd.readouterr().out
    assert '<date key="time:timestamp" value="2026-10-09T17:00:00.000+08:00"/>' in out
    assert run(monkeypatch, tmp_path, *words, "xes", "-o", "log.xes") == stop.CLEAN
    assert capfd.readouterr().out == "log.xes\n"
    assert (tmp_path / "log.xes").read_text(encoding="utf-8") == out
    assert run(monkeypatch, tmp_path, *words, "parquet", "-o", "log.parquet") == stop.CLEAN
    assert (tmp_path / "log.parquet").read_bytes()[:4] == b"PAR1"
    assert run(monkeypatch, tmp_path, *words, "parquet") == stop.USAGE
    assert run(monkeypatch, tmp_path, "log.csv", "--to", "xes", "--lang", "en") == stop.PROBLEMS
    assert "L010" in capfd.readouterr().err


def test_the_events_of_an_audit_go_out_as_a_log(
    house: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    data = house / "audits/2026-10-cd/data"
    data.mkdir()
    (data / "events.csv").write_text(
        "ticket_no,event,at,actor\nCD-1,opened,2026-10-09 17:00,1002\n", encoding="utf-8"
    )
    try:
        assert run(monkeypatch, house, "2026-10-cd", "--to", "xes") == stop.CLEAN
        out = capfd.readouterr().out
        assert run(monkeypatch, house, "audits/2026-10-cd", "--to", "xes") == stop.CLEAN
    finally:
        (data / "events.csv").unlink()
        data.rmdir()
    assert '<string key="concept:name" value="CD-1"/>' in out
    assert capfd.readouterr().out == out
    assert run(monkeypatch, house, "2026-10-cd", "--to", "xes") == stop.USAGE
