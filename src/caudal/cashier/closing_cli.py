"""The end of a till's day from the command line: count, close, deposit."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from caudal.cashier.till_cli import (
    approver_option,
    asked_pin,
    by_option,
    cents_of,
    pin_option,
    session_of,
)
from caudal.cashier.till_cli import till as till
from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos

if TYPE_CHECKING:
    from caudal.cashier.models import DepositSlip, TillClosing


@till.command("count")
@click.argument("code", metavar="CAJA")
@click.option("--cash", "cash", required=True, help="Efectivo contado, en pesos, con el fondo.")
@click.option("--card", default="0", help="Suma de vouchers de tarjeta.")
@click.option("--check", default="0", help="Suma de cheques.")
@click.option("--transfer", default="0", help="Suma de transferencias.")
@click.option("--reason", default="", help="Por qué cuenta otra persona.")
@by_option
@json_option
def till_count(
    code: str, cash: str, card: str, check: str, transfer: str, reason: str, by: str, as_json: bool
) -> None:
    """Deja de cobrar en la CAJA y declara, a ciegas, lo que hay."""
    from caudal.cashier import commands as cashier
    from caudal.cashier import policy
    from caudal.cashier.models import TillSession

    session, at = session_of(code), clock.now()
    others = {"card": cents_of(card), "check": cents_of(check), "transfer": cents_of(transfer)}
    pieces = policy.pieces_of(cents=cents_of(cash))
    if session.state == TillSession.State.OPEN:
        cashier.begin_balancing(session=session, at=at, by=by, reason=reason)
    count = cashier.declare_count(session=session, pieces=pieces, others=others, at=at, by=by, reason=reason)
    emit(
        {"session": session.pk, "cash_cents": count.total_cents, **count.others},
        as_json=as_json,
        text=lambda told: f"Turno {told['session']} contado: {pesos(told['cash_cents'])} en efectivo.",
    )


@till.command("close")
@click.argument("code", metavar="CAJA")
@click.option("--note", default="", help="Qué se sabe de las diferencias.")
@approver_option
@pin_option
@by_option
@json_option
def till_close(code: str, note: str, approver: str, pin: str, by: str, as_json: bool) -> None:
    """Cierra el turno contado de la CAJA con el PIN de quien supervisa, nunca de quien cobró ni contó."""
    from caudal.access import approvals
    from caudal.access import policy as acts
    from caudal.cashier import commands as cashier

    session, at = session_of(code), clock.now()
    approval = approvals.approve_present(
        act=acts.SUPERVISE_TILLS, approver=approver, pin=asked_pin(pin), asked_by=by, at=at,
        object_kind="till_session", object_id=session.pk, reason="Cierre del turno",
    )  # fmt: skip
    closing = cashier.close_session(session=session, at=at, by=by, note=note, approval=approval)
    emit(closing_words(closing), as_json=as_json, text=_closing_text)


@till.command("deposit")
@click.argument("folios", metavar="[CORTE]...", nargs=-1)
@click.option("--bank-account", required=True, help="Cuenta del banco en que se deposita.")
@click.option("--reference", required=True, help="Referencia de la ficha del banco.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), help="Día del depósito; hoy si se omite."
)
@by_option
@json_option
def till_deposit(
    folios: tuple[str, ...], bank_account: str, reference: str, on: datetime | None, by: str, as_json: bool
) -> None:
    """Hace la ficha de depósito de los CORTES que se digan; sin ninguno, de todos los que esperan."""
    from caudal.cashier import commands as cashier
    from caudal.cashier import drawer

    waiting = [part.closing_id for part in drawer.closings_to_deposit()]
    slip = cashier.deposit_closings(
        closings=[_closing(folio) for folio in folios] if folios else _closings(waiting),
        bank_account=bank_account, reference=reference, on=on.date() if on else clock.today(), at=clock.now(),
        by=by,
    )  # fmt: skip
    emit(_slip_words(slip), as_json=as_json, text=_slip_text)


def _closings(ids: list[int]) -> "list[TillClosing]":
    from caudal.cashier.models import TillClosing

    return list(TillClosing.objects.filter(pk__in=ids).order_by("number"))


def _closing(folio: str) -> "TillClosing":
    """`CORTE-000007`, or only its number."""
    from caudal.cashier import commands as cashier
    from caudal.cashier.models import TillClosing
    from caudal.cashier.models.tills import CLOSINGS

    digits = folio.upper().removeprefix(f"{CLOSINGS}-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 10
    found = TillClosing.objects.filter(number=int(digits)).first() if is_number else None
    if found is None:
        raise cashier.CannotDeposit(
            f"No hay un corte {folio}.", "Escriba su folio, como CORTE-000007.", field="closings"
        )
    return found


def _slip_words(slip: "DepositSlip") -> dict[str, Any]:
    return {
        "slip": slip.folio,
        "bank_account": slip.bank_account,
        "reference": slip.reference,
        "on": slip.business_on,
        "cash_cents": slip.amount_cents,
        "checks_cents": slip.checks_cents,
        "closings": [
            each.closing.folio for each in slip.closings.select_related("closing").order_by("closing_id")
        ],
    }


def _slip_text(told: dict[str, Any]) -> str:
    return (
        f"{told['slip']}: {pesos(told['cash_cents'])} en efectivo y {pesos(told['checks_cents'])} en cheques, "
        f"de {', '.join(told['closings'])}."
    )


def closing_words(closing: Any) -> dict[str, Any]:
    """A closing as data."""
    return {
        "closing": closing.folio,
        "n_receipts": closing.n_receipts,
        "n_canceled": closing.n_canceled,
        "tenders": [
            {
                "kind": each.kind,
                "name": each.get_kind_display(),
                "expected_cents": each.expected_cents,
                "declared_cents": each.declared_cents,
                "difference_cents": each.difference_cents,
            }
            for each in closing.balances.order_by("id")
        ],
        "chain_head": closing.chain_head,
    }


def _closing_text(told: dict[str, Any]) -> str:
    lines = [f"{told['closing']}: {told['n_receipts']} comprobantes, {told['n_canceled']} cancelaciones"]
    lines += [
        f"  {each['name']:<26}{pesos(each['expected_cents']):>14}{pesos(each['declared_cents']):>14}"
        f"{pesos(each['difference_cents']):>12}"
        for each in told["tenders"]
    ]
    return "\n".join(lines)
