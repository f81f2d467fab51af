"""The few words a chart says itself."""

from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "optional": "可省略",
        "also": "或：{lanes}",
        "goes_on": "转入 {flow}",
        "within": "限时 {limit}",
        "continued": "续 {n}/{of}",
        "goes_over": "下接 {n}/{of}",
        "came_over": "上接 {n}/{of}",
        "key_count": "次数（偏离率）",
        "key_bad": "偏离率 10% 以上",
        "key_never": "未发生",
        "key_extra": "流程之外的走法",
        "more_jumps": "流程之外的走法还有 {kinds} 种、共 {tickets} 张次没有画出。",
        "and": "；",
        "forms": "表单：{forms}",
        "comma": "、",
    },
    "en": {
        "optional": "optional",
        "also": "or: {lanes}",
        "goes_on": "to {flow}",
        "within": "within {limit}",
        "continued": "continued {n}/{of}",
        "goes_over": "continued on {n}/{of}",
        "came_over": "continued from {n}/{of}",
        "key_count": "times (share that deviated)",
        "key_bad": "10% or more deviated",
        "key_never": "never taken",
        "key_extra": "happened, but not in the flow",
        "more_jumps": "Not drawn: rarer moves outside the flow ({kinds} kinds, {tickets} in all).",
        "and": "; ",
        "forms": "forms: {forms}",
        "comma": ", ",
    },
}


def words(lang: str) -> Mapping[str, str]:
    """Give them in one language; English where we have none."""
    return _WORDS.get(lang, _WORDS["en"])
