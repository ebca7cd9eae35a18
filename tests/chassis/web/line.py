"""A line to a server that can be cut, be slow, fall silent, or lose one end while the other hears nothing of it."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread


@dataclass
class _Call:
    """One connection: the client's end and the server's."""

    client: socket.socket
    server: socket.socket
    half_open: bool = False


class Line:
    """Listens on a port of its own and passes everything on to `port`, as well as it is told to."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._speaks = Event()
        self._speaks.set()
        self._answers = Event()
        self._answers.set()
        self._closed = Event()
        self._delay = 0.0
        self.carried = 0
        """How many connections there were."""
        self._calls: list[_Call] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        Thread(target=self._admit, daemon=True).start()

    def fall_silent(self) -> None:
        """From now on nothing passes; connections stay open and new ones are taken."""
        self._speaks.clear()

    def speak_again(self) -> None:
        self._speaks.set()

    def hold_answers(self) -> None:
        """From now on nothing comes back; what is sent still arrives."""
        self._answers.clear()

    def answer_again(self) -> None:
        self._answers.set()

    def be_slow(self, seconds: float) -> None:
        """From now on everything takes so much longer, each way; 0 is as before."""
        self._delay = seconds

    def cut(self) -> None:
        """Break every connection: both ends hear of it."""
        while self._calls:
            call = self._calls.pop()
            _shut(call.client)
            _shut(call.server)

    def lose_server(self) -> None:
        """Every connection's server is gone and its client does not hear of it: what it says is swallowed.

        New connections are whole; `cut` ends the half-open ones.
        """
        for call in self._calls:
            call.half_open = True
            _shut(call.server)

    def lose_client(self) -> None:
        """Every connection's client is gone and its server does not hear of it."""
        for call in self._calls:
            call.half_open = True
            _shut(call.client)

    def close(self) -> None:
        self.speak_again()
        self.answer_again()
        self._closed.set()
        self._door.close()
        self.cut()

    def _admit(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                self._connect(client)

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            client.close()
            return
        call = _Call(client, server)
        self._calls.append(call)
        self.carried += 1
        Thread(target=self._pass_on, args=(call, client, server, self._speaks), daemon=True).start()
        Thread(target=self._pass_on, args=(call, server, client, self._answers), daemon=True).start()

    def _pass_on(self, call: _Call, source: socket.socket, target: socket.socket, may_pass: Event) -> None:
        with source, suppress(OSError):
            while data := source.recv(65536):
                self._closed.wait(self._delay)
                self._speaks.wait()
                may_pass.wait()
                if not call.half_open:
                    with suppress(OSError):  # gone meanwhile: the other direction sees to it
                        target.sendall(data)
            if not call.half_open:
                _shut(target)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
