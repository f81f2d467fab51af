"""What the form foretells is what is worked out: hundreds of random sheets, scored by both."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import pytest
from tests.patience import PATIENCE
from tests.sheets.vetoes import several_vetoes

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import load_handbook
from sopaudit.criteria.scheme import Each
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.scoring import Scorer
from sopaudit.sheets.blank import Ask, Leaf, ask, blank_of
from sopaudit.sheets.form.blank import sheet

ROOT: Final = Path(__file__).parents[2]
SCORE: Final = ROOT / "src/sopaudit/sheets/form/source/score.js"
DAY: Final = date(2026, 11, 6)
SHEETS: Final = 300

Given = dict[str, str]


def answered(random: Random, asked: Ask, good: float) -> tuple[Given, Answer] | None:
    """Answer an item at random: as the form keeps it, and as a record says it.

    `good` is how likely it is that it simply conforms, so that every grade is reached.
    """
    if random.random() < 0.15:
        return None
    answers = asked.answers
    if "yes" in asked.words and random.random() < good:
        return {"r": "yes"}, Answer("yes")
    if isinstance(answers, Mapping):
        word = random.choice(asked.words)
        # Half of the answers a veto may wait for are confirmed already.
        stands = asked.witness and random.random() < 0.5
        return {"r": word, **({"w": "9002"} if stands else {})}, Answer(word, confirmed=stands)
    apart = [word for word in asked.words if word in ("na", "unchecked")]
    if apart and random.random() < 0.2:
        word = random.choice(apart)
        return {"r": word}, Answer(word)
    if answers == "rate":
        checked = random.randint(0, 30)
        failed = random.randint(0, checked)
        return {"f": str(failed), "c": str(checked)}, Answer(failed=failed, checked=checked)
    most = int(asked.points or 9) + 3 if isinstance(answers, Each) else int(asked.points or 20)
    value = Fraction(random.randint(0, most))
    if asked.item.values:
        value = random.choice(asked.item.values)
    return {"v": plain(value)}, Answer(value=value)


def frame(leaf: Leaf, sheets: list[dict[str, Answer]]) -> AnswerFrame:
    items = tuple(item.id for item in leaf.checklist.items)
    rows = [
        (n, items.index(item), one) for n, said in enumerate(sheets) for item, one in said.items()
    ]
    kinds = tuple(dict.fromkeys(one for _, _, one in rows))
    return AnswerFrame(
        checklist=leaf.id,
        audits=tuple(str(n) for n in range(len(sheets))),
        dates=np.array([DAY.isoformat()] * len(sheets), "datetime64[D]"),
        audit=np.array([n for n, _, _ in rows], np.int32),
        items=items,
        item=np.array([item for _, item, _ in rows], np.int32),
        kinds=kinds,
        answer=np.array([kinds.index(one) for _, _, one in rows], np.int32),
        row=np.arange(1, len(rows) + 1, dtype=np.int32),
    )


def leaves() -> Iterator[tuple[str, Leaf, dict[str, Any]]]:
    for folder in (".", "tests/handbooks/tiny", "examples/fhrs", "examples/king-county"):
        handbook, _ = load_handbook(ROOT / folder)
        assert handbook is not None
        blank = blank_of(handbook, [*handbook.checklists], DAY)
        for leaf, told in zip(blank.leaves, sheet(blank, "zh")["leaves"], strict=True):
            if told["preview"] is not None:
                yield f"{folder}/{leaf.id}", leaf, told["preview"]
        if folder == ".":
            first = next(leaf for leaf in blank.leaves if leaf.id == "CK-HTL")
            more = replace(blank, leaves=(several_vetoes(first, DAY),))
            yield "several vetoes", more.leaves[0], sheet(more, "zh")["leaves"][0]["preview"]
        if folder.endswith("tiny"):
            bare = replace(blank, leaves=(worth_nothing(blank.leaves[0]),))
            yield "no points", bare.leaves[0], sheet(bare, "zh")["leaves"][0]["preview"]


def worth_nothing(leaf: Leaf) -> Leaf:
    """Take the points from the items of a checklist; answers then share one point each."""
    items = tuple(item.model_copy(update={"points": None}) for item in leaf.checklist.items)
    checklist = leaf.checklist.model_copy(update={"items": items, "points": None})
    asks = tuple(ask(leaf.scheme, item, DAY) for item in items)
    return replace(leaf, checklist=checklist, asks=asks)


LEAVES: Final = list(leaves())


def test_the_plain_schemes_have_a_preview() -> None:
    assert len(LEAVES) > 8
    assert {leaf.scheme.roll_up for _, leaf, _ in LEAVES} >= {"percent"}


@pytest.mark.parametrize(("name", "leaf", "preview"), LEAVES, ids=[name for name, _, _ in LEAVES])
def test_the_form_and_the_program_give_one_score(
    name: str, leaf: Leaf, preview: dict[str, Any], tmp_path: Path
) -> None:
    random = Random(name)  # noqa: S311 -- a sheet, and no secret
    typed: list[dict[str, Given]] = []
    said: list[dict[str, Answer]] = []
    for _ in range(SHEETS):
        good = random.random()
        both = {each.item.id: answered(random, each, good) for each in leaf.asks}
        typed.append({item: one[0] for item, one in both.items() if one})
        said.append({item: one[1] for item, one in both.items() if one})
    (tmp_path / "sheets.json").write_text(json.dumps([preview, typed]))
    code = (
        f"import {{ score }} from {json.dumps(SCORE.as_uri())};"
        "import { readFileSync } from 'node:fs';"
        "const [preview, sheets] = JSON.parse(readFileSync('sheets.json', 'utf8'));"
        "const stands = (given) => given.w === '9002';"
        "console.log(JSON.stringify(sheets.map((one) => score(preview, one, stands))));"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", code], cwd=tmp_path, capture_output=True, text=True,
        check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = set()
    pairs = zip(json.loads(done.stdout), ours_of(leaf, said), strict=True)
    for n, (told, ours) in enumerate(pairs):
        known = ("text", "grade", "pending")
        shown = tuple(told[key] for key in known) if told else ("", "", "")
        assert shown == ours[:3], (n, typed[n])
        if ours[0]:
            met = {kind: bool(told[kind]) for kind in ("vetoes", "waits")}
            limits = ours[3].split(";") if ours[3] else []
            assert met["waits"] == any("(pending)" in limit for limit in limits), typed[n]
            assert met["vetoes"] == any("(pending)" not in limit for limit in limits), typed[n]
            seen |= {kind for kind, there in met.items() if there}
    vetoes = preview["vetoes"]
    wanted = {"vetoes"} if vetoes else set()
    assert seen == wanted | ({"waits"} if any(veto["waits"] for veto in vetoes) else set())


def ours_of(leaf: Leaf, said: list[dict[str, Answer]]) -> Iterator[tuple[str, str, str, str]]:
    """Score sheets by the program: score, grade, grade once all is confirmed, limits."""
    scorer = Scorer(leaf.checklist, leaf.scheme)
    grid = scorer.grid([frame(leaf, said)])
    bands = np.array([*(band.grade for band in leaf.scheme.grades), ""], object)
    pending = np.full(len(said), "", object)
    for rows, run in scorer.runs(grid):
        pending[rows] = bands[run.scored.pending]
    for told, then in zip(scorer.tabulate(grid).to_dict("records"), pending, strict=True):
        score = told["score"]
        yield score, told["grade"], then if score else "", told["limits"]
