"""Who may do what: the post that did an event, held against the lanes of its box.

The log's own word comes first; where it names no post, the roster says which posts the person had
on that day. Whom neither knows is not judged.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.organisation import Person
from sopaudit.evidence.answers import Ints
from sopaudit.findings.conformance.sequence import Holding

Longs = npt.NDArray[np.int64]


def post_names(handbook: Handbook, said: Sequence[str]) -> list[str]:
    """Give the id of each post a log names by id or title; other words stay as they are."""
    known = {
        word.casefold(): post.id
        for post in handbook.posts.values()
        for word in (*(title for _, title in post.title.wordings), post.id)
    }
    return [known.get(word.casefold(), word) for word in said]


def wrong_roles(step: Ints, holding: Holding) -> tuple[Longs, Ints]:
    """Find the events that were done by a post that may not, and which step each was.

    `step` says of each event that counts which step it was, -1 for none.
    """
    log, known, model, handbook = holding.log, holding.known, holding.model, holding.handbook
    posts = sorted({p for s in model.steps for p in s.posts or ()} | set(handbook.posts))
    code = {post: n for n, post in enumerate(posts)}
    allowed = np.ones((len(model.steps), len(posts)), np.bool_)
    for n, made in enumerate(model.steps):
        if made.posts is not None:
            allowed[n] = [post in made.posts for post in posts]
    bound = np.array([not all(may) for may in allowed.tolist()], np.bool_)
    judged = np.flatnonzero((step >= 0) & bound[step]) if bound.any() else np.empty(0, np.int64)
    if not len(judged) or (log.post is None and log.actor is None):
        return np.empty(0, np.int64), np.empty(0, np.int32)
    done = step[judged]
    place = known.place[judged]
    post = np.full(len(judged), -1, np.int32)
    if log.post is not None:
        names = [code.get(name, -1) for name in post_names(handbook, log.posts)]
        post = np.array([*names, -1], np.int32)[log.post[place]]
    wrong = (post >= 0) & ~allowed[done, post]
    open_ = np.flatnonzero(post < 0)
    if log.actor is not None and len(open_):
        roster = _Roster(log.actors, code, handbook)
        at = np.take(log.at, place[open_]).astype("datetime64[D]")
        wrong[open_] = roster.forbid(log.actor[place[open_]], at, allowed[done[open_]])
    return judged[wrong].astype(np.int64), done[wrong]


class _Roster:
    """Who is on the roster, in which posts and when, for the people a log names."""

    def __init__(self, actors: Sequence[str], code: dict[str, int], handbook: Handbook) -> None:
        entries: dict[str, list[Person]] = {}
        for person in handbook.roster:
            words = (person.id, *(name for _, name in person.name.wordings))
            for word in dict.fromkeys(words):
                entries.setdefault(word, []).append(person)
        self.entries = [entries.get(name, []) for name in actors]
        self.code = code

    def forbid(
        self, actor: Ints, day: npt.NDArray[np.datetime64], allowed: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        """Say of each event whether the person had posts on that day, and none that may do it.

        `allowed` says of each event which posts may.
        """
        had, may = np.zeros(len(actor), np.bool_), np.zeros(len(actor), np.bool_)
        for nth in range(max(map(len, self.entries), default=0)):
            found = [entry[nth] if nth < len(entry) else None for entry in self.entries]
            first = np.array([_day(p.from_ if p else None, "0001-01-01") for p in found])
            last = np.array([_day(p.to if p else None, "9999-12-31") for p in found])
            posts = np.zeros((len(found) + 1, len(self.code)), np.bool_)
            for n, person in enumerate(found):
                posts[n, [self.code[p] for p in (person.posts if person else ())]] = True
            there = (actor >= 0) & (first[actor] <= day) & (day <= last[actor])
            had |= there & np.logical_or.reduce(posts, axis=1)[actor]
            may |= there & np.logical_or.reduce(posts[actor] & allowed, axis=1)
        return had & ~may


def _day(day: date | None, usual: str) -> np.datetime64:
    return np.datetime64(usual if day is None else day.isoformat(), "D")
