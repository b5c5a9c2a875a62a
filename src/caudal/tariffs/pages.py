"""Rows for the tariff pages: a book as tables a person reads, and a comparison as tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from caudal.kernel.wording import MONTHS, pesos
from caudal.ledger.models import Concept
from caudal.registry.models import TariffClass
from caudal.tariffs.comparison import Comparison
from caudal.tariffs.format.amounts import ppm_text, price_text, thousandths_text
from caudal.tariffs.format.schema import BOOK, Kind, Parameter, Section
from caudal.tariffs.models import TariffBook
from caudal.tariffs.wording import UNITS


@dataclass(frozen=True, slots=True)
class _Voice:
    """How this book speaks: concepts by their names, volumes in its unit."""

    words: Mapping[str, str]
    unit: str

    def volume(self, thousandths: int) -> str:
        return f"{thousandths_text(thousandths)}\N{NO-BREAK SPACE}{self.unit}"


def _voice(document: Mapping[str, Any]) -> _Voice:
    words = {code: name.lower() for code, name in Concept.objects.values_list("code", "name")}
    return _Voice(words, UNITS[document.get("volume_unit", "m3")])


@dataclass(frozen=True, slots=True)
class BookRow:
    """A book as the list and its own page head show it."""

    code: str
    name: str
    state: str
    kind: str
    icon: str
    effective_from: date
    last_day: date | None
    legal_reference: str
    published_by: str
    published_at: datetime | None
    document_hash: str


def book_row(*, book: TariffBook, on: date, names: Mapping[str, str] | None = None) -> BookRow:
    """The state is told from the day: draft, to come, in force, past. `names` of people by their user names."""
    if book.published_at is None:
        state, kind, icon = "borrador", "watch", "clock"
    elif book.effective_from > on:
        state, kind, icon = "por entrar en vigor", "", "calendar"
    elif book.effective_to and book.effective_to <= on:
        state, kind, icon = "anterior", "", "book-2"
    else:
        state, kind, icon = "vigente", "good", "circle-check"
    return BookRow(
        code=book.code,
        name=book.name,
        state=state,
        kind=kind,
        icon=icon,
        effective_from=book.effective_from,
        last_day=book.effective_to - timedelta(days=1) if book.effective_to else None,
        legal_reference=book.legal_reference,
        published_by=(names or {}).get(book.published_by, book.published_by),
        published_at=book.published_at,
        document_hash=book.document_hash,
    )


def price_tables(*, document: Mapping[str, Any]) -> dict[str, Any]:
    """The schedules of a book as two tables: metered with its tiers, flat with its monthly price."""
    names = {row["code"]: row["name"] for row in document.get("classes", ())}
    voice = _voice(document)
    metered = [row for row in document["schedules"] if row["regime"] == "metered"]
    flat = [row for row in document["schedules"] if row["regime"] == "flat"]
    tiers = [tier for row in metered for tier in row.get("tiers", ())]
    heads = list(dict.fromkeys(_tier_head(tier, voice) for tier in sorted(tiers, key=_tier_order)))
    return {
        "tier_heads": heads,
        "unit": voice.unit,
        "metered": [_metered_row(row, heads, names, voice) for row in metered],
        "flat": [
            {
                "name": _classes(row, names),
                "where": _where(row),
                "price": _flat_text(row),
                "article": row.get("article", ""),
            }
            for row in flat
        ],
        "sections": [section for name in _SECTIONS if (section := _section(document, name, voice))["rows"]],
    }


_SECTIONS = ("percentages", "benefits", "prepayment", "vat", "surcharge", "allocation", "due", "estimates",
             "anomalies", "fees")  # fmt: skip


def _price(price: int) -> str:
    """`71000` → `$7.10`; `12500000` → `$1,250.00`."""
    whole, _, rest = price_text(price).partition(".")
    return f"${int(whole):,}.{rest}"


def _metered_row(
    row: Mapping[str, Any], heads: list[str], names: Mapping[str, str], voice: _Voice
) -> dict[str, Any]:
    prices = {_tier_head(tier, voice): _price(tier["price"]) for tier in row.get("tiers", ())}
    return {
        "name": _classes(row, names),
        "where": _where(row),
        "base": _base(row, voice),
        "prices": [prices.get(head, "") for head in heads],
        "article": row.get("article", ""),
    }


def _tier_head(tier: Mapping[str, Any], voice: _Voice) -> str:
    start = int(tier.get("from") or 0)
    if tier.get("up_to") is None:
        return f"desde {thousandths_text(start)}" if start else f"cada {voice.unit}"
    return f"hasta {thousandths_text(tier['up_to'])}"


def _tier_order(tier: Mapping[str, Any]) -> tuple[bool, int]:
    """By where a tier ends; those without end last, by where they begin."""
    is_open = tier.get("up_to") is None
    return is_open, int((tier.get("from") if is_open else tier["up_to"]) or 0)


def _classes(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return str(row.get("name") or ", ".join(names.get(code, code) for code in row["classes"]))


def _where(row: Mapping[str, Any]) -> str:
    parts = [", ".join(row["classes"]), *row.get("localities", ()), *row.get("zones", ())]
    parts += [f"{diameter} mm" for diameter in row.get("diameters_mm", ())]
    if months := row.get("months"):
        parts.append(", ".join(MONTHS[month - 1] for month in months))
    return " · ".join(parts)


def _base(row: Mapping[str, Any], voice: _Voice) -> str:
    parts = []
    if row.get("fixed"):
        parts.append(_price(row["fixed"]))
    if row.get("allowance"):
        parts.append(f"incluye {voice.volume(row['allowance'])}")
    if row.get("uniform"):
        parts.append(f"{_price(row['uniform'])} por {voice.unit}")
    if row.get("table"):
        parts.append(f"tabla de {len(row['table'])} precios")
    if row.get("minimum"):
        parts.append(f"mínimo {_price(row['minimum'])}")
    return ", ".join(parts)


def _flat_text(row: Mapping[str, Any]) -> str:
    if bands := row.get("area_bands"):
        return f"{_price(row.get('flat') or row.get('fixed') or 0)} y {len(bands)} rangos de superficie"
    return _price((row.get("flat") or 0) + (row.get("fixed") or 0))


def _section(document: Mapping[str, Any], name: str, voice: _Voice) -> dict[str, Any]:
    section = BOOK.section(name)
    assert section is not None
    value = document.get(name)
    found = value if isinstance(value, list) else [value] if value else []
    return {
        "title": section.label[:1].upper() + section.label[1:],
        "rows": [row for each in found for row in _section_rows(section, each, voice)],
    }


def _section_rows(section: Section, row: Mapping[str, Any], voice: _Voice) -> list[dict[str, Any]]:
    """A row of a list is one line; a table of its own is one line per parameter."""
    if section.many:
        return [_line(section, row, voice)]
    article = str(row.get("article", ""))
    rows = [
        _told(each.label, article, _value_text(each, row[each.name], voice))
        for each in section.parameters
        if each.name in row and each.name != "article"
    ]
    for inner in section.sections:
        for each in row.get(inner.name, ()):
            rows += _section_rows(inner, each, voice)
    return rows


def _line(section: Section, row: Mapping[str, Any], voice: _Voice) -> dict[str, Any]:
    """What it is called, what it is worth, and in small letters the rest with its article."""
    shown = {
        each.name: _value_text(each, row[each.name], voice) for each in section.parameters if each.name in row
    }
    values = [shown.pop(name) for name in ("percent", "amount", "price") if name in shown]
    if not values and any(each.name == "percent" for each in section.parameters):
        values = [shown.pop("treatment", "0 %")]
    if cap := shown.pop("cap", ""):
        shown = {"cap": f"hasta {cap}", **shown}
    label = shown.pop("name", "") or " · ".join(shown.pop(key, "") for key in section.key if shown.get(key))
    shown.pop("code", None)
    if section.name == "fees":
        shown.pop("concept", None)
    article = shown.pop("article", "")
    return _told(label, " · ".join(each for each in (*shown.values(), article) if each), " ".join(values))


def _told(name: str, where: str, value: str) -> dict[str, Any]:
    return {"name": name, "where": where, "value": value, "is_words": not any(map(str.isdecimal, value))}


def _value_text(parameter: Parameter, value: Any, voice: _Voice) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_value_text(parameter, each, voice) for each in value)
    if parameter.name == "months":
        return MONTHS[value - 1]
    if parameter.name == "year":
        return f"desde {value}"
    match parameter.kind:
        case Kind.PERCENT:
            return ppm_text(value)
        case Kind.PRICE:
            return _price(value)
        case Kind.CENTS:
            return pesos(value)
        case Kind.VOLUME:
            return voice.volume(value)
        case Kind.FLAG:
            return "sí" if value else "no"
    return _WORDS.get(str(value)) or voice.words.get(str(value), str(value))


_WORDS = {
    "residential": "habitacional", "mixed_rural": "mixto rural", "mixed_commercial": "mixto comercial",
    "commercial": "comercial", "hotel": "hotelería", "industrial": "industrial", "public": "público",
    "vacant_lot": "baldío", "pensioner": "pensionado", "disabled": "persona con discapacidad",
    "widowed": "viuda o viudo", "senior": "adulto mayor", "water": "agua", "sewerage": "alcantarillado",
    "wastewater_treatment": "saneamiento", "infrastructure_charge": "infraestructura", "has_sewerage": "con drenaje",
    "is_metered": "medido", "enforcement_cost": "gastos de ejecución", "surcharge": "recargos",
    "inflation_update": "actualización", "fine": "multas", "principal": "suerte principal",
    "first_units_only": "solo las primeras unidades", "void": "se pierde", "whole": "todo el consumo",
    "taxed": "gravado", "exempt": "exento", "not_object": "no es objeto", "metered": "medido", "flat": "cuota fija",
    "benefit": "descuento", "early_payment": "pago anticipado",
}  # fmt: skip


def comparison_tables(*, compared: Comparison) -> dict[str, Any]:
    """A comparison as the cards and tables of its page (centavos)."""
    names = dict(TariffClass.objects.values_list("code", "name"))
    rows: list[dict[str, Any]] = [
        {
            "code": names.get(each.code, each.code),
            "accounts": each.accounts,
            "volume_m3": each.volume_m3,
            "first_cents": each.first_cents,
            "second_cents": each.second_cents,
            "difference_cents": each.second_cents - each.first_cents,
            "percent": _change_text(each.first_cents, each.second_cents),
        }
        for each in compared.by_class
    ]
    total: dict[str, Any] = {
        name: sum(row[name] for row in rows)
        for name in ("accounts", "volume_m3", "first_cents", "second_cents", "difference_cents")
    }
    total["percent"] = _change_text(compared.first_cents, compared.second_cents)
    return {
        "classes": rows,
        "total": total,
        "sides": [
            {"title": "Quienes pagarían más", "rows": compared.largest_increases},
            {"title": "Quienes pagarían menos", "rows": compared.largest_decreases},
        ],
    }


def _change_text(first: int, second: int) -> str:
    """`4.2 %`, to the tenth, in integers; empty when there was nothing."""
    if not first:
        return ""
    tenths = (abs(second - first) * 2000 // first + 1) // 2
    sign = "−" if second < first else "+" if second > first else ""
    return f"{sign}{tenths // 10}.{tenths % 10} %"
