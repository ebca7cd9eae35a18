"""Who owns whom, as rules: how much is drawn and that it was fair, splitting a hand-over, and going back by itself."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.applications.rules import DecidedByAnother, State, decision
from services.customers.ownership.rules import Change, Held, is_first_visit, split
from services.customers.policy.rules import (
    BUILT_IN,
    BadSetting,
    Policy,
    SettingOutOfRange,
    UnknownSetting,
    Version,
    check,
    policy_on,
)
from services.customers.pool.rules import (
    Allowance,
    CapReached,
    DailyLimitReached,
    Limit,
    allowance,
    commitment_of,
    cooling,
    drawn,
    holds_true,
)
from services.customers.relations.rules import AlreadyDecided
from services.customers.returns.rules import (
    Lift,
    Return,
    Standing,
    Stay,
    Warn,
    Warned,
    due_on,
    is_kept,
    judge,
    latest_idle,
)

DAY = date(2026, 3, 2)
POLICY = Policy(draw_batch=5, draw_daily=8, hold_at_most=20, idle_days=30, warning_days=7, cooling_off_days=10)
_IDS = st.lists(st.uuids(version=4).map(str), max_size=40, unique=True)


def days(many: int) -> timedelta:
    return timedelta(days=many)


@pytest.mark.parametrize(
    ("held", "today", "wanted", "answer"),
    [
        (0, 0, 3, Allowance(3, ())),
        (0, 0, 9, Allowance(5, (Limit.BATCH,))),
        (0, 6, 5, Allowance(2, (Limit.DAILY,))),
        (19, 0, 5, Allowance(1, (Limit.CAP,))),
        (15, 3, 9, Allowance(5, (Limit.BATCH, Limit.DAILY, Limit.CAP))),
    ],
)
def test_the_policy_limits_a_draw(held: int, today: int, wanted: int, answer: Allowance) -> None:
    """The batch, the day and the cap each limit a draw, and those that did are named."""
    assert allowance(POLICY, held, today, wanted) == answer


def test_who_may_draw_nothing_is_told_why() -> None:
    """At the cap and at the day's limit nothing is drawn; the cap is said first, for it does not pass by itself."""
    with pytest.raises(CapReached):
        allowance(POLICY, 20, 8, 1)
    with pytest.raises(DailyLimitReached):
        allowance(POLICY, 19, 8, 1)


@given(st.text(min_size=1, max_size=40), _IDS, st.integers(0, 50))
def test_a_draw_can_be_checked_and_not_bent(seed: str, pool: list[str], count: int) -> None:
    """A draw follows from its published facts alone, in whatever order the candidates stand; any other one is found."""
    given_now = drawn(seed, pool, count)
    assert given_now == drawn(seed, sorted(pool, reverse=True), count)
    assert len(given_now) == len(set(given_now)) == min(count, len(pool))
    assert set(given_now) <= set(pool)
    assert holds_true(commitment_of(seed), seed, pool, given_now)
    assert not holds_true(commitment_of(seed + "!"), seed, pool, given_now)
    if 0 < len(given_now) < len(pool):
        left_out = next(one for one in pool if one not in given_now)
        assert not holds_true(commitment_of(seed), seed, pool, [left_out, *given_now[1:]])


@given(_IDS, st.integers(1, 20), st.integers(1, 20))
def test_drawing_twice_is_drawing_more(pool: list[str], one: int, more: int) -> None:
    """By one seed, whoever is drawn first is not moved by asking for more: asking for few gains nothing."""
    assert drawn("seed", pool, one + more)[:one] == drawn("seed", pool, one)


def test_every_customer_is_drawn_about_as_often() -> None:
    """Over 2,000 seeds each of ten customers is among three drawn about 600 times: within five standard deviations."""
    pool = [f"customer {n}" for n in range(10)]
    counts = dict.fromkeys(pool, 0)
    for n in range(2000):
        for customer_id in drawn(hashlib.sha256(str(n).encode()).hexdigest(), pool, 3):
            counts[customer_id] += 1
    assert all(abs(count - 600) < 5 * (2000 * 0.3 * 0.7) ** 0.5 for count in counts.values())


def test_a_former_owner_waits() -> None:
    """Ten days after the day of losing a customer the former owner may draw it again, not on the ninth."""
    lost = {"early": DAY - days(10), "late": DAY - days(9)}
    assert cooling(lost, DAY, POLICY) == {"late": DAY + days(1)}


@given(
    st.lists(st.tuples(st.sampled_from("ABC-"), st.booleans()), max_size=60),
    st.dictionaries(st.uuids(version=4).map(str), st.integers(0, 9), min_size=1, max_size=7),
)
def test_a_hand_over_is_split_fairly(kinds: list[tuple[str, bool]], colleagues: dict[str, int]) -> None:
    """Nothing vanishes or is doubled; nobody gets two more than another, altogether or of key accounts."""
    customers = [Held(f"c{n}", f"A{n:03}", grade.strip("-") or None, key) for n, (grade, key) in enumerate(kinds)]
    shares = split(customers, colleagues)
    assert sorted(one for ids in shares.values() for one in ids) == sorted(one.customer_id for one in customers)
    key_accounts = {one.customer_id for one in customers if one.key_account}
    assert set(shares) == set(colleagues)
    for counts in ([len(ids) for ids in shares.values()], [len(key_accounts & {*ids}) for ids in shares.values()]):
        assert max(counts) - min(counts) <= 1


def test_who_holds_fewest_gets_the_odd_one() -> None:
    """Three customers for two colleagues: two go to the one who holds fewer."""
    three = [Held(f"c{n}", f"A00{n}", None, key_account=False) for n in (1, 2, 3)]
    assert split(three, {"busy": 9, "idle": 1}) == {"idle": ["c1", "c3"], "busy": ["c2"]}


def standing(since: date = DAY, contact: date | None = None, *, kept: bool = False, owner: str = "li") -> Standing:
    return Standing(owner, since, contact, kept)


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        (23, Stay()),
        (24, Warn(DAY, DAY + days(31))),
        (31, Warn(DAY, DAY + days(38))),
        (300, Warn(DAY, DAY + days(307))),
    ],
)
def test_an_owner_is_warned_ahead(after: int, verdict: object) -> None:
    """Seven days before 30 whole days have passed; who is warned late has seven days from then on."""
    assert judge(standing(), None, DAY + days(after), POLICY) == verdict


def test_a_customer_goes_back_after_the_warning() -> None:
    """On the day it was said, not before; a contact, another owner, or being kept lifts the warning."""
    warned = Warned("li", DAY, DAY + days(31))
    assert judge(standing(), warned, DAY + days(30), POLICY) == Stay()
    assert judge(standing(), warned, DAY + days(31), POLICY) == Return()
    assert judge(standing(contact=DAY + days(29)), warned, DAY + days(31), POLICY) == Lift()
    assert judge(standing(since=DAY + days(1), owner="zhao"), warned, DAY + days(31), POLICY) == Lift()
    assert judge(standing(kept=True), warned, DAY + days(31), POLICY) == Lift()


def test_a_new_owner_has_the_whole_time() -> None:
    """Days without contact under the owner before do not count."""
    assert judge(standing(since=DAY, contact=DAY - days(400)), None, DAY + days(23), POLICY) == Stay()


def test_a_longer_policy_lifts_a_warning() -> None:
    """When the branch allows more days, who was warned too early is told that it holds no more."""
    longer = Policy(idle_days=90, warning_days=7)
    assert judge(standing(), Warned("li", DAY, DAY + days(31)), DAY + days(31), longer) == Lift()


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 60), st.integers(1, 60))
def test_nobody_loses_a_customer_unwarned(contact: int, start: int, idle: int, ahead: int) -> None:
    """Looked at daily from any day on, a customer goes back never before `warning_days` after the warning, nor before
    `idle_days` whole days; and who is warned or returned was among those to look at.
    """
    policy = Policy(idle_days=idle, warning_days=ahead)
    mine, warned, told = standing(contact=DAY + days(contact)), None, None
    for n in range(start, start + 400):
        today = DAY + days(n)
        verdict = judge(mine, warned, today, policy)
        if verdict != Stay():
            assert mine.idle_since <= latest_idle(today, policy)
        if isinstance(verdict, Warn):
            warned, told = Warned("li", verdict.idle_since, verdict.goes_back_on), today
        if isinstance(verdict, Return):
            assert told is not None
            assert today == max(due_on(mine.idle_since, policy), told + days(ahead))
            return
    raise AssertionError("it never went back")


def test_what_is_kept() -> None:
    """Key accounts and closed deals stay where the policy says so; a leaver's customers wait for the manager."""
    strict = Policy(keep_key_accounts=False, keep_closed_deals=False)
    for policy, kept in ((BUILT_IN, True), (strict, False)):
        assert is_kept(policy, key_account=True, closed_deal=False, owner_works_here=True) is kept
        assert is_kept(policy, key_account=False, closed_deal=True, owner_works_here=True) is kept
    assert not is_kept(BUILT_IN, key_account=False, closed_deal=False, owner_works_here=True)
    assert is_kept(strict, key_account=False, closed_deal=False, owner_works_here=False)


def test_the_branch_decides_over_the_company() -> None:
    """What the branch leaves out is the company's; what begins tomorrow does not hold today; the last made decides."""
    versions = [
        Version(None, 1, DAY - days(9), {"idle_days": 40, "draw_daily": 3}),
        Version("east", 1, DAY, {"idle_days": 50}),
        Version("east", 2, DAY, {"idle_days": 55}),
        Version("east", 3, DAY + days(1), {"idle_days": 99}),
    ]
    assert policy_on(versions, DAY) == Policy(idle_days=55, draw_daily=3)
    assert policy_on([], DAY) == BUILT_IN


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"colour": 1}, UnknownSetting),
        ({"idle_days": "60"}, BadSetting),
        ({"idle_days": True}, BadSetting),
        ({"keep_key_accounts": 1}, BadSetting),
        ({"first_visit_owns": "no"}, BadSetting),
        ({"warning_days": 0}, SettingOutOfRange),
    ],
)
def test_a_policy_is_written_in_its_form(values: dict[str, object], refusal: type[Exception]) -> None:
    """Unknown names, other kinds of values and numbers out of range are refused."""
    with pytest.raises(refusal):
        check(values)


def test_an_application_is_decided_once_and_by_another() -> None:
    """Approved or refused, never by the applicant, never twice."""
    assert decision("open", "li", "boss", approved=True) is State.APPROVED
    assert decision("open", "li", "boss", approved=False) is State.REFUSED
    with pytest.raises(DecidedByAnother):
        decision("open", "boss", "boss", approved=True)
    with pytest.raises(AlreadyDecided):
        decision("refused", "li", "boss", approved=True)


def test_a_visit_out_of_the_pool() -> None:
    """Any visit since the customer came to the pool; of several the earliest, also when it is heard of late."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    pooled, visited = Change("c1", None, at, "taken_back"), Change("c1", "zhao", at + timedelta(hours=2), "visited")
    earlier = Change("c1", "li", at + timedelta(hours=1), "visited")
    assert is_first_visit(None, [pooled], at)
    assert not is_first_visit(None, [pooled], at - timedelta(seconds=1))
    assert is_first_visit("zhao", [visited, pooled], at + timedelta(hours=1))
    assert is_first_visit("zhao", [visited, pooled], at + timedelta(hours=2))  # it is the one, told again
    assert not is_first_visit("zhao", [visited, pooled], at + timedelta(hours=3))
    assert is_first_visit("li", [earlier, visited, pooled], at)
    assert not is_first_visit("li", [earlier, visited, pooled], at + timedelta(hours=2))
    assert not is_first_visit("zhao", [Change("c1", "zhao", at, "assigned"), pooled], at)


def test_whom_nobody_put_into_the_pool_was_there_from_the_beginning() -> None:
    """Registered as nobody's, and never owned since: every visit is a first one; of an owned customer none is."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert is_first_visit(None, [], at)
    assert not is_first_visit("li", [], at)
    assert is_first_visit("li", [Change("c1", "li", at, "visited")], at)
