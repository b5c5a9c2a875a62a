"""On which line of a TOML text each parameter stands. Only for messages: `tomllib` does the reading."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from caudal.tariffs.format.findings import Path

_TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|\#[^\n]*|\n|[\[\]{},=]|[^\s\[\]{},=\#"\']+',
    re.DOTALL,
)
_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")


@dataclass(slots=True)
class _Frame:
    """An open array or inline table of the value being read."""

    path: Path
    is_array: bool
    index: int = 0


@dataclass(slots=True)
class _Scan:
    lines: dict[Path, int] = field(default_factory=dict)
    prefix: Path = ()
    counts: dict[Path, int] = field(default_factory=lambda: defaultdict(int))
    stack: list[_Frame] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    is_value: bool = False

    def header(self, mark: str, name: str, line: int) -> None:
        path: Path = ()
        parts = [part.strip().strip("\"'") for part in name.split(".")]
        for number, part in enumerate(parts):
            path = (*path, part)
            is_last = number == len(parts) - 1
            if is_last and mark == "[[":
                self.lines.setdefault(path, line)
                self.counts[path] += 1
            if self.counts.get(path):
                path = (*path, self.counts[path] - 1)
        self.prefix = path
        self.lines.setdefault(path, line)

    def token(self, text: str, line: int) -> None:
        if text.startswith("#"):
            return
        if text == "\n":
            if not self.stack:
                self.key, self.is_value = [], False
        elif text == "=" and not self.is_value:
            self.lines.setdefault(self._path(), line)
            self.is_value = True
        elif text in "[{":
            self._open(text, line)
        elif text in "]}":
            self._close()
        elif text == ",":
            self._next()
        elif not self.is_value:
            self.key = [part.strip("\"'") for part in text.split(".")]
        elif self.stack and self.stack[-1].is_array:
            self.lines.setdefault((*self.stack[-1].path, self.stack[-1].index), line)

    def _path(self) -> Path:
        outer = self.stack[-1].path if self.stack else self.prefix
        return (*outer, *self.key)

    def _open(self, text: str, line: int) -> None:
        top = self.stack[-1] if self.stack else None
        path = (*top.path, top.index) if top and top.is_array else self._path()
        self.lines.setdefault(path, line)
        self.stack.append(_Frame(path, is_array=text == "["))
        self.key, self.is_value = [], text == "["

    def _close(self) -> None:
        if self.stack:
            self.stack.pop()
        self.is_value = True

    def _next(self) -> None:
        if self.stack and self.stack[-1].is_array:
            self.stack[-1].index += 1
        self.key, self.is_value = [], bool(self.stack) and self.stack[-1].is_array


def line_numbers(text: str) -> dict[Path, int]:
    """Map each path of the text to the line where it is written."""
    scan, line, position = _Scan(), 1, 0
    while position < len(text):
        if not scan.stack and not scan.key and text[position] == "[" and _starts_line(text, position):
            end = text.find("\n", position)
            end = len(text) if end < 0 else end
            if header := _HEADER.match(text[position:end]):
                scan.header(header[1], header[2], line)
                position = end
                continue
        match = _TOKEN.match(text, position)
        if match is None:
            position += 1
            continue
        scan.token(match[0], line)
        line += match[0].count("\n")
        position = match.end()
    return scan.lines


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """The line of a path, or of the nearest table that would hold it."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _starts_line(text: str, position: int) -> bool:
    return not text[text.rfind("\n", 0, position) + 1 : position].strip()
