"""The counter from the command line: a till, a payment, its cancellation."""

from typing import Any
from uuid import UUID, uuid4

import click

from caudal.cashier.chain_cli import chain_command
from caudal.cashier.channels_cli import channel, import_file
from caudal.cashier.closing_cli import till
from caudal.cashier.till_cli import approver_option, asked_pin, by_option, pin_option
from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos


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
    """Pagos: cancelar un comprobante, verificar su cadena."""


@payments.command("cancel")
@click.argument("receipt_folio", metavar="FOLIO")
@click.option(
    "--reason", required=True, help="Motivo, del 1 al 5: cuenta, importe, forma de pago, desistió, otro."
)
@click.option("--detail", default="", help="Qué más se dice del motivo; con el 5 hace falta.")
@approver_option
@pin_option
@by_option
@json_option
def cancel(
    receipt_folio: str, reason: str, detail: str, approver: str, pin: str, by: str, as_json: bool
) -> None:
    """Cancela el comprobante FOLIO con la aprobación de otra persona: su adeudo queda abierto otra vez."""
    from caudal.access import approvals
    from caudal.cashier import commands as cashier
    from caudal.cashier import policy, queries

    receipt = queries.receipt_by_folio(folio=receipt_folio)
    session = queries.live_session(cashier=by)
    if session is None:
        raise cashier.CannotCancelReceipt(
            f"{by} no tiene un turno abierto.", "Ábralo con «caudal till open».", field="session"
        )
    at = clock.now()
    approval = approvals.approve_present(
        act=cashier.act_of_cancellation(receipt=receipt, session=session), approver=approver,
        pin=asked_pin(pin), asked_by=by, object_kind="receipt", object_id=receipt.folio, at=at,
        reason=policy.cancellation_reason(code=reason, detail=detail) or "Cancelación",
        before={"total_cents": receipt.total_cents},
    )  # fmt: skip
    canceled = cashier.cancel_receipt(
        receipt=receipt, session=session, reason=reason, detail=detail, approval=approval, at=at, by=by
    )
    emit(
        canceled,
        as_json=as_json,
        text=lambda found: (
            f"Comprobante {found['receipt_folio']} cancelado con {found['cancellation_folio']}: "
            f"{pesos(found['total_cents'])} vuelven a deberse."
        ),
    )


payments.add_command(chain_command)
payments.add_command(import_file)
COMMANDS = [pay, payments, till, channel]
