"""Grades and limits of a proof in words: how far the next ones were, and what brings them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sopaudit.criteria.field import plain
from sopaudit.criteria.judging import answer_set
from sopaudit.criteria.scheme import Each
from sopaudit.findings.grading import limit_id
from sopaudit.findings.grouping import ZERO
from sopaudit.findings.nearness import Change, NearLimit, Nearness
from sopaudit.findings.proof import Standing
from sopaudit.findings.proving import limit_word
from sopaudit.findings.score import Score
from sopaudit.report.proof.number import brief, distance, exact
from sopaudit.report.proof.told import ProofTeller, Row, Said
from sopaudit.report.result import ResultWriter

SHOWN: Final = 3
"""Steps that are named; more are counted."""


@dataclass(frozen=True)
class Standings:
    """Tells where scores stand."""

    teller: ProofTeller
    results: ResultWriter

    def rows(self, score: Score, near: Nearness | None, only: str | None = None) -> list[Row]:
        """Tell one score whole: tree, steps, grade and limits."""
        rows = list(self.teller.rows(score, only))
        if score.outside:
            rows.insert(0, self.teller.outside(score))
        ends = (self.grade(score, near), self.limits(score, near))
        return [*rows, *(row for row in ends if row is not None)]

    def grade(self, score: Score, near: Nearness | None) -> Row | None:
        """Tell the grade of the number, and how far its neighbours are; None without grades."""
        standing = None if score.proof is None else score.proof.standing
        say, words = self.teller.say, self.teller.words
        if standing is None or score.score is None:
            return None
        if standing.grade is None:
            told = say("how", "no_grade", score=score.score)
            return Row(words["step"]["grade"], "", (Said(told),), tone="step")
        how: list[str] = []
        how += self._counts(standing)
        if standing.unrounded is not None and score.exact is not None:
            exactly = exact(score.exact)
            how.append(say("edge", "rounding", exact=exactly, grade=standing.unrounded))
        how += self._edges(standing)
        if near is not None:
            how += self._flips(score, near)
        passage = self.teller.passages.find(score.scheme, standing.word)
        first = Said(say("how", "grade", score=score.score, grade=standing.grade), passage)
        said = (first, *(Said(text) for text in how))
        return Row(words["step"]["grade"], "", said, tone="step")

    def _counts(self, standing: Standing) -> Iterator[str]:
        for count in standing.counts:
            held = self.teller.words["how"]["held" if count.holds else "not_held"]
            asked = ", ".join(f"{label}: {word}" for label, word in count.count.items())
            told = {"number": brief(count.number), "held": held}
            yield self.teller.say("how", "count", grade=count.grade, count=asked, **told)

    def _edges(self, standing: Standing) -> Iterator[str]:
        for key, edge in (("worse", standing.worse), ("better", standing.better)):
            if edge is not None:
                told = {"bound": brief(edge.bound), "distance": distance(edge.distance)}
                yield self.teller.say("edge", key, grade=edge.grade, **told)

    def _flips(self, score: Score, near: Nearness) -> Iterator[str]:
        if near.worse:
            yield self.teller.say("edge", "drops", steps=self.steps(score, near.worse))
        if near.better:
            yield self.teller.say("edge", "rises", steps=self.steps(score, near.better))

    def steps(self, score: Score, changes: Sequence[Change]) -> str:
        """Name the steps that come first, an item once where several persons' answers do alike."""
        distinct: dict[tuple[str, str, str | None, str | None], str] = {}
        for change in changes:
            how = self.step(score, change)
            key = (change.item, how, change.score, change.grade)
            told = {"item": change.item, "how": how, "score": change.score or ""}
            distinct[key] = self.teller.say("edge", "step", **told, grade=change.grade or "")
        said = list(distinct.values())
        told_first = self.teller.words["edge"]["between"].join(said[:SHOWN])
        if len(said) <= SHOWN:
            return told_first
        return self.teller.say("edge", "more", steps=told_first, n=len(said))

    def step(self, score: Score, change: Change) -> str:
        """Say in what one step consists."""
        if change.was is None:
            return self.teller.words["one"]["cited"]
        handbook = self.teller.handbook
        known = handbook.checklists.get(score.checklist)
        if known is None:
            return self._point(change)
        table = answer_set(handbook.schemes[score.scheme], known.by_id[change.item])
        way = "better" if change.direction == "better" else "worse"
        now = change.now
        if isinstance(table, Each):
            return self.teller.words["one"][f"each_{way}"]
        if table == "rate" and now is not None and now.checked is not None:
            return self.teller.words["one"][f"rate_{way}"]
        if now is not None and now.value is not None:
            return self.teller.say("one", "number", value=plain(now.value))
        word = "" if now is None else now.result or ""
        said = self.teller.speaker.words["answer"].get(word, word)
        return self.teller.say("one", "word", answer=said)

    def _point(self, change: Change) -> str:
        """Say what the score of a post in a roll-up would be."""
        value = ZERO if change.now is None else change.now.value or ZERO
        return self.teller.say("one", "number", value=brief(value))

    def limits(self, score: Score, near: Nearness | None) -> Row | None:
        """Tell every limit: those that bit, that wait, that nearly held, and that did not."""
        scheme = self.teller.handbook.schemes[score.scheme]
        if not scheme.every_limit:
            return None
        told_of = self.results.result(score).limits
        notes = {bite.limit: note for bite, note in zip(score.bites, told_of, strict=True)}
        nearly = {limit.limit: limit for limit in near.limits} if near else {}
        titles = self.teller.teller.limits(score.scheme)
        rows = []
        for n, limit in enumerate(scheme.every_limit):
            name = limit_id(limit, n)
            title = titles.get(name, name)
            if name in notes:
                note = notes[name]
                told = self.teller.speaker.joined((note.effect, note.items))
                tone = "bit" if note.pending or note.changed else "held"
            elif name in nearly:
                told, tone = self._nearly(score, nearly[name]), "near"
            else:
                told, tone = self.teller.words["limit"]["clear"], "clear"
            passage = self.teller.passages.find(score.scheme, limit_word(scheme, limit, n))
            if passage is not None:
                passage = replace(passage, text=passage.text.partition(": ")[0])
            rows.append(Row(title, "", (Said(told, passage),), tone=tone))
        return Row(self.teller.words["step"]["limits"], "", (), tuple(rows), "step")

    def _nearly(self, score: Score, near: NearLimit) -> str:
        told = []
        if near.by:
            told.append(self.teller.say("limit", "near", steps=self.steps(score, near.by)))
        if near.by_rounding:
            told.append(self.teller.words["limit"]["near_rounding"])
        return self.teller.speaker.joined(told)

    def item(self, score: Score, item: str, near: Nearness) -> Iterator[str]:
        """Say what one item did: what the number were without its losses, and without it."""
        node = None if score.proof is None else score.proof.items().get(item)
        words = self.teller.words["part"]
        if node is None or node.value is None:
            yield words["no_points"]
            return
        for key, found in (("in_full", near.in_full), ("left_out", near.left_out)):
            change = (found or {}).get(item)
            if change is None:
                if key == "in_full":
                    yield words["already"]
                continue
            none = self.teller.speaker.words["summary"]["no_score"]
            grades = ""
            if change.grade is not None:
                grades = self.teller.say("part", "grades", grade=change.grade)
            yield self.teller.say(
                "part", key, score=change.score or none, now=score.score or none, grades=grades
            )
