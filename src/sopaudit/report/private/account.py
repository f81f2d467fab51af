"""What leads to a person by itself: e-mail, accounts of messengers where they are named, plates."""

import re
from collections.abc import Iterator
from typing import Final

from sopaudit.report.private.span import Span, matched

_MAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
_NO_ACCOUNT: Final = r"(?![A-Za-z]{1,5}-?[0-9]{4,}-)(?![0-9]{4}[-/.][0-9])"
"""Not before a ticket or a date."""

_ACCOUNT: Final = re.compile(
    # `WeChat message` is no account.
    r"(?:微信|扣扣|(?<![A-Za-z])(?:wechat|weixin|wx|vx|qq)(?![A-Za-z])"
    r"(?![ ]+(?!id\b)[A-Za-z]+(?![A-Za-z0-9_-])))"
    rf"(?:账号|号码|号|[ ]?id)?(?:是|为|[:=]|[ ]){{0,3}}{_NO_ACCOUNT}"
    r"(?P<x>[A-Za-z][A-Za-z0-9_-]{4,19}|[1-9][0-9]{4,11}(?![0-9年月日元条个次分秒号]))",
    re.IGNORECASE,
)
_PLATE: Final = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][ ·•・-]?"
    "(?=[A-Z0-9]{0,5}[0-9])(?:[A-Z0-9]{5,6}|[A-Z0-9]{4}[挂学警港澳])(?![A-Z0-9])",
    re.IGNORECASE,
)


def accounts(text: str) -> Iterator[Span]:
    """Find them in a folded text."""
    yield from matched(text, (_MAIL,), "mail")
    yield from matched(text, (_ACCOUNT,), "account")
    yield from matched(text, (_PLATE,), "plate")
