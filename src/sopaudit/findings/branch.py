"""The score of a branch: its posts' scores, weighed, under a scheme of its own.

A post becomes an item whose answer is its unrounded score; the limits that bit it become a label,
so that the branch's scheme can say what a veto in one post does to the whole.
"""

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Branch, Checklist
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.derivation import score
from sopaudit.findings.score import STATES, Score
from sopaudit.findings.scoring import Scorer
from dataclasses import replace


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


def branch_score(
    handbook: Handbook, branch: Branch, scores: Sequence[Score], exist: Collection[str]
) -> Score:
    """Roll the scores of one audit up; `exist` lists the checklists whose posts exist.

    A post that does not exist drops out; one without a score leaves the branch incomplete.
    """
    plain = _rolled(handbook, branch, scores, exist, pending=False)
    states = [told.state for told in scores if told.checklist in exist]
    if "pending veto" in states:
        worse = _rolled(handbook, branch, scores, exist, pending=True)
        plain = replace(plain, pending_grade=worse.grade)
    # A branch knows no more than its posts do; a limited scope stays the post's own.
    passed_on = [s for s in (*states, plain.state) if s not in ("limited scope", "not scored")]
    if plain.state != "not scored" and passed_on:
        state = max(passed_on, key=STATES.index)
        plain = replace(plain, state=state)
    return plain


def _rolled(
    handbook: Handbook,
    branch: Branch,
    scores: Sequence[Score],
    exist: Collection[str],
    *,
    pending: bool,
) -> Score:
    told = {s.checklist: s for s in scores}
    parts = [part for part in branch.of if part.checklist in exist]
    items = []
    for part in parts:
        post = told.get(part.checklist)
        bit = [b.limit for b in post.bites if pending or not b.pending] if post else []
        item = {
            "id": part.checklist,
            "question": handbook.checklists[part.checklist].title,
            "weight": part.weight,
            "limit": " ".join(bit),
        }
        if post is not None and post.possible is not None:
            item["points"] = post.possible
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
    answered = [
        (n, told[part.checklist])
        for n, part in enumerate(parts)
        if part.checklist in told and told[part.checklist].exact is not None
    ]
    audit = scores[0].audit
    frame = AnswerFrame(
        checklist=branch.id,
        audits=(audit,),
        dates=np.array(["NaT"], "datetime64[D]"),
        audit=np.zeros(len(answered), np.int32),
        items=tuple(item.id for item in checklist.items),
        item=np.array([n for n, _ in answered], np.int32),
        kinds=tuple(Answer(value=post.exact) for _, post in answered),
        answer=np.arange(len(answered), dtype=np.int32),
        row=np.zeros(len(answered), np.int32),
    )
    return score(Scorer(checklist, handbook.schemes[branch.scheme]), [frame], audit)
