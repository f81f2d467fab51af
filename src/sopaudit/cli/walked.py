"""A workflow from a file of its own, YAML or BPMN, to hold tickets against.

It is walked with the flows of the handbook it calls or hands over to, and with no others: what only
others know is unknown to it. A box of a BPMN diagram shows the event that is called as the box is.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sopaudit.criteria.handbook import Handbook
    from sopaudit.criteria.workflow import Workflow
    from sopaudit.problems import Problem
    from sopaudit.reading.document import Document
    from sopaudit.swimlane.intake import Plain

BPMN: Final = (".bpmn", ".bpmn2", ".xml")
"""Endings of diagrams; every other file is read as YAML."""


def workflow_from(
    path: Path, handbook: "Handbook"
) -> "tuple[tuple[Handbook, str] | None, list[Problem]]":
    """Read a workflow, and give the handbook it is walked in and its id; else what is wrong.

    Problems may be hints: of a diagram, what was left out and changes no way a ticket can go.
    """
    from sopaudit.reading.encoding import load
    from sopaudit.reading.events import read_bytes
    from sopaudit.reading.manuscript import manuscript
    from sopaudit.swimlane.intake import Known, intake

    shown = path.as_posix()
    raw = load(path, shown)
    if not isinstance(raw, bytes):
        return None, list(raw.problems)
    told: list[Problem] = []
    if path.suffix.casefold() in BPMN:
        titles = ((post.id, post.title.wordings) for post in handbook.posts.values())
        known = {words: post for post, wordings in titles for _, words in wordings}
        taken = intake(raw, shown, None, _usual(path), Known(known, {}))
        told = list(taken.told)
        if taken.data is None or taken.refused:
            return None, list(taken.refused)
        _name_by_titles(taken.data["nodes"], handbook)
        raw = manuscript(taken.data, {}, apart=()).encode()
    flow, problems = _sound(read_bytes(raw, shown), handbook)
    if flow is None:
        return None, problems
    return (_alone(flow, handbook), flow.id), told


def _usual(path: Path) -> str:
    import re

    from sopaudit.criteria.field import ID_PATTERN

    return path.stem if re.fullmatch(ID_PATTERN, path.stem) else "W"


def _sound(document: "Document", handbook: "Handbook") -> "tuple[Workflow | None, list[Problem]]":
    """Shape a workflow, and look whether it can be walked."""
    from sopaudit.criteria.draft import Draft, Loaded
    from sopaudit.criteria.flow import ways
    from sopaudit.criteria.workflow import Workflow
    from sopaudit.reading.shape import validated

    flow, problems = validated(document, Workflow)
    wrong = [problem for problem in problems if not problem.hint]
    if flow is None or wrong:
        return None, wrong
    draft = Draft(handbook.folder, workflows=[Loaded(flow.id, document, flow, whole=True)])
    found = list(ways(draft))
    return (None if found else flow), found


def _name_by_titles(nodes: "list[Plain]", handbook: "Handbook") -> None:
    """Let each step that names no event show the one that is called as it is."""
    events = {words: e.id for e in handbook.events.values() for _, words in e.title.wordings}
    for node in nodes:
        title = node.get("title")
        words = next(iter(title.values()), "") if isinstance(title, dict) else title
        if node.get("kind", "step") == "step" and not node.get("events") and words:
            node["events"] = [events.get(words, words)]


def _alone(flow: "Workflow", handbook: "Handbook") -> "Handbook":
    """Give the handbook with a workflow and those it leads to, and no others."""
    flows = {flow.id: flow}
    ahead = [flow]
    while ahead:
        for node in ahead.pop().nodes:
            other = handbook.workflows.get(node.flow or "")
            if other is not None and other.id not in flows:
                flows[other.id] = other
                ahead.append(other)
    return replace(handbook, workflows=flows)
