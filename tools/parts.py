"""Write docs/parts.md: what is where, what is owed, and the life of one part, as the terminal says.

    python tools/parts.py

The records are those of a small made-up ledger, `tests/tables/parts`. A test runs this again and
compares; it compares the picture beside the page too.
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
PAGE: Final = ROOT / "docs/parts.md"
PICTURE: Final = ROOT / "docs/part-life.svg"
AFTERNOON: Final[dict[str, Any]] = runpy.run_path(str(ROOT / "tools/afternoon.py"))
"""Another page of this kind, whose terminal serves here too."""

LEDGER: Final = ROOT / "tests/tables/parts"
DAY: Final = ("--as-of", "2026-11-05")

_INTRODUCTION: Final = """\
# 备件：什么在哪里，谁还没交

*Spare parts: what is where, who owes what, and the life of one part. Every answer below is what the
terminal printed; `tools/parts.py` writes this page from a small made-up ledger
(`tests/tables/parts`), and a test runs it again.*

一件备件任何时候都在一个地方：备件中心、在途、库房、工程师手中、客户机器上、拆下来还没交、
已寄出还没被接收、报废。地方写在 `sops/parts.yaml` 的 `places` 里。每次出入库都从一个地方拿出、
放进另一个地方，所以所有地方加起来永远是零；哪里少了，一定在另一个地方、在某个人名下。
用件时如果旧件须返还，同时记一笔：旧件从客户机器上，转到用件的人名下，交回库房才清掉。
现金也是这样记的：客户、收款人、出纳、银行。

*A part is at every moment in one place; places stand in `sops/parts.yaml`. Every move takes from
one and puts into another, so all of them together are always zero: what is missing in one is in
another, under somebody's name. Fitting a part whose old one must come back books a second pair: the
old part is owed by whoever fitted the new one until it reaches the store.*

- 先进先出：从一处拿走的，算最早放进去的那批，所以每件都知道待了多久、从哪来。
- 没有写时间的，算在最前面；写在截止日以后的，算还没有发生。没有写数量的，有序列号算一件，
  没有序列号的那一处余额不准，会说明。
- 谁拿着：出入库写的领用人，没写的看工单上的工程师（`holder`）。
- 有没有问题，只由手册里的规则判断（`losses` 说哪条规则叫什么），这里只说在哪里、多久、跟着谁。

*First in, first out. A move without a time comes before all others; one after the day has not
happened. Whether something is wrong is decided by rules alone; `losses` in `sops/parts.yaml` says
what findings are called and which rules find them.*

命令后面写一次检查（编号或文件夹）、一个放记录的文件夹，或一张出入库表（CSV、XLSX、Parquet）。
单独一张表的列名不一样时，用 `--mapping` 说明，写法和
[data/mapping.yaml](formats.md#datamappingyaml-the-records-of-an-office) 一样。
盘点表的打印和回读见 [counts.md](counts.md)。

文件夹里一个记录一个文件，文件名就是记录的编号：有 `moves.csv` 就能算在哪里；`opening.csv`（期初）、
`ledger.csv`（台账）、`counts.csv`、`tickets.csv` 等越全，能判断的规则越多。每个文件的列写在
`sops/records.yaml`，缺了哪些记录、哪些规则因此没有判断，`parts check` 最后会列出来。

*A ledger is an audit, a folder of records, or one table of moves; `--mapping` says what the columns
of a single table mean. Stock counts are in [counts.md](counts.md).
A folder has a file for each record, called by its id: `moves.csv` is enough to say what is where;
with `opening.csv`, `ledger.csv`, `counts.csv`, `tickets.csv` and the others more rules can be
heard. Their columns stand in `sops/records.yaml`; what could not be heard for want of a record is
told at the end of `parts check`.*
"""

_CHECK: Final = """\
## 1. 核对 · parts check

第一句是要紧的：账上有多少、逾期没交的在谁手里、盘点少了多少、现金短多少，和报告里那一章的第一句一样。
然后是数据能不能信、什么在哪里、谁手里有什么、发现了什么、备件指标、哪些规则缺记录没法判断。
列哪些指标写在 `sops/parts.yaml` 的 `equations` 里（`kpis`）。

*The first sentence has what matters, as that of the chapter in a report: what is on the books,
what is overdue and with whom, what a count missed, what cash is short. Then come the data, what is
where, who has and owes what, what was found, the key figures that `equations` of `sops/parts.yaml`
name, and the rules that could not be heard for want of records.*
"""

_AFTER_CHECK: Final = """\
`-o found.csv` 是发现的表，一行一条，`chain` 列是来龙去脉（`moves:3>moves:11>moves:12` 是出入库表的
第几行）；`-o found.xlsx` 有发现、在库在手、人员、盘点差异四张；`--format json` 什么都有。
再跑一次，一个字节都不变；把行打乱，除了行号什么都不变，摘要（digest）也不变。
`--fail-on major` 让流水线在有严重发现时停下。

*The table of findings is the same on every run; shuffled rows change nothing but the row numbers.*

几百万行的出入库表（CSV、Parquet）自动分份核对，用几个进程；也可以写 `--engine pool`。
件在哪里、谁手里有什么、发现和摘要都和一次核对的一样；要把几种备件合起来看的规则不判断，会列出编号。
中断了，再运行同一条命令会接着做。

*A table of millions of moves is checked in parts, by several processes; places, people, findings
and digest are those of one go. Rules that join several part numbers are named and not heard.
Stopped, the same command goes on.*
"""

_TRACE: Final = """\
## 2. 追踪 · parts trace

给一个序列号、备件编号或工单号，程序会说当成了哪一种。`◆` 是有发现的，右边是来源的行。
最后一行把它名下的进出重放一遍，和账面对得上才说一致。

*Name a serial, a part or a ticket; the page says which it was taken as. The last line plays what
went in and out again and holds it against the balance.*
"""

_PICTURE: Final = """\
画成图：`-o life.svg`、`.pdf` 或 `.html`。一条横道一个地方，时间向右；红色菱形是晚了的，
红色方框是还没着落的，虚线一直拖到今天。

*A picture: a lane a place, time to the right. A red diamond was late, a red square is still out.*

![A0002](part-life.svg)

备件编号查出来的是它的每一件，和没有序列号的一堆：

*A part number shows its pieces, and what has no serial number as a heap:*
"""

_BALANCE: Final = """\
## 3. 余额 · parts balance

哪一天日终什么在哪里，按 `--by` 的词分开：place、site、status、part、serial、holder、ticket。
`--all` 连外面的地方一起列，加起来正好是零。

*What was where at the end of a day, told apart by the words of `--by`. With `--all` places that are
not ours are listed too, and everything adds up to zero.*
"""

_CARRY: Final = """\
月底用 `--opening` 把没清的结转成下个月的 `opening.csv`，每一批带着谁、哪张工单、从何时起，
所以下个月的发现和不分月是一样的：

*At the end of a period `--opening` carries what is open to the next one, with holder, ticket and
since when.*
"""


def page(folder: Path) -> str:
    """Ask everything and write it down; the picture is left in `folder`."""
    return "\n".join(_played(folder)) + "\n"


def _played(folder: Path) -> Iterator[str]:
    for part in STARTER:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile
        copy(ROOT / part, folder / part)
    shutil.copytree(LEDGER, folder / "records")

    def said(*words: str) -> str:
        return f"```console\n{AFTERNOON['terminal'](folder, 'parts', *words)}```\n"

    yield _INTRODUCTION
    yield _CHECK
    yield said("check", "records", *DAY)
    yield _AFTER_CHECK
    yield _TRACE
    yield said("trace", "records", "A0002", *DAY)
    yield said("trace", "records", "CD-261009-001", *DAY, "--lang", "en")
    yield _PICTURE
    AFTERNOON["terminal"](folder, "parts", "trace", "records", "A0002", *DAY, "-o", PICTURE.name)
    yield said("trace", "records", "P09", *DAY)
    yield _BALANCE
    yield said("balance", "records", "--on", "2026-10-31")
    yield said("balance", "records", "--on", "2026-10-31", "--by", "holder,ticket,part")
    yield _CARRY
    yield said(
        "balance", "records", "--on", "2026-10-31", "--opening", "opening.csv", "--lang", "en"
    )


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        PAGE.write_text(page(Path(name)), encoding="utf-8")
        shutil.copyfile(Path(name) / PICTURE.name, PICTURE)
