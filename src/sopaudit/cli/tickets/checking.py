"""From the words of `tickets check` to checked tickets: a log, a folder of records, an audit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from sopaudit import __version__
from sopaudit.cli.logged import known_events
from sopaudit.cli.records import as_of as read_day
from sopaudit.cli.records import subject
from sopaudit.cli.scale import Way, in_parts
from sopaudit.cli.session import SETTINGS, found, language, opened, tell
from sopaudit.cli.stop import PROBLEMS, Stop, unknown, usage
from sopaudit.cli.walked import workflow_from
from sopaudit.criteria.handbook import Handbook, bare
from sopaudit.evidence.eventlog import EventLog, log_of, records_of
from sopaudit.evidence.log import OpenedLog, open_log
from sopaudit.evidence.logsource import TableSource
from sopaudit.evidence.quality import Expected, Quality, measured
from sopaudit.evidence.recordquality import quality_of
from sopaudit.evidence.records import Records
from sopaudit.findings.checked import BigChecked, Checked
from sopaudit.findings.conformance.automaton import NoWayError, TooManyStatesError
from sopaudit.findings.conformance.big_log import BigLog, UnreadableLogError
from sopaudit.findings.conformance.conform import conform
from sopaudit.findings.rules.deviations import rule_deviations
from sopaudit.findings.rules.engine import RuleResult, hear
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.suppression import counting
from sopaudit.findings.sorts import Sort

_NEVER: Final = np.datetime64("NaT", "us")
_RANKS: Final = ("critical", "major", "minor")


@dataclass(frozen=True)
class Asked:
    """What the words and options of the command say."""

    word: str
    workflow: str | None
    mapping: Path | None
    as_of: str | None
    handbook: Path | None
    lang: str | None


@dataclass(frozen=True, eq=False)
class Looked:
    """Checked tickets, and how they are to be told."""

    checked: Checked | BigChecked
    quality: Quality
    handbook: Handbook
    lang: str
    file: str
    stopped: bool = False
    """Nothing could be said, because the data is not to be trusted."""

    unsound: bool = False
    """The records have problems, which were told."""

    def worst(self, severity: str) -> bool:
        """Say whether there is a deviation of a severity, or a more serious one."""
        if severity == "any":
            return bool(self._sorts()) or self._ruled(_RANKS)
        return self._ruled(_RANKS[: _RANKS.index(severity) + 1])

    def _sorts(self) -> Sequence[Sort]:
        conformance = self.checked.conformance
        return [] if conformance is None else conformance.sorts

    def _ruled(self, severities: tuple[str, ...]) -> bool:
        return any(
            result.counts()["nonconforming"] and (result.rule.severity or "minor") in severities
            for result in self.checked.rules.values()
        )


@contextmanager
def looked(asked: Asked, way: Way) -> Iterator[Looked]:
    """Check tickets; what big logs leave on disk stays until the block is left."""
    try:
        if Path(asked.word).is_file():
            with _of_file(Path(asked.word), asked, way) as seen:
                yield seen
        else:
            _for_logs_alone(asked, way)
            yield _of_records(asked)
    except TooManyStatesError as error:
        raise Stop(
            PROBLEMS,
            f"流程 {error.name} 的状态超过 {error.limit} 个，无法对照。\n"
            f"Workflow {error.name} has more than {error.limit} states; no log can be held to it.",
        ) from None
    except NoWayError as error:
        raise Stop(
            PROBLEMS,
            f"流程走不通：{error}。请先运行 sopaudit check。\n"
            f"A workflow has no way from a start to an end: {error}. Run sopaudit check first.",
        ) from None


def _for_logs_alone(asked: Asked, way: Way) -> None:
    """Refuse options that mean nothing to records, instead of passing over them."""
    given = ", ".join((*(["--mapping"] if asked.mapping is not None else []), *way.asked))
    if given:
        raise usage(
            f"{given} 只用于单独的日志文件；一个文件夹的记录按 data/mapping.yaml 读，一次核对完。",
            f"{given}: for a log file alone; a folder of records is read by its data/mapping.yaml "
            "and checked in one go.",
        )


# --- the records of an office --------------------------------------------------------------------


def _of_records(asked: Asked) -> Looked:
    one = subject(asked.word, asked.handbook, asked.lang, read_day(asked.as_of))
    book, flow = _walked(asked.workflow, one.handbook, one.lang)
    day = one.now.astype("datetime64[D]").astype(date)
    quality = quality_of(one.records, book, Expected(known_events(book), as_of=day))
    log = log_of(one.records)
    results = hear(book, one.records, one.now) if flow is None else {}
    checked = _checked(log, one.records, book, flow, one.now, results, quality)
    return Looked(checked, quality, book, one.lang, one.word, not quality.assessable, one.unsound)


def _checked(
    log: EventLog,
    records: Records,
    book: Handbook,
    flow: str | None,
    now: np.datetime64,
    results: dict[str, RuleResult],
    quality: Quality,
) -> Checked:
    day = None if np.isnat(now) else now.astype("datetime64[D]").astype(date)
    told = None
    if len(log) and quality.assessable and book.workflows:
        told = conform(log, book, flow, day, office=records.office)
    heard, let_be = counting(results, Hearing(book, records, now), day or _last(log))
    ruled = rule_deviations(heard.values(), records, book)
    return Checked(now, len(log), told, heard, ruled, let_be)


# --- a log of its own ----------------------------------------------------------------------------


@contextmanager
def _of_file(path: Path, asked: Asked, way: Way) -> Iterator[Looked]:
    book, lang = _book(asked)
    book, flow = _walked(asked.workflow, book, lang)
    now = read_day(asked.as_of)
    day = None if now is None else now.astype("datetime64[D]").astype(date)
    expected = Expected(known_events(book), as_of=day)
    opened_ = open_log(path, book, asked.mapping, expected=expected)
    if not isinstance(opened_, OpenedLog):
        tell(opened_, lang)
        raise Stop(PROBLEMS)
    shown = path.as_posix()
    if isinstance(opened_.source, TableSource) and way.parts({"": path}):
        big = BigLog(opened_, book, flow, day, version=__version__)
        try:
            with in_parts(big, way, lang, "checking"):
                result = big.result
                told = BigChecked(_NEVER if now is None else now, result, unruled=flow is None)
                yield Looked(told, result.quality, book, lang, shown, not result.quality.assessable)
        except UnreadableLogError as error:
            tell(error.problems, lang)
            raise Stop(PROBLEMS) from None
        return
    log, passed, problems = opened_.read(opened_.source)
    tell(problems, lang)
    if log is None:
        raise Stop(PROBLEMS)
    quality = measured(log, passed, opened_.known)
    found = _of_log(log, quality, (book, flow, lang), now, shown)
    yield replace(found, unsound=bool(problems))


def _of_log(
    log: EventLog,
    quality: Quality,
    walked: tuple[Handbook, str | None, str],
    now: np.datetime64 | None,
    shown: str,
) -> Looked:
    """Check a log in one go, also against the rules that need nothing else.

    Rules must know how late it is: where nobody says, the log ends with its last day.
    """
    book, flow, lang = walked
    records = records_of(log)
    heard = flow is None and quality.assessable
    results = hear(book, records, _end(log) if now is None else now) if heard else {}
    at = _NEVER if now is None else now
    checked = _checked(log, records, book, flow, at, results, quality)
    return Looked(checked, quality, book, lang, shown, not quality.assessable)


def _last(log: EventLog) -> date:
    """Give the last day of a log, by which suppressions hold where nobody names a day."""
    last: date = _end(log).astype("datetime64[D]").astype(date)
    return last


def _end(log: EventLog) -> np.datetime64:
    timed = log.at[~np.isnat(log.at)]
    last = timed.max() if len(timed) else np.datetime64("2000-01-01", "us")
    end: np.datetime64 = (last.astype("datetime64[D]") + 1).astype("datetime64[us]")
    return end - np.timedelta64(1, "us")


def _book(asked: Asked) -> tuple[Handbook, str]:
    """Open the handbook; a log with a workflow of its own needs none."""
    near = (Path.cwd(), *Path.cwd().resolve().parents)
    alone = asked.workflow is not None and Path(asked.workflow).is_file()
    if asked.handbook is None and alone and not any((f / SETTINGS).is_file() for f in near):
        return bare(), language(asked.lang)
    return opened(found(asked.handbook), asked.lang)


def _walked(workflow: str | None, book: Handbook, lang: str) -> tuple[Handbook, str | None]:
    """Give the handbook a workflow is walked in, and its id; None for the whole journey."""
    if workflow is None:
        return book, None
    if Path(workflow).is_file():
        made, problems = workflow_from(Path(workflow), book)
        tell(problems, lang)
        if made is None:
            raise Stop(PROBLEMS)
        return made
    name = next((n for n in (workflow, workflow.upper()) if n in book.workflows), None)
    if name is None:
        zh, en = f"没有流程“{workflow}”。", f"There is no workflow “{workflow}”."
        raise unknown(zh, en, workflow, list(book.workflows))
    return book, name
