"""A flow chart of another program becomes a workflow of the handbook."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sopaudit.cli.session import SETTINGS, give, spoken, tell, write
from sopaudit.cli.stop import PROBLEMS, Stop, usage

if TYPE_CHECKING:
    from sopaudit.problems import Problem
    from sopaudit.swimlane.intake import Intake, Known

KINDS: Final = (".bpmn", ".bpmn2", ".xml")
"""Endings of files it reads."""


def chart(
    file: Path,
    output: Path | None,
    id_: str | None,
    *,
    despite: bool,
    handbook: Path | None,
    lang: str | None,
) -> None:
    """Read a BPMN 2.0 flow chart into workflow YAML."""
    from sopaudit.criteria.field import ID_PATTERN
    from sopaudit.reading.encoding import load
    from sopaudit.swimlane.intake import intake

    if id_ is not None and not re.fullmatch(ID_PATTERN, id_):
        raise usage(
            f"--id 不能是“{id_}”：只能用字母、数字、点、连字符和下划线，以字母或数字开头。",
            f"--id cannot be “{id_}”: letters, digits, dot, hyphen and underscore, a letter or "
            "digit first.",
        )
    if output is not None and output.exists():
        raise usage(
            f"{output.as_posix()} 已经存在，没有动它。请换一个名字。",
            f"{output.as_posix()} exists and was left alone. Choose another name.",
        )
    told, folder = spoken(lang, handbook), _near(handbook)
    raw = load(file, file.as_posix())
    if not isinstance(raw, bytes):
        tell(raw.problems, told)
        raise Stop(PROBLEMS)
    usual = file.stem if re.fullmatch(ID_PATTERN, file.stem) else "F9"
    read = intake(raw, file.as_posix(), id_, usual, _known(folder))
    tell([*read.refused, *read.told], told)
    if read.data is None or (read.refused and not despite):
        raise Stop(PROBLEMS, _WORDS[told]["refused"].format(count=len(read.refused)))
    text = "\n".join(_text(read, file, _schema(output, folder), told))
    if output is None:
        give(text)
    else:
        write(output, text.encode())
        print(output.as_posix())
    if read.refused:
        raise Stop(PROBLEMS, _WORDS[told]["despite"].format(count=len(read.refused)))


_WORDS: Final = {
    "zh": {
        "refused": "有 {count} 处不能导入，什么也没有写。改好后再导入；"
        "加上 --despite 可先写出其余部分。",
        "despite": "有 {count} 处没有导入，其余已写出；开头的注释里列着它们。",
        "head": "从 {file} 导入。请核对泳道的岗位（post）和每个框的 title，"
        "再补上 limit、forms、events。",
        "lost": "没有导入，或与图上不同：",
    },
    "en": {
        "refused": "{count} elements cannot be imported, so nothing was written. Mend them and\n"
        "import again, or write the rest with --despite.",
        "despite": "{count} elements were not imported; the comments at the top list them.",
        "head": "Read from {file}. Look at the post of each lane and the title of each box, "
        "then add limit, forms, events.",
        "lost": "Not imported, or other than in the diagram:",
    },
}


def _near(handbook: Path | None) -> Path | None:
    """Find the folder of a handbook, if there is one."""
    here = Path.cwd()
    for folder in [handbook] if handbook else [here, *here.parents]:
        if (folder / SETTINGS).is_file():
            return folder
    return None


def _known(folder: Path | None) -> "Known":
    """Take the titles of posts and forms from a handbook, whatever else is wrong with it."""
    from sopaudit.criteria.draft import shaped
    from sopaudit.criteria.handbook import drafted
    from sopaudit.swimlane.intake import Known

    if folder is None:
        return Known()
    draft = drafted(folder)
    forms = [form for register, _ in shaped(draft.forms) for form in register.forms]
    posts = [post for post, _ in shaped(draft.posts)]
    return Known(
        {words: post.id for post in posts for _, words in post.title.wordings},
        {words: form.id for form in forms for _, words in form.title.wordings},
    )


def _schema(output: Path | None, folder: Path | None) -> str:
    """Say where an editor finds the schema of workflows."""
    usual = "../../.schema/workflow.json"
    if output is None or folder is None:
        return usual
    try:
        found = os.path.relpath(folder / ".schema/workflow.json", output.parent)
    except ValueError:  # it is on another drive of a Windows machine
        return usual
    return Path(found).as_posix()


def _text(read: "Intake", file: Path, schema: str, lang: str) -> Iterator[str]:
    from sopaudit.reading.manuscript import manuscript

    words = _WORDS[lang]
    yield f"# yaml-language-server: $schema={schema}"
    yield f"# {words['head'].format(file=file.name)}"
    lost = [*read.refused, *read.told]
    if lost:
        yield f"# {words['lost']}"
        yield from _listed(lost, lang)
    apart = ("lanes", "entries", "events", "nodes")
    yield manuscript(read.data or {}, read.remarks, apart=apart)


def _listed(problems: "Iterable[Problem]", lang: str) -> Iterator[str]:
    for problem in problems:
        words = " ".join(problem.message(lang).split())
        place = problem.place
        yield f"#   {place.line}:{place.column} {problem.code} {words}"
