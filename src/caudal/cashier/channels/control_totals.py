"""The totals at the end of a file against the rows it brought: one centavo or one row of difference, and it is cut."""

from collections.abc import Mapping

from caudal.cashier.channels.amounts import cents_reader
from caudal.cashier.channels.layout import Layout, Place, text_at
from caudal.cashier.channels.movements import Cells, Reading
from caudal.kernel.refusals import Refusal


def findings(
    *, layout: Layout, reading: Reading, trailer: tuple[int, Cells] | None, name: str
) -> list[Refusal]:
    """What does not agree. A file with other findings is not summed: what could not be read is not in the sums."""
    if trailer is None:
        return [
            Refusal(
                "Faltan los totales del final: el archivo está cortado.", "Descárguelo otra vez.", file=name
            )
        ]
    if reading.findings:
        return []
    row, cells = trailer
    found = []
    for total, expected in _sums(reading).items():
        if total not in layout.totals:
            continue
        place = layout.totals[total]
        value = _value(cells, place)
        if _read(total, value, layout) != expected:
            shown = str(expected) if total == "count" else f"{expected // 100}.{expected % 100:02d}"
            found.append(
                Refusal(
                    f"El total de control no coincide: los renglones dan {shown}.",
                    "Descargue el archivo otra vez: le faltan o le sobran renglones.",
                    file=name,
                    row=row,
                    column=str(place.position),
                    value=value,
                )
            )
    return found


def _sums(reading: Reading) -> Mapping[str, int]:
    amounts = [movement.amount_cents for movement in reading.movements]
    return {
        "count": reading.n_details,
        "amount": sum(amounts),
        "payments": sum(cents for cents in amounts if cents > 0),
        "reversals": -sum(cents for cents in amounts if cents < 0),
    }


def _value(cells: Cells, place: Place) -> str:
    try:
        return text_at(cells, place.index)
    except IndexError:
        return ""


def _read(total: str, value: str, layout: Layout) -> int | None:
    if total == "count":
        return int(value) if value.isascii() and value.isdigit() else None
    if value and not value.strip("0.,$"):
        return 0
    read = cents_reader(
        decimals=layout.of("amounts", "decimals", 2),
        is_implied=layout.of("amounts", "is_implied", False),
        is_signed=True,
        largest=10**15,
    )
    return read(value)
