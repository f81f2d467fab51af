"""The score of a branch: its posts' scores, weighed, under a scheme of its own.

A post becomes an item whose answer is its unrounded score; the limits that bit it become a label,
so that the branch's scheme can say what a veto in one post does to the whole.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Final

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Branch, Checklist
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.auditfile import Scope
from sopaudit.findings.derivation import score
from sopaudit.findings.marking import Marking
from sopaudit.findings.score import STATES, ItemScore, Line, Score, State
from sopaudit.findings.scoring import Scorer

_PASSED_ON: Final = frozenset({"pending veto", "incomplete"})
"""States a branch shares with its posts; a limited scope stays the post's own."""


def expected(handbook: Handbook, branch: Branch, office: str | None, day: date) -> list[str]:
    """List the checklists of `branch` whose post somebody holds in `office` on `day`.

    Without an office, or where the roster knows nobody there, every post is taken to exist.
    """
    people = handbook.people(office, day) if office else []
    held = {post for person in people for post in person.posts}
    parts = [part.checklist for part in branch.of]
    if not people:
        return parts
    return [c for c in parts if handbook.checklists[c].post in (None, *held)]


def left_out(handbook: Handbook, branch: Branch, scope: Scope | None) -> list[str]:
    """List the checklists of `branch` whose post is not in the scope of an audit.

    One that is about no post in particular always is.
    """
    if scope is None:
        return []
    parts = [part.checklist for part in branch.of]
    return [c for c in parts if handbook.checklists[c].post not in (None, *scope.posts)]


def branch_score(
    handbook: Handbook,
    branch: Branch,
    scores: Sequence[Score],
    exist: Collection[str],
    outside: Collection[str] = (),
) -> Score:
    """Roll up the scores of one audit; `exist` lists checklists whose posts exist.

    A post that does not exist drops out; one without a score leaves the branch incomplete. One that
    exists `outside` the scope of the audit is not asked for, but then the branch is no longer the
    whole: its scope is limited. At least one score must be of a post that is not.
    """
    beyond = [c.checklist for c in branch.of if c.checklist in exist and c.checklist in outside]
    if not beyond:
        return _together(handbook, branch, scores, exist)
    inside = tuple(part for part in branch.of if part.checklist not in beyond)
    told = _together(handbook, branch.model_copy(update={"of": inside}), scores, exist)
    items = {item.item: item for item in told.items}
    items |= {name: ItemScore(name, None, "out_of_scope", None, None) for name in beyond}
    limited: tuple[State, ...] = (told.state, "limited scope")
    return replace(
        told,
        state=max(limited, key=STATES.index),
        items=tuple(items[part.checklist] for part in branch.of),
        lines=(Line("total.scope", {"items": ", ".join(beyond)}), *told.lines),
    )


def _together(
    handbook: Handbook, branch: Branch, scores: Sequence[Score], exist: Collection[str]
) -> Score:
    """Roll up what `branch` lists; while a limit of a post is pending, both grades are told."""
    told = _rolled(handbook, branch, scores, exist, pending=False)
    if told.state == "not scored":
        return told
    posts = _posts(branch, scores, exist).values()
    if any(bite.pending for post in posts for bite in post.bites):
        worse = _rolled(handbook, branch, scores, exist, pending=True)
        told = replace(told, pending_grade=worse.pending_grade or worse.grade)
    states = [post.state for post in posts if post.state in _PASSED_ON]
    return replace(told, state=max([told.state, *states], key=STATES.index))


def _posts(branch: Branch, scores: Sequence[Score], exist: Collection[str]) -> dict[str, Score]:
    parts = {part.checklist for part in branch.of if part.checklist in exist}
    return {post.checklist: post for post in scores if post.checklist in parts}


def _most(handbook: Handbook, name: str) -> Fraction | None:
    """Give the most a post can come to, also one that has no score; None where points are demerits.

    So a branch is out of 100 whichever of its posts are absent.
    """
    checklist = handbook.checklists[name]
    scheme = handbook.schemes[checklist.scheme]
    marking = Marking(checklist, scheme)
    if not marking.has_maximum:
        return None
    return scheme.most(marking.root.full)


def _rolled(
    handbook: Handbook,
    branch: Branch,
    scores: Sequence[Score],
    exist: Collection[str],
    *,
    pending: bool,
) -> Score:
    """Score the branch like a checklist of posts; `pending` lets pending limits bite too."""
    scorer, frame = _laid_out(handbook, branch, scores, exist, pending=pending)
    return score(scorer, [frame], scores[0].audit)


def as_checklist(
    handbook: Handbook, told: Score, scores: Sequence[Score]
) -> tuple[Scorer, AnswerFrame]:
    """Lay a branch that came out as `told` out as the checklist of posts it was scored as."""
    branch = handbook.branches[told.checklist]
    inside = tuple(part for part in branch.of if part.checklist not in told.outside)
    inner = branch.model_copy(update={"of": inside})
    return _laid_out(handbook, inner, scores, told.within, pending=False)


def _laid_out(
    handbook: Handbook,
    branch: Branch,
    scores: Sequence[Score],
    exist: Collection[str],
    *,
    pending: bool,
) -> tuple[Scorer, AnswerFrame]:
    """Make a checklist of the posts, and answers of their scores."""
    posts = _posts(branch, scores, exist)
    items, answers = [], {}
    for n, part in enumerate(branch.of):
        post = posts.get(part.checklist)
        item = {
            "id": part.checklist,
            "question": handbook.checklists[part.checklist].title,
            "weight": part.weight,
        }
        if post is not None:
            item["limit"] = "\n".join(b.limit for b in post.bites if pending or not b.pending)
        most = (
            post.maximum if post and post.maximum is not None else _most(handbook, part.checklist)
        )
        item |= {} if most is None else {"points": most}
        if part.checklist not in exist:
            answers[n] = Answer("na")
        elif post is not None and post.exact is not None:
            answers[n] = Answer(value=post.exact)
        items.append(item)
    checklist = Checklist.model_validate(
        {
            "id": branch.id,
            "edition": branch.edition,
            "title": branch.title,
            "scheme": branch.scheme,
            "items": items,
        }
    )
    frame = AnswerFrame(
        checklist=branch.id,
        audits=(scores[0].audit,),
        dates=np.array(["NaT"], "datetime64[D]"),
        audit=np.zeros(len(answers), np.int32),
        items=tuple(item.id for item in checklist.items),
        item=np.array([*answers], np.int32),
        kinds=tuple(answers.values()),
        answer=np.arange(len(answers), dtype=np.int32),
        row=np.zeros(len(answers), np.int32),
    )
    return Scorer(checklist, handbook.schemes[branch.scheme]), frame
