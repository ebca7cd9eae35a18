"""Which systems run, by the notes that each leaves while it does."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import running


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[int]:
    """A port on which somebody listens, and notes of this test alone."""
    monkeypatch.setattr(running, "FOLDER", tmp_path / "notes")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_system_is_known_while_it_runs(port: int, tmp_path: Path) -> None:
    """Its folder is found by its port and among all that run; afterwards by neither, and nothing is left behind."""
    with running.noted(port, tmp_path):
        assert running.data_folder_of(port) == tmp_path
        assert running.systems() == {tmp_path: f"http://127.0.0.1:{port}"}
    assert (running.data_folder_of(port), running.systems()) == (None, {})
    assert list(running.FOLDER.iterdir()) == []


def test_a_system_that_stops_while_it_is_looked_for_is_none(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its note may be gone between being listed and being read: that is no error, and others are told."""

    def answers(_port: int) -> bool:
        note.unlink()
        return True

    with running.noted(port, Path("/srv")):
        (note,) = running.FOLDER.iterdir()
        monkeypatch.setattr(running, "answers", answers)
        assert running.systems() == {}
