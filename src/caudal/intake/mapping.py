"""The mapping file: which file is which table, which column is which field, what each code means."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from caudal.intake.shapes import SHAPES, Shape, Type
from caudal.intake.sources import PYTHON_CODEC
from caudal.kernel.refusals import Refusal

SHIPPED: Final = Path(__file__).parent / "mappings"
DEFAULT: Final = SHIPPED / "sistema-anterior.toml"
DECISIONS: Final = {
    "repeated_row": ("first", "set_apart"),
    "metered_without_meter": ("set_apart", "flat"),
    "balance_differs": ("load_detail", "set_apart"),
    "negative_balance": ("credit", "set_apart"),
    "changed_name": ("correct", "change_holder"),
}
MEANINGS: Final[dict[str, tuple[Any, ...] | type]] = {
    "tariff_class": str, "service": ("metered", "flat"), "sewerage": bool, "diameter": int,
    "discount": ("", "pensioner", "disabled", "widowed", "senior"), "status": ("active", "cut", "closed"),
    "observation": str, "concept": str, "tender": ("cash", "card", "check", "transfer"), "canceled": bool,
}  # fmt: skip
_PLAIN: Final = {
    "name": str, "as_of": date, "encoding": str, "date_formats": list, "decimal_point": str, "thousands": str,
    "due_day": int, "cycle": str, "municipal_seat": str,
}  # fmt: skip
_DEFAULTS: Final = {
    "thousands": ",",
    "decimal_point": ".",
    "due_day": 15,
    "cycle": "MENSUAL",
    "municipal_seat": "",
}


class CannotReadMapping(Refusal): ...


@dataclass(frozen=True, slots=True)
class TableMapping:
    """Where one kind of table is and what its columns are called there."""

    shape: Shape
    files: tuple[str, ...]
    separator: str
    columns: dict[str, str]  # field → heading
    constants: dict[str, str]  # field → the same text for every row


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping, checked."""

    name: str
    as_of: date
    encoding: str
    date_formats: tuple[str, ...]
    decimal_point: str
    thousands: str
    due_day: int
    cycle: str
    municipal_seat: str
    tables: dict[str, TableMapping]
    codes: dict[str, dict[str, Any]]
    decisions: dict[str, str]
    if_unusable: dict[str, Any]
    document: dict[str, Any]

    @property
    def last_period(self) -> int:
        """The period of the cut-off date, as YYYYMM."""
        return self.as_of.year * 100 + self.as_of.month


def load(*, path: Path) -> Mapping:
    """Read and check a mapping file.

    :raises CannotReadMapping: naming the first thing in it that is missing, unknown or of the wrong kind
    """
    return parse(text=_text_of(path), file=path.name)


def parse(*, text: str, file: str) -> Mapping:
    """Check the text of a mapping.

    :raises CannotReadMapping: as `load`
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        at = re.search(r"line (\d+)", str(problem))
        raise CannotReadMapping(
            "El mapa no es TOML válido.",
            "Revise comillas, corchetes y signos de igual de ese renglón.",
            file=file,
            row=int(at[1]) if at else None,
        ) from None
    return _Reader(document, file).mapping()


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CannotReadMapping("El mapa no está en UTF-8.", "Guárdelo como UTF-8.", file=path.name) from None
    except OSError as problem:
        raise CannotReadMapping(
            f"No se pudo leer el mapa ({problem.strerror}).",
            "Indique su ruta con --map, o use el que viene con Caudal.",
            file=path.name,
        ) from None


class _Reader:
    """Walks the document and refuses at the first thing that is not right."""

    def __init__(self, document: dict[str, Any], file: str) -> None:
        self.document, self.file = document, file

    def mapping(self) -> Mapping:
        known = {*_PLAIN, *SHAPES, "codes", "decisions", "if_unusable"}
        self._only_known(self.document, known, "")
        plain = {name: self._plain(name, kind) for name, kind in _PLAIN.items()}
        if plain["encoding"] not in PYTHON_CODEC:
            self._refuse("encoding", plain["encoding"], f"Use uno de: {', '.join(PYTHON_CODEC)}.")
        if not 1 <= plain["due_day"] <= 28:
            self._refuse("due_day", plain["due_day"], "Ponga un día del 1 al 28.")
        tables = {name: self._table(shape) for name, shape in SHAPES.items() if name in self.document}
        if "accounts" not in tables:
            self._refuse("accounts", None, "Agregue la tabla [accounts] con el archivo del padrón.")
        plain["date_formats"] = tuple(self._date_format(each) for each in plain["date_formats"])
        return Mapping(
            **plain,
            tables=tables,
            codes=self._codes(tables),
            decisions=self._decisions(),
            if_unusable=self._if_unusable(),
            document=self._as_json(self.document),
        )

    def _plain(self, name: str, kind: type) -> Any:
        value = self.document.get(name, _DEFAULTS.get(name))
        if value is None:
            self._refuse(name, None, "Agréguelo al principio del mapa.")
        if not isinstance(value, kind) or isinstance(value, bool):
            self._refuse(
                name, value, "No es del tipo que se espera; compare con el mapa que viene con Caudal."
            )
        return value

    def _table(self, shape: Shape) -> TableMapping:
        table = self.document[shape.name]
        self._only_known(table, {"file", "separator", "columns", "constants"}, f"{shape.name}.")
        files = table.get("file")
        if not files:
            self._refuse(f"{shape.name}.file", None, "Diga qué archivo es.")
        separator = table.get("separator", "")
        if len(separator) != 1:
            self._refuse(f"{shape.name}.separator", separator, 'Debe ser un solo carácter, como "|" o ";".')
        columns, constants = table.get("columns", {}), table.get("constants", {})
        names = {each.name for each in shape.fields}
        self._only_known(columns, names, f"{shape.name}.columns.")
        self._only_known(constants, names, f"{shape.name}.constants.")
        self._require_fields(shape, {*columns, *constants})
        constants = {name: str(value) for name, value in constants.items()}
        files = (files,) if isinstance(files, str) else tuple(files)
        return TableMapping(shape, files, separator, dict(columns), constants)

    def _require_fields(self, shape: Shape, given: set[str]) -> None:
        missing = [each for each in shape.fields if each.is_required and each.name not in given]
        if missing:
            self._refuse(
                f"{shape.name}.columns.{missing[0].name}", None,
                f"Diga qué columna es: {missing[0].meaning}; o ponga un valor fijo en [{shape.name}.constants].",
            )  # fmt: skip
        if any(each.name == "period" for each in shape.fields) and not (
            "period" in given or {"year", "month"} <= given
        ):
            self._refuse(f"{shape.name}.columns", None, "Diga las columnas year y month, o period.")

    def _codes(self, tables: dict[str, TableMapping]) -> dict[str, dict[str, Any]]:
        given = self.document.get("codes", {})
        self._only_known(given, set(MEANINGS), "codes.")
        codes: dict[str, dict[str, Any]] = {}
        for name, meanings in given.items():
            for code, meaning in meanings.items():
                self._require_meaning(name, code, meaning)
            codes[name] = {code.strip().upper(): meaning for code, meaning in meanings.items()}
        for table in tables.values():
            for each in table.shape.fields:
                named = each.name in table.columns or each.name in table.constants
                if each.type is Type.CODE and named and each.name not in codes:
                    self._refuse(
                        f"codes.{each.name}", None, f"Diga qué significa cada clave de: {each.meaning}."
                    )
        return codes

    def _require_meaning(self, name: str, code: str, meaning: Any) -> None:
        allowed = MEANINGS[name]
        if isinstance(allowed, tuple):
            if meaning not in allowed:
                self._refuse(f"codes.{name}.{code}", meaning, f"Use uno de: {', '.join(map(repr, allowed))}.")
        elif type(meaning) is not allowed:
            self._refuse(f"codes.{name}.{code}", meaning, "No es del tipo que se espera.")

    def _decisions(self) -> dict[str, str]:
        given = self.document.get("decisions", {})
        self._only_known(given, set(DECISIONS), "decisions.")
        for name, choice in given.items():
            if choice not in DECISIONS[name]:
                self._refuse(f"decisions.{name}", choice, f"Use uno de: {', '.join(DECISIONS[name])}.")
        return {name: given.get(name, choices[0]) for name, choices in DECISIONS.items()}

    def _if_unusable(self) -> dict[str, Any]:
        given = self.document.get("if_unusable", {})
        self._only_known(given, {each.name for each in SHAPES["accounts"].fields}, "if_unusable.")
        for name, value in given.items():
            expected = date if SHAPES["accounts"].field(name).type is Type.DATE else str
            if not isinstance(value, expected):
                self._refuse(
                    f"if_unusable.{name}",
                    value,
                    "No es del tipo que se espera (fecha como 1990-01-31, o texto).",
                )
        return dict(given)

    def _date_format(self, text: Any) -> str:
        if not isinstance(text, str) or not re.fullmatch(
            r"(dd|d|mm|m|aaaa|aa)([/\-. ]?(dd|d|mm|m|aaaa|aa)){2}", text
        ):
            self._refuse(
                "date_formats", text, 'Escríbalo con dd, mm y aaaa, como "dd/mm/aaaa" o "aaaa-mm-dd".'
            )
        return str(text)

    def _only_known(self, given: Any, known: set[str], prefix: str) -> None:
        if not isinstance(given, dict):
            self._refuse(prefix.rstrip("."), given, "Debe ser una tabla, entre corchetes.")
        for name in given:
            if name not in known:
                self._refuse(f"{prefix}{name}", None, f"No se conoce. Aquí van: {', '.join(sorted(known))}.")

    def _refuse(self, key: str, value: Any, remedy: str) -> None:
        what = f"Falta «{key}» en el mapa, o no sirve." if value is None else f"«{key}» no sirve en el mapa."
        raise CannotReadMapping(
            what, remedy, file=self.file, field=key, value=None if value is None else str(value)
        )

    def _as_json(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._as_json(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._as_json(each) for each in value]
        return value.isoformat() if isinstance(value, date) else value
