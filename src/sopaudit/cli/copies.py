"""From a word of the command line to a copy of the handbook: a folder, a ZIP file, a revision."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sopaudit.cli.stop import refused, usage

if TYPE_CHECKING:
    from sopaudit.reading.copy import Copy


def copy_asked(word: str, here: Path) -> "Copy":
    """Find the copy called `word`; a revision is one of the handbook in `here`."""
    from sopaudit.reading.copy import NoCopyError, copy

    try:
        return copy(word, here)
    except NoCopyError as error:
        zh, en = _REASONS[error.reason]
        raise usage(zh.format(word=word), en.format(word=word)) from None
    except OSError as error:
        raise refused(error, error.filename or word, "读不出来", "cannot be read") from None


_REASONS: Final = {
    "nothing": (
        "“{word}”不是文件夹，不是 ZIP 文件，也不是 git 版本。",
        "“{word}” is no folder, no ZIP file, and no git revision of this handbook.",
    ),
    "damaged": (
        "“{word}”不是完好的 ZIP 文件。",
        "“{word}” is no sound ZIP file.",
    ),
    "large": (
        "“{word}”太大，不像是手册。",
        "“{word}” is too large to be a handbook.",
    ),
    "no handbook": (
        "“{word}”里没有 sopaudit.yaml，不是手册。",
        "“{word}” holds no sopaudit.yaml, so it is no handbook.",
    ),
}
