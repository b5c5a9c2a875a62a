"""`caudal field`: the day in the street, the orders that wait, and what the phones told that was set aside."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

import click
from django.utils.timezone import localtime

from caudal.fieldwork.phone_cli import by_option, list_phones, reason_option
from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option

_DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


@click.group()
def field() -> None:
    """La calle: recorridos del día, órdenes pendientes y lo que los teléfonos contaron que no se aplicó."""


@field.command()
@click.option("--on", type=_DAY, help="Día; hoy, si no se dice.")
@json_option
def rounds(on: datetime | None, as_json: bool) -> None:
    """Los recorridos de un día: cuánto lleva cada uno y si va a tiempo."""
    from caudal.fieldwork import queries

    day: date = on.date() if on else clock.today()
    rows = [
        asdict(row) | {"percent": row.percent, "pending": row.pending}
        for row in queries.board(on=day, at=clock.now())
    ]
    empty = f"No hay recorridos el {day:%d/%m/%Y}."
    emit(rows, as_json=as_json, text=lambda rows: "\n".join(map(_round, rows)) or empty)


@field.command()
@click.option("--waiting", is_flag=True, help="Solo las que nadie lleva.")
@json_option
def orders(waiting: bool, as_json: bool) -> None:
    """Las órdenes pendientes, la más urgente primero."""
    from caudal.fieldwork import queries

    found = queries.pending_orders(only_waiting=waiting)
    rows = [asdict(row) for row in queries.order_rows(orders=found, at=clock.now())]
    emit(rows, as_json=as_json, text=lambda rows: "\n".join(map(_order, rows)) or "Ninguna orden pendiente.")


@field.command()
@json_option
def quarantine(as_json: bool) -> None:
    """Lo que los teléfonos contaron y no se aplicó, con su motivo."""
    from caudal.fieldwork import queries

    rows = [asdict(row) for row in queries.quarantined()]
    emit(rows, as_json=as_json, text=lambda rows: "\n".join(map(_aside, rows)) or "Nada por revisar.")


@field.command("apply")
@click.argument("event", type=click.UUID, metavar="SUCESO")
@click.option("--reason", required=True, help="Qué se corrigió; queda en el historial.")
@by_option
@json_option
def apply_(event: UUID, reason: str, by: str, as_json: bool) -> None:
    """Aplica un suceso apartado, ya corregido lo que lo impedía."""
    from caudal.fieldwork import commands, queries

    found = queries.event_by_id(event_id=event)
    outcome = commands.reapply_event(event=found, reason=reason, at=clock.now(), by=by)
    told = {"event": str(event), "result_kind": outcome.result_kind, "result_id": outcome.result_id}
    emit(told, as_json=as_json, text=lambda told: f"{told['event']} aplicado.")


@field.command()
@click.argument("event", type=click.UUID, metavar="SUCESO")
@reason_option
@by_option
@json_option
def dismiss(event: UUID, reason: str, by: str, as_json: bool) -> None:
    """Descarta un suceso apartado; se conserva con su motivo."""
    from caudal.fieldwork import commands, queries

    found = queries.event_by_id(event_id=event)
    commands.dismiss_event(event=found, reason=reason, at=clock.now(), by=by)
    told = {"event": str(event), "reason": reason}
    emit(told, as_json=as_json, text=lambda told: f"{told['event']} descartado.")


field.add_command(list_phones, "phones")


def _round(row: dict[str, Any]) -> str:
    return (
        f"{row['folio']}  {row['name']:<34}  {row['person']:<26}  "
        f"{row['done']:>5,} de {row['n']:>5,}  {row['percent']:>3} %  {row['pace']}"
    )


def _order(row: dict[str, Any]) -> str:
    due = f"  a más tardar {localtime(row['due_at']):%d/%m/%Y %H:%M}" if row["due_at"] else ""
    where = row["round_folio"] or row["state"]
    return f"{row['folio']}  {row['kind_word']:<24}  {row['priority_word']:<16}  {where:<14}  {row['address']}{due}"


def _aside(row: dict[str, Any]) -> str:
    return f"{row['id']}  {row['kind_word']}  {row['person']}  {row['reason']}"
