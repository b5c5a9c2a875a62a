"""`caudal billing`: a month of bills from open to printed, held bills, and single bills taken back."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option
from caudal.kernel.refusals import Refusal

by_option = click.option(
    "--by", default="caudal", show_default=True, help="Usuario que lo hace; queda en la bitácora."
)
reason_option = click.option("--reason", required=True, help="Motivo; queda en la bitácora.")
background_option = click.option("--background", is_flag=True, help="Lo deja en la cola y no espera.")
run_argument = click.argument("run_id", metavar="FACTURACIÓN", type=int)


class NothingFound(Refusal): ...


def _as_day(_ctx: click.Context, _param: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def _day_option(name: str, text: str) -> Callable[..., Any]:
    return click.option(name, type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), callback=_as_day, help=text)


@click.group()
def billing() -> None:
    """Facturación: abrir, calcular, revisar, emitir e imprimir; recibos detenidos, cancelar y refacturar."""


@billing.command("open")
@click.option("--cycle", "cycle_code", required=True, help="Clave del ciclo.")
@click.option("--period", type=int, required=True, help="Periodo AAAAMM.")
@_day_option("--issued-on", "Fecha de emisión; hoy, si no se dice.")
@_day_option("--due-on", "Vencimiento; el del libro de tarifas, si no se dice.")
@by_option
@json_option
def open_(
    cycle_code: str, period: int, issued_on: date | None, due_on: date | None, by: str, as_json: bool
) -> None:
    """Abre la facturación de un ciclo y periodo."""
    from caudal.billing import commands

    run = commands.open_run(
        cycle=_cycle(cycle_code), period=period, issued_on=issued_on or clock.today(), due_on=due_on, by=by,
        at=clock.now(),
    )  # fmt: skip
    _emit_run(run, as_json)


@billing.command()
@run_argument
@background_option
@by_option
@json_option
def compute(run_id: int, background: bool, by: str, as_json: bool) -> None:
    """Calcula los recibos; si se interrumpió, sigue donde se quedó."""
    from caudal.billing import commands
    from caudal.billing.watching import Terminal

    run = _run(run_id)
    if background:
        return _queue("billing.compute", run, by, as_json)
    _emit_run(commands.compute(run=run, by=by, at=clock.now(), watcher=Terminal()), as_json)
    return None


@billing.command()
@run_argument
@click.option("--reason", default="", help="Observación de quien revisa.")
@by_option
@json_option
def review(run_id: int, reason: str, by: str, as_json: bool) -> None:
    """Da por revisadas las cifras de una facturación calculada."""
    from caudal.billing import commands

    _emit_run(commands.review(run=_run(run_id), by=by, at=clock.now(), reason=reason), as_json)


@billing.command()
@run_argument
@background_option
@by_option
@json_option
def issue(run_id: int, background: bool, by: str, as_json: bool) -> None:
    """Emite los recibos: desde entonces se deben."""
    from caudal.billing import commands

    run = _run(run_id)
    if background:
        return _queue("billing.issue", run, by, as_json)
    _emit_run(commands.issue(run=run, by=by, at=clock.now()), as_json)
    return None


@billing.command()
@run_argument
@reason_option
@by_option
@json_option
def discard(run_id: int, reason: str, by: str, as_json: bool) -> None:
    """Descarta una facturación que no se ha emitido."""
    from caudal.billing import commands

    _emit_run(commands.discard(run=_run(run_id), by=by, at=clock.now(), reason=reason), as_json)


@billing.command()
@run_argument
@json_option
def status(run_id: int, as_json: bool) -> None:
    """Dice en qué va una facturación y cuánto suma."""
    _emit_run(_run(run_id), as_json)


@billing.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Lista las facturaciones, la más nueva primero."""
    from caudal.billing import listings, queries

    rows = [listings.run_row(run) for run in queries.runs()[:60]]
    emit(rows, as_json=as_json, text=listings.runs)


@billing.command()
@run_argument
@json_option
def held(run_id: int, as_json: bool) -> None:
    """Lista los recibos detenidos y por qué."""
    from caudal.billing import listings, queries

    rows = [listings.held_row(each) for each in queries.held_bills(run=_run(run_id))]
    emit(rows, as_json=as_json, text=listings.held)


@billing.command()
@run_argument
@click.argument("numbers", metavar="CUENTA…", nargs=-1)
@click.option("--all-of", "reason_code", help="Todos los detenidos por este motivo, por ejemplo first_bill.")
@reason_option
@by_option
@json_option
def release(
    run_id: int, numbers: tuple[str, ...], reason_code: str | None, reason: str, by: str, as_json: bool
) -> None:
    """Libera recibos detenidos: salen tal como se calcularon."""
    from caudal.billing import commands, listings

    rows = [
        listings.held_row(
            commands.release_held(held=each, reason=reason, by=by, on=clock.today(), at=clock.now())
        )
        for each in _held(run_id, numbers, reason_code)
    ]
    emit(rows, as_json=as_json, text=listings.held)


@billing.command()
@run_argument
@click.argument("number", metavar="CUENTA")
@click.option("--again", is_flag=True, help="Ya se releyó: vuelve a calcular su recibo.")
@click.option("--reason", default="", help="Motivo de la relectura.")
@by_option
@json_option
def reread(run_id: int, number: str, again: bool, reason: str, by: str, as_json: bool) -> None:
    """Manda releer el medidor de un recibo detenido; con --again, lo calcula con la nueva lectura."""
    from caudal.billing import commands, listings

    (one,) = _held(run_id, (number,), None)
    if again:
        done = commands.recompute_held(held=one, by=by, on=clock.today(), at=clock.now())
    else:
        done = commands.send_to_reread(held=one, reason=reason, by=by, at=clock.now())
    emit([listings.held_row(done)], as_json=as_json, text=listings.held)


@billing.command()
@click.argument("number", metavar="CUENTA")
@click.option("--period", type=int, required=True, help="Periodo AAAAMM del recibo.")
@reason_option
@by_option
@json_option
def cancel(number: str, period: int, reason: str, by: str, as_json: bool) -> None:
    """Cancela un recibo sin pagos; el papel y su cancelación se conservan."""
    from caudal.billing import commands

    done = commands.cancel_bill(
        account=_account(number),
        period=period,
        reason=reason,
        authorized_by=by,
        on=clock.today(),
        at=clock.now(),
    )
    emit(
        {"account": number, "period": period, "revision": done.revision, "reason": reason},
        as_json=as_json,
        text=lambda _: f"Cancelado el recibo {period} de la cuenta {number}.",
    )


@billing.command()
@click.argument("number", metavar="CUENTA")
@click.option("--period", type=int, required=True, help="Periodo AAAAMM del recibo cancelado.")
@by_option
@json_option
def rebill(number: str, period: int, by: str, as_json: bool) -> None:
    """Vuelve a emitir un recibo cancelado, con lo que hoy se sabe de él."""
    from caudal.billing import commands
    from caudal.kernel.cli import pesos

    done = commands.rebill(account=_account(number), period=period, by=by, on=clock.today(), at=clock.now())
    emit(
        {"account": number, "period": period, "revision": done.revision, "total_cents": done.total_cents},
        as_json=as_json,
        text=lambda _: f"Refacturada la cuenta {number}: {pesos(done.total_cents)}.",
    )


@billing.command("print")
@run_argument
@click.option(
    "--to", "directory", type=click.Path(file_okay=False, path_type=Path), help="Carpeta de los PDF."
)
@background_option
@by_option
@json_option
def print_(run_id: int, directory: Path | None, background: bool, by: str, as_json: bool) -> None:
    """Imprime los recibos emitidos en archivos PDF, en orden de ruta."""
    from caudal.billing import commands, listings, printing

    run = _run(run_id)
    directory = directory or printing.print_directory(run=run)
    if background:
        return _queue("billing.print", run, by, as_json, directory=str(directory.resolve()))
    files = commands.print_run(
        run=run, directory=directory, on_file=lambda file: click.echo(f"  {file.name}", err=True)
    )
    emit(listings.print_rows(directory, files), as_json=as_json, text=listings.printed)
    return None


@billing.command()
@run_argument
@click.argument("usernames", metavar="USUARIO…", nargs=-1, required=True)
@_day_option("--on", "Día de la entrega; hoy, si no se dice.")
@click.option("--route", "routes", multiple=True, help="Solo esta ruta; puede repetirse.")
@by_option
@json_option
def deliver(
    run_id: int, usernames: tuple[str, ...], on: date | None, routes: tuple[str, ...], by: str, as_json: bool
) -> None:
    """Reparte los recibos emitidos entre quienes los entregan: un recorrido por ruta."""
    from caudal.billing import commands, listings

    rounds = commands.plan_delivery(
        run=_run(run_id), on=on or clock.today(), carriers=usernames, routes=routes,
        at=clock.now(), by=by,
    )  # fmt: skip
    emit(listings.round_rows(rounds), as_json=as_json, text=listings.planned)


COMMANDS = [billing]


def _cycle(code: str) -> Any:
    from caudal.registry.models import BillingCycle

    cycle = BillingCycle.objects.filter(code=code).first()
    if cycle is None:
        raise NothingFound("No hay un ciclo con esa clave.", "Revise la clave del ciclo.", value=code)
    return cycle


def _account(number: str) -> Any:
    from caudal.registry import queries

    return queries.account_by_number(number=number)


def _run(run_id: int) -> Any:
    from caudal.billing import queries

    return queries.run_by_id(run_id=run_id)


def _held(run_id: int, numbers: tuple[str, ...], reason_code: str | None) -> list[Any]:
    from caudal.billing import queries

    found = queries.held_bills(run=_run(run_id)).filter(issued_at__isnull=True)
    chosen = list(
        found.filter(reason=reason_code) if reason_code else found.filter(account__number__in=numbers)
    )
    if missing := set(numbers) - {each.account.number for each in chosen}:
        raise NothingFound(
            "Esas cuentas no tienen recibo detenido en esta facturación.",
            f"Véalos con «caudal billing held {run_id}».",
            value=", ".join(sorted(missing)),
        )
    return chosen


def _queue(kind: str, run: Any, by: str, as_json: bool, **args: Any) -> None:
    from caudal.billing import work

    job = work.start(kind=kind, run=run, by=by, **args)
    emit(
        {"job": job.pk, "kind": kind, "run": run.pk},
        as_json=as_json,
        text=lambda _: f"En la cola, trabajo {job.pk}. Lo hace «caudal worker».",
    )


def _emit_run(run: Any, as_json: bool) -> None:
    from caudal.billing import listings, queries

    emit(queries.run_summary(run=queries.run_by_id(run_id=run.pk)), as_json=as_json, text=listings.summary)
