"""What must hold of suppressions: rule, office and person exist, and they hold for some days."""

from collections.abc import Iterator

from sopaudit.criteria.draft import Draft, ids_inside, shaped, unknown
from sopaudit.problems import Problem
from sopaudit.reading.document import Loc


def suppressions(draft: Draft) -> Iterator[Problem]:
    """Look whether what suppressions name exists, and whether they hold for some days."""
    rules = ids_inside([*draft.rules, *draft.parts], "rules")
    people = ids_inside(draft.settings, "roster")
    offices = ids_inside(draft.settings, "offices")
    for register, file in shaped(draft.suppressions):
        for n, entry in enumerate(register.suppressions):
            loc: Loc = ("suppressions", n)
            yield from unknown(file, "H013", (*loc, "rule"), entry.rule, rules)
            yield from unknown(file, "H022", (*loc, "office"), entry.office, offices)
            yield from unknown(file, "H180", (*loc, "by"), entry.by, people)
    for register, file in shaped(draft.suppressions, whole=True):
        for n, entry in enumerate(register.suppressions):
            loc = ("suppressions", n)
            if entry.until < entry.from_:
                yield file.problem("H181", (*loc, "until"), first=entry.from_)
            if not entry.tickets and entry.office is None:
                yield file.problem("H182", (*loc, "rule"), word=entry.rule)
