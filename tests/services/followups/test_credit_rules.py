"""Whose a deal is (一.6), by the rules alone."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.followups.credit.rules import (
    WHOLE,
    Deal,
    Merged,
    Owned,
    Reason,
    Rule,
    Told,
    Visit,
    booking,
    companion_rule,
    shares,
)

ZONE = ZoneInfo("Asia/Shanghai")
DAY = dt.date(2026, 3, 2)


def at(hour: int, minute: int = 0, day: int = 2) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


DEAL = Deal("deal", "wang", DAY, 101, "closer", at(12))
VISIT = Visit("r1", "wang", Rule.OWNER, DAY, at(10), "original", "server", "original", corrected=False)
OWNER = Owned("wang", 1, "owner", at(8))


def told(*visits: Visit, owners: tuple[Owned, ...] = (OWNER,), merges: tuple[Merged, ...] = ()) -> Told:
    return Told(visits, owners, merges, ZONE)


def booked(deal: Deal, heard: Told) -> tuple[Reason, list[tuple[str | None, int | None]]]:
    """Why, and who gets how many cents."""
    found = booking(deal, heard)
    return found.reason, [(share.staff_id, share.cents) for share in found.shares]


def test_the_odd_cent_goes_to_the_original() -> None:
    """一.6: an old customer's deal after 全程 is halved, 51 cents of 101 the original's."""
    half = replace(VISIT, rule=Rule.HALF_EACH)
    assert booked(DEAL, told(half)) == (Reason.HALF_EACH, [("original", 51), ("server", 50)])


def test_a_new_customer_after_a_whole_visit_is_all_the_servers() -> None:
    """一.6: 如果是新客户则算A位接待同事业绩."""
    assert booked(DEAL, told(replace(VISIT, rule=Rule.SERVER))) == (Reason.SERVER, [("server", 101)])


def test_every_other_deal_is_the_owners() -> None:
    """A reception that was no whole visit, and a day without any, leave the deal with the customer's owner."""
    assert booked(DEAL, told(VISIT)) == (Reason.OWNER_THAT_DAY, [("owner", 101)])
    assert booked(DEAL, told()) == (Reason.OWNER_AFTER, [("owner", 101)])


def test_from_the_next_day_on_it_is_the_owners() -> None:
    """当天成交 only: a whole visit earns nothing of a deal signed the day after, or the day before."""
    whole = replace(VISIT, rule=Rule.SERVER)
    for day in (1, 3):
        deal = replace(DEAL, day=dt.date(2026, 3, day), recorded_at=at(12, day=5))
        assert booked(deal, told(whole)) == (Reason.OWNER_AFTER, [("owner", 101)])


def test_the_credit_day_lasts_until_the_reception_is_completed() -> None:
    """Who came late and is received past midnight may sign on that new day."""
    late = replace(VISIT, rule=Rule.SERVER, completed_at=at(0, 30, day=3))
    deal = replace(DEAL, day=dt.date(2026, 3, 3), recorded_at=at(0, 20, day=3))
    assert booked(deal, told(late)) == (Reason.SERVER, [("server", 101)])


def test_the_hour_of_signing_ends_the_credit_day() -> None:
    """一.6: signed past the end of the late reception it is the next day's; until then it is the credit day's."""
    late = replace(VISIT, rule=Rule.SERVER, completed_at=at(0, 30, day=3))
    deal = replace(DEAL, day=dt.date(2026, 3, 3), recorded_at=at(12, day=3))
    for minute, reason in ((30, Reason.SERVER), (31, Reason.OWNER_AFTER)):
        assert booked(replace(deal, signed_time=dt.time(0, minute)), told(late))[0] is reason


def test_the_hour_of_signing_counts_not_the_entrys() -> None:
    """Signed at ten and entered at noon, it is whose the customer was at ten; handed over on the minute, the next's."""
    moved = Owned("wang", 2, "next", at(10, 30))
    for minute, whose in ((29, "owner"), (30, "next")):
        signed = replace(DEAL, signed_time=dt.time(10, minute))
        assert booked(signed, told(owners=(OWNER, moved)))[1] == [(whose, 101)]


def test_a_whole_visit_holds_all_day_even_if_the_original_closes() -> None:
    """The original received the customer later that day: the share earned by 全程 stays; of several the latest."""
    first = replace(VISIT, rule=Rule.HALF_EACH)
    later = replace(VISIT, reception_id="r2", completed_at=at(11), server_id="original")
    assert booked(DEAL, told(first, later))[1] == [("original", 51), ("server", 50)]
    second = replace(later, rule=Rule.SERVER, server_id="second")
    assert booked(DEAL, told(second, first))[1] == [("second", 101)]


def test_a_corrected_reception_names_the_owner() -> None:
    """After 撞单 the deal of that day is whose the ruling says, though the register has not followed yet."""
    corrected = replace(VISIT, corrected=True, owner_id="original")
    assert booked(DEAL, told(corrected))[1] == [("original", 101)]


def test_the_owner_at_the_signing_counts() -> None:
    """Credit of closed deals does not move with the customer: neither later that day nor later on."""
    moved = Owned("wang", 2, "next", at(15))
    assert booked(DEAL, told(owners=(OWNER, moved)))[1] == [("owner", 101)]
    late_entry = replace(DEAL, recorded_at=at(9, day=9))
    assert booked(late_entry, told(owners=(OWNER, Owned("wang", 2, "next", at(9, day=3)))))[1] == [("owner", 101)]


def test_an_owner_heard_of_after_the_signing_counts_if_none_was_known() -> None:
    """A deal noted before the register has told of the customer is the first owner's."""
    assert booked(DEAL, told(owners=(replace(OWNER, at=at(13)), Owned("wang", 2, "next", at(15)))))[1] == [
        ("owner", 101)
    ]


def test_a_customer_of_nobody() -> None:
    """A deal of a customer in the pool, or of no known customer, is who closed it's; this rule is the product's own."""
    pooled = told(owners=(OWNER, Owned("wang", 2, None, at(9))))
    assert booked(DEAL, pooled) == (Reason.NOBODYS, [("closer", 101)])
    assert booked(replace(DEAL, customer_id=None, salesperson_id=None), told()) == (Reason.NOBODYS, [(None, 101)])


def test_a_merge_of_the_day_moves_the_deal_and_a_later_one_does_not() -> None:
    """Who turns out on the day to be another customer has that one's receptions; later merges move nothing."""
    whole = replace(VISIT, customer_id="old wang", rule=Rule.HALF_EACH)
    merge = Merged("wang", 1, "old wang", True, at(18))
    assert booked(DEAL, told(whole, merges=(merge,)))[0] is Reason.HALF_EACH
    assert booked(DEAL, told(whole, merges=(replace(merge, at=at(1, day=3)),))) == (
        Reason.OWNER_AFTER,
        [("owner", 101)],
    )


@pytest.mark.parametrize(
    ("rule", "is_new", "theirs"),
    [
        (Rule.OWNER, True, Rule.OWNER),
        (Rule.HALF_EACH, True, Rule.SERVER),
        (Rule.SERVER, True, Rule.SERVER),
        (Rule.SERVER, False, Rule.HALF_EACH),
    ],
)
def test_companions_are_ruled_each_for_themselves(rule: Rule, is_new: bool, theirs: Rule) -> None:
    """一.6 asks of each of a party whether that one is old or new."""
    assert companion_rule(rule, is_new) is theirs


def test_an_old_companion_is_halved_with_their_own_owner() -> None:
    """The original of somebody who came along is who owns them, not who was asked for."""
    companion = replace(VISIT, rule=Rule.HALF_EACH, original_id=None, owner_id=None)
    assert booked(DEAL, told(companion))[1] == [("owner", 51), ("server", 50)]


@given(some.none() | some.integers(0, 10**15), some.sampled_from(["a", "b", None]), some.sampled_from(["a", "b"]))
def test_shares_add_up_to_the_whole(amount: int | None, first: str | None, second: str) -> None:
    """Whatever the amount, parts and cents add up exactly, and the first has at most one cent more."""
    for found in (shares(amount, first), shares(amount, first, second)):
        assert sum(share.parts for share in found) == WHOLE
        cents = [share.cents for share in found]
        assert (sum(one or 0 for one in cents), {one is None for one in cents}) == (amount or 0, {amount is None})
        assert amount is None or max(map(int, cents)) - min(map(int, cents)) in (0, 1, amount)  # type: ignore[arg-type]
