"""What the records of the office say of an item, kept beside what was seen in the answers record.

It is written by the rules that hear those records; `evidence.said` tells which of the two counts.
"""

from typing import Literal

from sopaudit.criteria.answer import Result
from sopaudit.criteria.field import Day, Entry, Flag, Whole, Word


class Offence(Entry):
    """A case that does not conform to a rule, as the table of deviations has it."""

    id: Word
    """Of the deviation, the same on every run."""

    case: str
    """The ticket, or what else the case is called."""

    rule: Word
    type: Word
    rows: str = ""
    """Source rows, with their record where that is not the log: `12 calls:7`."""

    expected: str = ""
    found: str = ""
    who: str = ""
    at: str = ""
    late: str = ""
    post: str = ""


class RuleTold(Entry):
    """What one rule found."""

    rule: Word
    failed: Whole
    checked: Whole
    unknown: Whole = 0
    tolerated: Flag = False
    """So few failed that its tolerance covers them."""

    let_be: Whole = 0
    """Cases a suppression lets be; they are in no other number."""


Why = Literal["unknown", "missing", "suspected", "none", "let be", "no word"]
"""Why records answer nothing: too much is unknown, a record is missing, a person has to confirm it,
there was no case, none but those let be, or the item takes no answer they could give."""


class FromRecords(Entry):
    """What the records say of one item."""

    rules: tuple[RuleTold, ...] = ()
    """Those that were heard."""

    failed: Whole = 0
    checked: Whole = 0
    """Cases that conform or do not, to all its rules together."""

    unknown: Whole = 0
    """Cases of which data is missing; they are not among those checked."""

    tolerated: Whole = 0
    """Cases that fail only rules whose tolerance covers them; they count as conforming."""

    excused: Whole = 0
    """Cases that conform only by an approval, an explanation or a grace."""

    let_be: Whole = 0
    """Cases that do not conform, or of which data is missing, and that a suppression lets be."""

    result: Result | None = None
    """The word they answer with; none where the number of cases is the answer."""

    why: Why | None = None
    """Where the word is `unchecked` or `na`."""

    missing: tuple[Word, ...] = ()
    """Records nobody handed in."""

    unheard: tuple[Word, ...] = ()
    """Rules of the item that no code decides."""

    beside: tuple[RuleTold, ...] = ()
    """What else its standards name and was heard: told beside the item, and counted nowhere."""

    as_of: Day
    digest: Word
    """Of the records it rests on, all together."""

    offences: tuple[Offence, ...] = ()

    @property
    def says(self) -> bool:
        """Whether it answers the item at all."""
        return self.result != "unchecked"


class Belied(Entry):
    """A contradiction between records, as `contradictions` of the rules look for it."""

    rule: Word
    failed: Whole
    checked: Whole
    unknown: Whole = 0
    offences: tuple[Offence, ...] = ()


class RecordFile(Entry):
    """A file of records that was heard."""

    file: Word
    digest: Word
