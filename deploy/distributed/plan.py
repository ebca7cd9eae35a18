"""Which processes the distributed shape consists of, and what each is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

SERVICES = ("customers", "reception", "followups", "reporting")
GATEWAY = "gateway"
ADDRESSES = "addresses.json"  # in the data folder while the system runs: its Addresses
DATABASES = (*SERVICES, GATEWAY)
SCALABLE = tuple(f"{name}-{kind}" for name in DATABASES for kind in ("web", "worker"))
_GATEWAY_PROCESSES = 2  # of its web: measured better than one with twice the threads
_WORKER_CONNECTIONS = 5  # relay, consumer, dead letters that are tried again, jobs, health


class CannotScale(Exception):
    """What was asked with --scale is none of the processes, or no number."""

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked = asked
        self.known = ", ".join(SCALABLE)


@dataclass(frozen=True)
class Addresses:
    """Where everything is: each service's database, the broker, the public address."""

    databases: Mapping[str, str]
    bus: str
    url: str


@dataclass(frozen=True)
class Process:
    """One process of ours: the module it runs, the port where it answers, and its settings beside the common ones."""

    name: str
    module: tuple[str, ...]
    port: int
    settings: Mapping[str, str]


def scales(asked: list[str]) -> dict[str, int]:
    """`["reporting-worker=2"]` as numbers by name; raises CannotScale."""
    found = {}
    for one in asked:
        name, _, number = one.partition("=")
        if name not in SCALABLE or not (number.isascii() and number.isdigit() and 1 <= int(number) <= 16):
            raise CannotScale(one)
        found[name] = int(number)
    return found


def processes(
    addresses: Addresses, keys: tuple[Path, Path], scale: Mapping[str, int], new_port: Callable[[], int]
) -> list[Process]:
    """Every process; `keys` are the files of the private and the public key."""
    webs = [_web(name, addresses, keys[1], scale, new_port()) for name in SERVICES]
    workers = [one for name in DATABASES for one in _workers(name, addresses, scale, new_port)]
    reached = ",".join(f"{name}=http://127.0.0.1:{web.port}" for name, web in zip(SERVICES, webs, strict=True))
    settings = {
        "DATABASE_URL": addresses.databases[GATEWAY],
        "IDENTITY_PRIVATE_KEY_FILE": str(keys[0]),
        "SERVICE_ADDRESSES": reached,
        "PROXIES": "1",
        "WEB_PROCESSES": str(scale.get("gateway-web", _GATEWAY_PROCESSES)),
    }
    doors = [_process(f"gateway-{kind}", ("gateway.processes", kind), settings, new_port()) for kind in ("web", "live")]
    return [*webs, *workers, *doors]


def _web(name: str, addresses: Addresses, key: Path, scale: Mapping[str, int], port: int) -> Process:
    settings = {
        "DATABASE_URL": addresses.databases[name],
        "IDENTITY_PUBLIC_KEY_FILE": str(key),
        "WEB_PROCESSES": str(scale.get(f"{name}-web", 1)),
    }
    return _process(f"{name}-web", ("chassis.processes", "web", _package(name)), settings, port)


def _workers(name: str, addresses: Addresses, scale: Mapping[str, int], new_port: Callable[[], int]) -> list[Process]:
    settings = {
        "DATABASE_URL": addresses.databases[name],
        "DATABASE_POOL_SIZE": str(_WORKER_CONNECTIONS),
        "BUS_URL": addresses.bus,
    }
    number = scale.get(f"{name}-worker", 1)
    names = [f"{name}-worker"] if number == 1 else [f"{name}-worker-{n}" for n in range(1, number + 1)]
    module = ("chassis.processes", "worker", _package(name))
    return [_process(one, module, settings, new_port()) for one in names]


def _process(name: str, module: tuple[str, ...], settings: Mapping[str, str], port: int) -> Process:
    return Process(name, module, port, {**settings, "LISTEN": f"127.0.0.1:{port}"})


def _package(name: str) -> str:
    return name if name == GATEWAY else f"services.{name}"
