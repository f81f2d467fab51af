"""The photos of an audit that are tied to nothing: what goes onto a contact sheet."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from sopaudit.evidence.examination import inside
from sopaudit.problems import Place
from sopaudit.sheets.filled import Shot


class Came(Protocol):
    """A time a file was brought in."""

    @property
    def name(self) -> str:
        """Its name then."""


class File(Protocol):
    """A file as the index of evidence tells it."""

    @property
    def file(self) -> str:
        """Its path inside the audit folder."""

    @property
    def sha256(self) -> str:
        """Of what is kept."""

    @property
    def taken(self) -> datetime | None:
        """When, if anybody knows."""

    @property
    def unproven(self) -> bool:
        """Nothing but a name vouches for the time."""

    @property
    def shows(self) -> Sequence[object]:
        """The items it shows."""

    @property
    def signs(self) -> Sequence[object]:
        """Whose signature it is."""

    @property
    def came(self) -> Sequence[Came]:
        """When it was brought in, the earliest first."""


def loose(folder: Path, files: Iterable[File]) -> list[Shot]:
    """Give the photos of an audit folder that show no item and are no signature."""
    found = []
    for file in files:
        path = inside(folder, file.file)
        if path is not None and not file.shows and not file.signs:
            name = file.came[0].name if file.came else path.name
            found.append(
                Shot(
                    name,
                    partial(Path.read_bytes, path),
                    Place(path.as_posix()),
                    taken=file.taken,
                    unproven=file.unproven,
                    sha256=file.sha256,
                )
            )
    return found
