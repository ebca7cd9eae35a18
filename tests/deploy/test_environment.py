"""Environments made from hashed locks."""

from pathlib import Path

import pytest

from deploy.environment import Environment, NotMade, variables


def environment(folder: Path, answer: int = 0) -> Environment:
    """One whose Python is there already, and notes what it is asked to install."""
    made = Environment(folder / "made", folder / "the.lock")
    made.python.parent.mkdir(parents=True)
    made.python.write_text(
        f'#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "$@" >> {folder}/asked\necho no network >&2\nexit {answer}\n'
    )
    made.python.chmod(0o755)
    made.lock.write_text("flask==3.1\n")
    return made


def test_it_is_made_once_and_again_when_the_lock_changes(tmp_path: Path) -> None:
    """As long as the lock stays, what was made is used; a changed lock is installed before anything runs."""
    made = environment(tmp_path)
    assert made.ready() == made.ready() == made.python
    assert len((tmp_path / "asked").read_text().splitlines()) == 1
    made.lock.write_text("flask==3.2\n")
    made.ready()
    asked = (tmp_path / "asked").read_text().splitlines()
    assert len(asked) == 2
    assert asked[1].endswith(f"--require-hashes --no-deps -r {made.lock}")


def test_one_that_cannot_be_made_says_so_and_is_tried_again(tmp_path: Path) -> None:
    """Without a network: the reason and what to do, and no mark that it is complete."""
    made = environment(tmp_path, answer=1)
    for _ in range(2):
        with pytest.raises(NotMade, match="no network"):
            made.ready()
    assert len((tmp_path / "asked").read_text().splitlines()) == 2


def test_what_is_compiled_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our processes keep what Python has compiled, also on a machine that forbids it to."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in variables()
