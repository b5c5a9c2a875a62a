"""A line to PostgreSQL that fails on purpose: it reads enough of the protocol to see COMMIT go by, and its answer.

The plan says what happens to the next COMMIT: `pass`, `cut before` (it never arrives), `cut after` (it arrives and is
done, the answer is lost), or `late` (it arrives, the answer comes after a while).
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PASS, CUT_BEFORE, CUT_AFTER, LATE = "pass", "cut before", "cut after", "late"
SSL_REQUEST: Final = 80877103
GSS_REQUEST: Final = 80877104


class FaultyLine:
    """A server at 127.0.0.1 that hands everything on to a PostgreSQL socket, faithfully or not."""

    def __init__(self, *, target: str, port: int, late_seconds: float = 0.02) -> None:
        self.target = f"{target}/.s.PGSQL.{port}" if target.startswith("/") else (target, port)
        self.plan = PASS
        self.late_seconds = late_seconds
        self.n_faults = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=[client], daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = self._reach()
        call = Call(self, client, server)
        try:
            back = threading.Thread(target=call.answers, daemon=True)
            if call.greet():
                back.start()
                call.requests()
        except OSError:
            pass
        finally:
            call.hang_up()

    def _reach(self) -> socket.socket:
        kind = socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET
        server = socket.socket(kind, socket.SOCK_STREAM)
        server.connect(self.target)
        return server

    def fault(self) -> str:
        """What is planned for the COMMIT that is going by; the plan is used up."""
        planned, self.plan = self.plan, PASS
        self.n_faults += planned != PASS
        return planned


class Call:
    """One connection through the line."""

    def __init__(self, line: FaultyLine, client: socket.socket, server: socket.socket) -> None:
        self.line, self.client, self.server = line, client, server
        self.loses_answer = self.is_late = False

    def hang_up(self) -> None:
        for side in (self.client, self.server):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
            side.close()

    def greet(self) -> bool:
        """The start has no type byte; encryption is declined, so that the rest can be read."""
        while True:
            length = int.from_bytes(_exactly(self.client, 4))
            body = _exactly(self.client, length - 4)
            if int.from_bytes(body[:4]) in (SSL_REQUEST, GSS_REQUEST):
                self.client.sendall(b"N")
                continue
            self.server.sendall(length.to_bytes(4) + body)
            return True

    def requests(self) -> None:
        """Client to server, message by message. COMMIT is a simple query, or is parsed like any other statement."""
        while True:
            kind, message = _message(self.client)
            if kind in (b"Q", b"P") and b"COMMIT" in message[5:].upper().split(b"\0"):
                fault = self.line.fault()
                if fault == CUT_BEFORE:
                    return
                self.loses_answer = fault == CUT_AFTER
                self.is_late = fault == LATE
            self.server.sendall(message)

    def answers(self) -> None:
        """Server to client. `C` with the tag COMMIT is the answer that may be lost or late."""
        try:
            while True:
                kind, message = _message(self.server)
                if kind == b"C" and message[5:] == b"COMMIT\0":
                    if self.loses_answer:
                        break
                    if self.is_late:
                        time.sleep(self.line.late_seconds)
                self.client.sendall(message)
        except OSError:
            pass
        self.hang_up()


def _message(side: socket.socket) -> tuple[bytes, bytes]:
    head = _exactly(side, 5)
    return head[:1], head + _exactly(side, int.from_bytes(head[1:]) - 4)


def _exactly(side: socket.socket, n: int) -> bytes:
    parts = bytearray()
    while len(parts) < n:
        part = side.recv(n - len(parts))
        if not part:
            raise ConnectionResetError
        parts += part
    return bytes(parts)


@contextmanager
def faulty_line(*, target: str | Path, port: int) -> Iterator[FaultyLine]:
    line = FaultyLine(target=str(target), port=port)
    try:
        yield line
    finally:
        line.close()
