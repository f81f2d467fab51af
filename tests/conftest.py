"""Golden files: what a user sees, kept beside its test.

A golden file is called `expected.*` or `*.expected.*` and stands below one of `FOLDERS`.
`pytest --update-golden` writes them anew; a full run fails on one that no test looked at.

What a test finds hangs on the code alone: not on how fast a machine is, and not on luck. Examples
are drawn the same on every run; `--hypothesis-profile=search` draws new ones.
"""

import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings

HERE: Final = Path(__file__).parent
FOLDERS: Final = ("errors", "golden", "handbooks")

_USED: Final = pytest.StashKey[set[Path]]()
_STALE: Final = pytest.StashKey[list[Path]]()

# A machine under load takes any time for an example, and for drawing it.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("search"), derandomize=True, database=None)
settings.load_profile("same")

_ANOTHER_REPOSITORY: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git tells its hooks; with it the git of a test works in the repository of the hook."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


def pytest_configure(config: pytest.Config) -> None:
    for name in _ANOTHER_REPOSITORY:
        os.environ.pop(name, None)
    config.stash[_USED] = set[Path]()
    config.stash[_STALE] = []
    config.pluginmanager.register(Shared())


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what stays to the end: tests, modules, models.

    It would go through them again for every few handbooks that are read, which took a tenth of the
    time. What a test leaves behind is still collected.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Hold a text against a golden file, exactly."""
    config = request.config

    def compare(path: Path, text: str) -> None:
        config.stash[_USED].add(path)
        if config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert path.is_file(), f"{path} is missing; --update-golden writes it"
        assert text == path.read_bytes().decode()

    return compare


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):  # one of several that share the tests; the master judges
        config.workeroutput["golden"] = [str(path) for path in config.stash[_USED]]
        return
    everything = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if not everything or session.testsfailed or config.option.keyword or config.option.markexpr:
        return
    used = config.stash[_USED]
    named = (path for path in HERE.rglob("*expected.*") if set(FOLDERS) & set(path.parts))
    found = {path for path in named if path.is_file()}
    for path in sorted(found - used):
        if config.getoption("--update-golden"):
            path.unlink()
        else:
            config.stash[_STALE].append(path)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


class Shared:
    """Hears of the golden files that were looked at in other processes."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 -- xdist ships no types
        node.config.stash[_USED] |= {Path(path) for path in node.workeroutput["golden"]}


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for path in config.stash[_STALE]:
        terminalreporter.write_line(f"golden file nobody looked at: {path}", red=True)
