"""docs/formats.md says of every format what the code reads and writes, no more and no less."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

import pytest
from pydantic import BaseModel

from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.evidence_index import EvidenceIndex
from sopaudit.evidence.frozen import Frozen
from sopaudit.evidence.habits import habits, key
from sopaudit.evidence.logmapping import LogMapping
from sopaudit.evidence.mapping import Always, TableMapping
from sopaudit.evidence.readings import Readings
from sopaudit.evidence.record import Record
from sopaudit.evidence.recordmapping import RecordsMapping
from sopaudit.evidence.unreadable import Unreadable
from sopaudit.findings.score import STATES
from sopaudit.findings.scoring import COLUMNS

FORMATS = Path(__file__).parents[2] / "docs" / "formats.md"
MODELS: dict[str, type[BaseModel]] = {
    "audit.yaml": Audit,
    "Answers record": Record,
    "mapping.yaml": TableMapping,
    "Log mapping": LogMapping,
    "data/mapping.yaml": RecordsMapping,
    "Evidence": EvidenceIndex,
    "Frozen handbook": Frozen,
}


def paths(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Yield the key paths of a model, and whether the key must be there."""
    for name, field in model.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        yield path, field.is_required()
        for inner, listed in models(field.annotation):
            yield from paths(inner, f"{path}[]." if listed else f"{path}.")


def models(annotation: object, *, listed: bool = False) -> Iterator[tuple[type[BaseModel], bool]]:
    """Find the models inside an annotation, and whether they stand in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation is not Always:  # told once, as a source
            yield annotation, listed
        return
    for inner in get_args(annotation):
        yield from models(inner, listed=listed or get_origin(annotation) is tuple)


def part(heading: str) -> str:
    text = FORMATS.read_text(encoding="utf-8")
    return next(p for p in text.split("\n## ") if p.startswith(heading))


@pytest.mark.parametrize("heading", MODELS)
def test_the_keys_of_a_format_are_those_of_the_code(heading: str) -> None:
    rows = re.findall(r"^\| (\*\*)?([a-z_.0-9\[\]]+)(?:\*\*)? \|", part(heading), re.MULTILINE)
    said = [(path, bool(bold)) for bold, path in rows if path not in {"key", "column"}]
    assert sorted(said) == sorted(paths(MODELS[heading]))


@pytest.mark.parametrize("heading", MODELS)
def test_the_words_a_key_may_have_are_all_told(heading: str) -> None:
    text = part(heading)
    for word in choices(MODELS[heading]):
        assert f"`{word}`" in text


def choices(model: object) -> Iterator[str]:
    """Find the literal words inside a model."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        for field in model.model_fields.values():
            yield from choices(field.annotation)
    elif isinstance(model, str):
        yield model
    else:
        for inner in get_args(model):
            yield from choices(inner)


def test_the_columns_of_a_score_are_told_in_their_order() -> None:
    text = part("Score columns")
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == list(COLUMNS)
    assert all(f"`{state}`" in text for state in STATES)


def test_the_columns_of_what_cannot_be_read_are_told_in_their_order() -> None:
    rows = part("mapping.yaml").rpartition("| column | meaning |")[2]
    cells = re.findall(r"^\| (`[^|]+) \|", rows, re.MULTILINE)
    said = [column for cell in cells for column in re.findall(r"`(\w+)`", cell)]
    assert said == list(Unreadable().table("en").columns)


def test_the_columns_of_what_is_read_by_habit_are_told_in_their_order() -> None:
    rows = part("Habits").rpartition("| column | meaning |")[2]
    cells = re.findall(r"^\| (`[^|]+) \|", rows, re.MULTILINE)
    said = [column for cell in cells for column in re.findall(r"`(\w+)`", cell)]
    assert said == list(Readings().table("en").columns)
    assert all(f"`{habit}`" in rows for habit in habits().why)


def test_every_example_of_a_habit_is_read_as_told() -> None:
    rows = re.findall(r"^\| ([^|]+) … \| `(yes|no|partial)` \|", part("Habits"), re.MULTILINE)
    assert len(rows) == 3
    for words, answer in rows:
        assert {habits().words[key(word)] for word in words.split()} == {answer}
