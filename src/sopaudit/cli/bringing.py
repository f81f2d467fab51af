"""Filled sheets and photos go into an audit, all of them or none."""

from collections.abc import Sequence
from pathlib import Path

from sopaudit.cli.stop import usage


def bringing(
    files: Sequence[Path],
    into: Path | None,
    *,
    replace: bool,
    handbook: Path | None,
    lang: str | None,
) -> None:
    """Read files and bring what they say into one audit."""
    del into, replace, handbook, lang
    known = ".bpmn"
    raise usage(
        f"{files[0].as_posix()} 不是能导入的文件，能导入的是：{known}。",
        f"{files[0].as_posix()} is no file to import; there is {known}.",
    )
