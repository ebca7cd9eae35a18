"""Who is named in a text, however it is written, and who is not though it looks alike."""

import pytest

from services.customers.spreadsheets.rules_of_naming import Somebody

HER = Somebody(frozenset({"欧阳兰", "王", "Li Na", "客户1"}), frozenset({"+8613900139000", "12"}), frozenset({"A001"}))
FIELDS = ["code", "name", "phone", None]


@pytest.mark.parametrize(
    "text",
    [
        "欧阳兰女士",
        "老客户欧阳兰来电",
        "欧　阳　兰",
        "欧 阳·兰",
        "欧阳\n兰",
        "LI NA",
        "ｌｉ－ｎａ",
        "客户Li Na来电",
        "客户1",
        "客户 １，老客户",
        "139 0013-9000",
        "１３９００１３９０００",
        "13900139000.0",
        "+86 13900139000（微信同号）",
        "13900139000/13700137000",
        "00139000",
    ],
)
def test_somebody_is_told_however_it_is_written(text: str) -> None:
    """In any width and case, with anything between, within other words; a phone by its last eight digits."""
    assert HER.is_told_in(text)


@pytest.mark.parametrize(
    "text",
    ["", "王", "王小明", "欧阳", "Carolina", "Li Nancy", "客户10", "客户", "1390013900", "1.39E+10", "12", "A001"],
)
def test_what_many_have_in_common_tells_nobody(text: str) -> None:
    """A surname, part of another word or number, a rounded or shortened phone, a code outside its column."""
    assert not HER.is_told_in(text)


@pytest.mark.parametrize("name", ["王", "王先生", "欧阳", "客户", "12", "·", "Wang"])
def test_a_name_that_says_nothing_wipes_nothing(name: str) -> None:
    """A surname, a word for anybody or two digits stand in texts about everybody: none of these is about them."""
    texts = [name, f"{name}小明", f"{name}类型", f"一般{name}", "2026-03-12", "Wang Ming", "13812121212"]
    somebody = Somebody(frozenset({name}))
    assert [text for text in texts if somebody.is_told_in(text)] == []
    assert not somebody.is_meant_by(["B002", f"{name}小明", "13812121212", name], FIELDS)


@pytest.mark.parametrize("text", ["王小明", "Wang Xiaoming", "王小明女士", "WANG-XIAOMING 王小明"])
def test_a_name_of_several_parts_is_told_by_each_that_is_full(text: str) -> None:
    """Characters, letters, with a title, in brackets, or with the number by which a branch tells namesakes apart."""
    for name in ("Wang Xiaoming 王小明先生", "王小明2（Wang Xiaoming）", "王小明 Wang Xiaoming"):
        told = Somebody(frozenset({name, "Wang Xiaoming"}))
        assert told.is_told_in(text)
        assert not told.is_told_in("王小") and not told.is_told_in("Wang")


@pytest.mark.parametrize(
    ("row", "is_hers"),
    [
        (["", "无名", "", "欧阳 兰介绍"], True),
        (["", "王", "1.39E+10", "买三房"], True),
        (["", " 王 ", "", ""], True),
        (["", "王", "137-0013-7000", ""], False),
        (["", "王小明", "", ""], False),
        (["ａ００１", "", "", "腿脚不便"], True),
        (["A0012", "", "", "A001"], False),
        (["", "", "", "王"], False),
        (["A001"], True),
        ([], False),
    ],
)
def test_a_row_is_about_one_person(row: list[str], is_hers: bool) -> None:
    """What one cell tells counts for the row; so does their code, and their surname where no phone is another's."""
    assert HER.is_meant_by(row, FIELDS) is is_hers


def test_of_whom_nothing_is_known_nothing_is_found() -> None:
    """Without name, phone and code no text and no row is theirs, not even an empty one."""
    nobody = Somebody(frozenset())
    assert not nobody.is_told_in("") and not nobody.is_meant_by(["", "", "", ""], FIELDS)
