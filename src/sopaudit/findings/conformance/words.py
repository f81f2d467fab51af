"""Deviations from workflows in a sentence a manager understands."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook

_FALLBACK: Final = "en"


def sentence(row: Mapping[str, str], handbook: Handbook, lang: str) -> str:
    """Tell a row of the table, of one of `deviation.STEP_TYPES`, in `lang`, else in English."""
    words = {key: said.get(lang, said[_FALLBACK]) for key, said in _words().items()}
    expected, _, may = row["expected"].partition(" (") if row["type"] == "wrong role" else (
        row["expected"], "", "",
    )  # fmt: skip
    box, _, event = expected.partition(" ")
    step = event_title(event, handbook, lang)
    due = words["due"].format(step=step, box=box) if expected else words["end"]
    posts = words["or"].join(post_title(p, handbook, lang) for p in may.rstrip(")").split(", "))
    post = post_title(row["post"], handbook, lang) if row["post"] else row["who"]
    found = event_title(row["found"], handbook, lang)
    return words[row["type"]].format(
        box=box, step=step, found=found, due=due, posts=posts, post=post
    )


def event_title(event: str, handbook: Handbook, lang: str) -> str:
    """Give an event in words; one nobody declared is called what the log calls it."""
    if event in handbook.events:
        return handbook.events[event].title.to(lang)
    for flow in handbook.workflows.values():
        if event in flow.events:
            return flow.events[event].to(lang)
    return event


def post_title(post: str, handbook: Handbook, lang: str) -> str:
    """Give a post in words; one the handbook does not know as it stands."""
    title: Text | None = handbook.posts[post].title if post in handbook.posts else None
    return post if title is None else title.to(lang)


@cache
def _words() -> dict[str, dict[str, str]]:
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
