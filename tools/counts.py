"""Write docs/counts.md: a blind stock count from the ledger to the audit, as the terminal says it.

    python tools/counts.py

The store is a small made-up one, `tests/tables/store`. A test runs this again and compares.
"""
# ruff: noqa: INP001 -- a script, not a package

import csv
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sopaudit.cli.new import STARTER

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs/counts.md"
AFTERNOON: Final[dict[str, Any]] = runpy.run_path(str(ROOT / "tools/afternoon.py"))
"""Another page of this kind, whose terminal serves here too."""

FILLING: Final[dict[str, Any]] = runpy.run_path(str(ROOT / "tests/sheets/filling.py"))
"""Types into the cells of a sheet."""

STORE: Final = ROOT / "tests/tables/store"
AUDIT: Final = "audits/2026-11-cd"
SHEET: Final = "count.xlsx"
DAY: Final = ("--as-of", "2026-11-05")

SEEN: Final[dict[tuple[str, str], dict[str, str | int]]] = {
    ("A-05", "P12"): {"serials": "F08", "remark": "F11 没找到"},
    ("B-02", "P05"): {"counted": 10},
    ("C-01", "P09"): {"counted": 29, "recount": 30},
    ("D-01", "K01"): {"counted": "105件"},
    ("D-09", "K09"): {},
}
"""What somebody sees where it is not what the ledger says."""

_INTRODUCTION: Final = """\
# 盘点：盲盘表、读回、差异

*Stock counts: a blind sheet is drawn and printed, filled in by two people, read back, and held
against the books line by line. Every answer below is what the terminal printed; `tools/counts.py`
writes this page from the ledger of a small made-up store (`tests/tables/store`), and a test runs
it again.*

命令后面写一次检查，或一个有备件台账 `ledger.csv` 的文件夹。要用盘点当天的台账：写表以后到盘完以前，
库房先停止出入库。

## 1. 写盘点表 · Writing the sheet

抽多少写在 `sops/parts.yaml` 的 `counting` 里：各类按 `shares` 抽，合起来至少 `at_least` 行、
至少 `rate`；单价达到 `always_from` 的，和 `--also` 点名的，每次都盘；`--all` 全盘。
每类取 SHA-256（起始号:货位/编号）最小的几行，和 `tickets sample` 一样谁也没法安排。

*Each class gives its share, all together at least a number and a rate; dear lines and those named
with `--also` are always counted, `--all` counts everything. Of each class the lines with the
lowest SHA-256 of START:PLACE/PART are drawn.*
"""

_FILL: Final = """\
`-o count.pdf` 写成一张张 A4 横排的纸，手写用；手写的抄进 Excel 再读回。表上没有账面数：
隐藏的表里也没有，有几行、格子多高也看不出来。**有序列号的备件也不印序列号**，盘点人看到哪个写哪个：
印出来，人就只会打勾。每种都是一个格子，因为行数会透露件数。

看到几件写几件，没有写 0；空着就是没盘，不当作零。`105件`、全角数字都读得懂。第二人核对，
不一致就重数，写在“重盘”，以重盘为准。盘点人和复核人要是两个人，都写工号、都签字；
管库房的人能做什么，见 `keepers_may`。行可以排序、插入、删除；存成 .xlsx 或 .ods 都行。

*The book quantity stands nowhere in the file. Serial numbers are not printed either: the counter
writes those he sees, into one cell whatever their number, because printed ones get ticked and rows
would tell how many there are. Blank is not counted, never zero; a recount goes before the first
count. Two people count and sign. Rows may be sorted, inserted and deleted.*

## 2. 读回 · Reading it back
"""

_READ: Final = """\
每行对不对由 `counting.rule` 那条规定判定（这里是 PR-25）；这里只做算术。序列号件一件一行：
看到的是 1，账上有、没看到的是 0，看到的账上没有就是多出来的。盘盈盘亏分开加，从不相抵。
`-o FILE.csv`、`.xlsx`、`.json` 有全部行。

*The rule of the handbook decides which lines are right; a piece with a serial is a line of its
own. Plus and minus are added up apart and never set against each other. `-o FILE.csv`, `.xlsx` and
`.json` have all lines.*

## 3. 存进检查 · Into the audit

`--into` 把这次盘点加进检查的 `data/counts.csv`，检查报告和 PR-25 就用它。已经有同一个盘点号的
不会盖掉；确要换掉，加 `--replace`。表上还有问题的、检查已经定稿的，一行也不存。

*The count becomes lines of `data/counts.csv`, which reports and rules read. The same count is not
overwritten without `--replace`, and nothing is kept while the sheet has problems or where the
audit is final.*
"""

_REFUSED: Final = """\
台账变了，或者隐藏的表被改过，读不进来，会说明怎么办：

*A sheet of another ledger, or whose hidden sheet was changed, is refused with the way out:*
"""


def page() -> str:
    """Ask everything and write it down."""
    with TemporaryDirectory() as name:
        return "\n".join(_played(Path(name))) + "\n"


def _played(folder: Path) -> Iterator[str]:
    for part in STARTER:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile
        copy(ROOT / part, folder / part)
    shutil.copytree(STORE, folder / "store")
    audit = folder / AUDIT
    audit.mkdir(parents=True, exist_ok=True)
    (audit / "audit.yaml").write_text(_ABOUT, encoding="utf-8")

    def said(*words: str) -> str:
        told = AFTERNOON["terminal"](folder, "parts", "count", "store", *words)
        return f"```console\n{told}```\n"

    yield _INTRODUCTION
    yield said("--sheet", "--seed", "20261105", "--also", "K01", *DAY, "-o", SHEET)
    yield _FILL
    path = folder / SHEET
    blank = path.read_bytes()
    path.write_bytes(FILLING["filled"](blank, _seen(blank)))
    yield said("--read", SHEET, *DAY)
    yield said("--read", SHEET, *DAY, "--lang", "en")
    yield _READ
    yield said("--read", SHEET, *DAY, "-o", "variance.csv", "--into", AUDIT)
    yield said("--read", SHEET, *DAY, "-o", "variance.csv", "--into", AUDIT)
    yield _REFUSED
    ledger = folder / "store/ledger.csv"
    text = ledger.read_text(encoding="utf-8")
    ledger.write_text(text.replace("good,12,B-01", "good,11,B-01"), encoding="utf-8")
    yield said("--read", SHEET, *DAY)


def _seen(blank: bytes) -> dict[tuple[str, str], dict[str, str | int]]:
    """Say what is seen of the lines on a sheet: what the ledger says, but for `SEEN`."""
    book: dict[tuple[str, str], dict[str, str | int]] = {}
    with (STORE / "ledger.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            line = book.setdefault((row["location"], row["part_no"]), {})
            if row["serial"]:
                line["serials"] = f"{line.get('serials', '')} {row['serial']}".strip()
            else:
                line["counted"] = int(row["qty"])
    drawn = {tuple(row[1:3]) for row in FILLING["Places"](blank).rows}
    return {name: SEEN.get(name, said) for name, said in book.items() if name in drawn}


_ABOUT: Final = """\
id: 2026-11-cd
kind: station
state: draft
office: CD
period: {from: 2026-11-01, to: 2026-11-05}
date: 2026-11-05
team:
  - {person: "1004", role: leader}
auditees: ["1011"]
"""

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
