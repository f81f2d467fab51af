"""One audit tried with other answers: as many variants at once as are asked for.

Every variant becomes an audit of its own in one frame, so the engine that scores tables scores it,
and nothing of its arithmetic is done a second time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.derivation import scores
from sopaudit.findings.grading import Run
from sopaudit.findings.score import ItemScore, Score
from sopaudit.findings.scoring import Scorer


@dataclass(frozen=True)
class Said:
    """One answer to an item, and whom it is about."""

    answer: Answer
    person: str = ""


Sayings = tuple[Said, ...]
"""All that was answered to one item; nothing where it was left blank."""

Variant = Mapping[int, Sayings]
"""What is answered instead, by the index of the item."""


class Trial:
    """One audit by one checklist, whose answers may be exchanged."""

    def __init__(self, scorer: Scorer, frames: Iterable[AnswerFrame], audit: str) -> None:
        self.scorer = scorer
        self.audit = audit
        self.items = scorer.checklist.items
        self.day = np.datetime64("NaT", "D")
        self.facts: dict[str, str] = {}
        self._places = {item.id: n for n, item in enumerate(self.items)}
        given: list[list[Said]] = [[] for _ in self.items]
        for frame in frames:
            if audit not in frame.audits:
                continue
            index = frame.audits.index(audit)
            if np.isnat(self.day):
                self.day = frame.dates[index]
            self.facts |= {name: told[index] for name, told in frame.facts.items() if told[index]}
            for row in np.flatnonzero(frame.audit == index).tolist():
                whom = -1 if frame.person is None else int(frame.person[row])
                said = Said(
                    frame.kinds[frame.answer[row]], frame.persons[whom] if whom >= 0 else ""
                )
                given[self._places[frame.items[frame.item[row]]]].append(said)
        self.given: tuple[Sayings, ...] = tuple(map(tuple, given))

    def placed(self, score: Score) -> dict[int, ItemScore]:
        """Give the items of a score by their index; those not in force have no part in it."""
        return {self._places[told.item]: told for told in score.items}

    def under(self, scheme: Scheme) -> "Trial":
        """Give the same answers under another scheme."""
        other = Trial(Scorer(self.scorer.checklist, scheme), (), self.audit)
        other.day, other.facts, other.given = self.day, self.facts, self.given
        return other

    def answered(self, variant: Variant) -> "Trial":
        """Give the audit as if it had been answered so."""
        other = self.under(self.scorer.scheme)
        other.given = tuple(variant.get(n, given) for n, given in enumerate(self.given))
        return other

    def run(self, variants: Sequence[Variant]) -> Run:
        """Add up variants, one row each."""
        ((_, run),) = self.scorer.runs(self.scorer.grid([self.frame(variants)]))
        return run

    def scores(self, variants: Sequence[Variant]) -> list[Score]:
        """Score variants with their derivations."""
        told = scores(self.scorer, [self.frame(variants)]) if variants else []
        return [replace(score, audit=self.audit) for score in told]

    def grades(self, variants: Sequence[Variant]) -> list[str]:
        """Grade variants; the empty text for none."""
        if not variants:
            return []
        table = self.scorer.table([self.frame(variants)])
        return [str(grade) for grade in table["grade"].tolist()]

    def frame(self, variants: Sequence[Variant]) -> AnswerFrame:
        """Lay variants out as audits, called by their number from 0 on."""
        alternatives: list[dict[Sayings, list[int]]] = [{} for _ in self.items]
        changed: list[set[int]] = [set() for _ in self.items]
        for n, variant in enumerate(variants):
            for item, sayings in variant.items():
                alternatives[item].setdefault(sayings, []).append(n)
                changed[item].add(n)
        kinds: dict[Answer, int] = {}
        persons: dict[str, int] = {}
        columns: list[tuple[list[int], int, int, int]] = []
        for item, given in enumerate(self.given):
            others = changed[item]
            rest = [n for n in range(len(variants)) if n not in others] if given else []
            for sayings, places in ((given, rest), *alternatives[item].items()):
                for said in sayings if places else ():
                    kind = kinds.setdefault(said.answer, len(kinds))
                    whom = persons.setdefault(said.person, len(persons)) if said.person else -1
                    columns.append((places, item, kind, whom))
        audits = [np.array(places, np.int32) for places, *_ in columns]
        sizes = [len(places) for places in audits]
        told = np.array([column[1:] for column in columns], np.int32).reshape(-1, 3)
        item, kind, whom = np.repeat(told, sizes, axis=0).T
        return AnswerFrame(
            checklist=self.scorer.checklist.id,
            audits=tuple(map(str, range(len(variants)))),
            dates=np.full(len(variants), self.day),
            audit=np.concatenate([np.zeros(0, np.int32), *audits]),
            items=tuple(item.id for item in self.items),
            item=item,
            kinds=tuple(kinds),
            answer=kind,
            row=np.arange(1, len(item) + 1, dtype=np.int32),
            facts={name: (fact,) * len(variants) for name, fact in self.facts.items()},
            persons=tuple(persons),
            person=whom,
        )
