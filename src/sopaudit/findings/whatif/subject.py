"""What may be put right: one checklist of an audit, or the branch with all its posts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Protocol

from sopaudit.criteria.scheme import Limit, Scheme
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.grading import limit_id
from sopaudit.findings.score import Bite, Score
from sopaudit.findings.scoring import Scorer
from sopaudit.findings.whatif.cover import Need
from sopaudit.findings.whatif.line import Bands, Line
from sopaudit.findings.whatif.remedy import corrected, falls_short, left_blank
from sopaudit.findings.whatif.requirement import Ledger, Requirements, adds_up, parted
from sopaudit.findings.whatif.trial import Sayings, Trial


@dataclass(frozen=True)
class Thing:
    """An item of a checklist."""

    checklist: str
    item: str


class Subject(Protocol):
    """A score, and the items below it that could be put right."""

    @property
    def now(self) -> Score:
        """The score as it is."""

    @property
    def scheme(self) -> Scheme:
        """What grades it."""

    @property
    def things(self) -> tuple[Thing, ...]:
        """The items that fall short and can be put right."""

    @property
    def stuck(self) -> tuple[str, ...]:
        """Items that fall short and cannot be put right."""

    @property
    def open(self) -> tuple[str, ...]:
        """Items, or posts of a branch, that have no answer yet."""

    @property
    def bites(self) -> tuple[Bite, ...]:
        """The limits that hold it down, and the items that brought them about."""

    @property
    def waiting(self) -> tuple[Bite, ...]:
        """The limits that wait to be confirmed, and the grade it would then have."""

    @property
    def gains(self) -> Line:
        """What each correction alone brings to the score, in the order of `things`."""

    def grades(self, sets: Sequence[Iterable[int]]) -> list[str]:
        """Grade the audit with each set of corrections; the empty text for no grade."""

    def scores(self, sets: Sequence[Iterable[int]]) -> list[Score]:
        """Score it with each set of corrections."""

    def requirements(self, goal: int) -> Requirements:
        """Say what the grade at index `goal` asks of corrections."""


class Post:
    """One audit by one checklist."""

    def __init__(self, scorer: Scorer, frames: Iterable[AnswerFrame], audit: str) -> None:
        self.trial = Trial(scorer, frames, audit)
        self.scheme = scorer.scheme
        self.checklist = scorer.checklist.id
        (self.now,) = self.trial.scores([{}])
        items = self.trial.placed(self.now)
        short = [n for n, told in items.items() if falls_short(told, self.trial.given[n])]
        right = {n: corrected(self.trial, n) for n in short}
        self.corrections: dict[int, Sayings] = {n: s for n, s in right.items() if s is not None}
        self.stuck = tuple(items[n].item for n, s in right.items() if s is None)
        self.things = tuple(Thing(self.checklist, items[n].item) for n in self.corrections)
        blank = (n for n, told in items.items() if left_blank(told, self.trial.given[n]))
        self.open = tuple(items[n].item for n in blank)
        self._places = tuple(self.corrections)

    @property
    def bites(self) -> tuple[Bite, ...]:
        """The limits that hold it down."""
        return tuple(bite for bite in self.now.bites if not bite.pending)

    @property
    def waiting(self) -> tuple[Bite, ...]:
        """The limits that wait to be confirmed."""
        return tuple(bite for bite in self.now.bites if bite.pending)

    @cached_property
    def ledger(self) -> Ledger:
        """What each correction brings."""
        return Ledger(self.trial, self.corrections)

    @property
    def gains(self) -> Line:
        """What each correction alone brings to the score."""
        return self.ledger.gains

    def requirements(self, goal: int) -> Requirements:
        """Say what the grade at index `goal` asks for."""
        return self.ledger.requirements(goal)

    def grades(self, sets: Sequence[Iterable[int]]) -> list[str]:
        """Grade the audit with each set of corrections."""
        return self.trial.grades([self._variant(one) for one in sets])

    def scores(self, sets: Sequence[Iterable[int]]) -> list[Score]:
        """Score it with each set of corrections."""
        return self.trial.scores([self._variant(one) for one in sets])

    def _variant(self, chosen: Iterable[int]) -> dict[int, Sayings]:
        return {(place := self._places[n]): self.corrections[place] for n in chosen}


Roll = Callable[[Sequence[Score]], Score]
"""Makes the score of a branch of those of its posts."""


class Whole:
    """A branch; what is put right in its posts counts in it."""

    def __init__(self, posts: Sequence[Post], scheme: Scheme, roll: Roll) -> None:
        self.posts = tuple(posts)
        self.scheme = scheme
        self.roll = roll
        self.now = roll([post.now for post in self.posts])
        self.things = tuple(thing for post in self.posts for thing in post.things)
        self.stuck = tuple(item for post in self.posts for item in post.stuck)
        seen = {post.checklist for post in self.posts}
        left = (i for i in self.now.items if i.outcome in ("unanswered", "unchecked"))
        unscored = (i.item for i in left if i.item not in seen)
        self.open = (*unscored, *(item for post in self.posts for item in post.open))
        self._known: dict[tuple[int, frozenset[int]], Score] = {}
        self._places = [(k, n) for k, post in enumerate(posts) for n in range(len(post.things))]

    @property
    def bites(self) -> tuple[Bite, ...]:
        """The limits that hold it down; one that looks for a limit of a post names its items."""
        limits = enumerate(self.scheme.every_limit)
        names = {limit_id(limit, n): limit.where.get("limit") for n, limit in limits}
        bites = (bite for bite in self.now.bites if not bite.pending)
        return tuple(replace(b, items=self._below(b, names.get(b.limit)) or b.items) for b in bites)

    def _below(self, bite: Bite, name: str | None) -> tuple[str, ...]:
        """List the items of the posts of a limit that the limit called `name` caught there."""
        posts = (post for post in self.posts if post.checklist in bite.items)
        own = (inner for post in posts for inner in post.bites if inner.limit == name)
        return tuple(item for inner in own for item in inner.items)

    @property
    def waiting(self) -> tuple[Bite, ...]:
        """The limits of posts that wait to be confirmed, told with what they do to the branch."""
        grade = self.now.pending_grade
        waiting = (bite for post in self.posts for bite in post.waiting)
        return tuple(replace(bite, grade=grade, score_at_most=None) for bite in waiting)

    def scores(self, sets: Sequence[Iterable[int]]) -> list[Score]:
        """Score the branch with each set of corrections."""
        parts = [self._parts(one) for one in sets]
        for k, post in enumerate(self.posts):
            new = [p for p in dict.fromkeys(one[k] for one in parts) if (k, p) not in self._known]
            told = post.scores(new)
            self._known |= {(k, one): score for one, score in zip(new, told, strict=True)}
        return [
            self.roll([self._known[k, one[k]] for k in range(len(self.posts))]) for one in parts
        ]

    def grades(self, sets: Sequence[Iterable[int]]) -> list[str]:
        """Grade the branch with each set of corrections."""
        return [score.grade or "" for score in self.scores(sets)]

    def _parts(self, chosen: Iterable[int]) -> list[frozenset[int]]:
        parts: list[set[int]] = [set() for _ in self.posts]
        for thing in chosen:
            k, n = self._places[thing]
            parts[k].add(n)
        return [frozenset(part) for part in parts]

    @cached_property
    def gains(self) -> Line:
        """What each correction alone brings to the score of the branch."""
        alone = self.scores([{n} for n in range(len(self.things))])
        now = _exact(self.now)
        return Line(now, tuple(_exact(score) - now for score in alone))

    def requirements(self, goal: int) -> Requirements:
        """Say what the grade at index `goal` asks for, as far as posts and branch add up."""
        bands, below = parted(self.scheme, goal)
        schemes = [self.scheme, *(post.scheme for post in self.posts)]
        known = all(map(adds_up, schemes)) and not any(band.when for band in bands)
        total = self.gains if known else None
        needs, steady = Bands(self.scheme).asked(bands, total, self.gains.now)
        for limit in self.scheme.every_limit:
            if limit.grade in below or limit.score_at_most is not None:
                asked, lets_go = self._limit(limit)
                needs += asked if limit.grade in below else ()
                steady = steady and lets_go
        return Requirements((tuple(needs),), steady)

    def _limit(self, limit: Limit) -> tuple[list[Need], bool]:
        """Say what lets a limit of the branch go that looks for a limit that bit a post."""
        name = limit.where.get("limit")
        if limit.any != "item" or limit.bounds or limit.is_ is not None or name is None:
            return [], False
        needs: list[Need] = []
        lets_go = True
        start = 0
        for post in self.posts:
            end = start + len(post.things)
            for n, own in enumerate(post.scheme.every_limit):
                if own.id == name:
                    asked, steady = post.ledger.limit(n, own)
                    zeros = (0,) * start, (0,) * (len(self.things) - end)
                    needs += (
                        Need((*zeros[0], *need.brings, *zeros[1]), need.least) for need in asked
                    )
                    lets_go = lets_go and steady
            start = end
        return (needs if limit.times == 1 and set(limit.where) == {"limit"} else []), lets_go


def _exact(score: Score) -> Fraction:
    return Fraction(0) if score.exact is None else score.exact
