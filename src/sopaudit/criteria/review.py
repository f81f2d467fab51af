"""Which editions of sheets and rules a checklist was last held against (`reviewed`).

An item is written for the wording of a standard. When that changes, somebody has to look whether
the item still asks the right thing, and says so by naming the edition that was looked at.
"""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from sopaudit.criteria.draft import Draft, Loaded, ids, shaped
from sopaudit.criteria.mending import STAND_IN
from sopaudit.problems import Problem, choices


def held_against(draft: Draft) -> Iterator[Problem]:
    """Look whether `reviewed` names posts, the rules or the rules on parts."""
    sheets = [*draft.posts, *draft.parts]
    known = ids(sheets)
    if not isinstance(known, list):
        known = [*known, *(PurePosixPath(file.name).stem for file in draft.rules)]
    for checklist, file in shaped(draft.checklists):
        for name in checklist.reviewed:
            if name != STAND_IN and name not in known:
                near = choices(name, known)
                yield file.problem("H160", ("reviewed", name), key=True, word=name, choices=near)


def outdated(draft: Draft) -> Iterator[Problem]:
    """Hint at checklists that were held against another edition than today's."""
    today = dict(_editions(draft))
    for checklist, file in shaped(draft.checklists, whole=True):
        for name, edition in checklist.reviewed.items():
            if today.get(name, edition) != edition:
                yield file.problem(
                    "H161", ("reviewed", name), word=name, old=edition, new=today[name]
                )


def _editions(draft: Draft) -> Iterator[tuple[str, str]]:
    files: list[Loaded[Any]] = [*draft.posts, *draft.parts, *draft.rules]
    for file in files:
        data = file.document.data
        edition = data.get("edition") if isinstance(data, Mapping) else None
        if isinstance(edition, str) and edition != STAND_IN:
            yield file.id or PurePosixPath(file.name).stem, edition.strip()
