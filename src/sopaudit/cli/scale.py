"""Big tables as a person asks for them: by which engine, with a bar, stopped and gone on with."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sopaudit.cli.option import ENGINES
from sopaudit.cli.progress import watched
from sopaudit.cli.session import one_of
from sopaudit.cli.stop import INTERRUPTED, PROBLEMS, Stop, usage
from sopaudit.cluster import DaskMissingError, NoSchedulerError, cluster
from sopaudit.crew import WorkerLostError, shared
from sopaudit.findings.parts import Big, Engine, clear, rows_about, serial

LARGE: Final = 1 << 22
"""Rows from which on parts pay: fewer take seconds in one go."""

_TRIES: Final = 3
"""A job whose worker is lost so often is what ends them."""

_BAR: Final = 40

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "scoring": "评分",
        "checking": "核对",
        "kept": "\n已中断：{jobs} 份里 {done} 份已经做完，留在 {folder}；"
        "再运行同一条命令会接着做。",
    },
    "en": {
        "scoring": "scoring",
        "checking": "checking",
        "kept": "\nInterrupted: {done} of {jobs} jobs are done and kept in {folder}; "
        "the same command goes on from there.",
    },
}
_LOST: Final = (
    "工作进程一再被系统结束，多半是内存不够；做完的部分都留着。"
    "请用 --workers 减少进程数，再运行一次。\n"
    "The system ended processes at work again and again, most likely for want of memory; "
    "parts that are done are kept. Take fewer with --workers and run it again."
)


@dataclass(frozen=True)
class Way:
    """How big tables are to be worked on, as asked."""

    engine: str | None = None
    workers: int | None = None
    scheduler: str | None = None
    work: Path | None = None
    output: Path | None = None

    def reached(self, files: Mapping[str, Path]) -> Mapping[str, Path]:
        """Name files so that workers on other machines find them, who stand in other folders."""
        if self.scheduler is None:
            return files
        return {name: path.absolute() for name, path in files.items()}

    def parts(self, files: Mapping[str, Path]) -> bool:
        """Say whether to work in parts: the table is large, or somebody asks for it."""
        return bool(self.asked) or rows_about(files.values()) >= LARGE

    @property
    def asked(self) -> tuple[str, ...]:
        """The options that were given."""
        said = {
            "--engine": self.engine,
            "--workers": self.workers,
            "--scheduler": self.scheduler,
            "--work": self.work,
        }
        return tuple(name for name, value in said.items() if value is not None)


def way(
    engine: str | None,
    workers: int | None,
    scheduler: str | None,
    work: Path | None,
    output: Path | None,
) -> Way:
    """Take the options as they were given; ends the command where an engine is unknown."""
    if engine is not None:
        one_of(engine, ENGINES, "--engine")
    return Way(engine, workers, scheduler, work, output)


@contextmanager
def in_parts(tables: Big, way: Way, lang: str, bar: str = "scoring") -> Iterator[None]:
    """Do work on tables in parts, and keep these until the block is left; `bar` names the work."""
    words = _WORDS["zh" if lang == "zh" else "en"]
    with _folder(way) as folder:
        done = 0
        try:
            with _engine(way) as engine:
                working = tables.work(engine, folder)
                for jobs in watched(working, partial(_bar, tables, words[bar]), int):
                    done += jobs
        except WorkerLostError:
            raise Stop(PROBLEMS, _LOST) from None
        except KeyboardInterrupt:
            if not (tables.jobs and _lasting(way)):
                raise
            told = {"done": done, "jobs": tables.jobs, "folder": folder.as_posix()}
            raise Stop(INTERRUPTED, words["kept"].format(**told)) from None
        yield


def _bar(tables: Big, word: str, done: int, _: float) -> str:
    full = done * _BAR // (tables.jobs or 1)
    return f"{word} [{'#' * full}{'.' * (_BAR - full)}] {done}/{tables.jobs}"


def _lasting(way: Way) -> bool:
    """Say whether the work outlives the command."""
    to_file = way.output is not None and (way.output.is_file() or not way.output.exists())
    return way.work is not None or to_file


@contextmanager
def _folder(way: Way) -> Iterator[Path]:
    """Give the folder of the work: as asked and kept, else beside the output and cleared at last.

    Where there is no output it is a temporary one.
    """
    if way.work is not None:
        yield way.work.absolute() if way.scheduler else way.work
    elif way.output is not None and _lasting(way):
        beside = way.output.with_name(f"{way.output.name}.parts")
        yield beside.absolute() if way.scheduler else beside
        clear(beside)
    else:
        with TemporaryDirectory(prefix="sopaudit-") as name:
            yield Path(name)


@contextmanager
def _engine(way: Way) -> Iterator[Engine]:
    workers = way.workers or _cores()
    if way.scheduler is not None and way.engine not in {None, "dask"}:
        raise usage(
            "--scheduler 只用于 --engine dask。", "--scheduler belongs to --engine dask alone."
        )
    if way.engine == "serial":
        yield serial
    elif way.engine == "dask" or way.scheduler is not None:
        try:
            with cluster(workers, way.scheduler) as dask:
                yield dask
        except DaskMissingError:
            raise usage(
                "--engine dask 需要：pip install 'sopaudit[dask]'；不装也可以用 --engine pool。",
                "--engine dask needs: pip install 'sopaudit[dask]'; --engine pool needs nothing.",
            ) from None
        except NoSchedulerError as error:
            raise usage(
                f"连不上调度器 {way.scheduler}：{error}。",
                f"The scheduler {way.scheduler} does not answer: {error}.",
            ) from None
    else:
        yield partial(shared, workers=workers, tries=_TRIES)


def _cores() -> int:
    """Count the processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
