"""One private PostgreSQL and one private RabbitMQ per test session, however many workers it has.

The session's controller owns them. A worker asks it over a Unix socket for the address of what it needs; the first who
asks has it started. They end with the session, and if the session is killed, with its process.
"""

import os
import shutil
import socketserver
import tempfile
from contextlib import ExitStack
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket
from threading import Lock, Thread

from deploy.distributed.private_postgres import PrivatePostgres
from deploy.distributed.private_rabbitmq import PrivateRabbitMQ

ADDRESS_VARIABLE = "ANCHANG_TEST_GROUND"


class Ground:
    """The owner: listens until `close`."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="anchang-tests-"))
        self._folder.chmod(0o755)  # PostgreSQL's user walks through it
        self._lock = Lock()
        self._running = ExitStack()
        self._addresses: dict[str, str] = {}
        self._server = _server_for(self)
        os.environ[ADDRESS_VARIABLE] = str(self._server.server_address)
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def socket_path(self) -> str:
        return str(self._folder / "ground.socket")

    def address_of(self, what: str) -> str:
        """`postgres`: a server's URL. `rabbitmq`: the amqp URL, a space, the management URL."""
        with self._lock:
            if what not in self._addresses:
                self._addresses[what] = self._start(what)
            return self._addresses[what]

    def close(self) -> None:
        """Stop what was started and remove its data."""
        self._server.shutdown()
        self._server.server_close()
        self._running.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, what: str) -> str:
        if what == "postgres":
            return self._running.enter_context(PrivatePostgres(self._folder / "postgres")).url
        broker = self._running.enter_context(PrivateRabbitMQ(self._folder / "rabbitmq"))
        self._running.callback(broker.kill)  # its data goes too: no need to wait for an orderly end
        return f"{broker.url} {broker.management_url}"


def _server_for(ground: Ground) -> socketserver.ThreadingUnixStreamServer:
    class Answer(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            try:
                answer = "ok " + ground.address_of(self.rfile.readline().decode().strip())
            except Exception as error:  # the asker reports it as its own failure
                answer = f"error {error!r}"
            self.wfile.write(answer.encode())

    return socketserver.ThreadingUnixStreamServer(ground.socket_path, Answer)


def ask(what: str) -> str:
    """From any process of the session: the address of `postgres` or `rabbitmq`; raises RuntimeError."""
    with socket(AF_UNIX, SOCK_STREAM) as line:
        line.connect(os.environ[ADDRESS_VARIABLE])
        line.sendall(f"{what}\n".encode())
        state, _, answer = line.makefile().read().partition(" ")
    if state != "ok":
        raise RuntimeError(f"no {what} for the tests: {answer}")
    return answer
