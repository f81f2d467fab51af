"""Lengths of time, and the names in settings of rules, as the table of deviations writes them."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from sopaudit.report.seen import LENGTH, Speaker

_WHOLE: Final = re.compile(f"(?:working )?(?:{LENGTH.pattern} ?)+")
"""Nothing but a length of time."""


def is_length(text: str) -> bool:
    """Say whether a text is a length of time and nothing else, so that it tells of nobody."""
    return _WHOLE.fullmatch(text) is not None


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
