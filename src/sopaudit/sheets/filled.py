"""What one filled file says, whichever channel it came through, before it goes into an audit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sopaudit.evidence.record import Record, Source
from sopaudit.problems import Place


def source_id(digest: str) -> str:
    """Name a source inside its record, by the first signs of the sha256 of its content."""
    return digest[:12]


@dataclass(frozen=True)
class Shot:
    """A photo, a paper or a signature, as it came."""

    name: str
    """Its name in the source, with folders."""

    read: Callable[[], bytes] = field(compare=False, repr=False)
    """Gives its content; photos are many and large, so each is read when its turn comes.

    Raises OSError, or `archive.NotSoundError` where it turns out to be broken.
    """

    place: Place
    """Where the source names it."""

    checklist: str = ""
    item: str = ""
    """The item it shows; empty where the source does not say so."""

    case: str = ""
    """The case of that item it shows."""

    taken: datetime | None = None
    """When, as the channel noted it; what the photo itself says goes before."""

    unproven: bool = True
    """Nothing but a name, a folder or a chat program vouches for `taken`."""

    sha256: str = ""
    """As the channel noted it, empty where it did not; a content it does not fit was changed."""

    signed: tuple[str, str] | None = None
    """Of a signature drawn on a screen: role and staff number."""

    @property
    def loose(self) -> bool:
        """Whether nothing says what it shows."""
        return not self.item and self.signed is None


@dataclass(frozen=True)
class Filled:
    """The answers and pictures of one file."""

    source: Source
    audit: str
    """Empty for a sheet of no audit in particular, and for loose photos."""

    records: tuple[Record, ...] = ()
    """One for each checklist it answers; their answers name no evidence, the shots do."""

    shots: tuple[Shot, ...] = ()
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    """Where the file answers an item, by checklist and item.

    Empty for a journal, which is put away once it is saved: what it lacks is told in the record.
    """

    part: tuple[int, int] = (1, 1)
    seconds: Mapping[tuple[str, str, str], Place] = field(default_factory=dict)
    """Where the file names a second person, by checklist, item and staff number."""
