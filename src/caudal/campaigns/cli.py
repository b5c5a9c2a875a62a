"""`caudal campaign`: campaigns from the command line."""

import getpass
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")
DAY = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])


@click.group()
def campaign() -> None:
    """Campañas: qué reducen, a quién alcanzarían, publicarlas, y cada centavo que condonaron."""


@campaign.command("list")
@json_option
def list_campaigns(as_json: bool) -> None:
    """Lista las campañas, su vigencia y lo que han condonado."""
    from caudal.campaigns import pages, queries

    rows = pages.campaign_rows(campaigns=queries.campaigns(), at=clock.now())
    emit(
        [
            {
                "code": row.code, "name": row.name, "state": row.state, "first": row.first.isoformat(),
                "last": row.last.isoformat(), "reduces": row.reduction, "forgiven_cents": row.forgiven_cents,
            }
            for row in rows
        ],
        as_json=as_json,
        text=lambda found: "\n".join(map(_line, found)) or "Ninguna.",
    )  # fmt: skip


@campaign.command()
@click.argument("code", metavar="CLAVE")
@json_option
def preview(code: str, as_json: bool) -> None:
    """Muestra a quién alcanzaría una campaña, cuánto condonaría y qué ingreso se espera."""
    from caudal.campaigns import queries

    found = queries.preview(campaign=queries.campaign_by_code(code=code), at=clock.now())
    emit({**asdict(found), "on": found.on.isoformat()}, as_json=as_json, text=lambda _: _told(found))


@campaign.command()
@click.argument("code", metavar="CLAVE")
@click.option("--approver", required=True, help="Quien aprueba: otra persona, que no la preparó.")
@click.option("--reason", required=True, help="Motivo; por ejemplo, la sesión en que se acordó.")
@click.option("--pin", prompt="PIN de quien aprueba", hide_input=True, help="Si no se da, se pregunta.")
@by_option
@json_option
def publish(code: str, approver: str, reason: str, pin: str, by: str, as_json: bool) -> None:
    """Publica una campaña: desde ahí sus reglas no cambian; empieza y termina sola."""
    from caudal.campaigns import commands, queries

    found = queries.campaign_by_code(code=code)
    approval = commands.approve_publication(
        campaign=found, approver=approver, pin=pin, reason=reason, at=clock.now(), by=by
    )
    published = commands.publish_campaign(campaign=found, approval=approval, at=clock.now(), by=by)
    emit(
        {"code": published.code, "published_by": published.published_by},
        as_json=as_json,
        text=lambda told: f"{told['code']}: publicada; la aprobó {told['published_by']}.",
    )


@campaign.command()
@click.argument("code", metavar="CLAVE")
@click.option("--reason", required=True, help="Por qué se retira.")
@by_option
@json_option
def withdraw(code: str, reason: str, by: str, as_json: bool) -> None:
    """Retira una campaña: deja de aplicarse en este momento y lo condonado se conserva."""
    from caudal.campaigns import commands, queries

    found = commands.withdraw_campaign(
        campaign=queries.campaign_by_code(code=code), reason=reason, at=clock.now(), by=by
    )
    emit({"code": found.code}, as_json=as_json, text=lambda told: f"{told['code']}: retirada.")


@campaign.command()
@click.option("--since", type=DAY, help="Desde qué día; si no se dice, el primero de este mes.")
@click.option("--until", type=DAY, help="Hasta qué día; si no se dice, hoy.")
@click.option("--rule", default="", help="Solo una regla, por su clave.")
@json_option
def forgiven(since: datetime | None, until: datetime | None, rule: str, as_json: bool) -> None:
    """Muestra cada centavo condonado: por regla, cuenta, persona y documento."""
    from caudal.campaigns import queries

    today = clock.today()
    report = queries.forgiven(
        since=since.date() if since else date(today.year, today.month, 1),
        until=until.date() if until else today,
        rule=rule.strip().upper(),
    )
    emit(
        {
            "since": report.since.isoformat(), "until": report.until.isoformat(),
            "cents": report.total.cents, "taken_back_cents": report.total.taken_back_cents,
            "net_cents": report.total.net_cents,
            **{
                name: [{**asdict(each), "net_cents": each.net_cents} for each in getattr(report, name)]
                for name in ("by_rule", "by_clerk", "by_account", "by_document")
            },
        },
        as_json=as_json,
        text=_report,
    )  # fmt: skip


def _line(row: dict[str, Any]) -> str:
    return (
        f"{row['code']:<20} {row['state']:<11} {row['first']} a {row['last']}  "
        f"{pesos(row['forgiven_cents']):>14}  {row['reduces']}"
    )


def _told(found: Any) -> str:
    lines = [f"Al {found.on:%d/%m/%Y}, si todas pagan:"]
    if found.is_of_debts:
        lines += [
            f"  Cuentas {found.n_accounts}; deben {pesos(found.open_cents)}",
            f"  Se condonaría {pesos(found.forgiven_cents)}; ingreso esperado {pesos(found.expected_cents)}",
        ]
    if ahead := found.months_ahead:
        lines += [
            f"  Adelantan {ahead.months} meses {ahead.n_accounts} cuentas, por {pesos(ahead.full_cents)}",
            f"  Se reduciría {pesos(ahead.reduction_cents)}; ingreso esperado {pesos(ahead.expected_cents)}",
        ]
    return "\n".join(lines)


def _report(told: dict[str, Any]) -> str:
    lines = [
        f"Del {told['since']} al {told['until']}: condonado {pesos(told['cents'])}, "
        f"se volvió a cargar {pesos(told['taken_back_cents'])}, queda {pesos(told['net_cents'])}"
    ]
    for title, name in (("Por regla", "by_rule"), ("Por persona", "by_clerk")):
        lines += [title, *(f"  {each['of']:<20} {pesos(each['net_cents']):>14}" for each in told[name])]
    return "\n".join(lines)


COMMANDS = [campaign]
