"""Tiers, area bands and tables: do they climb without gaps, overlaps or a missing top?"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from caudal.tariffs.format.amounts import price_text, thousandths_text
from caudal.tariffs.format.findings import Finding, Path

_ONE_UNIT: Final = 1000


def tier_findings(row: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Check the tiers of a schedule: each starts where the last one ended, and the last is open.

    `from` may be left out; written, it is the limit before (10) or, as laws write it, the next unit (11).
    """
    tiers = row.get("tiers", ())
    reached = row.get("allowance", 0)
    for number, tier in enumerate(tiers):
        place: Path = (*path, "tiers", number)
        start, end = tier.get("from"), tier.get("up_to")
        if start is not None:
            yield from _start(start, reached, (*place, "from"), is_first=number == 0)
        if number < len(tiers) - 1:
            yield from _closed(end, place)
            if end is not None and end <= reached and number:
                yield Finding(
                    (*place, "up_to"), f"Este bloque termina en {thousandths_text(end)}, antes o donde empieza.",
                    "Los límites deben ir creciendo de un bloque al siguiente.", thousandths_text(end),
                )  # fmt: skip
        elif end is not None:
            yield _not_open(end, (*place, "up_to"))
        reached = end if end is not None else reached


def _start(start: int, reached: int, path: Path, *, is_first: bool) -> Iterator[Finding]:
    if start in (reached, reached + _ONE_UNIT) or (is_first and start == 0):
        return
    shown = thousandths_text(reached)
    if start > reached:
        what = f"Hay un hueco entre {shown} y {thousandths_text(start)}: ese volumen no tendría precio."
        if is_first and reached == 0:
            what = f"Hay un hueco antes de {thousandths_text(start)}: el primer bloque empieza en 0 o en el volumen incluido."
    else:
        what = f"Se encima con el bloque anterior, que llega a {shown}."
    following = thousandths_text(reached + _ONE_UNIT)
    yield Finding(
        path, what, f"Empiécelo en {following}, o corrija el bloque anterior.", thousandths_text(start)
    )


def _closed(end: int | None, path: Path) -> Iterator[Finding]:
    if end is None:
        yield Finding(
            path, "Solo el último bloque puede quedar abierto.", "Escriba hasta dónde llega (up_to)."
        )


def _not_open(end: int, path: Path) -> Finding:
    shown = thousandths_text(end)
    return Finding(
        path, f"Falta el último bloque: un consumo mayor de {shown} no tendría precio.",
        f"Quite up_to para dejarlo abierto, o agregue otro bloque de {thousandths_text(end + _ONE_UNIT)} en adelante.",
        shown,
    )  # fmt: skip


def band_findings(row: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Check the area bands: growing limits, the last one open."""
    bands = row.get("area_bands", ())
    for number, band in enumerate(bands):
        place: Path = (*path, "area_bands", number)
        end = band.get("up_to_m2")
        if number == len(bands) - 1:
            if end is not None:
                yield Finding(
                    (*place, "up_to_m2"), f"Falta la última banda: un predio de más de {end} m² no tendría precio.",
                    "Quite up_to_m2 para dejarla abierta.", str(end),
                )  # fmt: skip
        elif end is None:
            yield Finding(
                place, "Solo la última banda puede quedar abierta.", "Escriba hasta dónde llega (up_to_m2)."
            )
        elif number and bands[number - 1].get("up_to_m2", end) >= end:
            yield Finding(
                (*place, "up_to_m2"), "Los límites deben ir creciendo.", "Ordene las bandas.", str(end)
            )


def table_findings(row: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Check the table by unit: it never goes down, and says what follows its end."""
    table = row.get("table", ())
    for number, (earlier, later) in enumerate(pairwise(table), start=1):
        if later < earlier:
            yield Finding(
                (*path, "table", number), f"El total de {number} unidades es menor que el de {number - 1}.",
                "Revise ese renglón de la tabla: el precio no puede bajar al consumir más.", price_text(later),
            )  # fmt: skip
    if "table_excess" in row and not table:
        yield Finding(
            (*path, "table_excess"), "No hay tabla de la que sea excedente.", "Agregue table o quítelo."
        )
    if table and "table_excess" not in row:
        last = len(table) - 1
        yield Finding(
            (*path, "table"), f"Falta el precio de cada unidad después de la {last}.",
            "Agregue table_excess con su precio.",
        )  # fmt: skip
