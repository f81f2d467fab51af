"""A kitchen whose audit sheets go into: laid out, its blank made, files filled in by hand."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final, cast

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.record import Channel, Record, RecordedAnswer, Signature, Source
from sopaudit.problems import Place
from sopaudit.sheets.blank import Blank, Leaf, blank_of, checklists_of
from sopaudit.sheets.filled import Filled, Shot

KITCHEN: Final = Path(__file__).parents[1] / "evidence/kitchen"

Answer = Mapping[str, Any]


def kitchen(folder: Path, *, bare: bool = True) -> Path:
    """Lay the kitchen out and give its audit folder; `bare` without what was answered."""
    shutil.copytree(KITCHEN, folder, dirs_exist_ok=True)
    audit = folder / "audits/a"
    if bare:
        shutil.rmtree(audit / "answers")
        shutil.rmtree(audit / "evidence")
    return audit


def opened(audit: Path, handbook: Handbook | None = None) -> AuditFolder:
    if handbook is None:
        handbook, problems = load_handbook(audit.parents[1])
        assert handbook is not None, problems
    found, problems = read_audit(audit, handbook)
    assert found is not None, problems
    return found


def blank(folder: AuditFolder) -> Blank:
    return blank_of(folder.handbook, checklists_of(folder), folder.audit.date, folder)


def moment(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(f"2026-11-06T{told}+08:00")


class Desk:
    """Fills sheets of an audit."""

    def __init__(self, folder: AuditFolder) -> None:
        self.folder = folder
        self.blank = blank(folder)

    def leaf(self, name: str) -> Leaf:
        leaf = self.blank.leaf(name)
        assert leaf is not None
        return leaf

    def filled(
        self,
        file: str,
        *answers: Answer,
        at: str | None = "10:00",
        channel: str = "excel",
        shots: tuple[Shot, ...] = (),
        signed: tuple[Answer, ...] = (),
    ) -> Filled:
        """Fill a sheet: answers as they stand in a record, each told at its row of the sheet."""
        digest = hashlib.sha256(repr((file, answers, at)).encode()).hexdigest()
        source = Source(
            id=digest[:12],
            channel=cast("Channel", channel),
            file=file,
            digest=f"sha256:{digest}",
            at=moment(at),
        )
        by_list: dict[str, list[RecordedAnswer]] = {}
        places: dict[tuple[str, str], Place] = {}
        for n, answer in enumerate(answers):
            read = RecordedAnswer.model_validate(answer)
            home = next(leaf.id for leaf in self.blank.leaves if read.item in leaf.by_id)
            by_list.setdefault(home, []).append(read)
            places[home, read.item] = Place(f"{file} [{home}]", n + 5, 8)
        signatures = tuple(Signature.model_validate(one) for one in signed)
        records = tuple(
            self.record(home, channel, tuple(told), signatures) for home, told in by_list.items()
        )
        return Filled(source, self.folder.audit.id, records, shots, places)

    def record(
        self,
        checklist: str,
        channel: str,
        answers: tuple[RecordedAnswer, ...],
        signatures: tuple[Signature, ...] = (),
    ) -> Record:
        leaf = self.leaf(checklist)
        told = {
            "schema": "sopaudit.answers/1",
            "audit": self.folder.audit.id,
            "checklist": used(leaf),
            "channel": channel,
            "answers": [],
        }
        update = {"answers": answers, "signatures": signatures}
        return Record.model_validate(told).model_copy(update=update)


def used(leaf: Leaf) -> dict[str, Any]:
    return {
        "id": leaf.id,
        "edition": leaf.checklist.edition,
        "digest": leaf.digest,
        "scheme": {
            "id": leaf.scheme.id,
            "edition": leaf.scheme.edition,
            "digest": leaf.scheme_digest,
        },
    }


@cache
def photo(name: str) -> bytes:
    """Make a small picture whose colour comes of its name."""
    from PIL import Image

    out = BytesIO()
    colour = tuple(hashlib.sha256(name.encode()).digest()[:3])
    Image.new("RGB", (8, 8), colour).save(out, "JPEG")
    return out.getvalue()


def shot(
    name: str,
    content: bytes | Callable[[], bytes] | None = None,
    item: str = "",
    **more: Any,  # noqa: ANN401 -- whatever a shot has
) -> Shot:
    """Take a photo; each name has one of its own."""
    read = content if callable(content) else partial(bytes, content or photo(name))
    place = more.pop("place", Place("phone.zip", 1, 1))
    return Shot(name=name, read=read, place=place, item=item, **more)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


ZONE: Final = UTC
