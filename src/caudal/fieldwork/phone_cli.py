"""`caudal phone`: the phones of the street, let in and put out."""

import getpass
from dataclasses import asdict
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")
reason_option = click.option("--reason", required=True, help="Motivo, queda en el historial.")


@click.group()
def phone() -> None:
    """Teléfonos de campo: cuáles hay, altas y bajas."""


@phone.command("list")
@json_option
def list_phones(as_json: bool) -> None:
    """Lista los teléfonos y de quién es cada uno."""
    from caudal.fieldwork import queries

    rows = [asdict(row) for row in queries.devices()]
    emit(rows, as_json=as_json, text=lambda rows: "\n".join(map(_phone, rows)) or "Todavía no hay teléfonos.")


@phone.command()
@click.argument("username", metavar="PERSONA")
@by_option
@json_option
def enroll(username: str, by: str, as_json: bool) -> None:
    """Da un código de alta para el teléfono de una persona: sirve una vez, quince minutos."""
    from caudal.access.models import Clerk
    from caudal.fieldwork import commands

    clerk = Clerk.objects.filter(username=username).first()
    if clerk is None:
        raise commands.CannotEnrollDevice(
            f"No hay nadie con el usuario {username}.", "Véalos con «caudal clerk list»."
        )
    code = commands.make_enrollment_code(clerk=clerk, at=clock.now(), by=by)
    told = {"clerk": clerk.username, "code": code, "minutes": int(commands.CODE_LIVES.total_seconds()) // 60}
    emit(
        told, as_json=as_json, text=lambda told: f"{told['code']}  (sirve {told['minutes']} minutos, una vez)"
    )


@phone.command()
@click.argument("code", metavar="TELÉFONO")
@reason_option
@by_option
@json_option
def revoke(code: str, reason: str, by: str, as_json: bool) -> None:
    """Da de baja un teléfono: ya no se le contesta, y se borra cuando lo oye."""
    from caudal.fieldwork import commands, queries

    device = queries.device_by_code(code=code)
    held = commands.revoke_device(device=device, reason=reason, at=clock.now(), by=by)
    emit({"code": held.code, "revoked_at": held.revoked_at}, as_json=as_json,
         text=lambda told: f"{told['code']} dado de baja.")  # fmt: skip


def _phone(row: dict[str, Any]) -> str:
    state = f"de baja: {row['revoked_reason']}" if row["revoked_at"] else f"{row['events']} sucesos"
    return f"{row['code']}  {row['person']}  {row['name']}  {state}"
