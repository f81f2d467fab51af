"""Lengths of time, and the names in settings of rules, as the table of deviations writes them."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from sopaudit.report.seen import Speaker

_LENGTH: Final = re.compile(
    r"(?<![\w.-])(-?\d+(?:\.\d+)?) (working (?:hours?|days?|min|d)|hours|months|days?|min|h|d|s)\b"
)
"""A number and a unit of time."""

_BETWEEN: Final = re.compile(r"(?<=[\u4e00-\u9fff]) (?=\d)")
"""The blank between two of them, which Chinese does without."""


_WHOLE: Final = re.compile(f"(?:working )?(?:{_LENGTH.pattern} ?)+")
"""Nothing but a length of time."""


def is_length(text: str) -> bool:
    """Say whether a text is a length of time and nothing else, so that it tells of nobody."""
    return _WHOLE.fullmatch(text) is not None


def length_said(speaker: Speaker, text: str) -> str:
    """Say a length of time in the language of the page, such as `working 2 h 1 min`."""
    said, chinese = speaker.words["length"], speaker.lang == "zh"
    whole, space = text.removeprefix("working "), "" if chinese else " "
    told = _LENGTH.sub(lambda m: f"{m[1]}{space}{said[m[2]]}", whole)
    told = _BETWEEN.sub("", told) if chinese else told
    return speaker.fill("length", "working", rest=told) if whole != text else told


class Names:
    """What moves of parts, events and fields of records are called in a handbook."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker

    def all(self, words: str) -> str:
        """Name all of some words, `RETURN_DEF DOA_REPORT`; nothing where one is unknown."""
        ids = words.split()
        if not all(id_ in self._known for id_ in ids):
            return ""
        return self.speaker.listed([self._known[id_] for id_ in ids])

    @cached_property
    def _known(self) -> Mapping[str, str]:
        handbook, say = self.speaker.seen.handbook, self.speaker.say
        found = {name: say(event.title) for name, event in handbook.events.items()}
        if handbook.parts:
            found |= {move.id: say(move.title) for move in handbook.parts.moves}
        for record in handbook.records_kept.values():
            found |= {f"{record.id}.{field.id}": say(field.title) for field in record.fields}
        return found
