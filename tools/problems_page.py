"""Write docs/problems.md, and the examples `sopaudit explain` shows, from the gallery of samples.

    python tools/problems_page.py

Each problem code has a sample in tests/errors and, beside it, what a user is told of it. The tests
hold those to the program, and hold what is written here to the samples.
"""
# ruff: noqa: INP001 -- a script, not a package

import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sopaudit.criteria.repair import repaired
from sopaudit.problems import INDENT, LANGUAGES, STAGES, catalogue, in_general

ROOT: Final = Path(__file__).parents[1]
ERRORS: Final = ROOT / "tests/errors"
TINY: Final = ROOT / "tests/handbooks/tiny"
PAGE: Final = ROOT / "docs/problems.md"
EXAMPLES: Final = ROOT / "src/sopaudit/problem_examples.toml"

Example = dict[str, str | int]
"""`place`, what is told there in `zh` and `en`, the `line` with the column of its `caret`; `fix`
where it can be mended, and how the line is `right`."""

_HEAD: Final = re.compile(r"(?P<place>.*?): (?P<code>[A-Z]\d{3}) (?P<told>.*)")


def told(code: str, lang: str) -> str:
    """Give what a user is told of the sample of a code."""
    return (ERRORS / code / f"expected.{lang}.txt").read_text(encoding="utf-8")


def examples() -> dict[str, Example]:
    """Take the example of every code from its sample."""
    return {code: _example(code) for code in sorted(catalogue(), key=_order)}


def _order(code: str) -> tuple[int, str]:
    return list(STAGES).index(code[0]), code


def _example(code: str) -> Example:
    example: Example = {}
    for lang in LANGUAGES:
        head, *rest = told(code, lang).splitlines()
        found = _HEAD.fullmatch(head)
        if found is None:
            raise SystemExit(f"{code}: {head!r} is no problem")
        example |= {"place": found["place"], lang: found["told"]}
        if len(rest) > 2 and rest[1].strip() == "^":  # noqa: PLR2004 -- line, caret, way out
            example |= {
                "line": rest[0].removeprefix(INDENT),
                "caret": rest[1].index("^") - len(INDENT),
            }
    return example | (_mended(code, str(example["place"])) if code[0] in "YS" else {})


def _mended(code: str, place: str) -> Example:
    """Say whether `--fix` mends the sample, and how its line then reads if that has changed."""
    path, number, _ = place.rsplit(":", 2)
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(TINY, folder, dirs_exist_ok=True)
        shutil.copytree(ERRORS / code, folder, dirs_exist_ok=True)
        for repair in repaired(folder, strict=True, shown=""):
            if repair.shown == path:
                lines = (repair.text.splitlines(), repair.after.decode().splitlines())
                before, after = (text[int(number) - 1].strip() for text in lines)
                return {"fix": "yes"} | ({} if before == after else {"right": after})
    return {}


def examples_file() -> str:
    """Write the examples as TOML, whose strings are those of JSON."""
    parts = ["# Written by tools/problems_page.py from tests/errors; do not edit.\n"]
    for code, example in examples().items():
        values = (
            f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in example.items()
        )
        parts.append("\n".join((f"[{code}]", *values)) + "\n")
    return "\n".join(parts)


_INTRODUCTION: Final = """\
# 文件问题一览

`sopaudit check` 报告的每个问题都有一个代码。这里按阶段列出全部代码：问题是什么、怎样改，
以及一个真实的例子：引起它的那一行（`^` 指出位置）和终端上显示的文字。‹尖括号›里的词，
报告时会换成实际内容。`sopaudit explain 代码` 在终端显示同样的说明。标着 *--fix* 的，
`sopaudit check --fix` 能替您改好；标着 *--strict* 的是提示，加上 `--strict` 才显示。

Every problem `sopaudit check` reports has a code. This page lists them all by stage: what is
wrong, what to do, and a real example. Words in ‹brackets› are filled in. `sopaudit explain CODE`
shows the same in a terminal; what is marked *--fix* `sopaudit check --fix` mends; *--strict* marks
hints.

This page is written by `tools/problems_page.py` from `problems.toml` and `tests/errors`.
"""


def page() -> str:
    """Write the page."""
    found = examples()
    return "\n".join(_sections(found)) + "\n"


def _sections(found: dict[str, Example]) -> Iterator[str]:
    yield _INTRODUCTION
    for letter, stage in STAGES.items():
        codes = [code for code in found if code[0] == letter]
        links = " ".join(f"[{code}](#{code.lower()})" for code in codes)
        yield f"**{stage['zh']}** · {stage['en']}: {links}\n"
    for letter, stage in STAGES.items():
        yield f"## {letter} · {stage['zh']} · {stage['en']}\n"
        for code in (code for code in found if code[0] == letter):
            yield from _section(code, found[code])


def _section(code: str, example: Example) -> Iterator[str]:
    marks = ["--fix"] if "fix" in example else []
    hint = catalogue()[code].get("level") == "hint"
    # Those of filled sheets come with an import, and not with `check`.
    marks += ["--strict"] if hint and code[0] != "F" else []
    yield f"### {code}\n"
    if marks:
        yield " ".join(f"*{mark}*" for mark in marks) + "\n"
    for lang in LANGUAGES:
        yield f"{_escaped(in_general(code, lang))}\n{_escaped(in_general(code, f'{lang}_do'))}\n"
    for lang in LANGUAGES:
        yield f"```text\n{told(code, lang)}```\n"
    if "right" in example:
        yield f"改好后 · mended:\n\n```yaml\n{example['right']}\n```\n"


def _escaped(text: str) -> str:
    """Keep what Markdown would take for itself."""
    return re.sub(r"([\\`*_<>\[\]#|])", r"\\\1", text)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    EXAMPLES.write_text(examples_file(), encoding="utf-8")
    tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
