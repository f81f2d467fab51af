"""A checklist and what was found as groups and rules: which result an answer is, what it weighs."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final, Literal

from sopaudit.criteria.checklist import Item
from sopaudit.criteria.field import plain
from sopaudit.criteria.section import RollUp
from sopaudit.findings.finding import conformity
from sopaudit.findings.grouping import ONE, ZERO
from sopaudit.findings.grouping import Group as Node
from sopaudit.findings.marking import Marking
from sopaudit.findings.score import Bite, ItemScore, Score
from sopaudit.report.seen import Seen
from sopaudit.report.xccdf.model import (
    Group,
    Importance,
    Message,
    Parts,
    Result,
    Rule,
    Source,
    Wording,
)
from sopaudit.report.xccdf.voices import Voices

_SEVERITY: Final[Mapping[str | None, Importance]] = {
    "critical": "high",
    "major": "medium",
    "minor": "low",
    "observation": "info",
    "improvement": "info",
}
"""The three levels of the standard, and below them what is no nonconformity."""

_RESULT: Final[Mapping[str, Result]] = {
    "conforming": "pass",
    "nonconforming": "fail",
    "not applicable": "notapplicable",
    "not observed": "notchecked",
    "unknown": "informational",
}


class Sheet:
    """One checklist while it is made into groups and rules."""

    def __init__(self, seen: Seen, voices: Voices, score: Score) -> None:
        self.seen = seen
        self.voices = voices
        self.score = score
        self.checklist = seen.handbook.checklists[score.checklist]
        self.scheme = seen.handbook.schemes[score.scheme]
        self.marking = Marking(self.checklist, self.scheme, seen.day)
        self._told = {told.item: told for told in score.items}

    def whole(self, weight: Fraction) -> Group:
        """Give the checklist as a group among others."""
        return Group(self.checklist.id, self.voices.said(self.checklist.title), self.parts, weight)

    @property
    def parts(self) -> Parts:
        """Its sections and items: as its scheme weighs them, or else as they stand on the sheet."""
        root = self.marking.root
        return self._weighed(root) if root.children else tuple(self._as_it_stands(root.roll_up))

    def _weighed(self, node: Node) -> Parts:
        groups = (
            Group(
                id=self._group_id(child.id),
                title=self._title(child.id),
                parts=self._weighed(child),
                weight=_weight_in(node, child),
            )
            for child in node.children
        )
        asked = (n for n in node.items if self.marking.in_force[n])
        return (*(self._rule(n, node.roll_up) for n in asked), *groups)

    def _as_it_stands(self, roll_up: RollUp) -> Iterator[Group | Rule]:
        """Group items by section; a section nobody weighs weighs as much as what is in it."""
        names = [section.id for section in self.checklist.sections]
        inside: dict[str | None, list[Rule]] = {name: [] for name in (None, *names)}
        for n, item in enumerate(self.checklist.items):
            if not self.marking.in_force[n]:
                continue
            name = item.section if item.section in names else None
            inside[name].append(self._rule(n, roll_up))
        yield from inside[None]
        for name in names:
            rules = inside[name]
            if rules:
                weight = sum((rule.weight for rule in rules if rule.scored), ZERO)
                yield Group(self._group_id(name), self._title(name), tuple(rules), weight)

    def _group_id(self, section: str) -> str:
        return f"{self.checklist.id}.{section}"

    def _title(self, name: str) -> Wording:
        return next(
            self.voices.said(section.title)
            for section in self.checklist.sections
            if section.id == name
        )

    def _rule(self, n: int, roll_up: RollUp) -> Rule:
        item = self.checklist.items[n]
        told = self._told[item.id]
        given = self.seen.answers(self.checklist.id, item.id)
        result = self._result(told)
        scored = n in self.marking.countable
        return Rule(
            id=item.id,
            title=self.voices.said(item.question),
            result=result,
            weight=self._weight(n, roll_up, told),
            scored=scored,
            severity=_SEVERITY.get(item.severity, "unknown"),
            description=self._description(item),
            standards=item.standards,
            messages=(
                *_messages(self._said_of(told, result, scored=scored)),
                *_messages(self._said_of_limits(item.id), "warning"),
            ),
            at=max((answer.at for answer in given if answer.at), default=None),
            source=self._source(item.id),
        )

    def _source(self, item: str) -> Source | None:
        """Say where in the audit folder the answer stands; a table has no such place."""
        if self.checklist.id not in self.seen.records:
            return None
        return Source(f"answers/{self.checklist.id}.json", item)

    def _description(self, item: Item) -> Wording:
        """Say how it is looked at, one text a line for each language."""
        texts = [text for text in (item.sample, item.evidence_required) if text is not None]
        told: dict[str, list[str]] = {}
        for lang, words in (pair for text in texts for pair in self.voices.said(text)):
            told.setdefault(lang, []).append(words)
        return tuple((lang, "\n".join(lines)) for lang, lines in told.items())

    def _weight(self, n: int, roll_up: RollUp, told: ItemScore) -> Fraction:
        """Give what an item can add to its section, in the words of the scheme."""
        points, weight = self.marking.points[n], self.checklist.items[n].weight
        if roll_up in ("count", "all"):
            return ONE
        if roll_up == "mean" and points != 0:
            return weight
        if self.scheme.points_by is not None and told.possible:
            return told.possible  # what it is worth may stand on the answer alone
        if points is None and self.marking.sets[n] == "number":
            return weight
        return self.marking.tree.full[n]

    def _result(self, told: ItemScore) -> Result:
        if self._not_cited(told):
            return "pass"
        if told.outcome == "blocked":
            return "notchecked"
        return _RESULT[conformity(told, self.scheme)]

    def _not_cited(self, told: ItemScore) -> bool:
        return told.answer is None and self.scheme.no_rows == "zero"

    def _said_of(self, told: ItemScore, result: Result, *, scored: bool) -> Iterator[Wording]:
        """Say what the one word of a result leaves out."""
        voices = self.voices
        if self._not_cited(told):
            yield voices.filled("message", "not_cited")
        elif result == "notchecked":
            yield voices.of_reports("outcome", told.outcome)
        elif not scored:
            yield voices.filled("message", "unscored")
        elif result == "fail" and told.earned is not None:
            earned = plain(told.earned)
            if told.possible is None:
                yield voices.filled("message", "demerits", earned=earned)
            elif told.possible:
                share, possible = told.earned / told.possible, plain(told.possible)
                sums = {"earned": earned, "possible": possible, "share": str(share)}
                yield voices.filled("message", "earned", **sums)

    def _said_of_limits(self, item: str) -> Iterator[Wording]:
        """Name the limits that hold the grade down because of an item."""
        for bite in self.score.bites:
            if item in bite.items:
                yield tuple((lang, self._limit(lang, bite)) for lang in self.voices.languages)

    def _limit(self, lang: str, bite: Bite) -> str:
        teller = self.voices.tellers[lang]
        said = teller.words["limit"]
        if bite.grade is not None:
            effect = said["grade"].format(grade=bite.grade)
        else:
            effect = said["score"].format(score=plain(bite.score_at_most or ZERO))
        how = "pending" if bite.pending else "changed" if bite.changed else "held"
        title = teller.limits(self.scheme.id).get(bite.limit, bite.limit)
        told = said[how].format(effect=effect)
        return self.voices.words[lang]["message"]["limit"].format(title=title, effect=told)


def _weight_in(node: Node, child: Node) -> Fraction:
    """Give what a section can add to the one it stands in."""
    if node.roll_up == "count":
        return child.full if child.roll_up == "count" else ONE
    if node.roll_up == "all":
        return ONE
    return child.weight if node.roll_up == "mean" else child.weight * child.full


def _messages(
    wordings: Iterable[Wording], severity: Literal["info", "warning"] = "info"
) -> Iterator[Message]:
    """Write wordings out, one message for each language; messages have none of their own."""
    for wording in wordings:
        for _, text in wording:
            yield Message(text, severity)
