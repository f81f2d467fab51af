"""Proofs as an annex of the report: a table for each score, the words of the scheme beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sopaudit.report.derivation import Teller
from sopaudit.report.model import ProofRow, ProofSheet
from sopaudit.report.proof.explained import Explained
from sopaudit.report.proof.standing import Standings
from sopaudit.report.proof.told import ProofTeller, Row
from sopaudit.report.result import ResultWriter

_LIMITS = frozenset(("bit", "held", "near", "clear"))


@dataclass(frozen=True)
class ProofSheets:
    """Writes the proofs of one audit."""

    told: Explained
    results: ResultWriter
    teller: Teller

    def sheets(self) -> Iterator[ProofSheet]:
        """Write one for each score."""
        proofs = ProofTeller(self.results.speaker, self.teller)
        standings = Standings(proofs, self.results)
        for score in self.told.scores:
            yield ProofSheet(
                title=self.teller.title(score.checklist),
                scheme=proofs.scheme(score),
                rows=tuple(
                    row
                    for top in standings.rows(score, self.told.near.get(score.checklist))
                    for row in _flat(top, proofs)
                ),
            )


def _flat(row: Row, proofs: ProofTeller) -> Iterator[ProofRow]:
    """Lay a row and what it is made of below one another; persons stand with the findings."""
    limits = row.parts and row.parts[0].tone in _LIMITS
    if row.tone == "person" or (limits and not row.how):
        yield from (_limit(row.label, part, proofs) for part in row.parts)
        return
    # A checklist in its roll-up has a title after its id, which would not fit below one another.
    label, _, title = row.label.partition("  ") if row.tone == "item" else (row.label, "", "")
    yield ProofRow(
        label=label,
        how=(*([title] if title else []), *(said.text for said in row.how)),
        figure=row.figure,
        words=tuple(dict.fromkeys(_acting(row))),
        tone=row.tone,
    )
    for part in row.parts:
        yield from _flat(part, proofs)


def _limit(label: str, row: Row, proofs: ProofTeller) -> ProofRow:
    told = tuple(proofs.say("limit", "named", title=row.label, told=said.text) for said in row.how)
    return ProofRow(label, told, "", tuple(_acting(row)), row.tone)


def _acting(row: Row) -> Iterator[str]:
    """Write the words that acted; their file stands above the table, so its lines are enough."""
    for passage in (said.passage for said in row.how):
        if passage is not None:
            line = "" if passage.line is None else f" :{passage.line}"
            yield passage.text + line
