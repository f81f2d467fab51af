"""Applying the edits of problems to a text; the text comes in, the text goes out."""

from collections.abc import Iterable, Sequence

from sopaudit.problems import Edit, Problem


def compatible(problems: Iterable[Problem]) -> list[Problem]:
    """Choose those that can be mended at once: where two would touch, the later one waits.

    It may no longer be there when the text is read again.
    """
    chosen: list[Problem] = []
    taken: list[Edit] = []
    for problem in problems:
        if problem.edits and not any(_touch(one, two) for one in problem.edits for two in taken):
            chosen.append(problem)
            taken += problem.edits
    return chosen


def _touch(one: Edit, two: Edit) -> bool:
    return one.start <= two.end and two.start <= one.end


def applied(text: str, edits: Sequence[Edit]) -> str:
    """Give the text with all `edits` made; of two at one spot, the first comes first."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end))[::-1]:
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
