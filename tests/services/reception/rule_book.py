"""The rule book in plain lists, as somebody at the door would keep it on paper: what the service is held against."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Visitor:
    """Somebody at the door: whose customer they are, who receives them, as what, and who was called in vain."""

    key: str
    original: str | None = None
    server: str | None = None
    role: str | None = None
    greeted: bool = False
    original_left: bool = False
    passed: dict[str, str] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)


class Paper:
    """One hall. `waiting` and `served` are in order of arrival."""

    def __init__(self, people: list[str]) -> None:
        self.order = list(people)
        self.on_duty: set[str] = set()
        self.visitors: list[Visitor] = []

    @property
    def waiting(self) -> list[Visitor]:
        return [one for one in self.visitors if one.server is None]

    def serving(self) -> dict[str, Visitor]:
        return {one.server: one for one in self.visitors if one.server}

    def free(self) -> list[str]:
        """Who could receive now, A first."""
        return [name for name in self.order if name in self.on_duty and name not in self.serving()]

    def serve(self) -> None:
        """Whoever is free receives: their own customer first, then whoever came first."""
        while (found := next(self._own(), None) or next(self._others(), None)) is not None:
            visitor, server, role = found
            visitor.passed = {name: self._why(name, visitor) for name in self.order[: self.order.index(server)]}
            visitor.server, visitor.role = server, role

    def finish(self, visitor: Visitor, *, used: bool) -> None:
        self.visitors.remove(visitor)
        if used:
            self.to_the_tail(visitor.server or "")
        self.serve()

    def to_the_tail(self, name: str) -> None:
        self.order = [*(other for other in self.order if other != name), name]

    def clock_out(self, name: str) -> None:
        self.on_duty.remove(name)
        for visitor in self.visitors:
            if visitor.role == "stand_in" and visitor.original == name:
                visitor.original_left = True

    def nobody_greeted(self, overdue: list[Visitor]) -> None:
        """一.1: who was called and did not come goes to the tail; not so who did not come to their own customer."""
        for visitor in overdue:
            if visitor.role != "original":
                self.to_the_tail(visitor.server or "")
            visitor.called.add(visitor.server or "")
        for visitor in overdue:
            visitor.server = visitor.role = None
        self.serve()

    def _own(self) -> Iterator[tuple[Visitor, str, str]]:
        for visitor in self.waiting:
            if visitor.original in self.free() and not self._called_in_vain(visitor, visitor.original):
                yield visitor, visitor.original or "", "original"

    def _others(self) -> Iterator[tuple[Visitor, str, str]]:
        for visitor in self.waiting:
            for name in self.free():
                if not self._called_in_vain(visitor, name):
                    yield visitor, name, self._role(visitor)
                    break

    def _role(self, visitor: Visitor) -> str:
        if visitor.original is None:
            return "a"
        return "stand_in" if visitor.original in self.on_duty else "whole_visit"

    def _called_in_vain(self, visitor: Visitor, name: str | None) -> bool:
        return name in visitor.called and not self.on_duty <= visitor.called

    def _why(self, name: str, visitor: Visitor) -> str:
        if name not in self.on_duty:
            return "off_duty"
        if name in self.serving():
            return "serving"
        return "did_not_come" if self._called_in_vain(visitor, name) else "own_customer"
