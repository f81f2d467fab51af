"""Problems for people: each as a sentence with its line and the way out, and how many there are."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from sopaudit.problems import Problem
from sopaudit.terminal import in_line

AT_ONCE: Final = 5
"""So many of one code in one file are told in full; of more, the first few."""

FEW: Final = 3

_REST: Final = {
    "zh": "{path}: {code} 还有 {count} 处（第 {lines} 行），都是同样的问题；先改好上面的再查一遍。",
    "en": "{path}: {code} {count} more of the same (lines {lines}); mend those above first.",
}
_COUNTED: Final = {
    "zh": "{files} 个文件中有 {count} 个问题。用 sopaudit explain 代码 查看说明。",
    "en": "{count} {problems} in {files} {in_files}. `sopaudit explain CODE` tells more.",
}
_LINES: Final = 8
"""So many line numbers are named."""


def problems_text(problems: Sequence[Problem], lang: str) -> str:
    """Tell problems in order; a file copied into the handbook is not told forty times."""
    return "".join(f"{told}\n" for told in _told(problems, lang))


def _told(problems: Sequence[Problem], lang: str) -> Iterator[str]:
    alike = Counter((problem.place.path, problem.code) for problem in problems)
    rest: dict[tuple[str, str], list[Problem]] = {}
    seen = Counter[tuple[str, str]]()
    for n, problem in enumerate(problems):
        key = (problem.place.path, problem.code)
        seen[key] += 1
        if alike[key] <= AT_ONCE or seen[key] <= FEW:
            yield problem.text(lang)
        else:
            rest.setdefault(key, []).append(problem)
        last = n + 1 == len(problems) or problems[n + 1].place.path != problem.place.path
        if last:
            yield from (_rest(more, lang) for more in rest.values())
            rest.clear()


def _rest(more: Sequence[Problem], lang: str) -> str:
    lines = list(dict.fromkeys(str(problem.place.line) for problem in more))
    shown = ", ".join(lines[:_LINES]) + (" …" if len(lines) > _LINES else "")
    first = more[0]
    path = in_line(first.place.path)
    return _REST[lang].format(path=path, code=first.code, count=len(more), lines=shown)


def counted(problems: Sequence[Problem], lang: str) -> str:
    """Say how many problems there are, and in how many files."""
    files = len({problem.place.path for problem in problems})
    return _COUNTED[lang].format(
        files=files,
        count=len(problems),
        problems="problem" if len(problems) == 1 else "problems",
        in_files="file" if files == 1 else "files",
    )
