"""How a command ends before its end, and what its exit code says."""

import errno
from collections.abc import Collection
from pathlib import Path
from typing import Final

CLEAN: Final = 0
PROBLEMS: Final = 1
USAGE: Final = 2
BUG: Final = 3
INTERRUPTED: Final = 130
"""By Ctrl-C; this and the next two are what a shell says of a program a signal ended."""

CLOSED: Final = 141
"""Whoever read standard output has gone: `sopaudit … | head`."""

TERMINATED: Final = 143


class Stop(Exception):  # noqa: N818 -- it ends a command, and is often no error at all
    """Ends a command with an exit code; `main` turns it into one."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def usage(zh: str, en: str) -> Stop:
    """Say in both languages that the command was called wrongly; the caller raises it."""
    return Stop(USAGE, f"{zh}\n{en}")


def unknown(zh: str, en: str, word: str, known: Collection[str]) -> Stop:
    """Say that there is no such thing, and what may have been meant; the caller raises it."""
    from sopaudit.problems import FEW, alike

    near = alike(word, known)
    if near:
        told = ", ".join(near)
        return usage(f"{zh}是不是：{told}？", f"{en} Did you mean: {told}?")
    if 0 < len(set(known)) <= FEW:
        told = ", ".join(dict.fromkeys(known))
        return usage(f"{zh}有的是：{told}。", f"{en} There is: {told}.")
    # The first of hundreds of names would be no guess at all.
    return usage(zh, en)


def refused(error: OSError, path: Path | str, zh: str, en: str) -> Stop:
    """Say what the system would not do with a path, and why; the caller raises it."""
    from sopaudit.file import PATH_LIMIT

    shown = Path(path).as_posix()
    # Windows says of a path that is too long that there is no such file.
    long = error.errno == errno.ENOENT and len(str(Path(path).absolute())) > PATH_LIMIT
    other = error.strerror or type(error).__name__
    why = _REASONS.get(errno.ENAMETOOLONG if long else error.errno or 0, (other, other))
    return Stop(PROBLEMS, f"{shown} {zh}：{why[0]}。\n{shown} {en}: {why[1]}.")


_NO_RIGHT: Final = ("没有权限，请换一个文件夹", "you have no right to; choose another folder")
_FULL: Final = ("磁盘已满，请先腾出空间", "the disk is full; make room first")
_BLOCKED: Final = ("路径中间有一段是文件，不是文件夹", "a part of the path is a file and no folder")

_REASONS: Final = {
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: ("磁盘是只读的，请换一个位置", "the disk can only be read; choose another place"),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.ENOTDIR: _BLOCKED,
    errno.EEXIST: _BLOCKED,
    errno.EISDIR: ("已经有一个同名的文件夹", "there is a folder of that name"),
    errno.ENAMETOOLONG: (
        "名字或路径太长，请改短或换一个上级文件夹",
        "the name or path is too long; shorten it or choose a folder further up",
    ),
    errno.EINVAL: (
        "名字里有系统不允许的字符",
        "the name holds characters the system does not allow",
    ),
    errno.ELOOP: ("链接绕成了圈", "links lead round in a circle"),
    errno.ENOENT: ("没有这个文件或文件夹", "there is no such file or folder"),
    errno.EIO: ("读写磁盘出错", "the disk cannot be read or written"),
}
"""What the system says, in words of both languages."""
