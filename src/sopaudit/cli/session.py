"""What every command shares: the handbook, the language, telling problems, writing files."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sopaudit.cli.stop import PROBLEMS, Stop, refused, usage

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from sopaudit.criteria.handbook import Handbook
    from sopaudit.evidence.audit import AuditFolder
    from sopaudit.file import Content
    from sopaudit.problems import Problem

SETTINGS: Final = "sopaudit.yaml"
"""The file that makes a folder a handbook; said here too, because help should not load models."""


def found(handbook: Path | None, start: Path | None = None) -> Path:
    """Give the folder of the handbook: as named, or found from here upwards."""
    if handbook is not None and handbook.is_file():
        if handbook.name == SETTINGS:
            return handbook.parent
        raise usage(
            f"{handbook.as_posix()} 是文件，请给出手册所在的文件夹。",
            f"{handbook.as_posix()} is a file; name the folder of the handbook.",
        )
    if handbook is not None:
        return handbook
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / SETTINGS).is_file():
            try:
                return Path(os.path.relpath(folder))
            except ValueError:  # it is on another drive of a Windows machine
                return folder
    raise usage(
        f"这里和上级文件夹里都没有 {SETTINGS}。请用 --handbook 指出手册文件夹，"
        "或用 sopaudit new 新建。",
        f"There is no {SETTINGS} here or above. Name the folder with --handbook, "
        "or make a handbook with sopaudit new.",
    )


def language(lang: str | None, handbook: "Handbook | None" = None) -> str:
    """Choose the language of a run: as asked, else the handbook's first, else the system's."""
    from sopaudit.problems import LANGUAGES

    if lang is not None:
        known = handbook.languages if handbook else LANGUAGES
        if lang not in (*known, *LANGUAGES):
            raise usage(
                f"没有语言“{lang}”，可用：{', '.join(known)}。",
                f"There is no language “{lang}”; there is {', '.join(known)}.",
            )
        return lang
    if handbook is not None:
        return handbook.languages[0]
    import locale

    system = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    spoken_there = system.lower().partition(".")[0]
    # Where nobody says anything, not even the system, Chinese comes first.
    chinese = spoken_there in {"", "c", "posix"} or spoken_there.startswith(("zh", "chinese"))
    return "zh" if chinese else "en"


def opened(folder: Path, lang: str | None) -> "tuple[Handbook, str]":
    """Load a handbook without mistakes and choose the language; else tell the mistakes and stop."""
    from sopaudit.criteria.handbook import load_handbook

    handbook, problems = load_handbook(folder)
    if handbook is None:
        told = problem_language(lang, folder)
        tell(problems, told)
        words = {
            "zh": "手册有问题，无法继续；改好后用 sopaudit check 再查一遍。",
            "en": "The handbook has problems, so nothing was done; `sopaudit check` looks again.",
        }
        raise Stop(PROBLEMS, words.get(told, words["en"]))
    return handbook, language(lang, handbook)


def day_asked(on: str | None, option: str = "--on") -> "date":
    """Read the day of an option; today where none is named."""
    from datetime import UTC, datetime

    if on is None:
        return datetime.now(tz=UTC).astimezone().date()
    from sopaudit.criteria.field import day

    found_day = day(on)
    if found_day is None:
        raise usage(
            f"{option} 要写成 2026-03-01 这样的日期，这里是“{on}”。",
            f"{option} takes a day such as 2026-03-01, but this is “{on}”.",
        )
    return found_day


def clock(*handbooks: "Handbook") -> "tzinfo":
    """Give the clock times without an offset are on: of the first handbook that says, or here."""
    from datetime import UTC, datetime

    said = (handbook.organisation.clock for handbook in handbooks)
    here = datetime.now(tz=UTC).astimezone().tzinfo or UTC
    return next((zone for zone in said if zone is not None), here)


def problem_language(lang: str | None, folder: Path) -> str:
    """Choose the language for problems of a handbook that may not load."""
    if lang is not None:
        return language(lang)
    import re

    from sopaudit.problems import LANGUAGES
    from sopaudit.reading.encoding import text

    # Looked for in the text, because the file may be what has the problems.
    declared = re.search(r"^languages\W+([a-z]+)", text(folder / SETTINGS), re.MULTILINE)
    return declared[1] if declared and declared[1] in LANGUAGES else language(None)


def spoken(lang: str | None, handbook: Path | None) -> str:
    """Choose the language where a handbook may be near but need not load."""
    here = Path.cwd()
    near = [handbook] if handbook else [here, *here.parents]
    folder = next((f for f in near if (f / SETTINGS).is_file()), None)
    return problem_language(lang, folder) if folder else language(lang)


def tell(problems: "Iterable[Problem]", lang: str) -> None:
    """Print problems for people, on the error stream, where they never mix with results."""
    from sopaudit.report.problems.text import problems_text

    print(problems_text(list(problems), lang), end="", file=sys.stderr)


def tell_unsaved(folder: "AuditFolder", lang: str) -> None:
    """Say on the error stream that answers typed into `fill` are in no record yet; a hint."""
    if (folder.folder / "journal").is_dir():
        from sopaudit.sheets.terminal.unsaved import unsaved

        tell(unsaved(folder), lang)


def tell_habits(cells: int, lang: str) -> None:
    """Say on the error stream how much of the tables was not taken literally."""
    words = {
        "zh": "{cells:,} 处按习惯读取（如 √ 为 yes）；score --readings 文件名 可列出每一处。",
        "en": "{cells:,} read by habit (such as √ as yes); score --readings FILE lists each.",
    }
    if cells:
        print(words.get(lang, words["en"]).format(cells=cells), file=sys.stderr)


def give(text: str) -> None:
    """Put data for programs on standard output, in UTF-8 whatever the console speaks.

    A path may hold bytes that are no text; they become `�`.
    """
    known = text.encode(errors="surrogateescape").decode(errors="replace")
    sys.stdout.flush()
    sys.stdout.buffer.write(known.encode())


def give_pieces(pieces: Iterable[bytes]) -> None:
    """Put data for programs on standard output as it comes."""
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(piece)


def chosen_format(asked: str | None, output: Path | None, known: Sequence[str]) -> str:
    """Choose a format as asked, else by the name of the file, else the first known."""
    if asked is None and output is not None and str(output) != "-":
        suffix = output.suffix.lower().lstrip(".")
        asked = "text" if suffix == "txt" else suffix
        return one_of(asked, known, f"-o {output.name}:")
    return one_of(asked or known[0], known, "--format")


def hand_over(text: str, kind: str, output: Path | None) -> None:
    """Print what was made, or write it to a file and say where it is.

    Text for people goes to a console in its encoding; data and pages are UTF-8 everywhere.
    """
    if output is not None and str(output) != "-":
        write(output, text.encode())
        print(output.as_posix())
    elif kind == "text":
        print(text, end="")
    else:
        give(text)


def deliver(content: bytes, kind: str, output: Path | None) -> None:
    """Print what was made, or write it to a file and say where it is."""
    if output is not None and str(output) != "-":
        write(output, content)
        print(output.as_posix())
    elif kind == "text":
        # Cells of a table may hold signs that move the cursor or colour what follows.
        print(content.decode().translate(_STEERING), end="")
    elif kind in ("xlsx", "pdf"):
        if output is None:
            raise usage(f"{kind} 请用 -o 写入文件。", f"Name a file for the {kind} with -o.")
        give_pieces([content])
    else:
        give(content.decode())


_STEERING: Final = {
    code: "\ufffd" for code in (*range(32), *range(127, 160)) if code not in (9, 10)
}
"""Control characters, shown as what cannot be printed."""


def write(path: Path, content: bytes) -> None:
    """Write one file; ends the command where it had to take another name."""
    for _ in write_each([(path, content)]):
        pass


def write_each(files: "Iterable[tuple[Path, Content]]") -> Iterator[Path]:
    """Write files whole or not at all, and give the path of each.

    Where a file is open in another program, the result takes a second name, which is told. The
    command then ends as one with problems once all are written, because the file that was asked
    for is still the old one.
    """
    from sopaudit import file

    aside = False
    for path, content in files:
        try:
            place = file.write(path, content)
        except OSError as error:
            raise refused(error, path, "写不进去", "cannot be written") from None
        if place != path:
            aside = True
            old, new = path.as_posix(), place.as_posix()
            print(
                f"请先关闭 {old}：别的程序正打开着它（或者它是只读的），没有改动。"
                f"结果写在 {new}。\n"
                f"Close {old} first: another program has it open, or it is read-only; "
                f"it was left alone. The result is in {new}.",
                file=sys.stderr,
            )
        yield place
    if aside:
        raise Stop(PROBLEMS)


def one_of(word: str, known: Sequence[str], option: str) -> str:
    """Give `word` if the option knows it, else say what it knows."""
    if word not in known:
        raise usage(
            f"{option} 不能是“{word}”，可以是：{', '.join(known)}。",
            f"{option} cannot be “{word}”; it is one of {', '.join(known)}.",
        )
    return word
