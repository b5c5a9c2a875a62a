"""From the text of a book to its document: shape, units and bounds of each parameter."""

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from caudal.tariffs.format import amounts, locating
from caudal.tariffs.format.findings import Finding, Path
from caudal.tariffs.format.schema import BOOK, Kind, Parameter, Section

Document = dict[str, Any]

_NUMBERS: Final[dict[Kind, tuple[Callable[[str], int], Callable[[int], str], str]]] = {
    Kind.PRICE: (
        amounts.price,
        amounts.price_text,
        'Escríbalo en pesos, con hasta 4 decimales, como "7.10".',
    ),
    Kind.CENTS: (amounts.cents, amounts.cents_text, 'Escríbalo en pesos y centavos, como "450.00".'),
    Kind.PERCENT: (amounts.ppm, amounts.ppm_text, 'Escríbalo con su signo, como "20 %" o "1.5 %".'),
    Kind.VOLUME: (amounts.thousandths, amounts.thousandths_text, "Escríbalo en unidades del libro, como 10."),
}


def decode(body: bytes) -> tuple[str, list[Finding]]:
    """Turn the bytes of a file into text; what is not UTF-8 is a finding, never a guess."""
    try:
        return body.decode("utf-8-sig"), []
    except UnicodeDecodeError as problem:
        line = body[: problem.start].count(b"\n") + 1
        return "", [
            Finding(
                (), "El archivo no está en UTF-8.",
                "Guárdelo de nuevo con la codificación UTF-8 (en el Bloc de notas: Guardar como, Codificación).",
                value=f"0x{body[problem.start]:02X}", line=line,
            )
        ]  # fmt: skip


def read(text: str) -> tuple[Document, list[Finding], dict[Path, int]]:
    """Read the text of a book: its document, what is wrong with it, and the line of each parameter.

    With findings the document is what could be read; do not use it but to look for more findings.
    """
    if not text.strip():
        return {}, [_not_toml(text, "end of document")], {}
    try:
        raw = tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as problem:
        return {}, [_not_toml(text, str(problem))], {}
    lines = locating.line_numbers(text)
    reader = _Reader()
    document = reader.section(raw, BOOK, ())
    return document, [place(each, lines) for each in reader.findings], lines


def place(finding: Finding, lines: Mapping[Path, int]) -> Finding:
    """Give the finding its line."""
    return replace(finding, line=finding.line or locating.line_of(dict(lines), finding.path))


def _not_toml(text: str, message: str) -> Finding:
    match = re.search(r"line (\d+), column (\d+)", message)
    if "end of document" in message:
        return Finding(
            (), "El archivo está vacío o termina a la mitad.",
            "Parece cortado: pida el archivo completo o exporte el libro de nuevo.",
            line=text.count("\n") + 1,
        )  # fmt: skip
    return Finding(
        (), f"El archivo no es TOML válido{f' (columna {match[2]})' if match else ''}.",
        "Revise comillas, corchetes y signos de igual de esa línea, y que ninguna clave se repita.",
        line=int(match[1]) if match else None,
    )  # fmt: skip


class _Reader:
    """Walks the raw tree beside the schema and keeps what it finds."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def section(self, raw: object, section: Section, path: Path) -> Document:
        if not isinstance(raw, dict):
            self._find(path, "debe ser una tabla.", f"Escríbala como [{section.name}].", raw)
            return {}
        self._unknown(raw, section, path)
        document: Document = {}
        for parameter in section.parameters:
            value = self._parameter(raw, parameter, path)
            if value is not None and (parameter.required or value != _plain(parameter.default)):
                document[parameter.name] = value
        for inner in section.sections:
            value = self._inner(raw, inner, path)
            if value is not None:
                document[inner.name] = value
        return document

    def _inner(self, raw: Mapping[str, object], inner: Section, path: Path) -> Any:
        path = (*path, inner.name)
        if inner.name not in raw:
            if inner.required:
                mark = f"[[{inner.name}]]" if inner.many else f"[{inner.name}]"
                self._find(path, f"Falta: {inner.label}.", f"Agregue la tabla {mark} con su artículo.")
            return None
        value = raw[inner.name]
        if not inner.many:
            return self.section(value, inner, path)
        if not isinstance(value, list) or not value:
            self._find(path, "debe ser una lista de tablas con al menos un renglón.", "Complétela o quítela.")
            return None
        return [self.section(row, inner, (*path, number)) for number, row in enumerate(value)]

    def _parameter(self, raw: Mapping[str, object], parameter: Parameter, path: Path) -> Any:
        path = (*path, parameter.name)
        if parameter.name not in raw:
            if parameter.required:
                self._find(path, f"Falta: {parameter.label}.", f"Agregue «{parameter.name}» en esa tabla.")
            return None
        value = raw[parameter.name]
        if not parameter.many:
            return self._value(value, parameter, path)
        if not isinstance(value, list):
            self._find(path, "debe ser una lista.", "Escríbala entre corchetes, separada por comas.", value)
            return None
        if parameter.required and not value:
            self._find(path, f"Falta: {parameter.label}.", "La lista está vacía; escriba al menos un valor.")
        read = [self._value(each, parameter, (*path, number)) for number, each in enumerate(value)]
        if parameter.kind not in _NUMBERS and len(set(map(str, read))) != len(read):
            self._find(path, "Un valor está repetido en la lista.", "Déjelo una sola vez.")
        return [each for each in read if each is not None]

    def _value(self, value: object, parameter: Parameter, path: Path) -> Any:
        if parameter.kind in _NUMBERS:
            return self._number(value, parameter, path)
        if parameter.kind is Kind.WHOLE:
            return self._whole(value, parameter, path)
        if parameter.kind is Kind.DATE:
            return self._date(value, path)
        if parameter.kind is Kind.FLAG:
            return self._flag(value, path)
        return self._text(value, parameter, path)

    def _number(self, value: object, parameter: Parameter, path: Path) -> int | None:
        convert, show, remedy = _NUMBERS[parameter.kind]
        if isinstance(value, bool) or not isinstance(value, int | str):
            self._find(path, f"{parameter.label}: se esperaba un {parameter.kind.value}.", remedy, value)
            return None
        try:
            number = convert(str(value))
        except amounts.NotANumber as problem:
            self._find(path, f"{parameter.label}: {problem}.", remedy, value)
            return None
        return self._bounded(number, parameter, path, show)

    def _whole(self, value: object, parameter: Parameter, path: Path) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            self._find(
                path, f"{parameter.label}: se esperaba un número entero.", "Escríbalo sin decimales.", value
            )
            return None
        return self._bounded(value, parameter, path, str)

    def _bounded(
        self, number: int, parameter: Parameter, path: Path, show: Callable[[int], str]
    ) -> int | None:
        if number < 0 and parameter.low == 0:
            remedy = "Escríbalo sin signo; un descuento se declara en [[benefits]], no como precio negativo."
            self._find(path, f"{parameter.label}: no puede ser negativo.", remedy, show(number))
        elif number < parameter.low:
            self._find(
                path,
                f"{parameter.label}: es demasiado chico.",
                f"El mínimo es {show(parameter.low)}.",
                show(number),
            )
        elif parameter.high is not None and number > parameter.high:
            self._find(
                path,
                f"{parameter.label}: es demasiado grande.",
                f"El máximo es {show(parameter.high)}.",
                show(number),
            )
        else:
            return number
        return None

    def _date(self, value: object, path: Path) -> str | None:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            self._find(path, "No es una fecha.", "Escríbala como 2019-01-01, sin comillas.", value)
            return None

    def _flag(self, value: object, path: Path) -> bool | None:
        if isinstance(value, bool):
            return value
        self._find(path, "Se esperaba sí o no.", "Escriba true (sí) o false (no), sin comillas.", value)
        return None

    def _text(self, value: object, parameter: Parameter, path: Path) -> str | None:
        if not isinstance(value, str) or not value.strip():
            what = (
                f"{parameter.label}: se esperaba un texto."
                if value != ""
                else f"{parameter.label}: está vacío."
            )
            self._find(path, what, "Escríbalo entre comillas.", None if value == "" else value)
            return None
        if parameter.choices and value not in parameter.choices:
            self._find(
                path, f"{parameter.label}: valor desconocido.",
                f"Use uno de: {', '.join(parameter.choices)}.{_perhaps(value, parameter.choices)}", value,
            )  # fmt: skip
            return None
        return value.strip()

    def _unknown(self, raw: Mapping[str, object], section: Section, path: Path) -> None:
        known = [each.name for each in section.parameters] + [each.name for each in section.sections]
        for name in raw:
            if name not in known:
                self._find(
                    (*path, name), "El libro no admite esa clave aquí.",
                    f"Revise cómo está escrita.{_perhaps(name, known)}",
                )  # fmt: skip

    def _find(self, path: Path, what: str, remedy: str, value: object = None) -> None:
        shown = None if value is None else str(value)[:60]
        self.findings.append(Finding(path, what[0].upper() + what[1:], remedy, shown))


def _perhaps(written: str, known: list[str] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(written, known, n=1)
    return f" ¿Quiso decir «{near[0]}»?" if near else ""


def _plain(default: object) -> object:
    return list(default) if isinstance(default, tuple) else default
