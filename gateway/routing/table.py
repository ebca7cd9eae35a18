"""The routing table: the first word after /api/v1 says which service answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.routing.rules import IdentityRefusedInside, Limits, UnknownRoute
from gateway.routing.transport import Answer, InProcess, Outgoing, OverHttp, Transport

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SERVICES = ("customers", "reception", "followups", "reporting")
_PREFIX = "/api/v1/"


@dataclass(frozen=True)
class Routes:
    """The way to each service, by the first word of its paths."""

    transports: Mapping[str, Transport]
    limits: Limits = field(default_factory=Limits)

    def has(self, path: str) -> bool:
        """Whether a service answers this path."""
        return path.startswith(_PREFIX) and self.word_of(path) in self.transports

    def to(self, path: str) -> Transport:
        """The way for this path; raises UnknownRoute."""
        if not self.has(path):
            raise UnknownRoute
        return self.transports[self.word_of(path)]

    def send(self, path: str, outgoing: Outgoing) -> Answer:
        """What the service of this path answers; raises UnknownRoute, IdentityRefusedInside, or as the transport does.

        A service's 401 is about us, who have just said who asks: handed on, it would send people to sign in again.
        """
        answer = self.to(path).send(outgoing)
        if answer.status != 401:
            return answer
        if (close := getattr(answer.body, "close", None)) is not None:
            close()
        raise IdentityRefusedInside(self.word_of(path))

    @staticmethod
    def word_of(path: str) -> str:
        """The first word of a path after /api/v1."""
        return path[len(_PREFIX) :].partition("/")[0]


def over_http(addresses: Mapping[str, str], **options: float) -> Routes:
    """Routes to services at `addresses` (by name, `http://host:port`); options as of OverHttp."""
    return Routes({name: OverHttp(name, url, **options) for name, url in addresses.items()})  # type: ignore[arg-type]


def in_process(applications: "Mapping[str, WSGIApplication]") -> Routes:
    """Routes to applications in this process, by name."""
    return Routes({name: InProcess(name, application) for name, application in applications.items()})
