"""Names in a text: those of the roster, and of others where a title or a label gives them away."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sopaudit.report.private.span import HAN, UNSEEN, Span, folded, matched

_BETWEEN: Final = f"[ \\t{UNSEEN}·•・]{{0,2}}"
"""May stand between the characters of a name: forms pad `王 敏` to the width of three."""

_MARKS: Final = "[\u0300-\u036f]*"
_LETTER: Final = f"[^\\W\\d_{HAN}]"
_SPACED: Final = 5
"""Letters from which on a given name may be written as its syllables: `Jian hua`."""

_TWO: Final = re.compile("(?:[^aeiou][aeiou]){2}")
"""A shorter one that is two syllables all the same: `Li na`."""

_SHORTEST: Final = 2
"""A name of one character is a word of every other sentence."""


class Names:
    """The names of a roster, in whatever way people write them."""

    def __init__(self, *groups: Iterable[tuple[str, str]]) -> None:
        """Begin with names and their staff numbers; a name two groups share is the first one's."""
        self.staff: set[str] = set()
        """Every number of the roster."""

        self._numbers: dict[str, str] = {}
        ways: dict[str, _Way] = {}
        for group in groups:
            bearers: dict[str, set[str]] = {}
            for name, staff in group:
                self.staff.add(staff)
                for way in _ways(name):
                    ways.setdefault(way.key, way)
                    bearers.setdefault(way.key, set()).add(staff)
            for key, staffs in bearers.items():
                # Two people who are written alike are told apart by nobody.
                self._numbers.setdefault(key, staffs.pop() if len(staffs) == 1 else "")
        self._pattern = _alternatives(ways.values())

    def find(self, text: str) -> Iterator[Span]:
        """Find them in a folded text, the longest at each place."""
        for found in self._pattern.finditer(text):
            key = _key(found[0])
            staff = "" if key in _ORDINARY else self._numbers.get(key, "")
            yield Span(*found.span(), "name", staff)


@dataclass(frozen=True)
class _Way:
    """A way to write a name."""

    key: str
    """What its letters are, without case and whatever stands between them."""

    first: str
    rest: str
    """Its first sign, and the pattern of what follows."""

    letters: bool
    """It is written in letters, which must not go on before or after it."""


def _key(written: str) -> str:
    return "".join(sign for sign in written.casefold() if sign.isalnum())


def _alternatives(ways: Iterable[_Way]) -> re.Pattern[str]:
    """Match any of them; those that begin alike stand together, because there may be thousands."""
    begun: dict[tuple[bool, str], list[_Way]] = {}
    for way in sorted(ways, key=lambda way: (-len(way.key), way.key)):
        begun.setdefault((way.letters, way.first), []).append(way)
    patterns = []
    for (letters, first), alike in begun.items():
        pattern = f"{first}(?:{'|'.join(way.rest for way in alike)})"
        patterns.append(f"(?<!{_LETTER}){pattern}(?!{_LETTER})" if letters else pattern)
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def _ways(name: str) -> Iterator[_Way]:
    """List the ways to write a name: in Chinese, and in letters with the family name first or last.

    A name may be declared in both at once, such as `王敏 (Wang Min)`.
    """
    for run in re.findall(f"[{HAN}]+(?:[ ·•・]?[{HAN}]+)*", folded(name)):
        signs = _key(run)
        if len(signs) >= _SHORTEST:
            yield _Way(signs, signs[0], _BETWEEN + _BETWEEN.join(signs[1:]), letters=False)
    whole = unicodedata.normalize("NFC", name).replace("Ü", "ü")
    for written in dict.fromkeys(whole.replace("ü", vowel) for vowel in _UMLAUT):
        parts = [p for p in re.findall(f"(?:{_LETTER}|['’-])+", folded(written)) if _key(p)]
        if sum(map(len, map(_key, parts))) >= _SHORTEST:
            for order in (parts, [*parts[1:], parts[0]], [parts[-1], *parts[:-1]]):
                signs = "".join(map(_key, order))
                spelt = f"[ \\t.,_{UNSEEN}-]{{0,2}}".join(map(_spelt, order))
                yield _Way(signs, signs[0], spelt.removeprefix(signs[0]), letters=True)


_UMLAUT: Final = ("u", "v", "yu", "ue")
"""How `ü` is written by those who have no key for it."""


def _spelt(part: str) -> str:
    """Match one word of a name; its syllables may stand apart or be joined by a hyphen."""
    letters = _key(part)
    one = len(letters) < _SPACED and not _TWO.fullmatch(letters)
    gap = f"[-'’{UNSEEN}]?" if one else f"[-'’ {UNSEEN}]?"
    return gap.join(f"{letter}{_MARKS}" for letter in letters)


_ORDINARY: Final = frozenset(
    [
        "安静",
        "安全",
        "白洁",
        "白雪",
        "包容",
        "常青",
        "成功",
        "程序",
        "方便",
        "方法",
        "方向",
        "高峰",
        "高级",
        "高兴",
        "高原",
        "关键",
        "海洋",
        "黄河",
        "江山",
        "金星",
        "黎明",
        "马上",
        "明白",
        "平安",
        "全面",
        "任务",
        "石林",
        "时刻",
        "陶冶",
        "田野",
        "万里",
        "温暖",
        "文明",
        "项目",
        "易损",
        "张力",
        "周全",
        "周末",
        "周期",
        "周到",
    ]
)
"""Names that are words as well. They are hidden, but nobody can say that they mean a person."""

_SURE: Final = (
    "王李张刘陈杨赵黄吴徐孙朱胡郭林罗郑梁宋谢唐韩曹邓萧肖冯蔡彭潘袁董苏叶吕魏蒋杜丁沈姜范傅钟卢汪戴崔"
    "陆廖姚邱夏谭韦邹贾熊孟秦阎闫薛侯雷龙史陶黎贺顾毛郝龚邵钱覃武"
)
"""Family names that begin few other words."""

_COMMON: Final = (
    f"(?:欧阳|上官|司马|诸葛|慕容|皇甫|[{_SURE}周何高马许程曾余田石江白段汤尹易乔赖文庄柯翁欧裴]"
    "|(?<![现前曾时历担兼就首离连新原上接责主])任)"
)
"""Family names, where a title or a label says that there is one."""

_WORDS: Final = (
    "(?!陈述|陈列|张贴|张口|谢绝|谢谢|钱款|夏天|夏季|钟头|雷雨|武断|毛病|黄色|叶片|龙头|顾虑|顾不|顾及|罗列|唐突"
    "|董事|范围|苏醒|高级|高峰|任何|马上|白班|江苏|江西|武汉|苏州|郑州|徐州|沈阳|唐山|石家|许可|何时|文员|文档"
    "|周[一二三四五六日末期边]|余下|段落|易损|陆续|孙子|孙女|毛巾|林业|史上|顾客|钱[已未没还]|周转|石油|程序|高效|白天|钟点|曾任|任一|何人|苏大区)"
)
"""Not before words that begin like a name."""

_PERSONAL: Final = (
    "先生|女士|小姐|太太|阿姨|叔叔|爷爷|奶奶|大爷|大妈|大叔|大娘|大伯|大姐|大哥|婆婆|师傅"
)
_RARE: Final = (
    "闵麦尚佟詹甘符祝涂盛关辛包左纪苗凌屈项祁樊岳靳兰柴洪解耿季聂鲁葛焦柳邢齐梅殷倪施"
    "严牛温芦童霍章米桑甄晏房阮褚滕古冉匡"
)
"""Family names that begin many words; only before what nobody but a person is called."""

_OFFICIAL: Final = "站长|主任|经理|主管|工程师|组长|店长|老师|总监|老板"
_CUSTOMER: Final = "客户|顾客|用户|业主"
_RECEIVER: Final = f"{_CUSTOMER}|机主|车主|联系人|收货人|收件人|签收人"
_SAYS: Final = (
    "反映|来电|来访|投诉|要求|表示|说|称|询问|咨询|家|的|于|在|未|已|认为|确认|签字|电话|报修|同意"
    "|拒绝|预约"
)
_STRANGERS: Final = (
    re.compile(f"{_WORDS}(?P<x>{_COMMON}[{HAN}]{{0,2}})(?={_PERSONAL}|{_OFFICIAL})"),
    re.compile(
        "(?!关于|关心|包括|包含|房东|项目|解释|左边|左右)"
        f"(?P<x>[{_RARE}][{HAN}]{{0,2}})(?=先生|女士|小姐|太太|阿姨)"
    ),
    # `张工`, `陈总`; but `一张工单`.
    re.compile(f"(?<![一二两三几每这那0-9])(?P<x>[{_SURE}])[工总](?=[^{HAN}]|$|{_SAYS})"),
    re.compile(
        f"(?:{_RECEIVER})(?:姓名|名称|名)?[ ]*[:(][ ]*"
        f"{_WORDS}(?P<x>{_COMMON}[{HAN}]{{1,2}})(?![{HAN}])"
    ),
    re.compile(f"姓名[ ]*:[ ]*(?![未无缺没不漏空待])(?P<x>[{HAN}·]{{2,4}})(?![{HAN}])"),
    re.compile(f"名叫[ ]*(?P<x>{_COMMON}[{HAN}]{{1,2}})"),
    re.compile(
        f"(?:(?:{_RECEIVER})(?:叫|姓名|名)?[ ]?){_WORDS}"
        f"(?P<x>(?:欧阳|[{_SURE}])[{HAN}]{{1,2}}?)(?=[^{HAN}]|$|{_SAYS})"
    ),
    re.compile(
        r"\b(?:Mr|Mrs|Ms|Miss|Madam|Dr)\b\.?[ ]+"
        r"(?P<x>[A-Z][\w'’-]+(?:[ ]+[A-Z][\w'’-]+)?)",
        re.ASCII,
    ),
    re.compile(
        r"\b(?:[Cc]ustomer|[Cc]lient|[Cc]aller)(?:'s[ ]name)?(?:[ ]*:[ ]*|[ ]+)"
        r"(?!(?:Service|Care|Satisfaction|Support|Complaint|Order|Waiting|Experience|Feedback|Relation"
        r"|Survey|Centre|Center|Hotline|Number|Name|Report|Form)s?\b)"
        r"(?P<x>[A-Z][a-z]+(?:[ -][A-Z][a-z]+){1,2})",
        re.ASCII,
    ),
)


def strangers(text: str) -> Iterator[Span]:
    """Find names that nobody of the roster bears, as far as a title or a label shows them."""
    return matched(text, _STRANGERS, "name")
