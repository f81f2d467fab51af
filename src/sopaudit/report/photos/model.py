"""What a report shows of photos and papers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Exhibit:
    """A photo or a paper, by whatever items it shows."""

    id: str
    """Where links to it lead, such as `photo-3`."""

    label: str
    """Such as `Photo 3`; the same file has one number wherever it stands."""

    items: str
    cases: str
    """The cases of samples it shows; empty where it shows an item as a whole."""

    taken: str
    """When, and whether anything proves it; empty where nobody knows."""

    file: str
    digest: str
    """The first characters of its sha256."""

    alt: str
    """The picture in words."""

    box: str
    """What stands in its place, with the code of why it cannot be shown; else empty."""

    picture: str = ""
    """Small, as a data address; empty for a paper, and where it is not shown."""

    enlarged: str = ""
    """The same, as large as a page may want it."""


@dataclass(frozen=True)
class Album:
    """All photos and papers of an audit."""

    note: str
    large: tuple[Exhibit, ...]
    """Photos of what does not conform, as long as they are not too many."""

    small: tuple[Exhibit, ...]
    """All other photos."""

    listed: tuple[Exhibit, ...]
    """What is named without being shown: papers, and on a circulating copy everything."""

    @property
    def everything(self) -> tuple[Exhibit, ...]:
        """All of them."""
        return (*self.large, *self.small, *self.listed)
