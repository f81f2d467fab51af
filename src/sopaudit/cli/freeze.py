"""`sopaudit freeze`: an audit keeps the handbook it was held against, and what came out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopaudit.cli.option import HandbookFolder, Lang
from sopaudit.cli.session import tell
from sopaudit.cli.stop import PROBLEMS, Stop, refused, usage

if TYPE_CHECKING:
    from sopaudit.reading.copy import Copy


def freeze(
    audits: Annotated[
        list[str],
        typer.Argument(metavar="AUDIT", help="Audit folders, or their ids. 检查文件夹或编号。"),
    ],
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="OLD",
            help="The handbook as it was: a git revision of this handbook, a ZIP file or a "
            "folder (default: the handbook as it is). 当时的手册。",
        ),
    ] = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Keep in an audit the handbook it was held against. 存档。

    Writes the folder `frozen` of each audit: every YAML file and the logo, byte for byte,
    and frozen.json with digests, scores and the version of the program. Nothing else of the
    audit is touched, and a folder `frozen` that is there is never written over.

    \b
    Examples:
      sopaudit freeze audits/2026-10-cd
      sopaudit freeze audits/2026-07-cd --from 1a2b3c4
    """
    from sopaudit.cli.examined import Asked, Evidence
    from sopaudit.evidence.frozen import FROZEN

    evidence = Evidence(Asked(audits, (), None, handbook, lang))
    folders = [evidence.folder(word) for word in dict.fromkeys(audits)]
    for folder in folders:
        if (folder / FROZEN).exists():
            shown = (folder / FROZEN).as_posix()
            raise usage(
                f"{shown} 已经存在，没有改动；确实要重新保存的，请先把它移走。",
                f"{shown} is there already and was left alone; to freeze anew, move it away first.",
            )
    home = evidence.handbook.folder
    copy = _copy(source or home.as_posix(), home)
    for folder in folders:
        print(_frozen(folder, copy, source, home, evidence.lang))


def _copy(word: str, home: Path) -> "Copy":
    from sopaudit.cli.copies import copy_asked

    return copy_asked(word, home)


def _frozen(folder: Path, copy: "Copy", source: str | None, home: Path, lang: str) -> str:
    """Freeze one audit; ends the command, with nothing written, where it does not hold."""
    from sopaudit.cli.freezing import NotSoundError, frozen

    try:
        made = frozen(folder, copy, source, home)
    except NotSoundError as no:
        tell(no.problems, lang)
        words = {
            "zh": f"{folder.as_posix()} 和这一版手册对不上，没有保存。",
            "en": f"{folder.as_posix()} does not hold against this handbook; nothing was kept.",
        }
        raise Stop(PROBLEMS, words.get(lang, words["en"])) from None
    except OSError as error:
        raise refused(error, folder, "写不进去", "cannot be written") from None
    return made
