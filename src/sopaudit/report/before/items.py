"""Item by item, what the previous audit found beside what this one finds."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property

from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.scheme import Scheme
from sopaudit.findings.conclusion import Conclusion
from sopaudit.findings.finding import conformity
from sopaudit.findings.score import ItemScore
from sopaudit.report.answer import answered, points_told
from sopaudit.report.before.model import Before, ChangeRow
from sopaudit.report.fact import Fact
from sopaudit.report.seen import Speaker


class ItemsBefore:
    """Holds the items of two audits beside one another."""

    def __init__(
        self, now: Speaker, present: Conclusion, then: Speaker, previous: Conclusion
    ) -> None:
        self.now = now
        self.then = then
        self.present = _scores(present)
        self.previous = _scores(previous)

    @cached_property
    def all(self) -> Mapping[tuple[str, str], Before]:
        """What was found at each item that was asked both times, by checklist and item."""
        both = (key for key in self.present if key in self.previous)
        return {key: found for key in both if (found := self._before(*key)) is not None}

    def of(self, checklist: str, item: str) -> Before | None:
        """Give what was found at one item; None where it was not asked then."""
        return self.all.get((checklist, item))

    def counts(self) -> Iterator[Fact]:
        """Say how many items are better, worse, the same."""
        for change, title in self.now.words["change"].items():
            number = sum(before.change == change for before in self.all.values())
            yield Fact(title, str(number))

    def changes(self) -> Iterator[ChangeRow]:
        """Give the items that are not the same, in the order of the sheets."""
        for (name, item), before in self.all.items():
            if before.change == "same":
                continue
            asked = self.now.seen.handbook.checklists[name].by_id[item]
            answer, points = _told(self.now, self.present[name, item], name, item)
            yield ChangeRow(item, self.now.say(asked.question), before, answer, points)

    def _before(self, checklist: str, item: str) -> Before | None:
        if item not in self.then.seen.handbook.checklists[checklist].by_id:
            return None
        then, now = self.previous[checklist, item], self.present[checklist, item]
        answer, points = _told(self.then, then, checklist, item)
        same = (answer, points) == _told(self.now, now, checklist, item)
        schemes = (_scheme(self.then, checklist), _scheme(self.now, checklist))
        change = "same" if same else _change(then, now, schemes)
        return Before(answer, points, change, self.now.words["change"][change])


def _scores(conclusion: Conclusion) -> dict[tuple[str, str], ItemScore]:
    return {
        (score.checklist, told.item): told for score in conclusion.scores for told in score.items
    }


def _told(speaker: Speaker, told: ItemScore, checklist: str, item: str) -> tuple[str, str]:
    """Give answer and points as they stand among all items."""
    known: Checklist = speaker.seen.handbook.checklists[checklist]
    answers = speaker.seen.answers(checklist, item)
    word = answered(speaker, _scheme(speaker, checklist), known.by_id[item], answers)
    return word, points_told(speaker, told)


def _scheme(speaker: Speaker, checklist: str) -> Scheme:
    handbook = speaker.seen.handbook
    return handbook.schemes[handbook.checklists[checklist].scheme]


def _change(then: ItemScore, now: ItemScore, schemes: tuple[Scheme, Scheme]) -> str:
    """Say whether an item is better: by its share of the points, else by its conformity.

    Points of which there is no most are demerits. What was not seen both times is neither.
    """
    before, after = _share(then), _share(now)
    if before is None or after is None or (then.possible is None) != (now.possible is None):
        known = {"nonconforming": Fraction(0), "conforming": Fraction(1)}
        before = known.get(conformity(then, schemes[0]))
        after = known.get(conformity(now, schemes[1]))
    if before is None or after is None:
        return "other"
    return "same" if before == after else "better" if after > before else "worse"


def _share(told: ItemScore) -> Fraction | None:
    if told.outcome != "counted" or told.earned is None:
        return None
    if told.possible is None:
        return -told.earned
    return told.earned / told.possible if told.possible else None
