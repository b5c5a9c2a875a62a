"""Files like those of a channel, made from what accounts owe: with what goes well, and with what goes wrong.

The same seed makes the same file. It writes any layout: what is read from a place is written in that place.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from caudal.cashier.channels.layout import Layout
from caudal.cashier.channels.references import CannotMakeReference

WORDS: Final = {"payer": "JUANA PÉREZ NÚÑEZ", "concept": "PAGO DE AGUA", "branch": "0417", "time": "101500"}


@dataclass(frozen=True, slots=True)
class Debt:
    """What an account owes (centavos)."""

    account_number: str
    cents: int


@dataclass(frozen=True, slots=True)
class Row:
    """One movement to write (centavos, always above zero): `kind` is payment, reversal or ignored."""

    reference: str
    cents: int
    paid_on: date
    authorization: str
    kind: str = "payment"


@dataclass(frozen=True, slots=True)
class Mishaps:
    """How many rows of each kind of trouble a file brings."""

    duplicates: int = 0
    reversals: int = 0
    unknown: int = 0
    off_by_one: int = 0


def rows(
    *, layout: Layout, debts: Sequence[Debt], on: date, chance: Random, mishaps: Mishaps = Mishaps()
) -> list[Row]:
    """Payments of debts on a day, one for each that a reference can ask for, and the trouble asked for."""
    made = []
    for place, debt in enumerate(debts):
        try:
            reference = layout.reference.make(
                account_number=debt.account_number, amount_cents=debt.cents, due_on=on + timedelta(days=10)
            )
        except CannotMakeReference:
            continue
        made.append(Row(reference, debt.cents, on, f"{chance.randrange(100):02d}{place % 10**6:06d}"))
    good = list(made)
    made += [
        replace(row, cents=max(row.cents + chance.choice((-1, 1)), 1), authorization=_other(row, chance))
        for row in _some(good, mishaps.off_by_one, chance)
    ]
    made += [
        replace(row, reference=_spoiled(row.reference, chance), authorization=_other(row, chance))
        for row in _some(good, mishaps.unknown, chance)
    ]
    made += _some(good, mishaps.duplicates, chance)
    reversals = [replace(row, kind="reversal") for row in _some(good, mishaps.reversals, chance)]
    chance.shuffle(made)
    return made + reversals


def written(*, layout: Layout, rows: Sequence[Row]) -> bytes:
    """The file: in its encoding, with headings, header and control totals if its layout has them."""
    said = [_values(layout, row) for row in rows]
    if layout.is_fixed:
        lines = [_fixed_line(layout, values) for values in said]
        records = layout.records
        if "header" in records:
            lines.insert(0, records["header"].ljust(len(lines[0]) if lines else 1))
        if "trailer" in records:
            lines.append(_trailer(layout, rows))
        return "".join(f"{line}\r\n" for line in lines).encode(layout.encoding)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=layout.delimiter)
    if layout.has_headings:
        writer.writerow([place.column for place in layout.places.values()])
        writer.writerows([values[name] for name in layout.places] for values in said)
    else:
        writer.writerows(_unheaded(layout, said, rows))
    return out.getvalue().encode(layout.encoding)


def _some(rows: Sequence[Row], n: int, chance: Random) -> list[Row]:
    return chance.sample(list(rows), min(n, len(rows)))


def _other(row: Row, chance: Random) -> str:
    return f"{chance.randrange(10**8):08d}" if row else ""


def _spoiled(reference: str, chance: Random) -> str:
    """The reference with one digit changed: every kind with a check digit notices."""
    places = [place for place, letter in enumerate(reference) if letter.isdigit()]
    place = chance.choice(places)
    digit = chance.choice([digit for digit in "0123456789" if digit != reference[place]])
    return reference[:place] + digit + reference[place + 1 :]


def _values(layout: Layout, row: Row) -> Mapping[str, str]:
    """What a row says in each field."""
    words = layout.of("movements", row.kind, ())
    is_below_zero = row.kind == "reversal" and not words
    values = {
        **WORDS,
        "reference": row.reference,
        "amount": ("-" if is_below_zero else "") + _amount(layout, row.cents),
        "paid_on": row.paid_on.strftime(layout.date_format),
        "authorization": row.authorization,
        "folio": row.authorization[-6:],
        "kind": words[0] if words else "",
        "status": next(iter(layout.of("movements", "accepted", ())), ""),
    }
    return {name: values.get(name, "") for name in layout.places}


def _amount(layout: Layout, cents: int, width: int = 0) -> str:
    if layout.of("amounts", "is_implied", False):
        return f"{cents:0{width}d}"
    return f"{cents // 100}.{cents % 100:02d}"


def _fixed_line(layout: Layout, values: Mapping[str, str]) -> str:
    end = max(place.position + place.length - 1 for place in layout.places.values())
    line = list(layout.records.get("detail", "").ljust(end))
    for name, place in layout.places.items():
        text = values[name].rjust(place.length, "0") if name == "amount" else values[name].ljust(place.length)
        line[place.index] = text[: place.length]
    return "".join(line)


def _sums(rows: Sequence[Row]) -> Mapping[str, int]:
    payments = sum(row.cents for row in rows if row.kind == "payment")
    reversals = sum(row.cents for row in rows if row.kind == "reversal")
    return {"count": len(rows), "payments": payments, "reversals": reversals, "amount": payments - reversals}


def _trailer(layout: Layout, rows: Sequence[Row]) -> str:
    line = list(
        layout.records["trailer"].ljust(max(p.position + p.length - 1 for p in layout.totals.values()))
    )
    for name, place in layout.totals.items():
        line[place.index] = f"{_sums(rows)[name]:0{place.length}d}"[: place.length]
    return "".join(line)


def _unheaded(layout: Layout, said: Sequence[Mapping[str, str]], rows: Sequence[Row]) -> list[list[str]]:
    """Rows of cells by position, with the mark of each record in the first cell."""
    width = max(place.position for place in layout.places.values())
    lines = []
    for values in said:
        cells = [layout.records.get("detail", "")] + [""] * (width - 1)
        for name, place in layout.places.items():
            cells[place.position - 1] = values[name]
        lines.append(cells)
    if "header" in layout.records:
        lines.insert(0, [layout.records["header"], "ARCHIVO DE PRUEBA"])
    if "trailer" in layout.records:
        sums, end = _sums(rows), max(place.position for place in layout.totals.values())
        trailer = [layout.records["trailer"]] + [""] * (end - 1)
        for name, place in layout.totals.items():
            trailer[place.position - 1] = str(sums[name]) if name == "count" else _signed(layout, sums[name])
        lines.append(trailer)
    return lines


def _signed(layout: Layout, cents: int) -> str:
    return ("-" if cents < 0 else "") + _amount(layout, abs(cents))
