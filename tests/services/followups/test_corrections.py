"""A deal's signing and amount are corrected by one who asks and another who signs (一.6: the signing time counts)."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from chassis.database import Database
from chassis.events import Envelope
from chassis.events.tables import outbox
from chassis.ledger import entries, verify
from services.followups.app import SERVICE
from services.followups.consumers import consumers
from services.followups.corrections.tables import deal_corrections
from services.followups.credit.tables import corrected_deals, credit_lines
from tests.services import synthetic as say
from tests.services.asking import Ask, asking, code_of
from tests.services.synthetic import EAST, WEST, deliver, named, open_database, person

RECORDS, CREDIT, CORRECTIONS = (f"/api/v1/followups/{name}" for name in ("records", "credit", "corrections"))
_MAY = ("followups.see", "followups.record", "followups.sign")
LI, ZHAO = person("li"), person("zhao")
BOSS = person("boss", "branch", EAST, None, *_MAY)
LEADER = person("leader", "team", EAST, "one", *_MAY)


@pytest.fixture
def office(sqlite_url: str) -> Any:
    """Wang is Li's of team one, who closed a deal of 1,000.01 yuan today; Zhao works in no team."""
    database = open_database(sqlite_url, "followups", SERVICE.metadata)
    deliver(
        database,
        consumers,
        [say.branch(), say.staff("li", team_id="one"), say.staff("zhao"), say.customer("wang", owner_id=named("li"))],
    )
    yield database
    database.close()


@pytest.fixture
def ask(office: Database) -> Ask:
    return asking(SERVICE, office)


@pytest.fixture
def deal_id(ask: Ask) -> str:
    said = {"customer_id": named("wang"), "method": "现场跟进", "result": "成交", "amount": 100001}
    return str(ask(LI, "POST", RECORDS, json=said).get_json()["followup_id"])


def asked(ask: Ask, deal_id: str, who: Any = LI, **changes: Any) -> str:
    says = {"deal_id": deal_id, "reason": "合同上是上午签的"} | (changes or {"amount": 90000})
    answer = ask(who, "POST", CORRECTIONS, json=says)
    assert answer.status_code == 201, answer.get_json()
    return str(answer.get_json()["correction_id"])


def signed(ask: Ask, correction_id: str, who: Any = BOSS) -> dict[str, Any]:
    answer = ask(who, "POST", f"{CORRECTIONS}/{correction_id}/sign")
    assert answer.status_code == 200, answer.get_json()
    return dict(answer.get_json())


def totals(ask: Ask, who: Any = LI, year: int = 2026) -> dict[str, int]:
    months = ask(who, "GET", f"{CREDIT}/months?year={year}").get_json()["months"]
    return {one["month"]: one["total_cents"] for one in months}


def announced(database: Database, kind: str) -> list[Envelope]:
    with database.read() as tx:
        bodies = tx.execute(select(outbox.c.body).where(outbox.c.type == kind).order_by(outbox.c.n)).scalars()
        return [Envelope.from_json(body) for body in bodies]


def test_unsigned_it_has_no_effect_and_is_seen(ask: Ask, office: Database, deal_id: str) -> None:
    """What is asked for waits in the list with its reason and what stands; ledger and record stay as they are."""
    asked(ask, deal_id, amount=90000, deal_date="2026-02-27", signed_time="16:05")
    (waiting,) = ask(BOSS, "GET", f"{CORRECTIONS}?state=asked").get_json()["items"]
    names = ("state", "deal_date_before", "amount_before", "deal_date", "signed_time", "amount", "reason", "decided_by")
    assert [waiting[name] for name in names] == (
        ["asked", "2026-03-02", 100001, "2026-02-27", "16:05", 90000, "合同上是上午签的", None]
    )
    assert totals(ask) == {"2026-03": 100001}
    assert ask(LI, "GET", RECORDS).get_json()["items"][0]["deal_date"] == "2026-03-02"
    assert [one.data["state"] for one in announced(office, "deal_correction.asked.v1")] == ["asked"]


def test_signed_the_deal_is_reversed_and_booked_again(ask: Ask, office: Database, deal_id: str) -> None:
    """Signed by another, the lines are taken back in their month and booked in the new one, cents exact, all told."""
    correction_id = asked(ask, deal_id, amount=90000, deal_date="2026-02-27")
    assert signed(ask, correction_id)["state"] == "signed"
    assert totals(ask) == {"2026-02": 90000, "2026-03": 0}
    march, february = (ask(LI, "GET", f"{CREDIT}?month=2026-0{n}").get_json()["items"] for n in (3, 2))
    assert [line["cents"] for line in march] == [100001, -100001]
    assert [(line["cents"], line["correction_id"], line["article"]) for line in february] == (
        [(90000, correction_id, "一.6")]
    )
    booked = announced(office, "credit.booked.v1")
    assert [(one.sequence, one.data["deal_date"], one.data["amount"]) for one in booked] == (
        [(1, "2026-03-02", 100001), (2, "2026-02-27", 90000)]
    )
    (decided,) = announced(office, "deal_correction.decided.v1")
    assert (decided.sequence, decided.data["state"], decided.data["decided_by"]) == (2, "signed", named("boss"))


def test_the_record_follows_and_stays_as_written(ask: Ask, office: Database, deal_id: str) -> None:
    """The record is shown and announced with the corrected deal; its row is never edited. A second one goes on."""
    signed(ask, asked(ask, deal_id, amount=90000, deal_date="2026-02-27"))
    signed(ask, asked(ask, deal_id, amount=80000))
    (shown,) = ask(LI, "GET", RECORDS).get_json()["items"]
    assert (shown["deal_date"], shown["amount"], shown["date"]) == ("2026-02-27", 80000, "2026-03-02")
    told = announced(office, "followup.corrected.v1")
    assert [(one.subject, one.sequence) for one in told] == [(f"followup/{deal_id}", n) for n in (2, 3)]
    assert (told[-1].data["deal_date"], told[-1].data["amount"], told[-1].data["result"]) == (
        ("2026-02-27", 80000, "成交")
    )


def test_the_ledger_says_that_a_deal_was_corrected(ask: Ask, deal_id: str) -> None:
    """The line that was booked by a signed correction says so in both languages, those before it do not."""
    signed(ask, asked(ask, deal_id))
    for language, words in (("en", "as a signed correction says"), ("zh", "已签字的更正")):
        items = ask(LI, "GET", CREDIT, language=language).get_json()["items"]
        assert [words in line["why"]["text"] for line in items] == [False, False, True]


def test_the_hour_of_signing_decides_whose_it_is(ask: Ask, office: Database, deal_id: str) -> None:
    """一.6, the signing time counts: Wang was handed to Zhao at eight, so what was signed at half past is Zhao's."""
    deliver(office, consumers, [say.customer("wang", 2, owner_id=named("zhao"))])
    assert totals(ask, ZHAO) == {"2026-03": 100001}
    signed(ask, asked(ask, deal_id, ZHAO, signed_time="07:30"))
    assert (totals(ask, ZHAO), totals(ask, LI)) == ({"2026-03": 0}, {"2026-03": 100001})


def test_refused_it_has_no_effect_and_stays(ask: Ask, office: Database, deal_id: str) -> None:
    """A refusal has its reason; the deal stays, the request stays, and another one may be asked for."""
    correction_id = asked(ask, deal_id)
    answer = ask(BOSS, "POST", f"{CORRECTIONS}/{correction_id}/refuse", json={"reason": "合同金额没有错"})
    assert (answer.status_code, answer.get_json()["answer"]) == (200, "合同金额没有错")
    assert totals(ask) == {"2026-03": 100001}
    assert announced(office, "followup.corrected.v1") == []
    asked(ask, deal_id)
    states = [one["state"] for one in ask(LI, "GET", f"{CORRECTIONS}?deal_id={deal_id}").get_json()["items"]]
    assert sorted(states) == ["asked", "refused"]


def test_nobody_signs_what_they_asked_for(ask: Ask, deal_id: str) -> None:
    """Neither signing nor refusing: somebody else does."""
    correction_id = asked(ask, deal_id, BOSS)
    for deed, body in (("sign", None), ("refuse", {"reason": "算了"})):
        answer = ask(BOSS, "POST", f"{CORRECTIONS}/{correction_id}/{deed}", json=body)
        assert (answer.status_code, code_of(answer)) == (403, "somebody_else_signs")
    assert signed(ask, correction_id, LEADER)["decided_by"] == named("leader")


def test_a_salesperson_signs_nothing(ask: Ask, deal_id: str) -> None:
    """Signing takes a supervisor or manager."""
    answer = ask(LI, "POST", f"{CORRECTIONS}/{asked(ask, deal_id, BOSS)}/sign")
    assert (answer.status_code, code_of(answer)) == (403, "permission_missing")


def test_a_correction_is_decided_once(ask: Ask, office: Database, deal_id: str) -> None:
    """Signed again, or refused after it was signed, it is refused and nothing is booked twice."""
    correction_id = asked(ask, deal_id)
    signed(ask, correction_id)
    for deed, body in (("sign", None), ("refuse", {"reason": "算了"})):
        answer = ask(BOSS, "POST", f"{CORRECTIONS}/{correction_id}/{deed}", json=body)
        assert (answer.status_code, code_of(answer)) == (409, "correction_decided")
    assert len(announced(office, "credit.booked.v1")) == 2


def test_pressed_twice_it_is_signed_once(ask: Ask, office: Database, deal_id: str) -> None:
    """The same key answers the same again."""
    path, key = f"{CORRECTIONS}/{asked(ask, deal_id)}/sign", {"Idempotency-Key": "once"}
    first, again = (ask(BOSS, "POST", path, headers=key) for _ in range(2))
    assert first.get_json() == again.get_json()
    assert len(announced(office, "credit.booked.v1")) == 2


def test_one_correction_of_a_deal_at_a_time(ask: Ask, deal_id: str) -> None:
    """While one waits, another would rest on what may change under it."""
    asked(ask, deal_id)
    answer = ask(BOSS, "POST", CORRECTIONS, json={"deal_id": deal_id, "amount": 1, "reason": "另一个"})
    assert (answer.status_code, code_of(answer)) == (409, "correction_waiting")


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({}, 422, "nothing_to_correct"),
    ({"amount": 100001, "deal_date": "2026-03-02"}, 422, "nothing_to_correct"),
    ({"deal_date": "2026-03-03"}, 422, "not_signed_yet"),
    ({"deal_date": "9999-12-31"}, 422, "not_signed_yet"),
    ({"signed_time": "09:01"}, 422, "not_signed_yet"),
    ({"amount": 1.5}, 422, "invalid"),
    ({"amount": -1}, 422, "invalid"),
    ({"signed_time": "25:00"}, 422, "invalid"),
    ({"amount": 1, "reason": " "}, 422, "invalid"),
    ({"amount": 1, "deal_id": "nobody's"}, 404, "deal_unknown"),
]


def test_what_cannot_be_asked_for(ask: Ask, deal_id: str) -> None:
    """What says nothing new, lies ahead, or is no deal in reach is refused, with what to do, in both languages."""
    for says, status, code in REFUSED:
        for language in ("en", "zh"):
            body = {"deal_id": deal_id, "reason": "写错了"} | says
            answer = ask(LI, "POST", CORRECTIONS, json=body, language=language)
            assert (says, answer.status_code, code_of(answer)) == (says, status, code)


def test_what_is_out_of_reach_is_as_if_it_were_not(ask: Ask, deal_id: str) -> None:
    """A colleague without a part of the deal, and another branch's manager, see neither deal nor correction."""
    correction_id = asked(ask, deal_id)
    for who in (ZHAO, person("west", "branch", WEST, None, *_MAY)):
        assert ask(who, "GET", CORRECTIONS).get_json()["items"] == []
        answer = ask(who, "POST", CORRECTIONS, json={"deal_id": deal_id, "amount": 1, "reason": "我"})
        assert (answer.status_code, code_of(answer)) == (404, "deal_unknown")
    for deed, body in (("sign", None), ("refuse", {"reason": "算了"})):
        stranger = person("west", "branch", WEST, None, *_MAY)
        answer = ask(stranger, "POST", f"{CORRECTIONS}/{correction_id}/{deed}", json=body)
        assert (answer.status_code, code_of(answer)) == (404, "correction_unknown")


def test_the_deal_of_no_known_customer_is_corrected_too(ask: Ask, office: Database) -> None:
    """A row of a sheet without a customer is who closed it's, before and after."""
    row = {"result": "成交", "deal_date": "2026-03-01", "salesperson_id": named("li")}
    deliver(office, consumers, [say.sheet_row(3, **row)])
    (line,) = ask(LI, "GET", CREDIT).get_json()["items"]
    assert (line["cents"], line["article"], line["why"]["code"]) == (None, None, "nobodys")
    signed(ask, asked(ask, line["deal_id"], amount=700))
    assert totals(ask) == {"2026-03": 700}


def test_credit_is_chained_line_by_line(ask: Ask, office: Database, deal_id: str) -> None:
    """The branch's register verifies, and holds every line as it was booked and who asked for and signed what."""
    signed(ask, asked(ask, deal_id))
    with office.read() as tx:
        assert verify(tx) == []
        kept = list(entries(tx, f"credit/{EAST}"))
        lines = {line["id"]: (line["staff_id"], line["cents"]) for line in tx.execute(select(credit_lines)).mappings()}
    assert [one.kind for one in kept] == (
        ["credit.booked", "deal_correction.asked", "credit.booked", "deal_correction.decided"]
    )
    told = [line for one in kept if one.kind == "credit.booked" for line in one.body["lines"]]
    assert {line["id"]: (line["staff_id"], line["cents"]) for line in told} == lines
    assert [one.body["by"] for one in kept if one.kind != "credit.booked"] == [named("li"), named("boss")]
    assert kept[1].personal == {"said": "合同上是上午签的"}


def test_what_was_asked_and_signed_is_never_edited(ask: Ask, office: Database, deal_id: str) -> None:
    """The database itself refuses to change a request, a decision or a corrected deal, or to delete them."""
    signed(ask, asked(ask, deal_id))
    asked(ask, deal_id, amount=5)
    waiting = update(deal_corrections).where(deal_corrections.c.state == "asked")
    decided = update(deal_corrections).where(deal_corrections.c.state == "signed")
    changes = (waiting.values(amount=1), decided.values(answer="x"), update(corrected_deals).values(amount=1))
    for change in (*changes, delete(deal_corrections), delete(corrected_deals)):
        with pytest.raises(DBAPIError, match="append-only"), office.write() as tx:
            tx.execute(change)
