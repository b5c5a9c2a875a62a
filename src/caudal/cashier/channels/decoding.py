"""The bytes of a file as text: in the encoding of its channel, or in the one its first bytes declare."""

from typing import Final

from caudal.cashier.channels.layout import Layout
from caudal.kernel.refusals import Refusal

MOST_BYTES: Final = 200_000_000
_EXCEL: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
AGAIN: Final = "Descárguelo otra vez."


class UnreadableFile(Refusal):
    """The file is not text, is cut, or is of another kind."""


def text_of(*, content: bytes, layout: Layout, name: str) -> str:
    """The text of a file.

    :raises UnreadableFile: saying why it cannot be read, and in which line
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFile(
            f"El archivo pasa de {MOST_BYTES // 1_000_000} MB.", "Pida al banco uno por día.", file=name
        )
    if content.startswith(_EXCEL):
        raise UnreadableFile(
            "Es un libro de Excel.", "Ábralo y guárdelo como CSV (delimitado por comas).", file=name
        )
    encoding = _declared(content) or layout.encoding
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise UnreadableFile(
            f"El archivo no está en {encoding}.",
            "Descárguelo otra vez; si sigue igual, corrija la codificación del canal.",
            file=name,
            row=content[: problem.start].count(b"\n") + 1,
        ) from problem
    if "\0" in text:
        raise UnreadableFile(
            "El archivo trae caracteres que no son de texto.",
            "Descárguelo otra vez: está dañado o no es un archivo de movimientos.",
            file=name,
            row=text[: text.index("\0")].count("\n") + 1,
        )
    if not text.strip():
        raise UnreadableFile("El archivo está vacío.", AGAIN, file=name)
    if layout.of("file", "ends_with_newline", True) and not text.endswith(("\n", "\r")):
        raise UnreadableFile(
            "El archivo termina a media línea: está cortado.", AGAIN, file=name, row=text.count("\n") + 1
        )
    return text


def _declared(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else ""
