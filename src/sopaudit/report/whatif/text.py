"""What would be if, as text for a terminal of 80 columns. Items are told by their ids alone."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.score import Score
from sopaudit.findings.whatif.outlook import Outlook
from sopaudit.findings.whatif.prospect import Correction, Obstacle, Prospect, Remedy
from sopaudit.press.words import words
from sopaudit.report.derivation import Teller, shown
from sopaudit.terminal import COLUMNS, GAP, fitting, padded, width, wrapped

_NAMED: Final = 8
"""So many items are named one by one."""

_NUMBER: Final = 7
"""Columns of what a correction brings."""


def prospect_text(handbook: Handbook, told: Prospect, lang: str) -> str:
    """Tell what would bring a score to a grade; lines end without blanks."""
    return "\n".join(_Writer(handbook, lang).prospect(told)) + "\n"


def outlook_text(handbook: Handbook, told: Outlook, lang: str) -> str:
    """Tell how far a score may still go; lines end without blanks."""
    return "\n".join(_Writer(handbook, lang).outlook(told)) + "\n"


class _Writer:
    def __init__(self, handbook: Handbook, lang: str) -> None:
        self.handbook = handbook
        self.teller = Teller(handbook, lang)
        self.lang = lang
        self.words = words(lang, "whatif")

    def prospect(self, told: Prospect) -> Iterator[str]:
        yield from self._head(told.now)
        yield from wrapped(self._answer(told), "")
        for n, remedy in enumerate(told.remedies, 1):
            yield ""
            yield from self._remedy(n, remedy, told)
        if told.remedies:
            yield ""
            yield from wrapped(self.words["to"]["note"], "")
        elif not told.reached and told.best.score is not None:
            after, number = self.result(told.best), len(told.corrections)
            yield from wrapped(self._say("to", "everything", number=number, after=after), "")
        if told.obstacles:
            yield ""
            yield self.words["to"]["in_the_way"]
            for obstacle in told.obstacles:
                yield from wrapped(self._obstacle(obstacle, told), "  ")

    def _answer(self, told: Prospect) -> str:
        if told.reached:
            return self._say("to", "reached", goal=told.goal)
        if told.now.score is None:
            return self._say("to", "unscored", goal=told.goal)
        if not told.remedies:
            return self._say("to", "none" if told.proven else "unsettled", goal=told.goal)
        number = len(told.remedies[0].corrections)
        key = ("fewest_one" if number == 1 else "fewest") if told.proven else "unproven"
        return self._say("to", key, goal=told.goal, number=number, of=len(told.corrections))

    def _remedy(self, n: int, remedy: Remedy, told: Prospect) -> Iterator[str]:
        before, after = self.result(told.now), self.result(remedy.after)
        number = len(remedy.corrections)
        yield from wrapped(
            self._say("to", "set", n=n, number=number, before=before, after=after), ""
        )
        room = max(width(one.thing.item) for one in remedy.corrections)
        for one in remedy.corrections:
            yield self._correction(one, room)

    def _correction(self, one: Correction, room: int) -> str:
        brings = padded(signed(one.brings), _NUMBER, right=True)
        start = f"  {padded(one.thing.item, room)}{GAP}{brings}{GAP}"
        item = self.handbook.checklists[one.thing.checklist].by_id[one.thing.item]
        question = self.handbook.say(item.question, self.lang)
        return f"{start}{_short(question, COLUMNS - width(start))}".rstrip()

    def _obstacle(self, obstacle: Obstacle, told: Prospect) -> str:
        titles: dict[str, str] = {}
        for scheme in (*self.handbook.schemes, told.now.scheme):
            # A limit of a post may hold its branch too.
            titles |= self.teller.limits(scheme)
        if obstacle.grade is not None:
            effect = self._say("obstacle", "holds_grade", grade=obstacle.grade)
        else:
            cap = shown(obstacle.cap or Fraction(0))
            effect = self._say("obstacle", "holds_score", score=cap)
        key: str = obstacle.kind
        if obstacle.kind == "limit" and obstacle.alone:
            key = "limit_alone"
        if obstacle.kind == "open" and len(obstacle.causes) == 1:
            key = "open_one"
        return self._say(
            "obstacle",
            key,
            causes=self._listed(obstacle.causes),
            number=len(obstacle.causes),
            title=titles.get(obstacle.limit, obstacle.limit),
            effect=effect,
            after=self.result(told.best),
        )

    def outlook(self, told: Outlook) -> Iterator[str]:
        yield from self._head(told.now)
        open_ = [thing.item for thing in told.open]
        if not (open_ or told.vetoes):
            yield self.words["open"]["settled"]
            return
        if open_:
            items = self._listed(open_)
            yield from wrapped(self._say("open", "open", number=len(open_), items=items), "")
        if told.lowest is None or told.highest is None:
            yield self.words["open"]["no_score"]
            return
        for line in self._ends(told, told.lowest, told.highest):
            yield from wrapped(line, "")

    def _ends(self, told: Outlook, lowest: Score, highest: Score) -> Iterator[str]:
        number = len(told.open)
        best, worst = (grade or self.words["open"]["no_grade"] for grade in (told.best, told.worst))
        if told.best or told.worst:
            if best != worst:
                yield self._say("open", "possible", best=best, worst=worst)
            else:
                key = ("holds_without", "holds_one")[number] if number < 2 else "holds"  # noqa: PLR2004
                items = self._listed([thing.item for thing in told.open])
                yield self._say("open", key, grade=best, number=number, items=items)
            if told.deciding:
                items = self._listed([thing.item for thing in told.deciding])
                yield self._say("open", "deciding", items=items)
            for veto in told.vetoes:
                key = "unless_pending" if veto.pending else "unless"
                grade = veto.grade or self.words["open"]["no_grade"]
                yield self._say("open", key, item=veto.thing.item, grade=grade)
        key = {
            (True, True): "no_ends",
            (True, False): "no_lowest",
            (False, True): "no_highest",
            (False, False): "scores" if lowest.score != highest.score else "scores_fixed",
        }[told.endless]
        yield self._say("open", key, lowest=lowest.score, highest=highest.score)
        if told.may_go:
            yield self.words["open"]["may_go"]
        if not told.proven:
            yield self.words["open"]["unproven"]

    def _head(self, now: Score) -> Iterator[str]:
        yield f"{self.teller.title(now.checklist)}{GAP}{now.checklist}{GAP}{now.audit}"
        yield "─" * COLUMNS
        state = self.teller.words["state"][now.state]
        yield f"{self.words['page']['now']}{GAP}{self.result(now)}{GAP}{state}"

    def result(self, score: Score) -> str:
        """Write score and grade as elsewhere; where both are numbers, say which is which."""
        if score.score is None:
            return self.words["page"]["no_score"]
        if score.grade and score.grade[0].isdigit():
            return self._say("page", "graded", score=score.score, grade=score.grade)
        return " ".join(text for text in (score.score, score.grade) if text)

    def _listed(self, items: Sequence[str]) -> str:
        comma = "、" if self.lang == "zh" else ", "
        if len(items) <= _NAMED + 1:
            return comma.join(items)
        more = self._say("open", "more", number=len(items) - _NAMED)
        return comma.join([*items[:_NAMED], more])

    def _say(self, section: str, key: str, **values: object) -> str:
        return self.words[section][key].format_map(values)


def signed(value: Fraction) -> str:
    """Write what is added with its sign."""
    text = shown(value)
    return f"+{text}" if value > 0 else text


def _short(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    return fitting(text, columns - 1).rstrip() + "…"
