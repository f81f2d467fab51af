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
from multiprocessing.connection import Connection, wait
from typing import Any, Final, TypeVar

Job = TypeVar("Job")
Done = TypeVar("Done")

_STOPS: Final = (signal.SIGINT, signal.SIGTERM)


class WorkerLostError(Exception):
    """The system ended a process that was at work; most often it ran out of memory."""


def shared(
    work: Callable[[Job], Done], jobs: Sequence[Job], workers: int
) -> Generator[Done, None, None]:
    """Do `jobs`, several at a time, and give what comes of them in their order.

    Workers are forked from this process, with all it has loaded, where the system can fork. What
    `work` raises is raised here; WorkerLostError where the system ends one.
    """
    with _crew(work, min(workers, len(jobs))) as crew:
        waiting, done = deque(enumerate(jobs)), dict[int, Done]()
        busy: dict[Any, int] = {}
        for pipe in crew:
            _give(pipe, waiting, busy)
        for number in range(len(jobs)):
            while number not in done:
                for ready in wait(list(busy)):
                    done[busy.pop(ready)] = _taken(ready)
                    _give(ready, waiting, busy)
            yield done.pop(number)


def _give(pipe: Any, waiting: deque[tuple[int, Any]], busy: dict[Any, int]) -> None:  # noqa: ANN401 -- a Connection, which `wait` calls an object
    if not waiting:
        return
    busy[pipe], job = waiting.popleft()
    try:
        pipe.send(job)
    except OSError:
        raise WorkerLostError from None


def _taken(pipe: Any) -> Any:  # noqa: ANN401 -- the same
    try:
        sound, answer = pipe.recv()
    except (EOFError, OSError):
        raise WorkerLostError from None
    if not sound:
        raise answer
    return answer


@contextmanager
def _crew(work: Callable[[Any], Any], workers: int) -> Iterator[list[Connection]]:
    """Start workers, and end them whatever happens."""
    can_fork = "fork" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("fork" if can_fork else "spawn")
    pipes, processes = [], []
    try:
        for _ in range(workers):
            here, there = context.Pipe()
            process = context.Process(target=_serve, args=(there, work), daemon=True)
            # Until it has found its feet a worker would take a stop for its master's.
            with _deaf():
                process.start()
            processes.append(process)
            pipes.append(here)
            # Its end of the pipe is now its own: when it is gone, the pipe ends.
            there.close()
        yield pipes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()
        for pipe in pipes:
            pipe.close()


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
