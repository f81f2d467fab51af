"""`sopaudit import`: a chart of another program becomes a file of the handbook."""

import shutil
from pathlib import Path
from typing import Final

import pytest

from sopaudit.cli import main, stop
from sopaudit.criteria.handbook import drafted, problems_in
from sopaudit.criteria.workflow import Workflow
from sopaudit.reading.events import read
from sopaudit.reading.shape import validated

ROOT: Final = Path(__file__).parents[2]
CHART: Final = ROOT / "tests/swimlane/camunda.bpmn"
REFUSED: Final = ROOT / "tests/errors/B011/chart.bpmn"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a handbook with one post, whose title is the name of a lane."""
    folder = tmp_path / "shop"
    shutil.copytree(ROOT / "tests/handbooks/tiny", folder)
    shutil.copyfile(CHART, folder / "visit.bpmn")
    shutil.copyfile(REFUSED, folder / "refused.bpmn")
    monkeypatch.chdir(folder)
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["sopaudit", "import", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_chart_becomes_a_file_the_handbook_takes(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (shop / "sops/workflows").mkdir(exist_ok=True)
    name = "sops/workflows/w9.yaml"
    assert run(monkeypatch, "visit.bpmn", "--id", "W9", "-o", name, "--lang", "zh") == stop.CLEAN
    said = capfd.readouterr()
    assert said.out == f"{name}\n"
    assert "B018 “Activity_1”的这些内容没有地方放，没有导入：assignee, formData。" in said.err
    text = (shop / name).read_text(encoding="utf-8")
    assert text.startswith(
        "# yaml-language-server: $schema=../../.schema/workflow.json\n# 从 visit.bpmn 导入。"
    )
    assert "  - id: W9.2  # userTask Activity_1\n" in text
    flow, problems = validated(read(shop / name), Workflow)
    assert problems == []
    assert flow is not None
    assert [lane.post for lane in flow.lanes] == [None, "MEC"]
    # A lane whose post the handbook does not know is the one thing left to do.
    told = problems_in(drafted(shop), strict=True)
    found = [(problem.code, problem.values["word"]) for problem in told]
    assert found == [("H103", "L1")]


def test_without_a_file_the_yaml_goes_to_standard_output_and_has_the_name_of_the_chart(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "visit.bpmn") == stop.CLEAN
    assert "\nid: visit\n" in capfd.readouterr().out
    assert not list(shop.glob("*.yaml.*"))


def test_where_something_is_refused_nothing_is_written(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ("refused.bpmn", "-o", "out.yaml", "--lang", "en")
    assert run(monkeypatch, *words) == stop.PROBLEMS
    said = capfd.readouterr()
    assert said.out == ""
    assert "refused.bpmn:9:5: B011 the gateway “extras” is inclusiveGateway" in said.err
    assert "nothing was written" in said.err
    assert not (shop / "out.yaml").exists()
    assert run(monkeypatch, *words, "--despite") == stop.PROBLEMS
    text = (shop / "out.yaml").read_text(encoding="utf-8")
    assert "#   9:5 B011 the gateway “extras” is inclusiveGateway;" in text
    assert validated(read(shop / "out.yaml"), Workflow)[1] == []


def test_a_file_that_is_there_is_never_overwritten(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "mine.yaml").write_text("mine", encoding="utf-8")
    assert run(monkeypatch, "visit.bpmn", "-o", "mine.yaml") == stop.USAGE
    assert (shop / "mine.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("chart.vsdx",), stop.PROBLEMS),
        (("visit.bpmn", "--id", "流程"), stop.USAGE),
        (("missing.bpmn",), stop.PROBLEMS),
    ],
)
@pytest.mark.usefixtures("shop")
def test_what_cannot_be_read_is_said(
    words: tuple[str, ...], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, *words) == code
