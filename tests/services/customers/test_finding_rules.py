"""What is compared with what when somebody searches: plain forms, grams, readings; and that nothing is missed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from deploy.distributed.private_postgres import drop_database, fresh_database
from services.customers.app import SERVICE
from services.customers.finding import actions, index, views
from services.customers.finding.pinyin import readings, readings_of_name
from services.customers.finding.rules import (
    MOST_COUNTED,
    Listed,
    Says,
    damages,
    forms_of_phone,
    grams_needed,
    grams_of,
    has_near,
    plain,
    sought,
    stands_thinly,
)
from services.customers.searches.rules import Days, days_of
from tests import ground
from tests.services.customers.house import MANAGER
from tests.services.synthetic import EAST, NOW, open_database

TEXTS = st.text(st.sampled_from("王李张三丰小明单仇 ＡbÉ7-·ßか"), min_size=1, max_size=7)
DIGITS = st.text(st.sampled_from("0123456789"), min_size=8, max_size=8)
PAGE = {"after": None, "limit": 200}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("张 三-丰", "张三丰"),
        ("ＡＢＣ１２３", "abc123"),
        ("Café", "cafe"),
        ("Straße", "strasse"),
        ("+86 138-0013-8000", "8613800138000"),
        ("%_'\"*()\\\n", ""),
    ],
)
def test_texts_are_compared_in_plain_form(text: str, form: str) -> None:
    """Blanks, signs, case, width and accents make no difference, and nothing is left that a database could misread."""
    assert plain(text) == form


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("单田芳", ["shantianfang", "stf"]),
        ("曾国藩", ["zengguofan", "zgf"]),
        ("仇英", ["qiuying", "qy"]),
        ("解缙", ["xiejin", "xj"]),
        ("查良镛", ["zhaliangyong", "zly"]),
        ("区桂芝", ["ouguizhi", "ogz"]),
        ("朴树", ["piaoshu", "ps"]),
        ("盖叫天", ["gejiaotian", "gjt"]),
        ("翟志刚", ["zhaizhigang", "zzg"]),
        ("任达华", ["rendahua", "rdh"]),
        ("尉迟恭", ["yuchigong", "ycg"]),
        ("尉文渊", ["weiwenyuan", "wwy"]),
        ("令狐冲", ["linghuchong", "lhc"]),
        ("吕布", ["lvbu", "lubu", "lb"]),
        ("王乐", ["wangle", "wangyue", "wl", "wy"]),
        ("张三A", ["zhangsanA", "zsA"]),
        ("John", []),
    ],
)
def test_names_are_read_as_people_read_them(name: str, read: list[str]) -> None:
    """Surnames by our own table; where a character of the rest is read in several ways, in each of them."""
    spoken = readings_of_name(name)
    assert [one for one in read if one not in spoken] == []
    assert bool(spoken) == bool(read)


def test_a_word_is_no_surname() -> None:
    """A company that begins with 单 is read dan; 重庆 is found by chongqing."""
    assert readings("单线铁路")[0].startswith("dan")
    assert "chongqing" in readings("重庆")


def test_grams_are_all_runs_of_a_text() -> None:
    """What is needed to find a part of it is among them, however long the part."""
    assert grams_of(["张三丰"]) == {"张", "三", "丰", "张三", "三丰", "张…丰"}
    assert grams_of(["138"]) == {"1", "3", "8", "13", "38", "138"}
    assert [grams_needed(part) for part in ("张", "张三", "张三丰")] == [{"张"}, {"张三"}, {"张三", "三丰"}]
    assert [grams_needed(part) for part in ("1", "13", "1380")] == [{"1"}, {"13"}, {"138", "380"}]
    assert grams_needed("13800138") == {"138", "001"}


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("张三", False),
        ("张三丰", True),
        ("zsf", False),
        ("zhang", True),
        ("138001", False),
        ("1380013", True),
        ("a12345", False),
    ],
)
def test_what_is_short_has_no_near(text: str, near: bool) -> None:
    """One wrong character in two leaves nothing to go by."""
    assert has_near(text) is near


@pytest.mark.parametrize(
    ("phone", "forms"),
    [
        ("+8613800138000", ["8613800138000"]),
        ("+862168881234", ["862168881234", "02168881234"]),
        ("+85223456789", ["85223456789"]),
    ],
)
def test_a_landline_is_found_as_it_is_dialled(phone: str, forms: list[str]) -> None:
    """With its country code, and with the nought that is dialled at home."""
    assert forms_of_phone(phone) == forms


@given(st.text(st.sampled_from("张三丰a1"), min_size=3, max_size=9), st.data())
def test_a_piece_stays_intact_whatever_character_is_wrong(text: str, data: st.DataObject) -> None:
    """What is looked up for near hits is in every text that differs in one character."""
    wrong = data.draw(st.integers(0, len(text) - 1))
    stored = f"{text[:wrong]}王{text[wrong + 1 :]}"
    (damage,) = [one for one in damages(text) if wrong in one.wrong]
    assert all(piece in stored for piece in damage.intact)
    assert damage.grams <= grams_of([stored])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("zhanq", [range(2), range(2, 3), range(3, 5)]),  # anq finds hanq, zha finds zhan
        ("张三丰", [range(1), range(1, 2), range(2, 3)]),
        ("a" * 12, [range(5), range(5, 9), range(9, 12)]),
    ],
)
def test_what_is_found_by_the_same_grams_is_looked_up_once(text: str, wrong: list[range]) -> None:
    """Two places of a wrong character are one way where the grams of one find both; not more than go together."""
    assert [one.wrong for one in damages(text)] == wrong


def test_days_are_counted_from_today() -> None:
    """Since and until are included; of a day and a number of days the narrower one holds."""
    today = NOW.date()
    asked = {"since": today - timedelta(days=9), "since_days": -7, "until_days": 0}
    assert days_of(asked, today) == Days(today - timedelta(days=7), today)


@settings(max_examples=20, deadline=None)
@given(data=st.data(), name=TEXTS, phone=DIGITS)
def test_every_part_of_a_name_and_phone_finds_it(finder: "Finder", data: st.DataObject, name: str, phone: str) -> None:
    """Whatever they are, whatever the part; and whoever is found holds what was typed."""
    mine = finder.enter(name, f"+8613{phone}")
    for said in (name, phone):
        first = data.draw(st.integers(0, len(said) - 1))
        part = said[first : data.draw(st.integers(first + 1, len(said)))]
        if plain(part):
            assert mine in finder.find(part)
    for one in finder.find(name[:1]):
        assert finder.holds(one, name[:1])


def test_rooms_add_their_own_part(finder: "Finder") -> None:
    """A contact's name and phone lead to the customer; what another room says takes nothing away, and neither does the
    same again.
    """
    mine = finder.enter("钱学森", "+8613011112222")
    finder.keep(mine, "contacts", Says(names=("孙文", "周树人"), phones=("+8613033334444",)))
    finder.keep(mine, actions.FILE, Says(names=("钱伟长",), phones=("+8613011112222",)))
    finder.keep(mine, actions.FILE, Says(names=("钱伟长",), phones=("+8613011112222",)))
    parts = {"钱伟长": 1, "钱学森": 0, "周树人": 1, "sunwen": 1, "33334444": 1, "11112222": 1, "孙文周": 0}
    assert {part: finder.find(part).count(mine) for part in parts} == parts
    finder.keep(mine, "contacts", Says(names=("周树人",)))
    assert [finder.find(part) for part in ("sunwen", "33334444")] == [[], []]


def test_of_very_many_the_newest_are_shown(finder: "Finder") -> None:
    """More than a thousand are not counted to the end, and come page by page all the same."""
    names = [f"赵{number}" for number in range(MOST_COUNTED + 2)]
    finder.enter_many(names)
    first = finder.page("赵", {"after": None, "limit": 3})
    assert (first.count, first.is_more, finder.names(first)) == (MOST_COUNTED, True, names[-1:-4:-1])
    second = finder.page("赵", {"after": first.next_after, "limit": 2})
    assert finder.names(second) == names[-4:-6:-1]
    told, page = finder.names(first), first
    while page.next_after:
        page = finder.page("赵", {"after": page.next_after, "limit": 200})
        told += finder.names(page)
    assert told == names[::-1]
    few = finder.page("赵10", {"after": None, "limit": 200})
    assert (few.count, few.is_more) == (len([name for name in names if "赵10" in name]), False)


def test_what_too_many_have_is_compared_along_the_list(postgres_url: str) -> None:
    """Where the estimates tell that what a wrong letter leaves stands in too many rows, the newest are compared, and
    those who are near are found as before.
    """
    finder = Finder(postgres_url)
    finder.enter_many([f"张{number}" for number in range(30)])
    before = finder.page("zhanq", PAGE)
    finder.do("ANALYZE finding")
    assert not finder.common("zha")
    finder.do("UPDATE pg_class SET reltuples = 2000000 WHERE relname = 'finding'")
    assert finder.common("zha")
    assert finder.page("zhanq", PAGE) == before
    assert len(before.page) == 30


class Finder:
    """An index to which names are added, and what was added."""

    def __init__(self, url: str) -> None:
        self._database = open_database(url, "customers", SERVICE.metadata)
        self._added: dict[str, Says] = {}

    def enter(self, name: str, phone: str) -> str:
        customer_id = f"customer-{len(self._added)}"
        says = self._added[customer_id] = Says(names=(name,), phones=(phone,))
        with self._database.write() as tx:
            actions.enter(tx, MANAGER, Listed(customer_id, EAST, None, NOW, active=True), says)
        return customer_id

    def keep(self, customer_id: str, part: str, says: Says) -> None:
        with self._database.write() as tx:
            actions.keep(tx, MANAGER, customer_id, part, says)

    def enter_many(self, names: list[str]) -> None:
        """In one transaction, a minute after each other."""
        with self._database.write() as tx:
            for minute, name in enumerate(names):
                at, says = NOW + timedelta(minutes=minute), Says(names=(name,))
                self._added[name] = says
                actions.enter(tx, MANAGER, Listed(name, EAST, None, at, active=True), says)

    def do(self, statement: str) -> None:
        with self._database.write() as tx:
            tx.execute(text(statement))

    def common(self, gram: str) -> bool:
        """Whether PostgreSQL takes a gram for one that too many rows have."""
        with self._database.read() as tx:
            known = {"grams": index.numbers(None, [gram]), "many": 20_000}
            return bool(tx.execute(index.COMMON_GRAMS, known).all())

    def page(self, text: str, page: dict[str, Any]) -> views.Hits:
        wanted = sought(text, reads_phones=True)
        assert wanted is not None
        with self._database.read() as tx:
            return views.hits(tx, MANAGER, wanted, page)

    def names(self, found: views.Hits) -> list[str | None]:
        return [self._added[one].names[0] for _, _, one in found.page]

    def find(self, text: str) -> list[str]:
        wanted = sought(text, reads_phones=True)
        if wanted is None:
            return []
        with self._database.read() as tx:
            return [one for exact, _, one in views.hits(tx, MANAGER, wanted, PAGE).page if exact]

    def holds(self, customer_id: str, text: str) -> bool:
        says = self._added[customer_id]
        told = [one for name in says.names if name for one in (name, *readings_of_name(name))]
        return any(plain(text) in plain(one) for one in (*told, *filter(None, says.phones)))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def finder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Finder"]:
    if request.param == "sqlite":
        yield Finder(f"sqlite:///{tmp_path_factory.mktemp('finding') / 'customers.db'}")
        return
    server = ground.ask("postgres")
    url = fresh_database(server)
    yield Finder(url)
    drop_database(server, url)


@pytest.mark.parametrize(("middle", "is_thin"), [(15_000, False), (130_000, False), (480_000, True), (1_000_000, True)])
def test_the_thinly_spread_are_looked_up(middle: float, is_thin: bool) -> None:
    """Of two million rows the index is read whole for one in a thousand, and the list for one in thirty."""
    assert stands_thinly(21, 1001, middle, 2_000_000) is is_thin
