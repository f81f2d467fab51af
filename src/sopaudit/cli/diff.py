"""`sopaudit diff`: what changed between two editions of the handbook, in a manager's words."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperCommand

from sopaudit.cli.copies import copy_asked
from sopaudit.cli.option import HandbookFolder, Lang, Output, formats, spread
from sopaudit.cli.session import (
    chosen_format,
    found,
    hand_over,
    one_of,
    problem_language,
    tell,
)
from sopaudit.cli.stop import PROBLEMS, Stop, usage

if TYPE_CHECKING:
    from sopaudit.cli.replaying import Replayed
    from sopaudit.criteria.change.model import Difference

FORMATS: Final = ("text", "json", "html", "markdown")

REPLAY: Final = "--replay"


class Spreading(TyperCommand):
    """A command whose `--replay` takes several words, as a shell makes of `audits/*`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 -- of click
        """Repeat the option before each of them."""
        return super().parse_args(ctx, spread(args, REPLAY))


def diff(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            help="A folder, a ZIP file, or a git revision of this handbook, such as HEAD. "
            "文件夹、ZIP 文件或 git 版本。",
        ),
    ],
    new: Annotated[
        str | None,
        typer.Argument(
            metavar="[NEW]", help="Likewise (default: the handbook as it is). 默认为现在的手册。"
        ),
    ] = None,
    format_: Annotated[
        str | None,
        formats(FORMATS),
    ] = None,
    output: Output = None,
    replay: Annotated[
        list[str] | None,
        typer.Option(
            REPLAY,
            metavar="AUDIT...",
            help="Past audits, by folder or id, to score under both: all words up to the next "
            "option, so OLD and NEW stand before it. 用两版重算以往的检查。",
        ),
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="WHAT",
            help="Exit 1 if there are: any changes, suspect items, contents that changed under "
            "their old edition, past audits graded otherwise (any, suspect, edition, grade). "
            "May be repeated. 有这类情况时以 1 退出。",
        ),
    ] = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Tell what changed between two editions. 修订对照。

    Values, texts word by word, what was added, retired, moved and renamed; items whose
    standard changed are suspect until reviewed; and who else names what changed. With
    --replay, what the new edition would do to past audits, and which change does it.

    \b
    Examples:
      sopaudit diff HEAD
      sopaudit diff HEAD~5 HEAD --lang en
      sopaudit diff old-handbook.zip . -o changes.html
      sopaudit diff ../handbook-2025 ../handbook-2026 --format json
      sopaudit diff HEAD --replay audits/*
      sopaudit diff main . --replay 2026-10-cd --fail-on grade -o replay.html
    """
    kind = _kind(format_, output)
    for word in fail_on or ():
        one_of(word, ("any", "suspect", "edition", "grade"), "--fail-on")
    if "grade" in (fail_on or ()) and not replay:
        raise usage(
            "--fail-on grade 要同时用 --replay 指出检查。",
            "--fail-on grade needs --replay, to say which audits.",
        )
    here = _home(handbook, old, new)
    before = copy_asked(old, here)
    after = copy_asked(new if new is not None else here.as_posix(), here)
    from sopaudit.criteria.change.difference import difference, problems_of, read_files

    told = problem_language(lang, after.folder or here)
    files = [
        read_files(copy.files, "" if copy.name == "." else f"{copy.name}/")
        for copy in (before, after)
    ]
    names = (old, "." if new is None else new)
    seen = difference(files[0], files[1])
    problems = [problem for documents in files for problem in problems_of(documents)]
    past = None
    if replay:
        from sopaudit.cli.replaying import replayed

        past = replayed(replay, (before, after), here, told)
        problems += past.problems
    hand_over(_written(seen, names, told, kind, past), kind, output)
    tell(problems, told)
    if problems or _failing(seen, fail_on or (), past):
        raise Stop(PROBLEMS)


def _kind(asked: str | None, output: Path | None) -> str:
    if asked is None and output is not None and output.suffix.lower() == ".md":
        return "markdown"
    return chosen_format(asked, output, FORMATS)


def _home(handbook: Path | None, *words: str | None) -> Path:
    """Find the handbook a revision is of; two folders or files need none."""
    if handbook is None and all(word is not None and Path(word).exists() for word in words):
        return Path()
    return found(handbook)


def _written(
    seen: "Difference", names: tuple[str, str], lang: str, kind: str, past: "Replayed | None"
) -> str:
    if kind == "json":
        from sopaudit.report.change.json import difference_json

        return difference_json(seen, *names, None if past is None else past.audits)
    from sopaudit.report.change.told import told

    said = told(seen, *names, lang)
    replay = None
    if past is not None:
        from sopaudit.report.replay.told import told as told_again

        replay = told_again(past.audits, past.old, past.new, lang)
    if kind == "html":
        from sopaudit.report.change.page import difference_html

        return difference_html(said, lang, replay)
    from sopaudit.report.change.text import difference_text

    text = difference_text(said, lang)
    if kind == "markdown":
        from sopaudit.report.change.markdown import difference_markdown
        from sopaudit.report.replay.markdown import replay_markdown

        first = "" if replay is None else replay_markdown(replay, lang) + "\n"
        return first + difference_markdown(said, text)
    if replay is None:
        return text
    from sopaudit.report.replay.text import replay_text

    return f"{text}\n{replay_text(replay, lang)}"


def _failing(seen: "Difference", words: list[str] | tuple[()], past: "Replayed | None") -> bool:
    unmarked = any(file.remark == "same_edition" for file in seen.files)
    regraded = past is not None and any(row.regraded for one in past.audits for row in one.rows)
    happened = {
        "any": bool(seen.files),
        "suspect": bool(seen.suspects),
        "edition": unmarked,
        "grade": regraded,
    }
    return any(happened[word] for word in words)
