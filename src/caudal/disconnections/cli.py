"""`caudal cut`: who may be cut, and how orders and reconnections go, from the command line."""

import getpass
from typing import Any

import click

from caudal.disconnections.water_cli import illegal, transit
from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")
reason_option = click.option("--reason", required=True, help="Motivo; queda en la bitácora.")
batch_argument = click.argument("folio", metavar="LOTE")


@click.group()
def cut() -> None:
    """Cortes y reconexiones: a quién procede, proponer, entregar, verificar."""


@cut.command()
@click.argument("account_number", metavar="CUENTA")
@json_option
def check(account_number: str, as_json: bool) -> None:
    """Dice si una CUENTA procede hoy a corte o reducción, con todas las razones."""
    from caudal.disconnections import queries
    from caudal.registry import queries as accounts

    account = accounts.account_by_number(number=account_number)
    told = queries.eligibility(account_ids=[account.pk], on=clock.today(), at=clock.now())[account.pk]
    found = {
        "account": account.number, "is_go": told.verdict.is_go, "measure": told.verdict.measure.value,
        "due_cents": told.verdict.due_cents, "why": [reason.words for reason in told.verdict.reasons],
    }  # fmt: skip
    emit(found, as_json=as_json, text=lambda each: f"{each['account']}: {told.verdict.words}")


@cut.command()
@click.argument("title", metavar="NOMBRE")
@click.option("--route", default="", help="Solo de esta ruta.")
@click.option("--use", default="", help="Solo de este uso.")
@by_option
@json_option
def propose(title: str, route: str, use: str, by: str, as_json: bool) -> None:
    """Propone un lote con todas las cuentas que proceden hoy."""
    from caudal.disconnections import commands, queries

    segment, on, at = queries.Segment(route=route, use=use), clock.today(), clock.now()
    ids = [each.account_id for each in queries.portfolio(segment=segment, on=on, at=at) if each.verdict.is_go]
    batch = commands.propose_batch(title=title, account_ids=ids, segment=segment, on=on, at=at, by=by)
    found = {"batch": batch.folio, "orders": len(ids)}
    emit(found, as_json=as_json, text=lambda each: f"{each['batch']}: {each['orders']} órdenes por aprobar")


@cut.command()
@batch_argument
@reason_option
@by_option
@json_option
def ask(folio: str, reason: str, by: str, as_json: bool) -> None:
    """Pide que otra persona apruebe un LOTE: queda en «Por aprobar»."""
    from caudal.disconnections import commands, queries

    batch = queries.batch_by_folio(folio=folio)
    asked = commands.ask_to_approve(batch=batch, reason=reason, at=clock.now(), by=by)
    emit(
        {"batch": batch.folio, "request": asked.pk},
        as_json=as_json,
        text=lambda each: f"{each['batch']}: se pidió. Quien aprueba lo verá en «Por aprobar».",
    )


@cut.command()
@batch_argument
@click.option("--approver", required=True, help="Quien aprueba: otra persona, que no lo propuso.")
@reason_option
@click.option("--pin", prompt="PIN de quien aprueba", hide_input=True, help="Si no se da, se pregunta.")
@by_option
@json_option
def approve(folio: str, approver: str, reason: str, pin: str, by: str, as_json: bool) -> None:
    """Aprueba un LOTE con el PIN de otra persona: lo que todavía procede; lo demás se cancela."""
    from caudal.disconnections import commands, queries

    batch, at = queries.batch_by_folio(folio=folio), clock.now()
    given = commands.approve_present(batch=batch, approver=approver, pin=pin, reason=reason, at=at, by=by)
    gone = commands.approve_batch(batch=batch, approval=given, at=at, by=by)
    found = {"batch": batch.folio, "approved": [each.folio for each in gone]}
    emit(found, as_json=as_json, text=lambda each: f"{each['batch']}: {len(gone)} órdenes aprobadas.")


@cut.command()
@click.argument("folio", metavar="ORDEN")
@reason_option
@by_option
@json_option
def cancel(folio: str, reason: str, by: str, as_json: bool) -> None:
    """Cancela una ORDEN de corte, y lo que la cuadrilla lleve de ella."""
    from caudal.disconnections import commands, queries

    order = commands.cancel_cut(
        order=queries.order_by_folio(folio=folio), reason=reason, at=clock.now(), by=by
    )
    emit({"order": order.folio}, as_json=as_json, text=lambda each: f"{each['order']}: cancelada.")


@cut.command()
@click.argument("account_number", metavar="CUENTA")
@click.argument("protected_reason", metavar="POR_QUÉ")
@reason_option
@by_option
@json_option
def protect(account_number: str, protected_reason: str, reason: str, by: str, as_json: bool) -> None:
    """Protege de todo corte el lugar de una CUENTA (hospital, enfermo en casa…); vacío, deja de estarlo."""
    from caudal.disconnections import commands
    from caudal.registry import queries as accounts

    account = accounts.account_by_number(number=account_number)
    commands.protect_account(
        account=account, protected_reason=protected_reason, reason=reason, at=clock.now(), by=by
    )
    found = {"account": account.number, "protected": protected_reason}
    emit(
        found,
        as_json=as_json,
        text=lambda each: f"{each['account']}: {'protegida' if protected_reason else 'sin protección'}.",
    )


@cut.command()
@batch_argument
@by_option
@json_option
def dispatch(folio: str, by: str, as_json: bool) -> None:
    """Entrega a las cuadrillas lo aprobado de un LOTE que todavía procede."""
    from caudal.disconnections import commands, queries

    orders = list(queries.batch_by_folio(folio=folio).orders.order_by("number"))
    gone = commands.dispatch_orders(orders=orders, at=clock.now(), by=by)
    found = [
        {"order": each.folio, "field_order": each.field_order and each.field_order.folio} for each in gone
    ]
    emit(found, as_json=as_json, text=lambda each: f"Entregadas: {len(each)} de {len(orders)}")


@cut.command()
@json_option
def reconnections(as_json: bool) -> None:
    """Reconexiones por hacer, la que vence primero arriba."""
    from caudal.disconnections.models import ReconnectionOrder

    waiting = ReconnectionOrder.objects.filter(state="open").select_related("account").order_by("due_at")
    found = [
        {
            "folio": each.folio, "account": each.account.number, "cause": each.cause, "due_at": each.due_at,
            "fee_cents": each.fee_cents,
        }
        for each in waiting
    ]  # fmt: skip
    emit(found, as_json=as_json, text=_waiting_text)


def _waiting_text(found: list[dict[str, Any]]) -> str:
    lines = [
        f"{each['folio']}  {each['account']}  antes del {each['due_at']:%d/%m/%Y %H:%M}  {pesos(each['fee_cents'])}"
        for each in found
    ]
    return "\n".join(lines) or "No hay reconexiones por hacer."


cut.add_command(transit)
cut.add_command(illegal)
COMMANDS = [cut]
