"""Does a book make sense as a whole? Every finding names its place, and all are told at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any, Final

from caudal.rules.bounds import OutOfBounds
from caudal.tariffs import freezing, selection
from caudal.tariffs.format.findings import Finding, Path
from caudal.tariffs.format.schema import BOOK, PAYABLE, USES
from caudal.tariffs.ladders import band_findings, table_findings, tier_findings

Document = Mapping[str, Any]

_VOLUME_PARTS: Final = ("allowance", "uniform", "tiers", "table")
_PRICES: Final = ("fixed", "uniform", "tiers", "table", "flat", "minimum", "area_bands")
_REDUCTION: Final = "reduction"


def findings(document: Document, *, concepts: Mapping[str, str]) -> list[Finding]:
    """Everything wrong with a document already read. `concepts` are the catalog's: code → kind."""
    found = [
        *_dates(document),
        *_repeated(document),
        *_schedules(document),
        *_concepts(document, concepts),
        *_percentages(document),
        *_vat(document),
        *_terms(document),
    ]
    if not found:
        found += [*_clashes(document), *_unpriced(document), *_last_word(document)]
    return found


def _dates(document: Document) -> Iterator[Finding]:
    until = document.get("effective_to")
    if until and date.fromisoformat(until) <= date.fromisoformat(document["effective_from"]):
        yield Finding(
            ("effective_to",), "El libro termina antes de empezar.",
            "Escriba el día siguiente al último de vigencia, como 2020-01-01.", value=until,
        )  # fmt: skip


def _repeated(document: Document) -> Iterator[Finding]:
    for section in BOOK.sections:
        seen: dict[str, int] = {}
        if len(section.key) != 1 or not section.many:
            continue
        for number, row in enumerate(document.get(section.name, ())):
            name = row[section.key[0]]
            if name in seen:
                yield Finding(
                    (section.name, number, section.key[0]), f"Ya está en el renglón {seen[name] + 1} de {section.label}.",
                    "Deje una sola vez cada clave.", value=str(name),
                )  # fmt: skip
            seen.setdefault(name, number)


def _schedules(document: Document) -> Iterator[Finding]:
    classes = {each["code"] for each in document["classes"]}
    zones = {each["name"] for each in document.get("zones", ())}
    for number, row in enumerate(document["schedules"]):
        path: Path = ("schedules", number)
        yield from _unknown((*path, "classes"), row["classes"], classes, "clase", "[[classes]]")
        yield from _unknown((*path, "zones"), row.get("zones", ()), zones, "zona", "[[zones]]")
        yield from tier_findings(row, path)
        yield from band_findings(row, path)
        yield from table_findings(row, path)
        yield from _prices(row, path)


def _prices(row: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    if not any(name in row for name in _PRICES):
        yield Finding(
            path,
            "La tarifa no tiene ningún precio.",
            "Agregue fixed, flat, tiers, table o minimum.",
            row["code"],
        )
    idle = [name for name in _VOLUME_PARTS if name in row]
    if row["regime"] == "flat" and idle:
        yield Finding(
            (*path, idle[0]), "Una cuota fija no cobra por volumen: ese precio nunca se aplicaría.",
            "Quítelo, o pase la tarifa a regime = \"metered\".", value=row["code"],
        )  # fmt: skip


def _unknown(path: Path, named: Sequence[str], known: set[str], noun: str, where: str) -> Iterator[Finding]:
    for number, each in enumerate(named):
        if each not in known:
            yield Finding(
                (*path, number), f"El libro no declara esa {noun}.",
                f"Corrija la clave o agréguela en {where}.", value=each,
            )  # fmt: skip


def _concepts(document: Document, catalog: Mapping[str, str]) -> Iterator[Finding]:
    charged = freezing.billed_concepts(document)
    for path, code, is_reduction in _named_concepts(document):
        if code not in catalog:
            yield Finding(
                path, "El catálogo no tiene ese concepto.",
                "Corrija la clave o dé de alta el concepto antes de cargar el libro.", value=code,
            )  # fmt: skip
        elif is_reduction != (catalog[code] == _REDUCTION):
            wanted = "una reducción" if is_reduction else "un cargo, no una reducción"
            yield Finding(path, f"Aquí va {wanted}.", "Use el concepto que corresponda del catálogo.", code)
    for name in ("benefits", "prepayment"):
        rows = document.get(name, [])
        for number, row in enumerate(rows if isinstance(rows, list) else [rows]):
            place: Path = (name, number, "reduces") if isinstance(rows, list) else (name, "reduces")
            for index, code in enumerate(row["reduces"]):
                if code in catalog and code not in charged:
                    yield Finding(
                        (*place, index), "El recibo de este libro no cobra ese concepto.",
                        f"Puede reducir: {', '.join(charged)}.", value=code,
                    )  # fmt: skip


def _named_concepts(document: Document) -> Iterator[tuple[Path, str, bool]]:
    """Every place that names a concept, and whether it must be a reduction."""
    for name in ("percentages", "fees"):
        for number, row in enumerate(document.get(name, ())):
            yield (name, number, "concept"), row["concept"], False
    for number, row in enumerate(document.get("benefits", ())):
        yield ("benefits", number, "concept"), row.get("concept", "benefit"), True
        yield from (
            (("benefits", number, "reduces", i), code, False) for i, code in enumerate(row["reduces"])
        )
    if row := document.get("prepayment"):
        yield ("prepayment", "concept"), row.get("concept", "early_payment"), True
        yield from ((("prepayment", "reduces", i), code, False) for i, code in enumerate(row["reduces"]))
    for number, row in enumerate(document["vat"]):
        yield from ((("vat", number, "concepts", i), code, False) for i, code in enumerate(row["concepts"]))


def _percentages(document: Document) -> Iterator[Finding]:
    earlier = [freezing.WATER]
    for number, row in enumerate(document.get("percentages", ())):
        for index, base in enumerate(row.get("of", ())):
            if base not in earlier:
                yield Finding(
                    ("percentages", number, "of", index), "Su base debe declararse antes.",
                    f"Hasta ese renglón se puede cobrar sobre: {', '.join(earlier)}.", value=base,
                )  # fmt: skip
        earlier.append(row["concept"])


def _vat(document: Document) -> Iterator[Finding]:
    rates: dict[tuple[str, str], int] = {}
    for number, row in enumerate(document["vat"]):
        for concept in row["concepts"]:
            for use in row.get("uses", ()):
                if (concept, use) in rates:
                    yield Finding(
                        ("vat", number), f"El concepto {concept} ya tiene IVA para el uso {use}.",
                        f"Quítelo de aquí o del renglón {rates[concept, use] + 1} de [[vat]].", value=concept,
                    )  # fmt: skip
                rates[concept, use] = number
        if row.get("percent") and row.get("treatment", "taxed") != "taxed":
            yield Finding(
                ("vat", number, "percent"), "Exento o no objeto no lleva tasa.", "Quite percent o treatment."
            )
    general = {concept for row in document["vat"] if not row.get("uses") for concept in row["concepts"]}
    needed = [*freezing.billed_concepts(document), *(row["concept"] for row in document.get("fees", ()))]
    for concept in dict.fromkeys(needed):
        missing = [use for use in USES if (concept, use) not in rates and concept not in general]
        if missing:
            yield Finding(
                ("vat",), f"No dice qué IVA lleva {concept} para: {', '.join(missing)}.",
                "Agregue un renglón [[vat]] con su artículo (0 % también se escribe).", value=concept,
            )  # fmt: skip


def _terms(document: Document) -> Iterator[Finding]:
    years = [row["year"] for row in document.get("surcharge", {}).get("monthly", ())]
    if years != sorted(set(years)):
        yield Finding(
            ("surcharge", "monthly"), "Los años de recargos deben ir creciendo, sin repetirse.", "Ordénelos."
        )
    missing = [kind for kind in PAYABLE if kind not in document["allocation"]["order"]]
    if missing:
        yield Finding(
            ("allocation", "order"), f"No dice cuándo se paga: {', '.join(missing)}.",
            "Escriba los cinco, del primero al último que se cubre.",
        )  # fmt: skip
    due = document.get("due", {})
    if due and ("days" in due) == ("day_of_next_month" in due):
        yield Finding(
            ("due",), "El vencimiento debe decirse de una sola forma.", "Deje days o day_of_next_month."
        )
    windows = document.get("prepayment", {}).get("windows", ())
    for (_, first), (number, second) in combinations(enumerate(windows), 2):
        if twice := set(first["months"]) & set(second["months"]):
            yield Finding(
                ("prepayment", "windows", number, "months"), "Un mes de pago tiene dos porcentajes.",
                "Déjelo en uno solo.", value=str(min(twice)),
            )  # fmt: skip


def _clashes(document: Document) -> Iterator[Finding]:
    for clash in selection.price_map(document)[1]:
        first, second = document["schedules"][clash.first], document["schedules"][clash.second]
        case = [
            f"clase {clash.class_code}",
            "medido" if clash.regime == "metered" else "cuota fija",
            f"localidad {clash.locality}" if clash.locality else "",
            f"diámetro {clash.diameter_mm} mm" if clash.diameter_mm else "",
            f"mes {clash.month}",
        ]
        yield Finding(
            ("schedules", clash.second),
            f"Compite con la tarifa {first['code']} por el mismo caso ({', '.join(filter(None, case))}).",
            "Ninguna es más específica: separe sus clases, localidades, diámetros o meses, "
            "o agregue una que reúna las condiciones de ambas.",
            value=second["code"],
        )


def _unpriced(document: Document) -> Iterator[Finding]:
    priced = {code for row in document["schedules"] for code in row["classes"]}
    for number, each in enumerate(document["classes"]):
        if each["code"] not in priced:
            yield Finding(
                ("classes", number), "Ninguna tarifa cobra esta clase.",
                "Agréguela a una tarifa, o quítela del libro.", value=each["code"],
            )  # fmt: skip


def _last_word(document: Document) -> Iterator[Finding]:
    """Whatever the rules themselves refuse and no check above foresaw."""
    try:
        freezing.rate_book(document)
    except OutOfBounds as problem:
        yield Finding((), f"El libro no se puede calcular: {problem}", "Corrija ese parámetro.")
