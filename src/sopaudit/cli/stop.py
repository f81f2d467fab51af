"""How a command ends before its end, and what its exit code says."""

from collections.abc import Collection
from typing import Final

CLEAN: Final = 0
PROBLEMS: Final = 1
USAGE: Final = 2
BUG: Final = 3
INTERRUPTED: Final = 130


class Stop(Exception):  # noqa: N818 -- it ends a command, and is often no error at all
    """Ends a command with an exit code; `main` turns it into one."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def usage(zh: str, en: str) -> Stop:
    """Say in both languages that the command was called wrongly; the caller raises it."""
    return Stop(USAGE, f"{zh}\n{en}")


def unknown(zh: str, en: str, word: str, known: Collection[str]) -> Stop:
    """Say that there is no such thing, and what may have been meant; the caller raises it."""
    from sopaudit.problems import choices

    if known:
        near = choices(word, known)
        return usage(f"{zh}是不是：{near}？", f"{en} Did you mean: {near}?")
    return usage(zh, en)
