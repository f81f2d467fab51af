"""Mistakes in files somebody wrote: where, what, and what to do, in Chinese and English.

A `Problem` holds a code and the values that fill its sentence; the sentences themselves stand in
`problems.toml`, one entry a code, so that a translator never opens a Python file and a run
without problems never reads them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from sopaudit.terminal import COLUMNS, fitting, harmless, in_line, width

LANGUAGES = ("zh", "en")
"""The languages this program itself speaks; a handbook may declare others for its own texts."""


@dataclass(frozen=True, order=True)
class Place:
    """A spot in a file; editors turn its text into a link."""

    path: str
    """As the reader knows the file: relative to the folder the command was given."""

    line: int = 1
    """Counted from 1; in a table, the row with its header."""

    column: int = 1
    """Counted from 1 in characters; in a table, the column."""

    cell: str = field(default="", compare=False)
    """The name people know the spot by, such as `H13` in a workbook; empty where lines are."""

    def __str__(self) -> str:
        path = in_line(self.path)
        return f"{path} {self.cell}" if self.cell else f"{path}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Edit:
    """A change to the text of a file: what stands from `start` up to `end` gives way to `text`."""

    start: int
    """Counted from 0 in characters, line ends as they stand."""

    end: int
    text: str


@dataclass(frozen=True)
class Problem:
    """One mistake in a file, which its author can mend."""

    place: Place
    code: str
    """Such as `H012`; its letter says which stage found it (see `STAGES`)."""

    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What fills the braces of the sentence."""

    line: str = field(default="", compare=False)
    """The line it stands in, as it was typed; empty where there is none to quote."""

    edits: tuple[Edit, ...] = field(default=(), compare=False)
    """What mends it, where that is certain."""

    def with_edits(self, edits: Iterable[Edit]) -> "Problem":
        """Add what mends it."""
        return replace(self, edits=tuple(edits))

    @property
    def hint(self) -> bool:
        """Whether it is advice, of which no command fails; `check` gives it with `--strict`."""
        return catalogue()[self.code].get("level") == "hint"

    def message(self, lang: str) -> str:
        """Say what is wrong, as one sentence in `lang`."""
        return self._say(lang)

    def remedy(self, lang: str) -> str:
        """Say what to do about it, in `lang`."""
        return self._say(f"{lang}_do")

    def _say(self, entry: str) -> str:
        words = catalogue()[self.code]
        sentence = words.get(entry, words["en_do" if entry.endswith("_do") else "en"])
        return sentence.format_map({name: in_line(said) for name, said in self.values.items()})

    def text(self, lang: str) -> str:
        """Give what a reader sees: place, code and sentence; the line with a caret; the way out."""
        told = (f"{self.code} {self.message(lang)}", *self.quote(), self.remedy(lang))
        return harmless(f"{self.place}: " + f"\n{INDENT}".join(told))

    def quote(self) -> tuple[str, ...]:
        """Give the line it stands in and, below it, a caret at the spot; nothing without a line.

        Chinese characters are two columns wide; of a long line, what is around the spot is shown.
        """
        start = len(self.line) - len(self.line.lstrip())
        at = max(self.place.column - 1, start)
        room = COLUMNS - len(INDENT)
        if start == len(self.line):
            return ()
        before = fitting(self.line[start:at][::-1], room * 2 // 3)[::-1]
        if len(before) < at - start:
            before = f"…{before}"
        rest = self.line[at:].rstrip()
        after = fitting(rest, room - width(before) - 1)
        if len(after) < len(rest):
            after += "…"
        quoted = "".join(sign if sign.isprintable() else " " for sign in before + after)
        return quoted, " " * width(before) + "^"


INDENT: Final = "    "
"""Before each further line of a problem."""

STAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "Y": {"zh": "文件的写法：编码、缩进、标点", "en": "how a file is written"},
    "S": {
        "zh": "文件的结构：键、类型、空值",
        "en": "the shape of a file: keys, types, empty values",
    },
    "H": {"zh": "手册：引用和分值", "en": "the handbook: references and arithmetic"},
    "M": {"zh": "表格对照文件", "en": "a mapping for tables that are not ours"},
    "T": {"zh": "证据表格的单元格", "en": "the cells of a table of evidence"},
    "L": {"zh": "事件日志和它的对照文件", "en": "an event log and its mapping"},
    "A": {"zh": "检查文件夹和答案记录", "en": "an audit folder and its answers records"},
    "F": {"zh": "填好的检查表和照片", "en": "filled sheets and photos"},
    "B": {"zh": "导入的 BPMN 流程图", "en": "a BPMN diagram that is imported"},
}
"""What the first letter of a code means."""


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Read the sentences of every code: `zh`, `en`, and what to do as `zh_do`, `en_do`.

    A code with `level = "hint"` is advice.
    """
    found: dict[str, dict[str, str]] = _data("problems.toml")
    return found


FEW: Final = 8
"""So many names are listed where none is near."""


def in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort by file, line and column; equal problems are said once."""
    distinct = {(p.place, p.code, tuple(sorted(p.values.items()))): p for p in problems}
    return [distinct[key] for key in sorted(distinct)]


def alike(word: str, known: Collection[str]) -> list[str]:
    """List what is known and looks like `word`, the nearest first."""
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in reversed(list(known))}
    near = get_close_matches(word.casefold(), folded, n=3, cutoff=0.6)
    return [folded[name] for name in near]


def choices(word: str, known: Collection[str]) -> str:
    """Name what the author may have meant: near matches, or else the first of what is known."""
    near = alike(word, known)
    if near:
        return ", ".join(near)
    first = list(known)[:FEW] or ["–"]
    return ", ".join(first) + (" …" if len(known) > len(first) else "")


def in_general(code: str, entry: str) -> str:
    """Give a sentence of `code` as it is before it is filled: `{name}` shows as ‹name›."""
    import string

    parts = string.Formatter().parse(catalogue()[code][entry])
    return "".join(said + (f"‹{name}›" if name else "") for said, name, _, _ in parts)


def example(code: str) -> Mapping[str, str | int]:
    """Give the example of `code`: its `place`, `line` and `caret`, what is told in `zh` and `en`.

    `fix` is there where `check --fix` mends it, `right` where its line then reads otherwise.
    """
    found: dict[str, str | int] = _data("problem_examples.toml")[code]
    return found


@cache
def _data(name: str) -> Any:  # noqa: ANN401 -- whatever stands in the file
    import tomllib
    from importlib.resources import files

    return tomllib.loads(files("sopaudit").joinpath(name).read_text(encoding="utf-8"))
