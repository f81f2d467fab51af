"""Random charts of steps, decisions, loops, forks and sub-flows; one for each seed."""

import random
from typing import Any

from sopaudit.criteria.workflow import Workflow

_WORDS = (
    "接受上门信息", "填写上门派工单", "联系客户", "判断故障并承诺上门时间", "备件齐全？",
    "Contact the customer", "Apply for parts", "Hand the payment to the cashier", "验机", "交接",
    "Is the part in stock?", "与客户协商：改期、临时修复或借用备机", "Check", "归档",
)  # fmt: skip
_LIMITS = ("30 分钟", "2 个工作日", "same day", "at once (10 min)", "首次 / 二次分配")


def chart(seed: int) -> Workflow:
    """Make a chart of 10 to 40 boxes in 3 to 6 lanes."""
    dice = random.Random(seed)  # noqa: S311 -- no secret
    count, lanes = dice.randint(10, 40), dice.randint(3, 6)
    nodes: list[dict[str, Any]] = []
    lane = 0
    for n in range(count):
        lane = lane if dice.random() < 0.55 else dice.randrange(lanes)
        nodes.append(_node(n, count, lane, dice))
    for n, node in enumerate(nodes):
        _linked(n, node, count, dice)
    return Workflow.model_validate(
        {
            "id": f"R{seed}",
            "edition": "1",
            "title": f"随机 {seed}",
            "lanes": [{"id": f"L{k}", "title": f"岗位 {k}"} for k in range(lanes)],
            "nodes": nodes,
        }
    )


def _node(n: int, count: int, lane: int, dice: random.Random) -> dict[str, Any]:
    kinds = ["step"] * 12 + ["decision"] * 5 + ["fork", "join", "subflow", "end"]
    kind = "start" if n == 0 else "end" if n == count - 1 else dice.choice(kinds)
    if n >= count - 3 and kind in ("decision", "fork", "subflow"):
        kind = "step"
    node: dict[str, Any] = {"id": f"N{n}", "kind": kind, "lane": f"L{lane}"}
    if kind not in ("fork", "join"):
        node["title"] = dice.choice(_WORDS)
    if kind not in ("fork", "join") and dice.random() < 0.3:
        node["limit"] = dice.choice(_LIMITS)
    if kind == "step" and dice.random() < 0.2:
        node["forms"] = dice.sample(["派工单", "客户咨询记录表", "Intake form"], dice.randint(1, 2))
    node["optional"] = "true" if kind == "step" and dice.random() < 0.1 else "false"
    return node


def _linked(n: int, node: dict[str, Any], count: int, dice: random.Random) -> None:
    """Lead on from a box: mostly to the next, sometimes ahead, now and then back."""

    def near() -> str:
        return f"N{min(n + dice.choice((1, 1, 1, 2, 3, 5)), count - 1)}"

    def anywhere() -> str:
        return f"N{dice.randrange(1, n + 1)}" if dice.random() < 0.45 else near()

    kind = node["kind"]
    if kind in ("step", "start", "join"):
        node["next"] = f"N{n + 1}" if dice.random() < 0.85 else near()
    elif kind == "decision":
        node["choices"] = [
            {"label": "是", "answer": "yes", "to": f"N{n + 1}"},
            {"label": "否", "answer": "no", "to": anywhere()},
        ]
        if dice.random() < 0.25:
            node["choices"].append({"label": dice.choice(("改期", "later")), "to": anywhere()})
    elif kind == "fork":
        ways = dict.fromkeys([f"N{n + 1}", near(), near()])
        node["parallel"] = list(ways)
    elif kind == "subflow":
        node["exits"] = {"accepted": f"N{n + 1}", "declined": near()}
