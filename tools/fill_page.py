"""Write the screens of docs/fill.md anew: what `sopaudit fill` shows of the known-answer month.

python tools/fill_page.py
"""
# ruff: noqa: INP001 -- a script, not a package

import runpy
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sopaudit.sheets.terminal.asking import Question
from sopaudit.sheets.terminal.journal import Journal
from sopaudit.sheets.terminal.lines import Shown
from sopaudit.sheets.terminal.loop import converse
from sopaudit.sheets.terminal.said import Attached
from sopaudit.sheets.terminal.session import Tools

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs/fill.md"
TYPED: Final = {
    "zh": ("n", "3", "10月22日录音，对客户说“你自己看说明书”", "1022.png", "", "1"),
    "en": ("n", "3", "Call of 22 October: “read the manual yourself”", "1022.png", "", "1"),
}
"""What somebody types at an item that fails."""

ITEM: Final = ("CK-HTL", "CK-HTL-V1")
AUDITOR: Final[dict[str, Any]] = runpy.run_path(str(ROOT / "tests/sheets/terminal/auditor.py"))
"""Lays the known-answer month out without its answers."""


class Somebody:
    """Types what stands above, and keeps the screen."""

    def __init__(self, said: Sequence[str]) -> None:
        self.said = list(said)
        self.shown: list[str] = []

    def show(self, lines: Sequence[Shown]) -> None:
        """Keep lines, up to the next item."""
        if self.said or not self.shown:
            self.shown += [line.text for line in lines]

    def ask(self, asked: Question) -> str | None:
        """Type the next text."""
        del asked
        return self.said.pop(0) if self.said else None

    def echo(self, asked: Question, text: str) -> None:
        """Keep what an answer was taken for."""
        del asked
        self.shown.append(f"> {text}".rstrip())


def screens(lang: str) -> str:
    """Give the screen of one item, from its card to the next."""
    person = Somebody(TYPED[lang])
    with TemporaryDirectory() as place:
        folder = AUDITOR["opened"](AUDITOR["empty"](Path(place) / "2026-10-cd"))
        form = AUDITOR["form_of"](folder, lang)
        with Journal(folder.folder, "", form.blank) as journal:
            tools = Tools(lambda: AUDITOR["NOW"], lambda text: Attached(text, "0" * 64))
            converse(form, journal, person, tools, ITEM)
    return "\n".join(person.shown).strip("\n") + "\n"


def page(text: str) -> str:
    """Put the screens into the page."""
    for lang in TYPED:
        head, begin, rest = text.partition(f"<!-- screen: {lang} -->\n```text\n")
        _, end, tail = rest.partition("```\n")
        text = f"{head}{begin}{screens(lang)}{end}{tail}"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
