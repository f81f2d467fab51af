"""From a word of the command line to the records of an office: an audit, a folder, or a file."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sopaudit.cli.session import found, opened, tell
from sopaudit.cli.stop import PROBLEMS, Stop, unknown, usage

if TYPE_CHECKING:
    import numpy as np

    from sopaudit.criteria.handbook import Handbook
    from sopaudit.evidence.auditfile import Audit
    from sopaudit.evidence.recordmapping import RecordsMappingFile
    from sopaudit.evidence.records import Records
    from sopaudit.findings.rules.hearing import Hearing
    from sopaudit.problems import Problem

RECORDS: Final = "sops/records.yaml"


@dataclass(frozen=True)
class Loose:
    """How a table that belongs to no audit is read."""

    record: str = ""
    """What it is of where its name is not that of a record; tickets where nothing is said."""

    mapping: Path | None = None
    """What its columns mean."""


_OF_TICKETS: Final = Loose()


@dataclass(frozen=True)
class Subject:
    """The records of an office, and what they are held against."""

    handbook: "Handbook"
    """That of the audit, where it has one of its own."""

    records: "Records"
    now: "np.datetime64"
    lang: str
    word: str
    """How the command line calls it."""

    audit: "Audit | None" = None
    folder: Path | None = None
    """Of the audit."""

    unsound: bool = False
    """The records have problems, which were told; what was asked for is given all the same."""

    @property
    def office(self) -> str:
        """The office, in words; empty where nobody says whose the records are."""
        known = self.handbook.offices.get(self.records.office)
        return self.handbook.say(known.title, self.lang) if known else self.records.office

    @property
    def hearing(self) -> "Hearing":
        """Everything a rule may ask."""
        from sopaudit.findings.rules.hearing import Hearing

        return Hearing(self.handbook, self.records, self.now)

    @property
    def last(self) -> "np.datetime64 | None":
        """The last day of the period; None where no audit says."""
        import numpy as np

        return None if self.audit is None else np.datetime64(self.audit.period.to, "D")


def subject(
    word: str,
    handbook: Path | None,
    lang: str | None,
    now: "np.datetime64 | None",
    loose: Loose = _OF_TICKETS,
) -> Subject:
    """Read what a word names; `now` is what the command line says, where it does.

    Tells the problems of the records on the error stream. Ends the command where there is nothing
    to look at.
    """
    book, told = opened(found(handbook), lang)
    if not book.records_kept:
        raise usage(
            f"手册里没有 {RECORDS}，不知道记录有哪些字段。",
            f"The handbook has no {RECORDS}, so nobody knows what fields records have.",
        )
    folder = _audit_folder(word, book)
    if folder is None:
        records, problems = _loose(Path(word), (book, told), loose)
        tell(problems, told)
        at = clock() if now is None else now
        return Subject(book, records, at, told, word, unsound=bool(problems))
    _no_mapping(loose, word)
    return _of_audit(folder, word, book, told, now)


def _of_audit(
    folder: Path, word: str, book: "Handbook", lang: str, now: "np.datetime64 | None"
) -> Subject:
    from sopaudit.evidence.audit import read_audit
    from sopaudit.evidence.records import DATA, read_records

    read, problems = read_audit(folder, book)
    if read is None:
        tell(problems, lang)
        zh, en = "检查记录读不出来，没有结果。", "The audit could not be read; no result."
        raise Stop(PROBLEMS, zh if lang == "zh" else en)
    place = folder / DATA
    if not place.is_dir():
        raise usage(
            f"{folder.as_posix()} 里没有 {DATA} 文件夹，这次检查没有附记录。",
            f"There is no folder {DATA} in {folder.as_posix()}: the audit holds no records.",
        )
    records, wrong = read_records(place, read.handbook, office=read.audit.office)
    tell(wrong, lang)
    at = end_of(read.audit.as_of or read.audit.date) if now is None else now
    return Subject(read.handbook, records, at, lang, word, read.audit, folder, unsound=bool(wrong))


def ended(*seen: Subject) -> None:
    """End a command that gave what was asked for: with 1 where records have problems."""
    if any(one.unsound for one in seen):
        raise Stop(PROBLEMS)


def _audit_folder(word: str, book: "Handbook") -> Path | None:
    from sopaudit.evidence.audit import AUDIT, AUDITS

    for folder in (Path(word), book.folder / AUDITS / word):
        if (folder / AUDIT).exists():
            return folder
    if Path(word).exists():
        return None
    known = sorted(path.parent.name for path in (book.folder / AUDITS).glob(f"*/{AUDIT}"))
    raise unknown(
        f"没有“{word}”这次检查，也没有这个文件或文件夹。",
        f"There is no audit, folder or file “{word}”.",
        word,
        known,
    )


def _no_mapping(loose: Loose, word: str) -> None:
    """Refuse a mapping that would mean nothing, instead of passing over it."""
    if loose.mapping is not None:
        raise usage(
            f"--mapping 只用于单独的文件；{word} 里的记录按 data/mapping.yaml 读。",
            f"--mapping is for a file alone; the records of {word} are read by their "
            "data/mapping.yaml.",
        )


def _loose(
    path: Path, opened_: "tuple[Handbook, str]", loose: Loose
) -> "tuple[Records, list[Problem]]":
    """Read a folder of records, or one file, of what `loose` says unless its name does."""
    from sopaudit.evidence.records import DATA, TICKETS, Records, read_lines, read_records

    (book, lang), word = opened_, path.as_posix()
    if path.is_dir():
        _no_mapping(loose, word)
        place = path / DATA if (path / DATA).is_dir() else path
        records, problems = read_records(place, book)
        if not records.lines:
            tell(problems, lang)
            raise usage(
                f"{word} 里没有手册所说的记录；文件名要是记录的编号，例如 {TICKETS}.csv。",
                f"There is no record of the handbook in {word}; a file is called by the id of its "
                f"record, such as {TICKETS}.csv.",
            )
        return records, problems
    said = mapped(loose.mapping, book, lang)
    record = path.stem if path.stem in book.records_kept else loose.record or TICKETS
    lines, problems = read_lines(path, record, book, said)
    if lines is None:
        tell(problems, lang)
        raise Stop(PROBLEMS)
    zone = (said.mapping.zone or "") if said is not None else ""
    return Records({record: lines}, zone=zone), problems


def mapped(path: Path | None, book: "Handbook", lang: str) -> "RecordsMappingFile | None":
    """Read the mapping of a single file; ends the command where it has mistakes."""
    if path is None:
        return None
    from sopaudit.evidence.recordmapping import read_records_mapping

    said, problems = read_records_mapping(path, book, path.as_posix())
    if problems:
        tell(problems, lang)
        raise Stop(PROBLEMS)
    return said


def end_of(day: object) -> "np.datetime64":
    """Give the last moment of a day."""
    import numpy as np

    after: np.datetime64 = np.datetime64(day, "D") + np.timedelta64(1, "D")  # type: ignore[call-overload]
    end: np.datetime64 = after.astype("datetime64[us]") - np.timedelta64(1, "us")
    return end


def as_of(day: str | None) -> "np.datetime64 | None":
    """Read the day of `--as-of`; None where none is named."""
    if day is None:
        return None
    from sopaudit.criteria import field

    read = field.day(day)
    if read is None:
        raise usage(
            f"--as-of 要写成 2026-11-05 这样的日期，这里是“{day}”。",
            f"--as-of takes a day such as 2026-11-05, but this is “{day}”.",
        )
    return end_of(read)


def at_moment(text: str | None) -> "np.datetime64 | None":
    """Read the moment of `--now`; None where none is named."""
    if text is None:
        return None
    import numpy as np

    from sopaudit.evidence.lines import moment

    read = moment(text.strip())
    if np.isnat(read) or ":" not in text:
        raise usage(
            f"--now 要写成 2026-10-14 09:00 这样的时间，这里是“{text}”。",
            f"--now takes a moment such as 2026-10-14 09:00, but this is “{text}”.",
        )
    return read


def clock() -> "np.datetime64":
    """Give what the clock of this machine shows."""
    from datetime import UTC, datetime

    import numpy as np

    here = datetime.now(tz=UTC).astimezone().replace(tzinfo=None)
    return np.datetime64(here, "us")
