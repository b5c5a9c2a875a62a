"""Defects planted on purpose: every kind seen in real exports, each under the name of its finding."""

from collections.abc import Callable
from random import Random
from typing import Final

from caudal.intake.town.writing import Row, Table, cents, pesos

Tables = dict[str, Table]
Plant = Callable[[Random, Tables, int], None]
ORPHAN: Final = "999999"

# defects in a hundred thousand rows of the padrón, as counted in a real export of 12,480 accounts
USUAL: Final = {
    "repeated_account": 80, "contradictory_account": 16, "meter_on_two_accounts": 80, "metered_without_meter": 296,
    "impossible_date": 184, "short_year": 112, "future_date": 16, "missing_route": 192, "missing_name": 24,
    "missing_address": 16, "missing_class": 16, "unknown_class": 176, "unknown_service": 16, "unknown_status": 16,
    "unknown_discount": 16, "invalid_curp": 392, "invalid_rfc": 40, "odd_spaces": 1995, "thousands_comma": 88,
    "balance_differs": 264, "one_centavo": 128, "months_differ": 40, "orphan_debt": 689, "unknown_concept": 16,
    "bad_amount": 16, "impossible_period": 16, "repeated_debt": 40, "reading_goes_back": 609,
    "consumption_differs": 160, "unknown_observation": 40, "repeated_reading": 136, "other_meter": 40,
    "orphan_reading": 40, "repeated_folio": 40, "orphan_payment": 16, "unknown_tender": 16, "impossible_paid_on": 24,
    "mojibake": 40, "field_count": 24,
}  # fmt: skip


def usual(n_accounts: int) -> dict[str, int]:
    """How many of each kind a town of this size has: at least one, once it is big enough to have any."""
    return {kind: max(1, round(share * n_accounts / 100_000)) for kind, share in USUAL.items()}


def spoil(*, rng: Random, tables: Tables, planned: dict[str, int]) -> None:
    """Plant the planned defects, in the order of the catalog so that a seed always gives the same files.

    :raises KeyError: if a kind is not in the catalog
    """
    unknown = set(planned) - set(KINDS)
    if unknown:
        raise KeyError(f"no such defect: {', '.join(sorted(unknown))}")
    for kind, plant in KINDS.items():
        if planned.get(kind):
            plant(rng, tables, planned[kind])


def _pick(rng: Random, rows: list[Row], n: int) -> list[Row]:
    """Up to `n` rows that nobody has spoiled yet."""
    clean = [row for row in rows if not row.planted and not row.is_protected]
    return rng.sample(clean, min(n, len(clean)))


def _set(
    table: str, kind: str, column: str, *values: str, when: Callable[[Row], bool] | None = None
) -> Plant:
    """A defect that is one wrong value in one column."""

    def plant(rng: Random, tables: Tables, n: int) -> None:
        rows = [row for row in tables[table].rows if when is None or when(row)]
        for number, row in enumerate(_pick(rng, rows, n)):
            row.values[column] = values[number % len(values)]
            row.planted.append((kind, column))

    return plant


def _change(
    table: str, kind: str, column: str, change: Callable[[str], str], when: Callable[[Row], bool]
) -> Plant:
    """A defect that changes what a column says."""

    def plant(rng: Random, tables: Tables, n: int) -> None:
        for row in _pick(rng, [row for row in tables[table].rows if when(row)], n):
            row.values[column] = change(row.values[column])
            row.planted.append((kind, column))

    return plant


def _repeat(table: str, kind: str, column: str, change: Callable[[str], str] | None = None) -> Plant:
    """A row that comes twice, somewhere further down; with `change`, the second says something else."""

    def plant(rng: Random, tables: Tables, n: int) -> None:
        rows = tables[table].rows
        for row in _pick(rng, rows, n):
            again = Row(dict(row.values), row.account)
            if change:
                again.values[column] = change(again.values[column])
                row.planted.append((kind, column))
            else:
                row.is_protected = True  # it stays good: a later defect would make the two differ
            again.planted.append((kind, column))
            place = next(n for n, each in enumerate(rows) if each is row)
            rows.insert(rng.randrange(place + 1, len(rows) + 1), again)

    return plant


def _is_metered(row: Row) -> bool:
    return row.values["MEDIDOR"] != ""


def _owes(row: Row) -> bool:
    return cents(row.values["SALDO"]) > 0


def _meter_on_two_accounts(rng: Random, tables: Tables, n: int) -> None:
    chosen = _pick(rng, [row for row in tables["accounts"].rows if _is_metered(row)], 2 * n)
    for first, second in zip(chosen[::2], chosen[1::2], strict=False):
        second.values["MEDIDOR"] = first.values["MEDIDOR"]
        for row in (first, second):
            row.planted.append(("meter_on_two_accounts", "MEDIDOR"))


def _orphan_debt(rng: Random, tables: Tables, n: int) -> None:
    """A debt keyed under an account that does not exist: its true account no longer adds up."""
    padron = {row.account: row for row in tables["accounts"].rows}
    used: set[str] = set()
    for row in _pick(rng, tables["debts"].rows, 4 * n):
        owner = padron[row.account]
        if len(used) == n or row.account in used or owner.planted:
            continue
        used.add(row.account)
        owner.planted.append(("balance_differs", "SALDO"))
        row.values["CUENTA"] = ORPHAN
        row.planted.append(("orphan_debt", "CUENTA"))


def _reading_goes_back(rng: Random, tables: Tables, n: int) -> None:
    """A digit keyed wrong: the dial seems to have gone back for one month."""
    rows = tables["readings"].rows
    after = [
        (before, row)
        for before, row in zip(rows, rows[1:], strict=False)
        if before.account == row.account and before.values["LECTURA"] and row.values["LECTURA"]
        and int(before.values["LECTURA"]) > 60 and not before.planted and not row.planted and not row.is_protected
    ]  # fmt: skip
    for before, row in rng.sample(after, min(n, len(after))):
        row.values["LECTURA"] = str(int(before.values["LECTURA"]) - rng.randrange(3, 50))
        row.planted.append(("reading_goes_back", "LECTURA"))
        before.is_protected = True


def _field_count(rng: Random, tables: Tables, n: int) -> None:
    """An address with the separator inside: the row has one field too many."""
    for row in _pick(rng, tables["accounts"].rows, n):
        row.values["DOMICILIO"] = row.values["DOMICILIO"] + "|INT 2"
        row.planted.append(("field_count", "DOMICILIO"))


def _add(amount: int) -> Callable[[str], str]:
    return lambda text: pesos(cents(text) + amount)


KINDS: Final[dict[str, Plant]] = {
    "meter_on_two_accounts": _meter_on_two_accounts,
    "metered_without_meter": _set("accounts", "metered_without_meter", "MEDIDOR", "", when=_is_metered),
    "impossible_date": _set(
        "accounts", "impossible_date", "F_ALTA", "31/02/1999", "00/00/0000", "31/02/1999", "  /  /    "
    ),
    "short_year": _set("accounts", "short_year", "F_ALTA", "1/1/85"),
    "future_date": _set("accounts", "future_date", "F_ALTA", "15/08/2109"),
    "missing_route": _set("accounts", "missing_route", "RUTA", ""),
    "missing_name": _set("accounts", "missing_name", "NOMBRE", ""),
    "missing_address": _set("accounts", "missing_address", "DOMICILIO", ""),
    "missing_class": _set("accounts", "missing_class", "TARIFA", ""),
    "unknown_class": _set("accounts", "unknown_class", "TARIFA", "HAB", "XX", "HAB", "COM-3"),
    "unknown_service": _set("accounts", "unknown_service", "SERV", "Q"),
    "unknown_status": _set("accounts", "unknown_status", "STATUS", "Z"),
    "unknown_discount": _set("accounts", "unknown_discount", "DESCTO", "35"),
    "invalid_curp": _set(
        "accounts", "invalid_curp", "CURP", "GAHM560427MVZRRL01", "GAHM560427MVZRRL09", "GAHM560427MVZRRL0X"
    ),
    "invalid_rfc": _set("accounts", "invalid_rfc", "RFC", "XYZ010101AA1"),
    "odd_spaces": _change(
        "accounts", "odd_spaces", "NOMBRE", lambda text: f"  {text.replace(' ', '  ')} ", lambda row: True
    ),
    "thousands_comma": _change(
        "accounts", "thousands_comma", "SALDO", lambda text: f"{text[:-6]},{text[-6:]}",
        lambda row: 100_000 <= cents(row.values["SALDO"]) < 10_000_000,
    ),
    "mojibake": _change(
        "accounts", "mojibake", "NOMBRE", lambda text: text.replace("Ñ", "Ã‘"), lambda row: "Ñ" in row.values["NOMBRE"]
    ),
    "balance_differs": _change("accounts", "balance_differs", "SALDO", _add(1250), _owes),
    "one_centavo": _change("accounts", "balance_differs", "SALDO", _add(-1), _owes),
    "months_differ": _change("accounts", "months_differ", "MESES", lambda text: str(int(text) + 1), _owes),
    "field_count": _field_count,
    "repeated_account": _repeat("accounts", "repeated_account", "CUENTA"),
    "contradictory_account": _repeat("accounts", "contradictory_account", "NOMBRE", lambda text: f"{text} OTRO"),
    "orphan_debt": _orphan_debt,
    "unknown_concept": _set("debts", "unknown_concept", "CONCEPTO", "VARIOS"),
    "bad_amount": _set("debts", "bad_amount", "IMPORTE", "1.1.0", "$$", "12.345"),
    "impossible_period": _set("debts", "impossible_period", "MES", "13", "0"),
    "repeated_debt": _repeat("debts", "repeated_debt", "CUENTA"),
    "reading_goes_back": _reading_goes_back,
    "consumption_differs": _change(
        "readings", "consumption_differs", "CONSUMO", lambda text: str(int(text) + 7),
        lambda row: row.values["CONSUMO"] != "" and row.values["MES"] != "1" and not row.values["OBS"],
    ),
    "unknown_observation": _set("readings", "unknown_observation", "OBS", "ZZ", when=lambda row: row.values["LECTURA"] != ""),
    "repeated_reading": _repeat("readings", "repeated_reading", "CUENTA"),
    "other_meter": _set("readings", "other_meter", "MEDIDOR", "AZ0000001"),
    "orphan_reading": _set("readings", "orphan_reading", "CUENTA", ORPHAN),
    "repeated_folio": _repeat("payments2018", "repeated_folio", "FOLIO"),
    "orphan_payment": _set("payments2018", "orphan_payment", "CUENTA", ORPHAN),
    "unknown_tender": _set("payments2018", "unknown_tender", "FORMA", "X"),
    "impossible_paid_on": _set("payments2018", "impossible_paid_on", "FECHA", "30/02/2018"),
}  # fmt: skip
