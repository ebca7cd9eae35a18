"""Prometheus metrics of a process. Labels are few and never come from outside."""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """What a process counts. Give `registry` to count apart, as tests do."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._requests = Counter(
            "http_requests", "Requests answered.", ("service", "method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "http_request_seconds",
            "Time to answer.",
            ("service", "method", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._published = Counter(
            "events_published", "Events made durable on the bus.", ("service",), registry=self.registry
        )
        self._received = Counter(
            "events_received",
            "Events by what became of them: handled, repeated, postponed, parked.",
            ("service", "outcome"),
            registry=self.registry,
        )
        self._backlog = Gauge(
            "events_backlog",
            "Events that wait: unpublished, pending, dead_letters; and the age of the oldest unpublished in seconds.",
            ("service", "what"),
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )

    @staticmethod
    def of_process() -> "Metrics":
        """The one that everything in this process shares."""
        return _OF_PROCESS

    @staticmethod
    def begin_together() -> None:
        """Where several processes count together, forget what those before them had counted."""
        for left in Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", os.devnull)).glob("*.db"):
            left.unlink()

    def request(self, service: str, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(service, method, route, str(status)).inc()
        self._seconds.labels(service, method, route).observe(seconds)

    def published(self, service: str, events: int) -> None:
        """Count events that the relay made durable on the bus."""
        self._published.labels(service).inc(events)

    def received(self, service: str, outcome: str, events: int) -> None:
        """Count events that were handled, repeated, postponed or parked."""
        self._received.labels(service, outcome).inc(events)

    def backlog(self, service: str, what: str, value: float) -> None:
        """Show how much waits."""
        self._backlog.labels(service, what).set(value)

    def exposition(self) -> tuple[bytes, str]:
        """The metrics in Prometheus's text form, and its content type; of all workers when they are several."""
        registry = self.registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # prometheus-client's own setting, read by it at import
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry), CONTENT_TYPE_LATEST


_OF_PROCESS = Metrics()
