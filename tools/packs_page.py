"""Write docs/scheme-packs.md: which scheme for which need, from the files of checklists/schemes.

    python tools/packs_page.py

The explanation of a scheme says when to use it, in a sentence with 用于 or 用它, and `Use it`;
those sentences make the table.
"""
# ruff: noqa: INP001 -- a script, not a package

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.criteria.scheme import Scheme

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs/scheme-packs.md"

_INTRODUCTION: Final = """\
# 现成的评分办法 · Schemes to take

`checklists/schemes/` 里的每个文件是一个评分办法：规则、说明、出处，和手算过的算例。
检查表写 `scheme: 编号` 就用上了；要改就复制一份，换个编号再改。`sopaudit explain 编号`
显示说明和全部算例的结果，`sopaudit check --strict` 逐个核算。
名字带 `-style` 的只参照公开的评分规则，用我们自己的话写，不含原标准的条款和题目，
评出的等级也不是认证。
没有检查表使用的评分办法放着不碍事：不印进手册，也不列入版次。

Each file of `checklists/schemes/` is a way to score: rules, explanation, source, and cases worked
out by hand. A checklist takes one with `scheme: ID`; to change one, copy it under another id.
`sopaudit explain ID` shows the explanation and what every case comes to, `sopaudit check --strict`
works them all out. A name with `-style` follows a published rule in our own words: it has no clause
or question of the standard, and its grades certify nothing. A scheme no checklist uses does no
harm: it is neither printed in the book nor listed among the editions.

This page is written by `tools/packs_page.py` from the files. What each word does:
[schemes.md](schemes.md).
"""


def page() -> str:
    """Write the page."""
    handbook, problems = load_handbook(ROOT)
    if handbook is None:
        raise SystemExit(f"the handbook has problems: {problems}")
    return "\n".join(_parts(handbook)) + "\n"


def _parts(handbook: Handbook) -> Iterator[str]:
    used = handbook.used_schemes
    packs = [scheme for scheme in handbook.schemes.values() if scheme.id not in used]
    yield _INTRODUCTION
    yield "| 编号 · id | 用在哪里 | When to use it |\n|---|---|---|"
    for scheme in packs:
        yield f"| [{scheme.id}](#{_anchor(scheme)}) | {use(scheme, 'zh')} | {use(scheme, 'en')} |"
    own = " · ".join(f"`{name}`" for name in sorted(used))
    yield f"\n本手册自己用的 · used by this handbook itself: {own}.\n"
    for scheme in packs:
        yield from _section(scheme)


_USE: Final = {
    "zh": re.compile("[^。；]*(?:用于|用它)[^。；：]*"),
    "en": re.compile("Use it [^.;:]*"),
}


def use(scheme: Scheme, lang: str) -> str:
    """Give the sentence that says when to use a scheme."""
    said = scheme.explanation.to(lang) if scheme.explanation else ""
    found = _USE[lang].search(said)
    if found is None:
        raise SystemExit(f"{scheme.id} does not say in {lang} when to use it")
    return found[0].removeprefix("Use it ").strip("，, ")


def _anchor(scheme: Scheme) -> str:
    return scheme.id.replace(".", "")


def _section(scheme: Scheme) -> Iterator[str]:
    yield f"## {scheme.id}\n"
    yield f"**{scheme.title.to('zh')}** · {scheme.title.to('en')}\n"
    if scheme.explanation is not None:
        yield f"{scheme.explanation.to('zh')}\n\n{scheme.explanation.to('en')}\n"
    cases = [case.id for sheet in scheme.worked for case in sheet.cases]
    days = [
        f"{word} {day}"
        for word, day in (("起 from", scheme.effective_from), ("止 until", scheme.effective_until))
        if day is not None
    ]
    facts = [f"版次 edition {scheme.edition}", *days, f"出处 source: {scheme.source}"]
    yield f"{' · '.join(facts)} · 算例 cases: {', '.join(cases)}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
