"""The window from the command line: take a payment, load a file of them, cancel one."""

import getpass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")
day_option = click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Fecha del pago (hoy, si no se dice)."
)


@click.command()
@click.argument("account_number", metavar="CUENTA")
@click.argument("amount", metavar="IMPORTE")
@click.option("--tender", default="cash", help="cash, card, check o transfer.")
@click.option("--series", default="A", help="Serie de los recibos.")
@click.option("--key", type=click.UUID, help="Clave de la operación: repetida, no cobra dos veces.")
@day_option
@by_option
@json_option
def pay(
    account_number: str,
    amount: str,
    tender: str,
    series: str,
    key: UUID | None,
    on: datetime | None,
    by: str,
    as_json: bool,
) -> None:
    """Cobra IMPORTE pesos a una CUENTA y muestra el comprobante."""
    from caudal.cashier import commands as cashier
    from caudal.cashier import policy
    from caudal.registry import queries as registry

    cents = policy.parse_pesos(amount)
    if cents is None:
        raise cashier.CannotPostPayment(
            "El importe no se entiende.", "Escríbalo como 1250.50.", field="amount", value=amount
        )
    now = clock.now()
    receipt = cashier.post_payment(
        account=registry.account_by_number(number=account_number),
        amount_cents=cents,
        tender=tender,
        paid_at=now,
        business_on=on.date() if on else now.date(),
        by=by,
        key=key or uuid4(),
        series=series,
        channel="command_line",
    )
    emit(receipt, as_json=as_json, text=receipt_text)


def receipt_text(receipt: dict[str, Any]) -> str:
    """A receipt for a terminal."""
    lines = [
        f"Comprobante {receipt['receipt_folio']}   cuenta {receipt['account']}   {receipt['business_on']}",
        f"Pagó {pesos(receipt['amount_cents'])}",
    ]
    sums: dict[tuple[int, str], int] = {}
    for each in receipt["allocations"]:
        line = (each["period"], each["concept"])
        sums[line] = sums.get(line, 0) + each["amount_cents"]
    lines += [
        f"  {_period(period):<12} {concept:<34} {pesos(cents):>14}"
        for (period, concept), cents in sums.items()
    ]
    if receipt["unallocated_cents"]:
        lines.append(f"  {'A favor':<47} {pesos(receipt['unallocated_cents']):>14}")
    owed = receipt["balance_cents"]
    lines.append(f"Debe {pesos(owed)}." if owed > 0 else f"No debe nada; a favor {pesos(-owed)}.")
    return "\n".join(lines)


def _period(period: int) -> str:
    return f"{period // 100}-{period % 100:02d}" if period else "servicio"


@click.group()
def payments() -> None:
    """Pagos: cargar un archivo, cancelar un recibo."""


@payments.command("import")
@click.argument("path", metavar="ARCHIVO", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    "mapping_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Correspondencia TOML de las columnas.",
)
@by_option
@json_option
def import_file(path: Path, mapping_path: Path | None, by: str, as_json: bool) -> None:
    """Carga los pagos de un ARCHIVO CSV: todos o ninguno, cada referencia una sola vez."""
    from dataclasses import asdict

    from caudal.cashier import commands as cashier
    from caudal.cashier import settlement_files

    mapping = (
        settlement_files.read_mapping(path=mapping_path) if mapping_path else settlement_files.PaymentFile()
    )
    try:
        loaded = cashier.import_payments(path=path, mapping=mapping, at=clock.now(), by=by)
    except cashier.CannotImportPayments as refusal:
        if as_json:
            emit([each.as_dict() for each in refusal.findings], as_json=True, text=str)
        else:
            click.echo("\n".join(str(each) for each in refusal.findings))
        raise
    emit(
        asdict(loaded),
        as_json=as_json,
        text=lambda found: (
            f"Pagos registrados: {found['n_posted']} por {pesos(found['posted_cents'])}; "
            f"ya estaban: {found['n_known']} por {pesos(found['known_cents'])}."
        ),
    )


@payments.command("cancel")
@click.argument("receipt_folio", metavar="FOLIO")
@click.option("--reason", required=True, help="Motivo de la cancelación.")
@day_option
@by_option
@json_option
def cancel(receipt_folio: str, reason: str, on: datetime | None, by: str, as_json: bool) -> None:
    """Cancela el pago del recibo FOLIO: su adeudo queda abierto otra vez."""
    from caudal.cashier import commands as cashier
    from caudal.cashier import queries

    payment = queries.payment_by_folio(receipt_folio=receipt_folio)
    if payment is None:
        raise cashier.CannotCancelPayment(f"No existe el recibo {receipt_folio}.", "Revise el folio.")
    now = clock.now()
    business_on: date = on.date() if on else now.date()
    canceled = cashier.cancel_payment(payment=payment, reason=reason, business_on=business_on, at=now, by=by)
    emit(
        canceled,
        as_json=as_json,
        text=lambda found: (
            f"Recibo {found['receipt_folio']} cancelado con {found['cancellation_folio']}: "
            f"{pesos(found['amount_cents'])} vuelven a deberse en la cuenta {found['account']}."
        ),
    )


@payments.command("series")
@click.argument("code", metavar="SERIE")
@click.argument("name", metavar="NOMBRE", required=False)
@click.option("--close", "is_closing", is_flag=True, help="Cerrarla: no tomará más folios.")
@by_option
@json_option
def series(code: str, name: str | None, is_closing: bool, by: str, as_json: bool) -> None:
    """Abre una SERIE de recibos con su NOMBRE, o la cierra."""
    from caudal.cashier import commands as cashier

    now = clock.now()
    if is_closing:
        changed = cashier.close_series(code=code, on=now.date(), at=now, by=by)
    else:
        changed = cashier.open_series(code=code, name=name or code, on=now.date(), at=now, by=by)
    emit(
        {"series": changed.code, "name": changed.name, "closed_on": changed.closed_on},
        as_json=as_json,
        text=lambda found: f"Serie {found['series']} {'cerrada' if found['closed_on'] else 'abierta'}.",
    )


COMMANDS = [pay, payments]
