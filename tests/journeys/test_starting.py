"""Starting and stopping the single machine: what it refuses, in which words, and what it leaves behind."""

import json
import socket
from pathlib import Path

import pytest

from deploy.demo.client import Api, Refused
from tests.journeys.system import DidNotStart, SingleMachine, running, start

MONDAY = "2026-03-02T09:00:00+08:00"


def _health(system: SingleMachine) -> Api:
    return Api(system.url)


def test_ctrl_c_ends_it_cleanly_and_the_data_is_there_again(tmp_path: Path) -> None:
    """Ctrl-C exits 0, and the next start on the folder has the same people, without making a demo again."""
    system = start(tmp_path / "data")
    accounts = system.accounts()
    assert system.stop() == 0
    with running(tmp_path / "data") as again:
        assert again.accounts() == accounts
        assert again.as_person("hq").get("/api/v1/auth/me")["role"] == "headquarters"


def test_an_empty_start_prints_a_password_once(tmp_path: Path) -> None:
    """`--empty` makes no demo and prints the administrator's password at the first start only."""
    with running(tmp_path / "data", "--empty") as system:
        password = system.said.split("one-time password ")[1].split()[0]
        assert not (tmp_path / "data" / "demo-accounts.json").exists()
        administrator = Api(system.url).signed_in("hq", password)
        assert administrator.get("/api/v1/identity/branches")["items"] == []
    with running(tmp_path / "data", "--empty") as again:
        assert "one-time" not in again.said
        assert Api(again.url).signed_in("hq", password).get("/api/v1/auth/me")["role"] == "headquarters"


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    """A port that something else listens on is named, with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(DidNotStart, match=f"Port {port} is in use.*--port"):
            start(tmp_path / "data", port=port)


def test_two_at_once_on_one_folder_are_refused(tmp_path: Path) -> None:
    """A folder that another process uses is refused, and that process goes on."""
    with running(tmp_path / "data", "--empty") as first:
        with pytest.raises(DidNotStart, match="in use by another"):
            start(tmp_path / "data")
        assert _health(first).get("/health/live")


def test_a_folder_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    """A folder whose format is newer than this program is left alone, and the message says what to do."""
    (tmp_path / "anchang.json").write_text(json.dumps({"format": 99, "clock": "system"}), encoding="utf-8")
    with pytest.raises(DidNotStart, match="newer version.*--data"):
        start(tmp_path)
    assert not list(tmp_path.glob("*.db"))


def test_a_training_folder_is_never_mixed_with_real_data(tmp_path: Path) -> None:
    """A folder made with --clock is refused without it, and the other way round."""
    with running(tmp_path / "training", "--empty", "--clock", MONDAY):
        pass
    with pytest.raises(DidNotStart, match="training data"):
        start(tmp_path / "training")
    with running(tmp_path / "real", "--empty"):
        pass
    with pytest.raises(DidNotStart, match="real data"):
        start(tmp_path / "real", "--clock", MONDAY)


@pytest.mark.parametrize("value", ["yesterday", "2026-03-02T09:00:00"])
def test_a_clock_that_is_no_instant_is_refused(tmp_path: Path, value: str) -> None:
    """--clock wants an instant with its offset, and the message shows one."""
    with pytest.raises(DidNotStart, match="2026-03-02T09:00:00"):
        start(tmp_path, "--clock", value)


def test_a_standing_clock_is_moved_by_a_put(tmp_path: Path) -> None:
    """With --clock the business's time stands, is moved by PUT /health/clock, and work goes on at the new time."""
    with running(tmp_path / "data", "--clock", MONDAY) as system:
        hall_of = system.as_person("manager")
        hall = hall_of.get("/api/v1/reception/halls")["items"][0]["hall_id"]
        path = f"/api/v1/reception/halls/{hall}"
        assert hall_of.get(f"{path}/board")["local_day"] == "2026-03-02"
        _health(system).put("/health/clock", {"now": "2026-03-09T10:30:00+08:00"})
        attendance = system.as_person("sales1").post(f"{path}/clock-in")
        assert attendance["clocked_in_at"].startswith("2026-03-09T02:30:00")


def test_without_clock_there_is_nothing_to_move(tmp_path: Path) -> None:
    """Without --clock the address /health/clock does not exist."""
    with running(tmp_path / "data", "--empty") as system, pytest.raises(Refused) as refused:
        _health(system).put("/health/clock", {"now": MONDAY})
    assert refused.value.status == 404


def test_a_first_start_that_was_cut_off_begins_again(tmp_path: Path) -> None:
    """A demo that was never announced as ready is made anew, whole."""
    data = tmp_path / "data"
    start(data).kill()
    (data / "demo-accounts.json").unlink()
    (data / "first-start").write_text("demo", encoding="utf-8")
    with running(data) as system:
        query = {"from": "2020-02-01", "to": "2020-04-25"}
        assert system.as_person("admin").get("/api/v1/reporting/followup-sheet", **query)["closed_deals"] == 10
