"""The rules of the door: look-ups, delegations, receipts, reconciliation, and the journal of a hall cut off."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reception.delegations import rules as delegations
from services.reception.delegations.rules import Delegation, delegate_of
from services.reception.door import rules as door
from services.reception.journal import rules as journal
from services.reception.journal.rules import Overtaken, Times, TooOld
from services.reception.people.rules import ReasonNeeded
from services.reception.receipts.rules import Verdict, verdict
from services.reception.reconciliation.rules import Registered, reconciled_with
from services.reception.visitors.rules import masked_name, masked_phone
from tests.services.synthetic import NOW

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HOURS = st.integers(-5, 5).map(lambda hours: NOW + hours * HOUR)
MADE = st.builds(
    Delegation,
    staff_id=st.just("li"),
    delegate_id=st.sampled_from(["wu", "zhao"]),
    customer_id=st.sampled_from([None, "wang", "sun"]),
    starts_at=HOURS,
    ends_at=HOURS,
    made_at=HOURS,
)


@given(st.lists(MADE, max_size=6), HOURS)
def test_who_stands_in_was_entrusted(made: list[Delegation], at: object) -> None:
    """一.6: whoever stands in was entrusted with this customer at that moment, last, by a general word only without
    one about the customer."""
    found = delegate_of(made, "wang", at)  # type: ignore[arg-type]
    holding = [one for one in made if one.customer_id in (None, "wang") and one.starts_at <= at < one.ends_at]  # type: ignore[operator]
    special = [one for one in holding if one.customer_id == "wang"]
    latest = max((one.made_at for one in special or holding), default=None)
    assert found in ({one.delegate_id for one in special or holding if one.made_at == latest} or {None})


def test_the_word_about_the_customer_then_the_latest() -> None:
    """一.6: per customer before general; of each, the latest word; a nameless visitor by the general one alone."""
    general = Delegation("li", "wu", None, NOW, NOW + HOUR, NOW)
    special = replace(general, delegate_id="zhao", customer_id="wang", made_at=NOW - HOUR)
    assert delegate_of([general, special], "wang", NOW) == "zhao"
    assert delegate_of([general, replace(general, delegate_id="sun", made_at=NOW + MINUTE)], "wang", NOW) == "sun"
    assert delegate_of([general, special], None, NOW) == "wu"
    assert delegate_of([special], "sun", NOW) is None


@pytest.mark.parametrize(("after", "holds"), [(-MINUTE, False), (MINUTE * 0, True), (MINUTE * 59, True), (HOUR, False)])
def test_a_delegation_holds_from_its_beginning_to_before_its_end(after: timedelta, holds: bool) -> None:
    """The first moment is inside, the last is outside."""
    assert Delegation("li", "wu", None, NOW, NOW + HOUR, NOW).holds("wang", NOW + after) == holds


def test_who_may_entrust() -> None:
    """One's own without a word; a colleague's only who leads, saying why."""
    delegations.check_may_entrust("li", False, "li", None)
    delegations.check_may_entrust("boss", True, "li", "病假")
    with pytest.raises(delegations.NotYoursToEntrust):
        delegations.check_may_entrust("wu", False, "li", "病假")
    with pytest.raises(ReasonNeeded):
        delegations.check_may_entrust("boss", True, "li", None)


def test_a_delegation_begins_now_at_the_earliest() -> None:
    """Without a beginning, or with one in the past, it begins now; it ends after that."""
    end = NOW + HOUR
    assert delegations.period(None, end, NOW) == (NOW, end) == delegations.period(NOW - HOUR, end, NOW)
    assert delegations.period(NOW + MINUTE, end, NOW) == (NOW + MINUTE, end)
    for starts_at, ends_at in ((None, NOW), (end, end), (NOW - 2 * HOUR, NOW - HOUR)):
        with pytest.raises(delegations.BadPeriod):
            delegations.period(starts_at, ends_at, NOW)


def test_what_the_door_suggests() -> None:
    """一.6: somebody's customer returns; nobody's, and nobody known, pays a first visit."""
    returning = {"kind": "returning", "customer_id": "wang", "relation": "self"}
    assert door.suggested("wang", "li") == door.suggested("wang", "li", "+86") == returning
    assert door.suggested("wang", None) == {"kind": "first_visit", "customer_id": "wang"}
    assert door.suggested(None, None, "+8613800138000") == {"kind": "first_visit", "phone": "+8613800138000"}
    assert door.suggested(None, None) == {"kind": "first_visit"}


def test_the_door_is_asked_one_question() -> None:
    """One of the three is the question; none and two are refused."""
    nothing: dict[str, str | None] = {"phone": None, "last_four": None, "customer_id": None}
    assert door.question(nothing | {"last_four": "8000"}) == "last_four"
    for asked in ({}, {"phone": "1", "last_four": "8000"}, dict.fromkeys(nothing, "1")):
        with pytest.raises(door.OneQuestion):
            door.question(nothing | asked)


def test_what_the_door_reveals() -> None:
    """A whole phone of a customer who is another's, or nobody's; not what is masked, nor one's own, nor no phone."""
    assert door.is_revealed("+8613800138000", "li", "boss", whole=True)
    assert door.is_revealed("+8613800138000", None, "boss", whole=True)
    assert not door.is_revealed("+8613800138000", "li", "boss", whole=False)
    assert not door.is_revealed("+8613800138000", "li", "li", whole=True)
    assert not door.is_revealed(None, "li", "boss", whole=True)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+8613800138000", "138****8000"),
        ("+85221234567", "****4567"),
        ("13800138000", "138****8000"),
        ("+862088888888", "****8888"),
        (None, None),
    ],
)
def test_a_masked_phone(phone: str | None, shown: str | None) -> None:
    """A Chinese mobile number shows its head and its last four digits, any other the last four."""
    assert masked_phone(phone) == shown


@given(st.from_regex(r"\+86 ?1[3-9][0-9]{9}|\+[1-9][0-9]{6,14}", fullmatch=True))
def test_a_masked_phone_shows_seven_digits_at_most(phone: str) -> None:
    """Of any phone, what stands between head and last four is hidden."""
    shown = str(masked_phone(phone))
    assert shown.endswith(phone[-4:]) and "****" in shown
    assert sum(character.isdigit() for character in shown) <= 7


@given(st.text(min_size=1, max_size=20))
def test_a_masked_name_shows_one_character(name: str) -> None:
    """What remains of a name is its first character and its length."""
    assert masked_name(name) == name[0] + "*" * (len(name) - 1)
    assert masked_name(None) is None


def test_when_a_receipt_stands() -> None:
    """The register holds a registration with its digest, and the verifier finds nothing."""
    assert verdict(["a", "b"], "b", broken=False) is Verdict.STANDS
    assert verdict(["a", "b"], "b", broken=True) is Verdict.REGISTER_CHANGED
    assert verdict(["a"], "c", broken=False) is verdict(["a"], "c", broken=True) is Verdict.OTHER_HASH


OLD = Registered("old", NOW - HOUR, "old")


@pytest.mark.parametrize(
    ("winner_id", "made_at", "first", "expected"),
    [
        ("own", NOW, None, None),
        ("own", NOW, OLD, "old"),
        ("own", NOW, replace(OLD, registered_at=NOW), "old"),
        ("own", NOW, replace(OLD, registered_at=NOW + MINUTE), None),
        ("own", None, OLD, None),
        ("own", NOW, Registered("own", NOW, "own"), None),
        ("own", NOW, replace(OLD, winner_id="oldest"), "oldest"),
        ("own", NOW, replace(OLD, winner_id="own"), None),
        ("old", None, None, "old"),
        ("oldest", NOW, OLD, "oldest"),
    ],
)
def test_with_whom_a_customer_is_reconciled(
    winner_id: str, made_at: object, first: Registered | None, expected: str | None
) -> None:
    """By merge with the winner; before one, with whoever was registered with the phone no later than here."""
    assert reconciled_with("own", winner_id, made_at, first) == expected  # type: ignore[arg-type]


MINUTES = st.integers(-300, 300).map(lambda minutes: NOW + minutes * MINUTE)


@given(st.lists(MINUTES, max_size=8), st.none() | MINUTES)
def test_the_times_of_a_journal_never_run_back(said: list[object], floor: object) -> None:
    """Each entry counts no earlier than the one before, none after now, and decisions not before the hall changed."""
    times = Times(NOW, floor)  # type: ignore[arg-type]
    counted = [times.of(at) for at in said]  # type: ignore[arg-type]
    decided = [times.of_decision(at) for at in counted]
    assert counted == sorted(counted) and decided == sorted(decided)
    assert all(at <= NOW for at in [*counted, *decided])
    assert all(at >= before for at, before in zip(decided, counted, strict=True))
    assert all(at >= min(floor, NOW) for at in decided if floor is not None)  # type: ignore[type-var]


@given(st.lists(MINUTES.filter(lambda at: at <= NOW), max_size=8))
def test_the_times_of_an_honest_journal_stand(said: list[object]) -> None:
    """A journal in order, of a hall that nobody else changed, counts as of its own times."""
    times = Times(NOW, None)
    ordered = sorted(said)  # type: ignore[type-var]
    assert [times.of_decision(times.of(at)) for at in ordered] == ordered  # type: ignore[arg-type]


def test_a_journal_is_believed_for_seven_days() -> None:
    """Seven days exactly are believed, a moment more is not, and what follows is none the worse."""
    times = Times(NOW, None)
    week_ago = NOW - timedelta(days=7)
    assert times.of(week_ago) == week_ago
    with pytest.raises(TooOld) as refused:
        times.of(week_ago - timedelta(microseconds=1))
    assert refused.value.days == 7
    assert times.of(NOW - HOUR) == NOW - HOUR


def test_when_a_step_counts() -> None:
    """As of when it was done, unless the reception was touched later: elsewhere that is a conflict, and what came with
    the journal follows the journal."""
    touched = [NOW - HOUR, None, NOW]
    assert journal.of_step(NOW, touched, handed_in=False) == NOW
    assert journal.of_step(NOW + MINUTE, touched, handed_in=False) == NOW + MINUTE
    assert journal.of_step(NOW - MINUTE, touched, handed_in=True) == NOW
    assert journal.of_step(NOW, [None], handed_in=False) == NOW
    with pytest.raises(Overtaken):
        journal.of_step(NOW - MINUTE, touched, handed_in=False)


def test_what_was_touched_since_was_overtaken() -> None:
    """Touched at the same moment, or never, it fits; a moment later anywhere, it does not."""
    journal.check_not_overtaken(NOW, [None, NOW, NOW - HOUR])
    journal.check_not_overtaken(NOW, [])
    with pytest.raises(Overtaken):
        journal.check_not_overtaken(NOW, [NOW, None, NOW + timedelta(microseconds=1)])


def test_what_the_deeds_of_a_journal_are_about() -> None:
    """Each deed is about an arrival, a reception, somebody's duty or the floor, and one of these alone."""
    kinds = (journal.ABOUT_A_RECEPTION, journal.ABOUT_DUTY, journal.ON_THE_FLOOR, {journal.Deed.ARRIVAL})
    assert sorted(deed for kind in kinds for deed in kind) == sorted(journal.Deed)
    assert set(journal.Deed) - journal.BY_SOMEBODY == {"arrival", "leave"}
    assert {"return"} == journal.ON_THE_FLOOR - journal.DECIDED_ON_THE_LINE


def test_a_conflict_says_whom_the_device_called() -> None:
    """The facts of the refusal are both names."""
    refused = journal.AssignedToAnother("li", "wu")
    assert (refused.server_id, refused.device_said, str(refused)) == ("li", "wu", "li")
