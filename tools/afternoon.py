"""Write docs/manager-afternoon.md: ten mistakes a manager makes, and what the terminal says.

    python tools/afternoon.py

A copy of the handbook of this repository, committed to git, is edited and checked; every message on
the page is what the program printed. A test runs this again and compares.
"""
# ruff: noqa: INP001 -- a script, not a package

import contextlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sopaudit.cli import main
from sopaudit.cli.new import STARTER

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs/manager-afternoon.md"
HTL, COO, SHEET = "sops/posts/htl.yaml", "sops/posts/coo.yaml", "checklists/htl.yaml"


@dataclass(frozen=True)
class Edit:
    """What the manager wanted, and what was typed."""

    wish: str
    file: str
    old: str
    new: str
    encoding: str = "utf-8"


EDITS: Final = (
    Edit("给工具换个叫法，冒号是用中文输入法打的", HTL, "zh: 技术资料", "zh：产品技术资料"),
    Edit("多加一种检查方法，逗号也是中文的", HTL, "[O, P]", "[O，P]"),
    Edit("按了 Tab 键来缩进", HTL, "    step:\n      zh: 接听电话", "    step:\n\tzh: 接听电话"),
    Edit("用星号强调一句要求", HTL, "zh: 提前到岗", "zh: *必须* 提前到岗"),
    Edit("一句话以公司名称开头", HTL, "zh: 语气亲切，面带微笑", "zh: {{ org.name }}员工语气亲切"),
    Edit("在记事本里改完，存成了 ANSI", COO, "", "", "gbk"),
    Edit("把一项从 8 分改成 6 分，忘了总分", SHEET, "    points: 8\n", "    points: 6\n"),
    Edit("顺手改了一条标准的编号", HTL, "id: HTL-03-4", "id: HTL-03-14"),
    Edit("键名拼错一个字母", HTL, "purpose:", "purpos:"),
    Edit("检查项写了一条不存在的标准", SHEET, "[HTL-01-1, HTL-01-2]", "[HTL-01-1, HTL-01-9]"),
)


def made(folder: Path, edit: Edit) -> None:
    """Make an edit in the handbook in `folder`, once."""
    path = folder / edit.file
    text = path.read_text(encoding="utf-8")
    if edit.old not in text:
        raise SystemExit(f"{edit.file} holds no {edit.old!r}")
    path.write_bytes(text.replace(edit.old, edit.new, 1).encode(edit.encoding))


def undone(folder: Path, edit: Edit) -> None:
    """Take it back, as the message says how."""
    path = folder / edit.file
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.replace(edit.new, edit.old, 1).encode())


def copied(folder: Path) -> None:
    """Copy the handbook and commit it."""
    for part in STARTER:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part)
        else:
            shutil.copyfile(source, folder / part)
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "as it was")):
        subprocess.run(["git", *who, *words], cwd=folder, check=True)  # noqa: S603, S607


def terminal(folder: Path, *words: str) -> str:
    """Run the program in `folder` and give the command and all it printed."""
    shown = io.StringIO()
    before, arguments = Path.cwd(), sys.argv
    sys.argv = ["sopaudit", *words]
    os.chdir(folder)
    try:
        with (
            contextlib.redirect_stdout(shown),
            contextlib.redirect_stderr(shown),
            contextlib.suppress(SystemExit),
        ):
            main.main()
    finally:
        os.chdir(before)
        sys.argv = arguments
    return f"$ sopaudit {' '.join(words)}\n{shown.getvalue()}"


_INTRODUCTION: Final = """\
# 站长的一个下午

*A manager's afternoon: ten edits of the handbook with typical mistakes, each answered by one
message a person can act on; `sopaudit check --fix` mends six of them. Every message below is what
the terminal printed. This page is written by `tools/afternoon.py`, and a test runs it again.*

站长打开手册，在记事本里改了十处，每改一处就查一遍。下面每条信息都是终端上的原样。
"""


def page() -> str:
    """Play the afternoon and write it down."""
    return "\n".join(_played()) + "\n"


def _played() -> Iterator[str]:
    yield _INTRODUCTION
    for number, edit in enumerate(EDITS, 1):
        with TemporaryDirectory() as name:
            copied(Path(name))
            made(Path(name), edit)
            yield f"## {number}. {edit.wish}\n"
            yield f"```console\n{terminal(Path(name), 'check')}```\n"
    with TemporaryDirectory() as name:
        folder = Path(name)
        copied(folder)
        for edit in EDITS:
            made(folder, edit)
        yield "## 十处一起改\n"
        yield "十处都留着不管，让程序先改它有把握的（`--yes` 表示不再询问；不写它，程序会先问）：\n"
        yield f"```console\n{terminal(folder, 'check', '--fix', '--yes')}```\n"
        yield "剩下的只有站长自己知道该怎样改。照着上面的话改好，再查一遍：\n"
        for edit in EDITS[6:]:
            undone(folder, edit)
        yield f"```console\n{terminal(folder, 'check')}```\n"
        yield "没有话，就是没有问题。"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
