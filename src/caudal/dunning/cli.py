"""`caudal dunning`: the overdue portfolio and its notices from the command line."""

import getpass
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos
from caudal.kernel.wording import parse_pesos

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")
STAGES = ["courtesy_letter", "debt_slip", "demand", "second_demand", "enforcement_file"]


class Pesos(click.ParamType):  # type: ignore[type-arg]
    """An amount such as `1,250.50`, as centavos."""

    name = "pesos"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it; what is not an amount is told with the option's name."""
        cents = value if isinstance(value, int) else parse_pesos(str(value))
        if cents is None:
            self.fail(f"«{value}» no es un importe; escriba por ejemplo 1,250.50.", param, ctx)
        return cents


def _as_day(_: click.Context, __: click.Parameter, value: datetime | None) -> date:
    return value.date() if value else clock.today()


on_option = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), callback=_as_day, help="A qué día (hoy, si no se dice)."
)


@click.group()
def dunning() -> None:
    """Cartera vencida: antigüedad, notificaciones, cómo se entregaron y qué recuperaron."""


@dunning.command()
@click.option(
    "--by",
    "dimension",
    type=click.Choice(["use", "locality", "route"]),
    default="use",
    help="Cómo se reparte.",
)
@on_option
@json_option
def portfolio(dimension: str, on: date, as_json: bool) -> None:
    """Muestra la antigüedad de la cartera por uso, localidad o ruta, y lo que se espera recuperar."""
    from caudal.dunning import queries

    emit(asdict(queries.portfolio(on=on, by=dimension)), as_json=as_json, text=_portfolio)


@dunning.command()
@click.argument("stage", metavar="ETAPA", type=click.Choice(STAGES))
@click.option("--name", required=True, help="Nombre del lote.")
@click.option("--least", type=Pesos(), default=0, help="Deben desde.")
@click.option("--most", type=Pesos(), default=0, help="Deben hasta.")
@click.option("--least-age", type=int, default=0, help="Antigüedad desde, en días.")
@click.option("--most-age", type=int, default=0, help="Antigüedad hasta, en días.")
@click.option("--use", "uses", multiple=True, help="Solo de este uso; se puede repetir.")
@click.option("--locality", "localities", multiple=True, help="Solo de esta localidad; se puede repetir.")
@click.option("--route", "routes", multiple=True, help="Solo de esta ruta; se puede repetir.")
@click.option("--at-most", type=int, default=0, help="Cuántas cuentas, cuando más.")
@click.option("--preview", is_flag=True, help="Solo muestra a quiénes; no prepara nada.")
@by_option
@json_option
def batch(
    stage: str, name: str, least: int, most: int, least_age: int, most_age: int, uses: tuple[str, ...],
    localities: tuple[str, ...], routes: tuple[str, ...], at_most: int, preview: bool, by: str, as_json: bool,
) -> None:  # fmt: skip
    """Prepara un lote de notificaciones de una ETAPA, o muestra a quiénes les tocaría."""
    from caudal.dunning import commands, queries

    today = clock.today()
    within = queries.SegmentFilter(
        least_cents=least, most_cents=most, least_age_days=least_age, most_age_days=most_age, uses=uses,
        localities=localities, routes=routes, most_accounts=at_most,
    )  # fmt: skip
    told = queries.segment(stage=queries.stage(code=stage, on=today), within=within, on=today)
    folio = ""
    if not preview:
        folio = commands.prepare_batch(
            name=name, stage=stage, within=within, on=today, at=clock.now(), by=by
        ).folio
    found = {
        "batch": folio, "accounts": len(told.candidates), "overdue_cents": told.overdue_cents,
        "expected_cents": told.expected_cents, "spared": told.spared_by_reason,
    }  # fmt: skip
    emit(found, as_json=as_json, text=_segment)


@dunning.command()
@click.argument("folio", metavar="LOTE")
@click.option("--print", "prints", is_flag=True, help="También imprime los archivos, y espera.")
@by_option
@json_option
def issue(folio: str, prints: bool, by: str, as_json: bool) -> None:
    """Emite un LOTE preparado: cada notificación toma su folio con lo que se debe hoy."""
    from caudal.dunning import commands, papers, queries

    found = commands.issue_batch(
        batch=queries.batch_by_folio(folio=folio), on=clock.today(), at=clock.now(), by=by
    )
    files = [str(path) for path in papers.print_batch(batch=found)] if prints else []
    notices = list(found.notices.order_by("number"))
    told = {
        "batch": found.folio, "first": notices[0].folio, "last": notices[-1].folio, "notices": len(notices),
        "total_cents": sum(each.total_cents for each in notices), "files": files,
    }  # fmt: skip
    emit(told, as_json=as_json, text=_issued)


@dunning.command()
@click.argument("folio", metavar="NOTIFICACIÓN")
@click.argument("outcome", metavar="RESULTADO",
                type=click.Choice(["delivered", "refused", "absent", "posted", "not_delivered"]))  # fmt: skip
@click.option(
    "--at", "served_at", type=click.DateTime(["%Y-%m-%d %H:%M"]), help="Cuándo (ahora, si no se dice)."
)
@click.option("--receiver", default="", help="Qué es del titular quien recibió.")
@click.option("--notes", default="", help="Notas.")
@by_option
@json_option
def serve(
    folio: str, outcome: str, served_at: datetime | None, receiver: str, notes: str, by: str, as_json: bool
) -> None:
    """Anota qué pasó con una NOTIFICACIÓN en su domicilio."""
    from django.utils.timezone import make_aware

    from caudal.dunning import commands, queries

    now = clock.now()
    notice = queries.notice_by_folio(folio=folio)
    visit = commands.Visit(
        outcome=outcome, served_at=make_aware(served_at) if served_at else now, receiver=receiver, notes=notes
    )
    service = commands.record_service(notice=notice, visit=visit, at=now, by=by)
    cost = getattr(queries.notice_by_folio(folio=folio), "cost", None)
    told = {
        "notice": notice.folio, "outcome": service.outcome,
        "appointment_on": str(service.appointment_on or ""), "term_ends_on": str(service.term_ends_on or ""),
        "cost_cents": cost.amount_cents if cost else 0,
    }  # fmt: skip
    emit(told, as_json=as_json, text=_served)


@dunning.command("next")
@on_option
@json_option
def next_stages(on: date, as_json: bool) -> None:
    """Lista a quiénes se les venció el plazo y qué etapa les sigue."""
    from caudal.dunning import queries

    found = [
        {"account": each.candidate.number, "notice": each.notice.folio, "stage": each.stage.code,
         "overdue_cents": each.candidate.overdue_cents}
        for each in queries.due_for_next_stage(on=on)
    ]  # fmt: skip
    emit(
        found, as_json=as_json, text=lambda rows: "\n".join(map(_next, rows)) or "A nadie le toca otra etapa."
    )


def _portfolio(told: dict[str, Any]) -> str:
    heads = ("0-30", "31-60", "61-90", "91-180", "181-365", ">365")
    lines = [f"{'':<24} {'Cuentas':>8} " + " ".join(f"{head:>14}" for head in heads) + f" {'Total':>16}"]
    lines += [_ageing(row["name"], row) for row in told["rows"]]
    lines.append(_ageing("Total", told))
    lines.append(f"Se espera recuperar {pesos(told['expected_cents'])}.")
    return "\n".join(lines)


def _ageing(name: str, row: dict[str, Any]) -> str:
    cents = " ".join(f"{pesos(each):>14}" for each in row["cents"])
    return f"{name[:24]:<24} {row['n_accounts']:>8} {cents} {pesos(row['total_cents']):>16}"


def _segment(told: dict[str, Any]) -> str:
    lines = [f"Lote {told['batch']} preparado." if told["batch"] else "Solo se muestra; nada se preparó."]
    lines.append(
        f"{told['accounts']} cuentas deben {pesos(told['overdue_cents'])}; se espera {pesos(told['expected_cents'])}."
    )
    lines += [f"  fuera, {reason}: {count}" for reason, count in told["spared"].items()]
    return "\n".join(lines)


def _issued(told: dict[str, Any]) -> str:
    text = f"{told['batch']}: {told['notices']} notificaciones, {told['first']} a {told['last']}, {pesos(told['total_cents'])}."
    return "\n".join([text, *(f"  {path}" for path in told["files"])])


def _served(told: dict[str, Any]) -> str:
    if told["term_ends_on"]:
        cost = f"; gastos {pesos(told['cost_cents'])}" if told["cost_cents"] else ""
        return f"{told['notice']} notificada; el plazo vence el {told['term_ends_on']}{cost}."
    if told["appointment_on"]:
        return f"{told['notice']}: citatorio para el {told['appointment_on']}."
    return f"{told['notice']}: visita anotada."


def _next(row: dict[str, Any]) -> str:
    return f"{row['account']:>8}  {row['notice']}  {row['stage']:<18} {pesos(row['overdue_cents']):>14}"


COMMANDS = [dunning]
