"""What must hold of worked cases: they answer items there are, in words their scheme knows.

Whether they come out as they say is for `findings`, which scores them.
"""

from collections.abc import Iterator, Mapping

from sopaudit.criteria.answer import RESULTS
from sopaudit.criteria.draft import Draft, opened, shaped, unknown
from sopaudit.criteria.field import number
from sopaudit.criteria.mending import STAND_IN
from sopaudit.criteria.scheme import AnswerSet, Each, Scheme
from sopaudit.criteria.worked import Given, WorkedAnswer, WorkedCase, WorkedItem, WorkedSheet
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc


def worked(draft: Draft) -> Iterator[Problem]:
    """Look whether the worked cases of schemes answer and expect what there is."""
    for scheme, file in shaped(draft.schemes):
        for n, sheet in enumerate(scheme.worked):
            yield from _Sheet(scheme, sheet, file, ("worked", n)).problems()


class _Sheet:
    """A worked sheet under its scheme."""

    def __init__(self, scheme: Scheme, sheet: WorkedSheet, file: Document, loc: Loc) -> None:
        self.scheme = scheme
        self.sheet = sheet
        self.file = file
        self.loc = loc
        self.items = {item.id: item for item in sheet.items}

    def problems(self) -> Iterator[Problem]:
        rules = self.sheet.sections or self.scheme.sections
        sections = opened(rule.id for rule in rules)
        for n, item in enumerate(self.sheet.items):
            loc = (*self.loc, "items", n)
            if sections:
                yield from unknown(self.file, "H016", (*loc, "section"), item.section, sections)
            yield from self._labels(item, loc)
            yield from self._scoring(item, loc)
        for n, case in enumerate(self.sheet.cases):
            loc = (*self.loc, "cases", n)
            yield from self._answers(case, loc)
            yield from self._expected(case, (*loc, "expect"))

    def _labels(self, item: WorkedItem, loc: Loc) -> Iterator[Problem]:
        for label, value in item.labels.items():
            if label not in self.sheet.labels:
                near = choices(label, [*WorkedItem.model_fields, *self.sheet.labels])
                where = (*loc, label)
                yield self.file.problem("S001", where, key=True, name=label, choices=near)
            else:
                values = opened(self.sheet.labels[label])
                yield from unknown(self.file, "H018", (*loc, label), value, values)

    def _scoring(self, item: WorkedItem, loc: Loc) -> Iterator[Problem]:
        if not self.scheme.named:
            if item.scoring is not None:
                where, scheme = (*loc, "scoring"), self.scheme.id
                yield self.file.problem("H019", where, word=item.scoring, scheme=scheme)
        elif item.scoring is None:
            near = choices("", list(self.scheme.sets))
            yield self.file.problem("H026", loc, word=item.id, choices=near)
        else:
            known = self.scheme.sets
            yield from unknown(self.file, "H017", (*loc, "scoring"), item.scoring, known)

    def _answers(self, case: WorkedCase, loc: Loc) -> Iterator[Problem]:
        known = opened(self.items)
        for name, given in case.answers.items():
            where = (*loc, "answers", name)
            if name not in known:
                near = choices(name, list(self.items))
                yield self.file.problem("H171", where, key=True, word=name, choices=near)
            elif name in self.items:
                yield from self._given(self.items[name], given, where)

    def _given(self, item: WorkedItem, given: Given, loc: Loc) -> Iterator[Problem]:
        if isinstance(given, tuple):
            for n, one in enumerate(given):
                yield from self._given(item, one, (*loc, n))
            return
        said = given if isinstance(given, WorkedAnswer) else WorkedAnswer(answer=given)
        words = self.scheme.sets.get(item.scoring or "" if self.scheme.named else "")
        if said.answer != STAND_IN and words is not None and not _answers(said, words):
            known = list(words) if isinstance(words, Mapping) else ["na", "unchecked"]
            where = (*loc, "answer") if isinstance(given, WorkedAnswer) else loc
            word = said.answer or ""
            near = choices(word, known)
            yield self.file.problem("H172", where, word=word, item=item.id, choices=near)

    def _expected(self, case: WorkedCase, loc: Loc) -> Iterator[Problem]:
        grades = opened(band.grade for band in self.scheme.grades)
        for key in ("band", "grade", "pending_grade"):
            word = getattr(case.expect, key)
            yield from unknown(self.file, "H033", (*loc, key), word, grades)
        for name in case.expect.earned:
            if name not in opened(self.items):
                near = choices(name, list(self.items))
                where = (*loc, "earned", name)
                yield self.file.problem("H171", where, key=True, word=name, choices=near)


def _answers(said: WorkedAnswer, words: AnswerSet) -> bool:
    """Say whether an answer is one this set can judge."""
    if isinstance(words, Mapping):
        return said.answer in words
    if said.answer in ("na", "unchecked"):
        return True
    value = number(said.answer)
    if words == "number":
        return value is not None
    cases = said.failed is not None and said.checked is not None
    return cases or said.answer in RESULTS or (isinstance(words, Each) and value is not None)
