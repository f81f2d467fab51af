"""Work shared among processes, with nothing between them that could wait for ever.

Each worker has a pipe of its own to its master, and gets a job only when it has none. No thread and
no lock is shared, so whoever is ended, at whatever moment, is seen by the end of a pipe. The pool
of the standard library keeps a thread that feeds all workers through one pipe: where they die
while it writes, as they do at Ctrl-C, it waits for ever (seen with CPython 3.11).
"""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Final, TypeVar

Job = TypeVar("Job")
Done = TypeVar("Done")

_STOPS: Final = (signal.SIGINT, signal.SIGTERM)


class WorkerLostError(Exception):
    """The system ended a process that was at work; most often it ran out of memory."""


def shared(
    work: Callable[[Job], Done], jobs: Sequence[Job], workers: int, *, tries: int = 1
) -> Generator[Done, None, None]:
    """Do `jobs`, several at a time, and give what comes of them in their order.

    Workers are forked from this process, with all it has loaded, where the system can fork. What
    `work` raises is raised here. A job whose worker the system ends goes to a new one, so often as
    `tries` says in all; then it is WorkerLostError.
    """
    with _crew(work, min(workers, len(jobs))) as crew:
        waiting, done = (
            deque(_Given(n, job, tries) for n, job in enumerate(jobs)),
            dict[int, Done](),
        )
        busy: dict[Any, _Given] = {}
        for free in crew.pipes:
            _give(free, crew, waiting, busy)
        for number in range(len(jobs)):
            while number not in done:
                for ready in wait(list(busy)):
                    pipe: Any = ready
                    given = busy.pop(pipe)
                    try:
                        done[given.number] = _taken(pipe)
                    except WorkerLostError:
                        waiting.appendleft(given.again())
                        pipe = crew.instead_of(pipe)
                    _give(pipe, crew, waiting, busy)
            yield done.pop(number)


@dataclass(frozen=True)
class _Given:
    """A job, and how often it may still be given to somebody."""

    number: int
    job: Any
    tries: int

    def again(self) -> "_Given":
        if self.tries <= 1:
            raise WorkerLostError
        return _Given(self.number, self.job, self.tries - 1)


def _give(pipe: Any, crew: "_Crew", waiting: deque[_Given], busy: dict[Any, _Given]) -> None:  # noqa: ANN401 -- a Connection, which `wait` calls an object
    while waiting:
        given = waiting.popleft()
        try:
            pipe.send(given.job)
        except OSError:
            waiting.appendleft(given.again())
            pipe = crew.instead_of(pipe)
            continue
        busy[pipe] = given
        return


def _taken(pipe: Any) -> Any:  # noqa: ANN401 -- the same
    try:
        sound, answer = pipe.recv()
    except (EOFError, OSError):
        raise WorkerLostError from None
    if not sound:
        raise answer
    return answer


class _Crew:
    """Workers, each at the other end of a pipe."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        can_fork = "fork" in multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("fork" if can_fork else "spawn")
        self._work = work
        self._processes: dict[Connection, Any] = {}

    @property
    def pipes(self) -> list[Connection]:
        """Our ends of the pipes."""
        return list(self._processes)

    def hire(self) -> Connection:
        """Start one more worker."""
        here: Connection
        here, there = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(there, self._work), daemon=True)
        # Until it has found its feet a worker would take a stop for its master's.
        with _deaf():
            process.start()
        self._processes[here] = process
        # Its end of the pipe is now its own: when it is gone, the pipe ends.
        there.close()
        return here

    def instead_of(self, pipe: Connection) -> Connection:
        """Start a worker in the place of one that is gone."""
        lost = self._processes.pop(pipe)
        lost.terminate()
        lost.join()
        pipe.close()
        return self.hire()

    def dismiss(self) -> None:
        """End them all."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            process.join()
        for pipe in self._processes:
            pipe.close()


@contextmanager
def _crew(work: Callable[[Any], Any], workers: int) -> Iterator[_Crew]:
    """Start workers, and end them whatever happens."""
    crew = _Crew(work)
    try:
        for _ in range(workers):
            crew.hire()
        yield crew
    finally:
        crew.dismiss()


def _serve(pipe: Connection, work: Callable[[Any], Any]) -> None:
    """Be a worker: end without a word when the whole program is stopped; the master speaks."""
    for stop in _STOPS:
        signal.signal(stop, signal.SIG_DFL)
    _listen()
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        try:
            answer = (True, work(job))
        except Exception as error:  # noqa: BLE001 -- it is raised where the result is wanted
            answer = (False, error)
        pipe.send(answer)


@contextmanager
def _deaf() -> Iterator[None]:
    """Put off Ctrl-C and `kill` for a moment, where the system can."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        _listen()


def _listen() -> None:
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
