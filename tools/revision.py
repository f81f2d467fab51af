"""Write docs/manager-revision.md: a manager revises the handbook, and what the terminal says.

    python tools/revision.py

The handbook of this repository is copied and committed; every edit is made in the copy, and every
answer on the page is what the program printed. A test runs this again and compares.
"""
# ruff: noqa: INP001 -- a script, not a package

import runpy
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs/manager-revision.md"
AFTERNOON: Final[dict[str, Any]] = runpy.run_path(str(ROOT / "tools/afternoon.py"))
"""Another page of this kind, whose copy and terminal serve here too."""

POST, SHEET, FLOW = "sops/posts/htl.yaml", "checklists/htl.yaml", "sops/workflows/f2.yaml"

_INTRODUCTION: Final = """\
# 站长改一次手册

*A manager revises the handbook: a limit, an item, a lane, a colon; and what `check`, `diff` and
`coverage` answer. Every answer below is what the terminal printed. This page is written by
`tools/revision.py`, and a test runs it again.*

手册已经提交到 git。站长每改一处，就看看 `check`、`diff` 和 `coverage` 怎么说。
下面都是终端上的原样，太长的只留相关的几行。
"""


def page() -> str:
    """Play the revision and write it down."""
    return "\n".join(_played()) + "\n"


class _Copy:
    """The handbook as the manager has it on the desk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        AFTERNOON["copied"](folder)

    def edit(self, name: str, old: str, new: str) -> None:
        """Put something else in a file, once."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise SystemExit(f"{name} holds no {old!r}")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def retire(self, item: str) -> None:
        """Take an item out of the checklist."""
        path = self.folder / SHEET
        text = path.read_text(encoding="utf-8")
        start = text.index(f"  - id: {item}\n")
        path.write_text(text[:start] + text[text.index("  - id: ", start + 9) :], "utf-8")

    def said(self, *words: str, part: str = "") -> str:
        """Run the program; with `part`, keep of its answer the paragraphs that hold it."""
        answer: str = AFTERNOON["terminal"](self.folder, *words)
        if part:
            head, _, rest = answer.partition("\n")
            kept = [text for text in rest.strip("\n").split("\n\n") if part in text]
            answer = "\n\n".join((head, *kept)) + "\n"
        return f"```console\n{answer}```\n"


def _played() -> Iterator[str]:
    yield _INTRODUCTION
    with TemporaryDirectory() as name:
        desk = _Copy(Path(name))
        yield from _limit(desk)
    with TemporaryDirectory() as name:
        desk = _Copy(Path(name))
        yield "## 2. 作废一个检查项\n"
        desk.retire("CK-HTL-D2")
        yield "分值加起来不再是 100，`check` 先说：\n"
        yield desk.said("check")
        yield "把分值加到另一项上（这里是 CK-HTL-D1），换新的版次，再看：\n"
        desk.edit(SHEET, 'edition: "2026.1"', 'edition: "2026.2"')
        text = (desk.folder / SHEET).read_text(encoding="utf-8")
        start = text.index("- id: CK-HTL-D1")
        points = text[text.index("points: ", start) :].partition("\n")[0]
        total = int(points.removeprefix("points: ")) + 8
        changed = text[start:].replace(points, f"points: {total}", 1)
        (desk.folder / SHEET).write_text(text[:start] + changed, encoding="utf-8")
        yield desk.said("diff", "HEAD")
        yield "`coverage` 把所有没有人查的标准列在一起：\n"
        yield desk.said("coverage", part="standards_unchecked")
    with TemporaryDirectory() as name:
        desk = _Copy(Path(name))
        yield "## 3. 泳道写错一个字母\n"
        desk.edit(FLOW, "lane: OSE", "lane: OSF")
        yield desk.said("check")
    with TemporaryDirectory() as name:
        desk = _Copy(Path(name))
        yield "## 4. 粘贴了一个全角冒号\n"
        desk.edit(POST, "limit:", "limit：")
        yield desk.said("check")


def _limit(desk: _Copy) -> Iterator[str]:
    yield "## 1. 改一个限值\n"
    yield (
        "派工单送达协调员的时限从 30 分钟改成 20 分钟（HTL-05-1）。"
        "写法没有问题，`check` 不出声；`diff` 说：\n"
    )
    desk.edit(POST, "30分钟内", "20分钟内")
    yield desk.said("diff", "HEAD")
    yield "照它说的，先给热线工程师的规范换新的版次：\n"
    desk.edit(POST, 'edition: "2026.1"', 'edition: "2026.2"')
    yield desk.said("diff", "HEAD", part="待复核")
    yield (
        "站长看过这一项，把“30分钟”也改成 20 分钟，再按提示写上 `reviewed`，"
        "同时给检查表换版次。再也没有待复核的检查项：\n"
    )
    desk.edit(SHEET, "在填写后30分钟内", "在填写后20分钟内")
    desk.edit(SHEET, 'edition: "2026.1"', 'edition: "2026.2"')
    desk.edit(SHEET, "post: HTL\n", 'post: HTL\nreviewed: {HTL: "2026.2"}\n')
    yield desk.said("diff", "HEAD")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
