"""Full names and phones in the ways people, keyboards and sheets write them (一.4)."""

import pytest

from services.customers.register.phones import (
    PhoneLostDigits,
    PhoneNotValid,
    PhoneTooLong,
    PhoneTooShort,
    PhoneWithExtension,
    PhoneWithoutAreaCode,
    in_one_form,
)
from services.customers.register.rules_of_names import full_name, is_full_name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "王先生",
            "李小姐",
            "张总",
            "赵女士",
            " 王 先生",
            "王先生太太",
            "李总经理",
            "陈老师",
            "王工",
            "刘董",
            "张姐",
            "李氏",
        ),
        *(
            "王",
            "欧阳",
            "司马",
            "诸葛",
            "歐陽",
            "万俟",
            "濮阳",
            "爱新觉罗",
            "欧阳女士",
            "欧阳总",
            "尉迟师傅",
            "姓王",
            "姓欧阳",
        ),
        *(
            "小王",
            "老李",
            "阿强",
            "小李先生",
            "王某",
            "王某某",
            "王**",
            "王*明",
            "王X",
            "王xx",
            "王X先生",
            "王（朋友介绍）",
        ),
        *("先生", "", "  ", "13800138000", "王13800138000", "王1", "·", "。"),
        *("Wang", "Mr Wang", "Mr. Wang", "MS. LEE", "J. Smith", "W", "Lisa姐", "Lisa小姐", "王Sir", "Mr王", "Dr. O"),
    ],
)
def test_a_surname_or_a_form_of_address_is_not_a_full_name(name: str) -> None:
    """一.4: 姓名不完整 — an honorific, a surname alone, a familiar or held-back name is not full."""
    assert not is_full_name(name)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("王明", "王明"),
        ("王 小明", "王小明"),
        ("王小明先生", "王小明"),
        ("王小明（张总介绍）", "王小明"),
        ("王小明总", "王小明"),
        ("陈建工", "陈建工"),
        ("欧阳修", "欧阳修"),
        ("诸葛孔明", "诸葛孔明"),
        ("司马光女士", "司马光"),
        ("客户１", "客户1"),
        ("阿依古丽", "阿依古丽"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("古丽·巴哈尔", "古丽·巴哈尔"),
        ("Ming Wang", "ming wang"),
        ("Mr. MING WANG", "ming wang"),
        ("Ｍｉｎｇ Ｗａｎｇ", "ming wang"),
        ("José García", "jose garcia"),
        ("Jean-Luc O'Neill", "jean-luc o'neill"),
        ("Иван Петров", "иван петров"),
        ("王David", "王 david"),
        ("David 王", "王 david"),
        ("김철수", "김철수"),
        ("山田太郎", "山田太郎"),
    ],
)
def test_a_full_name_has_one_form(name: str, form: str) -> None:
    """一.4: 全名 — of any people, with or without a form of address; all ways of writing one name are that name."""
    assert full_name(name) == form


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        *(
            (text, "+8613800138000")
            for text in ("13800138000", "138-0013-8000", "138 0013 8000", "１３８００１３８０００")
        ),
        *((text, "+8613800138000") for text in ("+86 138 0013 8000", "0086 13800138000", "86 138 0013 8000")),
        *(
            (text, "+8613800138000")
            for text in ("13800138000.0", "'13800138000", "\u202d13800138000\u202c", "138—0013—8000")
        ),
        ("13800000000.0", "+8613800000000"),
        ("010-65529988", "+861065529988"),
        ("（0571）8765 4321", "+8657187654321"),
        ("0086 010 65529988", "+861065529988"),
        ("400-820-8820", "+864008208820"),
        ("+852 5123 4567", "+85251234567"),
        ("00852-51234567", "+85251234567"),
        ("852 5123 4567", "+85251234567"),
        ("+853 6612 3456", "+85366123456"),
        ("85366123456", "+85366123456"),
        ("+886 912 345 678", "+886912345678"),
        ("886912345678", "+886912345678"),
        ("+44 20 7946 0123", "+442079460123"),
        ("001 212 555 0100", "+12125550100"),
    ],
)
def test_a_phone_has_one_form(text: str, phone: str) -> None:
    """电话正确: mobile, landline, Hong Kong, Macao, Taiwan and abroad; no way of writing hides a duplicate."""
    assert in_one_form(text) == phone


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("1.38E+10", PhoneLostDigits),
        ("1.38001e10", PhoneLostDigits),
        ("65529988", PhoneWithoutAreaCode),
        ("8765432", PhoneWithoutAreaCode),
        ("010-65529988-801", PhoneWithExtension),
        ("010-65529988转801", PhoneWithExtension),
        ("13800138000 ext 5", PhoneWithExtension),
        ("138001380001", PhoneTooLong),
        ("13800138000/13900139000", PhoneTooLong),
        ("1380013800", PhoneTooShort),
        ("138001", PhoneTooShort),
        *((text, PhoneNotValid) for text in ("12345", "++", "phone", "+99999999", "+8521", "12345678901", "")),
    ],
)
def test_what_is_no_phone_is_refused_for_its_own_reason(text: str, refusal: type[PhoneNotValid]) -> None:
    """Whoever typed it learns what is wrong with it."""
    with pytest.raises(PhoneNotValid) as raised:
        in_one_form(text)
    assert raised.type is refusal
