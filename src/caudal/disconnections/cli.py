"""`caudal cut`: who may be cut, and how orders and reconnections go, from the command line."""

import getpass
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")


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
@click.argument("folio", metavar="LOTE")
@by_option
@json_option
def dispatch(folio: str, by: str, as_json: bool) -> None:
    """Entrega a las cuadrillas lo aprobado de un LOTE que todavía procede."""
    from caudal.disconnections import commands
    from caudal.disconnections.models import DisconnectionOrder
    from caudal.kernel.wording import number_of_folio

    orders = list(DisconnectionOrder.objects.filter(batch__number=number_of_folio(folio, prefix="LCO") or 0))
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


COMMANDS = [cut]
