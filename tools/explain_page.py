"""Write docs/explain.md: how a score came about, as the terminal says it, and worked out by hand.

    python tools/explain_page.py

Every answer on the page is what the program prints today; every line of the sums was written by
hand. A test runs the one again and works out the other.
"""
# ruff: noqa: INP001 -- a script, not a package

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sopaudit.cli.examined import Asked, Evidence
from sopaudit.report.proof.explained import Explained, explained
from sopaudit.report.proof.text import proof_text
from sopaudit.report.seen import seen_in_folder, seen_in_tables

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs/explain.md"
FHRS: Final = (
    "--handbook examples/fhrs --mapping examples/fhrs/mapping.yaml "
    "--table establishments=tests/tables/fhrs/establishments.csv"
)

SUMS: Final = (
    ("CK-HTL-B2", "8 × (15 − 2) ÷ 15", "104/15"),
    ("CK-HTL-C1", "6 × (15 − 1) ÷ 15", "28/5"),
    ("CK-HTL-D2", "8 × (12 − 1) ÷ 12", "22/3"),
    ("CK-HTL-D3", "8 × (10 − 1) ÷ 10", "36/5"),
    ("上岗准备", "4 + 5", "9"),
    ("接听", "10 + 104/15 + 4", "314/15"),
    ("需求与判断", "28/5 + 8", "68/5"),
    ("单据", "12 + 22/3 + 36/5", "398/15"),
    ("闭环", "7 + 5", "12"),
    ("实得", "9 + 314/15 + 68/5 + 398/15 + 12", "1231/15"),
    ("应得（C3 不适用）", "10 + 24 + 16 + 28 + 12", "90"),
    ("得分", "1231/15 ÷ 90 × 100", "2462/27"),
    ("CK-HTL-C2 再有 1 个不符合", "(1231/15 − 2) ÷ 90 × 100", "2402/27"),
    ("CK-HTL-C2 满分", "(1231/15 + 2) ÷ 90 × 100", "2522/27"),
    ("CK-HTL-C2 不适用", "(1231/15 − 8) ÷ 80 × 100", "1111/12"),
    ("协调员", "3 + 721/20 + 107/5 + 82/5", "1537/20"),
    ("办事处", "(12 × 2462/27 + 12 × 1537/20) ÷ 24", "90739/1080"),
    ("办事处，CK-HTL-C2 满分", "(12 × 2522/27 + 12 × 1537/20) ÷ 24", "91939/1080"),
)
"""Sums worked out by hand: what, how, and what it comes to."""

_INTRODUCTION: Final = """\
# 分数是怎么来的

*How a score came about: the tree from the answers to the grade, with exact fractions, the words of
the scheme that acted with the line they stand on, how far the next grades are, and each limit that
bit or nearly did. Every answer below is what the terminal prints; this page is written by
`tools/explain_page.py`, and a test runs it again and works out the sums at its end.*

分数有疑问，先看 `sopaudit explain`。小数没有写完的（20.9333…），后面的分数（314/15）是准确的数。
右边是评分办法里起作用的那个词，和它所在的行。满分的检查项合并为一行，加 `--all` 逐项列出。
"""


def page() -> str:
    """Ask everything and write it down."""
    return "\n".join(_asked()) + "\n"


def _asked() -> Iterator[str]:
    yield _INTRODUCTION
    sample = _folder("audits/2026-10-cd")
    yield "## 1. 一张检查表\n"
    yield (
        "热线工程师得 91.2 分，B。离 C 只有 1.2 分：下面点到的几项，任何一项再错一处，"
        "等级就降下来。\n"
    )
    yield _said("audits/2026-10-cd CK-HTL", proof_text(sample, "zh", item="CK-HTL"))
    yield "## 2. 其中一项\n"
    yield "这一项失了 2 分。它满分的话，岗位是多少，办事处是多少，都由评分程序重新算过：\n"
    yield _said("audits/2026-10-cd CK-HTL-C2", proof_text(sample, "zh", item="CK-HTL-C2"))
    yield "## 3. 办事处\n"
    yield _said("audits/2026-10-cd CK-BRANCH", proof_text(sample, "zh", item="CK-BRANCH"))
    yield "## 4. A limit that was near\n"
    yield (
        "A published inspection of the examples, in English. A lower score is better here. Two "
        "limits hold and agree with the score;\nthe third was one step away: had hygiene been "
        "given 20, the score of 40 alone would still be a 2, and the limit makes it a 1.\n"
    )
    yield _said(f"T009 {FHRS}", proof_text(_table("T009"), "en"))
    yield (
        "“只差一步”有明确的意思：把一个答案往坏里改一步（多一个不符合的样本、多一次、"
        "答案表里下一个更差的答案、数值的下一档或者 1 分），\n限制就成立；"
        "要求几项的限制，再有一项就成立；或者只因取整才不成立。"
        "任何一个错误答案都会触发的限制（例如一票否决）不算差一步。\n每一步都由评分程序真的重算一遍。\n"
    )
    yield "## 5. 手工复算\n"
    yield "上面的数，用笔算一遍：\n"
    yield "| 数 | 算式 | 结果 |\n|---|---|---|"
    yield "\n".join(f"| {what} | {how} | {result} |" for what, how, result in SUMS) + "\n"
    yield (
        "取整以后：2462/27 = 91.1851… → 91.2；2402/27 = 88.9629… → 89.0；"
        "2522/27 = 93.4074… → 93.4；\n1111/12 = 92.5833… → 92.6；1537/20 = 76.85 → 76.9；"
        "90739/1080 = 84.0175… → 84.0；"
        "91939/1080 = 85.1287… → 85.1。\n"
    )
    yield (
        "给程序用的是 `--format json`，每个数都能从它下面的数再算出来；"
        "格式见 [formats.md](formats.md)。\n"
        "报告的附件“评分计算”是同一棵树。"
    )


def _said(words: str, answer: str) -> str:
    return f"```console\n$ sopaudit explain {words}\n{answer}\n```\n"


def _folder(audit: str) -> Explained:
    evidence = Evidence(Asked([str(ROOT / audit)], (), None, ROOT, None))
    seen = next(iter(evidence.examined()))
    if seen.folder is None:
        raise SystemExit(f"{audit} is no audit folder")
    return explained(seen_in_folder(seen.folder), seen.conclusion, seen.frames)


def _table(audit: str) -> Explained:
    tables: Sequence[str] = [f"establishments={ROOT / 'tests/tables/fhrs/establishments.csv'}"]
    home = ROOT / "examples/fhrs"
    evidence = Evidence(Asked([audit], tables, home / "mapping.yaml", home, "en"))
    seen = next(iter(evidence.examined()))
    about = seen_in_tables(seen.handbook, seen.frames, audit)
    return explained(about, seen.conclusion, seen.frames)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
