"""Which tests of services the quick run leaves out."""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_QUICK = {
    "customers": {"test_api.py"},
    "followups": {"test_api.py"},
    "reception": {"test_receiving.py", "test_board.py"},
    "reporting": {"test_days.py"},
}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A run without slow tests does not even read their files: that takes each of its processes two seconds."""
    return _is_slow(collection_path) and "not slow" in config.getoption("markexpr").split(" and ") or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _is_slow(item.path):
            item.add_marker(pytest.mark.slow)


def _is_slow(file: Path) -> bool:
    """Of what asks a whole service, its everyday requests are for the quick run; and every rule is."""
    name, folder = file.name, file.parent
    of_a_service = folder.parent == _HERE and name.startswith("test_")
    return of_a_service and "rules" not in name and name not in _QUICK[folder.name]
