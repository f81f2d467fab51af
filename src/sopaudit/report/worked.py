"""The worked cases of a scheme and what each comes to, as text for a terminal of 80 columns."""

from collections.abc import Iterator
from typing import Final

from sopaudit.criteria.field import Text, plain
from sopaudit.criteria.scheme import Scheme
from sopaudit.criteria.worked import Given, WorkedAnswer, WorkedCase, WorkedItem, WorkedSheet
from sopaudit.findings.worked import Outcome, limits, outcomes
from sopaudit.press.words import words
from sopaudit.terminal import padded, width, wrapped

_INDENT: Final = "    "


def worked_text(scheme: Scheme, lang: str) -> str:
    """Tell what each worked case of a scheme answers and comes to; nothing where it has none."""
    return "\n".join(line.rstrip() for line in _Teller(scheme, lang).lines())


class _Teller:
    def __init__(self, scheme: Scheme, lang: str) -> None:
        self.scheme = scheme
        self.lang = lang
        self.words = words(lang, "worked")

    def lines(self) -> Iterator[str]:
        if self.scheme.worked:
            yield f"  {self.words['sheet']['head']}"
        for sheet in self.scheme.worked:
            yield ""
            source = "" if sheet.source is None else f" · {sheet.source}"
            yield from wrapped(sheet.title.to(self.lang) + source, "  ")
            yield from self._sheet(sheet)
            room = max(width(case.id) for case in sheet.cases)
            for outcome in outcomes(self.scheme, sheet):
                yield from self._case(outcome, room)

    def _sheet(self, sheet: WorkedSheet) -> Iterator[str]:
        said = self.words["sheet"]
        items = self._joined(self._item(item) for item in sheet.items)
        yield from wrapped(said["items"].format(items=items), _INDENT)
        weights = self._joined(f"{rule.id} {plain(rule.weight)}" for rule in sheet.sections)
        if weights:
            yield from wrapped(said["weights"].format(sections=weights), _INDENT)

    def _item(self, item: WorkedItem) -> str:
        said = self.words["sheet"]
        parts = [item.id]
        if item.points is not None:
            parts.append(said["points"].format(points=plain(item.points)))
        if item.weight != 1:
            parts.append(said["weight"].format(weight=plain(item.weight)))
        return " ".join(parts)

    def _case(self, outcome: Outcome, room: int) -> Iterator[str]:
        case = outcome.case
        head, inside = padded(case.id, room), _INDENT + " " * (room + 2)
        title = "" if case.title is None else case.title.to(self.lang)
        told = [title, self._answers(case), f"→ {self._result(outcome)}"]
        for n, paragraph in enumerate(filter(None, told)):
            for m, line in enumerate(wrapped(paragraph, inside)):
                yield f"{_INDENT}{head}  {line.lstrip()}" if n == m == 0 else line
        for found in outcome.differences:
            said = self.words["case"]["wrong"]
            wrong = said.format(what=found.key, expected=found.expected, found=found.found)
            yield from wrapped(wrong, inside)

    def _answers(self, case: WorkedCase) -> str:
        day = () if case.date is None else (str(case.date),)
        facts = (f"{name}: {value}" for name, value in case.facts.items())
        answers = [f"{item}: {self._given(given)}" for item, given in case.answers.items()]
        return self._joined([*day, *facts, *(answers or [self.words["case"]["blank"]])])

    def _given(self, given: Given) -> str:
        if isinstance(given, tuple):
            return " + ".join(self._given(one) for one in given)
        return self._told(given) if isinstance(given, WorkedAnswer) else given

    def _told(self, given: WorkedAnswer) -> str:
        said, answer = self.words["case"], given.answer or ""
        if given.checked is not None:
            answer = said["sample"].format(failed=given.failed or 0, checked=given.checked)
        if given.labels:
            labels = self._joined(f"{name}: {value}" for name, value in given.labels.items())
            answer += f" ({labels})"
        if given.confirmed:
            answer = said["confirmed"].format(answer=answer)
        return (
            answer if given.times == 1 else said["times"].format(answer=answer, times=given.times)
        )

    def _result(self, outcome: Outcome) -> str:
        said, score = self.words["case"], outcome.score
        parts = []
        if score.score is not None:
            key = "score" if score.possible is None else "out_of"
            parts.append(said[key].format(score=score.score, possible=score.possible))
        if score.grade is not None:
            parts.append(said["grade"].format(grade=self._grade(score.grade)))
        if score.band not in (None, score.grade):
            parts.append(said["band"].format(grade=score.band))
        if score.pending_grade not in (None, score.grade):
            parts.append(said["pending"].format(grade=score.pending_grade))
        if bit := limits(score):
            parts.append(said["limits"].format(limits=", ".join(bit)))
        if score.state != "scored":
            parts.append(self.words["state"][score.state])
        return self._joined(parts)

    def _grade(self, grade: str) -> str:
        titles: dict[str, Text | None] = {band.grade: band.title for band in self.scheme.grades}
        title = titles.get(grade)
        said = "" if title is None else title.to(self.lang)
        return grade if said in ("", grade) else f"{grade} {said}"

    def _joined(self, parts: Iterator[str] | list[str]) -> str:
        return self.words["case"]["between"].join(parts)
