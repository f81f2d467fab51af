"""Write docs/tickets.md: a draw, key figures and the list of the day, as the terminal says them.

    python tools/tickets.py

The records are those of a small made-up office, `tests/tables/office`. A test runs this again and
compares.
"""
# ruff: noqa: INP001 -- a script, not a package

import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sopaudit.cli.new import STARTER

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs/tickets.md"
AFTERNOON: Final[dict[str, Any]] = runpy.run_path(str(ROOT / "tools/afternoon.py"))
"""Another page of this kind, whose terminal serves here too."""

RECORDS: Final = ROOT / "tests/tables/office"
AUDIT: Final = "audits/2026-10-cd"
START: Final = "20261106"

_INTRODUCTION: Final = """\
# 工单：抽样、指标、今日待办

*Tickets: a draw anybody can repeat, key figures with their two numbers, and what is due today.
Every answer below is what the terminal printed; `tools/tickets.py` writes this page from the
records of a small made-up office (`tests/tables/office`), and a test runs it again.*

命令后面写一次检查（它的 `data` 文件夹里放着记录）、一个放记录的文件夹，或一张工单表。
记录有哪些、列叫什么，见 `sops/records.yaml`；文件名是记录的编号，例如 `tickets.csv`。
"""

_SAMPLE: Final = """\
## 1. 抽样 · Drawing tickets

抽多少、按什么分层、哪些每张都看，写在 `sops/rules.yaml` 的 `sampling` 里：

- 抽 `max(minimum, ⌈rate × N⌉)` 张，N 是不用每张都看的工单数；或者用 `--plan` 按风险定样本数：
  属性抽样（risk、tolerable、expected），或 ISO 2859-1 的接收质量限（aql）。
- 按各层的张数分摊，每层至少一张；余数大的先得。分层比要抽的还多时，从全部里抽，
  否则工单少的人永远抽不到。
- 投诉、重复报修、大额收费每张都看，和抽样分开，不参与推断。
- 每张工单的位置是 `SHA-256(起始号:工单号)`，每层取最小的几张。所以和行的顺序、
  程序版本、电脑都没有关系；起始号在记录交来以后才定，谁也没法安排抽到谁。

*The rank of a ticket is the SHA-256 of START:TICKET; of each stratum the lowest ranks are drawn.
Sizes follow largest remainders with one for each stratum at least; where strata are more than the
tickets to draw, it is drawn from all of them together. Always-tickets are kept apart from the
estimate. Adding a ticket changes the draw of its own stratum, and of others only where sizes
change.*
"""

_BY_HAND: Final = """\
不用 sopaudit 也能重抽。例如一层里只有三张工单：

```console
$ for t in CD-261012-004 CD-261013-005 CD-261015-007
> do echo $(printf "20261106:$t" | sha256sum) $t; done | sort
```

`--into` 把抽样存成检查文件夹里的 `sample.json`，检查报告的“抽样记录”会列出起始号和抽中的工单号。
一次检查只抽一次：已经有 `sample.json` 的，不会被盖掉。受审核方拿到它，可以自己重抽核对：
"""

_KPI: Final = """\
## 2. 指标 · Key figures

`sops/kpis.yaml` 里的每个指标都写出分子和分母。不足 `smallest` 例的不作评价；目标按精确的分数比，
不按四舍五入以后的百分数比。有 `lag` 的指标，在那段时间过去以前是暂定的。分位数按最近秩：
n 个从短到长排列，取第 ⌈n × 比例⌉ 个（Hyndman–Fan 第 1 种），工作小时按工作日历精确计算。
规则还算不了、记录没有交来的，会说明是哪一条、哪一种；数据缺失的不算进分母，单独列数。

*Numerator and denominator stand beside every rate; targets are compared as exact fractions.
Percentiles are by nearest rank. What cannot be counted says which rule or record is missing.*
"""

_TODAY: Final = """\
## 3. 今日待办 · Today

`sops/rules.yaml` 的 `today` 说明列哪些规则的期限、由谁做。已经过了期限还没做的是逾期；
期限在 `--ahead`（不写就是4小时）以内的是将到期。纯文字可以直接贴到群里；`-o today.pdf`
是一张A4，`-o today.xlsx` 可以筛选。一条规则有几个部分的，每个部分单独列。

*What is past its moment and not done is overdue; what falls due within `--ahead` is due soon. Text
is made for a chat, `-o today.pdf` is one sheet of A4, `-o today.xlsx` can be filtered.*
"""


def page() -> str:
    """Ask everything and write it down."""
    with TemporaryDirectory() as name:
        return "\n".join(_played(Path(name))) + "\n"


def _played(folder: Path) -> Iterator[str]:
    for part in STARTER:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile
        copy(ROOT / part, folder / part)
    shutil.copytree(RECORDS, folder / "records")
    shutil.copytree(RECORDS, folder / AUDIT / "data")

    def said(*words: str) -> str:
        return f"```console\n{AFTERNOON['terminal'](folder, 'tickets', *words)}```\n"

    yield _INTRODUCTION
    yield _SAMPLE
    yield said("sample", "records", "--seed", START)
    yield _BY_HAND
    AFTERNOON["terminal"](folder, "tickets", "sample", AUDIT, "--seed", START, "--into", AUDIT)
    yield said("sample", AUDIT, "--check", AUDIT)
    yield "少交一张工单，或者改一张的分类，都看得出来：\n"
    path = folder / AUDIT / "data/tickets.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:9] + lines[10:]), encoding="utf-8")
    yield said("sample", AUDIT, "--check", AUDIT, "--lang", "en")
    yield "按风险定样本数：\n"
    yield said(
        "sample", "records", "--seed", START, "--plan", "lot", "--by", "tickets.service_type"
    )
    yield _KPI
    yield said("kpi", "records", "--as-of", "2026-11-05")
    yield _TODAY
    yield said("today", "records", "--now", "2026-10-14T09:00")
    yield said("today", "records", "--now", "2026-10-14T09:00", "--ahead", "8h", "--lang", "en")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
