"""`caudal benefit`: the registry of beneficiaries from the command line."""

import getpass
from datetime import date, datetime
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")
DAY = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])


@click.group()
def benefit() -> None:
    """Beneficios: quién los tiene, cuáles se renuevan, cuáles terminan, qué se pide."""


@benefit.command("list")
@click.option("--category", default="", help="pensioner, disabled, widowed o senior.")
@click.option("--locality", default="", help="Clave de la localidad.")
@click.option(
    "--state",
    type=click.Choice(["live", "ending", "unverified", "ended"]),
    help="Vigentes, por renovar, sin documento verificado, o terminados.",
)
@json_option
def list_beneficiaries(category: str, locality: str, state: str | None, as_json: bool) -> None:
    """Lista el padrón de beneficiarios de hoy. No muestra documentos."""
    from caudal.benefits import queries

    _show(
        queries.beneficiaries(
            on=clock.today(),
            category=category,
            locality=locality,
            state=queries.State(state) if state else None,
        ),
        as_json=as_json,
    )


@benefit.command()
@click.option("--days", default=60, show_default=True, help="Los que terminan en estos días.")
@json_option
def renewals(days: int, as_json: bool) -> None:
    """Lista los beneficios que terminan pronto si nadie los renueva."""
    from caudal.benefits import queries

    _show(queries.renewals(on=clock.today(), days=days), as_json=as_json)


@benefit.command()
@by_option
@json_option
def expire(by: str, as_json: bool) -> None:
    """Anota los que terminaron por su fecha o por cambio de titular. Puede repetirse: cada noche, sin duplicar."""
    from caudal.benefits import commands

    losses = commands.expire_lapsed(on=clock.today(), at=clock.now(), by=by)
    told = [
        {"account": each.benefit.account.number, "kind": each.kind, "on": each.on.isoformat(),
         "words": each.get_kind_display()}
        for each in losses
    ]  # fmt: skip
    emit(
        told,
        as_json=as_json,
        text=lambda rows: (
            "\n".join(f"{row['account']:>8}  {row['on']}  {row['words']}" for row in rows) or "Ninguno."
        ),
    )


@benefit.command()
@click.argument("category", metavar="[CATEGORÍA]", default="")
@click.option("--from", "since", type=DAY, help="Desde qué día; sin esto, solo se muestra lo decidido.")
@click.option("--article", default="", help="En qué se funda.")
@click.option("--evidence", multiple=True, help="Documento que se acepta; se repite, el usual primero.")
@click.option("--months", default=12, show_default=True, help="Cada cuántos meses se renueva.")
@click.option("--one-property/--any-property", default=True, help="En un solo predio, o en cualquiera.")
@click.option("--up-to-date/--with-debt", default=True, help="Exige estar al corriente, o no.")
@click.option("--lived-in/--not-lived-in", default=True, help="Exige habitar el predio, o no.")
@by_option
@json_option
def policy(
    category: str, since: datetime | None, article: str, evidence: tuple[str, ...], months: int, one_property: bool,
    up_to_date: bool, lived_in: bool, by: str, as_json: bool,
) -> None:  # fmt: skip
    """Muestra lo que pide cada categoría, o decide lo de CATEGORÍA desde un día."""
    from caudal.benefits import commands, queries

    if since is not None:
        commands.decide_policy(
            category=category, on=since.date(), article=article, evidence_kinds=evidence, months_valid=months,
            one_property=one_property, must_be_up_to_date=up_to_date, must_live_there=lived_in, at=clock.now(), by=by,
        )  # fmt: skip
    told = [
        {"category": each.category, "since": each.effective_from.isoformat(), "article": each.article,
         "evidence_kinds": each.evidence_kinds, "months_valid": each.months_valid, "one_property": each.one_property,
         "must_be_up_to_date": each.must_be_up_to_date, "must_live_there": each.must_live_there}
        for each in queries.policies(on=max(clock.today(), since.date()) if since else clock.today())
    ]  # fmt: skip
    emit(told, as_json=as_json, text=lambda rows: "\n".join(map(_policy, rows)))


def _show(held: list[Any], *, as_json: bool) -> None:
    from dataclasses import asdict

    rows = [{**asdict(each), "last_day": each.last_day, "state": each.state.value} for each in held]
    emit(rows, as_json=as_json, text=lambda found: "\n".join(map(_line, found)) or "Ninguno.")


def _line(row: dict[str, Any]) -> str:
    last: date | None = row["last_day"]
    until = f"hasta el {last:%d/%m/%Y}" if last else "sin fecha"
    return f"{row['account']:>8}  {row['person'][:34]:<34} {row['category_name']:<24} {until:<20} {row['locality']}"


def _policy(row: dict[str, Any]) -> str:
    asks = [
        words
        for name, words in (
            ("one_property", "un solo predio"),
            ("must_be_up_to_date", "al corriente"),
            ("must_live_there", "habitarlo"),
        )
        if row[name]
    ]
    return (
        f"{row['category']:<10} {'; '.join(row['evidence_kinds'])}. Se renueva cada {row['months_valid']} meses; "
        f"{', '.join(asks) or 'sin más condiciones'}. {row['article']}"
    )


COMMANDS = [benefit]
