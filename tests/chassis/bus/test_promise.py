"""The promise of chassis.bus, on both buses."""

from collections.abc import Sequence
from threading import Thread

from chassis.bus import Delivery, Mailbox, Message
from tests.chassis.bus.conftest import DELAYS, Street, take_until


def _messages(*ids: str, of: str = "thing.shown.v1") -> list[Message]:
    return [Message(name, of, f'{{"id":"{name}"}}') for name in ids]


def _bodies(deliveries: Sequence[Delivery]) -> set[str]:
    return {delivery.body for delivery in deliveries}


def _done(mailbox: Mailbox, street: Street, name: str, deliveries: Sequence[Delivery]) -> None:
    with street.database_of(name).write() as tx:
        mailbox.settle(tx, deliveries)
    mailbox.acknowledge(deliveries)


def test_what_publish_answers_for_outlives_the_process(street: Street) -> None:
    """When publish returns, each event in its answer reaches the subscriber, though the publisher is gone."""
    street.service("reader", "thing.shown.v1")
    bus = street.bus()
    assert bus.publish(_messages("a", "b")) == {"a", "b"}
    bus.close()
    arrived = take_until(street.mailbox(street.bus(), "reader"), 2)
    assert _bodies(arrived) == {'{"id":"a"}', '{"id":"b"}'}
    assert {delivery.attempts for delivery in arrived} == {0}


def test_each_subscriber_gets_its_own_copy_of_its_types_only(street: Street) -> None:
    """A type reaches all who subscribed to it, `#` is every type, and nobody gets what they did not ask for."""
    street.service("one", "thing.shown.v1")
    street.service("two", "thing.hidden.v1", "thing.shown.v1")
    street.service("all", "#")
    bus = street.bus()
    bus.publish(_messages("a") + _messages("b", of="thing.hidden.v1") + _messages("c", of="thing.lost.v1"))
    counts = {"one": 1, "two": 2, "all": 3}
    for name, number in counts.items():
        mailbox = street.mailbox(bus, name)
        _done(mailbox, street, name, take_until(mailbox, number))
        assert mailbox.take(10, patience=0) == []


def test_an_event_that_nobody_takes_is_not_answered_for(street: Street) -> None:
    """An event without a subscriber is missing from the answer; its neighbours are not."""
    street.service("reader", "thing.shown.v1")
    messages = _messages("a") + _messages("b", of="thing.lost.v1") + _messages("c")
    assert street.bus().publish(messages) == {"a", "c"}


def test_publishing_nothing_answers_nothing(street: Street) -> None:
    """An empty publish is harmless."""
    assert street.bus().publish([]) == frozenset()


def test_more_than_a_window_at_once(street: Street) -> None:
    """Thousands of events in one call are all answered for, and all arrive."""
    street.service("reader", "thing.shown.v1")
    bus = street.bus()
    ids = [f"event-{number}" for number in range(2500)]
    assert bus.publish(_messages(*ids)) == set(ids)
    mailbox = street.mailbox(bus, "reader")
    seen: set[str] = set()
    while len(seen) < len(ids):
        arrived = take_until(mailbox, min(400, len(ids) - len(seen)))
        seen |= _bodies(arrived)
        _done(mailbox, street, "reader", arrived)
    assert len(seen) == 2500


def test_the_text_arrives_as_it_was(street: Street) -> None:
    """Chinese, emoji and a megabyte of text arrive unchanged."""
    street.service("reader", "thing.shown.v1")
    bus = street.bus()
    bodies = ["单雄信 · 今日到访 🏠\n\t\\u0000", "房" * 400_000]
    bus.publish([Message(str(number), "thing.shown.v1", body) for number, body in enumerate(bodies)])
    assert _bodies(take_until(street.mailbox(bus, "reader"), 2)) == set(bodies)


def test_what_was_taken_and_not_done_comes_again(street: Street) -> None:
    """A reader that dies between taking and being done gets the event again in its next life."""
    street.service("reader", "thing.shown.v1")
    bus = street.bus()
    bus.publish(_messages("a"))
    first_life = street.mailbox(bus, "reader")
    take_until(first_life, 1)
    first_life.close()
    next_life = street.mailbox(street.bus(), "reader")
    again = take_until(next_life, 1)
    assert _bodies(again) == {'{"id":"a"}'}


def test_what_is_done_never_comes_again(street: Street) -> None:
    """Acknowledging covers what was taken before, and nothing after."""
    street.service("reader", "thing.shown.v1")
    bus = street.bus()
    bus.publish(_messages("a", "b", "c"))
    mailbox = street.mailbox(bus, "reader")
    arrived = take_until(mailbox, 3)
    _done(mailbox, street, "reader", arrived[:2])
    mailbox.close()
    next_life = street.mailbox(street.bus(), "reader")
    rest = take_until(next_life, 1)
    assert _bodies(rest) == {arrived[2].body}
    _done(next_life, street, "reader", rest)
    assert next_life.take(10, patience=0.05) == []


def test_take_answers_at_most_what_was_asked_for(street: Street) -> None:
    """No more than `most`, and the rest with the next call."""
    street.service("reader", "thing.shown.v1")
    bus = street.bus()
    bus.publish(_messages("a", "b", "c"))
    mailbox = street.mailbox(bus, "reader")
    first = take_until(mailbox, 2)
    _done(mailbox, street, "reader", first)
    assert len(_bodies(first) | _bodies(take_until(mailbox, 1))) == 3


def test_a_postponed_event_comes_back_with_its_attempts_counted(street: Street) -> None:
    """Each delay once, with one attempt more; when they are used up, postponing says so and does nothing."""
    street.service("reader", "thing.shown.v1")
    bus = street.bus()
    bus.publish(_messages("a"))
    mailbox = street.mailbox(bus, "reader")
    for attempts in range(len(DELAYS)):
        (delivery,) = take_until(mailbox, 1)
        assert delivery.attempts == attempts
        assert mailbox.postpone(delivery)
    (last,) = take_until(mailbox, 1)
    assert last.attempts == len(DELAYS)
    assert not mailbox.postpone(last)
    _done(mailbox, street, "reader", [last])
    assert mailbox.take(10, patience=0.1) == []


def test_a_postponed_event_survives_its_reader(street: Street) -> None:
    """Being postponed is durable: the next life of the reader gets it, with its attempts."""
    street.service("reader", "thing.shown.v1")
    bus = street.bus()
    bus.publish(_messages("a"))
    mailbox = street.mailbox(bus, "reader")
    mailbox.postpone(take_until(mailbox, 1)[0])
    mailbox.close()
    (again,) = take_until(street.mailbox(street.bus(), "reader"), 1)
    assert (again.body, again.attempts) == ('{"id":"a"}', 1)


def test_a_postponed_event_does_not_hold_up_the_next(street: Street) -> None:
    """While one waits for its delay, others come."""
    street.service("reader", "thing.shown.v1")
    bus = street.bus()
    bus.publish(_messages("a", "b"))
    mailbox = street.mailbox(bus, "reader")
    first, second = take_until(mailbox, 2)
    mailbox.postpone(first)
    _done(mailbox, street, "reader", [second])
    bus.publish(_messages("c"))
    assert '{"id":"c"}' in _bodies(take_until(mailbox, 2))


def test_a_waiting_reader_is_woken(street: Street) -> None:
    """`wake` from another thread ends a long wait at once."""
    street.service("reader", "thing.shown.v1")
    mailbox = street.mailbox(street.bus(), "reader")
    mailbox.take(1, patience=0)
    waiting = Thread(target=mailbox.rest, args=(60,))
    waiting.start()
    while waiting.is_alive():
        mailbox.wake()
        waiting.join(0.01)


def test_an_event_published_twice_reaches_the_reader(street: Street) -> None:
    """Publishing again what was published already is allowed, and answered for."""
    street.service("reader", "thing.shown.v1")
    bus = street.bus()
    for _time in range(2):
        assert bus.publish(_messages("a")) == {"a"}
    assert _bodies(take_until(street.mailbox(bus, "reader"), 1)) == {'{"id":"a"}'}


def test_a_bus_that_carries_events_has_no_trouble(street: Street) -> None:
    """Nothing is in the way before the first event, nor after events were published, taken and done."""
    street.service("reader", "thing.shown.v1")
    bus = street.bus()
    before = bus.trouble()
    bus.publish(_messages("a"))
    mailbox = street.mailbox(bus, "reader")
    _done(mailbox, street, "reader", take_until(mailbox, 1))
    assert (before, bus.trouble()) == (None, None)


def test_the_bus_says_what_it_is(street: Street) -> None:
    """Health can say what carries the events; a broker's version is the one it gave itself."""
    street.service("reader", "thing.shown.v1")
    bus = street.bus()
    bus.publish(_messages("a"))
    assert bus.describe() == "in process" or bus.describe().split()[1][0].isdigit()
