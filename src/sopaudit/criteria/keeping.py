"""A copy of a handbook, laid out in a folder where it is loaded like any other."""

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from sopaudit.reading.copy import SETTINGS, Copy, beside
from sopaudit.reading.events import read_bytes


def lay_out(copy: Copy, place: Path, home: Path) -> None:
    """Write the files of a copy below `place`, byte for byte, and the logo its settings name.

    `home` is the handbook a revision is of. A name that would lead out of the folder is left out.
    """
    files = dict(copy.files)
    logo = _logo(files)
    picture = None if logo is None else beside(copy.name, home, logo)
    if logo is not None and picture is not None:
        files[logo] = picture
    for name, raw in files.items():
        inner = PurePosixPath(name)
        if inner.is_absolute() or ".." in inner.parts or set(name) & set("\\:"):
            continue
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def digests(place: Path) -> dict[str, str]:
    """Digest every file below `place`: of YAML the content, of anything else the bytes."""
    found = {}
    for path in sorted(path for path in place.rglob("*") if path.is_file()):
        name = path.relative_to(place).as_posix()
        raw = path.read_bytes()
        if path.suffix.casefold() == ".yaml":
            found[name] = read_bytes(raw, name).digest
        else:
            found[name] = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    return found


def _logo(files: Mapping[str, bytes]) -> str | None:
    data = read_bytes(files[SETTINGS], SETTINGS).data
    report = data.get("report") if isinstance(data, Mapping) else None
    logo = report.get("logo") if isinstance(report, Mapping) else None
    return logo if isinstance(logo, str) else None
