"""A line to a server that can be cut or fall silent."""

import socket
from contextlib import suppress
from threading import Event, Thread


class Line:
    """Listens on a port of its own and passes everything on to `port`, while it is not silent."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._speaks = Event()
        self._speaks.set()
        self._answers = Event()
        self._answers.set()
        self._sockets: list[socket.socket] = []
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

    def cut(self) -> None:
        """Break every connection."""
        while self._sockets:
            with suppress(OSError):
                self._sockets.pop().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.speak_again()
        self.answer_again()
        self._door.close()
        self.cut()

    def _admit(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._sockets += [near, far]
                Thread(target=self._pass_on, args=(near, far, self._speaks), daemon=True).start()
                Thread(target=self._pass_on, args=(far, near, self._answers), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, may_pass: Event) -> None:
        with suppress(OSError), source, target:
            while data := source.recv(65536):
                self._speaks.wait()
                may_pass.wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
