"""Every service there is, the gateway included: for what looks at the whole (contracts, migrations, tests)."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData

from chassis.events import Fact
from chassis.service import Service
from chassis.settings import read

ROOT = Path(__file__).parents[1]
NAMES = ("customers", "reception", "followups", "reporting", "gateway")


def folder_of(name: str) -> Path:
    """Where the service's package lies."""
    return ROOT / "gateway" if name == "gateway" else ROOT / "services" / name


def package_of(name: str) -> str:
    """The service's package, with dots."""
    return ".".join(folder_of(name).relative_to(ROOT).parts)


@cache
def service(name: str) -> Service:
    """What the service says of itself, as it is where no setting is given: without its options."""
    found: Service = import_module(f"{package_of(name)}.app").SERVICE
    return found


def services() -> Sequence[Service]:
    return [service(name) for name in NAMES]


@cache
def in_full(name: str) -> Service:
    """The same with every option that it has."""
    plain = service(name)
    return plain.as_set(read(plain.switches, {one.variable: "yes" for one in plain.switches}))


def in_full_services() -> Sequence[Service]:
    return [in_full(name) for name in NAMES]


def facts() -> dict[str, tuple[str, type[Fact]]]:
    """The catalogue: every announced fact by its type, with the service that announces it; raises on a type twice."""
    return _facts_of(services())


def optional_facts() -> dict[str, tuple[str, type[Fact]]]:
    """The same of the facts that only an option announces."""
    return {name: told for name, told in _facts_of(in_full_services()).items() if name not in facts()}


def _facts_of(announcers: Sequence[Service]) -> dict[str, tuple[str, type[Fact]]]:
    catalogue: dict[str, tuple[str, type[Fact]]] = {}
    for announcer in announcers:
        for fact in announcer.facts:
            if fact.TYPE in catalogue:
                raise ValueError(f"{fact.TYPE} is announced twice")
            catalogue[fact.TYPE] = (announcer.name, fact)
    return catalogue


def metadata_of(name: str) -> MetaData:
    """The service's METADATA with the tables of all its rooms; needs no wiring, so it works while rooms are built."""
    folder = folder_of(name)
    for file in sorted(folder.rglob("tables.py")):
        import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    metadata: MetaData = import_module(f"{package_of(name)}.tables").METADATA
    return metadata
