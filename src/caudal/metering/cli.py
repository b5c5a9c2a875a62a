"""`caudal reading`: take in, write down, correct and assess readings; list what has to be looked at."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from caudal.kernel import cli, clock
from caudal.kernel.refusals import Refusal
from caudal.metering import listings, review_cli


def _as_day(_ctx: click.Context, _param: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def day_option(name: str, text: str) -> Callable[..., Any]:
    """An option that takes a day, written 2019-01-25 or 25/01/2019."""
    return click.option(name, type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), callback=_as_day, help=text)


by_option = click.option("--by", default="caudal", show_default=True, help="Usuario que lo hace.")
cycle_option = click.option("--cycle", "cycle_code", required=True, help="Clave del ciclo.")
period_option = click.option("--period", type=int, required=True, help="Periodo AAAAMM.")


class NothingWasRecorded(Refusal): ...


@click.group()
def reading() -> None:
    """Lecturas: importar, registrar, corregir y convertir en consumo."""


@reading.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@cycle_option
@period_option
@click.option("--accept-valid", is_flag=True, help="Guarda los renglones buenos y deja fuera los demás.")
@click.option("--column", "columns", multiple=True, help="Nombre de una columna: account=CTA, value=LEC…")
@click.option("--code", "codes", multiple=True, help="Equivalencia de una observación: PC=01.")
@by_option
@cli.json_option
def import_file(
    file: Path,
    cycle_code: str,
    period: int,
    accept_valid: bool,
    columns: tuple[str, ...],
    codes: tuple[str, ...],
    by: str,
    as_json: bool,
) -> None:
    """Importa un CSV o una hoja de cálculo con las lecturas de un periodo."""
    from caudal.metering import commands as metering

    outcome = metering.import_readings(
        content=file.read_bytes(),
        file=file.name,
        cycle=_cycle(cycle_code),
        period=_period(period),
        by=by,
        at=clock.now(),
        accept_valid=accept_valid,
        headings=_pairs(columns),
        codes=_pairs(codes),
    )
    cli.emit(asdict(outcome), as_json=as_json, text=listings.import_text)
    if outcome.errors and not accept_valid:
        click.get_current_context().exit(2)


@reading.command()
@click.argument("account")
@click.argument("value", type=int, required=False)
@period_option
@day_option("--on", "Fecha de lectura; hoy si se omite.")
@click.option("--code", default="00", show_default=True, help="Observación, 00 a 25.")
@click.option("--serial", default="", help="Número visto en el medidor, para comprobarlo.")
@click.option("--observer", default="", help="Quién leyó.")
@by_option
@cli.json_option
def record(
    account: str,
    value: int | None,
    period: int,
    on: date | None,
    code: str,
    serial: str,
    observer: str,
    by: str,
    as_json: bool,
) -> None:
    """Registra la lectura de una cuenta."""
    from caudal.metering import commands as metering

    made = metering.record_reading(
        service_point=_service_point(account),
        period=_period(period),
        value=value,
        read_on=on or clock.today(),
        observer=observer or by,
        by=by,
        at=clock.now(),
        exception_code=code,
        serial=serial,
        origin="desk",
    )
    cli.emit(listings.reading_facts(made), as_json=as_json, text=listings.reading_text)


@reading.command()
@click.argument("account")
@click.argument("value", type=int, required=False)
@period_option
@click.option("--reason", required=True, help="Por qué se corrige.")
@day_option("--on", "Fecha correcta, si también cambia.")
@click.option("--code", default="00", show_default=True, help="Observación, 00 a 25.")
@by_option
@cli.json_option
def correct(
    account: str,
    value: int | None,
    period: int,
    reason: str,
    on: date | None,
    code: str,
    by: str,
    as_json: bool,
) -> None:
    """Corrige la lectura de una cuenta con una nueva; la anterior se conserva."""
    from caudal.metering import commands as metering
    from caudal.metering import queries

    latest = queries.latest_reading(service_point=_service_point(account), period=_period(period))
    if latest is None:
        raise NothingWasRecorded(
            f"La cuenta {account} no tiene lectura de ese periodo.", "Regístrela con «caudal reading record»."
        )
    made = metering.correct_reading(
        reading=latest, value=value, reason=reason, exception_code=code, read_on=on, by=by, at=clock.now()
    )
    cli.emit(listings.reading_facts(made), as_json=as_json, text=listings.reading_text)


@reading.command()
@cycle_option
@period_option
@click.option("--account", default="", help="Solo esta cuenta.")
@by_option
@cli.json_option
def assess(cycle_code: str, period: int, account: str, by: str, as_json: bool) -> None:
    """Valida, estima y calcula el consumo de un periodo: de todo el ciclo o de una cuenta."""
    from caudal.metering import commands as metering
    from caudal.metering import queries

    if account:
        point = _service_point(account)
        metering.assess_one(service_point=point, period=_period(period), by=by, at=clock.now())
        shown = queries.recent_consumption(service_point_id=point.pk, until=period, months=1)
        cli.emit(asdict(shown[0]), as_json=as_json, text=listings.consumption_text)
        return
    result = metering.assess_period(cycle=_cycle(cycle_code), period=_period(period), by=by, at=clock.now())
    cli.emit(asdict(result), as_json=as_json, text=listings.assessment_text)


@reading.command("list-doubts")
@cycle_option
@period_option
@cli.json_option
def list_doubts(cycle_code: str, period: int, as_json: bool) -> None:
    """Lista los consumos que alguien debe revisar antes de facturar."""
    from caudal.metering import queries

    rows = [asdict(row) for row in queries.doubtful(cycle=_cycle(cycle_code), period=_period(period))]
    cli.emit(rows, as_json=as_json, text=listings.lines(listings.doubt_text, "Ningún consumo tiene dudas."))


@reading.command()
@cycle_option
@period_option
@cli.json_option
def unread(cycle_code: str, period: int, as_json: bool) -> None:
    """Lista los medidores que faltan de leer, en el orden de la ruta."""
    from caudal.metering import queries

    rows = queries.unread(cycle=_cycle(cycle_code), period=_period(period), on=clock.today())
    cli.emit(rows, as_json=as_json, text=listings.lines(listings.unread_text, "No falta ningún medidor."))


@reading.command()
@cycle_option
@cli.json_option
def rereads(cycle_code: str, as_json: bool) -> None:
    """Lista las tomas mandadas a releer, la petición más antigua primero."""
    from caudal.metering import queries

    rows = [
        {
            "route": each.service_point.route.code,
            "walk_sequence": each.service_point.walk_sequence,
            "period": int(each.period),
            "reason": each.reason,
            "requested_by": each.requested_by,
            "requested_at": each.requested_at,
        }
        for each in queries.rereads_pending(cycle=_cycle(cycle_code))
    ]
    cli.emit(
        rows, as_json=as_json, text=listings.lines(listings.reread_text, "No hay relecturas pendientes.")
    )


def _cycle(code: str) -> Any:
    from caudal.registry import queries as registry

    return registry.cycle_by_code(code=code)


def _period(period: int) -> int:
    from caudal.rules.bounds import OutOfBounds
    from caudal.rules.periods import Period

    try:
        return Period(period)
    except OutOfBounds:
        raise click.BadParameter(f"«{period}» no es un periodo; escríbalo como 201901.") from None


def _service_point(number: str) -> Any:
    from caudal.registry import queries as registry

    return registry.service_point_of(account=registry.account_by_number(number=number))


def _pairs(words: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for word in words:
        left, equals, right = word.partition("=")
        if not (left and equals and right):
            raise click.BadParameter(f"«{word}» debe escribirse como nombre=valor.")
        pairs[left.strip()] = right.strip()
    return pairs


@reading.command()
@cycle_option
@period_option
@click.option("--account", default="", help="Decide de esta cuenta; sin ella se listan los casos.")
@click.option(
    "--decision",
    type=click.Choice(["accepted", "corrected", "estimated", "reread", "inspection"]),
    help="Qué se decide.",
)
@click.option("--reason", default="", help="Por qué.")
@click.option("--value", type=int, help="La lectura correcta, si se corrige.")
@click.option("--undo", is_flag=True, help="Deshace la última decisión de la cuenta.")
@by_option
@cli.json_option
def review(
    cycle_code: str,
    period: int,
    account: str,
    decision: str | None,
    reason: str,
    value: int | None,
    undo: bool,
    by: str,
    as_json: bool,
) -> None:
    """Crítica: lista lo dudoso de un periodo, o decide de una cuenta."""
    if not account:
        rows = review_cli.review_cases(_cycle(cycle_code), _period(period))
        cli.emit(rows, as_json=as_json, text=listings.lines(review_cli.case_text, "No hay nada que revisar."))
    elif undo:
        review_cli.take_back(_service_point(account), _period(period), by=by, as_json=as_json)
    else:
        review_cli.decide(
            _service_point(account), _period(period), decision or "", reason=reason, value=value, by=by,
            as_json=as_json,
        )  # fmt: skip


@reading.command()
@cycle_option
@period_option
@day_option("--on", "Día en que se lee; hoy si se omite.")
@click.option("--reader", "readers", multiple=True, help="Quién camina una ruta: 01-001=julian.")
@by_option
@cli.json_option
def rounds(
    cycle_code: str, period: int, on: date | None, readers: tuple[str, ...], by: str, as_json: bool
) -> None:
    """Planea los recorridos de lectura de un periodo."""
    review_cli.plan(
        _cycle(cycle_code), _period(period), on or clock.today(), _pairs(readers), by=by, as_json=as_json
    )


COMMANDS = [reading]
