"""From the words of `diff --replay` to audits that are scored under two editions."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sopaudit.cli.progress import watched
from sopaudit.cli.session import tell
from sopaudit.cli.stop import PROBLEMS, Stop, unknown
from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.criteria.keeping import lay_out
from sopaudit.evidence.audit import AUDIT, AUDITS, read_alone
from sopaudit.evidence.carrying import REFUSED
from sopaudit.findings.from_records import answered_from_records
from sopaudit.findings.replay import Replay, replay
from sopaudit.problems import Problem
from sopaudit.reading.copy import Copy


@dataclass(frozen=True)
class Replayed:
    """Audits replayed, and the two editions they were replayed under."""

    old: Handbook
    new: Handbook
    audits: tuple[Replay, ...]
    problems: tuple[Problem, ...]
    """Of audits that cannot be read, or not whole."""


def replayed(words: Sequence[str], copies: tuple[Copy, Copy], home: Path, lang: str) -> Replayed:
    """Score the audits called `words` under both copies.

    Ends the command where a copy has problems, or an audit cannot be found.
    """
    folders = list(dict.fromkeys(f for word in words for f in _folders(word, home)))
    with _loaded(copies[0], home, lang) as old, _loaded(copies[1], home, lang) as new:
        problems: list[Problem] = []
        made: list[Replay] = []
        total = len(folders)
        for folder in watched(folders, lambda done, _: f"{done}/{total}", lambda _: 1):
            found, wrong = read_alone(folder, old)
            if found is not None:
                found, unread = answered_from_records(found)
                wrong += unread
            told = None if found is None else replay(found, old, new)
            # People and papers of an audit of another edition are no mistake in this one.
            own = told is None or told.belongs in ("old", "both")
            problems += [problem for problem in wrong if own and problem.code not in REFUSED]
            made += [] if told is None else [told]
    return Replayed(old, new, tuple(made), tuple(problems))


def _folders(word: str, home: Path) -> Iterator[Path]:
    """Find an audit by its folder or id; a pattern is filled in, where no shell did it.

    A pattern that nothing fits finds nothing: there are no past audits yet.
    """
    if (Path(word) / AUDIT).exists():
        yield Path(word)
        return
    shelf = home / AUDITS
    if (shelf / word / AUDIT).exists():
        yield shelf / word
        return
    if set(word) & set("*?"):
        place = Path(Path(word).anchor)
        fitting = place.glob(str(Path(word).relative_to(place)))
        yield from sorted(path for path in fitting if (path / AUDIT).exists())
        return
    known = sorted(path.parent.name for path in shelf.glob(f"*/{AUDIT}"))
    raise unknown(f"没有“{word}”这次检查。", f"There is no audit “{word}”.", word, known)


@contextmanager
def _loaded(copy: Copy, home: Path, lang: str) -> Iterator[Handbook]:
    """Load a copy of the handbook; one that is no folder is laid out in one meanwhile."""
    with TemporaryDirectory(prefix="sopaudit-") as name:
        place = copy.folder
        if place is None:
            place = Path(name)
            lay_out(copy, place, home)
        handbook, problems = load_handbook(place, shown=copy.name)
        if handbook is None:
            tell(problems, lang)
            words = {
                "zh": f"“{copy.name}”这一版手册有问题，不能重算。",
                "en": f"The handbook “{copy.name}” has problems, so nothing was replayed.",
            }
            raise Stop(PROBLEMS, words.get(lang, words["en"]))
        yield replace(handbook, folder=home)
