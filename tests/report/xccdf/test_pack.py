"""The four models of the export are the four schemes of the pack."""

from pathlib import Path

import pytest

from sopaudit.criteria.field import number
from sopaudit.criteria.handbook import load_handbook
from sopaudit.report.xccdf.scores import ANSWERS, MODELS

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("model", MODELS)
def test_a_model_of_the_export_is_the_scheme_of_the_pack(model: str) -> None:
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    scheme = handbook.schemes[f"xccdf-{model}"]
    words = {"roll_up": scheme.roll_up} | ({"scale": scheme.scale} if scheme.scale else {})
    assert words == MODELS[model]
    shares: dict[str, object] = {}
    for word, share in ANSWERS.items():
        shares[word] = share if share == "skip" else number(share)
    assert scheme.answers == shares
