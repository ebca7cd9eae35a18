"""Identifiers, as something that is handed in."""

import secrets
import time
from collections.abc import Iterator
from itertools import count
from threading import Lock
from typing import Protocol
from uuid import UUID


class Ids(Protocol):
    """Makes identifiers that are unique everywhere."""

    def new(self) -> str:
        """A fresh identifier: 36 characters, lower case."""
        ...


class TimeOrderedIds:
    """UUID version 7 (RFC 9562): ids made later sort later, which keeps indexes dense."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def new(self) -> str:
        with self._lock:
            self._last = max(self._last + 1, (time.time_ns() * 4096) // 1_000_000)
            stamp = self._last
        milliseconds, fraction = divmod(stamp, 4096)
        value = milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62)
        written = f"{value:032x}"
        return f"{written[:8]}-{written[8:12]}-{written[12:16]}-{written[16:20]}-{written[20:]}"


class CountedIds:
    """The ids 00000000-…-1, -2, -3: for tests that compare them."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = count(1)

    def new(self) -> str:
        return str(UUID(int=next(self._numbers)))
