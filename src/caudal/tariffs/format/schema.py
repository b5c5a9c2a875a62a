"""Everything a tariff book may say, with its Spanish name, its unit and its bounds.

A new parameter is a line here; reading, writing, comparing and showing follow from it.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from caudal.registry.models import Benefit, TariffClass
from caudal.rules import bounds, volumes


class Kind(Enum):
    """What a value is; the document keeps all but text and dates as integers."""

    TEXT = "texto"
    PRICE = "precio en pesos"  # ten-thousandths of a peso
    CENTS = "importe en pesos"  # centavos
    PERCENT = "porcentaje"  # ppm
    VOLUME = "volumen"  # thousandths of the book's unit
    WHOLE = "número entero"
    DATE = "fecha"
    FLAG = "sí o no"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value, or a list of them (`many`). Out of `low` … `high` it is refused."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    many: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the file, or a list of them (`many`), each row known by the parameters of its `key`."""

    name: str
    label: str
    parameters: tuple[Parameter, ...] = ()
    sections: tuple["Section", ...] = ()
    many: bool = False
    required: bool = False
    key: tuple[str, ...] = ()

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, if there is one."""
        return next((each for each in self.parameters if each.name == name), None)

    def section(self, name: str) -> "Section | None":
        """The table of that name, if there is one."""
        return next((each for each in self.sections if each.name == name), None)


USES: Final = tuple(TariffClass.Use.values)
CATEGORIES: Final = tuple(Benefit.Category.values)
REGIMES: Final = ("metered", "flat")
CONDITIONS: Final = ("has_sewerage", "is_metered")
PAYABLE: Final = ("enforcement_cost", "surcharge", "inflation_update", "fine", "principal")

_MAX_PPM, _MAX_PRICE = bounds.MAX_PPM, bounds.MAX_PRICE


def _price(name: str, label: str, *, required: bool = False) -> Parameter:
    return Parameter(name, label, Kind.PRICE, required=required, default=0, high=_MAX_PRICE)


def _percent(
    name: str, label: str, *, required: bool = True, high: int = _MAX_PPM, default: int | None = 0
) -> Parameter:
    return Parameter(name, label, Kind.PERCENT, required=required, default=default, high=high)


def _names(name: str, label: str, *, required: bool = False, choices: tuple[str, ...] = ()) -> Parameter:
    return Parameter(name, label, required=required, many=True, default=(), choices=choices)


ARTICLE = Parameter("article", "artículo", required=True)
USES_OF = _names("uses", "usos", choices=USES)
MONTHS = Parameter("months", "meses", Kind.WHOLE, many=True, default=(), low=1, high=12)

TIERS = Section(
    "tiers", "bloques", many=True,
    parameters=(
        Parameter("from", "desde", Kind.VOLUME),
        Parameter("up_to", "hasta", Kind.VOLUME, low=1, high=bounds.MAX_THOUSANDTHS),
        _price("price", "precio por unidad", required=True),
    ),
)  # fmt: skip
AREA_BANDS = Section(
    "area_bands", "superficie", many=True,
    parameters=(
        Parameter("up_to_m2", "hasta m²", Kind.WHOLE, low=1, high=bounds.MAX_AREA_M2),
        _price("price", "precio por m²", required=True),
    ),
)  # fmt: skip
SCHEDULES = Section(
    "schedules", "tarifas", many=True, required=True, key=("code",),
    parameters=(
        Parameter("code", "clave", required=True),
        Parameter("name", "nombre"),
        _names("classes", "clases", required=True),
        Parameter("regime", "régimen", required=True, choices=REGIMES),
        _names("localities", "localidades"),
        _names("zones", "zonas"),
        Parameter("diameters_mm", "diámetros en mm", Kind.WHOLE, many=True, default=(), low=1, high=2000),
        MONTHS,
        ARTICLE,
        _price("fixed", "parte fija"),
        Parameter("allowance", "volumen incluido", Kind.VOLUME, default=0, high=bounds.MAX_THOUSANDTHS),
        _price("uniform", "precio uniforme"),
        Parameter("table", "tabla por unidad", Kind.PRICE, many=True, default=(), high=_MAX_PRICE),
        _price("table_excess", "precio pasada la tabla"),
        _price("flat", "cuota fija"),
        _price("minimum", "cuota mínima"),
    ),
    sections=(TIERS, AREA_BANDS),
)  # fmt: skip

BOOK: Final = Section(
    "", "libro",
    parameters=(
        Parameter("code", "clave", required=True),
        Parameter("name", "nombre", required=True),
        Parameter("effective_from", "vigente desde", Kind.DATE, required=True),
        Parameter("effective_to", "vigente hasta (sin incluir)", Kind.DATE),
        Parameter("legal_reference", "fundamento", required=True),
        Parameter("notes", "notas"),
        Parameter("volume_unit", "unidad de volumen", default="m3", choices=volumes.UNITS),
        Parameter(
            "while_interrupted", "servicio interrumpido", default="as_usual",
            choices=("as_usual", "minimum", "flat", "nothing"),
        ),
    ),
    sections=(
        Section("proration", "proporción por días", parameters=(
            Parameter("policy", "regla", default="none", choices=("none", "days")),
            Parameter("period_days", "días del periodo", Kind.WHOLE, default=30, low=1, high=366),
            ARTICLE,
        )),
        Section("classes", "clases", many=True, required=True, key=("code",), parameters=(
            Parameter("code", "clave", required=True),
            Parameter("name", "nombre", required=True),
            Parameter("use", "uso", required=True, choices=USES),
        )),
        Section("zones", "zonas", many=True, key=("name",), parameters=(
            Parameter("name", "nombre", required=True),
            _names("localities", "localidades", required=True),
        )),
        SCHEDULES,
        Section("percentages", "porcentajes", many=True, key=("concept", "uses"), parameters=(
            Parameter("concept", "concepto", required=True),
            _percent("percent", "porcentaje"),
            Parameter("of", "base", many=True, default=("water",)),
            USES_OF,
            _names("requires", "condiciones", choices=CONDITIONS),
            Parameter("after_benefits", "sobre lo ya descontado", Kind.FLAG, default=False),
            ARTICLE,
        )),
        Section("benefits", "beneficios", many=True, key=("category",), parameters=(
            Parameter("category", "categoría", required=True, choices=CATEGORIES),
            Parameter("concept", "concepto", default="benefit"),
            _percent("percent", "porcentaje"),
            Parameter("cap", "tope de consumo", Kind.VOLUME, low=1, high=bounds.MAX_THOUSANDTHS),
            Parameter(
                "above_cap", "arriba del tope", default="first_units_only",
                choices=("first_units_only", "void", "whole"),
            ),
            _names("reduces", "conceptos que reduce", required=True),
            USES_OF,
            ARTICLE,
        )),
        Section(
            "prepayment", "pago anual anticipado",
            parameters=(
                Parameter("concept", "concepto", default="early_payment"),
                _names("reduces", "conceptos que reduce", required=True),
                USES_OF,
                Parameter("stacks", "se suma al beneficio", Kind.FLAG, default=False),
                ARTICLE,
            ),
            sections=(
                Section("windows", "meses de pago", many=True, required=True, key=("months",), parameters=(
                    Parameter("months", "meses", Kind.WHOLE, many=True, required=True, low=1, high=12),
                    _percent("percent", "porcentaje"),
                )),
            ),
        ),
        Section("vat", "IVA", many=True, required=True, key=("concepts", "uses"), parameters=(
            _names("concepts", "conceptos", required=True),
            USES_OF,
            _percent("percent", "tasa", required=False),
            Parameter("treatment", "trato", default="taxed", choices=("taxed", "exempt", "not_object")),
            Parameter("notes", "criterio"),
            ARTICLE,
        )),
        Section(
            "surcharge", "recargos", required=True,
            parameters=(
                _percent("cap", "tope acumulado", required=False, high=100 * _MAX_PPM, default=None),
                ARTICLE,
            ),
            sections=(
                Section("monthly", "tasa mensual", many=True, required=True, key=("year",), parameters=(
                    Parameter("year", "desde el año", Kind.WHOLE, required=True, low=1980, high=2100),
                    _percent("percent", "tasa por mes"),
                )),
            ),
        ),
        Section("inflation_update", "actualización", parameters=(
            Parameter("applies", "se aplica", Kind.FLAG, default=False),
            ARTICLE,
        )),
        Section("allocation", "orden de aplicación de pagos", required=True, parameters=(
            Parameter("order", "orden dentro del periodo", many=True, required=True, choices=PAYABLE),
            Parameter("oldest_period_first", "primero el periodo más antiguo", Kind.FLAG, default=True),
            ARTICLE,
        )),
        Section("installments", "parcialidades", parameters=(
            Parameter("remainder", "los centavos que sobran", default="first", choices=("first",)),
            Parameter("most", "máximo de parcialidades", Kind.WHOLE, default=12, low=1, high=120),
            _percent("down_payment", "enganche mínimo", required=False),
            ARTICLE,
        )),
        Section("enforcement_cost", "gastos de ejecución", parameters=(
            _percent("in_seat", "en la cabecera"),
            _percent("elsewhere", "fuera de la cabecera"),
            Parameter("floor", "mínimo", Kind.CENTS, default=0),
            Parameter("ceiling", "máximo", Kind.CENTS),
            ARTICLE,
        )),
        Section("estimates", "estimación de consumos", parameters=(
            Parameter("mean_of", "promedio de lecturas reales", Kind.WHOLE, default=6, low=1, high=60),
            Parameter("at_least", "mínimo de lecturas reales", Kind.WHOLE, default=3, low=1, high=60),
            Parameter("most_consecutive", "máximo seguidas", Kind.WHOLE, default=2, low=0, high=60),
            ARTICLE,
        )),
        Section("due", "vencimiento", required=True, parameters=(
            Parameter("days", "días después de emitir", Kind.WHOLE, low=1, high=120),
            Parameter("day_of_next_month", "día del mes siguiente", Kind.WHOLE, low=1, high=28),
            ARTICLE,
        )),
        Section("bill", "leyendas del recibo", parameters=(
            Parameter("claims", "plazo para aclaraciones"),
            Parameter("places", "dónde pagar"),
            ARTICLE,
        )),
        Section("anomalies", "recibos por revisar", parameters=(
            _percent("above_mean", "arriba del promedio", required=False, high=100 * _MAX_PPM, default=_MAX_PPM),
            Parameter("ordinary", "consumo que nunca se retiene", Kind.VOLUME, default=10_000),
            Parameter("largest_total", "total que se revisa", Kind.CENTS, default=5_000_000),
            Parameter("first_bill", "primer recibo", Kind.FLAG, default=True),
            ARTICLE,
        )),
        Section("fees", "derechos y servicios", many=True, key=("code",), parameters=(
            Parameter("code", "clave", required=True),
            Parameter("concept", "concepto", required=True),
            Parameter("name", "nombre", required=True),
            Parameter("amount", "importe", Kind.CENTS, required=True, high=bounds.MAX_CENTS),
            USES_OF,
            Parameter("regime", "régimen", choices=REGIMES),
            ARTICLE,
        )),
    ),
)  # fmt: skip
