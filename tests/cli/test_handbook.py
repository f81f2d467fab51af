"""`sopaudit handbook`: the book or one post's sheet, where it goes, and what is refused."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from sopaudit.cli import main, stop

ROOT = Path(__file__).parents[2]
ALONE = """edition: "1"
title: 手册
languages: [zh]
organisation: {id: A, name: 甲}
"""
TINY = ROOT / "tests" / "handbooks" / "tiny"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    return tmp_path


def sopaudit(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str | Path) -> int:
    """Run the command in a folder and give its exit code."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.argv", ["sopaudit", "handbook", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_it_is_a_pdf_in_reports_in_the_first_language(
    monkeypatch: pytest.MonkeyPatch, tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sopaudit(monkeypatch, tiny) == 0
    assert capsys.readouterr().out == "reports/handbook.zh.pdf\n"
    reader = PdfReader(tiny / "reports" / "handbook.zh.pdf")
    assert str(reader.root_object["/Lang"]) == "zh-CN"
    assert reader.metadata is not None
    assert reader.metadata.title == "单车工坊手册"


def test_the_same_handbook_gives_the_same_bytes(
    monkeypatch: pytest.MonkeyPatch, tiny: Path
) -> None:
    for name in ("a.pdf", "b.pdf"):
        assert sopaudit(monkeypatch, tiny, "-o", name, "--lang", "en") == 0
    assert (tiny / "a.pdf").read_bytes() == (tiny / "b.pdf").read_bytes()


@pytest.mark.parametrize(("name", "begins"), [("a.PDF", b"%PDF-"), ("a.html", b"<!DOCTYPE html>")])
def test_the_ending_of_the_file_chooses_the_format(
    monkeypatch: pytest.MonkeyPatch, tiny: Path, name: str, begins: bytes
) -> None:
    assert sopaudit(monkeypatch, tiny, "--post", "MEC", "-o", name) == 0
    assert (tiny / name).read_bytes().startswith(begins)


@pytest.mark.parametrize("words", [("book-2026.1",), ("book.v2", "--format", "site")])
def test_the_name_of_a_site_may_end_in_an_edition(
    monkeypatch: pytest.MonkeyPatch, tiny: Path, words: tuple[str, ...]
) -> None:
    assert sopaudit(monkeypatch, tiny, "-o", *words) == 0
    assert (tiny / words[0] / "index.html").is_file()


def test_two_languages_share_a_file(monkeypatch: pytest.MonkeyPatch, tiny: Path) -> None:
    assert sopaudit(monkeypatch, tiny, "--lang", "both", "--format", "html") == 0
    html = (tiny / "reports" / "handbook.both.html").read_text(encoding="utf-8")
    assert "单车工坊手册" in html
    assert "Bicycle workshop handbook" in html


def test_one_language_cannot_be_set_beside_another(
    monkeypatch: pytest.MonkeyPatch, tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in tiny.iterdir():
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    (tiny / "sopaudit.yaml").write_text(ALONE, encoding="utf-8")
    assert sopaudit(monkeypatch, tiny) == 0
    assert capsys.readouterr().out == "reports/handbook.zh.pdf\n"
    assert sopaudit(monkeypatch, tiny, "-o", "alone.html") == 0
    guide = (tiny / "alone.html").read_text(encoding="utf-8")
    assert [words for words in ("流程图", "说明它的来源", "检查方法用字母") if words in guide] == []
    capsys.readouterr()
    assert sopaudit(monkeypatch, tiny, "--lang", "both") == stop.USAGE
    assert "一种语言" in capsys.readouterr().err


def test_an_unknown_post_is_told_with_those_near_it(
    monkeypatch: pytest.MonkeyPatch, tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sopaudit(monkeypatch, tiny, "--post", "MCE") == stop.USAGE
    told = capsys.readouterr().err
    assert "MCE" in told
    assert "MEC" in told


@pytest.mark.parametrize(
    "words",
    [("-o", "a.docx"), ("-o", "-"), ("--format", "word"), ("--post", "MEC", "-o", "folder")],
)
def test_a_wrong_call_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, tiny: Path, words: tuple[str, ...]
) -> None:
    before = sorted(tiny.rglob("*"))
    assert sopaudit(monkeypatch, tiny, *words) == stop.USAGE
    assert sorted(tiny.rglob("*")) == before


@pytest.mark.parametrize("post", ["HTL", "OSE"])
def test_the_longest_posts_hang_on_two_upright_pages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, post: str
) -> None:
    out = tmp_path / f"{post}.pdf"
    assert sopaudit(monkeypatch, ROOT, "--post", post, "--lang", "en", "-o", out) == 0
    reader = PdfReader(out)
    assert len(reader.pages) == 2
    assert all(page.mediabox.height > page.mediabox.width for page in reader.pages)
    assert post in reader.pages[0].extract_text()


@pytest.mark.parametrize(
    ("day", "code"),
    [("2026-06-30", 0), ("2025-12-31", stop.PROBLEMS), ("2026-07-01", stop.PROBLEMS)],
)
def test_what_is_not_in_force_is_not_handed_out(
    monkeypatch: pytest.MonkeyPatch,
    tiny: Path,
    capsys: pytest.CaptureFixture[str],
    day: str,
    code: int,
) -> None:
    post = tiny / "sops" / "posts" / "mec.yaml"
    text = post.read_text(encoding="utf-8")
    post.write_text(f"effective_until: 2026-06-30\n{text}", encoding="utf-8")
    for words in (("--post", "MEC"), ()):
        assert sopaudit(monkeypatch, tiny, *words, "--on", day, "-o", "book.html") == code
        assert (tiny / "book.html").exists() is (code == 0)
        told = capsys.readouterr().err
        assert ("sops/posts/mec.yaml" in told and "--on" in told) is (code != 0)


def test_a_day_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, tiny: Path) -> None:
    assert sopaudit(monkeypatch, tiny, "--on", "soon") == stop.USAGE


NO_PANGO = """
import cffi
def dlopen(self, name, flags=0):
    raise OSError(f"cannot load library '{name}': error 0x7e")
cffi.FFI.dlopen = dlopen
from sopaudit.cli.main import main
main()
"""


def test_without_pango_the_html_is_written_and_how_to_print_it(tiny: Path) -> None:
    words = ["handbook", "-o", "book.pdf", "--lang", "en"]
    done = subprocess.run(
        [sys.executable, "-c", NO_PANGO, *words],
        cwd=tiny,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout == "book.html\n"
    assert done.stderr.startswith("The Pango library is missing")
    assert "Bicycle workshop handbook" in (tiny / "book.html").read_text(encoding="utf-8")
    assert not (tiny / "book.pdf").exists()


def test_a_book_that_takes_effect_later_is_not_handed_out_before(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tiny / "sopaudit.yaml"
    text = settings.read_text(encoding="utf-8")
    later = text.replace("number: BW-01", "number: BW-01\n  effective_on: 2027-01-01")
    settings.write_text(later, encoding="utf-8")
    assert later != text
    for day, code in (("2026-12-31", stop.PROBLEMS), ("2027-01-01", 0)):
        assert sopaudit(monkeypatch, tiny, "--on", day, "-o", "later.html") == code
        assert ("--on 2027-01-01" in capsys.readouterr().err) is (code != 0)
        assert (tiny / "later.html").is_file() is (code == 0)
