"""A first look at a folder of files: what each one seems to be, and a mapping to start from."""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from caudal.intake import sources
from caudal.intake.findings import Finding
from caudal.intake.mapping import DEFAULT
from caudal.intake.shapes import SHAPES, Shape, Type

READABLE: Final = {".txt", ".csv", ".tsv", ".dat", ".prn"}
EXAMPLES: Final = 3
_LOOKS: Final = (
    ("fecha", re.compile(r"\d{1,4}[/\-.]\d{1,2}[/\-.]\d{1,4}")),
    ("hora", re.compile(r"\d{1,2}:\d\d(:\d\d)?")),
    ("importe", re.compile(r"-?\$?[\d,]*\d\.\d\d")),
    ("número", re.compile(r"-?\d+")),
)


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds: how full, how many different values, what they look like, the commonest."""

    name: str
    filled: int
    distinct: int
    looks: str
    examples: tuple[str, ...]
    field: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What one file seems to be."""

    file: str
    size: int
    encoding: str
    separator: str
    newline: str
    rows: int
    table: str
    columns: tuple[Column, ...]
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """The report for `--json`."""
        return {
            "file": self.file, "size": self.size, "encoding": self.encoding, "separator": self.separator,
            "newline": self.newline, "rows": self.rows, "table": self.table,
            "columns": [{name: getattr(each, name) for name in each.__slots__} for each in self.columns],
            "findings": [each.as_dict() for each in self.findings[:50]],
        }  # fmt: skip


def inspect(*, directory: Path) -> list[Report]:
    """Look at every text file of a folder.

    :raises CannotReadSource: if the folder is not there, has no such files, or one cannot be opened
    """
    if not directory.is_dir():
        raise sources.CannotReadSource(
            "No es una carpeta.", "Indique la carpeta de los archivos.", file=str(directory)
        )
    paths = sorted(path for path in directory.iterdir() if path.suffix.lower() in READABLE and path.is_file())
    reports = [_report(path) for path in paths]
    reports = [each for each in reports if len(each.columns) > 1]
    if not reports:
        raise sources.CannotReadSource(
            "No hay archivos de texto con columnas (.txt, .csv, .tsv, .dat).",
            "Exporte las tablas como texto separado; de Excel, guárdelas como CSV.", file=str(directory),
        )  # fmt: skip
    return reports


def draft_mapping(*, reports: list[Report]) -> str:
    """A mapping file to start from: the tables and columns that were recognized, and every code that was
    seen and has no meaning yet left for a person to write."""
    head, _, _ = DEFAULT.read_text(encoding="utf-8").partition("[accounts]")
    encoding = Counter(each.encoding for each in reports).most_common(1)[0][0]
    parts = [re.sub(r'encoding = "[^"]*"', f'encoding = "{encoding}"', head)]
    for shape in SHAPES.values():
        found = [each for each in reports if each.table == shape.name]
        if found:
            parts.append(_table_text(shape, found))
    return "\n".join(parts) + "\n" + _codes_text(reports)


def _report(path: Path) -> Report:
    body = sources.read_bytes(path)
    guess = sources.guess(body)
    source = sources.read(path=path, encoding=guess.encoding, separator=guess.separator)
    columns = [
        _column(name, [line.fields[place] for line in source.lines])
        for place, name in enumerate(source.header)
    ]
    shape = _recognize(path.name, source.header)
    if shape:
        columns = _fields_of(shape, columns)
    return Report(
        path.name, len(body), guess.encoding, guess.separator, guess.newline, len(source.lines) + len(source.apart),
        shape.name if shape else "", tuple(columns), tuple(source.findings),
    )  # fmt: skip


def _column(name: str, values: list[str]) -> Column:
    filled = Counter(value.strip() for value in values if value.strip())
    sample = list(filled)[:500]
    looks = next(
        (word for word, pattern in _LOOKS if sample and all(map(pattern.fullmatch, sample))), "texto"
    )
    common = tuple(value for value, _ in filled.most_common(EXAMPLES if len(filled) > 30 else 30))
    return Column(name, sum(filled.values()), len(filled), looks, common)


def _recognize(file: str, header: list[str]) -> Shape | None:
    """The shape whose required fields this heading has, or whose name the file bears."""
    headings = {_bare(name) for name in header}

    def score(shape: Shape) -> tuple[int, int]:
        known = sum(bool(headings & set(each.known_as)) for each in shape.fields)
        missing = sum(not headings & set(each.known_as) for each in shape.fields if each.is_required)
        is_named = any(word in _bare(file) for word in shape.known_as)
        return (3 * is_named - missing, known)

    best = max(SHAPES.values(), key=score)
    return best if score(best)[1] >= EXAMPLES else None


def _fields_of(shape: Shape, columns: list[Column]) -> list[Column]:
    """Name the field of each column that bears a known heading; the first that fits wins."""
    taken: set[str] = set()
    named = []
    for column in columns:
        field = next(
            (
                each.name
                for each in shape.fields
                if _bare(column.name) in each.known_as and each.name not in taken
            ),
            "",
        )
        taken.add(field)
        named.append(
            Column(column.name, column.filled, column.distinct, column.looks, column.examples, field)
        )
    return named


def _table_text(shape: Shape, found: list[Report]) -> str:
    files = [each.file for each in found]
    shown = f'"{files[0]}"' if len(files) == 1 else "[" + ", ".join(f'"{name}"' for name in files) + "]"
    lines = [
        f"[{shape.name}]",
        f"file = {shown}",
        f"separator = {_quoted(found[0].separator)}",
        "",
        f"[{shape.name}.columns]",
    ]
    known = {column.field: column.name for column in found[0].columns if column.field}
    for field in shape.fields:
        if field.name in known:
            lines.append(f"{field.name} = {_quoted(known[field.name])}")
        elif field.is_required:
            lines.append(f'{field.name} = "¿?"   # falta: {field.meaning}; columnas: {_names(found[0])}')
    return "\n".join(lines) + "\n"


def _codes_text(reports: list[Report]) -> str:
    """The codes of the default mapping that were seen, and those it does not know with a question mark."""
    default = tomllib.loads(DEFAULT.read_text(encoding="utf-8"))
    seen: dict[str, set[str]] = {}
    for report in reports:
        shape = SHAPES.get(report.table)
        for column in report.columns:
            if shape and column.field and shape.field(column.field).type is Type.CODE:
                empty = {""} if column.filled < report.rows and column.field != "observation" else set()
                seen.setdefault(column.field, set()).update(set(column.examples) | empty)
    lines: list[str] = []
    for name, codes in seen.items():
        known = default["codes"].get(name, {})
        lines.append(f"[codes.{name}]")
        lines += [
            f"{_quoted(code)} = {_toml(known[code])}"
            if code in known
            else f"# {_quoted(code)} = ¿qué significa?"
            for code in sorted(codes)
        ]
        lines.append("")
    _, _, decisions = DEFAULT.read_text(encoding="utf-8").partition("[decisions]")
    return "\n".join(lines) + "\n[decisions]" + decisions


def _names(report: Report) -> str:
    return ", ".join(column.name for column in report.columns)


def _bare(name: str) -> str:
    return name.strip().upper().replace(" ", "_").replace(".", "")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


def _toml(value: object) -> str:
    return (
        str(value).lower()
        if isinstance(value, bool)
        else str(value)
        if isinstance(value, int)
        else _quoted(str(value))
    )
