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


@pytest.fixture
def log(shop: Path) -> Path:
    """Make a log of the shop: of four tickets one is never handed over, one is not repaired."""
    file = shop / "sops/workflows/w1.yaml"
    text = file.read_text(encoding="utf-8")
    for node, event in (("W1.1", "brought"), ("W1.2", "fixed"), ("W1.3", "taken_home")):
        text = text.replace(f"- id: {node}\n", f"- id: {node}\n    events: [{event}]\n")
    text += "events: {brought: brought, fixed: fixed, taken_home: taken home}\n"
    file.write_text(text, encoding="utf-8")
    (shop / "sops/workflows/w2.yaml").unlink()
    rows = ["ticket_no,event,at"]
    for ticket, events in (
        ("A", ("brought", "fixed", "taken_home")),
        ("B", ("brought", "fixed", "taken_home")),
        ("C", ("brought", "taken_home")),
        ("D", ("brought", "fixed")),
    ):
        rows += [f"{ticket},{event},2026-10-0{n} 09:00" for n, event in enumerate(events, 1)]
    path = shop / "log.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.usefixtures("log")
def test_a_log_puts_its_numbers_on_the_chart(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ("W1", "--log", "log.csv", "--lang", "en")
    assert draw(monkeypatch, *words, "--as-of", "2026-10-09") == stop.CLEAN
    said = capfd.readouterr()
    texts = [one.text for one in ET.fromstring(said.out).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314 -- ours
    assert said.err == ""
    # Three of four were repaired, one was not and jumped; all four were brought.
    assert {"4", "3", "1"} <= set(texts)
    assert "! 3 (25%)" in texts
    assert "happened, but not in the flow" in texts
    assert draw(monkeypatch, *words, "-o", "w.pdf") == stop.CLEAN


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--as-of", "2026-10-09"), "--log"),
        (("--mapping", "m.yaml"), "--log"),
        (("--log", "log.csv", "-o", "w.bpmn"), "BPMN"),
        (("--log", "log.csv", "--as-of", "soon"), "--as-of"),
    ],
)
@pytest.mark.usefixtures("log")
def test_options_on_a_log_that_do_not_fit_are_told(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    told: str,
) -> None:
    assert draw(monkeypatch, "W1", *words) == stop.USAGE
    assert told in capfd.readouterr().err


def test_a_log_that_cannot_be_trusted_is_not_drawn(
    log: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    text = log.read_text(encoding="utf-8").replace("2026-10-01 09:00", "")
    log.write_text(text, encoding="utf-8")
    assert draw(monkeypatch, "W1", "--log", "log.csv", "--lang", "en") == stop.PROBLEMS
    said = capfd.readouterr()
    assert said.out == ""
    assert "above the limit" in said.err
