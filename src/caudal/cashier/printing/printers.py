"""What a printer is: something to connect to and send bytes to, that says which of the two failed.

The difference matters. Not connected: nothing was sent, try again. Lost after the first byte: the paper may have
come out and the drawer opened, so nobody sends it again without looking.
"""

import socket
from collections.abc import Iterable
from typing import Final, Protocol

from caudal.kernel.refusals import Refusal

PORT: Final = 9100
CONNECT_SECONDS: Final = 2
SEND_SECONDS: Final = 5
# how long a printer is heard after the last byte, for a line that was cut meanwhile
ANSWER_SECONDS: Final = 300 / 1000


class PrinterIsOff(Refusal):
    """Nothing was sent: it can be tried again."""


class PrinterWasLost(Refusal):
    """Bytes may have reached the printer: nobody knows whether the paper came out."""


class BadPrinterAddress(Refusal):
    """What was written is not `host:port`."""


class Printer(Protocol):
    """The contract: connect, send, close."""

    def connect(self) -> None:
        """Reach the printer without sending anything.

        :raises PrinterIsOff: if it does not answer
        """

    def send(self, paper: bytes, /) -> None:
        """Send a whole paper.

        :raises PrinterWasLost: if the line broke once the first byte was given away
        """

    def close(self) -> None:
        """Let go of the line; never fails."""


class NetworkPrinter:
    """A printer that listens for raw bytes on a port of the network."""

    def __init__(self, *, host: str, port: int = PORT) -> None:
        self.host, self.port = host, port
        self._line: socket.socket | None = None

    def connect(self) -> None:
        try:
            self._line = socket.create_connection((self.host, self.port), timeout=CONNECT_SECONDS)
        except socket.gaierror:
            raise PrinterIsOff(
                f"La dirección {self.host} no se encuentra en la red.", "Revise la dirección de la impresora."
            ) from None
        except OSError:
            raise PrinterIsOff("No responde.", "Revise que esté encendida, con papel y conectada.") from None

    def send(self, paper: bytes, /) -> None:
        assert self._line is not None, "connect first"
        try:
            self._line.settimeout(SEND_SECONDS)
            self._line.sendall(paper)
            self._line.shutdown(socket.SHUT_WR)
            self._listen()
        except OSError:
            raise PrinterWasLost(
                "Se perdió la comunicación a medio papel.", "Mire si salió el papel y dígalo aquí."
            ) from None

    def _listen(self) -> None:
        """A printer that closes or says nothing has taken the paper; a line that was reset has not."""
        assert self._line is not None
        self._line.settimeout(ANSWER_SECONDS)
        try:
            self._line.recv(64)
        except TimeoutError:
            return

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class SimulatedPrinter:
    """A printer that does as it is told, for practice and tests: each act of `plan` is for one paper.

    `prints` takes it whole; `off` does not connect; `lost` takes half and breaks. After the plan it prints.
    """

    def __init__(self, *, plan: Iterable[str] = ()) -> None:
        self.papers: list[bytes] = []
        self._plan = iter(plan)
        self._act = "prints"

    def connect(self) -> None:
        self._act = next(self._plan, "prints")
        if self._act == "off":
            raise PrinterIsOff("No responde.", "Revise que esté encendida, con papel y conectada.")

    def send(self, paper: bytes, /) -> None:
        if self._act == "lost":
            self.papers.append(paper[: len(paper) // 2])
            raise PrinterWasLost(
                "Se perdió la comunicación a medio papel.", "Mire si salió el papel y dígalo aquí."
            )
        self.papers.append(paper)

    def close(self) -> None:
        """Nothing to let go of."""


def at(*, address: str) -> Printer:
    """The printer at an address such as `192.168.1.50`, `impresora-1:9100` or `[fe80::1]:9100`.

    :raises BadPrinterAddress: if it is not an address
    """
    host, colon, port = address.strip().rpartition(":")
    if not colon or host.endswith(":") or (":" in host and not host.startswith("[")):
        host, port = address.strip(), str(PORT)
    host = host.strip("[]")
    is_port = port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536
    if not host or not is_port or any(letter.isspace() or letter == "/" for letter in host):
        raise BadPrinterAddress(
            f"«{address}» no es la dirección de una impresora.",
            "Escríbala como 192.168.1.50:9100.",
            field="printer",
            value=address,
        )
    return NetworkPrinter(host=host, port=int(port))
