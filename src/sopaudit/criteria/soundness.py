"""What must hold of a scheme: its sections form a tree, its bands close, its limits can bite."""

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from sopaudit.criteria.band import gaps, overlaps, unreachable
from sopaudit.criteria.checklist import SEVERITIES
from sopaudit.criteria.draft import Anything, Draft, opened, shaped, unknown
from sopaudit.criteria.field import number, plain
from sopaudit.criteria.mending import STAND_IN
from sopaudit.criteria.scheme import Limit, Scheme
from sopaudit.problems import Problem, choices
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
            yield len({share for share in judged.values() if isinstance(share, Fraction)}) == 1
    for checklist, _ in shaped(draft.checklists, whole=True):
        for item in checklist.items if checklist.scheme == scheme.id else ():
            counted = scheme.sets.get(item.scoring or "" if scheme.named else "") == "number"
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
        parents = {rule.id: rule.in_ for rule in scheme.sections}
        known = opened(parents)
        for n, rule in enumerate(scheme.sections):
            yield from unknown(file, "H038", ("sections", n, "in"), rule.in_, known)
            above, steps = rule.in_, 0
            while above is not None and steps <= len(parents):
                above, steps = parents.get(above), steps + 1
            if above is not None:
                yield file.problem("H039", ("sections", n, "in"), word=rule.id)
        for checklist, owner in shaped(draft.checklists):
            if checklist.scheme == scheme.id and scheme.sections:
                if not checklist.sections:
                    yield owner.problem("H029", ("scheme",), scheme=scheme.id)
                for n, section in enumerate(checklist.sections):
                    where = ("sections", n, "id")
                    yield from unknown(owner, "H037", where, section.id, known)


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
    """Look whether every score has one grade, and every grade a score."""
    for scheme, file in shaped(draft.schemes, whole=True):
        grid = scheme.round.to if scheme.round else None
        if grid == 0:
            yield file.problem("H044", ("round", "to"))
            continue
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
        # A grade that only a limit gives, such as "closed", needs no scores of its own.
        given = {limit.grade for limit in scheme.limits}
        for n in unreachable(scheme.grades, grid):
            if scheme.grades[n].grade in given:
                continue
            yield file.problem("H032", ("grades", n, "grade"), word=scheme.grades[n].grade)


def limits(draft: Draft) -> Iterator[Problem]:
    """Look whether limits name grades, answers and labels that exist, and say when and what."""
    for scheme, file in shaped(draft.schemes):
        grades = opened(band.grade for band in scheme.grades)
        spoken = sorted({word for words in scheme.sets.values() for word in _words(words)})
        labels = _label_values(draft, scheme)
        for n, limit in enumerate(scheme.limits):
            loc: Loc = ("limits", n)
            if limit.any == STAND_IN:
                continue
            yield from unknown(file, "H033", (*loc, "grade"), limit.grade, grades)
            if limit.grade is None and limit.score_at_most is None:
                yield file.problem("H034", loc)
            if spoken:
                yield from unknown(file, "H036", (*loc, "is"), limit.is_, spoken)
            yield from _where(limit, labels, file, (*loc, "where"))
            if not _conditioned(limit):
                yield file.problem("H047", loc)
            if limit.times == 0:
                yield file.problem("H054", (*loc, "times"))
            if (
                limit.any == "item"
                and limit.is_ not in (None, STAND_IN)
                and number(limit.is_) is None
            ):
                yield file.problem("H056", (*loc, "is"), word=limit.is_)


def _words(answers: object) -> Iterator[str]:
    return iter(answers) if isinstance(answers, Mapping) else iter(())


def _where(
    limit: Limit, labels: Mapping[str, Collection[str]], file: Document, loc: Loc
) -> Iterator[Problem]:
    for label, value in limit.where.items():
        if label not in labels:
            near = choices(label, sorted(labels))
            yield file.problem("H035", (*loc, label), key=True, word=label, choices=near)
        elif value not in labels[label] and value != STAND_IN:
            near = choices(value, labels[label])
            yield file.problem("H048", (*loc, label), label=label, word=value, choices=near)


def _label_values(draft: Draft, scheme: Scheme) -> dict[str, Collection[str]]:
    """List the labels a limit of `scheme` may look at, and the values they can have."""
    checklists = [c for c, _ in shaped(draft.checklists) if c.scheme == scheme.id]
    named = [limit.id for other, _ in shaped(draft.schemes) for limit in other.limits if limit.id]
    found: dict[str, Collection[str]] = {
        "id": opened(item.id for c in checklists for item in c.items),
        "section": opened(section.id for c in checklists for section in c.sections),
        "severity": SEVERITIES,
        "scoring": list(scheme.sets) if scheme.named else [],
        "limit": named if all(file.value for file in draft.schemes) else Anything(named),
    }
    for checklist in checklists:
        for label, values in checklist.labels.items():
            found[label] = opened([*found.get(label, ()), *values])
    if all(file.value and file.value.scheme != STAND_IN for file in draft.checklists):
        return found
    # What could not be read may have been a checklist of this scheme, with items and labels.
    declared = {label for limit in scheme.limits for label in limit.where}
    known = {label: found[label] for label in ("severity", "scoring", "limit")}
    return {**dict.fromkeys((*found, *declared), Anything()), **known}


def _conditioned(limit: Limit) -> bool:
    bounds = (limit.at_least, limit.at_most, limit.above, limit.below)
    return limit.is_ is not None or any(b is not None for b in bounds) or "limit" in limit.where
