"""What the month is made of: offices, people, machines, faults, parts; all customers invented."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Crew:
    """Who does what in an office, by staff number of the roster."""

    office: str
    city: str
    hotline: tuple[str, ...]
    coordinator: str
    engineers: tuple[str, ...]
    reception: str
    bench: str
    store: str
    callback: str
    manager: str


CREWS: Final = {
    "CD": Crew(
        "CD", "成都", ("1002", "1003", "1013"), "1004", ("1006", "1007", "1008"),
        "1009", "1010", "1011", "1012", "1001",
    ),
    "CQ": Crew(
        "CQ", "重庆", ("2002",), "2003", ("2004", "2005"), "2002", "2006", "2007", "2008", "2001"
    ),
    "HZ": Crew("HZ", "杭州", ("3002",), "3003", ("3004",), "3002", "3005", "3006", "3007", "3001"),
}  # fmt: skip

POSTS: Final = {
    "HTL": "hotline", "COO": "coordinator", "OSE": "engineer", "RCP": "reception",
    "INS": "bench", "SPS": "store", "CBS": "callback", "MGR": "manager",
}  # fmt: skip

SURNAMES: Final = "虚设示例样本假拟仿模范测试演练空白甲乙丙丁戊己庚辛"
"""No family is called so: every customer of the month can be seen to be invented."""

COMPANIES: Final = ("示例一厂", "样本商贸", "虚构设计室", "模拟学校", "范例诊所", "演练物流")
STREETS: Final = ("示例路", "样本街", "虚构大道", "演练巷", "范例东路")

MODELS: Final = {
    "desktop": ("MD-310", "MD-520"),
    "notebook": ("MN-14", "MN-15P"),
    "printer": ("MP-220", "MP-410"),
    "instrument": ("MI-07", "MI-12"),
}

FAULTS: Final = {
    "desktop": ("开机无反应", "频繁死机", "蓝屏", "风扇异响", "不识别硬盘"),
    "notebook": ("不充电", "屏幕花屏", "键盘失灵", "过热关机"),
    "printer": ("卡纸", "打印发白", "不进纸", "报定影错误"),
    "instrument": ("读数漂移", "自检不通过", "传感器报警"),
}


@dataclass(frozen=True)
class Part:
    """A spare part of the price list."""

    no: str
    name: str
    line: str
    abc: str
    price: int
    serialised: bool


PARTS: Final = (
    Part("P01", "主板", "desktop", "A", 680, serialised=True),
    Part("P03", "内存", "desktop", "B", 210, serialised=False),
    Part("P04", "硬盘", "desktop", "A", 420, serialised=True),
    Part("P05", "电源", "desktop", "B", 160, serialised=False),
    Part("P06", "液晶屏", "notebook", "A", 890, serialised=True),
    Part("P07", "键盘", "notebook", "B", 120, serialised=False),
    Part("P08", "电源适配器", "notebook", "B", 150, serialised=False),
    Part("P09", "风扇", "desktop", "C", 45, serialised=False),
    Part("P12", "定影组件", "printer", "A", 980, serialised=True),
    Part("P13", "搓纸轮", "printer", "C", 55, serialised=False),
    Part("P14", "传感板", "instrument", "A", 1250, serialised=True),
)

RARE: Final = (
    Part("P10", "电池", "notebook", "B", 260, serialised=True),
    Part("P11", "排线", "desktop", "C", 30, serialised=False),
    Part("P16", "脚垫", "notebook", "C", 10, serialised=False),
    Part("ZJ1", "周转笔记本", "notebook", "A", 3000, serialised=True),
)
"""What is seldom moved: batteries are ordered one by one, cables lie, loan machines are lent."""

GREETING: Final = "您好，明澜服务，很高兴为您服务"
