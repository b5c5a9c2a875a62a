"""How a channel writes its references and its files: a description that a person edits, checked before it is used.

It is TOML for people and JSON in the database. Every parameter that is unknown, missing or of another kind is
named, so that a mistake is found when the channel is described and not when a file arrives.
"""

import codecs
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from caudal.cashier.channels.references import CHECKS, KINDS, ReferenceKind
from caudal.kernel.refusals import Refusal

REQUIRED_FIELDS: Final = ("reference", "amount", "paid_on")
# by what a reversal may name the movement it takes back
REVERSAL_KEYS: Final = ("authorization", "reference", "amount", "paid_on")
EXCEL_DATES: Final = ("excel_1900", "excel_1904")
PARAMETERS: Final[Mapping[str, Mapping[str, type]]] = {
    "file": {"form": str, "encoding": str, "delimiter": str, "has_headings": bool, "ends_with_newline": bool},
    "records": {"header": str, "detail": str, "trailer": str},
    "dates": {"format": str},
    "amounts": {"decimals": int, "is_implied": bool, "is_signed": bool},
    "movements": {
        "payment": list, "reversal": list, "ignored": list, "accepted": list, "unique": list, "reversal_of": list,
        "detail": list, "amount_must_match": bool,
    },
    "totals": {"count": dict, "amount": dict, "payments": dict, "reversals": dict},
}  # fmt: skip
PLACE: Final[Mapping[str, type]] = {"column": str, "position": int, "length": int}


class CannotDescribeChannel(Refusal):
    """The description of a channel has a mistake; it names the parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value is: under a heading, in a cell (from 1), or from a character (from 1) so many characters."""

    column: str = ""
    position: int = 0
    length: int = 0

    @property
    def index(self) -> int | slice:
        """Where it is in a row already separated, or in a line."""
        start = self.position - 1
        return slice(start, start + self.length) if self.length else start


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A description that is sound."""

    document: Mapping[str, Any]
    places: Mapping[str, Place]
    totals: Mapping[str, Place]
    reference: ReferenceKind

    def of(self, section: str, name: str, default: Any) -> Any:
        """A parameter of a section, or its default."""
        return self.document.get(section, {}).get(name, default)

    @property
    def is_fixed(self) -> bool:
        return bool(self.of("file", "form", "csv") == "fixed")

    @property
    def delimiter(self) -> str:
        return str(self.of("file", "delimiter", ","))

    @property
    def encoding(self) -> str:
        return str(self.of("file", "encoding", "utf-8"))

    @property
    def has_headings(self) -> bool:
        return not self.is_fixed and bool(self.of("file", "has_headings", True))

    @property
    def records(self) -> Mapping[str, str]:
        """What each kind of record begins with; empty if every row is a movement."""
        found: Mapping[str, str] = self.document.get("records", {})
        return found

    @property
    def date_format(self) -> str:
        return str(self.of("dates", "format", "%Y-%m-%d"))

    @property
    def unique(self) -> tuple[str, ...]:
        """Which fields make a movement that movement and no other."""
        return tuple(self.of("movements", "unique", ()))

    @property
    def reversal_of(self) -> tuple[str, ...]:
        """By which fields a reversal names the movement it takes back."""
        return tuple(self.of("movements", "reversal_of", ("reference", "amount")))


def from_toml(*, text: str, file: str = "") -> Layout:
    """A layout from the text of its file.

    :raises CannotDescribeChannel: naming what is wrong
    """
    try:
        return from_document(document=tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        where = re.search(r"line (\d+)", str(problem))
        raise CannotDescribeChannel(
            "No se puede leer la descripción"
            + (f" en el renglón {where[1]}." if where else ": está incompleta."),
            "Revise ahí los signos: corchetes, comillas, el igual.",
            field="layout",
            file=file or None,
        ) from problem


def from_document(*, document: Mapping[str, Any]) -> Layout:
    """A layout from its document, as the database keeps it.

    :raises CannotDescribeChannel: naming what is wrong
    """
    _require_known(document)
    is_fixed = document.get("file", {}).get("form", "csv") == "fixed"
    has_headings = not is_fixed and document.get("file", {}).get("has_headings", True)
    places = {
        name: _place(f"fields.{name}", said, is_fixed=is_fixed, has_headings=has_headings)
        for name, said in document.get("fields", {}).items()
    }
    totals = {
        name: _place(f"totals.{name}", said, is_fixed=is_fixed, has_headings=False)
        for name, said in document.get("totals", {}).items()
    }
    layout = Layout(
        document=document, places=places, totals=totals, reference=_reference(document.get("reference", {}))
    )
    _require_sound(layout)
    return layout


def _wrong(
    parameter: str, what: str, remedy: str = "Corrija la descripción del canal."
) -> CannotDescribeChannel:
    return CannotDescribeChannel(f"{parameter}: {what}", remedy, field="layout")


def _require_known(document: Mapping[str, Any]) -> None:
    for section, said in document.items():
        if section not in (*PARAMETERS, "fields", "reference") or not isinstance(said, Mapping):
            raise _wrong(section, "no se conoce esta sección.")
        if section in ("fields", "reference"):
            continue
        for name, value in said.items():
            kind: Any = PARAMETERS[section].get(name)
            if kind is None:
                raise _wrong(f"{section}.{name}", "no se conoce este parámetro.")
            if kind is dict and isinstance(value, str | int):
                continue  # the short way of a place
            if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
                raise _wrong(f"{section}.{name}", f"el valor «{value}» no es de la clase que se espera.")
            if kind is list and not all(isinstance(each, str) for each in value):
                raise _wrong(f"{section}.{name}", "debe ser una lista de textos.")


def _place(parameter: str, said: Any, *, is_fixed: bool, has_headings: bool) -> Place:
    if isinstance(said, str):
        said = {"column": said}
    elif isinstance(said, int):
        said = {"position": said}
    if not isinstance(said, Mapping) or any(
        name not in PLACE or not isinstance(value, PLACE[name]) for name, value in said.items()
    ):
        raise _wrong(parameter, "diga dónde está: column, o position, o position y length.")
    place = Place(**said)
    if is_fixed and not (place.position > 0 and place.length > 0 and not place.column):
        raise _wrong(parameter, "en un archivo de ancho fijo lleva position y length, desde 1.")
    if not is_fixed and bool(place.column) == (place.position > 0):
        raise _wrong(parameter, "lleva column (su encabezado) o position (su columna, desde 1).")
    if not is_fixed and place.length:
        raise _wrong(parameter, "length es solo para archivos de ancho fijo.")
    if place.column and not has_headings:
        raise _wrong(parameter, "el archivo no tiene encabezados: use position.")
    return place


def _reference(said: Mapping[str, Any]) -> ReferenceKind:
    parameters = dict(said)
    kind = KINDS.get(str(parameters.pop("kind", "account")))
    if kind is None:
        raise _wrong("reference.kind", f"debe ser una de: {', '.join(KINDS)}.")
    known: dict[str, Any] = {field.name: field.type for field in fields(kind)}
    for name, value in parameters.items():
        if name not in known or not isinstance(value, known[name]):
            raise _wrong(
                f"reference.{name}", f"no se conoce o el valor «{value}» no es de la clase que se espera."
            )
    if parameters.get("check", "base_10") not in CHECKS:
        raise _wrong("reference.check", f"debe ser una de: {', '.join(CHECKS)}.")
    prefix = parameters.get("prefix", "")
    if prefix and not (prefix.isascii() and prefix.isdigit()):
        raise _wrong("reference.prefix", "debe llevar solo dígitos.")
    try:
        made: ReferenceKind = kind(**parameters)
    except TypeError:
        raise _wrong("reference", "falta el prefijo (prefix).") from None
    return made


def _require_sound(layout: Layout) -> None:
    missing = [name for name in REQUIRED_FIELDS if name not in layout.places]
    strange = [name for name in layout.reversal_of if name not in REVERSAL_KEYS]
    problems = (
        (bool(missing), "fields", f"faltan {', '.join(missing)}."),
        (layout.of("file", "form", "csv") not in ("csv", "fixed"), "file.form", "debe ser csv o fixed."),
        (not _is_encoding(layout.encoding), "file.encoding", f"no se conoce «{layout.encoding}»."),
        (len(layout.delimiter) != 1, "file.delimiter", "debe ser un solo carácter."),
        (
            not _is_date_format(layout.date_format),
            "dates.format",
            f"«{layout.date_format}» no dice un día completo.",
        ),
        (not 0 <= layout.of("amounts", "decimals", 2) <= 2, "amounts.decimals", "debe ser 0, 1 o 2."),
        (not layout.unique, "movements.unique", "diga qué campos hacen único a un movimiento."),
        (bool(strange), "movements.reversal_of", f"solo admite {', '.join(REVERSAL_KEYS)}."),
        (bool(layout.records) and not layout.records.get("detail"), "records.detail", "falta."),
        (
            bool(layout.totals) and not layout.records.get("trailer"),
            "records.trailer",
            "falta para leer los totales.",
        ),
        (
            bool(layout.of("movements", "payment", ())) != ("kind" in layout.places),
            "movements.payment",
            "va junto con el campo kind.",
        ),
        (
            bool(layout.of("movements", "accepted", ())) != ("status" in layout.places),
            "movements.accepted",
            "va junto con el campo status.",
        ),
    )
    for is_wrong, parameter, what in problems:
        if is_wrong:
            raise _wrong(parameter, what)
    _require_fields(layout)


def _require_fields(layout: Layout) -> None:
    uses: Mapping[str, Iterable[str]] = {
        "movements.unique": layout.unique,
        "movements.detail": layout.of("movements", "detail", ()),
        "movements.reversal_of": layout.reversal_of,
    }
    for parameter, names in uses.items():
        unknown = [name for name in names if name not in layout.places]
        if unknown:
            raise _wrong(parameter, f"no hay campos {', '.join(unknown)} en fields.")


def _is_encoding(name: str) -> bool:
    try:
        # some codecs of Python are not of text (base64, zip): encoding says so
        return bool("1".encode(codecs.lookup(name).name))
    except LookupError:
        return False


def _is_date_format(text: str) -> bool:
    days = {date(2019, 12, 31), date(2019, 11, 30), date(2020, 12, 31), date(2019, 12, 30)}
    return text in EXCEL_DATES or len({day.strftime(text) for day in days}) == len(days)


def text_at(cells: Sequence[str], at: int | slice) -> str:
    """A value of a row, without the spaces around it."""
    return str(cells[at]).strip()
