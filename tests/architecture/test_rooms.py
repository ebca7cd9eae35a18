"""The rooms of the services: which file may import what."""

import sys

import pytest

from tests.architecture.source import Source, sources

_FLOORS = {"api": 4, "schemas": 3, "actions": 2, "views": 2, "tables": 1, "rules": 0}
_ALSO = {("actions", "views")}  # an action may look through the same views as everyone


@pytest.mark.parametrize("source", sources("services", "gateway", called="rules*.py"), ids=lambda source: source.name)
def test_rules_stand_on_the_standard_library_alone(source: Source) -> None:
    """A rule decides: it imports the standard library, at most the rules of a neighbouring room, and nothing else."""
    assert _foreign(source) == []


def test_what_decides_in_reception_is_called_rules() -> None:
    """`./run mutate` changes the files called rules: nothing that stands on them alone has another name."""
    named = (
        source for source in sources("services/reception") if not source.path.name.startswith(("rules", "__init__"))
    )
    decide = (source for source in named if source.tree.body and "migrations" not in source.path.parts)
    assert [source.name for source in decide if not _foreign(source)] == []


@pytest.mark.parametrize("name", _FLOORS)
def test_rooms_import_one_way(name: str) -> None:
    """In a room api uses actions and views, these use tables, all may use rules, and nothing points back."""
    backwards = [
        f"{source.name}:{line} uses {used}"
        for source in sources("services", "gateway", called=f"{name}.py")
        for line, module in source.imports
        if (used := _neighbour(source, module)) in _FLOORS
        and _FLOORS[used] >= _FLOORS[name]
        and (name, used) not in _ALSO
    ]
    assert backwards == []


def test_nobody_sees_the_wiring() -> None:
    """What a service's app.py wires is imported by no other file of the service but the one that runs it."""
    found = [
        f"{source.name}:{line}"
        for source in sources("services", "gateway")
        for line, module in source.imports
        if module == f"{source.service}.app" and source.path.name != "processes.py"
    ]
    assert found == []


def _foreign(source: Source) -> list[str]:
    return [
        f"{source.name}:{line} imports {module}"
        for line, module in source.imports
        if module.split(".")[0] not in sys.stdlib_module_names
        and not (module.startswith(f"{source.service}.") and ".rules" in module)
    ]


def _neighbour(source: Source, module: str) -> str:
    """The file of the same room that is imported, or nothing."""
    own = f"{source.package}."
    return module.removeprefix(own).split(".")[0] if module.startswith(own) else ""
