"""The proofs of one audit as trees for a terminal."""

from collections.abc import Iterator

from sopaudit.findings.score import Score
from sopaudit.report.derivation import Teller
from sopaudit.report.proof.explained import Explained
from sopaudit.report.proof.standing import Standings
from sopaudit.report.proof.told import ProofTeller, Row
from sopaudit.report.proof.tree import BOXES, Signs, drawn
from sopaudit.report.result import ResultWriter
from sopaudit.report.seen import Speaker
from sopaudit.terminal import COLUMNS, wrapped


def proof_text(
    told: Explained,
    lang: str,
    *,
    item: str | None = None,
    every: bool = False,
    signs: Signs = BOXES,
) -> str:
    """Draw the proofs of one audit, or of one checklist, or of one item of it.

    An id no checklist has gives the empty text. With `every`, full items are not folded.
    """
    writer = _Writer(told, lang, every=every, signs=signs)
    asked = told.asked(item)
    if item is None or any(score.checklist == item for score in asked):
        parts = [writer.whole(score) for score in asked]
    else:
        parts = [writer.one(score, item) for score in asked]
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part)))


class _Writer:
    def __init__(self, told: Explained, lang: str, *, every: bool, signs: Signs) -> None:
        self.told = told
        self.speaker = Speaker(told.seen, lang)
        self.teller = Teller(told.seen.handbook, lang)
        self.results = ResultWriter(self.speaker, self.teller)
        self.proofs = ProofTeller(self.speaker, self.teller, every=every)
        self.standings = Standings(self.proofs, self.results)
        self.every = every
        self.signs = signs

    def whole(self, score: Score) -> Iterator[str]:
        """Draw everything of one score."""
        yield from self._head(score)
        yield ""
        rows = self.standings.rows(score, self.told.near.get(score.checklist))
        yield from drawn(rows, self.signs)
        if not self.every and any(_folded(row) for row in rows):
            yield ""
            yield from wrapped(self.proofs.words["tree"]["hint"], "")

    def one(self, score: Score, item: str) -> Iterator[str]:
        """Draw the branch of one item, from its answers to the grade, and what it did to it."""
        checklist = self.told.seen.handbook.checklists[score.checklist]
        near = self.told.near[score.checklist]
        yield from self._head(score)
        yield ""
        yield from wrapped(self.speaker.say(checklist.by_id[item].question), "")
        yield ""
        yield from drawn(self.standings.rows(score, near, item), self.signs)
        yield ""
        yield self.proofs.words["part"]["title"]
        for line in self.standings.item(score, item, near):
            yield from wrapped(line, "  ")
        for line in self._above(score, item):
            yield from wrapped(line, "  ")

    def _above(self, score: Score, item: str) -> Iterator[str]:
        """Say what the item did to the roll-ups its checklist is part of."""
        for branch, full in self.told.in_full(score.checklist, item):
            words = self.proofs.words["part"]
            grades = self.proofs.say("part", "grades", grade=full.grade) if full.grade else ""
            told = words["in_full"].format(
                score=full.score or "", now=branch.score or "", grades=grades
            )
            title = self.teller.title(branch.checklist)
            yield self.proofs.say("part", "branch", title=title, text=told)

    def _head(self, score: Score) -> Iterator[str]:
        result = self.results.result(score)
        yield f"{result.title}  {score.checklist}  {score.audit}"
        yield self.signs.rule * COLUMNS
        words = self.speaker.words["summary"]
        figures = [
            f"{words['score']} {result.score}" + (f" {result.out_of}" if result.out_of else "")
        ]
        if result.error:
            figures.append(result.error)
        if result.grade:
            named = " ".join(t for t in (result.grade, result.grade_title) if t)
            figures.append(f"{words['grade']} {named}")
        figures += [text for text in (result.band, result.pending, result.state) if text]
        yield from wrapped("   ".join(figures), "")
        yield from wrapped(self.speaker.joined((result.reach_note, result.picked_note)), "  ")
        for fact in result.scope:
            yield from wrapped(f"{fact.label}  {fact.value}", "  ")
        yield from wrapped(self.proofs.scheme(score), "")


def _folded(row: Row) -> bool:
    return (row.tone == "folded" and bool(row.figure)) or any(map(_folded, row.parts))
