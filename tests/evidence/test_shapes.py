"""Whatever stands in the place of a value, the problem is told in our own words."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.jsonfile import read_json_bytes
from sopaudit.evidence.mapping import TableMapping
from sopaudit.evidence.record import Record
from sopaudit.reading.document import Loc
from sopaudit.reading.events import read
from sopaudit.reading.shape import validated

KITCHEN = Path(__file__).parent / "kitchen"
WRONG: tuple[object, ...] = (None, True, "", " ", "x", "-1", "9" * 50, [], ["x"], {}, {"x": "y"})

Json = dict[str, "Json"] | list["Json"] | str | None


def locations(value: Json, loc: Loc = ()) -> Iterator[Loc]:
    yield loc
    inner = value.items() if isinstance(value, dict) else enumerate(value or "")
    if isinstance(value, dict | list):
        for key, below in inner:
            yield from locations(below, (*loc, key))


def replaced(value: Json, loc: Loc, wrong: object) -> object:
    if not loc:
        return wrong
    changed = copy.deepcopy(value)
    here: object = changed
    for key in loc[:-1]:
        here = here[key]  # type: ignore[index]
    here[loc[-1]] = wrong  # type: ignore[index]
    return changed


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Audit, "audits/a/audit.yaml"),
        (Record, "audits/a/answers/COOK.json"),
        (TableMapping, "mapping.yaml"),
    ],
)
def test_no_wrong_value_leaves_us_without_words(model: type[BaseModel], name: str) -> None:
    path = KITCHEN / name
    json_read = read_json_bytes if path.suffix == ".json" else None
    whole = json_read(path.read_bytes(), name) if json_read else read(path, name)
    for loc in locations(whole.data):
        for wrong in WRONG:
            text = json.dumps(replaced(whole.data, loc, wrong))
            value, problems = validated(read_json_bytes(text.encode(), name), model)
            assert (value is None) == bool(problems)
            for problem in problems:
                assert problem.code != "S099", (loc, wrong, problem.values)
                assert problem.text("zh") != problem.text("en")
