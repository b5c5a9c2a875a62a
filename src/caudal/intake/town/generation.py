"""From a seed to the files of a town."""

from datetime import date
from pathlib import Path
from random import Random

from caudal.intake.town import dirt, history, money, people, writing
from caudal.intake.town.cast import cast
from caudal.intake.town.history import Month
from caudal.intake.town.people import Household
from caudal.intake.town.prices import Amounts, Case, DemoBooks, Prices
from caudal.intake.town.truth import Truth
from caudal.intake.town.writing import Row, Table

FIRST_YEAR, LAST_YEAR = 2016, 2018
CUTOFF = date(2018, 12, 31)
NEXT_READINGS = "ENERO-2019.csv"


def generate(
    *,
    directory: Path,
    n_accounts: int = 2400,
    seed: int = 2018,
    spoil: dict[str, int] | None = None,
    prices: Prices | None = None,
) -> Truth:
    """Write PADRON.TXT, LECTURAS.CSV, ADEUDOS.CSV, PAGOS16…18.CSV and the readings of January 2019.

    :param spoil: how many defects of each kind to plant (see `dirt.KINDS`); None plants as many as real
        exports have, `{}` none
    """
    prices = prices or DemoBooks()
    rng = Random(seed)
    town = people.settle(rng=rng, n_accounts=n_accounts, cast=cast())
    readings = _read_all(Random(seed + 1), town)
    bills = _bill_all(town, readings, prices)
    tables = _tables(Random(seed + 2), town, readings, bills)
    planned = dirt.usual(n_accounts) if spoil is None else spoil
    dirt.spoil(rng=Random(seed + 3), tables=tables, planned=planned)
    truth = Truth(seed=seed, n_accounts=n_accounts)
    truth.spoiled = writing.write(
        directory=directory, tables=tables.values(), first_year=FIRST_YEAR, last_year=LAST_YEAR
    )
    _note_totals(truth, tables)
    _write_next_readings(Random(seed + 4), directory, town, readings)
    return truth


def _read_all(rng: Random, town: list[Household]) -> dict[str, list[Month]]:
    periods = history.months_between(FIRST_YEAR * 100 + 1, LAST_YEAR * 100 + 12)
    return {
        each.number: history.read_meter(rng=rng, household=each, periods=periods)
        for each in town
        if each.is_metered
    }


def _bill_all(
    town: list[Household], readings: dict[str, list[Month]], prices: Prices
) -> dict[str, dict[int, Amounts]]:
    """What each account was charged in each month, in one batch."""
    periods = history.months_between(FIRST_YEAR * 100 + 1, LAST_YEAR * 100 + 12)
    cases: dict[str, list[Case]] = {}
    for each in town:
        volumes = (
            [month.billed_m3 for month in readings[each.number]] if each.is_metered else [0] * len(periods)
        )
        cases[each.number] = [
            Case(period // 100, period % 100, each.tariff_class, each.is_metered, each.has_sewerage, each.diameter,
                 each.locality, m3)
            for period, m3 in zip(periods, volumes, strict=True)
        ]  # fmt: skip
    amounts = prices.of([case for months in cases.values() for case in months])
    return {
        number: {period: amounts[case] for period, case in zip(periods, months, strict=True)}
        for number, months in cases.items()
    }


def _tables(
    rng: Random, town: list[Household], readings: dict[str, list[Month]], bills: dict[str, dict[int, Amounts]]
) -> dict[str, Table]:
    padron = Table("PADRON.TXT", writing.ACCOUNTS, "|")
    lecturas = Table("LECTURAS.CSV", writing.READINGS, ",")
    adeudos = Table("ADEUDOS.CSV", writing.DEBTS, ",")
    pagos = {year: Table(f"PAGOS{year % 100}.CSV", writing.PAYMENTS, ";") for year in range(2016, 2019)}
    folio = 0
    for each in town:
        owed = money.debts(household=each, bills=bills[each.number], last=LAST_YEAR * 100 + 12)
        paid = money.payments(rng=rng, household=each, bills=bills[each.number])
        last_paid = max((p.paid_on for p in paid if not p.is_canceled), default=None)
        padron.rows.append(
            _padron_row(each, sum(debt.cents for debt in owed), len({d.period for d in owed}), last_paid)
        )
        lecturas.rows += [_reading_row(each, month) for month in readings.get(each.number, ())]
        adeudos.rows += [_debt_row(each, debt) for debt in owed]
        for payment in paid:
            folio += 1
            pagos[payment.paid_on.year].rows.append(
                _payment_row(each, payment, f"{rng.choice('AB')}{folio:07d}")
            )
    return {"accounts": padron, "readings": lecturas, "debts": adeudos} | {
        f"payments{year}": table for year, table in pagos.items()
    }


def _padron_row(each: Household, owed_cents: int, n_months: int, last_paid: date | None) -> Row:
    values = {
        "CUENTA": each.number, "SECTOR": each.sector, "RUTA": each.route, "FOLIO": f"{each.walk_sequence:05d}",
        "NOMBRE": each.name, "DOMICILIO": each.address, "COLONIA": each.neighborhood, "LOCALIDAD": each.locality,
        "TARIFA": each.tariff_class, "SERV": "M" if each.is_metered else "F",
        "DRENAJE": "S" if each.has_sewerage else "N", "MEDIDOR": each.meter, "DIAM": each.diameter,
        "F_ALTA": writing.day(each.opened_on), "DESCTO": each.discount, "TEL": each.phone, "RFC": each.rfc,
        "CURP": each.curp, "STATUS": each.status,
        "SALDO": writing.pesos(owed_cents if owed_cents else -each.credit_cents),
        "MESES": str(n_months), "ULT_PAGO": writing.day(last_paid),
    }  # fmt: skip
    return Row(values, each.number, is_protected=each.is_cast)


def _reading_row(each: Household, month: Month) -> Row:
    is_seen = month.value is not None
    values = {
        "CUENTA": each.number, "MEDIDOR": each.meter, "ANIO": str(month.period // 100),
        "MES": str(month.period % 100), "LECTURA": str(month.value) if is_seen else "",
        "CONSUMO": str(month.billed_m3) if is_seen else "", "OBS": month.code,
        "FECHA": writing.day(month.read_on), "LECTURISTA": month.reader,
    }  # fmt: skip
    return Row(values, each.number, is_protected=each.is_cast)


def _debt_row(each: Household, debt: money.Debt) -> Row:
    values = {
        "CUENTA": each.number, "ANIO": str(debt.period // 100), "MES": str(debt.period % 100),
        "CONCEPTO": debt.concept, "IMPORTE": writing.pesos(debt.cents),
    }  # fmt: skip
    return Row(values, each.number, is_protected=each.is_cast)


def _payment_row(each: Household, payment: money.PastPayment, folio: str) -> Row:
    values = {
        "FOLIO": folio, "CUENTA": each.number, "FECHA": writing.day(payment.paid_on), "HORA": payment.hour,
        "IMPORTE": writing.pesos(payment.cents), "FORMA": payment.tender, "CAJA": payment.till,
        "CANCEL": "S" if payment.is_canceled else "",
    }  # fmt: skip
    return Row(values, each.number, is_protected=each.is_cast)


def _note_totals(truth: Truth, tables: dict[str, Table]) -> None:
    for table in tables.values():
        truth.rows[table.file] = len(table.rows)
    for row in tables["debts"].rows:
        if _is_amount(row.values["IMPORTE"]):
            concept = row.values["CONCEPTO"]
            truth.debt_cents[concept] = truth.debt_cents.get(concept, 0) + writing.cents(
                row.values["IMPORTE"]
            )
    truth.balance_cents = sum(writing.cents(row.values["SALDO"]) for row in tables["accounts"].rows)


def _is_amount(text: str) -> bool:
    return text.replace(",", "").replace(".", "").removeprefix("-").isdigit()


def _write_next_readings(
    rng: Random, directory: Path, town: list[Household], readings: dict[str, list[Month]]
) -> None:
    """The reading round of January 2019, as the reading clerk hands it over: UTF-8 with headings."""
    lines = ["cuenta,medidor,lectura,observacion,fecha,lecturista"]
    for each in town:
        if not each.is_metered or each.status == "B":
            continue
        months = readings[each.number]
        seen = [month for month in months if month.value is not None]
        average = sum(month.billed_m3 for month in months[-12:]) // 12
        standing = (seen[-1].value or 0) + sum(
            month.billed_m3 for month in months[months.index(seen[-1]) + 1 :]
        )
        value, code = history.next_visit(rng=rng, household=each, standing=standing, average_m3=average)
        read_on = date(2019, 1, rng.randrange(20, 28))
        shown = "" if value is None else str(value)
        lines.append(
            f"{each.number},{each.meter},{shown},{code},{read_on:%d/%m/%Y},{rng.choice(('MPG', 'JRL', 'SAO'))}"
        )
    (directory / NEXT_READINGS).write_text("\n".join(lines) + "\n", encoding="utf-8")
