"""Hears one kind over records written as CSV, against the handbook of this repository."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.criteria.rule import Condition, Rule
from sopaudit.evidence.column import coded
from sopaudit.evidence.lines import Lines
from sopaudit.evidence.records import Records
from sopaudit.findings.rules.case import TYPES, VERDICTS, Cases
from sopaudit.findings.rules.engine import heard
from sopaudit.findings.rules.hearing import Hearing

ROOT = Path(__file__).parents[3]
NOW = "2026-11-05T23:59:59"


@cache
def book() -> Handbook:
    """Give the handbook of this repository."""
    loaded, problems = load_handbook(ROOT)
    assert loaded is not None, problems
    return loaded


def records(texts: Mapping[str, str], office: str = "CD") -> Records:
    """Read records written as CSV."""
    return Records({name: _lines(name, text) for name, text in texts.items()}, office)


def _lines(name: str, text: str) -> Lines:
    header, *rows = list(csv.reader(io.StringIO(text.strip())))
    assert all(len(row) == len(header) for row in rows), (name, rows)
    columns = {field: coded([row[n] for row in rows]) for n, field in enumerate(header)}
    return Lines(name, columns, np.arange(2, len(rows) + 2, dtype=np.int64), f"{name}.csv")


def hearing(
    texts: Mapping[str, str], conditions: list[Mapping[str, Any]] | None = None, now: str = NOW
) -> Hearing:
    """Put records before the handbook, with conditions of a sample's own."""
    own = [Condition.model_validate(c) for c in conditions or []]
    handbook = replace(book(), conditions={**book().conditions, **{c.id: c for c in own}})
    return Hearing(handbook, records(texts), np.datetime64(now, "us"))


def cases(
    kind: str,
    given: Mapping[str, Any],
    texts: Mapping[str, str],
    conditions: list[Mapping[str, Any]] | None = None,
    now: str = NOW,
) -> Cases:
    """Give the cases of one kind; a record it needs that is not there fails the test."""
    rule = Rule.model_validate(
        {"id": "R", "title": "t", "passes": "p", "kind": kind, "with": dict(given)}
    )
    result = heard(hearing(texts, conditions, now), rule)
    assert not result.missing, result.missing
    return result.parts[0].cases


def verdicts(found: Cases) -> list[str]:
    """Spell verdicts out, those that do not conform by their type."""
    types = np.zeros(len(found), np.int8) if found.type is None else found.type
    return [
        TYPES[kind] if VERDICTS[verdict] == "nonconforming" else VERDICTS[verdict]
        for verdict, kind in zip(found.verdict.tolist(), types.tolist(), strict=True)
    ]


def say(
    kind: str,
    given: Mapping[str, Any],
    texts: Mapping[str, str],
    conditions: list[Mapping[str, Any]] | None = None,
    now: str = NOW,
) -> list[str]:
    """Give the verdicts of one kind over records."""
    return verdicts(cases(kind, given, texts, conditions, now))
