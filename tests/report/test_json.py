"""The result as data: exact, complete, and never translated."""

import json
from fractions import Fraction
from typing import Any

from sopaudit.report.json import result_json

Laundry = Any
"""The class in conftest.py, which tests cannot import."""


def told(laundry: Laundry, lang: str = "zh") -> dict[str, Any]:
    folder, conclusion = laundry.concluded()
    report = laundry.report(lang)
    return json.loads(result_json(folder.handbook, conclusion, report))  # type: ignore[no-any-return]


def test_a_score_is_decimal_text_beside_its_exact_fraction(laundry: Laundry) -> None:
    score = told(laundry)["scores"][0]
    assert (score["score"], score["exact"], score["possible"]) == ("53.3", "160/3", "100")
    assert Fraction(score["exact"]) == Fraction(160, 3)


def test_it_pins_what_it_was_worked_out_with(laundry: Laundry) -> None:
    result = told(laundry)
    digests = laundry.handbook().digests
    assert result["schema"] == "sopaudit.result/1"
    assert result["engine"]["name"] == "sopaudit"
    assert result["scores"][0]["checklist"] == {
        "id": "CK-IRON", "edition": "3", "digest": digests["CK-IRON"],
    }  # fmt: skip
    assert result["scores"][0]["scheme"]["digest"] == digests["shop"]
    files = {file["id"]: file["digest"] for file in result["handbook"]["files"]}
    assert {"sopaudit", "IRON"} <= set(files)
    assert all(digests[name] == digest for name, digest in files.items())


def test_every_limit_that_holds_is_named(laundry: Laundry) -> None:
    limit = told(laundry)["scores"][0]["limits"][0]
    assert (limit["limit"], limit["items"], limit["pending"]) == ("veto", ["CK-IRON-V1"], True)


def test_items_left_out_say_why(laundry: Laundry) -> None:
    assert {"item": "CK-IRON-B1", "why": "unchecked"} in told(laundry)["scores"][0]["left_out"]


def test_it_holds_no_float(laundry: Laundry) -> None:
    def parts(value: Any) -> list[Any]:  # noqa: ANN401 -- whatever JSON holds
        inner = value.values() if isinstance(value, dict) else value
        inside = inner if isinstance(value, dict | list) else ()
        return [value, *(deep for part in inside for deep in parts(part))]

    assert not [part for part in parts(told(laundry)) if isinstance(part, float)]
