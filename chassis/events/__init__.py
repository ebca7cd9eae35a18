"""Facts that services announce and receive: CloudEvents 1.0 in structured JSON."""

from chassis.events.consumers import Consumers, Received
from chassis.events.envelope import BrokenEvent, Envelope
from chassis.events.facts import Fact, about
from chassis.events.outbox import record

__all__ = ["BrokenEvent", "Consumers", "Envelope", "Fact", "Received", "about", "record"]
