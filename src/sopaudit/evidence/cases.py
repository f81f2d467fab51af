"""The cases of an answer, and what does not fit: totals, parts, and whether any was seen."""

from collections.abc import Iterator
from typing import Final

from sopaudit.criteria.checklist import Item
from sopaudit.criteria.field import plain
from sopaudit.criteria.scheme import AnswerSet, Each
from sopaudit.evidence.record import Case, RecordedAnswer, Sample, of_parts
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc

_ALIKE: Final = {"partial": "no"}
"""A case that conforms in part does not conform, so both words may stand for it."""


def misfits(
    given: RecordedAnswer, item: Item, answers: AnswerSet, document: Document, loc: Loc
) -> Iterator[Problem]:
    """Hold the cases of an answer against what else it says."""
    sample = given.sample
    if sample is None:
        return
    yield from _chosen(sample, item, document, (*loc, "sample"))
    if not sample.cases:
        return
    yield from _totals(sample, item, document, (*loc, "sample"))
    first: dict[tuple[str, str | None], int] = {}
    for n, case in enumerate(sample.cases):
        at: Loc = (*loc, "sample", "cases", n)
        if first.setdefault((case.id, case.person), n) != n:
            yield document.problem("A024", (*at, "id"), case=case.id, item=item.id)
        yield from _parts(case, item, document, at)
        if given.person is not None and case.person not in (None, given.person):
            where, whom = (*at, "person"), given.person
            told = {"item": item.id, "case": case.id, "other": str(case.person)}
            yield document.problem("A037", where, key=False, person=whom, **told)
    failed, value = sum(case.failed for case in sample.cases), given.value
    if isinstance(answers, Each) and value is not None and failed > value:
        where = (*loc, "value")
        yield document.problem("A036", where, item=item.id, value=plain(value), failed=failed)
    judged = {case.judged for case in sample.cases}
    if given.result in ("yes", "partial", "no") and judged <= {"na", "unchecked"}:
        yield document.problem("A029", (*loc, "result"), item=item.id, word=given.result)


def _chosen(sample: Sample, item: Item, document: Document, loc: Loc) -> Iterator[Problem]:
    """Hold how the cases were chosen against how many there were and are."""
    population, size = sample.population, sample.size
    if population is not None and population < size:
        at: Loc = (*loc, "population")
        yield document.problem("A120", at, item=item.id, population=population, cases=size)
    elif population is not None and sample.selection == "all" and population > size:
        at = (*loc, "selection")
        yield document.problem("A121", at, item=item.id, population=population, cases=size)
    if sample.selection == "judgement" and sample.seed is not None:
        yield document.problem("A122", (*loc, "selection"), item=item.id, seed=sample.seed)


def _totals(sample: Sample, item: Item, document: Document, loc: Loc) -> Iterator[Problem]:
    """Compare the numbers written beside cases with the cases."""
    drawn, stand = sample.drawn, len(sample.cases)
    if drawn is not None and drawn != stand:
        where = (*loc, "drawn")
        yield document.problem("A025", where, drawn=drawn, cases=stand, item=item.id)
    failed, checked = sample.counts
    for key, said, counted in (
        ("failed", sample.failed, failed),
        ("checked", sample.checked, checked),
    ):
        if said is not None and said != counted:
            yield document.problem("A023", (*loc, key), told=said, counted=counted)


def _parts(case: Case, item: Item, document: Document, loc: Loc) -> Iterator[Problem]:
    """Hold the parts of a case against those of its item, and its result against them."""
    known = [part.id for part in item.parts]
    strange = [name for name in case.parts if name not in known]
    for name in strange:
        where, near = (*loc, "parts", name), choices(name, known)
        yield document.problem("A033", where, key=True, word=name, item=item.id, choices=near)
    missing = [name for name in known if name not in case.parts] if case.parts else []
    if missing and not strange:
        names = ", ".join(missing)
        yield document.problem("A034", (*loc, "parts"), key=True, case=case.id, parts=names)
    if case.judged is None:
        yield document.problem("A030", loc, case=case.id, item=item.id)
    elif case.parts and not (missing or strange):
        said, together = case.judged, of_parts([*case.parts.values()])
        if _ALIKE.get(said, said) != _ALIKE.get(together or "", together):
            where = (*loc, "result")
            yield document.problem("A031", where, case=case.id, word=said, parts=together)
