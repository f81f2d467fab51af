"""What samples leave open: of an item, and of the score that was built on them.

An item's share is an estimate where its cases were drawn at random; where somebody picked them it
says nothing about the rest, and where all were looked at there is no rest. Of a score, only items
judged by the pass rate of cases drawn at random are moved by chance; everything else in it stands
as it was seen.

The reach of a score is made of the exact limits of its items, because those of Wilson, added up,
held the true score in as few as 89 of 100 simulated audits, and these in 94 or more.

How much each of them moves the score is asked of the engine itself: the audit is scored again with
all cases of the item conforming and with none. So no way of rolling up has to be known here. Where
the parts do not simply add up, no interval is given.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, partial
from typing import Final

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Branch
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.judging import answer_set
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.record import RecordedAnswer, Selection
from sopaudit.findings.intervals import (
    Interval,
    Term,
    clopper_pearson,
    reach_of_sum,
    upper_limit,
    wilson,
)
from sopaudit.findings.sampling import chance_to_miss
from sopaudit.findings.score import Score
from sopaudit.findings.scoring import Scorer

NONE: Final = Fraction(0)
ALL: Final = Fraction(1)


@dataclass(frozen=True)
class Sampled:
    """The cases of an item: so many nonconforming of so many checked, and how they were chosen."""

    failed: int
    checked: int
    chosen: Selection
    told: bool = True
    """The record says how; else they are taken for picked."""

    population: int | None = None
    """How many there were to draw from, where it is known."""

    cases: frozenset[tuple[str, str]] = frozenset()
    """Those that were checked, where they are listed, and whom they are about."""

    @property
    def rate(self) -> Fraction:
        """The share that does not conform."""
        return Fraction(self.failed, self.checked)

    @cached_property
    def interval(self) -> Interval | None:
        """Where the share of all cases lies, at 95 % (Wilson); None but for a random sample."""
        if self.chosen != "random":
            return None
        return wilson(self.failed, self.checked, population=self.population)

    @cached_property
    def exact(self) -> Interval:
        """The same exactly (Clopper and Pearson), which is wider and what scores are built on."""
        return clopper_pearson(self.failed, self.checked, population=self.population)

    @cached_property
    def ceiling(self) -> float | None:
        """What the share of all is at most, at 95 %, exactly; None unless none was found."""
        if self.chosen != "random" or self.failed:
            return None
        return upper_limit(0, self.checked, population=self.population)

    @cached_property
    def miss(self) -> Fraction | None:
        """The chance that it would show nothing if a tenth of all cases failed."""
        if self.chosen != "random":
            return None
        return chance_to_miss(self.checked, population=self.population)


@dataclass(frozen=True)
class Uncertainty:
    """How far chance may have moved a score."""

    samples: Mapping[str, Sampled] = field(default_factory=dict)
    """The cases of its items, by item; a roll-up has none of its own."""

    interval: Interval | None = None
    """Where the score of all cases lies, at 95 %; None where nothing in it was drawn at random."""

    drawn: tuple[str, ...] = ()
    """The items (of a roll-up: checklists) that chance moves."""

    picked: tuple[str, ...] = ()
    """Those that count by picked cases, so that nobody knows how far they are off."""

    additive: bool = True
    """The score is the sum of its parts; else there is no interval, whatever was drawn."""

    terms: tuple[Term, ...] = ()
    """What moves it, each with its weight in this score."""


def sampled(answers: Sequence[RecordedAnswer]) -> Sampled | None:
    """Take the cases of all answers to one item together; None where there are none."""
    told = [a for a in answers if a.sample and a.value is None and not a.whole]
    samples = [answer.sample for answer in told if answer.sample and answer.counts[1]]
    if not samples:
        return None
    chosen = {sample.chosen for sample in samples}
    # A population smaller than its sample is a slip, which is told as such and says nothing.
    known = [s.population for s in samples if s.population is not None and s.population >= s.size]
    return Sampled(
        failed=sum(sample.counts[0] or 0 for sample in samples),
        checked=sum(sample.counts[1] or 0 for sample in samples),
        chosen=next(how for how in ("judgement", "random", "all") if how in chosen),
        told=all(sample.seed is not None or sample.selection is not None for sample in samples)
        or chosen == {"all"},
        population=sum(known) if len(known) == len(samples) else None,
        cases=frozenset(
            (case.id, case.person or answer.person or "")
            for answer in told
            for case in answer.cases
            if case.judged in ("yes", "partial", "no")
        ),
    )


def uncertainty(
    scorer: Scorer,
    frames: Iterable[AnswerFrame],
    score: Score,
    answers: Iterable[RecordedAnswer],
) -> Uncertainty:
    """Say how far chance may have moved one score; `answers` are those it was made of."""
    by_item: dict[str, list[RecordedAnswer]] = {}
    for answer in answers:
        by_item.setdefault(answer.item, []).append(answer)
    found = {item: sampled(given) for item, given in by_item.items()}
    samples = {item: seen for item, seen in found.items() if seen is not None}
    counted = {told.item for told in score.items if told.outcome == "counted"}
    rated = [
        item.id
        for item in scorer.checklist.items
        if item.id in counted and item.id in samples and answer_set(scorer.scheme, item) == "rate"
    ]
    told = Uncertainty(
        samples,
        drawn=tuple(item for item in rated if samples[item].chosen == "random"),
        picked=tuple(item for item in rated if samples[item].chosen == "judgement"),
    )
    if not told.drawn or score.exact is None:
        return told
    answered = _Answered(scorer, frames, score.audit)
    parts = [part for item in told.drawn for part in answered.parts(item, samples[item])]
    weights = _weights(partial(answered.totals, parts), [part.share for part in parts])
    if weights is None:
        return replace(told, additive=False)
    terms = tuple(
        Term(float(weight), float(part.share), part.interval, part.cases)
        for weight, part in zip(weights.each, parts, strict=True)
    )
    return replace(
        told, interval=_around(scorer.scheme, weights.total, score.exact, terms), terms=terms
    )


def branch_uncertainty(
    handbook: Handbook,
    branch: Branch,
    together: Score,
    parts: Mapping[str, tuple[Score, Uncertainty]],
    roll_up: Callable[[Handbook, Sequence[Score]], Score],
) -> Uncertainty:
    """Say the same of a roll-up: what moves its parts moves it, by their weight.

    `roll_up` scores the branch of such a handbook from such scores of its parts.
    """
    within = {name: part for name, part in parts.items() if name in together.within}
    moved = [name for name, (_, part) in within.items() if part.interval is not None]
    told = Uncertainty(
        drawn=tuple(moved),
        picked=tuple(name for name, (_, part) in within.items() if part.picked),
        additive=all(part.additive for _, part in within.values()),
    )
    if not moved or not told.additive or together.exact is None:
        return told
    scheme = handbook.schemes[branch.scheme]
    unlimited = replace(handbook, schemes={**handbook.schemes, branch.scheme: _free(scheme)})

    def totals(wanted: Sequence[Shares]) -> list[Fraction]:
        return [roll_up(unlimited, put(shares)).exact or NONE for shares in wanted]

    def put(shares: Shares) -> list[Score]:
        given = dict(zip(moved, shares, strict=True))
        return [
            score if given.get(name) is None else replace(score, exact=given[name])
            for name, (score, _) in parts.items()
        ]

    seen = [within[name][0].exact or NONE for name in moved]
    weights = _weights(totals, seen)
    if weights is None:
        return replace(told, additive=False)
    terms = tuple(
        replace(term, weight=term.weight * float(weight))
        for weight, name in zip(weights.each, moved, strict=True)
        for term in within[name][1].terms
    )
    return replace(
        told, interval=_around(scheme, weights.total, together.exact, terms), terms=terms
    )


Shares = Sequence[Fraction | None]
"""What each part is to be taken for; None leaves it as it was seen."""


@dataclass(frozen=True)
class _Weights:
    """What each part adds to the total."""

    total: Fraction
    each: list[Fraction]


def _weights(
    totals: Callable[[Sequence[Shares]], list[Fraction]], seen: Sequence[Fraction]
) -> _Weights | None:
    """Ask how much each part moves the total; None where the parts do not simply add up."""
    places = range(len(seen))
    single = [[ALL if n == place else NONE for n in places] for place in places]
    wanted: list[Shares] = [[None for _ in places], [NONE for _ in places], [ALL for _ in places]]
    total, nothing, everything, *alone = totals([*wanted, *single])
    each = [value - nothing for value in alone]
    added = nothing + sum((w * value for w, value in zip(each, seen, strict=True)), NONE)
    if added != total or nothing + sum(each, NONE) != everything:
        return None
    return _Weights(total, each)


def _around(scheme: Scheme, total: Fraction, exact: Fraction, terms: Iterable[Term]) -> Interval:
    """Lay the interval around a total; what holds the score down or up holds both ends."""
    reach = reach_of_sum(terms)
    low, high = float(total) - reach.low, float(total) + reach.high
    top = [scheme.ceiling, exact if exact < total else None]
    bottom = [scheme.floor, exact if exact > total else None]
    for most in (float(end) for end in top if end is not None):
        low, high = min(low, most), min(high, most)
    for least in (float(end) for end in bottom if end is not None):
        low, high = max(low, least), max(high, least)
    return Interval(low, high)


@dataclass(frozen=True)
class _Part:
    """A share the score is made of: the rows it was counted from, and how well it is known."""

    rows: tuple[int, ...]
    share: Fraction
    """That conforms."""

    interval: Interval
    cases: frozenset[str]


class _Answered:
    """What one audit was answered, to be scored again with other shares in its place."""

    def __init__(self, scorer: Scorer, frames: Iterable[AnswerFrame], audit: str) -> None:
        self.scorer = Scorer(scorer.checklist, _free(scorer.scheme))
        self.items = [item.id for item in scorer.checklist.items]
        self.rows: list[tuple[str, Answer]] = []
        self.persons: list[str] = []
        self.day = np.datetime64("NaT", "D")
        self.facts: dict[str, str] = {}
        for frame in frames:
            if audit not in frame.audits:
                continue
            place = frame.audits.index(audit)
            self.day = frame.dates[place] if np.isnat(self.day) else self.day
            self.facts |= {fact: told[place] for fact, told in frame.facts.items() if told[place]}
            for row in np.flatnonzero(frame.audit == place).tolist():
                answer = frame.kinds[frame.answer[row]]
                whom = -1 if frame.person is None else int(frame.person[row])
                self.rows.append((frame.items[frame.item[row]], answer))
                self.persons.append(frame.persons[whom] if whom >= 0 else "")

    def parts(self, item: str, sample: Sampled) -> Iterator[_Part]:
        """Give the shares an item is judged by: one, or that of each person where they count so."""
        rows = [n for n, (name, answer) in enumerate(self.rows) if name == item and answer.checked]
        if len(rows) == 1 or self.scorer.scheme.persons == "pooled":
            yield _part(rows, sample)
            return
        for row in rows:
            answer, person = self.rows[row][1], self.persons[row]
            own = frozenset(case for case in sample.cases if case[1] == person)
            failed, checked = answer.failed or 0, answer.checked or 0
            yield _part([row], Sampled(failed, checked, "random", cases=own))

    def totals(self, parts: Sequence[_Part], wanted: Sequence[Shares]) -> list[Fraction]:
        """Score the audit once for each of `wanted`, all in one run, before limits and rounding."""
        audits = tuple(str(n) for n in range(len(wanted)))
        answers = [
            answer
            for shares in wanted
            for answer in self._with(dict(zip(parts, shares, strict=True)))
        ]
        kinds = tuple(dict.fromkeys(answers))
        codes = {kind: code for code, kind in enumerate(kinds)}
        items = [self.items.index(item) for item, _ in self.rows]
        frame = AnswerFrame(
            checklist=self.scorer.checklist.id,
            audits=audits,
            dates=np.full(len(audits), self.day, "datetime64[D]"),
            audit=np.repeat(np.arange(len(audits), dtype=np.int32), len(items)),
            items=tuple(self.items),
            item=np.tile(np.array(items, np.int32), len(audits)),
            kinds=kinds,
            answer=np.array([codes[answer] for answer in answers], np.int32),
            row=np.arange(len(answers), dtype=np.int32),
            facts={fact: (told,) * len(audits) for fact, told in self.facts.items()},
        )
        return exact_totals(self.scorer, frame)

    def _with(self, shares: Mapping[_Part, Fraction | None]) -> list[Answer]:
        changed = [answer for _, answer in self.rows]
        for part, share in shares.items():
            for row in part.rows if share is not None else ():
                cases = changed[row].checked or 0
                failed = 0 if share else cases
                changed[row] = replace(changed[row], result=None, failed=failed)
        return changed


def _part(rows: Sequence[int], sample: Sampled) -> _Part:
    bad = sample.exact
    good = Interval(1 - bad.high, 1 - bad.low)
    names = frozenset(case for case, _ in sample.cases)
    return _Part(tuple(rows), ALL - sample.rate, good, names)


def exact_totals(scorer: Scorer, frame: AnswerFrame) -> list[Fraction]:
    """Give what each audit of a frame comes to before rounding and limits, without its story."""
    found = [NONE for _ in frame.audits]
    for rows, run in scorer.runs(scorer.grid([frame])):
        totals = run.totals(exact=True).value
        for place, total in zip(rows.tolist(), totals, strict=True):
            found[place] = Fraction(total)
    return found


def _free(scheme: Scheme) -> Scheme:
    """Give the scheme without what only grades, lowers or lifts, so that its total is left."""
    bounds = {"limits": (), "every_limit": (), "grades": (), "floor": None, "ceiling": None}
    return scheme.model_copy(update=bounds)
