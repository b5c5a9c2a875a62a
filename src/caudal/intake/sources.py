"""The files as they come: bytes → lines → fields, with everything that can go wrong on the way."""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from caudal.intake.findings import Finding, Severity, find
from caudal.kernel.refusals import Refusal

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
SEPARATORS: Final = ("|", ";", "\t", ",", "~")
PYTHON_CODEC: Final = {
    "windows-1252": "cp1252", "cp1252": "cp1252", "latin-1": "latin-1", "iso-8859-1": "latin-1",
    "utf-8": "utf-8", "cp850": "cp850", "cp437": "cp437",
}  # fmt: skip
# what UTF-8 and MS-DOS letters look like when read as Windows-1252
_TWICE_ENCODED = re.compile(r"Ã[\x80-¿‘’“”•–—˜™š›œžŸŠŒŽ‚ƒ„…†‡ˆ‰‹]|Â[¡-¿]|\ufffd")


class CannotReadSource(Refusal): ...


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its number in the file (the heading is line 1)."""

    number: int
    fields: list[str]


@dataclass(slots=True)
class Source:
    """A file that could be read: its heading, its lines, and what is wrong with it as a file."""

    name: str
    header: list[str]
    lines: list[Line]
    sha256: str
    findings: list[Finding] = field(default_factory=list)
    # lines that are not in `lines`: spoiled ones, by number, with the raw text
    apart: dict[int, str] = field(default_factory=dict)

    @property
    def stops(self) -> bool:
        return any(each.severity is Severity.STOPS for each in self.findings)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a file seems to be."""

    encoding: str
    separator: str
    newline: str


def locate(*, directory: Path, names: Sequence[str]) -> tuple[list[Path], list[str]]:
    """The files that a mapping names (with `*` for several), in order, and the names that match nothing."""
    paths: list[Path] = []
    missing: list[str] = []
    for name in names:
        found = sorted(directory.glob(name)) if "*" in name else [directory / name]
        found = [path for path in found if path.is_file()]
        if not found:
            missing.append(name)
        paths += found
    return paths, missing


def read_bytes(path: Path) -> bytes:
    """The whole file.

    :raises CannotReadSource: if the system does not let us
    """
    try:
        return path.read_bytes()
    except OSError as problem:
        raise CannotReadSource(
            f"No se pudo leer el archivo ({problem.strerror}).",
            "Revise que exista y que tenga permiso.",
            file=path.name,
        ) from problem


def guess(body: bytes) -> Guess:
    """Encoding, separator and line ending, from what is in the file."""
    encoding = guess_encoding(body)
    text = body[:200_000].decode(PYTHON_CODEC[encoding], "replace").lstrip("\ufeff")
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    newline = "CRLF" if b"\r\n" in body else "LF"
    return Guess(encoding, guess_separator(lines), newline)


def guess_encoding(body: bytes) -> str:
    """UTF-8 if it is valid and uses it; MS-DOS if its eñes are there; else Windows-1252."""
    if body.startswith(BYTE_ORDER_MARK):
        return "utf-8"
    high = Counter(byte for byte in body if byte > 127)
    if not high:
        return "windows-1252"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        dos = high[0xA4] + high[0xA5]  # ñ Ñ in MS-DOS; ¤ ¥ in Windows
        windows = high[0xF1] + high[0xD1]  # ñ Ñ in Windows
        return "cp850" if dos > windows else "windows-1252"
    return "utf-8"


def guess_separator(lines: Sequence[str]) -> str:
    """The character that cuts all lines in the same number of fields, and in more than one."""

    def score(separator: str) -> tuple[int, int]:
        parts = Counter(line.count(separator) for line in lines)
        cuts, agreeing = parts.most_common(1)[0]
        return (agreeing if cuts else 0, cuts)

    return max(SEPARATORS, key=score) if lines else ","


def read(*, path: Path, encoding: str, separator: str) -> Source:
    """Cut a file into lines and fields. What spoils the whole file or a line becomes findings.

    :raises CannotReadSource: if the file cannot be opened
    """
    body = read_bytes(path)
    source = Source(path.name, [], [], hashlib.sha256(body).hexdigest())
    if not body.strip():
        source.findings.append(find("empty_file", file=path.name))
        return source
    if body.startswith(BYTE_ORDER_MARK):
        source.findings.append(find("byte_order_mark", file=path.name))
        body = body[len(BYTE_ORDER_MARK) :]
    if not _encoding_agrees(source, body, encoding):
        return source
    _cut(source, body, PYTHON_CODEC[encoding], encoding, separator)
    return source


def looks_twice_encoded(text: str) -> str:
    """The text that was meant, if these are UTF-8 letters read as Windows-1252; else nothing."""
    if not _TWICE_ENCODED.search(text):
        return ""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text.replace("\ufffd", "?")


def _encoding_agrees(source: Source, body: bytes, encoding: str) -> bool:
    found = guess_encoding(body)
    same = PYTHON_CODEC[found] == PYTHON_CODEC[encoding] or not any(byte > 127 for byte in body)
    # Windows and Latin-1 letters look alike to the eye of a machine; so do the two of MS-DOS
    alike = {PYTHON_CODEC[found], PYTHON_CODEC[encoding]} in ({"cp1252", "latin-1"}, {"cp850", "cp437"})
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        found, same, alike = "utf-16", False, False
    if not same and not alike:
        source.findings.append(find("wrong_encoding", file=source.name, found=found, expected=encoding))
        return False
    return True


def _cut(source: Source, body: bytes, codec: str, encoding: str, separator: str) -> None:
    raw_lines = body.replace(b"\r\n", b"\n").split(b"\n")
    is_whole = raw_lines[-1] == b""
    if is_whole:
        raw_lines.pop()
    source.header = [name.strip() for name in _fields(raw_lines[0].decode(codec, "replace"), separator)]
    if len(source.header) == 1:
        likely = guess_separator([line.decode(codec, "replace") for line in raw_lines[:50]])
        source.findings.append(find("wrong_separator", file=source.name, separator=separator, guess=likely))
        return
    expected = len(source.header)
    for number, raw in enumerate(raw_lines[1:], start=2):
        if not raw.strip():
            source.findings.append(find("blank_line", file=source.name, row=number))
            continue
        fields = _decoded(source, number, raw, codec, encoding, separator)
        if fields is None:
            continue
        if len(fields) == expected:
            source.lines.append(Line(number, fields))
            continue
        if number == len(raw_lines) and not is_whole and len(fields) < expected:
            source.findings.append(find("truncated_file", file=source.name, row=number))
        else:
            source.findings.append(
                find("field_count", file=source.name, row=number, found=len(fields), expected=expected)
            )
        source.apart[number] = raw.decode(codec, "replace")


def _decoded(
    source: Source, number: int, raw: bytes, codec: str, encoding: str, separator: str
) -> list[str] | None:
    if b"\x00" in raw:
        source.findings.append(find("nul_bytes", file=source.name, row=number))
        source.apart[number] = raw.replace(b"\x00", b"").decode(codec, "replace")
        return None
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        source.findings.append(find("undecodable", file=source.name, row=number, encoding=encoding))
        source.apart[number] = raw.decode(codec, "replace")
        return None
    return _fields(text, separator)


def _fields(text: str, separator: str) -> list[str]:
    """Cut a line. Quotes count only where a field begins with one, as spreadsheets write them."""
    if '"' not in text or not (text.startswith('"') or f'{separator}"' in text):
        return text.split(separator)
    return next(csv.reader([text], delimiter=separator))
