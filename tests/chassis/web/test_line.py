"""The line that fault tests put between a client and its server."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.chassis.web.line import Line


class Talk:
    """Both ends of one connection over the line."""

    def __init__(self, line: Line, server: socket.socket, stack: ExitStack) -> None:
        self.client = stack.enter_context(socket.create_connection(("127.0.0.1", line.port), timeout=60))
        self.server = stack.enter_context(server.accept()[0])
        self.server.settimeout(60)

    def passes(self) -> bool:
        """Whether a word comes to the server and the answer back."""
        self.client.sendall(b"?")
        asked = self.server.recv(1)
        self.server.sendall(b"!")
        return (asked, self.client.recv(1)) == (b"?", b"!")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def server(stack: ExitStack) -> socket.socket:
    return stack.enter_context(socket.create_server(("127.0.0.1", 0)))


@pytest.fixture
def line(server: socket.socket, stack: ExitStack) -> Line:
    return stack.enter_context(closing(Line(server.getsockname()[1])))


def test_the_line_passes_on_also_when_it_is_slow(line: Line, server: socket.socket, stack: ExitStack) -> None:
    """What one end says the other hears, at once or later."""
    talk = Talk(line, server, stack)
    assert talk.passes()
    line.be_slow(0.05)
    assert talk.passes()


def test_answers_can_be_held(line: Line, server: socket.socket, stack: ExitStack) -> None:
    """What the client says arrives while nothing comes back; then the answer comes."""
    talk = Talk(line, server, stack)
    line.hold_answers()
    talk.client.sendall(b"?")
    assert talk.server.recv(1) == b"?"
    talk.server.sendall(b"!")
    talk.client.settimeout(0.1)
    with pytest.raises(TimeoutError):
        talk.client.recv(1)
    line.answer_again()
    talk.client.settimeout(60)
    assert talk.client.recv(1) == b"!"


def test_a_cut_is_heard_at_both_ends(line: Line, server: socket.socket, stack: ExitStack) -> None:
    """Both ends see the end of the connection, and a new one is whole."""
    talk = Talk(line, server, stack)
    assert talk.passes()
    line.cut()
    assert (talk.client.recv(1), talk.server.recv(1)) == (b"", b"")
    assert Talk(line, server, stack).passes()


def test_a_lost_server_is_not_heard_of(line: Line, server: socket.socket, stack: ExitStack) -> None:
    """The client's words are swallowed and its connection stays open; a new one is whole, until a cut ends both."""
    talk = Talk(line, server, stack)
    assert talk.passes()
    line.lose_server()
    assert talk.server.recv(1) == b""
    talk.client.sendall(b"?")
    talk.client.settimeout(0.1)
    with pytest.raises(TimeoutError):
        talk.client.recv(1)
    assert Talk(line, server, stack).passes()
    line.cut()
    assert talk.client.recv(1) == b""


def test_a_lost_client_is_not_heard_of(line: Line, server: socket.socket, stack: ExitStack) -> None:
    """The server's connection stays open though its client is gone."""
    talk = Talk(line, server, stack)
    assert talk.passes()
    line.lose_client()
    assert talk.client.recv(1) == b""
    talk.server.settimeout(0.1)
    with pytest.raises(TimeoutError):
        talk.server.recv(1)


def test_a_server_that_is_not_there_breaks_only_its_own_connection(
    stack: ExitStack,
) -> None:
    """Who calls while nobody listens is hung up on; once somebody listens, the line works."""
    server = stack.enter_context(socket.socket())
    server.bind(("127.0.0.1", 0))  # the port is its own from now on, though it does not listen yet
    line = stack.enter_context(closing(Line(server.getsockname()[1])))
    with socket.create_connection(("127.0.0.1", line.port), timeout=60) as early:
        assert early.recv(1) == b""
    server.listen()
    assert Talk(line, server, stack).passes()
