"""Where the event benchmarks run: SQLite files always, PostgreSQL and RabbitMQ where the machine has them.

`ANCHANG_BENCH_POSTGRES_URL` and `ANCHANG_BENCH_RABBITMQ_URL` name servers to use; without them private ones start.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.distributed.packages import POSTGRESQL, RABBITMQ
from deploy.distributed.private_postgres import PrivatePostgres, fresh_database
from deploy.distributed.private_rabbitmq import PrivateRabbitMQ


@dataclass(frozen=True)
class Servers:
    """Addresses; None where the machine has no such server."""

    folder: Path
    postgres: str | None
    rabbitmq: str | None

    def sqlite_url(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.db"

    def postgres_url(self) -> str:
        """An empty database."""
        if self.postgres is None:
            raise RuntimeError("no PostgreSQL here")
        return fresh_database(self.postgres)


@contextmanager
def servers(*, broker: bool) -> Iterator[Servers]:
    """What there is, for the time of the block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anchang-bench-")))
        folder.chmod(0o755)  # PostgreSQL's user walks through it
        yield Servers(folder, _postgres(stack, folder), _rabbitmq(stack, folder) if broker else None)


def _postgres(stack: ExitStack, folder: Path) -> str | None:
    given = os.environ.get("ANCHANG_BENCH_POSTGRES_URL")
    if given or not POSTGRESQL.present:
        return given
    return stack.enter_context(PrivatePostgres(folder / "postgres")).url


def _rabbitmq(stack: ExitStack, folder: Path) -> str | None:
    given = os.environ.get("ANCHANG_BENCH_RABBITMQ_URL")
    if given or not RABBITMQ.present:
        return given
    broker = stack.enter_context(PrivateRabbitMQ(folder / "rabbitmq"))
    stack.callback(broker.kill)
    return broker.fresh_vhost()


def figure(name: str, value: float, reference: float, at_least: float, unit: str = "events/s") -> dict[str, object]:
    """A figure whose ratio to its reference of the same run must be at least `at_least`."""
    ratio = value / reference
    return {
        "figure": name,
        "value": round(value, 1),
        "unit": unit,
        "reference": round(reference, 1),
        "ratio": round(ratio, 2),
        "reach": f">= {at_least:g} x",
        "holds": ratio >= at_least,
    }
