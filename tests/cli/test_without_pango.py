"""A machine without Pango, as Windows is: its libraries do not open, and only PDF asks for them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

KITCHEN = Path(__file__).parents[1] / "evidence" / "kitchen"
PROGRAM = """
import sys, cffi
asked = []
def dlopen(self, name, flags=0):
    asked.append(name)
    raise OSError(f"cannot load library '{name}': error 0x7e")
cffi.FFI.dlopen = dlopen
import atexit
atexit.register(lambda: print("asked for", *asked[:1], file=sys.stderr))
from sopaudit.cli.main import main
main()
"""


@pytest.fixture
def kitchen(tmp_path: Path) -> Path:
    shutil.copytree(KITCHEN, tmp_path, dirs_exist_ok=True)
    return tmp_path


def run(kitchen: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=kitchen,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    [
        ("--version",),
        ("--help",),
        ("new", "other"),
        ("check",),
        ("explain", "H020"),
        ("explain", "a"),
        ("score", "a"),
        ("score", "--table", "answers=answers.csv"),
        ("report", "a", "-o", "a.html"),
        ("report", "a", "-o", "a.json"),
    ],
    ids=" ".join,
)
def test_nothing_but_pdf_asks_for_it(kitchen: Path, words: tuple[str, ...]) -> None:
    done = run(kitchen, *words)
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1].rstrip() == "asked for"


def test_a_report_becomes_html_and_nobody_else_speaks(kitchen: Path) -> None:
    done = run(kitchen, "report", "a", "-o", "a.pdf")
    assert done.returncode == 0
    assert done.stdout == "a.html\n"
    *said, asked = done.stderr.splitlines()
    assert "gobject" in asked
    assert said[0].startswith("The Pango library is missing")
    assert len(said) == 3
    assert "DRAFT" in (kitchen / "a.html").read_text(encoding="utf-8")


def test_a_batch_becomes_html_too(kitchen: Path) -> None:
    shutil.copytree(kitchen / "audits/a", kitchen / "audits/b")
    for file in (kitchen / "audits/b").rglob("*.*"):
        text = file.read_text(encoding="utf-8").replace("2026-10-n1", "b")
        file.write_text(text, encoding="utf-8", newline="")
    done = run(kitchen, "report", "a", "b", "-o", "out")
    assert done.stdout.splitlines() == ["out/2026-10-n1.html", "out/b.html"]
