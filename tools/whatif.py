"""Write docs/whatif.md: the sample audits asked what would be if, and what the terminal says.

    python tools/whatif.py

Every answer on the page is what the program printed. Where a veto or an open item is needed, the
October audit is copied and one thing in it is changed, as the page says. A test runs this again,
compares, and recomputes each claim by hand.
"""
# ruff: noqa: INP001 -- a script, not a package

import hashlib
import json
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sopaudit.cli.new import STARTER

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs/whatif.md"
AFTERNOON: Final[dict[str, Any]] = runpy.run_path(str(ROOT / "tools/afternoon.py"))
"""Another page of this kind, whose terminal serves here too."""

AUDIT: Final = "audits/2026-10-cd"

_INTRODUCTION: Final = """\
# 假设推算：whatif

*What would bring an audit to a grade, and how far a score may still go. Every answer below is
what the terminal printed; `tools/whatif.py` writes this page, and a test runs it again and
recomputes each claim.*

`sopaudit whatif` 回答站长最常问的两个问题：

- `--to A`：最少改正哪几项能到 A？最多给三个方案，改正项数少的在前；项数相同，得分增加多的在前；
  再相同，增加多的项、检查表里靠前的项在前。方案里的每一项都少不了；一个方案也不会包含另一个方案的全部项目。
- `--open`：还有没答的项目时，等级和得分最好、最差可能是多少？

**改正**是指这一项答成最好的结果：抽查的都合格，次数为零，分数得满。样本数、人数都不变，所以满分的基数不变。
每个方案都由评分程序重新算过，印出来的得分就是报告里会印的得分。
不符合的项目在 40 项以内，答案是算尽的，不会有更小的方案；
更多的项目（或评分办法特别复杂）没有算完时，会明说。

*A correction is an item answered as well as can be, of as many cases and people as were looked at;
the base stays. Sets with fewer corrections come first, then those that bring more. Up to 40 items
that fall short the answer is proven; where it is not, the output says so.*
"""


def page() -> str:
    """Ask everything and write it down."""
    with TemporaryDirectory() as name:
        return "\n".join(_played(_Copy(Path(name)))) + "\n"


class _Copy:
    """The handbook with its October audit, in a folder where it may be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in STARTER:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile
            copy(ROOT / part, folder / part)
        self.restore()

    def restore(self) -> None:
        """Let the audits be what they are in the repository."""
        shutil.rmtree(self.folder / "audits", ignore_errors=True)
        for name in ("2026-07-cd", "2026-10-cd"):
            shutil.copytree(ROOT / "audits" / name, self.folder / "audits" / name)

    def answer(self, item: str, **said: object) -> None:
        """Answer an item otherwise; with nothing said, not at all."""
        path = self.folder / AUDIT / f"answers/{item.rpartition('-')[0]}.json"
        record = json.loads(path.read_text(encoding="utf-8"))
        places = [n for n, given in enumerate(record["answers"]) if given["item"] == item]
        for n in reversed(places):
            if said:
                record["answers"][n] |= said
            else:
                del record["answers"][n]
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")

    def photo(self) -> list[dict[str, str]]:
        """Put a photo into the audit, as a veto needs, and register it."""
        path = self.folder / AUDIT / "evidence/call-log.jpg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"a photo of the call log")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return [{"file": "evidence/call-log.jpg", "sha256": digest}]

    def said(self, *words: str) -> str:
        """Run the program and give its answer."""
        return f"```console\n{AFTERNOON['terminal'](self.folder, 'whatif', AUDIT, *words)}```\n"


def _played(desk: _Copy) -> Iterator[str]:
    yield _INTRODUCTION
    yield "## 1. 热线岗位离 A 有多远\n"
    yield desk.said("CK-HTL", "--to", "A")
    yield (
        "手算：满分基数 90 分，实得 82.0667 分（91.2）。到 A 要 95.0 分，四舍五入以前至少 94.95，"
        "即实得 85.455 分，还差 3.3883 分。CK-HTL-B3 失 2 分、CK-HTL-C2 失 2 分，合起来 4 分够了；"
        "任何一项单独最多 2 分，所以 2 项最少。\n"
    )
    yield "## 2. 办事处离 A 有多远\n"
    yield "办事处是两个岗位按权重的平均，所以协调员的一分在这里只值半分：\n"
    yield desk.said("CK-BRANCH", "--to", "A", "--lang", "en")
    desk.restore()
    found = {"result": "no", "note": "一起投诉没有登记。", "evidence": desk.photo()}
    desk.answer("CK-HTL-V2", **found)
    yield "## 3. 一票否决\n"
    yield "假设 CK-HTL-V2 查出否决情形，还没有第二人确认。等级暂时不变，但推算会提醒：\n"
    yield desk.said("CK-HTL", "--to", "B")
    yield "第二人确认以后，别的项改得再多也没有用：\n"
    desk.answer("CK-HTL-V2", confirmed={"by": "9002"})
    yield desk.said("CK-HTL", "--to", "A")
    yield "CK-HTL-V2 自己不带分，所以它后面的变化是 0。办事处也因此最高为 D：\n"
    yield desk.said("CK-BRANCH", "--to", "C")
    desk.restore()
    yield "## 4. 还有没答的项目\n"
    yield "假设检查还没做完，热线岗位缺 CK-HTL-A2、CK-HTL-E2 两项和否决项 CK-HTL-V1：\n"
    for item in ("CK-HTL-A2", "CK-HTL-E2", "CK-HTL-V1"):
        desk.answer(item)
    yield desk.said("CK-HTL", "--open")
    yield (
        "手算：其余各项实得 72.0667 分、基数 80 分。两项（各 5 分）都得满：82.0667 ÷ 90 = 91.2；"
        "都得零：72.0667 ÷ 90 = 80.1。\n"
    )
    yield "协调员岗位只缺 CK-COO-D3 一项时：\n"
    desk.answer("CK-COO-D3")
    yield desk.said("CK-COO", "--open", "--lang", "en")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
