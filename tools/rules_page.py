"""Write docs/rules.md, the kinds of rules and key figures, from the vocabulary.

    python tools/rules_page.py

A test holds the page to what is written here, and each sample to the check it is a sample of.
"""
# ruff: noqa: INP001 -- a script, not a package

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from sopaudit.criteria.kind import KPI_KINDS, RULE_KINDS
from sopaudit.criteria.parameter import Kind
from sopaudit.criteria.vocabulary import ToldKind, told
from sopaudit.reading.events import read_bytes

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs/rules.md"
SAMPLES: Final = ROOT / "tests/kinds"
"""A case that conforms and one that does not, for each kind that runs; a test hears them."""

_INTRODUCTION: Final = """\
# 规则和指标的种类

`sops/rules.yaml`、`sops/parts.yaml` 里的每条规则和 `sops/kpis.yaml` 里的每个指标都写明一个种类（
`kind`），并在 `with` 里给它数字和名称。种类是固定的一张表，每一种由一段程序来算；数字都在 YAML
里，随时可改，程序里没有。每例有四种结果：符合、不符合、不适用、数据缺失；数据缺失从不算符合。
`sopaudit explain 种类` 在终端显示同样的说明。

- 一种不够时，写 `all_of`，每一部分各有自己的 `kind` 和 `with`；适用的部分都符合才算符合。
- `when`、`unless` 引用 `sops/rules.yaml` 里 `conditions` 起的名字，例如 `when: chargeable`。
- 时间长度写 `30 min`、`2 working hours`、`24 h`、`2 working days`，或 `2个工作日`；
  `0 working days` 是同一个工作日。
- 时间点写事件（`arrived`）、出入库种类（`ISSUE`）或记录的字段（`tickets.opened_at`）。
- 每种下面有两个小例子：一个符合，一个不符合；例子里的检查当时是2026-11-05 24:00。
- 备件规则（PR-01至PR-34）每条现在的样子，另有例子：刚好符合、刚好不符合、不适用、数据缺失，见
  `tests/parts_rules`。
- 标着“待实现”的，还没有程序计算；靠它回答的检查项保持未检查，`sopaudit coverage` 会列出来。

# Kinds of rules and key figures

Every rule of `sops/rules.yaml` and `sops/parts.yaml` and every figure of `sops/kpis.yaml` names a
`kind` and gives it numbers and names under `with`. The kinds are a closed list, each decided by
one piece of code; the numbers stand in YAML and nowhere else. A case is conforming,
nonconforming, not applicable, or unknown because data is missing; unknown never counts as
conforming. `sopaudit explain KIND` shows the same in a terminal.

- Where one kind is not enough, `all_of` lists parts, each with its own `kind` and `with`; all
  that apply must hold.
- `when` and `unless` name `conditions` of `sops/rules.yaml`, such as `when: chargeable`.
- A length of time is written `30 min`, `2 working hours`, `24 h`, `2 working days`;
  `0 working days` is the same working day.
- A moment is an event (`arrived`), a kind of move (`ISSUE`) or a field of a record (
  `tickets.opened_at`).
- Under each kind stand two small samples, one that conforms and one that does not, as seen at
  2026-11-05 24:00.
- Each rule on parts (PR-01 to PR-34) as it stands has samples of its own in `tests/parts_rules`:
  what just conforms, what just does not, what does not apply and what cannot be told.
- No code runs what is marked *waiting* yet: items answered by it stay unchecked, and
  `sopaudit coverage` lists it.

This page is written by `tools/rules_page.py` from the vocabulary in `criteria/kind.py` and
`criteria/kinds.toml`.
"""


def page() -> str:
    """Write the page."""
    return "\n".join(_parts()) + "\n"


def _parts() -> Iterator[str]:
    yield _INTRODUCTION
    yield from _chapter("规则 · Rules", RULE_KINDS)
    yield from _chapter("指标 · Key figures", KPI_KINDS)


def _chapter(title: str, kinds: Mapping[str, Kind]) -> Iterator[str]:
    yield f"## {title}\n"
    yield " ".join(f"[{name}](#{name})" for name in kinds) + "\n"
    for name in kinds:
        yield from _section(told(name, "zh"), told(name, "en"))


def _section(zh: ToldKind, en: ToldKind) -> Iterator[str]:
    yield f"### {zh.name}\n"
    yield f"{zh.meaning}一例是：{zh.subject}。{'' if zh.runs else '*待实现*'}\n"
    yield f"{en.meaning} One case is {en.subject}.{'' if en.runs else ' *waiting*'}\n"
    yield "| with | 取值 · takes | 意思 · meaning |\n|---|---|---|"
    for one, other in zip(zh.settings, en.settings, strict=True):
        # What every kind takes stands in the introduction.
        if one.name in ("when", "unless"):
            continue
        name = f"**{one.name}**" if one.required else one.name
        yield f"| {name} | {one.sort} · {other.sort} | {one.meaning} {other.meaning} |"
    yield ""
    for group in zh.either:
        names = ", ".join(f"`{name}`" for name in group)
        yield f"至少写其中一个 · at least one of: {names}.\n"
    yield f"```yaml\n{zh.sample}\n```\n"
    if zh.runs and (SAMPLES / f"{zh.name}.yaml").is_file():
        yield from _samples(zh.name)


def _samples(kind: str) -> Iterator[str]:
    path = SAMPLES / f"{kind}.yaml"
    said = read_bytes(path.read_bytes(), path.name).data
    settings = "; ".join(f"{name}: {_shown(given)}" for name, given in said["with"].items())
    yield f"`{settings}`\n"
    for key, mark in (("pass", "PASS 符合"), ("fail", "FAIL 不符合")):
        case = said[key]
        kept = f" → {case['type']}" if key == "fail" else ""
        english = case["en"][0].upper() + case["en"][1:]
        yield f"**{mark}** {case['zh']}。{english}.{kept}\n"
        for record, rows in case["records"].items():
            yield f"```csv\n# {record}\n{rows.strip()}\n```\n"


def _shown(given: object) -> str:
    return f"[{', '.join(map(str, given))}]" if isinstance(given, list) else str(given)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
