"""One item of an audit as the records have it and as the auditor answered it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sopaudit.evidence.record import RecordedAnswer
from sopaudit.evidence.testimony import FromRecords

Standing = Literal["alone", "confirmed", "contradicted", "overridden", "silent"]
"""How the two stand: nobody else answered; the auditor agrees; differs; differs and says why; or
the records say nothing, and what the auditor answered counts."""

Told = Mapping[str, Mapping[str, FromRecords]]
"""What the records say, by checklist and item."""

CHANNEL: Final = "records"


@dataclass(frozen=True)
class Said:
    """One item, as the records have it and as the auditor answered it."""

    checklist: str
    item: str
    records: FromRecords
    own: tuple[RecordedAnswer, ...]
    """What the auditor answered; empty where nothing was."""

    standing: Standing
    differing: tuple[str, ...] = ()
    """The cases on which the two differ, where single ones are known."""

    @property
    def counts(self) -> bool:
        """Whether the score is made of what the records say."""
        return self.standing not in ("overridden", "silent")
