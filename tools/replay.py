"""Write docs/replay.md: proposed changes of the handbook, and what they would do to past audits.

    python tools/replay.py

The handbook of this repository and its two audits are copied and committed; every change is made in
the copy, and every answer on the page is what the program printed. A test runs this again and
compares. The sums beside the answers were worked out by hand; the test works them out once more.
"""
# ruff: noqa: E501, INP001 -- lines of the page as they stand there; a script, not a package

import runpy
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs/replay.md"
AFTERNOON: Final[dict[str, Any]] = runpy.run_path(str(ROOT / "tools/afternoon.py"))
"""Another page of this kind, whose terminal serves here too."""

SHEET, SCHEME = "checklists/coo.yaml", "checklists/schemes/post.yaml"
NAMED: Final = "1a2b3c4"
"""Stands on the page for the commit, which is another one in every repository."""

_INTRODUCTION: Final = """\
# 改了评分，以往的检查会怎样

*What a proposed change would do to past audits: `sopaudit diff --replay`, `freeze`, and items that are retired without a trace on old
results. Every answer below is what the terminal printed; the sums are checked by hand. This page is written by `tools/replay.py`, and a
test runs it again.*

检查表和评分办法一改，人人都会问：要是早就这样，上次的检查会是几等？`--replay` 用记录下来的答案，按改前、改后两版各算一次，
并说出是哪一处改动造成的。以往的结果本身不变。下面用手册里的两次检查（成都，7 月和 10 月）做例子，都是终端上的原样。
"""

_BAND: Final = """\
## 1. 良好改成从 92 分起

有人提议：岗位得“良好”（B）不再从 90 分起，改成从 92 分起。在 `checklists/schemes/post.yaml` 里改好，换新的 `edition`，先不提交：
"""

_BAND_BY_HAND: Final = """\
自己算一遍：热线工程师 10 月的得分是 2462/27 = 91.185…，保留一位小数是 91.2。90 ≤ 91.2 < 92，原来是 B，改后是 C。得分一点没变，
所以“这一步”写的是“得分不变”；只有这一处改动，单凭它等级就改变。总评用另一份评分办法（`branch`），不受影响。
"""

_TOGETHER: Final = """\
## 2. 两处改动，单独都没事，合在一起就有事

另一个提议：协调员的 CK-COO-B2 从 15 分减到 12 分，CK-COO-B3 从 12 分加到 15 分；同时“合格”（C）改成从 77 分起。
"""

_TOGETHER_BY_HAND: Final = """\
自己算一遍 10 月的协调员（100 分都适用，得 76.85 分；B2 抽 12 件错 3 件，B3 抽 12 件错 1 件）：

| 改到这里 | 得分÷满分×100 | 显示 | 等级 |
|---|---|---|---|
| 原来 | 76.85 ÷ 100 | 76.9 | D |
| B2 改成 12 分：9 分代替 11.25 分 | (76.85 − 11.25 + 9) ÷ 97 = 74.6 ÷ 97 = 76.907… | 76.9 | D |
| B3 改成 15 分：13.75 分代替 11 分 | (74.6 − 11 + 13.75) ÷ 100 = 77.35 | 77.4 | D |
| C 从 77 分起 | 77.35 | 77.4 | C |

只改分值，77.4 不到 80，还是 D；只改界限，76.9 不到 77，还是 D；两样都改才是 C。先改 B2 时满分是 97，先改 B3 时满分是 103，
所以“各项互相影响”，每一步多少分要看先后；合计 +0.5 分不变。
"""

_FROZEN: Final = """\
## 3. 提交以后：以往的检查按当时的版次

提议通过，提交了。再给 10 月的检查评分，程序不肯用新的评分办法算旧的答案，并且说出路在哪里：
"""

_FREEZE: Final = """\
照它说的，把当时的手册存进这次检查的 `frozen` 文件夹（最好在检查定稿时就做，那时不用 `--from`）。以后手册怎么改，这次检查都是这个结果：
"""

_RETIRED: Final = """\
## 4. 作废一项，又不动以往的结果

检查项不要删。写上最后一天 `effective_until`，接替它的一项写上开始的一天 `effective_from`：

```yaml
  - id: CK-COO-D3
    effective_until: 2026-12-31
    …
  - id: CK-COO-D4
    effective_from: 2027-01-01
    …
```

2026 年的检查照旧问 D3、按 D3 计分；2027 年起只问 D4。`check` 会看每一天要问的检查项加起来是不是 100 分：
"""

_END: Final = """\
还有：

- `-o replay.html` 是一个网页，每个得分画出旧 ○、新 ● 和两版的等级界限；`--format markdown` 给合并请求的摘要用（[ci.md](ci.md)）；
  `--format json` 给程序用，每个数都是准确的分数（[formats.md](formats.md)）。
- `--fail-on grade`：只要有等级会变，就以 1 退出。
- 新增的检查项当时没有问，没有答案；去掉的不算；评分方式变了的，答案照原样代入，代不进去的算没有答案。每一项都列在“带不过去的答案”里。
  只换了编号、内容一字不改的，答案跟到新编号下。
- 检查填写时用的不是这两版中的任何一版时，会说明两栏都是重算。存档的结果由别的版本的程序算出来时，写明两个版本号；
  算出来不一样，指出是哪个得分。
"""


def page() -> str:
    """Play the proposals and write them down."""
    return "\n".join(_played()) + "\n"


class _Copy:
    """The handbook and its audits, committed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        AFTERNOON["copied"](folder)

    def edit(self, name: str, *pairs: tuple[str, str]) -> None:
        """Put something else in a file, each once."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            if old not in text:
                raise SystemExit(f"{name} holds no {old!r}")
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")

    def points(self, item: str, before: int, after: int) -> None:
        """Change the points of an item of the coordinator."""
        text = (self.folder / SHEET).read_text(encoding="utf-8")
        start = text.index(f"- id: {item}\n")
        entry = text[start : text.index(f"points: {before}\n", start)] + f"points: {before}\n"
        self.edit(SHEET, (entry, entry.replace(f"points: {before}\n", f"points: {after}\n")))

    def replace_item(self, item: str, by: str, last: str, first: str) -> None:
        """Retire an item after its last day, and let another like it begin."""
        text = (self.folder / SHEET).read_text(encoding="utf-8")
        head = f"  - id: {item}\n"
        start = text.index(head)
        entry = text[start : text.index("\n  - id: ", start) + 1]
        old = entry.replace(head, f"{head}    effective_until: {last}\n")
        new = entry.replace(head, f"  - id: {by}\n    effective_from: {first}\n")
        self.edit(SHEET, (entry, old + new))

    def git(self, *words: str) -> str:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
        command = ["git", *who, *words]
        done = subprocess.run(command, cwd=self.folder, check=True, capture_output=True)  # noqa: S603
        return done.stdout.decode().strip()

    def said(self, *words: str, since: str = "") -> str:
        """Run the program; with `since`, keep of its answer what follows this line."""
        answer: str = AFTERNOON["terminal"](self.folder, *words)
        if since:
            head, _, _ = answer.partition("\n")
            answer = f"{head}\n…\n{since}{answer.partition(since)[2]}"
        return (
            f"```console\n{answer.replace(self.git('rev-parse', '--short=7', 'HEAD'), NAMED)}```\n"
        )


SINCE: Final = "以往检查重算"
NEXT: Final = ('edition: "2026.1"', 'edition: "2026.2"')


def _played() -> Iterator[str]:
    yield _INTRODUCTION
    with TemporaryDirectory() as name:
        desk = _Copy(Path(name))
        yield _BAND
        desk.edit(SCHEME, ("at_least: 90", "at_least: 92"), NEXT)
        yield desk.said("diff", "HEAD", "--replay", "audits/*", since=SINCE)
        yield _BAND_BY_HAND
        desk.git("checkout", "-q", ".")
        yield _TOGETHER
        desk.points("CK-COO-B2", 15, 12)
        desk.points("CK-COO-B3", 12, 15)
        desk.edit(SHEET, NEXT)
        desk.edit(SCHEME, ("at_least: 80", "at_least: 77"), NEXT)
        yield desk.said("diff", "HEAD", "--replay", "2026-10-cd", since=SINCE)
        yield _TOGETHER_BY_HAND
        yield from _filed(desk)
        desk.git("checkout", "-q", "HEAD~1", ".")
        desk.git("commit", "-qam", "back")
        yield _RETIRED
        desk.replace_item("CK-COO-D3", "CK-COO-D4", "2026-12-31", "2027-01-01")
        desk.edit(SHEET, NEXT)
        yield desk.said("diff", "HEAD", "--replay", "2026-07-cd", since=SINCE)
    yield _END


def _filed(desk: _Copy) -> Iterator[str]:
    yield _FROZEN
    then = desk.git("rev-parse", "--short=7", "HEAD")
    desk.git("commit", "-qam", "as proposed")
    shown = desk.said("score", "audits/2026-10-cd").replace(then, NAMED)
    kept = [
        text
        for text in shown.split("\naudits/")
        if text.startswith(("```", "2026-10-cd/answers/CK-COO.json"))
    ]
    yield "\naudits/".join(kept).rstrip("`\n") + "\n```\n"
    yield _FREEZE
    both = ("audits/2026-07-cd", "audits/2026-10-cd")
    yield desk.said("freeze", *both, "--from", then).replace(then, NAMED)
    shutil.rmtree(desk.folder / "audits/2026-07-cd/frozen")
    shutil.rmtree(desk.folder / "audits/2026-10-cd/frozen")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
