"""Tills from the command line: put to use, open, withdraw, list. Its end of the day is in `closing_cli`."""

import getpass
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos

if TYPE_CHECKING:
    from caudal.cashier.models import Till, TillSession

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")
approver_option = click.option("--approver", required=True, help="Quién lo aprueba, con su PIN.")
pin_option = click.option(
    "--pin", envvar="CAUDAL_PIN", default="", help="PIN de quien aprueba; si no se da, se pregunta."
)


def asked_pin(given: str) -> str:
    """The PIN that was given, or the one somebody types now, unseen."""
    return given or str(click.prompt("PIN", hide_input=True, err=True))


def cents_of(text: str) -> int:
    from caudal.cashier import commands as cashier
    from caudal.cashier import policy

    cents = policy.parse_pesos(text)
    if cents is None:
        raise cashier.CannotWithdraw(
            "El importe no se entiende.", "Escríbalo como 1250.50.", field="amount", value=text
        )
    return cents


def _till(code: str) -> "Till":
    from caudal.cashier import commands as cashier
    from caudal.cashier.models import Till

    found = Till.objects.filter(code=code.upper()).first()
    if found is None:
        raise cashier.CannotOpenSession(
            f"No hay una caja {code}.", "Vea cuáles hay con «caudal till list».", field="till"
        )
    return found


def session_of(code: str) -> "TillSession":
    """The live session of a till."""
    from caudal.cashier import commands as cashier
    from caudal.cashier.models import TillSession

    till = _till(code)
    live = till.sessions.exclude(state=TillSession.State.BALANCED).select_related("till").first()
    if live is None:
        raise cashier.CannotCloseSession(
            f"{till.name} no tiene un turno abierto.", "Ábralo con «caudal till open».", field="session"
        )
    return live


@click.group()
def till() -> None:
    """Cajas: ponerlas en uso, abrir un turno, retirar efectivo, contar y cerrar."""


@till.command("new")
@click.argument("code", metavar="CAJA")
@click.argument("name", metavar="NOMBRE")
@click.option("--series", required=True, help="Serie de sus comprobantes.")
@click.option("--printer", default="", help="Impresora, como 192.168.1.50:9100.")
@click.option("--limit", default="0", help="Tope de efectivo en pesos; 0 es sin tope.")
@by_option
@json_option
def till_new(code: str, name: str, series: str, printer: str, limit: str, by: str, as_json: bool) -> None:
    """Pone en uso una CAJA con su NOMBRE y su serie de comprobantes."""
    from caudal.cashier import commands as cashier

    made = cashier.open_till(
        code=code, name=name, series=series, printer=printer, cash_limit_cents=cents_of(limit),
        at=clock.now(), by=by,
    )  # fmt: skip
    emit(
        {"till": made.code, "name": made.name, "series": made.series_id},
        as_json=as_json,
        text=lambda found: f"{found['name']} en uso, serie {found['series']}.",
    )


@till.command("retire")
@click.argument("code", metavar="CAJA")
@by_option
@json_option
def till_retire(code: str, by: str, as_json: bool) -> None:
    """Retira la CAJA de uso, y con ella su serie, para siempre."""
    from caudal.cashier import commands as cashier

    retired = cashier.close_till(till=_till(code), at=clock.now(), by=by)
    emit({"till": retired.code}, as_json=as_json, text=lambda found: f"Caja {found['till']} fuera de uso.")


@till.command("open")
@click.argument("code", metavar="CAJA")
@click.option("--float", "float_text", default="0", help="Fondo fijo en pesos.")
@by_option
@json_option
def till_open(code: str, float_text: str, by: str, as_json: bool) -> None:
    """Abre un turno en la CAJA con su fondo fijo."""
    from caudal.cashier import commands as cashier
    from caudal.cashier import policy

    session = cashier.open_session(
        till=_till(code), cashier=by, pieces=policy.pieces_of(cents=cents_of(float_text)), at=clock.now()
    )
    emit(
        {"session": session.pk, "till": session.till_id, "float_cents": session.float_cents},
        as_json=as_json,
        text=lambda told: f"Turno {told['session']} abierto en la caja {told['till']}.",
    )


@till.command("withdraw")
@click.argument("code", metavar="CAJA")
@click.argument("amount", metavar="IMPORTE")
@approver_option
@pin_option
@by_option
@json_option
def till_withdraw(code: str, amount: str, approver: str, pin: str, by: str, as_json: bool) -> None:
    """Entrega IMPORTE pesos de la CAJA a quien supervisa."""
    from caudal.access import approvals
    from caudal.access import policy as acts
    from caudal.cashier import commands as cashier

    session, cents, at = session_of(code), cents_of(amount), clock.now()
    approval = approvals.approve_present(
        act=acts.SUPERVISE_TILLS, approver=approver, pin=asked_pin(pin), asked_by=by, at=at,
        object_kind="till_session", object_id=session.pk, reason="Retiro parcial", after={"amount_cents": cents},
    )  # fmt: skip
    taken = cashier.withdraw_cash(
        session=session, amount_cents=cents, approval=approval, at=at, by=by, key=uuid4()
    )
    emit(
        {"folio": taken.folio, "amount_cents": taken.amount_cents, "received_by": taken.received_by},
        as_json=as_json,
        text=lambda told: (
            f"{told['folio']}: {pesos(told['amount_cents'])} los recibió {told['received_by']}."
        ),
    )


@till.command("list")
@json_option
def till_list(as_json: bool) -> None:
    """Muestra las cajas en uso y el turno que tiene cada una."""
    from caudal.cashier import queries

    rows = [
        {
            "till": row.till.code,
            "name": row.till.name,
            "cashier": row.report.session.cashier if row.report else "",
            "state": row.report.session.state if row.report else "",
            "cash_cents": row.report.cash_cents if row.report else 0,
            "is_over_limit": bool(row.report and row.report.is_over_limit),
        }
        for row in queries.tills_now(on=clock.today())
    ]
    emit(
        rows,
        as_json=as_json,
        text=lambda found: "\n".join(
            f"{row['till']:<8} {row['name']:<20} {row['cashier'] or 'sin turno':<14} {row['state']:<10}"
            f"{pesos(row['cash_cents']):>14}"
            for row in found
        ) or "No hay cajas en uso.",
    )  # fmt: skip
