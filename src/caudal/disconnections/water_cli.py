"""`caudal cut transit` and `caudal cut illegal`: payments on their way, and water taken without leave."""

import getpass
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")
account_argument = click.argument("account_number", metavar="CUENTA")


def _as_day(_ctx: click.Context, _param: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def day_option(name: str, text: str) -> Callable[..., Any]:
    """An option that takes a day, written 2019-01-25 or 25/01/2019; today if it is left out."""
    return click.option(name, type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), callback=_as_day, help=text)


@click.command()
@account_argument
@click.argument("reference", metavar="REFERENCIA")
@click.argument("amount", metavar="IMPORTE")
@click.option("--place", required=True, help="Dónde se pagó: banco, tienda o transferencia.")
@day_option("--paid-on", "Fecha del pago; hoy si se omite.")
@by_option
@json_option
def transit(
    account_number: str,
    reference: str,
    amount: str,
    place: str,
    paid_on: date | None,
    by: str,
    as_json: bool,
) -> None:
    """Anota un pago de IMPORTE pesos que una CUENTA hizo y que no ha llegado: mientras se espera, no se corta."""
    from caudal.disconnections import commands
    from caudal.kernel.wording import parse_pesos
    from caudal.registry import queries as accounts

    cents, on = parse_pesos(amount), clock.today()
    if cents is None:
        raise commands.CannotDeclareTransit(
            "El importe no se entiende.", "Escríbalo como 1250.50.", field="amount"
        )
    declared = commands.declare_transit(
        account=accounts.account_by_number(number=account_number), reference=reference, place=place,
        amount_cents=cents, paid_on=paid_on or on, on=on, at=clock.now(), by=by,
    )  # fmt: skip
    found = {"account": account_number, "reference": declared.reference, "until": declared.until}
    emit(
        found,
        as_json=as_json,
        text=lambda each: f"{account_number}: se espera hasta el {each['until']:%d/%m/%Y}.",
    )


@click.group()
def illegal() -> None:
    """Servicios cortados que se hallaron con agua: su multa y su reporte."""


@illegal.command()
@account_argument
@click.argument("evidence", metavar="CÓMO_SE_SUPO")
@day_option("--found-on", "Día en que se halló; hoy si se omite.")
@click.option("--found-by", default="", help="Quién lo halló; quien lo anota si se omite.")
@click.option("--photo", "photos", type=click.Path(exists=True, dir_okay=False, path_type=Path), multiple=True,
              help="Foto de lo que se vio; puede repetirse.")  # fmt: skip
@by_option
@json_option
def record(
    account_number: str,
    evidence: str,
    found_on: date | None,
    found_by: str,
    photos: tuple[Path, ...],
    by: str,
    as_json: bool,
) -> None:
    """Anota que una CUENTA cortada tiene agua: cobra la multa una vez y abre un reporte."""
    from caudal.disconnections import commands
    from caudal.registry import queries as accounts

    told = commands.record_illegal_reconnection(
        account=accounts.account_by_number(number=account_number), found_on=found_on or clock.today(),
        found_by=found_by or by, evidence=evidence, photos=[each.read_bytes() for each in photos], at=clock.now(),
        by=by,
    )  # fmt: skip
    found = {"account": account_number, "case": told.case_folio, "fine_cents": told.fine_cents}
    emit(
        found,
        as_json=as_json,
        text=lambda each: f"{account_number}: multa de {pesos(each['fine_cents'])}, reporte {each['case']}.",
    )


@illegal.command()
@account_argument
@click.option("--approver", required=True, help="Quien aprueba: otra persona, que no puso la multa.")
@click.option("--reason", required=True, help="Motivo; queda en la bitácora.")
@click.option("--pin", prompt="PIN de quien aprueba", hide_input=True, help="Si no se da, se pregunta.")
@by_option
@json_option
def cancel(account_number: str, approver: str, reason: str, pin: str, by: str, as_json: bool) -> None:
    """Quita la multa vigente de una CUENTA, con el PIN de otra persona; lo pagado queda a favor."""
    from caudal.disconnections import commands, queries
    from caudal.registry import queries as accounts

    account, at = accounts.account_by_number(number=account_number), clock.now()
    told = queries.live_fine(account=account)
    given = commands.approve_fine_back(illegal=told, approver=approver, pin=pin, reason=reason, at=at, by=by)
    commands.cancel_illegal_reconnection(illegal=told, reason=reason, approval=given, at=at, by=by)
    found = {"account": account_number, "case": told.case_folio, "fine_cents": told.fine_cents}
    emit(found, as_json=as_json, text=lambda each: f"{account_number}: se quitó la multa, {each['case']}.")


@illegal.command("list")
@json_option
def list_them(as_json: bool) -> None:
    """Reconexiones ilegales, la última arriba."""
    from caudal.disconnections.models import IllegalReconnection

    told = IllegalReconnection.objects.select_related("account", "cancellation").order_by("-found_on", "-id")
    found = [
        {
            "account": each.account.number, "found_on": each.found_on, "case": each.case_folio,
            "fine_cents": each.fine_cents, "source": each.source, "is_canceled": hasattr(each, "cancellation"),
        }
        for each in told
    ]  # fmt: skip
    emit(found, as_json=as_json, text=_told)


def _told(found: list[dict[str, Any]]) -> str:
    lines = [
        f"{each['account']}  {each['found_on']:%d/%m/%Y}  {each['case']}  {pesos(each['fine_cents'])}"
        f"{'  (quitada)' if each['is_canceled'] else ''}"
        for each in found
    ]
    return "\n".join(lines) or "No hay reconexiones ilegales."
