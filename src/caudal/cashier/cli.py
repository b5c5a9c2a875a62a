"""The counter from the command line: a till, a payment, its cancellation."""

import getpass
from typing import Any
from uuid import UUID, uuid4

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")


@click.command()
@click.argument("account_number", metavar="CUENTA")
@click.argument("amount", metavar="IMPORTE")
@click.option("--tender", default="cash", help="cash, card, check o transfer.")
@click.option("--reference", default="", help="Autorización, número de cheque o clave de rastreo.")
@click.option("--key", type=click.UUID, help="Clave de la operación: repetida, no cobra dos veces.")
@by_option
@json_option
def pay(
    account_number: str, amount: str, tender: str, reference: str, key: UUID | None, by: str, as_json: bool
) -> None:
    """Cobra IMPORTE pesos a una CUENTA en el turno abierto de quien cobra, y muestra el comprobante."""
    from caudal.cashier import commands as cashier
    from caudal.cashier import policy, queries
    from caudal.registry import queries as registry

    cents = policy.parse_pesos(amount)
    if cents is None:
        raise cashier.CannotTakePayment(
            "El importe no se entiende.", "Escríbalo como 1250.50.", field="amount", value=amount
        )
    account = registry.account_by_number(number=account_number)
    session = queries.live_session(cashier=by)
    if session is None:
        raise cashier.CannotTakePayment(
            f"{by} no tiene un turno abierto.", "Ábralo con «caudal till open».", field="session"
        )
    receipt = cashier.take_payment(
        session=session,
        parts=[cashier.AccountPart(account, cents)],
        tenders=[cashier.TenderPart(tender, cents, reference=reference)],
        at=clock.now(),
        by=by,
        key=key or uuid4(),
    )
    emit(receipt, as_json=as_json, text=receipt_text)


def receipt_text(receipt: dict[str, Any]) -> str:
    """A receipt for a terminal."""
    lines = [
        f"Comprobante {receipt['receipt_folio']}   {receipt['business_on']}   {pesos(receipt['total_cents'])}"
    ]
    for payment in receipt["payments"]:
        lines.append(f"Cuenta {payment['account']}: pagó {pesos(payment['amount_cents'])}")
        sums: dict[tuple[int, str], int] = {}
        for each in payment["allocations"]:
            line = (each["period"], each["concept"])
            sums[line] = sums.get(line, 0) + each["amount_cents"]
        lines += [
            f"  {_period(period):<12} {concept:<34} {pesos(cents):>14}"
            for (period, concept), cents in sums.items()
        ]
        if payment["unallocated_cents"]:
            lines.append(f"  {'A favor':<47} {pesos(payment['unallocated_cents']):>14}")
        owed = payment["balance_cents"]
        lines.append(f"  Debe {pesos(owed)}." if owed > 0 else f"  No debe nada; a favor {pesos(-owed)}.")
    return "\n".join(lines)


def _period(period: int) -> str:
    return f"{period // 100}-{period % 100:02d}" if period else "servicio"


@click.group()
def payments() -> None:
    """Pagos: cancelar un comprobante."""


@payments.command("cancel")
@click.argument("receipt_folio", metavar="FOLIO")
@click.option("--reason", required=True, help="Motivo de la cancelación.")
@by_option
@json_option
def cancel(receipt_folio: str, reason: str, by: str, as_json: bool) -> None:
    """Cancela el comprobante FOLIO: su adeudo queda abierto otra vez."""
    from caudal.cashier import commands as cashier
    from caudal.cashier import queries

    receipt = queries.receipt_by_folio(folio=receipt_folio)
    session = queries.live_session(cashier=by)
    if session is None:
        raise cashier.CannotCancelReceipt(
            f"{by} no tiene un turno abierto.", "Ábralo con «caudal till open».", field="session"
        )
    canceled = cashier.cancel_receipt(receipt=receipt, session=session, reason=reason, at=clock.now(), by=by)
    emit(
        canceled,
        as_json=as_json,
        text=lambda found: (
            f"Comprobante {found['receipt_folio']} cancelado con {found['cancellation_folio']}: "
            f"{pesos(found['total_cents'])} vuelven a deberse."
        ),
    )


@click.group()
def till() -> None:
    """Cajas: ponerlas en uso, abrir un turno."""


@till.command("new")
@click.argument("code", metavar="CAJA")
@click.argument("name", metavar="NOMBRE")
@click.option("--series", required=True, help="Serie de sus comprobantes.")
@by_option
@json_option
def till_new(code: str, name: str, series: str, by: str, as_json: bool) -> None:
    """Pone en uso una CAJA con su NOMBRE y su serie de comprobantes."""
    from caudal.cashier import commands as cashier

    made = cashier.open_till(code=code, name=name, series=series, at=clock.now(), by=by)
    emit(
        {"till": made.code, "name": made.name, "series": made.series_id},
        as_json=as_json,
        text=lambda found: f"{found['name']} en uso, serie {found['series']}.",
    )


@till.command("open")
@click.argument("code", metavar="CAJA")
@click.option("--float", "float_text", default="0", help="Fondo fijo en pesos.")
@by_option
@json_option
def till_open(code: str, float_text: str, by: str, as_json: bool) -> None:
    """Abre un turno en la CAJA con su fondo fijo."""
    from caudal.cashier import commands as cashier
    from caudal.cashier import policy
    from caudal.cashier.models import Till

    found = Till.objects.filter(code=code).first()
    cents = policy.parse_pesos(float_text)
    if found is None or cents is None:
        raise cashier.CannotOpenSession("No existe esa caja o el fondo no se entiende.", "Revise los dos.")
    session = cashier.open_session(
        till=found, cashier=by, pieces=policy.pieces_of(cents=cents), at=clock.now()
    )
    emit(
        {"session": session.pk, "till": code, "float_cents": session.float_cents},
        as_json=as_json,
        text=lambda told: f"Turno {told['session']} abierto en la caja {told['till']}.",
    )


COMMANDS = [pay, payments, till]
