"""Editions: which one of a sheet rules on a day, and which may be handed out."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from sopaudit.criteria import field
from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.parts import PartsRules
from sopaudit.criteria.scheme import Scheme
from sopaudit.criteria.sop import Sop
from sopaudit.criteria.table import Table
from sopaudit.criteria.workflow import Workflow
from sopaudit.problems import Problem, in_file_order
from sopaudit.reading.document import Document
from sopaudit.reading.events import read, read_bytes
from sopaudit.reading.past import Earlier

Dated = Sop | Workflow | PartsRules | Table | Checklist | Scheme
"""What carries the days its edition holds for."""

State = Literal["in force", "not yet", "no more"]

_SCHEMES: Final = "checklists/schemes/"
_FOLDERS: Final = ("sops/posts/", "sops/workflows/", "sops/tables/", "checklists/", _SCHEMES)
_FILES: Final = ("sops/parts.yaml",)
_FROM: Final = ("effective_from", "valid_from")
_UNTIL: Final = ("effective_until", "valid_until")


@dataclass(frozen=True)
class Edition:
    """One edition of one sheet of the handbook."""

    id: str
    edition: str
    title: Text
    first: date | None
    """The first day it holds; None where it always did."""

    last: date | None
    """The last day it holds; None where it holds on."""

    digest: str
    file: str
    """Its path inside the handbook."""

    where: str
    """Empty for the files as they are now; else `git` and the commit, or an audit's folder."""

    scheme: str = ""
    """The scheme a checklist names."""

    digests: int = 1
    """How many different contents went by this edition; more than one should not be."""

    def state(self, day: date) -> State:
        """Say whether it holds on `day`, by its own days alone."""
        return state(self.first, self.last, day)


def state(first: date | None, last: date | None, day: date) -> State:
    """Say whether what holds from `first` to `last` holds on `day`."""
    if first is not None and day < first:
        return "not yet"
    return "no more" if last is not None and last < day else "in force"


def dated(handbook: Handbook) -> list[Dated]:
    """List what carries the days it holds for: posts, workflows, parts, tables, checklists.

    Of schemes those in use: one that nothing is scored by is not handed out.
    """
    parts = [handbook.parts] if handbook.parts else []
    used = handbook.used_schemes
    return [
        *handbook.posts.values(),
        *handbook.workflows.values(),
        *parts,
        *handbook.tables.values(),
        *handbook.checklists.values(),
        *(scheme for scheme in handbook.schemes.values() if scheme.id in used),
    ]


def days(thing: Dated) -> tuple[date | None, date | None]:
    """Give the first and the last day a thing of the handbook holds."""
    if isinstance(thing, Table):
        return thing.valid_from, thing.valid_until
    return thing.effective_from, thing.effective_until


def not_in_force(
    handbook: Handbook, day: date, ids: Collection[str] | None = None
) -> list[Problem]:
    """Tell what may not be handed out on `day`: an edition that is still to come, or retired.

    `ids` are those that are handed out; without them it is the whole handbook. Each problem stands
    at the key of its file that says so.
    """
    found = []
    for thing in dated(handbook):
        first, last = days(thing)
        if (ids is not None and thing.id not in ids) or state(first, last, day) == "in force":
            continue
        file = handbook.files[thing.id]
        document = read(file)
        early = state(first, last, day) == "not yet"
        key = next((k for k in (_FROM if early else _UNTIL) if k in document.data), "id")
        found.append(
            document.problem(
                "H162" if early else "H163",
                (key,),
                word=thing.id,
                edition=thing.edition,
                day=day,
                bound=first if early else last,
            )
        )
    return in_file_order(found)


def editions(
    now: Mapping[str, bytes], past: Iterable[Earlier], ids: Collection[str] | None = None
) -> list[Edition]:
    """List every edition there is or was, of the sheets named by `ids` or of all.

    `now` are the files as they are, `past` what they were, the newest first. Each edition is listed
    as it was last; what cannot be read says nothing.
    """
    found: dict[tuple[str, str], list[Edition]] = {}
    seen: set[tuple[str, bytes]] = set()
    everything = (*(Earlier(name, raw, "") for name, raw in sorted(now.items(), key=_order)), *past)
    for one in everything:
        if not _holds_editions(one.name) or (one.name, one.raw) in seen:
            continue
        seen.add((one.name, one.raw))
        edition = _edition(read_bytes(one.raw, one.name), one)
        if edition is not None and (ids is None or edition.id in ids):
            found.setdefault((edition.id, edition.edition), []).append(edition)
    order = list(dict.fromkeys(id_ for id_, _ in found))
    listed = [
        Edition(**{**vars(same[0]), "digests": len({e.digest for e in same})})
        for same in found.values()
    ]
    return sorted(listed, key=lambda e: (order.index(e.id), e.first or date.min, e.edition))


def ruling(known: Iterable[Edition], day: date) -> Iterator[Edition]:
    """Give, of each sheet, the edition that ruled on `day`: of those that held, the latest begun.

    An edition that names no last day ends where the next begins. What was written down last counts
    where two began on one day.
    """
    found: dict[str, Edition] = {}
    for edition in known:
        if edition.state(day) != "in force":
            continue
        other = found.get(edition.id)
        later = other is None or (edition.first or date.min) >= (other.first or date.min)
        if later and not (other is not None and other.first == edition.first and not other.where):
            found[edition.id] = edition
    yield from found.values()


def _order(file: tuple[str, bytes]) -> tuple[int, str]:
    """Sort posts before workflows, and these before checklists and schemes."""
    places = (*_FOLDERS[:2], *_FILES, *_FOLDERS[2:])
    return max(n for n, place in enumerate(("", *places)) if file[0].startswith(place)), file[0]


def _holds_editions(name: str) -> bool:
    return name in _FILES or name.startswith(_FOLDERS)


def _edition(document: Document, one: Earlier) -> Edition | None:
    data = document.data
    if not isinstance(data, Mapping) or not isinstance(data.get("id"), str):
        return None
    said = data.get("edition")
    return Edition(
        data["id"],
        said if isinstance(said, str) else "",
        _text(data.get("title"), data["id"]),
        _day(data, _FROM),
        _day(data, _UNTIL),
        document.digest,
        one.name,
        one.where,
        scheme if isinstance(scheme := data.get("scheme"), str) else "",
    )


def in_use(known: Iterable[Edition]) -> list[Edition]:
    """Leave out the editions of schemes no checklist names or named: they are on the shelf."""
    listed = list(known)
    named = {edition.scheme for edition in listed}
    return [e for e in listed if e.id in named or not e.file.startswith(_SCHEMES)]


def _text(title: Any, otherwise: str) -> Text:  # noqa: ANN401 -- whatever stands in the file
    if isinstance(title, Mapping):
        said = tuple((lang, words) for lang, words in title.items() if isinstance(words, str))
        return Text(said or (("", otherwise),))
    return Text((("", title if isinstance(title, str) else otherwise),))


def _day(data: Mapping[str, Any], keys: Iterable[str]) -> date | None:
    said = (data.get(key) for key in keys)
    return next((day for text in said if isinstance(text, str) and (day := field.day(text))), None)
