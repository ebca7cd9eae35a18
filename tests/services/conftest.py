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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of what asks a whole service, its everyday requests are for the quick run; and every rule is."""
    for item in items:
        name, folder = item.path.name, item.path.parent
        if folder.parent == _HERE and "rules" not in name and name not in _QUICK[folder.name]:
            item.add_marker(pytest.mark.slow)
