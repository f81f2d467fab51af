"""Work shared among machines by Dask: the same jobs and the same function, whoever does them.

Dask comes with the extra `sopaudit[dask]` and is imported when somebody asks for it. Of all it has,
only `Client.map` is used: no data frames, no shuffle, and results that are file names.
"""
# ruff: noqa: PLC0415 -- for that reason

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sopaudit.crew import WorkerLostError

Job = TypeVar("Job")
Done = TypeVar("Done")

_QUIET: Final = {"logging": {"distributed": "critical"}}
"""A worker that was lost is replaced, and whoever waits for results need not read about it."""


_DEAF: Final = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""Runs in a worker as it starts: at Ctrl-C the master ends it, and speaks for all."""


class DaskMissingError(Exception):
    """The extra is not installed."""


class NoSchedulerError(Exception):
    """Nobody answers at the address of the scheduler."""


class Cluster:
    """Workers of Dask: does jobs, and gives what comes of them as they are done."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 -- Dask is not always here
        self._client = client

    def __call__(self, work: Callable[[Job], Done], jobs: Sequence[Job]) -> Iterator[Done]:
        """Do `jobs`, in any order.

        The jobs of a worker that the system ends go to others; WorkerLostError where that happens
        again and again.
        """
        from distributed import KilledWorker, as_completed

        futures = self._client.map(work, jobs, pure=False)
        try:
            for future, done in as_completed(futures, loop=self._client.loop, with_results=True):
                # Who is lost takes its results along, and what nobody holds is not done again.
                future.release()
                yield done
        except KilledWorker:
            raise WorkerLostError from None


@contextmanager
def cluster(workers: int, scheduler: str | None = None) -> Iterator[Cluster]:
    """Start workers on this machine, or use those of the scheduler at an address.

    Raises DaskMissingError and NoSchedulerError.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise DaskMissingError from None
    dask.config.update(dask.config.global_config, _QUIET)
    if scheduler is not None:
        try:
            client = Client(scheduler, timeout="10s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise NoSchedulerError(str(error).rstrip(".")) from None
        with client:
            yield Cluster(client)
        return
    with _deaf():
        local = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            memory_limit=None,
            silence_logs=50,
            preload=[_DEAF],
        )
    with local, Client(local, set_as_default=False) as client:
        yield Cluster(client)


@contextmanager
def _deaf() -> Iterator[None]:
    """Put off Ctrl-C until workers have found their feet, where the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
