"""`caudal arrangement`: payment agreements from the command line."""

import getpass
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option
from caudal.kernel.wording import parse_pesos

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")


class Pesos(click.ParamType):  # type: ignore[type-arg]
    """An amount such as `1,250.50`, as centavos."""

    name = "pesos"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it; what is not an amount is told with the option's name."""
        cents = value if isinstance(value, int) else parse_pesos(str(value))
        if cents is None:
            self.fail(f"«{value}» no es un importe; escriba por ejemplo 1,250.50.", param, ctx)
        return cents


def _as_day(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def day_option(name: str, text: str) -> Callable[..., Any]:
    """An option that takes a day, `2019-04-20` or `20/04/2019`."""
    return click.option(name, type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), callback=_as_day, help=text)


def terms_options(command: Any) -> Any:
    """The options that say on which terms, and what the household can pay."""
    for option in (
        click.option("--can-pay", type=Pesos(), help="Cuánto dice que puede pagar al mes."),
        click.option("--dependents", type=int, default=0, help="Dependientes económicos."),
        click.option("--expenses", type=Pesos(), default=0, help="Gastos al mes."),
        click.option("--income", type=Pesos(), help="Ingreso al mes."),
        day_option("--first", "Cuándo vence la primera parcialidad; si no se dice, en un mes."),
        click.option("--count", type=int, help="Cuántas parcialidades."),
        click.option("--down", type=Pesos(), help="Pago inicial."),
    ):
        command = option(command)
    return command


@click.group()
def arrangement() -> None:
    """Convenios de pago: simular, firmar, ver cómo van, dar por incumplidos."""


@arrangement.command()
@click.argument("account_number", metavar="CUENTA")
@terms_options
@json_option
def simulate(account_number: str, as_json: bool, **said: Any) -> None:
    """Muestra la tabla que firmaría hoy una CUENTA; sin términos, la usual o la que le alcanza."""
    from caudal.arrangements import telling

    told = _simulated(account_number, said)
    emit(telling.simulation(told=told), as_json=as_json, text=telling.table_text)


@arrangement.command()
@click.argument("account_number", metavar="CUENTA")
@click.option("--signer", required=True, help="Quién firma.")
@click.option("--as", "acting_as", default="titular", help="En calidad de qué.")
@click.option("--document", default="", help="Con qué se identifica.")
@click.option("--key", type=click.UUID, help="Clave de la operación: repetida, no firma dos veces.")
@terms_options
@by_option
@json_option
def sign(
    account_number: str, signer: str, acting_as: str, document: str, key: UUID | None, by: str, as_json: bool,
    **said: Any,
) -> None:  # fmt: skip
    """Firma el convenio de una CUENTA en los términos dichos; lo que pasa de la política se aprueba en pantalla."""
    from caudal.arrangements import commands
    from caudal.registry import queries as registry

    account = registry.account_by_number(number=account_number)
    signed = commands.sign_arrangement(
        account=account, terms=_simulated(account_number, said).terms,
        signer=commands.Signer(name=signer, acting_as=acting_as, document=document), on=clock.today(),
        at=clock.now(), by=by, key=key or uuid4(), ability=_ability(said),
    )  # fmt: skip
    _show(signed.folio, as_json=as_json)


@arrangement.command()
@click.argument("folio", metavar="FOLIO")
@json_option
def show(folio: str, as_json: bool) -> None:
    """Muestra un convenio y cómo va cada parcialidad."""
    _show(folio, as_json=as_json)


@arrangement.command("list")
@click.option("--account", "account_number", default="", help="Solo los de una cuenta.")
@click.option(
    "--state", default="", help="«al corriente», atrasado, pagado, cumplido, incumplido, cancelado."
)
@click.option("--due-today", is_flag=True, help="Solo los que tienen una parcialidad que vence hoy.")
@json_option
def list_arrangements(account_number: str, state: str, due_today: bool, as_json: bool) -> None:
    """Lista los convenios, el más nuevo primero."""
    from caudal.arrangements import queries, telling
    from caudal.arrangements.policy import State
    from caudal.registry import queries as registry

    if state and state not in list(State):
        raise click.BadParameter(f"elija uno de: {', '.join(State)}.", param_hint="--state")
    today = clock.today()
    account = registry.account_by_number(number=account_number) if account_number else None
    if due_today:
        found = [told for told, _ in queries.due_on_day(on=today)]
    else:
        found = queries.find(on=today, state=State(state) if state else None, account=account)
    emit(
        [telling.standing(told=told) for told in found],
        as_json=as_json,
        text=lambda all_of_them: "\n".join(map(telling.line, all_of_them)) or "Ninguno.",
    )


@arrangement.command("default")
@click.argument("folio", metavar="FOLIO")
@click.option("--reason", required=True, help="Motivo.")
@by_option
@json_option
def default_one(folio: str, reason: str, by: str, as_json: bool) -> None:
    """Da por incumplido un convenio: vuelve el adeudo que habría sin él."""
    from caudal.arrangements import commands, queries

    found = queries.arrangement_by_folio(folio=folio)
    commands.default_arrangement(arrangement=found, reason=reason, on=clock.today(), at=clock.now(), by=by)
    _show(folio, as_json=as_json)


@arrangement.command()
@click.argument("folio", metavar="FOLIO")
@click.option("--reason", required=True, help="Motivo.")
@by_option
@json_option
def cancel(folio: str, reason: str, by: str, as_json: bool) -> None:
    """Cancela un convenio firmado hoy por error, si no se ha pagado nada de él."""
    from caudal.arrangements import commands, queries

    found = queries.arrangement_by_folio(folio=folio)
    commands.cancel_arrangement(arrangement=found, reason=reason, on=clock.today(), at=clock.now(), by=by)
    _show(folio, as_json=as_json)


@arrangement.command("default-overdue")
@click.option("--dry-run", is_flag=True, help="Solo dice cuáles.")
@by_option
@json_option
def default_overdue(dry_run: bool, by: str, as_json: bool) -> None:
    """Cada noche: cierra los pagados y da por incumplidos los que su política rompe. Repetirlo no hace nada más."""
    from caudal.arrangements import commands, queries, telling

    today, now = clock.today(), clock.now()
    kept: list[str] = []
    if dry_run:
        broken = [(each.folio, reason) for each, reason in queries.overdue(on=today)]
    else:
        kept = [end.arrangement.folio for end in commands.finish_paid(on=today, at=now, by=by)]
        ends = commands.default_overdue(on=today, at=now, by=by)
        broken = [(end.arrangement.folio, end.reason) for end in ends]
    emit(
        {"finished": kept, "defaulted": [{"folio": folio, "reason": reason} for folio, reason in broken]},
        as_json=as_json,
        text=telling.night_text,
    )


@arrangement.command()
@day_option("--since", "Firmados desde este día.")
@day_option("--until", "Firmados hasta este día.")
@json_option
def survival(since: date | None, until: date | None, as_json: bool) -> None:
    """De los convenios que llegaron a cada parcialidad, cuántos la pagaron a tiempo, tarde o ahí se rompieron."""
    from dataclasses import asdict

    from caudal.arrangements import queries, telling

    rows = [asdict(row) for row in queries.survival(on=clock.today(), since=since, until=until)]
    emit(rows, as_json=as_json, text=telling.survival_text)


@arrangement.command()
@json_option
def policy(as_json: bool) -> None:
    """Muestra la política de convenios que rige hoy."""
    from django.forms.models import model_to_dict

    from caudal.arrangements import queries

    held = model_to_dict(queries.policy_on(on=clock.today()), exclude=["id", "set_at"])
    emit(held, as_json=as_json, text=lambda it: "\n".join(f"{name}: {value}" for name, value in it.items()))


@arrangement.command()
@click.option(
    "--from",
    "effective_from",
    type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]),
    required=True,
    callback=_as_day,
    help="Desde qué día rige.",
)
@click.option("--article", required=True, help="Artículo o acuerdo que lo dice.")
@click.option("--rule", "rules", multiple=True, metavar="REGLA=VALOR", help="Lo que cambia; se repite.")
@by_option
@json_option
def decide(effective_from: date, article: str, rules: tuple[str, ...], by: str, as_json: bool) -> None:
    """Fija la política de convenios desde un día; lo que no se dice queda como estaba."""
    from caudal.arrangements import commands, telling

    held = commands.set_policy(
        effective_from=effective_from, article=article, on=clock.today(), at=clock.now(), by=by,
        **dict(telling.read_rule(said) for said in rules),
    )  # fmt: skip
    emit({"code": held.code}, as_json=as_json, text=lambda it: f"Política {it['code']}.")


def _simulated(account_number: str, said: dict[str, Any]) -> Any:
    from dataclasses import replace

    from caudal.arrangements import queries
    from caudal.registry import queries as registry

    account = registry.account_by_number(number=account_number)
    today, now, ability = clock.today(), clock.now(), _ability(said)
    told = queries.simulate(account=account, on=today, at=now, ability=ability)
    chosen = {
        name: said[option]
        for name, option in (("down_cents", "down"), ("count", "count"), ("first_due_on", "first"))
        if said[option] is not None
    }
    if not chosen:
        return told
    return queries.simulate(
        account=account, on=today, at=now, terms=replace(told.terms, **chosen), ability=ability
    )


def _ability(said: dict[str, Any]) -> Any:
    from caudal.arrangements.policy import Ability

    if said["income"] is None:
        return None
    return Ability(
        income_cents=said["income"], expenses_cents=said["expenses"], dependents=said["dependents"],
        can_pay_cents=said["can_pay"] if said["can_pay"] is not None else said["income"],
    )  # fmt: skip


def _show(folio: str, *, as_json: bool) -> None:
    from caudal.arrangements import queries, telling

    found = queries.arrangement_by_folio(folio=folio)
    told = queries.standing(arrangement=found, on=clock.today())
    emit(telling.standing(told=told), as_json=as_json, text=telling.standing_text)


COMMANDS = [arrangement]
