"""Opening the event log a command was given: a file, or the events of an audit."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sopaudit.cli.session import SETTINGS, found, language, opened, tell
from sopaudit.cli.stop import PROBLEMS, Stop, usage

if TYPE_CHECKING:
    from sopaudit.criteria.handbook import Handbook
    from sopaudit.evidence.eventlog import EventLog


@dataclass(frozen=True)
class EventsAsked:
    """What the words and options of a command say about a log."""

    word: str
    mapping: Path | None
    handbook: Path | None
    lang: str | None


def events_of(asked: EventsAsked) -> "tuple[EventLog, str, str]":
    """Give the log a word names, the zone of its clock, and the language of the run.

    Ends the command where there is none.
    """
    path = Path(asked.word)
    if path.is_file():
        return _of_file(path, asked.mapping, asked.handbook, asked.lang)
    start = path if path.is_dir() else None
    home = found(asked.handbook, start)
    book, spoken = opened(home, asked.lang)
    folder = path if path.is_dir() else home / "audits" / asked.word
    return (*_of_audit(folder, asked.word, book, spoken), spoken)


def _of_file(
    path: Path, mapping: Path | None, handbook: Path | None, lang: str | None
) -> "tuple[EventLog, str, str]":
    from sopaudit.evidence.log import read_log
    from sopaudit.evidence.logmapping import read_log_mapping

    book = None
    spoken = language(lang)
    # A log with a mapping speaks for itself; one without may use the titles of the handbook here.
    if handbook is not None or (mapping is None and _near()):
        book, spoken = opened(found(handbook), lang)
    log, problems, _ = read_log(path, book, mapping)
    tell(problems, spoken)
    if log is None:
        raise Stop(PROBLEMS)
    said, _ = read_log_mapping(mapping) if mapping is not None else (None, [])
    return log, (said.mapping.zone or "") if said is not None else "", spoken


def _near() -> bool:
    here = Path.cwd()
    return any((folder / SETTINGS).is_file() for folder in (here, *here.parents))


def _of_audit(folder: Path, word: str, book: "Handbook", lang: str) -> "tuple[EventLog, str]":
    from sopaudit.evidence.eventlog import log_of
    from sopaudit.evidence.records import DATA, EVENTS, read_records

    place = folder / DATA
    if not place.is_dir():
        raise usage(
            f"“{word}”既不是日志文件，也不是带 {DATA} 文件夹的检查。",
            f"“{word}” is neither a log nor an audit with a folder {DATA}.",
        )
    records, problems = read_records(place, book)
    tell(problems, lang)
    if EVENTS not in records:
        raise Stop(
            PROBLEMS,
            f"{place.as_posix()} 里没有 {EVENTS}。"
            if lang == "zh"
            else f"There is no {EVENTS} in {place.as_posix()}.",
        )
    return log_of(records), records.zone
