"""`./run dead-letters`, against a real gateway with real services behind it, one of them down."""

import json
import os
import pty
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE

import pytest
from structlog.testing import capture_logs

from chassis.database import Database
from chassis.events import dead_letters
from chassis.identity import system
from chassis.web import IdentitySigner, IdentityVerifier, bearer, create_app, new_key_pair
from deploy.catalogue import metadata_of, service
from deploy.dead_letters import PASSWORD, main
from deploy.running import noted
from gateway.app import create_gateway
from gateway.identity.actions import add_branch, add_staff, create_first_administrator
from gateway.routing.table import Routes
from gateway.routing.transport import InProcess, OverHttp
from tests.gateway.echo import served

_PASSWORD = "a long password"
_UP = ("reception", "followups", "reporting", "gateway")
_SYSTEM = system("gateway", None)
_ROOT = Path(__file__).parents[2]


@dataclass
class Running:
    """The address, the databases of the services that are up, and the branch of the sales administrator `sara`."""

    url: str
    databases: dict[str, Database]
    branch: str

    def park(self, name: str, *letters: str, branch: str | None = None) -> None:
        with self.databases[name].write() as tx:
            for letter in letters:
                event = {"id": letter, "type": "thing.shown.v1", "branch": branch}
                dead_letters.park(tx, json.dumps(event), "Refused at services/x.py:3", 4)

    def states(self, name: str) -> dict[str, str]:
        with self.databases[name].read() as tx:
            every = (tx.execute(dead_letters.listed(_SYSTEM, state)) for state in dead_letters.STATES)
            return {row.id: row.state for rows in every for row in rows}

    def run(self, command: str, *arguments: str, language: str = "en") -> int:
        return main([command, *arguments, "--url", self.url, "--language", language])


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The gateway and three services; customers is down."""
    keys, folder = new_key_pair(), tmp_path_factory.mktemp("company")
    with ExitStack() as stack:
        stack.enter_context(capture_logs())  # they would stand among what the command says
        databases = {name: Database(f"sqlite:///{folder}/{name}.db", name) for name in _UP}
        for name, database in databases.items():
            metadata_of(name).create_all(database.engine)
            stack.callback(database.close)
        with databases["gateway"].write() as tx:
            create_first_administrator(tx, "hq", _PASSWORD, "总部")
            branch = str(
                add_branch(tx, _SYSTEM, {"code": "N", "name": "北区", "time_zone": "Asia/Shanghai"})["branch_id"]
            )
            place = {"branch_id": branch, "role": "sales_administrator"}
            add_staff(tx, _SYSTEM, {"username": "sara", "password": _PASSWORD, "name": "郑洁", **place})
        nobody = stack.enter_context(socket.socket())
        nobody.bind(("127.0.0.1", 0))
        routes = {
            name: InProcess(name, create_app(service(name), databases[name], bearer(IdentityVerifier(keys.public_pem))))
            for name in _UP[:-1]
        }
        down = OverHttp("customers", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        signer = IdentitySigner(keys.private_pem)
        gateway = create_gateway(databases["gateway"], Routes({**routes, "customers": down}), signer)
        yield Running(stack.enter_context(served(gateway)), databases, branch)


@pytest.fixture
def running(company: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The company without a dead letter, and the administrator's password in the environment."""
    for database in company.databases.values():
        with database.write() as tx:
            tx.execute(dead_letters.dead_letters.delete())
    monkeypatch.setenv(PASSWORD, _PASSWORD)
    return company


def test_the_list_is_a_table_of_every_service(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """Each letter is a line that says where, which, of what type, why, how often and since when, in both languages."""
    running.park("reporting", "r-1")
    running.park("gateway", "a-much-longer-id")
    for language, titles in (("zh", "服务 编号 类型 错误 次数 自"), ("en", "service id type error attempts since")):
        running.run("list", language=language)
        head, *lines = capsys.readouterr().out.splitlines()
        assert head.split() == titles.split()
        cells = ["thing.shown.v1", "Refused", "at", "services/x.py:3", "4"]
        assert [line.split()[:-2] for line in lines] == [
            ["reporting", "r-1", *cells],
            ["gateway", "a-much-longer-id", *cells],
        ]
    assert lines[0].index("thing.shown") == lines[1].index("thing.shown") == head.index("type")


def test_a_service_that_is_down_hides_only_its_own(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """The others are listed, the one that is down is named, and the exit says that the list is not whole."""
    running.park("followups", "f-1")
    assert running.run("list") == 1
    said = capsys.readouterr()
    assert "f-1" in said.out
    assert "503" in said.err and "customers" in said.err
    assert running.run("list", "--service", "followups") == 0


def test_the_list_follows_every_page(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """More letters than a page holds are all listed, each once; where there are none, that is said."""
    running.park("reporting", *(f"r-{number:03}" for number in range(201)))
    assert running.run("list", "--service", "reporting") == 0
    listed = [line.split()[1] for line in capsys.readouterr().out.splitlines()[1:]]
    assert listed == [f"r-{number:03}" for number in range(201)]
    assert running.run("list", "--service", "followups") == 0
    assert capsys.readouterr().out == "No dead letter waits for a decision.\n"


@pytest.mark.parametrize("decision", ["retry", "discard"])
def test_a_letter_is_decided_by_its_id(running: Running, capsys: pytest.CaptureFixture[str], decision: str) -> None:
    """With its service an id is enough, and what was done is said."""
    running.park("reporting", "r-1", "r-2")
    assert running.run(decision, "r-1", "--service", "reporting", "--reason", "mended", language="zh") == 0
    assert capsys.readouterr().out.startswith("reporting r-1：")
    assert running.states("reporting") == {"r-1": "retried" if decision == "retry" else "discarded", "r-2": "parked"}


def test_a_decided_letter_is_refused_in_the_systems_words(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """The second decision exits 1 with what the system says, in the language asked for."""
    running.park("reporting", "r-1")
    again = ("r-1", "--service", "reporting", "--reason", "once")
    assert running.run("discard", *again) == 0
    assert running.run("retry", *again) == 1
    assert "409 Conflict: Somebody has retried or discarded" in capsys.readouterr().err
    assert running.run("retry", *again, language="zh") == 1
    assert "已经有人处理过" in capsys.readouterr().err


def test_an_event_is_looked_for_everywhere_or_not_at_all(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """Without its service, a letter is decided only when every service could say whether it has it too."""
    running.park("reporting", "r-1")
    assert running.run("discard", "r-1", "--reason", "mended") == 1
    assert "customers" in capsys.readouterr().err
    assert running.states("reporting") == {"r-1": "parked"}


def test_all_letters_of_one_service_are_retried(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """`--all` has every parked letter of the named service tried again, and of no other."""
    running.park("reporting", "r-1", "r-2")
    running.park("followups", "f-1")
    everything = ("--all", "--service", "reporting", "--reason", "mended")
    assert running.run("retry", *everything) == 0
    assert (running.states("reporting"), running.states("followups")) == (
        {"r-1": "retried", "r-2": "retried"},
        {"f-1": "parked"},
    )
    capsys.readouterr()
    assert running.run("retry", *everything) == 0
    assert "No dead letter waits" in capsys.readouterr().out


def test_a_reason_of_blanks_is_refused(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """The system's refusal names the reason."""
    running.park("reporting", "r-1")
    assert running.run("discard", "r-1", "--service", "reporting", "--reason", " ") == 1
    assert "reason: may not be blank" in capsys.readouterr().err


def test_a_branch_sees_its_own_and_decides_nothing(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """A sales administrator lists the branch's letters; deciding is refused."""
    running.park("reporting", "of-all")
    running.park("reporting", "of-north", branch=running.branch)
    sara = ("--service", "reporting", "--username", "sara")
    assert running.run("list", *sara) == 0
    said = capsys.readouterr().out
    assert "of-north" in said and "of-all" not in said
    assert running.run("retry", "of-north", *sara, "--reason", "mended") == 1
    assert "operations.manage" in capsys.readouterr().err


@pytest.mark.parametrize(("language", "says"), [("zh", "用户名或密码不正确"), ("en", "password is wrong")])
def test_a_wrong_password_is_refused(
    running: Running, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, says: str
) -> None:
    """Exit 1, with the system's words."""
    monkeypatch.setenv(PASSWORD, "another password")
    assert running.run("list", language=language) == 1
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(("language", "says"), [("zh", "没有 hq 的密码"), ("en", "no password for hq")])
def test_without_a_password_and_a_terminal_it_says_what_to_do(
    running: Running, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, says: str
) -> None:
    """Exit 2, with the name of the variable."""
    monkeypatch.delenv(PASSWORD)
    assert running.run("list", language=language) == 2
    said = capsys.readouterr().err
    assert says in said and PASSWORD in said


@pytest.mark.parametrize(
    ("typed", "code", "says"), [(f"{_PASSWORD}\n", 0, "r-1"), ("\x04", 2, PASSWORD)], ids=["typed", "given-up"]
)
def test_on_a_terminal_the_password_is_asked_for(running: Running, typed: str, code: int, says: str) -> None:
    """A person is asked, and is let in with what they type; who types nothing is told what else to do."""
    running.park("reporting", "r-1")
    terminal, inside = pty.openpty()
    command = [sys.executable, "-m", "deploy.dead_letters", "list", "--service", "reporting", "--url", running.url]
    environ = {name: value for name, value in os.environ.items() if name != PASSWORD}
    with subprocess.Popen(
        command, cwd=_ROOT, env=environ, stdin=inside, stdout=PIPE, stderr=PIPE, start_new_session=True
    ) as process:
        assert process.stderr is not None and process.stdout is not None
        asked = process.stderr.read(len("hq 的密码：".encode()))
        os.write(terminal, typed.encode())
        said = (process.stdout.read() + process.stderr.read()).decode()
    os.close(inside)
    os.close(terminal)
    assert (asked.decode(), process.returncode) == ("hq 的密码：", code)
    assert says in said and _PASSWORD not in said and "Traceback" not in said


def test_beside_a_demo_of_this_checkout_its_password_is_taken(
    running: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Only for people of the demo, only where it has accounts, and never for another machine's address."""
    monkeypatch.delenv(PASSWORD)
    port = int(running.url.rpartition(":")[2])
    with noted(port, tmp_path):
        assert running.run("list", "--service", "reporting") == 2
        hq = {"username": "hq", "password": _PASSWORD, "role": "headquarters", "branch": None, "name": "总部"}
        (tmp_path / "demo-accounts.json").write_text(json.dumps([hq]), encoding="utf-8")
        assert running.run("list", "--service", "reporting") == 0
        assert running.run("list", "--service", "reporting", "--username", "sara") == 2
        assert main(["list", "--url", f"http://anchang.example:{port}"]) == 2


@pytest.mark.parametrize("arguments", [["list"], ["retry", "x", "--reason", "y"]])
def test_an_address_where_nobody_answers(
    running: Running, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """Exit 2, with what to check."""
    assert main([*arguments, "--url", "http://127.0.0.1:1", "--language", "en"]) == 2
    assert "Nobody answers at http://127.0.0.1:1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["retry", "--reason", "x"], "give an ID, or --all"),
        (["retry", "r-1", "--all", "--service", "reporting", "--reason", "x"], "not both"),
        (["retry", "--all", "--reason", "x"], "--all needs --service"),
        (["retry", "r-1"], "--reason"),
        (["discard", "--reason", "x"], "give an ID"),
        (["discard", "--all", "--service", "reporting", "--reason", "x"], "--all"),
        (["list", "--service", "kitchen"], "kitchen"),
        (["list", "--url", "ftp://x"], "ftp://x"),
        (["list", "--url", "http://x:port"], "http://x:port"),
        ([], "list|retry|discard"),
    ],
)
def test_what_cannot_be_asked_is_said(capsys: pytest.CaptureFixture[str], arguments: list[str], says: str) -> None:
    """Exit 2 before anything is sent, with what is wrong."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert says in capsys.readouterr().err
