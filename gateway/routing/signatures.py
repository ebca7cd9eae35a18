"""Inside identities, signed once and used for a while: signing costs more than the rest of passing a request on."""

import time
from collections.abc import Callable

from chassis.identity import Who
from chassis.web import IdentitySigner

KEPT = 20.0  # seconds of the sixty that a signature holds: what is passed on still holds for forty
_AT_MOST = 10_000


class Signatures:
    """The signed identity of each who, at most `KEPT` seconds old."""

    def __init__(self, signer: IdentitySigner, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._signer = signer
        self._monotonic = monotonic
        self._kept: dict[Who, tuple[str, float]] = {}

    def of(self, who: Who) -> str:
        """The value of the Authorization header for the inside."""
        now = self._monotonic()
        kept = self._kept.get(who)
        if kept is not None and now < kept[1]:
            return kept[0]
        if len(self._kept) >= _AT_MOST:
            self._kept.clear()
        signed = f"Bearer {self._signer.sign(who)}"
        self._kept[who] = (signed, now + KEPT)
        return signed
