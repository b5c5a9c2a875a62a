"""`caudal account`: find, show, open and change accounts."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from caudal.kernel import cli, clock


def _as_day(_ctx: click.Context, _param: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def day_option(name: str, text: str) -> Callable[..., Any]:
    """An option that takes a day, written 2019-01-25 or 25/01/2019."""
    return click.option(name, type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), callback=_as_day, help=text)


on_option = day_option("--on", "Fecha; hoy si se omite.")
by_option = click.option("--by", default="caudal", show_default=True, help="Usuario que lo hace.")
reason_option = click.option("--reason", required=True, help="Motivo, queda en el historial.")


@click.group()
def account() -> None:
    """Cuentas del padrón: buscar, consultar, abrir y cambiar."""


@account.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True)
@cli.json_option
def search(text: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Busca por número, nombre, domicilio, teléfono, CURP o RFC."""
    from caudal.registry import queries

    rows = [asdict(row) for row in queries.search_accounts(text=" ".join(text), limit=limit)]
    cli.emit(rows, as_json=as_json, text=_lines(_found_text, "No se encontró ninguna cuenta."))


@account.command()
@click.argument("number")
@on_option
@click.option("--history", "with_history", is_flag=True, help="Añade todo lo que le ha pasado.")
@cli.json_option
def show(number: str, on: date | None, with_history: bool, as_json: bool) -> None:
    """Muestra una cuenta en una fecha."""
    from caudal.registry import queries

    found = queries.account_by_number(number=number)
    shown = queries.account_card(account=found, on=on or clock.today()).as_dict()
    if with_history:
        shown["history"] = [asdict(each) for each in queries.history(account=found)]
    cli.emit(shown, as_json=as_json, text=_card_text)


@account.command("open")
@click.option("--number", default="", help="Número; el siguiente libre si se omite.")
@click.option("--name", required=True, help="Titular.")
@click.option("--phone", default="")
@click.option("--rfc", default="")
@click.option("--curp", default="")
@click.option("--address", default="", help="Domicilio de la toma nueva.")
@click.option("--locality", default="", help="Clave de la localidad.")
@click.option("--route", default="", help="Clave de la ruta.")
@click.option("--sequence", default=0, help="Secuencia en la ruta.")
@click.option("--diameter", default=13, show_default=True, help="Diámetro en mm.")
@click.option("--no-sewerage", is_flag=True, help="No descarga al drenaje.")
@click.option("--lot-area", default=0, help="Superficie en m².")
@click.option("--at-point-of", default="", help="Cuenta anterior cuya toma se vuelve a usar.")
@click.option("--class", "class_code", required=True, help="Clave de la tarifa.")
@click.option("--metered/--flat", "is_metered", required=True, help="Servicio medido o cuota fija.")
@on_option
@click.option("--reason", default="", help="Motivo, queda en el historial.")
@by_option
@cli.json_option
def open_command(**told: Any) -> None:
    """Abre una cuenta con su titular, su toma y su contrato."""
    from caudal.registry import commands, queries

    on = told["on"] or clock.today()
    if told["at_point_of"]:
        place: Any = queries.service_point_of(account=queries.account_by_number(number=told["at_point_of"]))
    else:
        place = commands.Place(
            address=told["address"],
            locality=queries.locality_by_code(code=told["locality"]),
            route=queries.route_by_code(code=told["route"]),
            walk_sequence=told["sequence"],
            connection_diameter_mm=told["diameter"],
            has_sewerage=not told["no_sewerage"],
            lot_area_m2=told["lot_area"],
        )
    made = commands.open_account(
        number=told["number"],
        holder=commands.Holder(
            full_name=told["name"], phone=told["phone"], rfc=told["rfc"], curp=told["curp"]
        ),
        place=place,
        tariff_class=queries.tariff_class_by_code(code=told["class_code"]),
        is_metered=told["is_metered"],
        opened_on=on,
        reason=told["reason"],
        by=told["by"],
        at=clock.now(),
    )
    _show(made, on=on, as_json=told["as_json"])


@account.command("change-holder")
@click.argument("number")
@click.option("--name", required=True, help="Nuevo titular.")
@click.option("--phone", default="")
@click.option("--rfc", default="")
@click.option("--curp", default="")
@on_option
@reason_option
@by_option
@cli.json_option
def change_holder(
    number: str,
    name: str,
    phone: str,
    rfc: str,
    curp: str,
    on: date | None,
    reason: str,
    by: str,
    as_json: bool,
) -> None:
    """Cambia el titular; el anterior queda en el historial."""
    from caudal.registry import commands, queries

    found = queries.account_by_number(number=number)
    day = on or clock.today()
    holder = commands.Holder(full_name=name, phone=phone, rfc=rfc, curp=curp)
    commands.change_holder(account=found, holder=holder, on=day, reason=reason, by=by, at=clock.now())
    _show(found, on=day, as_json=as_json)


@account.command("change-terms")
@click.argument("number")
@click.option("--class", "class_code", default="", help="Nueva tarifa.")
@click.option("--metered/--flat", "is_metered", default=None, help="Nuevo régimen.")
@click.option("--approver", default="", help="Quién lo aprueba aquí, con su PIN, si puede bajar el recibo.")
@click.option(
    "--pin", envvar="CAUDAL_PIN", default="", help="PIN de quien aprueba; si no se da, se pregunta."
)
@click.option("--ask", "is_asked", is_flag=True, help="Lo deja en «Por aprobar» en vez de hacerlo.")
@on_option
@reason_option
@by_option
@cli.json_option
def change_terms(number: str, approver: str, pin: str, is_asked: bool, as_json: bool, **told: Any) -> None:
    """Cambia la tarifa o el régimen desde una fecha. Lo que puede bajar el recibo lo aprueba otra persona."""
    from caudal.registry import commands, queries

    found = queries.account_by_number(number=number)
    code, on = told.pop("class_code"), told.pop("on") or clock.today()
    tariff_class = queries.tariff_class_by_code(code=code) if code else None
    change = {"account": found, "tariff_class": tariff_class, "on": on, "at": clock.now(), **told}
    if is_asked:
        asked = commands.ask_to_change_terms(**change)
        said = {"account": found.number, "request": asked.pk}
        cli.emit(said, as_json=as_json, text=lambda _: "Queda en «Por aprobar»; se hace cuando se apruebe.")
        return
    approval = None
    if approver:
        pin = pin or str(click.prompt("PIN", hide_input=True, err=True))
        approval = commands.approve_terms(approver=approver, pin=pin, **change)
    commands.change_terms(**change, approval=approval)
    _show(found, on=on, as_json=as_json)


@account.command()
@click.argument("number")
@click.option("--temporary", is_flag=True, help="Baja temporal a solicitud, en vez de corte por adeudo.")
@on_option
@reason_option
@by_option
@cli.json_option
def interrupt(number: str, temporary: bool, on: date | None, reason: str, by: str, as_json: bool) -> None:
    """Registra que el servicio queda suspendido."""
    from caudal.registry import commands, queries

    found = queries.account_by_number(number=number)
    day = on or clock.today()
    kind = "temporary_closure" if temporary else "cut"
    commands.interrupt_service(account=found, kind=kind, on=day, reason=reason, by=by, at=clock.now())
    _show(found, on=day, as_json=as_json)


@account.command()
@click.argument("number")
@on_option
@click.option("--reason", default="")
@by_option
@cli.json_option
def restore(number: str, on: date | None, reason: str, by: str, as_json: bool) -> None:
    """Registra la reconexión."""
    from caudal.registry import commands, queries

    found = queries.account_by_number(number=number)
    day = on or clock.today()
    commands.restore_service(account=found, on=day, reason=reason, by=by, at=clock.now())
    _show(found, on=day, as_json=as_json)


@account.command()
@click.argument("number")
@on_option
@reason_option
@by_option
@cli.json_option
def close(number: str, on: date | None, reason: str, by: str, as_json: bool) -> None:
    """Da de baja el servicio; la deuda y el historial se conservan."""
    from caudal.registry import commands, queries

    found = queries.account_by_number(number=number)
    day = on or clock.today()
    commands.close_account(account=found, on=day, reason=reason, by=by, at=clock.now())
    _show(found, on=day, as_json=as_json)


@account.command()
@click.argument("number")
@click.argument("category", type=click.Choice(["pensioner", "disabled", "widowed", "senior"]))
@click.option("--end", "is_ending", is_flag=True, help="Termina el beneficio en vez de darlo.")
@click.option("--evidence", default="", help="Credencial o documento que se presentó.")
@day_option("--until", "Hasta cuándo (sin incluir).")
@click.option("--reason", default="", help="Por qué termina.")
@on_option
@by_option
@cli.json_option
def benefit(
    number: str,
    category: str,
    is_ending: bool,
    evidence: str,
    until: date | None,
    reason: str,
    on: date | None,
    by: str,
    as_json: bool,
) -> None:
    """Da o termina un beneficio: pensionado, discapacidad, viudez o adulto mayor."""
    from caudal.registry import commands, queries

    found = queries.account_by_number(number=number)
    day = on or clock.today()
    if is_ending:
        commands.end_benefit(account=found, category=category, on=day, reason=reason, by=by, at=clock.now())
    else:
        commands.grant_benefit(
            account=found,
            category=category,
            on=day,
            until=until,
            evidence=evidence,
            by=by,
            at=clock.now(),
        )
    _show(found, on=day, as_json=as_json)


@account.command("index")
@by_option
@cli.json_option
def index_command(by: str, as_json: bool) -> None:
    """Vuelve a hacer el índice de búsqueda con lo que dice el padrón."""
    from caudal.registry import commands

    n_accounts = commands.index_accounts(by=by, at=clock.now())
    cli.emit({"accounts": n_accounts}, as_json=as_json, text="{accounts:,} cuentas en el índice.".format_map)


def _show(found: Any, *, on: date, as_json: bool) -> None:
    from caudal.registry import queries

    cli.emit(queries.account_card(account=found, on=on).as_dict(), as_json=as_json, text=_card_text)


def _card_text(card: dict[str, Any]) -> str:
    regime = "medido" if card["is_metered"] else "cuota fija"
    state = (
        "activa"
        if card["is_active"]
        else f"de baja desde {card['closed_on']:%d/%m/%Y}"
        if card["closed_on"]
        else "sin servicio"
    )
    lines = [
        f"Cuenta {card['number']}  ({state})",
        f"  Titular    {card['holder']}{'  ' + card['phone'] if card['phone'] else ''}",
        f"  Domicilio  {card['address']}, {card['locality']}",
        f"  Ruta       {card['route']}-{card['walk_sequence']:04d}, ciclo {card['cycle']}",
        f"  Tarifa     {card['tariff_class']} {card['tariff_class_name']}, {regime}",
    ]
    if card["benefit_names"]:
        lines.append(f"  Beneficio  {', '.join(card['benefit_names'])}")
    if card["interruption"]:
        lines.append(f"  Suspendida {card['interruption_name']} desde {card['interrupted_on']:%d/%m/%Y}")
    lines += [
        f"  {each['on']:%d/%m/%Y}  {each['what']}: {each['detail']}"
        f"{' (hasta ' + format(each['until'], '%d/%m/%Y') + ')' if each['until'] else ''}"
        for each in card.get("history", [])
    ]
    return "\n".join(lines)


def _found_text(row: dict[str, Any]) -> str:
    state = "" if row["is_active"] else "  (de baja)"
    return f"{row['number']}  {row['holder'][:36]:36}  {row['address'][:30]:30}  {row['tariff_class']}{state}"


def _lines(one: Callable[[dict[str, Any]], str], none: str) -> Callable[[list[dict[str, Any]]], str]:
    return lambda rows: "\n".join(one(row) for row in rows) or none


COMMANDS = [account]
