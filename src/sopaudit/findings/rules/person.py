"""Who is who: people under their number or a name, on staff, and in which posts.

The roster of the handbook and the record of one, where it was handed in, both count. One person
under two writings is one (domain, trap 7).
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.rule import Given
from sopaudit.evidence.column import Coded
from sopaudit.evidence.habits import habits, key
from sopaudit.evidence.lines import Flags
from sopaudit.evidence.records import ACTOR, TICKETS
from sopaudit.findings.rules.case import NOT_APPLICABLE, Cases, decided, of_type
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE, Ids, named

_NOBODY: Final = -1


def staff(hearing: Hearing) -> dict[str, str]:
    """Give the staff number of each writing of a number or name of the roster."""
    found: dict[str, str] = {}
    for person in hearing.handbook.roster:
        for text in (person.id, *(name for _, name in person.name.wordings)):
            found[key(text)] = person.id
    return found


def people(hearing: Hearing, *columns: Coded) -> list[Ids]:
    """Give the people in some columns numbers; equal ones mean one person, -1 nobody."""
    known = staff(hearing)
    numbers: dict[str, int] = {}
    found = []
    for cells in columns:
        table = np.full(max(cells.size, 1), _NOBODY, np.int64)
        for code, text in cells.distinct().items():
            if not habits().blank(text) and text:
                who = known.get(key(text), key(text))
                table[code] = numbers.setdefault(who, len(numbers))
        found.append(table[cells.codes])
    return found


def on_staff(hearing: Hearing, cells: Coded) -> Flags:
    """Say of each row whether it names somebody of the roster."""
    known = staff(hearing)
    wanted = {code: int(key(text) in known) for code, text in cells.distinct().items() if text}
    return cells.table(wanted, 0)[cells.codes].astype(np.bool_)


def may_approve(hearing: Hearing, cells: Coded, roles: Sequence[str]) -> npt.NDArray[np.int32]:
    """Say of each row which of `roles` its person holds: the highest, by its place; -1 for none.

    A role that is no post of the handbook, such as the region, is held by people of the roster who
    belong to no office. The role itself may be written in the place of a person.
    """
    known = staff(hearing)
    levels = {}
    for code, text in cells.distinct().items():
        who = hearing.handbook.person(known.get(key(text), ""))
        levels[code] = max(
            (
                n
                for n, role in enumerate(roles)
                if key(text) == key(role)
                or (who is not None and role in who.posts)
                or (who is not None and who.office is None and role not in hearing.handbook.posts)
            ),
            default=-1,
        )
    return cells.table(levels)[cells.codes]


def not_same_person(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether who did a thing is one of the people of its ticket or line (AC-26, PR-28).

    Who did it is the actor of the line, or stands in `who`. A blank among the others names nobody.
    """
    moments = hearing.moments(str(given["person"]))
    record, line = moments.record, moments.line
    own = str(given.get("who", "")).partition(".")[2] or ACTOR
    actor = hearing.lines(record).coded(own).rows(line)
    fields = [each for each in named(given, "not_among") if each[0] in {TICKETS, record}]
    who, *those = people(hearing, actor, *(hearing.lines(of).coded(name) for of, name in fields))
    home = np.append(hearing.records.home, NONE)[moments.ticket]
    same, known = np.zeros(len(line), np.bool_), who != _NOBODY
    for (of, _), column in zip(fields, those, strict=True):
        place = line if of == record else home
        same |= (np.append(column, _NOBODY)[place] == who) & (who != _NOBODY)
        known &= place >= 0
    verdict = decided(hearing.applies(given, record, line), known, ~same)
    if "who" in given and not hearing.required(str(given["who"])):
        verdict[who == _NOBODY] = NOT_APPLICABLE
    return Cases(
        verdict,
        moments.ticket,
        lines=((record, line), (TICKETS, home)),
        type=of_type("wrong person", len(line)),
        at=moments.at,
        found=actor,
        person=actor,
    )
