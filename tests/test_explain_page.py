"""docs/explain.md is what the terminal says today, and its sums are right."""

import ast
import operator
import runpy
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from sopaudit.report.proof.number import exact
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[1]
TOOL = runpy.run_path(str(ROOT / "tools/explain_page.py"))

_WORKED: Mapping[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def worked_out(sum_: str) -> Fraction:
    """Work out a sum as it is written on paper, exactly."""

    def value(node: ast.expr) -> Fraction:
        if isinstance(node, ast.BinOp):
            return _WORKED[type(node.op)](value(node.left), value(node.right))
        assert isinstance(node, ast.Constant)
        return Fraction(str(node.value))

    # A fraction written with a stroke binds closer than a division sign.
    told = sum_.replace("−", "-").replace("×", "*").replace("÷", "/ 1 /")
    return value(ast.parse(told, mode="eval").body)


@pytest.mark.parametrize(("what", "how", "result"), TOOL["SUMS"])
def test_a_sum_done_by_hand_is_right(what: str, how: str, result: str) -> None:
    assert worked_out(how) == Fraction(result), what


def test_the_page_says_what_the_terminal_says() -> None:
    """`make docs` writes it anew."""
    page = TOOL["page"]()
    assert TOOL["PAGE"].read_text(encoding="utf-8") == page
    told = [part.partition("```")[0] for part in page.split("```console\n")[1:]]
    assert len(told) == 4
    lines = [line for part in told for line in part.splitlines() if not line.startswith("$")]
    assert max(map(width, lines)) <= COLUMNS
    # What was worked out by hand is what the trees say, wherever they say it.
    trees = " ".join(" ".join(part.split()) for part in told).replace(" ", "")
    named = {what: Fraction(result) for what, _, result in TOOL["SUMS"]}
    for what in ("接听", "单据", "得分", "办事处"):
        short, _, fraction = exact(named[what]).replace("\u00a0", "").partition("=")
        assert short in trees, what
        assert f"={fraction}" in trees, what
