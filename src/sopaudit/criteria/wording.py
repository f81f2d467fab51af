"""Hints at standards nobody can measure: vague words, and neither a number nor a limit beside them.

The words stand in `wording.toml`, so that a translator or another trade adds to them there.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from sopaudit.criteria.draft import Draft, shaped
from sopaudit.criteria.field import Text
from sopaudit.problems import Problem
from sopaudit.reading.document import Document, Loc


class _Patterns(NamedTuple):
    vague: re.Pattern[str]
    measure: re.Pattern[str]


def unmeasured(draft: Draft) -> Iterator[Problem]:
    """Look for standards with a vague word, and limits that are no more exact."""
    for post, file in shaped(draft.posts):
        for n, step in enumerate(post.steps):
            for m, standard in enumerate(step.standards):
                loc: Loc = ("steps", n, "standards", m)
                if standard.limit is None:
                    yield from _vague(file, "H062", (*loc, "standard"), standard.standard)
                else:
                    yield from _vague(file, "H063", (*loc, "limit"), standard.limit)


def _vague(file: Document, code: str, loc: Loc, text: Text) -> Iterator[Problem]:
    """Tell the first vague word of a text; one hint will do for all its languages."""
    vague, measure = _patterns()
    for lang, words in text.wordings:
        found = vague.search(words)
        if found and not measure.search(words):
            yield file.problem(code, (*loc, lang) if lang else loc, word=found[0])
            return


@cache
def _patterns() -> _Patterns:
    import tomllib
    from importlib.resources import files

    text = files("sopaudit.criteria").joinpath("wording.toml").read_text(encoding="utf-8")
    words = tomllib.loads(text)
    number = "|".join(
        ["[0-9０-９]", "[一二两三四五六七八九十百千半零]", *map(_whole, words["numbers"])]
    )
    vague = "|".join(map(_whole, words["vague"]))
    innocent = "|".join(map(re.escape, words["innocent"]))
    units = "|".join(_whole(unit) for unit in words["units"])
    return _Patterns(
        re.compile(f"(?!{innocent})(?:{vague})", re.IGNORECASE),
        re.compile(f"(?:{number})[ -]?(?:{units})", re.IGNORECASE),
    )


def _whole(word: str) -> str:
    """Match a Latin word whole, and a Chinese one anywhere."""
    left = r"(?<![A-Za-z])" if word[0].isascii() and word[0].isalpha() else ""
    right = r"(?![A-Za-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return left + re.escape(word) + right
