"""The result as data: exact, complete, and never translated."""

import json
from fractions import Fraction
from typing import Any

from sopaudit.report.json import result_json


def told(laundry: Any) -> dict[str, Any]:  # noqa: ANN401 -- the fixture of this folder
    folder, conclusion = laundry.concluded()
    return json.loads(result_json(folder.handbook, conclusion))  # type: ignore[no-any-return]


def test_a_score_is_decimal_text_beside_its_exact_fraction(laundry: Any) -> None:  # noqa: ANN401
    score = told(laundry)["scores"][0]
    assert (score["score"], score["exact"], score["possible"]) == ("53.3", "160/3", "100")
    assert Fraction(score["exact"]) == Fraction(160, 3)


def test_it_pins_what_it_was_worked_out_with(laundry: Any) -> None:  # noqa: ANN401
    result = told(laundry)
    digests = laundry.handbook().digests
    assert result["schema"] == "sopaudit.result/1"
    assert result["engine"]["name"] == "sopaudit"
    assert result["scores"][0]["checklist"] == {
        "id": "CK-IRON", "edition": "3", "digest": digests["CK-IRON"],
    }  # fmt: skip
    assert result["scores"][0]["scheme"]["digest"] == digests["shop"]


def test_every_limit_that_holds_is_named(laundry: Any) -> None:  # noqa: ANN401
    limit = told(laundry)["scores"][0]["limits"][0]
    assert (limit["limit"], limit["items"], limit["pending"]) == ("veto", ["CK-IRON-V1"], True)


def test_items_left_out_say_why(laundry: Any) -> None:  # noqa: ANN401
    assert {"item": "CK-IRON-B1", "why": "unchecked"} in told(laundry)["scores"][0]["left_out"]


def test_it_holds_no_float(laundry: Any) -> None:  # noqa: ANN401
    def walk(value: Any) -> None:  # noqa: ANN401
        assert not isinstance(value, float)
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():  # fmt: skip
            walk(part)

    walk(told(laundry))
