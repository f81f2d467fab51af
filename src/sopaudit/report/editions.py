"""The editions of a handbook's sheets as a table for a terminal, and as data."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Final

from sopaudit import __version__
from sopaudit.criteria.edition import Edition, ruling
from sopaudit.press.words import words
from sopaudit.terminal import table

SCHEMA: Final = "sopaudit.editions/1"

_DIGITS: Final = 12
"""Of a digest, so many are enough to tell two contents apart by eye."""


def editions_text(known: Sequence[Edition], day: date, lang: str) -> str:
    """Lay them out, one a line, with what each is on `day`."""
    said = words(lang, "change")["editions"]
    states = states_on(known, day)
    head = [said[key] for key in ("id", "edition", "first", "last", "state", "digest", "where")]
    rows = []
    for edition, state in zip(known, states, strict=True):
        several = said["several"].format(n=edition.digests) if edition.digests > 1 else ""
        rows.append(
            [
                edition.id,
                edition.edition,
                str(edition.first or ""),
                str(edition.last or ""),
                said[state],
                edition.digest.removeprefix("sha256:")[:_DIGITS],
                "  ".join(filter(None, (edition.where or said["now"], several))),
            ]
        )
    return table(head, rows, ())


def editions_json(known: Sequence[Edition], day: date) -> str:
    """Write them with their whole digests."""
    told = {
        "schema": SCHEMA,
        "engine": {"name": "sopaudit", "version": __version__},
        "day": str(day),
        "editions": [
            {
                "id": edition.id,
                "edition": edition.edition,
                "title": dict(edition.title.wordings)
                if edition.title.languages
                else edition.title.wordings[0][1],
                "from": str(edition.first) if edition.first else None,
                "until": str(edition.last) if edition.last else None,
                "state": state,
                "digest": edition.digest,
                "digests": edition.digests,
                "file": edition.file,
                "where": edition.where or None,
            }
            for edition, state in zip(known, states_on(known, day), strict=True)
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def states_on(known: Sequence[Edition], day: date) -> list[str]:
    """Say of each whether it rules on `day`, is still to come, has ended, or was replaced."""
    rules = {(edition.id, edition.edition) for edition in ruling(known, day)}
    names = {"in force": "replaced", "not yet": "waiting", "no more": "ended"}
    return [
        "ruling" if (edition.id, edition.edition) in rules else names[edition.state(day)]
        for edition in known
    ]
