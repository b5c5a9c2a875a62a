"""Channels from the command line: describe one, make and read its references, rehearse, load, simulate, identify."""

import json
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos
from caudal.kernel.refusals import Refusal

by_option = click.option("--by", default="", help="Quién lo hace.")


class UnknownChannel(Refusal): ...


def _who(by: str) -> str:
    import getpass

    return by or getpass.getuser()


def _channel(code: str) -> Any:
    from caudal.cashier.models import PaymentChannel

    found = PaymentChannel.objects.filter(code=code).first()
    if found is None:
        codes = ", ".join(PaymentChannel.objects.order_by("code").values_list("code", flat=True)) or "ninguno"
        raise UnknownChannel(f"No hay un canal «{code}».", f"Los que hay: {codes}.", field="channel")
    return found


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date() if text else clock.today()  # noqa: DTZ007 - a day
    except ValueError:
        raise click.BadParameter("Escriba la fecha como 2019-03-05.") from None


@click.command("import")
@click.argument("path", metavar="ARCHIVO", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--channel", "code", required=True, help="Canal que lo mandó.")
@click.option("--rehearse", is_flag=True, help="Solo dice qué haría; no registra nada.")
@by_option
@json_option
def import_file(path: Path, code: str, rehearse: bool, by: str, as_json: bool) -> None:
    """Registra los pagos de un ARCHIVO de un canal: todo o nada, cada movimiento una sola vez."""
    from caudal.cashier import commands as cashier
    from caudal.cashier.channels import layout, planning
    from caudal.cashier.commands import settlements

    channel, content = _channel(code), path.read_bytes()
    try:
        if rehearse:
            described = layout.from_document(document=channel.layout)
            plan = planning.plan(
                channel=code, layout=described, content=content, name=path.name, today=clock.today()
            )
            settlements.require_sound(plan=plan, name=path.name)
            loaded = settlements.rehearsed(plan=plan)
        else:
            loaded = cashier.load_settlement(
                channel=channel, name=path.name, content=content, at=clock.now(), by=_who(by)
            )
    except cashier.CannotLoadSettlement as refusal:
        for finding in refusal.findings:
            click.echo(str(finding), err=True)
        raise
    emit(_told(loaded, path.name), as_json=as_json, text=_loaded_text)


def _told(loaded: Any, name: str) -> dict[str, Any]:
    told = {word: getattr(loaded, word) for word in loaded.__slots__ if word != "file"}
    return {
        "name": name,
        "settlement": loaded.file.pk if loaded.file else None,
        **told,
        "total_cents": loaded.total_cents,
    }


def _loaded_text(told: dict[str, Any]) -> str:
    folios = f", {told['first_folio']} a {told['last_folio']}" if told["first_folio"] else ""
    return "\n".join(
        (
            f"{told['name']}: {pesos(told['total_cents'])}",
            f"  Aplicados        {told['n_applied']:>9,}  {pesos(told['applied_cents']):>16}{folios}",
            f"  Por identificar  {told['n_waiting']:>9,}  {pesos(told['waiting_cents']):>16}",
            f"  Devueltos        {told['n_taken_back']:>9,}  {pesos(told['taken_back_cents']):>16}",
            f"  Ya registrados   {told['n_known']:>9,}  {pesos(told['known_cents']):>16}",
            f"  No eran pagos    {told['n_ignored']:>9,}",
        )
    )


@click.group()
def channel() -> None:
    """Canales de pago: bancos y tiendas que cobran por el organismo."""


@channel.command("new")
@click.argument("code", metavar="CLAVE")
@click.argument("name", metavar="NOMBRE")
@click.option("--series", required=True, help="Serie de sus comprobantes.")
@click.option("--layout", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Descripción TOML de sus referencias y archivos.")  # fmt: skip
@click.option("--example", default="", help="Empezar con un ejemplo (véalos con «caudal channel example»).")
@click.option("--tender", default="transfer", help="cash, card, check o transfer.")
@by_option
@json_option
def new(
    code: str, name: str, series: str, path: Path | None, example: str, tender: str, by: str, as_json: bool
) -> None:
    """Pone en uso el canal CLAVE con su NOMBRE, su serie y la descripción de su contrato."""
    from caudal.cashier import commands as cashier

    document = _document(path, example)
    made = cashier.open_channel(
        code=code, name=name, series=series, layout=document, tender=tender, at=clock.now(), by=_who(by)
    )
    emit(
        {"channel": made.code, "name": made.name, "series": made.series_id},
        as_json=as_json,
        text=lambda told: f"{told['name']} en uso, serie {told['series']}.",
    )


def _document(path: Path | None, example: str) -> Any:
    from caudal.cashier.channels import examples, layout

    if (path is None) == (not example):
        raise click.UsageError("Diga la descripción con --layout o un ejemplo con --example.")
    text = path.read_text(encoding="utf-8") if path else examples.text(name=example)
    return layout.from_toml(text=text, file=path.name if path else f"{example}.toml").document


@channel.command("describe")
@click.argument("code", metavar="CLAVE")
@click.option("--layout", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@by_option
def describe(code: str, path: Path, by: str) -> None:
    """Cambia la descripción del canal CLAVE para los archivos que vengan."""
    from caudal.cashier import commands as cashier

    cashier.describe_channel(channel=_channel(code), layout=_document(path, ""), at=clock.now(), by=_who(by))
    click.echo(f"{code}: descripción cambiada.")


@channel.command("example")
@click.argument("name", metavar="EJEMPLO", default="")
def example(name: str) -> None:
    """Muestra la descripción de EJEMPLO, para cambiarla; sin nombre, los que hay."""
    from caudal.cashier.channels import examples

    click.echo(examples.text(name=name) if name else "\n".join(examples.names()))


@channel.command("list")
@json_option
def every(as_json: bool) -> None:
    """Los canales, con lo que espera ser identificado."""
    from caudal.cashier import channel_pages

    rows = [
        {
            "channel": row.channel.code, "name": row.channel.name, "series": row.channel.series_id,
            "files": row.n_files, "waiting": row.n_waiting, "waiting_cents": row.waiting_cents,
        }
        for row in channel_pages.channel_rows()
    ]  # fmt: skip
    emit(rows, as_json=as_json, text=lambda found: "\n".join(map(_row_text, found)) or "No hay canales.")


def _row_text(row: dict[str, Any]) -> str:
    waiting = (
        f"{row['waiting']:,} por identificar, {pesos(row['waiting_cents'])}" if row["waiting"] else "completo"
    )
    return f"{row['channel']:<12} {row['name']:<32} serie {row['series']:<8} {row['files']:>5} archivos  {waiting}"


@channel.command("show")
@click.argument("code", metavar="CLAVE")
def show(code: str) -> None:
    """La descripción del canal CLAVE, como se usa."""
    click.echo(json.dumps(_channel(code).layout, ensure_ascii=False, indent=2))


@channel.command("reference")
@click.argument("code", metavar="CLAVE")
@click.argument("account_number", metavar="CUENTA")
@click.argument("amount", metavar="IMPORTE")
@click.option("--due", default="", help="Fecha límite, como 2019-03-15.")
def reference(code: str, account_number: str, amount: str, due: str) -> None:
    """La referencia con la que CUENTA paga IMPORTE pesos en el canal CLAVE."""
    from caudal.cashier import commands as cashier
    from caudal.cashier import policy
    from caudal.cashier.channels import layout

    cents = policy.parse_pesos(amount)
    if cents is None:
        raise cashier.CannotTakePayment(
            "El importe no se entiende.", "Escríbalo como 1250.50.", field="amount"
        )
    kind = layout.from_document(document=_channel(code).layout).reference
    click.echo(kind.make(account_number=account_number, amount_cents=cents, due_on=_day(due)))


@channel.command("read")
@click.argument("code", metavar="CLAVE")
@click.argument("text", metavar="REFERENCIA")
@json_option
def read(code: str, text: str, as_json: bool) -> None:
    """Qué dice una REFERENCIA del canal CLAVE."""
    from caudal.cashier.channels import layout

    said = layout.from_document(document=_channel(code).layout).reference.read(text=text)
    found = {"account": said.account_number, "amount_cents": said.amount_cents, "due_on": said.due_on}
    emit(found, as_json=as_json, text=_reference_text)


def _reference_text(said: dict[str, Any]) -> str:
    amount = f", {pesos(said['amount_cents'])}" if said["amount_cents"] is not None else ""
    return f"Cuenta {said['account']}{amount}" + (f", hasta {said['due_on']}" if said["due_on"] else "")


@channel.command("simulate")
@click.argument("code", metavar="CLAVE")
@click.argument("path", metavar="ARCHIVO", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--payments", "n", default=100, help="Cuántos pagos, de cuentas que deben.")
@click.option("--on", "day", default="", help="Fecha de los pagos, como 2019-03-05.")
@click.option("--seed", default=7, help="La misma semilla hace el mismo archivo.")
@click.option("--duplicates", default=0, help="Renglones repetidos.")
@click.option("--reversals", default=0, help="Pagos que el canal devuelve.")
@click.option("--unknown", default=0, help="Referencias con un dígito cambiado.")
@click.option("--off-by-one", default=0, help="Importes con un centavo de más o de menos.")
def simulate(
    code: str,
    path: Path,
    n: int,
    day: str,
    seed: int,
    duplicates: int,
    reversals: int,
    unknown: int,
    off_by_one: int,
) -> None:
    """Escribe un ARCHIVO como los del canal CLAVE, con pagos de lo que se debe hoy, para ensayar."""
    from caudal.cashier.channels import layout, loading, simulator

    described = layout.from_document(document=_channel(code).layout)
    rows = simulator.rows(
        layout=described, debts=loading.debts(most=n), on=_day(day), chance=Random(seed),
        mishaps=simulator.Mishaps(duplicates, reversals, unknown, off_by_one),
    )  # fmt: skip
    path.write_bytes(simulator.written(layout=described, rows=rows))
    click.echo(f"{path}: {len(rows):,} renglones (semilla {seed}).")


@channel.command("waiting")
@click.argument("code", metavar="CLAVE", default="")
@json_option
def waiting(code: str, as_json: bool) -> None:
    """Los movimientos por identificar de un canal, o de todos."""
    from caudal.cashier import channel_pages

    rows = [
        {
            "line": line.pk, "channel": line.channel_id, "paid_on": line.paid_on, "reference": line.reference,
            "amount_cents": line.amount_cents, "doubt": line.doubt,
        }
        for line in channel_pages.waiting_lines(channel=code)
    ]  # fmt: skip
    emit(
        rows, as_json=as_json, text=lambda found: "\n".join(map(_line_text, found)) or "Nada por identificar."
    )


def _line_text(row: dict[str, Any]) -> str:
    return (
        f"{row['line']:>8} {row['channel']:<10} {row['paid_on']} {row['reference']:<28} "
        f"{pesos(row['amount_cents']):>14}  {row['doubt']}"
    )


@channel.command("identify")
@click.argument("line_id", metavar="MOVIMIENTO", type=int)
@click.argument("account_number", metavar="CUENTA")
@click.option("--reason", required=True, help="Cómo se supo.")
@by_option
def identify(line_id: int, account_number: str, reason: str, by: str) -> None:
    """Aplica a CUENTA un MOVIMIENTO por identificar (su número sale en «caudal channel waiting»)."""
    from caudal.cashier import commands as cashier
    from caudal.cashier.models import SettlementLine
    from caudal.registry import queries as registry

    line = SettlementLine.objects.select_related("channel", "settlement").filter(pk=line_id).first()
    if line is None:
        raise cashier.CannotIdentify(f"No hay un movimiento {line_id}.", "Revise su número.")
    account = registry.account_by_number(number=account_number)
    written = cashier.identify(line=line, account=account, reason=reason, at=clock.now(), by=_who(by))
    click.echo(f"{pesos(line.amount_cents)} aplicados a la cuenta {account.number}: {written.folio}.")
