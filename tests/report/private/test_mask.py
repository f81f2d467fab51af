"""The mask: what is private is hidden however it is written, and what only looks like it is not."""

import pytest

from sopaudit.report.private.mask import Mask
from sopaudit.report.private.name import Names

ROSTER = (
    ("王敏", "11"), ("Wang Min", "11"), ("王敏慧", "92"), ("高峰", "93"), ("李晓𪜀", "12"),
    ("Łucja Li", "12"), ("吕航", "94"), ("Lü Hang", "94"), ("罗建华", "95"), ("Luo Jianhua", "95"),
    ("张伟", "96"), ("张伟", "97"), ("石", "98"),
    ("Zhou Lina", "99"),
)  # fmt: skip


@pytest.fixture
def mask() -> Mask:
    return Mask(Names(ROSTER))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("王敏未签字", "工号11未签字"),
        ("王 敏、王　敏", "工号11、工号11"),
        ("王敏慧和王敏", "工号92和工号11"),
        ("王敏3次", "工号11 3次"),
        ("王敏（工号11）、工号11王敏、11 王敏、工号11（王敏）", "工号11、工号11、工号11、工号11"),
        ("李晓𪜀在场", "工号12在场"),
        ("工程师Wang Min到场", "工程师工号11到场"),
        ("Min Wang and WANG MIN were late", "staff 11 and staff 11 were late"),
        ("Lü Hang, Lv Hang, Lu\u0308 Hang", "staff 94, staff 94, staff 94"),
        ("Luo Jian-hua, Luo Jian Hua", "staff 95, staff 95"),
        ("Łucja Li was there", "staff 12 was there"),
        ("Zhou Li Na and Li-na Zhou", "staff 99 and staff 99"),
        ("Wang Minister", "Wang Minister"),
        ("石板路", "石板路"),
    ],
)
def test_a_name_of_the_roster_becomes_the_staff_number(mask: Mask, text: str, masked: str) -> None:
    assert mask.text(text) == masked


def test_nobody_is_accused_by_a_name_two_people_bear_or_that_is_a_word(mask: Mask) -> None:
    assert mask.text("张伟漏接") == "〔姓名〕漏接"
    assert mask.text("来电高峰时段漏接3次") == "来电〔姓名〕时段漏接3次"


def test_a_name_two_bear_is_that_of_the_one_who_took_part() -> None:
    assert Mask(Names([("张伟", "97")], ROSTER)).text("张伟漏接") == "工号97漏接"


@pytest.mark.parametrize(
    "number",
    [
        "13812345678", "138 1234 5678", "138-1234-5678", "1381234 5678", "138 12345678",
        "1 3 8 1 2 3 4 5 6 7 8", "138.1234.5678", "+86 138 1234 5678", "+8613812345678",
        "0086-13812345678", "86 13812345678", "１３８１２３４５６７８",
        "１３８－１２３４－５６７８",
        "138\u200b1234\u200b5678", "一三八一二三四五六七八", "028-85551234", "(028)8555 1234",
        "（028）85551234", "028 8555 1234", "02885551234", "0571-8765432", "057187654321",
        "028-85551234-803", "028-85551234转803", "400-123-4567", "4001234567", "400 1234 567",
        "800-820-1234", "+852 2345 6789", "138_1234_5678", "138****5678", "(+86)13812345678",
        "+(86)13812345678", "(86)13812345678",
    ],
)  # fmt: skip
def test_a_telephone_number_becomes_a_gap(mask: Mask, number: str) -> None:
    assert mask.text(f"客户号码{number}，已回访") == "客户号码〔电话〕，已回访"
    assert mask.text(f"He called {number}.") == "He called [phone]."


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话85551234", "电话〔电话〕"),
        ("电话号码85551234，致电8555 1234", "电话号码〔电话〕，致电〔电话〕"),
        ("手机尾号5678", "手机尾号〔号码〕"),
        ("手机号后四位是5678", "手机号后四位是〔号码〕"),
        ("护照号：E12345678", "护照号：〔证件号〕"),
        ("卡号：4563 5101 0000 1234 567", "卡号：〔账号〕"),
        ("微信wangxiaoming, WeChat id: wang_x", "微信〔账号〕, WeChat id: 〔账号〕"),
        ("身份证510104198001011234", "身份证〔证件号〕"),
        ("证51010419800101123X、510104800101123", "证〔证件号〕、〔证件号〕"),
        ("银行卡6222 0212 3456 7890 123", "银行卡〔账号〕"),
        ("邮箱min.wang@example.com.cn", "邮箱〔邮箱〕"),
        ("微信号：wm_88888，QQ 123456789", "微信号：〔账号〕，QQ 〔账号〕"),
        ("川A12345、川A·D12345、沪A1234挂", "〔车牌号〕、〔车牌号〕、〔车牌号〕"),
        ("13812345678/13987654321", "[phone]/[phone]"),
        ("2026-11-06 13812345678 20261106", "2026-11-06 [phone] 20261106"),
    ],
)
def test_other_private_numbers_become_gaps(mask: Mask, text: str, masked: str) -> None:
    assert mask.text(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("家住成都市武侯区人民南路四段12号3栋2单元1501室。", "家住〔地址〕。"),
        ("送到长顺街12号附3号", "送到〔地址〕"),
        ("阳光花园3栋2单元502", "〔地址〕"),
        ("前往锦绣小区维修", "前往〔地址〕维修"),
        ("3栋2单元1501室无人", "〔地址〕无人"),
        ("3栋1501无人，A座1203也是", "〔地址〕无人，〔地址〕也是"),
        ("三栋二单元十五楼", "〔地址〕"),
        ("城市花园12-3-401", "〔地址〕"),
        ("益州大道722号复城国际T4-1203", "〔地址〕"),
        ("红光镇白云村三组12号", "〔地址〕"),
        ("地址：无锡市中山路8号，地址：未央区3号", "地址：〔地址〕，地址：〔地址〕"),
        ("上门地址：武侯祠旁2楼，下午去", "上门地址：〔地址〕，下午去"),
        ("at 12 Renmin South Road, Apt 5, Chengdu", "at [address], Chengdu"),
        ("Room 1501, Building 3 was locked", "[address] was locked"),
        ("No. 8 Main St", "[address]"),
        ("Renmin Road No. 12", "[address]"),
    ],
)
def test_an_address_becomes_a_gap(mask: Mask, text: str, masked: str) -> None:
    assert mask.text(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("张先生、欧阳女士来电", "〔姓名〕先生、〔姓名〕女士来电"),
        ("客户王小明反映漏水", "客户〔姓名〕反映漏水"),
        ("联系人：孙五，客户姓名：赵四", "联系人：〔姓名〕，客户姓名：〔姓名〕"),
        ("周站长和邓师傅", "〔姓名〕站长和〔姓名〕师傅"),
        ("闵女士、尚小红女士、王叔叔", "〔姓名〕女士、〔姓名〕女士、〔姓名〕叔叔"),
        ("张工说，陈总未到", "〔姓名〕工说，〔姓名〕总未到"),
        ("客户（王小明）、客户叫欧阳锋", "客户（〔姓名〕）、客户叫〔姓名〕"),
        ("机主王小明，联系人 赵四", "机主〔姓名〕，联系人 〔姓名〕"),
        ("Mr Smith and Ms. Zhao Li", "Mr [name] and Ms. [name]"),
        ("customer John Smith said", "customer [name] said"),
    ],
)
def test_others_are_hidden_where_a_title_or_label_gives_them_away(
    mask: Mask, text: str, masked: str
) -> None:
    assert mask.text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "工单CD-261003-012，录音REC-261003-0004，ZX-261030-02",
        "2026-10-13 14:30，20261013，10月13日至14日，08:27–08:30",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd1138123456780f0",
        "sha256:13812345678d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0812",
        "84.0 分，3/15，12.5%，220元，起始号20261104，序列号 SN20260001234567",
        "HTL-02-1、CK-HTL-B2、工号1013",
        "客户陈述属实，客户要求退款，客户经理说，客户高度评价，客户于10月来电",
        "热线工程师、高级工程师、现任站长、值班站长、该小区停水、客户反映小区停水",
        "微信2026-10-14发送，微信CD-261003-012，WeChat message",
        "客户陆续来电，客户孙子接电话，客户钱已退，周转主管，石油工程师，曾任站长，江苏大区经理",
        "姓名：未填写，客户姓名：未登记，地址：未按照3项要求填写，地址：第3项未核对",
        "卡号 2026-1104-0012，12栋1000多户，5座1000元",
        "线路3号，渠道2号，一道12号题，IP地址：192.168.1.1，电话 2026-1004",
        "一张工单，两张总表，张工单，王总结，关于先生",
        "Customer Complaint Form missing, customer Service Center, client Order Number",
        "包括姓名、电话、地址、故障、下一步安排及时间",
        "先报工号后问候；“您好，请讲”；10号线；来电5000通；拨打12345、110",
        "Two posts were audited: 10 recordings per person, 4 November, room for more",
    ],
)
def test_what_only_looks_private_stays(mask: Mask, text: str) -> None:
    assert mask.text(text) == text
    assert not mask.hidden


def test_a_label_keeps_its_form_and_stays_different(mask: Mask) -> None:
    files = ("evidence/13812345678.amr", "evidence/13987654321.amr", "evidence/13812345678.amr")
    assert [mask.label(file) for file in files] == [
        "evidence/phone.amr", "evidence/phone-2.amr", "evidence/phone.amr",
    ]  # fmt: skip
    assert mask.label("2026王敏3.jpg") == "2026-11-3.jpg"
    assert mask.label("2026-10-wangmin") == "2026-10-11"
    assert mask.label("CD-261003-012") == "CD-261003-012"


def test_people_nobody_knows_stay_different_people(mask: Mask) -> None:
    told = [mask.person(word) for word in ("11", "王敏", "Petra", "Paul", "Petra")]
    assert told == ["11", "11", "name", "name-2", "name"]


def test_masking_twice_is_masking_once(mask: Mask) -> None:
    text = "王敏致电客户张先生13812345678，住人民路12号；Wang Min at 12 Main St, a@b.cn"
    once = mask.text(text)
    assert mask.text(once) == once
