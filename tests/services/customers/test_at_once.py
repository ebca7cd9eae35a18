"""Many at once: one phone is one customer, and no code is given twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from chassis.database import Database, scoped
from chassis.events import Envelope
from chassis.identity import system
from chassis.ledger import verify
from services.customers.app import SERVICE
from services.customers.files.tables import aliases, customers
from services.customers.pool.rules import holds_true
from services.customers.pool.tables import draws
from services.customers.register.tables import register
from tests.services import synthetic as say
from tests.services.asking import Ask
from tests.services.customers.house import LI, announced, person, visit
from tests.services.synthetic import EAST, deliver, rows_of

T = TypeVar("T")
_ACTIVE = list(customers.c).index(customers.c.active)


def at_once(many: int, do: Callable[[int], T]) -> list[T]:
    """`do(0)`, `do(1)` … in threads that begin together."""
    ready = Barrier(many)

    def one(number: int) -> T:
        ready.wait()
        return do(number)

    with ThreadPoolExecutor(many) as threads:
        return list(threads.map(one, range(many)))


def codes(database: Database) -> list[str]:
    return sorted(row[2] for row in rows_of(database, customers, "version") if row[_ACTIVE])


def test_eight_people_register_the_same_phone(ask: Ask, database: Database) -> None:
    """One customer; eight entries; one owner, and seven told whose it is."""

    def register_it(number: int) -> tuple[int, bool]:
        body = {"name": "王小明", "phone": "13800138000"}
        answer = ask(person(f"p{number}"), "POST", "/api/v1/customers", json=body)
        return answer.status_code, answer.get_json()["is_new"]

    answers = at_once(8, register_it)
    assert {status for status, _new in answers} == {201}
    assert sum(new for _status, new in answers) == 1
    assert codes(database) == ["A001"]
    assert len(rows_of(database, register)) == 8


def test_eight_receptions_of_one_phone(database: Database) -> None:
    """Completed in different halls under different ids: one active customer, seven aliases of it."""

    def tell(event: Envelope) -> None:
        deliver(database, SERVICE.consumers, [event])

    events = [visit(f"r{n}", f"c{n}", f"p{n}", minute=n) for n in range(8)]
    at_once(8, lambda n: tell(events[n]))
    assert codes(database) == ["A001"]
    (winner,) = {row[1] for row in rows_of(database, aliases) if row[3]}
    assert winner == events[0].data["customer_id"]
    assert sum(row[3] for row in rows_of(database, aliases)) == 7


def test_fifty_at_once_get_fifty_codes(ask: Ask, database: Database) -> None:
    """A001 to A050, each once, without a gap; and the chain is whole."""

    def register_one(number: int) -> int:
        body = {"name": f"客户{number}", "phone": f"138001380{number:02}"}
        return ask(LI, "POST", "/api/v1/customers", json=body).status_code

    assert set(at_once(50, register_one)) == {201}
    assert codes(database) == [f"A{n:03}" for n in range(1, 51)]
    assert len(announced(database, "customer.registered.v1")) == 50
    with database.read() as tx:
        assert verify(tx) == []


def test_fifty_with_one_version(ask: Ask, database: Database) -> None:
    """Of fifty who change what they all read, one wins, and 49 are told that it is stale."""
    made = ask(LI, "POST", "/api/v1/customers", json={"name": "王小明"}).get_json()
    path, headers = f"/api/v1/customers/{made['customer_id']}", {"If-Match": '"1"'}

    def set_remarks(number: int) -> int:
        return ask(LI, "PATCH", path, json={"remarks": f"第{number}次"}, headers=headers).status_code

    answers = at_once(50, set_remarks)
    assert sorted(answers) == [200] + [412] * 49
    assert len(announced(database, "customer.changed.v1")) == 1


def test_fifty_draw_from_a_pool_of_a_hundred(ask: Ask, database: Database) -> None:
    """Each customer to one; two each; the draws follow one another, each as it was promised before."""
    deliver(database, SERVICE.consumers, [say.staff(f"p{n}", 1) for n in range(50)])
    into_pool = [visit(f"r{n}", f"c{n}", phone=f"+86138001{n:05}") for n in range(100)]
    for event in into_pool:
        event.data["server_id"] = None
    deliver(database, SERVICE.consumers, into_pool)

    def draw_two(number: int) -> list[str]:
        who = person(f"p{number}", "own", EAST, "customers.claim", "customers.see")
        answer = ask(who, "POST", "/api/v1/customers/draws", json={"wanted": 2})
        assert answer.status_code == 201, answer.get_json()
        given: list[str] = answer.get_json()["given"]
        return given

    given = at_once(50, draw_two)
    assert {len(two) for two in given} == {2}
    assert len({one for two in given for one in two}) == 100
    with database.read() as tx:
        done = tx.execute(scoped(draws, system("customers", EAST)).select().order_by(draws.c.n)).all()
        owned = tx.execute(scoped(customers, system("customers", EAST)).select(customers.c.owner_id)).scalars().all()
    assert [len(row.candidates) for row in done[:-1]] == list(range(100, 0, -2))
    assert all(holds_true(row.commitment, row.seed, row.candidates, row.given) for row in done[:-1])
    assert sorted(owned) == sorted(person(f"p{n}").actor_id for n in range(50) for _twice in range(2))
