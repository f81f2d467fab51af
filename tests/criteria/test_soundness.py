"""What a scheme may not say, because it would never score what its author meant."""

import shutil
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import load_handbook

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"
HEAD = 'id: stars\nedition: "1"\ntitle: Stars\n'
GRADED = "grades: [{grade: A, at_least: 1}, {grade: B}]\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    return tmp_path


def codes(shop: Path, scheme: str, checklist: str = "") -> list[str]:
    """Load the shop with one more scheme, and a checklist of it."""
    (shop / "checklists/schemes/stars.yaml").write_text(HEAD + scheme, encoding="utf-8")
    if checklist:
        text = f'id: CK-STARS\nedition: "1"\ntitle: Stars\nscheme: stars\n{checklist}'
        (shop / "checklists/stars.yaml").write_text(text, encoding="utf-8")
    return [problem.code for problem in load_handbook(shop)[1]]


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("answers: {yes: 1, no: 0}\npersons: mean", []),
        ("answers: {yes: 1, no: 0}\npersons: mean\nseveral: mean", ["H051"]),
        ("answers: {yes: 1, no: 0}\npersons: mean\npick: many", ["H051"]),
        ("answers: {yes: 1, no: 0}\npersons: mean\npick: one", []),
        ("answers: {yes: 1, no: 0}\npersons: median", ["S008"]),
        ("answers: {yes: 1, no: 0}\nunanswered: fail", []),
        ("answers: {cited: 1}\nunanswered: fail", ["H052"]),
        ("answers: {cited: 1, seen: skip}\nunanswered: fail", ["H052"]),
        ("answers: {cited: 1}\nunanswered: skip", []),
        ("answers: {B: {yes: 1, no: 0}, V: {yes: skip, no: skip}}\nunanswered: fail", []),
        ("answers: {B: {yes: 1, no: 0}, C: {cited: 1}}\nunanswered: fail", ["H052"]),
        ("answers: {}", ["H055"]),
        ("answers: {B: {yes: 1, no: 0}, H: {}}", ["H055"]),
        (GRADED + "answers: {yes: 1}\nlimits: [{any: answer, is: yes, grade: B}]", []),
        (GRADED + "answers: {y: 1}\nlimits: [{any: answer, is: y, times: 0, grade: B}]", ["H054"]),
        (GRADED + "answers: {yes: 1}\nlimits: [{any: item, is: yes, grade: B}]", ["H056"]),
        (GRADED + "answers: number\nlimits: [{any: item, is: 0, grade: B}]", []),
        (GRADED + "answers: number\nlimits: [{any: item, below: 1, grade: B}]", []),
    ],
)  # fmt: skip
def test_words_that_contradict_each_other_are_told(
    shop: Path, scheme: str, expected: list[str]
) -> None:
    assert codes(shop, scheme) == expected


@pytest.mark.parametrize(("points", "expected"), [("", ["H052"]), (", points: 5", [])])
def test_a_blank_may_not_earn_the_best_of_a_number(
    shop: Path, points: str, expected: list[str]
) -> None:
    items = f"items: [{{id: X1, question: How many?{points}}}]"
    assert codes(shop, "answers: number\nunanswered: fail", items) == expected


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("answers: number", []),
        ("answers: {yes: 1, no: 0}", ["H053"]),
        ("answers: {N: number}", ["H053"]),
        ("answers: number\nsections: [{id: A}]", ["H053"]),
    ],
)
def test_a_branch_takes_the_scores_of_its_posts(
    shop: Path, scheme: str, expected: list[str]
) -> None:
    branch = shop / "checklists/branch.yaml"
    branch.write_text(branch.read_text("utf-8").replace("scheme: whole", "scheme: stars"), "utf-8")
    assert codes(shop, scheme) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ("[{id: a, title: A}, {id: b, title: B}]", []),
        ("[{id: a, title: A}, {id: a, title: B}]", ["H002"]),
        ("[{id: a}]", ["S002"]),
        ("[{id: a, title: A, result: yes}]", ["S001"]),
    ],
)
def test_parts_are_named_inside_their_item(shop: Path, parts: str, expected: list[str]) -> None:
    items = (
        f"items:\n  - {{id: X1, question: One?, parts: {parts}}}\n"
        "  - {id: X2, question: Two?, parts: [{id: a, title: A}]}\n"
    )
    assert codes(shop, "answers: {yes: 1, no: 0}", items) == expected
