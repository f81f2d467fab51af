"""What must hold of a scheme: its sections form a tree, its bands close, its limits can bite."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from sopaudit.criteria.band import gaps, missed, overlaps, shared, sunk, unreachable
from sopaudit.criteria.draft import Draft, opened, shaped, unknown
from sopaudit.criteria.field import number, plain
from sopaudit.criteria.judging import every_word, known_set, set_shares, set_words
from sopaudit.criteria.labelled import Sheet, known_labels, sheets
from sopaudit.criteria.mending import STAND_IN
from sopaudit.criteria.reach import Reach, reach
from sopaudit.criteria.scheme import Limit, Scheme
from sopaudit.criteria.section import SectionRule
from sopaudit.problems import Problem
from sopaudit.reading.document import Document, Loc


def answers(draft: Draft) -> Iterator[Problem]:
    """Look whether every answer set has an answer, and what being unanswered would earn."""
    for scheme, file in shaped(draft.schemes, whole=True):
        for name, judged in scheme.sets.items():
            if judged == {}:
                yield file.problem("H055", ("answers", *filter(None, [name])), key=bool(name))
        if scheme.unanswered == "fail" and any(_demerits(scheme, draft)):
            yield file.problem("H052", ("unanswered",))


def _demerits(scheme: Scheme, draft: Draft) -> Iterator[bool]:
    """Say of answer sets whether their points count against the office, so that 0 is the best."""
    for judged in scheme.sets.values():
        if isinstance(judged, Mapping):
            yield len({*set_shares(judged).values()}) == 1
    for checklist, _ in shaped(draft.checklists, whole=True):
        for item in checklist.items if checklist.scheme == scheme.id else ():
            counted = known_set(scheme, item) == "number"
            yield counted and item.points is None and not item.points_since


def persons(draft: Draft) -> Iterator[Problem]:
    """Look for a scheme that takes several answers to an item in two ways at once."""
    for scheme, file in shaped(draft.schemes, whole=True):
        if scheme.persons is None:
            continue
        other = "several" if "several" in scheme.model_fields_set else ""
        other = "pick" if scheme.pick == "many" else other
        if other:
            yield file.problem("H051", ("persons",), key=True, word=other)


def rolled(draft: Draft) -> Iterator[Problem]:
    """Look whether the scheme of a branch can take the scores of posts as its answers."""
    schemes = {scheme.id: scheme for scheme, _ in shaped(draft.schemes, whole=True)}
    for branch, file in shaped(draft.branches, whole=True):
        scheme = schemes.get(branch.scheme)
        if scheme is not None and (scheme.answers != "number" or scheme.sections):
            yield file.problem("H053", ("scheme",), word=scheme.id)


def sections(draft: Draft) -> Iterator[Problem]:
    """Look whether a scheme weighs the sections its checklists have, in a tree without a circle."""
    for scheme, file in shaped(draft.schemes):
        yield from _tree(scheme.sections, file, ("sections",))
        for n, sheet in enumerate(scheme.worked):
            yield from _tree(sheet.sections, file, ("worked", n, "sections"))
        known = opened(rule.id for rule in scheme.sections)
        for checklist, owner in shaped(draft.checklists):
            if checklist.scheme == scheme.id and scheme.sections:
                if not checklist.sections:
                    yield owner.problem("H029", ("scheme",), scheme=scheme.id)
                for n, section in enumerate(checklist.sections):
                    where = ("sections", n, "id")
                    yield from unknown(owner, "H037", where, section.id, known)


def _tree(rules: Sequence[SectionRule], file: Document, loc: Loc) -> Iterator[Problem]:
    parents = {rule.id: rule.in_ for rule in rules}
    for n, rule in enumerate(rules):
        yield from unknown(file, "H038", (*loc, n, "in"), rule.in_, opened(parents))
        above, steps = rule.in_, 0
        while above is not None and steps <= len(parents):
            above, steps = parents.get(above), steps + 1
        if above is not None:
            yield file.problem("H039", (*loc, n, "in"), word=rule.id)


def shares(draft: Draft) -> Iterator[Problem]:
    """Look for items that are to be a share of points they do not have."""
    schemes = {scheme.id: scheme for scheme, _ in shaped(draft.schemes, whole=True)}
    for checklist, file in shaped(draft.checklists, whole=True):
        scheme = schemes.get(checklist.scheme)
        if scheme is None:
            continue
        rules = {rule.id: rule.roll_up for rule in scheme.sections}
        for n, item in enumerate(checklist.items):
            judged = scheme.sets.get(item.scoring or "" if scheme.named else "")
            roll_up = rules.get(item.section or "") if rules else scheme.roll_up
            pointless = item.points is None and not item.points_since
            if judged == "number" and roll_up == "percent" and pointless:
                yield file.problem("H049", ("items", n, "id"), word=item.id)


def coverage(draft: Draft) -> Iterator[Problem]:
    """Look for a share above all there is, such as 70 where 70 % was meant."""
    for scheme, file in shaped(draft.schemes, whole=True):
        if scheme.coverage is not None and scheme.coverage.at_least > 1:
            share = plain(scheme.coverage.at_least)
            yield file.problem("H050", ("coverage", "at_least"), share=share)


def bands(draft: Draft) -> Iterator[Problem]:
    """Look whether every result has one grade, and every grade a result."""
    for scheme, file in shaped(draft.schemes, whole=True):
        grid = scheme.round.to if scheme.round else None
        if grid == 0:
            yield file.problem("H044", ("round", "to"))
            continue
        counted = any(band.when for band in scheme.grades)
        yield from (_cases if counted else _scores)(scheme, file, grid)
        yield from _sunk(scheme, file, grid)
        # A grade that only a limit gives, such as "closed", needs no scores of its own.
        given = {limit.grade for limit in scheme.every_limit}
        never = {*unreachable(scheme.grades, grid)}
        for n in sorted(never):
            if scheme.grades[n].grade not in given:
                yield file.problem("H032", ("grades", n, "grade"), word=scheme.grades[n].grade)
        found = sheets(draft, scheme)
        if found is not None:
            free = [n for n, b in enumerate(scheme.grades) if n not in never]
            free = [n for n in free if scheme.grades[n].grade not in given]
            yield from _out_of_reach(scheme, file, found, free)


def _scores(scheme: Scheme, file: Document, grid: Fraction | None) -> Iterator[Problem]:
    """Look at bands of scores alone."""
    for low, high, score in gaps(scheme.grades, grid):
        names = (scheme.grades[low].grade, scheme.grades[high].grade)
        where = ("grades", min(low, high), "grade")
        if low == high:
            yield file.problem("H028", where, score=plain(score), word=names[0])
        else:
            yield file.problem("H030", where, score=plain(score), low=names[0], high=names[1])
    for one, two, score in overlaps(scheme.grades, grid):
        names = (scheme.grades[one].grade, scheme.grades[two].grade)
        where = ("grades", two, "grade")
        yield file.problem("H031", where, score=plain(score), low=names[1], high=names[0])


def _cases(scheme: Scheme, file: Document, grid: Fraction | None) -> Iterator[Problem]:
    """Look at bands that count."""
    scored = any(band.bounds for band in scheme.grades)
    lost = missed(scheme.grades, grid)
    if lost is not None:
        yield file.problem("H059", ("grades",), key=True, case=lost.told(scored=scored))
    for one, two, case in shared(scheme.grades, grid):
        high, low = scheme.grades[one].grade, scheme.grades[two].grade
        told, where = case.told(scored=scored), ("grades", two, "grade")
        yield file.problem("H064", where, case=told, high=high, low=low)


def _sunk(scheme: Scheme, file: Document, grid: Fraction | None) -> Iterator[Problem]:
    """Look for results between two grades that neither of them takes, so that the last one does."""
    scored = any(band.bounds for band in scheme.grades)
    for below, above, last, case in sunk(scheme.grades, grid):
        low, high, word = (scheme.grades[n].grade for n in (below, above, last))
        where = ("grades", min(below, above), "grade")
        told = case.told(scored=scored)
        yield file.problem("H097", where, case=told, low=low, high=high, word=word)


def _out_of_reach(
    scheme: Scheme, file: Document, found: Sequence[Sheet], free: Sequence[int]
) -> Iterator[Problem]:
    """Look for grades whose scores no audit can come to: at all, or with one of the checklists.

    The worst grades of a short checklist may well be out of its reach; the best must not.
    """
    grid = scheme.round.to if scheme.round else None
    ranges = [reach(scheme, checklist) for checklist, _ in found] or [reach(scheme)]
    every = {*range(len(scheme.grades))}
    # Checklists scored by share nearly all have the same range.
    kept = {within: every - {*unreachable(scheme.grades, grid, within)} for within in {*ranges}}
    held = [kept[within] for within in ranges]
    anyone = set[int]().union(*held)
    for n in free:
        band = scheme.grades[n]
        if n not in anyone and (band.bounds or band.when):
            span = _widest(ranges).told()
            yield file.problem("H057", ("grades", n, "grade"), word=band.grade, span=span)
    for (_, owner), within, mine in zip(found, ranges, held, strict=False):
        lost = [n for n in free if n in anyone and n < min(mine, default=0)]
        for n in lost[:1]:
            word, span = scheme.grades[n].grade, within.told()
            yield owner.problem("H058", ("scheme",), word=word, span=span, scheme=scheme.id)


def _widest(ranges: Sequence[Reach]) -> Reach:
    if len(ranges) == 1:
        return ranges[0]
    return Reach(min(r.low for r in ranges), max(r.high for r in ranges))


def limits(draft: Draft) -> Iterator[Problem]:
    """Look whether limits name grades and answers that exist, and say when and what."""
    for scheme, file in shaped(draft.schemes):
        grades = opened(band.grade for band in scheme.grades)
        known, labels = every_word(scheme), known_labels(draft, scheme)
        for n, limit in enumerate(scheme.limits):
            loc: Loc = ("limits", n)
            if limit.any == STAND_IN:
                continue
            yield from unknown(file, "H033", (*loc, "grade"), limit.grade, grades)
            if limit.grade is None and limit.score_at_most is None:
                yield file.problem("H034", loc)
            if limit.is_ is not None and number(limit.is_) is None:
                yield from unknown(file, "H036", (*loc, "is"), limit.is_, known)
            if not _conditioned(limit):
                yield file.problem("H047", loc)
            if limit.times == 0:
                yield file.problem("H054", (*loc, "times"))
            pointed = limit.any == "item" or (limit.any != "answer" and limit.any in labels)
            if pointed and _an_answer(limit.is_, scheme):
                word = str(limit.is_)
                yield file.problem("H056", (*loc, "is"), looked=limit.any, word=word)


def _an_answer(word: str | None, scheme: Scheme) -> bool:
    """Say whether a word can only be compared with answers, and not with points."""
    if word in (None, STAND_IN):
        return False
    return number(word) is None or all(word in set_words(judged) for judged in scheme.sets.values())


def _conditioned(limit: Limit) -> bool:
    return limit.is_ is not None or bool(limit.bounds) or "limit" in limit.where
