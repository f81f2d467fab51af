"""`sopaudit check --fix`: show what would change, ask, write, and keep what there was."""

import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Final

from sopaudit.cli.stop import PROBLEMS, Stop
from sopaudit.criteria.repair import Repair, repaired
from sopaudit.file import rewrite, write

YES: Final = ("y", "yes", "是", "好", "可以", "改")
"""What is taken for consent; anything else is none."""

_WORDS: Final = {
    "zh": {
        "saved": "{path}: 编码由 {encoding} 改为 UTF-8",
        "ask": "要这样改 {files} 个文件吗？原来的文件会另存为 .bak。[y/N] ",
        "left": "没有改动任何文件。",
        "nobody": "没有改动任何文件：这里没有人可以回答。确认后请加上 --yes 再运行。",
        "done": "改好了 {mended} 处。{path} 原来的样子在 {kept}。",
        "refused": "{path} 写不进去（{reason}）；如果别的程序正打开着它，请先关闭。",
        "changed": "{path} 在等待回答时被别的程序改过，没有动它；请再运行一次。",
    },
    "en": {
        "saved": "{path}: encoding {encoding} becomes UTF-8",
        "ask": "Change {files} file(s) like this? Each is kept as .bak beside it. [y/N] ",
        "left": "No file was changed.",
        "nobody": "No file was changed: nobody is here to answer. Add --yes once you agree.",
        "done": "Mended {mended}. {path} as it was is in {kept}.",
        "refused": "{path} cannot be written ({reason}); if another program has it open, close it.",
        "changed": "{path} was changed by another program meanwhile and left alone; try again.",
    },
}
_ENCODINGS: Final = {"utf-8-sig": "UTF-8 (BOM)", "gb18030": "GBK"}
_COLORS: Final = {"+": "32", "-": "31", "@": "36"}


def offer(folder: Path, lang: str, *, strict: bool, agreed: bool) -> None:
    """Mend what is certain in the files of `folder`; without consent, nothing is written."""
    repairs = repaired(folder, strict=strict)
    if not repairs:
        return
    words = _WORDS[lang]
    for line in (line for repair in repairs for line in _diff(repair, words["saved"])):
        print(_coloured(line))
    if not agreed and not sys.stdin.isatty():
        print(words["nobody"], file=sys.stderr)
    elif not agreed and not _asked(words["ask"].format(files=len(repairs))):
        print(words["left"], file=sys.stderr)
    else:
        for repair in repairs:
            print(_kept(folder / repair.name, repair, words), file=sys.stderr)


def _asked(question: str) -> bool:
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in YES


def _kept(path: Path, repair: Repair, words: dict[str, str]) -> str:
    """Write one file, the old bytes first, so that at every moment one of them is whole."""
    kept = _free(path)
    try:
        if path.read_bytes() != repair.before:
            raise Stop(PROBLEMS, words["changed"].format(path=repair.shown))
        write(kept, repair.before)
        rewrite(path, repair.after)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Stop(PROBLEMS, words["refused"].format(path=repair.shown, reason=reason)) from None
    return words["done"].format(mended=repair.mended, path=repair.shown, kept=kept.name)


def _free(path: Path) -> Path:
    """Name the next `.bak` that is not there yet."""
    number = 1
    while True:
        kept = path.with_name(f"{path.name}.bak{number if number > 1 else ''}")
        if not kept.exists():
            return kept
        number += 1


def _diff(repair: Repair, saved: str) -> Iterator[str]:
    if repair.encoding != "utf-8":
        name = _ENCODINGS.get(repair.encoding, repair.encoding.upper())
        yield saved.format(path=repair.shown, encoding=name)
    before, after = repair.text.splitlines(), repair.after.decode().splitlines()
    yield from unified_diff(before, after, repair.shown, repair.shown, lineterm="")


def _coloured(line: str) -> str:
    """Colour a line of a diff where a person watches, and keep what a terminal would obey out."""
    if not sys.stdout.isatty():
        return line
    shown = "".join(sign if sign.isprintable() or sign == "\t" else " " for sign in line)
    color = _COLORS.get(line[:1])
    return f"\x1b[{color}m{shown}\x1b[0m" if color else shown
