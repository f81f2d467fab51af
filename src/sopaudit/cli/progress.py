"""A line that says how far long work has come, where a person is watching."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

EVERY: Final = 0.2
"""Seconds between two looks; work shorter than that shows nothing."""

Step = TypeVar("Step")


def watched(
    steps: Iterable[Step], told: Callable[[int, float], str], size: Callable[[Step], int]
) -> Iterator[Step]:
    """Pass `steps` on, and on a terminal say how much has gone by.

    `told` makes the line from the sum of `size` over the steps and the seconds passed. The line is
    written over itself on the error stream and wiped in the end; elsewhere nothing is written.
    """
    if not sys.stderr.isatty():
        yield from steps
        return
    begun = shown = time.monotonic()
    done, longest = 0, 0
    for step in steps:
        yield step
        done += size(step)
        now = time.monotonic()
        if now - shown >= EVERY:
            shown = now
            line = told(done, now - begun)
            longest = max(longest, len(line))
            sys.stderr.write(f"\r{line:<{longest}}")
            sys.stderr.flush()
    if longest:
        sys.stderr.write("\r" + " " * longest + "\r")
        sys.stderr.flush()
