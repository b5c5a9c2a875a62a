"""`caudal outreach`: plan, log, result and papers of a campaign from the command line."""

import getpass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import parse_pesos, short_date

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")
_DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


class CannotReadAmount(Refusal):
    """The amount is not written as one."""


@click.group()
def outreach() -> None:
    """Difusión de campañas: el plan, la bitácora, lo cobrado en sus días, el cartel."""


@outreach.command("list")
@json_option
def list_campaigns(as_json: bool) -> None:
    """Lista las campañas con lo previsto y lo gastado en anunciarlas."""
    from caudal.outreach import queries

    rows = [
        {
            "campaign": each.campaign.code, "name": each.campaign.name, "first": each.first, "last": each.last,
            "actions": each.actions, "planned_cents": each.planned_cents, "entries": each.entries,
            "spent_cents": each.spent_cents,
        }
        for each in queries.campaigns()
    ]  # fmt: skip
    emit(rows, as_json=as_json, text=lambda rows: "\n".join(map(_campaign, rows)) or "Ninguna.")


@outreach.command()
@click.argument("code", metavar="CAMPAÑA")
@json_option
def show(code: str, as_json: bool) -> None:
    """Muestra el plan de una CAMPAÑA y lo que se hizo de él."""
    from caudal.outreach import queries

    campaign = queries.campaign_by_code(code=code)
    rows = [
        {**_told(action), "done": getattr(action, "done", 0), "quantity": getattr(action, "quantity", 0),
         "spent_cents": getattr(action, "spent_cents", 0)}
        for action in queries.plan_of(campaign=campaign)
    ]  # fmt: skip
    emit(rows, as_json=as_json, text=lambda rows: "\n".join(map(_action, rows)) or "Nada planeado.")


@outreach.command()
@click.argument("code", metavar="CAMPAÑA")
@click.argument("channel", metavar="CANAL")
@click.argument("title", metavar="QUÉ")
@click.option("--from", "planned_from", type=_DAY, required=True, help="Desde qué día.")
@click.option("--to", "planned_to", type=_DAY, required=True, help="Hasta qué día.")
@click.option("--place", default="", help="Dónde: estación, página, recorrido, punto.")
@click.option("--cost", default="0", help="Costo previsto, en pesos.")
@by_option
@json_option
def plan(
    code: str, channel: str, title: str, planned_from: datetime, planned_to: datetime, place: str, cost: str,
    by: str, as_json: bool,
) -> None:  # fmt: skip
    """Planea una acción de una CAMPAÑA en un CANAL (radio_spot, social_network, loudspeaker_route, poster_site, message)."""
    from caudal.outreach import commands, queries

    action = commands.plan_action(
        campaign=queries.campaign_by_code(code=code),
        plan=commands.Plan(
            channel=channel, title=title, place=place, planned_from=planned_from.date(),
            planned_to=planned_to.date(), cost_cents=_cents(cost),
        ),
        at=clock.now(), by=by,
    )  # fmt: skip
    emit(
        _told(action),
        as_json=as_json,
        text=lambda it: f"Planeado con el número {it['action']}: {it['title']}.",
    )


@outreach.command()
@click.argument("action_id", metavar="ACCIÓN", type=int)
@by_option
def drop(action_id: int, by: str) -> None:
    """Quita del plan una ACCIÓN que nadie ha empezado."""
    from caudal.outreach import commands, queries

    commands.drop_action(action=queries.action_by_id(action_id=action_id), at=clock.now(), by=by)
    click.echo("Se quitó del plan.")


@outreach.command()
@click.argument("action_id", metavar="ACCIÓN", type=int)
@click.argument("quantity", metavar="CUÁNTOS", type=int)
@click.option("--on", type=_DAY, help="Qué día; si no se dice, hoy.")
@click.option("--cost", default="0", help="Cuánto se gastó, en pesos.")
@click.option("--note", default="", help="Qué se hizo.")
@click.option(
    "--evidence", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Foto, PDF o audio."
)
@click.option("--key", type=click.UUID, help="Clave de la operación: repetida, no anota dos veces.")
@by_option
@json_option
def log(
    action_id: int, quantity: int, on: datetime | None, cost: str, note: str, evidence: Path | None,
    key: UUID | None, by: str, as_json: bool,
) -> None:  # fmt: skip
    """Anota lo que se hizo de una ACCIÓN: CUÁNTOS spots, km, cartelones, personas o mensajes."""
    from caudal.outreach import commands, policy, queries

    action = queries.action_by_id(action_id=action_id)
    entry = commands.log_entry(
        action=action, on=on.date() if on else clock.today(), quantity=quantity, cost_cents=_cents(cost), note=note,
        evidence=commands.read_evidence(body=evidence.read_bytes()) if evidence else None, key=key or uuid4(),
        today=clock.today(), at=clock.now(), by=by,
    )  # fmt: skip
    told = {"entry": entry.pk, "on": entry.on, "amount": policy.amount_words(action.channel, entry.quantity)}
    emit(told, as_json=as_json, text=lambda it: f"Anotado con el número {it['entry']}: {it['amount']}.")


@outreach.command()
@click.argument("entry_id", metavar="ANOTACIÓN", type=int)
@click.option("--reason", required=True, help="Qué estaba mal.")
@by_option
def void(entry_id: int, reason: str, by: str) -> None:
    """Anula una ANOTACIÓN; queda a la vista con su motivo."""
    from caudal.outreach import commands, queries

    commands.void_entry(entry=queries.entry_by_id(entry_id=entry_id), reason=reason, at=clock.now(), by=by)
    click.echo("Anotación anulada.")


@outreach.command()
@click.argument("code", metavar="CAMPAÑA")
@json_option
def result(code: str, as_json: bool) -> None:
    """Muestra, día por día, lo que se hizo y lo que se cobró; no dice que uno traiga al otro."""
    from dataclasses import asdict

    from caudal.outreach import queries, results

    found = results.result(campaign=queries.campaign_by_code(code=code), today=clock.today())
    told = asdict(found) | {"cost_cents": found.cost_cents}
    emit(told, as_json=as_json, text=_result)


@outreach.command()
@click.argument("code", metavar="CAMPAÑA")
@click.option("--size", type=click.Choice(["letter", "tabloid"]), default="letter", help="Carta o tabloide.")
@click.option("--png", is_flag=True, help="El cartel como imagen.")
@click.option("--square", is_flag=True, help="La imagen cuadrada para redes, en vez del cartel.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Archivo que se escribe.")
def poster(code: str, size: str, png: bool, square: bool, out: Path | None) -> None:
    """Escribe el cartel de una CAMPAÑA, o su imagen para redes."""
    from caudal.documents import announcements
    from caudal.outreach import queries, wording

    sheet = wording.sheet_of(campaign=queries.campaign_by_code(code=code))
    if square:
        body, name = announcements.social_picture_png(sheet=sheet), f"imagen-{code}.png"
    elif png:
        body = announcements.poster_png(sheet=sheet, size=announcements.PosterSize(size))
        name = f"cartel-{code}.png"
    else:
        body = announcements.poster_pdf(sheet=sheet, size=announcements.PosterSize(size))
        name = f"cartel-{code}.pdf"
    path = out or Path(name)
    path.write_bytes(body)
    click.echo(str(path))


def _cents(text: str) -> int:
    cents = parse_pesos(text)
    if cents is None:
        raise CannotReadAmount(
            "No se entiende el importe.", "Escríbalo como 1250 o 1,250.50.", field="cost", value=text
        )
    return cents


def _told(action: Any) -> dict[str, Any]:
    return {
        "action": action.pk, "channel": action.channel, "title": action.title, "place": action.place,
        "from": action.planned_from, "to": action.planned_to, "cost_cents": action.cost_cents,
    }  # fmt: skip


def _campaign(row: dict[str, Any]) -> str:
    days = f"{short_date(row['first'])} a {short_date(row['last'])}"
    return f"{row['campaign']:<20} {row['name'][:34]:<34} {days:<28} {pesos(row['spent_cents']):>12} de {pesos(row['planned_cents'])}"


def _action(row: dict[str, Any]) -> str:
    days = f"{short_date(row['from'])} a {short_date(row['to'])}"
    return f"{row['action']:>6}  {row['channel']:<18} {row['title'][:34]:<34} {days:<28} {row['quantity']:>9,} {pesos(row['spent_cents']):>12}"


def _result(told: dict[str, Any]) -> str:
    from caudal.outreach import policy

    lines = [
        f"{short_date(day['on']):<12} {pesos(day['collected_cents']):>14} {pesos(day['spent_cents']):>12}  "
        + ", ".join(policy.amount_words(channel, quantity) for channel, quantity in day["done"])
        for day in told["days"]
        if day["collected_cents"] or day["done"]
    ]
    total = f"Cobrado en esos días {pesos(told['collected_cents'])}; gastado {pesos(told['spent_cents'])}."
    return "\n".join(line.rstrip() for line in [*lines, total])


COMMANDS = [outreach]
