"""`caudal case`: reports from the command line."""

import getpass
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")


@click.group()
def case() -> None:
    """Reportes de los ciudadanos: abrirlos, contestarlos, resolverlos, y lo que se les avisa."""


@case.command("open")
@click.argument("type_code", metavar="CLASE")
@click.argument("description", metavar="QUÉ-PASA")
@click.option("--address", default="", help="Lugar.")
@click.option("--account", "account_number", default="", help="Cuenta.")
@click.option("--phone", default="", help="Teléfono de quien reporta.")
@click.option("--channel", default="phone", help="window, phone, web, field, social, system.")
@click.option("--period", "periods", type=int, multiple=True, help="Mes que reclama, AAAAMM; se repite.")
@by_option
@json_option
def open_one(
    type_code: str, description: str, address: str, account_number: str, phone: str, channel: str,
    periods: tuple[int, ...], by: str, as_json: bool,
) -> None:  # fmt: skip
    """Abre un reporte de una CLASE (vea `caudal case types`)."""
    from caudal.cases import commands
    from caudal.registry import queries as registry

    account = registry.account_by_number(number=account_number) if account_number else None
    opened = commands.open_case(
        type=type_code, channel=channel, description=description, address=address, account=account,
        reporter_phone=phone, claimed_periods=periods, at=clock.now(), by=by,
    )  # fmt: skip
    _show(opened.folio, as_json=as_json)


@case.command()
@click.argument("folio", metavar="FOLIO")
@json_option
def show(folio: str, as_json: bool) -> None:
    """Muestra un reporte y qué ha pasado con él."""
    _show(folio, as_json=as_json)


@case.command("list")
@click.option("--late", is_flag=True, help="Solo los que ya vencieron.")
@click.option("--all", "is_all", is_flag=True, help="También los resueltos y los unidos.")
@json_option
def list_cases(late: bool, is_all: bool, as_json: bool) -> None:
    """Lista los reportes abiertos, lo que vence primero arriba."""
    from caudal.cases import queries
    from caudal.cases.policy import FINISHED, State

    now = clock.now()
    states = () if is_all else [state for state in State if state not in FINISHED]
    found = [_told(each.case.folio, now) for each in queries.find(at=now, states=states, is_late=late)]
    emit(found, as_json=as_json, text=lambda rows: "\n".join(map(_line, rows)) or "Ninguno.")


@case.command()
@click.argument("folio", metavar="FOLIO")
@click.argument("text", metavar="CÓMO-QUEDÓ")
@click.option(
    "--decision", default="", help="upheld (procede) o rejected (no procede), si reclama un importe."
)
@by_option
@json_option
def resolve(folio: str, text: str, decision: str, by: str, as_json: bool) -> None:
    """Da por resuelto un reporte y se lo avisa a quien lo hizo."""
    from caudal.cases import commands, queries

    found = queries.case_by_folio(folio=folio)
    commands.resolve_case(case=found, text=text, decision=decision, at=clock.now(), by=by)
    _show(found.folio, as_json=as_json)


@case.command()
@json_option
def types(as_json: bool) -> None:
    """Lista qué se puede reportar, con su prioridad y en cuántas horas se responde."""
    from caudal.cases.models import CaseType

    found = list(CaseType.objects.order_by("sequence").values("code", "name", "priority", "service_hours"))
    emit(
        found, as_json=as_json,
        text=lambda rows: "\n".join(
            f"{each['code']:<22} {each['name']}: prioridad {each['priority']}, {each['service_hours']} h" for each in rows
        ),
    )  # fmt: skip


@case.command()
@click.argument("account_number", metavar="CUENTA")
@json_option
def claims(account_number: str, as_json: bool) -> None:
    """Lo que una CUENTA reclama y no se ha resuelto: por eso no se requiere ni se corta."""
    from caudal.cases import queries
    from caudal.registry import queries as registry

    account = registry.account_by_number(number=account_number)
    found = [asdict(each) for each in queries.open_claims(account_ids=[account.pk]).get(account.pk, [])]
    emit(
        found, as_json=as_json,
        text=lambda rows: "\n".join(f"{each['case_folio']}: {pesos(each['cents'])}" for each in rows) or "Nada.",
    )  # fmt: skip


@case.command()
@json_option
def send(as_json: bool) -> None:
    """Manda los avisos que esperan. El trabajador lo hace solo cada minuto."""
    from caudal.messaging import commands as messaging

    told = [each.outcome for each in messaging.send_queued(at=clock.now())]
    emit({"tried": len(told), "sent": told.count("sent")}, as_json=as_json, text=_sent_text)


def _sent_text(told: dict[str, int]) -> str:
    return f"{told['sent']} enviados de {told['tried']}."


def _show(folio: str, *, as_json: bool) -> None:
    emit(_told(folio, clock.now()), as_json=as_json, text=_line)


def _told(folio: str, at: datetime) -> dict[str, Any]:
    from caudal.cases import queries

    found = queries.case_by_folio(folio=folio)
    standing = queries.standing(case=found, at=at)
    return {
        "folio": found.folio, "type": found.type.code, "name": found.type.name, "state": standing.state.value,
        "clock": standing.clock.pace.value, "due_at": found.due_at.isoformat(), "priority": found.priority,
        "account": found.account.number if found.account else "", "address": found.address,
        "entries": list(found.entries.order_by("id").values_list("kind", flat=True)),
    }  # fmt: skip


def _line(told: dict[str, Any]) -> str:
    return f"{told['folio']}  {told['state']:<18} {told['clock']:<22} {told['name']}, {told['address']}"


COMMANDS = [case]
