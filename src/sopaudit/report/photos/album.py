"""The photos and papers of an audit: numbered, scaled for the page, each file once.

The content of one photo at a time is in memory; what is kept of it are two small copies without
metadata. A file that is no picture is a box on the page and never the end of a report.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from sopaudit.evidence.examination import inside
from sopaudit.evidence.record import EvidenceFile, RecordedAnswer
from sopaudit.findings.conclusion import Conclusion
from sopaudit.findings.finding import REMARKS
from sopaudit.report.photos.model import Album, Exhibit
from sopaudit.report.seen import Speaker

PHOTOS: Final = frozenset(
    (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff")
)
"""Endings of pictures; everything else is a paper, and named."""

SMALL: Final = 480
LARGE: Final = 1600
"""Pixels of the longer side of a photo, beside what it shows and in the annex."""

MANY: Final = 24
"""Photos of nonconformities that stand large; of more, the annex is a catalogue nobody prints."""

DIGITS: Final = 12
"""Of a sha256, enough to find the file."""

Scaler = Callable[[bytes, int], tuple[bytes, str]]
"""Makes a copy upright, without metadata, its longer side no longer than so many pixels."""


@dataclass
class _Found:
    """A file, and all that it shows."""

    file: EvidenceFile
    items: dict[str, None] = field(default_factory=dict)
    cases: dict[str, None] = field(default_factory=dict)
    failing: set[tuple[str, str]] = field(default_factory=set)
    """The nonconformities it stands beside, by checklist and item."""

    @property
    def photo(self) -> bool:
        return PurePosixPath(self.file.file).suffix.lower() in PHOTOS


class AlbumWriter:
    """Shows the photos and papers of one audit; with no `folder` it names them and shows none."""

    def __init__(
        self,
        speaker: Speaker,
        conclusion: Conclusion,
        folder: Path | None,
        scale: Scaler | None = None,
    ) -> None:
        self.speaker = speaker
        self.folder = folder
        self.scale = scale
        found = _found(speaker, conclusion)
        self.exhibits = dict(self._exhibits(found))
        self.found = {one.file.sha256 + one.file.file: one for one in found}

    def at(self, checklist: str, item: str) -> tuple[Exhibit, ...]:
        """Give the photos that stand beside a nonconformity."""
        if self.folder is None:
            return ()
        return tuple(
            self.exhibits[key]
            for key, one in self.found.items()
            if one.photo and (checklist, item) in one.failing
        )

    def papers(self, answers: Sequence[RecordedAnswer]) -> list[EvidenceFile]:
        """Give the files of answers that are named: papers, and photos that are not shown."""
        files = (file for answer in answers for file in answer.files)
        return [file for file in files if self.folder is None or not _Found(file).photo]

    def withheld(self, answers: Sequence[RecordedAnswer]) -> int:
        """Count the photos of answers that are not in this copy."""
        if self.folder is not None:
            return 0
        return sum(_Found(file).photo for answer in answers for file in answer.files)

    def album(self) -> Album | None:
        """Give all of them; None where there are none."""
        if not self.found:
            return None
        photos = [key for key, one in self.found.items() if one.photo]
        large = [key for key in photos if self.exhibits[key].enlarged]
        small = [key for key in photos if key not in large and self.folder is not None]
        listed = [key for key in self.found if key not in (*large, *small)]
        counts = {"photos": len(photos), "papers": len(self.found) - len(photos)}
        key = "note" if self.folder is not None else "note_copy"
        return Album(
            self.speaker.fill("photos", key, **counts),
            tuple(self.exhibits[key] for key in large),
            tuple(self.exhibits[key] for key in small),
            tuple(self.exhibits[key] for key in listed),
        )

    # --- one by one ------------------------------------------------------------------------------

    def _exhibits(self, found: Iterable[_Found]) -> Iterator[tuple[str, Exhibit]]:
        numbers = {True: 0, False: 0}
        large = 0
        for one in found:
            numbers[one.photo] += 1
            enlarged = one.photo and bool(one.failing) and large < MANY
            large += enlarged
            exhibit = self._exhibit(one, numbers[one.photo], enlarged=enlarged)
            yield one.file.sha256 + one.file.file, exhibit

    def _exhibit(self, one: _Found, number: int, *, enlarged: bool) -> Exhibit:
        fill = self.speaker.fill
        label = fill("photos", "photo" if one.photo else "paper", n=number)
        items, cases = (self.speaker.listed([*names]) for names in (one.items, one.cases))
        picture = large = box = ""
        if one.photo and self.folder is not None:
            picture, large, box = self._copies(one.file, enlarged=enlarged)
        asked = " ".join(filter(None, (items, cases)))
        return Exhibit(
            id=f"photo-{number}" if one.photo else f"paper-{number}",
            label=label,
            items=items,
            cases=cases,
            taken=self._taken(one.file),
            file=one.file.file,
            digest=one.file.sha256[:DIGITS],
            alt=fill("photos", "alt", label=label, items=asked),
            box=box,
            picture=picture,
            enlarged=large,
        )

    def _taken(self, file: EvidenceFile) -> str:
        """Say when it was taken, on the clock that was noted, and whether anything proves it."""
        told = "" if file.taken is None else moment(file.taken)
        doubt = self.speaker.words["photos"]["unproven"] if file.unproven else ""
        return self.speaker.words["note"]["between"].join(text for text in (told, doubt) if text)

    def _copies(self, file: EvidenceFile, *, enlarged: bool) -> tuple[str, str, str]:
        """Give a small copy, a large one where it is asked for, and why there is none."""
        try:
            scale = self.scale or _scaler()
            content = _content(self.folder, file)
            small = _address(*scale(content, SMALL))
            return small, _address(*scale(content, LARGE)) if enlarged else "", ""
        except Exception as error:  # noqa: BLE001 -- whatever a broken picture makes of its reader
            code = getattr(error, "code", None) or type(error).__name__
            return "", "", self.speaker.fill("photos", "broken", code=code)


def moment(told: datetime) -> str:
    """Write a moment as pages do, on its own clock."""
    return told.strftime("%Y-%m-%d %H:%M")


def _content(folder: Path | None, file: EvidenceFile) -> bytes:
    path = None if folder is None else inside(folder, file.file)
    if path is None:
        raise FileNotFoundError(file.file)
    return path.read_bytes()


def _scaler() -> Scaler:
    from sopaudit.evidence.photos import scaled  # noqa: PLC0415 -- it loads an imaging library

    return scaled


def _address(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"


def _found(speaker: Speaker, conclusion: Conclusion) -> list[_Found]:
    """Find every file that answers and their cases name, in the order of the sheets."""
    failed = {
        (one.checklist, one.item.id) for one in conclusion.findings if one.severity not in REMARKS
    }
    found: dict[str, _Found] = {}
    for score in conclusion.scores:
        for item in speaker.seen.handbook.checklists[score.checklist].items:
            key = score.checklist, item.id
            for answer in speaker.seen.seen(*key):
                for file, case, shows in _named(answer):
                    one = found.setdefault(file.sha256 + file.file, _Found(file))
                    one.items.setdefault(item.id)
                    if case:
                        one.cases.setdefault(case)
                    if shows and key in failed:
                        one.failing.add(key)
    return list(found.values())


def _named(answer: RecordedAnswer) -> Iterator[tuple[EvidenceFile, str, bool]]:
    """Give each file, its case, and whether it shows what does not conform where anything does."""
    yield from ((file, "", True) for file in answer.evidence)
    for case in answer.cases:
        yield from ((file, case.id, case.failed) for file in case.evidence)
