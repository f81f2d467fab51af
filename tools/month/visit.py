"""The visit to Chengdu: what an auditor answers, from `seen.yaml`, as records our channels give."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from sopaudit.evidence.drawn import Drawn
from sopaudit.evidence.record import Case, RecordedAnswer, Sample
from sopaudit.sheets.blank import Ask, Blank, Leaf

SEEN: Final = Path(__file__).with_name("seen.yaml")
_BEGAN: Final = datetime.fromisoformat("2026-11-06T09:00:00+08:00")
_FIVE: Final = timedelta(minutes=4)
_STRATA: Final = {"on_site": "on_site", "walk_in": "walk_in", "consult": "consult"}


def seen() -> dict[str, dict[str, Any]]:
    """Read what the auditor saw, by checklist."""
    told: dict[str, dict[str, Any]] = yaml.safe_load(SEEN.read_text(encoding="utf-8"))
    return told


def channel_of(checklist: str) -> str:
    """Say how a checklist was filled in."""
    return str(seen()[checklist]["channel"])


def answers(blank: Blank, drawn: Drawn, checklist: str) -> tuple[RecordedAnswer, ...]:
    """Give the answers to one checklist, in the order of its sheet, four minutes apart."""
    leaf, told = blank.leaf(checklist), seen()[checklist]
    if leaf is None:
        return ()
    before = sum(len(leaf.asks) for leaf in blank.leaves[: blank.leaves.index(leaf)])
    return tuple(
        _answer(leaf, ask, _entry(told[short]), drawn, _BEGAN + (before + n) * _FIVE)
        for n, ask in enumerate(leaf.asks)
        if (short := ask.item.id.rpartition("-")[2]) in told
    )


def photos(checklist: str) -> Iterator[tuple[str, int]]:
    """Give the items of a checklist that were photographed, and how often."""
    for short, entry in seen()[checklist].items():
        if isinstance(entry, dict) and "photos" in entry:
            yield f"{checklist}-{short}", int(entry["photos"])


def _entry(entry: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- a line of the file
    # YAML makes a truth of yes and no; here they are words.
    words = {True: "yes", False: "no"}
    return {key: words.get(value, value) if key == "answer" and isinstance(value, bool) else value
            for key, value in entry.items()}  # fmt: skip


def _answer(
    leaf: Leaf, ask: Ask, told: Mapping[str, Any], drawn: Drawn, at: datetime
) -> RecordedAnswer:
    note, answer = str(told.get("note", "")), told.get("answer")
    common = {"item": ask.item.id, "note": note, "at": at, "person": told.get("person")}
    if isinstance(answer, int):
        return RecordedAnswer.model_construct(**common, value=answer)
    if answer is not None:
        return RecordedAnswer.model_construct(**common, result=answer)
    return RecordedAnswer.model_construct(
        **common, sample=Sample(cases=tuple(_cases(leaf, ask, told, drawn)))
    )


def _cases(leaf: Leaf, ask: Ask, told: Mapping[str, Any], drawn: Drawn) -> Iterator[Case]:
    each, failing = int(told.get("each", 0)), told.get("fail", {})
    number = each * len(leaf.people) if each else int(told["cases"])
    names = _names(str(told["of"]), number, drawn)
    for n, (name, engineer) in enumerate(names, 1):
        holders = [person.id for person in leaf.people]
        person = (
            holders[(n - 1) // each] if each else engineer if engineer in holders else holders[0]
        )
        bad = {part: _word(word) for part, word in told.get("parts", {}).get(n, {}).items()}
        # Parts are told where one of them fails; else one tick says it.
        parts = {part.id: bad.get(part.id, "yes") for part in ask.item.parts} if bad else {}
        failed = n in failing
        yield Case.model_construct(
            id=name,
            result=None if parts else ("no" if failed else "yes"),
            parts=parts,
            person=person,
            note=str(failing.get(n, "")),
        )


def _word(word: object) -> str:
    return {True: "yes", False: "no"}.get(word, str(word)) if isinstance(word, bool) else str(word)


def _names(of: str, number: int, drawn: Drawn) -> Sequence[tuple[str, str]]:
    """Give numbers of cases, each with the engineer of its stratum: round the strata in turn."""
    strata = [
        [(ticket, next(filter(None, stratum.values[1:]), "")) for ticket in stratum.drawn]
        for stratum in drawn.strata
        if stratum.values[0] == _STRATA.get(of)
    ]
    if strata:
        turns = [ticket for turn in zip(*strata, strict=False) for ticket in turn]
        return turns[:number]
    return [(f"{of}-2610{8 + n % 20:02d}-{n * 37 % 90 + 10:02d}", "") for n in range(number)]
