"""`sopaudit draw`: charts on standard output, in files, and on pages."""

import shutil
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdf
import pytest
from tests.cli.test_start import imported

from sopaudit.cli import main, stop
from sopaudit.criteria.workflow import Workflow
from sopaudit.reading.events import read
from sopaudit.reading.shape import validated

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a handbook with two workflows, and go there."""
    shutil.copytree(ROOT / "tests/handbooks/tiny", tmp_path / "shop")
    folder = tmp_path / "shop"
    shutil.rmtree(folder / "sops/workflows", ignore_errors=True)
    (folder / "sops/workflows").mkdir()
    text = (ROOT / "tests/golden/swimlane/simple.yaml").read_text(encoding="utf-8")
    for name in ("W1", "W2"):
        file = folder / f"sops/workflows/{name.lower()}.yaml"
        file.write_text(text.replace("W1", name), encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def draw(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["sopaudit", "draw", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.usefixtures("shop")
def test_a_chart_goes_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert draw(monkeypatch, "W1", "--lang", "en") == stop.CLEAN
    said = capfd.readouterr()
    assert ET.fromstring(said.out)[0].text == "W1 Brakes"  # noqa: S314 -- ours
    assert said.err == ""


def test_the_ending_of_the_file_says_what_is_written(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("w.svg", "w.pdf", "w.html"):
        assert draw(monkeypatch, "W1", "-o", name) == stop.CLEAN
    assert (shop / "w.svg").read_text(encoding="utf-8").startswith("<svg ")
    assert "<svg " in (shop / "w.html").read_text(encoding="utf-8")
    page = pypdf.PdfReader(shop / "w.pdf").pages[0].extract_text()
    assert "检修刹车" in page
    assert "W1.2" in page


def test_bpmn_runs_from_left_to_right_and_comes_back_as_it_was(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert draw(monkeypatch, "W1", "-o", "w.bpmn", "--lang", "zh") == stop.CLEAN
    assert 'isHorizontal="true"' in (shop / "w.bpmn").read_text(encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["sopaudit", "import", "w.bpmn", "-o", "w.yaml"])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == stop.CLEAN
    first, back = (
        validated(read(shop / name), Workflow)[0] for name in ("sops/workflows/w1.yaml", "w.yaml")
    )
    assert first is not None
    assert first == back


def test_a_pdf_is_the_same_when_made_twice(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(monkeypatch, "W1", "-o", "a.pdf")
    draw(monkeypatch, "W1", "-o", "b.pdf")
    assert (shop / "a.pdf").read_bytes() == (shop / "b.pdf").read_bytes()


def test_time_may_run_right(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(monkeypatch, "W1", "-o", "down.svg")
    draw(monkeypatch, "W1", "--across", "-o", "right.svg")
    sizes = []
    for name in ("down.svg", "right.svg"):
        root = ET.fromstring((shop / name).read_text(encoding="utf-8"))  # noqa: S314 -- ours
        width, height = (float(root.get(key, "")[:-2]) for key in ("width", "height"))
        sizes.append(width / height)
    assert sizes[0] < sizes[1]


@pytest.mark.usefixtures("shop")
def test_a_workflow_there_is_not_is_told_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert draw(monkeypatch, "W3") == stop.USAGE
    assert "The handbook has no workflow “W3”. There is: W1, W2." in capsys.readouterr().err


@pytest.mark.usefixtures("shop")
def test_a_kind_of_file_it_cannot_write_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert draw(monkeypatch, "W1", "-o", "w.png") == stop.USAGE
    assert "svg, pdf, html" in capsys.readouterr().err


def test_without_pango_the_page_is_written_as_html(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sopaudit.press import pdf

    def missing(_: pdf.Job) -> pdf.Printed:
        raise pdf.PangoMissingError

    monkeypatch.setattr(pdf, "render", missing)
    assert draw(monkeypatch, "W1", "-o", "w.pdf") == stop.CLEAN
    assert (shop / "w.html").is_file()
    assert not (shop / "w.pdf").exists()
    assert "Pango" in capsys.readouterr().err


@pytest.mark.usefixtures("shop")
def test_a_drawing_needs_no_tables_and_no_pages() -> None:
    brought = imported("draw", "W1", "--handbook", str(Path.cwd()))
    assert "sopaudit.criteria.handbook" in brought
    assert not brought & {"pandas", "numpy", "jinja2", "weasyprint"}


@pytest.mark.parametrize("lanes", [1, 10])
def test_each_part_of_a_chart_has_a_page_of_its_own(shop: Path, lanes: int) -> None:
    from datetime import date

    from tests.swimlane.test_layout import flow

    from sopaudit.cli.draw import _page
    from sopaudit.cli.session import opened
    from sopaudit.press.pdf import Job, render
    from sopaudit.swimlane.layout import lay_out

    steps = [{"id": f"N{n}", "lane": "abcdefghij"[n % lanes]} for n in range(40)]
    for step, following in pairwise(steps):
        step["next"] = following["id"]
    chart = flow(*steps, lanes="abcdefghij"[:lanes])
    html = _page(opened(shop, None)[0], chart, lay_out(chart, lang="en"), "en")
    made = render(Job(html, date.min))
    pages = pypdf.PdfReader(BytesIO(made.pdf)).pages
    assert made.complaints == ()
    assert len(pages) == html.count("<svg ")
    assert len(pages) > 1 or lanes > 1
    wide = pages[0].mediabox.width > pages[0].mediabox.height
    assert wide == (lanes == 10)


def test_a_chart_that_is_not_in_force_yet_is_drawn_and_told(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    file = shop / "sops/workflows/w1.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "effective_from: 2999-01-01\n", encoding="utf-8")
    assert draw(monkeypatch, "W1") == stop.CLEAN
    said = capfd.readouterr()
    assert said.out.startswith("<svg ")
    assert "H162" in said.err
