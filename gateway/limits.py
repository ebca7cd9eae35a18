"""How often one actor may ask: a guard against programs that run wild, not against people."""

from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter


class TooManyRequests(Exception):
    """This actor asks more often than allowed."""

    retry_after = 1


class Rate:
    """Counts requests by actor in `storage` (`memory://` counts per process; `redis://…` for all processes)."""

    def __init__(self, rate: str, storage: str) -> None:
        self._item: RateLimitItem = parse(rate)
        self._limiter = FixedWindowRateLimiter(storage_from_string(storage))
        self.per_process = storage.startswith("memory")

    def check(self, actor_id: str) -> None:
        """Count one request; raises TooManyRequests."""
        if not self._limiter.hit(self._item, actor_id):
            raise TooManyRequests
