"""From a word of the command line to a ledger of parts."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sopaudit.cli.records import Loose, Subject, subject
from sopaudit.cli.stop import usage

if TYPE_CHECKING:
    import numpy as np

    from sopaudit.criteria.handbook import Handbook
    from sopaudit.evidence.quality import Quality
    from sopaudit.findings.custody.custody import Custody
    from sopaudit.findings.ledger import PartsCheck

PLACES = "sops/parts.yaml"


@dataclass(frozen=True)
class Asked:
    """What the words and options of a command say."""

    word: str
    mapping: Path | None
    handbook: Path | None
    lang: str | None


def ledger(asked: Asked, now: "np.datetime64 | None") -> Subject:
    """Read the records a word names; a single file is of moves unless its name says otherwise."""
    from sopaudit.evidence.records import MOVES

    one = subject(asked.word, asked.handbook, asked.lang, now, Loose(MOVES, asked.mapping))
    with_places(one.handbook)
    return one


def with_places(handbook: "Handbook") -> None:
    """End the command where the handbook does not say where parts can be."""
    rules = handbook.parts
    if rules is None or not rules.places:
        raise usage(
            f"手册没有说备件可以在哪里；请在 {PLACES} 里写 places。",
            f"The handbook does not say where parts can be; write places into {PLACES}.",
        )


def custody(one: Subject) -> "Custody":
    """Post the moves of a ledger."""
    from sopaudit.findings.custody.custody import custody_of

    return custody_of(one.records, one.handbook, one.now)


def checked(one: Subject) -> "PartsCheck":
    """Hold a ledger against the rules on parts."""
    from sopaudit.findings.ledger import check_parts

    return check_parts(one.records, one.handbook, one.now, one.last)


def trust(one: Subject) -> "Quality":
    """Measure how far the records of the ledger can be trusted, and those of its tickets."""
    from dataclasses import replace

    from sopaudit.evidence.quality import Expected
    from sopaudit.evidence.recordquality import quality_of
    from sopaudit.evidence.records import TICKETS

    rules = one.handbook.parts
    kept = {TICKETS, *(rules.ledger if rules is not None else ())}
    lines = {id_: lines for id_, lines in one.records.lines.items() if id_ in kept}
    found = quality_of(replace(one.records, lines=lines), one.handbook, Expected())
    return replace(found, measures=tuple(m for m in found.measures if m.where))
