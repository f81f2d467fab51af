"""`sopaudit new`: a starter handbook to edit."""

import re
import shutil
from pathlib import Path
from typing import Annotated

import typer

import sopaudit
from sopaudit.cli.option import Lang
from sopaudit.cli.session import language
from sopaudit.cli.stop import usage

STARTER = (
    "sopaudit.yaml",
    "sops",
    "checklists",
    "audits/2026-07-cd",
    "audits/2026-10-cd",
    "pictures",
    ".schema",
    ".vscode",
)
"""What a starter holds; a checkout has the same at its root."""


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make. 要新建的文件夹。")],
    lang: Lang = None,
) -> None:
    """Make a starter handbook to edit. 新建手册。

    It holds posts, checklists, schemes and two sample audits, and settings for VS
    Code, with which YAML is explained and checked while you type. Nothing is
    overwritten: the folder must not exist yet, or be empty.

    \b
    Examples:
      sopaudit new my-handbook
      cd my-handbook && sopaudit check
      sopaudit report audits/2026-10-cd
    """
    told, shown = language(lang), folder.as_posix()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise usage(
            f"{shown} 已经存在而且不是空文件夹，没有动它。请换一个名字。",
            f"{shown} exists and is not an empty folder; it was left alone. Choose another name.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in STARTER:
        source = _starter() / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copyfile(source, folder / name)
    # What `check --fix` leaves beside a file is nobody's to commit.
    (folder / ".gitignore").write_text("*.bak*\n", encoding="utf-8")
    # The latest audit the starter brings is the one to try.
    latest = max(folder.glob("audits/*/audit.yaml")).parent
    sample = latest.relative_to(folder).as_posix()
    # Shells of Windows and others agree on these quotes.
    there = shown if re.fullmatch(r"[\w./:-]+", shown) else f'"{shown}"'
    words = {
        "zh": f"手册已建在 {shown}。先改 sopaudit.yaml，然后运行：\n"
        f"  cd {there}\n  sopaudit check\n  sopaudit report {sample}\n"
        "用 VS Code 打开这个文件夹，编辑时就有提示和检查。",
        "en": f"The handbook is in {shown}. Edit sopaudit.yaml first, then run:\n"
        f"  cd {there}\n  sopaudit check\n  sopaudit report {sample}\n"
        "Open the folder in VS Code, and the files are explained and checked while you type.",
    }
    print(words[told])


def _starter() -> Path:
    """Find the starter: package data of an installed wheel, or the root of a checkout."""
    package = Path(sopaudit.__file__).parent
    return package / "starter" if (package / "starter").is_dir() else package.parents[1]
