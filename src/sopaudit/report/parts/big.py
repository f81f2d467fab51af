"""A ledger that was kept in parts, told as text, as a table and as data."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sopaudit import __version__
from sopaudit.findings.big_custody import BigKept
from sopaudit.findings.rules.case import VERDICTS
from sopaudit.report.parts.checked_json import (
    SCHEMA,
    editions,
    people_json,
    places_json,
    sorts_json,
)
from sopaudit.report.parts.count import Counted
from sopaudit.report.parts.lines import people, plain, summed, titled, where
from sopaudit.report.parts.rows import headline
from sopaudit.report.parts.saying import PartSayer
from sopaudit.report.parts.table import COLUMNS as TABLE
from sopaudit.report.parts.table import found_row, loss_csv, loss_digest
from sopaudit.report.parts.teller import decimal, speaker_of
from sopaudit.terminal import COLUMNS, wrapped


@dataclass(frozen=True, eq=False)
class BigParts:
    """What came of a ledger in parts, and which rules could not be heard."""

    kept: BigKept
    unheard: dict[str, tuple[str, ...]]
    """By rule: the records that are missing; none where it joins moves of several parts."""

    file: str

    def rows(self) -> list[tuple[str, ...]]:
        """Write each finding as a row of the table of findings."""
        kept = self.kept
        return [found_row(one, kept.decimals, kept.value_decimals) for one in kept.findings]

    @property
    def wrong(self) -> dict[str, int]:
        """By rule: how many cases do not conform."""
        place = VERDICTS.index("nonconforming")
        return {
            rule: sum(counts[place] for counts in parts)
            for rule, parts in self.kept.verdicts.items()
        }


def big_text(told: BigParts, lang: str) -> str:
    """Tell what a ledger came to; lines end without blanks."""
    return "\n".join(_lines(told, lang)) + "\n"


def _lines(told: BigParts, lang: str) -> Iterator[str]:
    evidence = told.kept.evidence
    say = PartSayer(evidence, speaker_of(evidence.custody, lang))
    words, fill = say.teller.words["check"], say.teller.fill
    yield from titled(words["head"], told.file)
    yield "─" * COLUMNS
    yield fill(
        "check", "about", moves=f"{told.kept.moves:,}", day=say.teller.day(evidence.custody.now)
    )
    yield ""
    yield from wrapped(plain(headline(say, Counted(say))), "")
    if told.kept.moves:
        yield from ("", *where(say), "", *people(say))
    yield ""
    if evidence.sorts:
        yield from summed(say, evidence.sorts)
    else:
        yield words["nothing_found"]
    yield ""
    wrong = told.wrong
    clean = sum(not number for number in wrong.values())
    yield fill("check", "heard", n=len(wrong), clean=clean)
    across = [rule for rule, missing in told.unheard.items() if not missing]
    if across:
        listed = say.speaker.listed(across)
        yield from wrapped(fill("check", "across", rules=listed), "")
    missing = [_missing(say, rule, names) for rule, names in told.unheard.items() if names]
    if missing:
        yield from wrapped(words["unheard"] + say.speaker.listed(missing), "")
    yield fill("check", "digest", digest=loss_digest(told.rows()))


def _missing(say: PartSayer, rule: str, records: Sequence[str]) -> str:
    named = say.speaker.listed([*map(say.namer.record, records)])
    return say.teller.fill("check", "missing", rule=rule, records=named)


def big_csv(told: BigParts) -> bytes:
    """Write the table of findings, as that of a ledger read in one go."""
    return loss_csv(told.rows())


def big_json(told: BigParts) -> str:
    """Write everything that can be said of a ledger in parts."""
    kept, rows = told.kept, told.rows()
    evidence = kept.evidence
    whole: dict[str, Any] = {
        "schema": SCHEMA,
        "engine": __version__,
        "ledger": told.file,
        "as_of": str(evidence.custody.now.astype("datetime64[D]")),
        "moves": kept.moves,
        "in_parts": True,
        "findings": len(rows),
        "together": decimal(sum(one.units for one in evidence.places), kept.decimals),
        "rules_heard": len(kept.verdicts),
        "digest": loss_digest(rows),
        "editions": editions(evidence.handbook),
        "places": [*places_json(evidence)],
        "people": [*people_json(evidence)],
        "sorts": [*sorts_json(evidence)],
        "rules": [
            {"rule": rule, "parts": [dict(zip(VERDICTS, counts, strict=True)) for counts in parts]}
            for rule, parts in kept.verdicts.items()
        ],
        "unheard": {rule: list(missing) for rule, missing in told.unheard.items()},
        "losses": [dict(zip(TABLE, row, strict=True)) for row in rows],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
