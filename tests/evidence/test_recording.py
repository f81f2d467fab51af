"""A record written by a channel is read back as it was."""

import json
from pathlib import Path

import pytest

from sopaudit.evidence.jsonfile import read_json_bytes
from sopaudit.evidence.record import Record
from sopaudit.evidence.recording import record_bytes
from sopaudit.reading.shape import validated

ROOT = Path(__file__).parents[2]
SHA = "ab" * 32
FULL = {
    "schema": "sopaudit.answers/1",
    "audit": "a",
    "checklist": {"id": "C", "edition": "1", "digest": "sha256:0"},
    "channel": "several",
    "answers": [
        {
            "item": "1",
            "value": "1/3",
            "at": "2026-11-06T09:30:00+08:00",
            "source": "s1",
            "labels": {"step": "x"},
            "evidence": [{"file": "evidence/a.jpg", "sha256": SHA, "unproven": True}],
            "others": [{"source": "s0", "result": "yes", "sample": {"cases": [{"id": "T1"}]}}],
            "override": {"by": "9001", "why": "seen"},
            "from_records": {"as_of": "2026-10-31", "digest": "sha256:0", "result": "no"},
        },
        {"item": "2", "sample": {"failed": "1", "checked": "3", "selection": "judgement"}},
    ],
    "signatures": [{"role": "auditor", "person": "9", "drawn": {"file": "s.svg", "sha256": SHA}}],
    "sources": [{"id": "s1", "channel": "html", "file": "p.zip", "digest": "sha256:1", "by": "9"}],
}


def read(raw: bytes) -> Record:
    record, problems = validated(read_json_bytes(raw, "r.json"), Record)
    assert record is not None, [problem.text("en") for problem in problems]
    return record


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps(FULL).encode(),
        *(path.read_bytes() for path in sorted((ROOT / "audits/2026-10-cd/answers").iterdir())),
    ],
)
def test_a_record_that_is_written_and_read_is_the_same(raw: bytes) -> None:
    record = read(raw)
    written = record_bytes(record)
    assert read(written) == record
    assert record_bytes(read(written)) == written


def test_what_says_nothing_is_left_out() -> None:
    bare = {**FULL, "answers": [{"item": "1", "result": "yes"}], "signatures": [], "sources": []}
    told = json.loads(record_bytes(read(json.dumps(bare).encode())))
    assert "sources" not in told
    assert told["answers"] == [{"item": "1", "result": "yes", "value": None, "note": ""}]
