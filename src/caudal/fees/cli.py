"""`caudal fee`: counter services from the command line."""

import getpass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")


@click.group()
def fee() -> None:
    """Trámites de ventanilla: precios, pedirlos, entregarlos, constancias de no adeudo."""


@fee.command()
@click.argument("account_number", metavar="CUENTA")
@json_option
def prices(account_number: str, as_json: bool) -> None:
    """Muestra qué puede pedir una CUENTA y cuánto cuesta hoy."""
    from dataclasses import asdict

    from caudal.fees import queries
    from caudal.registry import queries as registry

    account = registry.account_by_number(number=account_number)
    found = [
        {**asdict(each), "total_cents": each.total_cents}
        for each in queries.prices(account=account, on=clock.today())
    ]
    emit(
        found,
        as_json=as_json,
        text=lambda rows: "\n".join(map(_price, rows)) or "El libro no tiene trámites.",
    )


@fee.command()
@click.argument("account_number", metavar="CUENTA")
@click.argument("code", metavar="CLAVE")
@click.option("--for", "asked_for", default="", help="Quién lo pide; si no se dice, el titular.")
@click.option("--place", default="", help="A dónde se lleva (pipa).")
@click.option("--note", default="", help="Nota.")
@click.option("--holder", default="", help="Nuevo titular (cambio de propietario).")
@click.option("--rfc", default="", help="RFC del nuevo titular.")
@click.option("--curp", default="", help="CURP del nuevo titular.")
@click.option("--phone", default="", help="Teléfono del nuevo titular.")
@click.option("--documents", default="", help="Documentos que acreditan el cambio.")
@click.option("--key", type=click.UUID, help="Clave de la operación: repetida, no carga dos veces.")
@by_option
@json_option
def ask(
    account_number: str, code: str, asked_for: str, place: str, note: str, holder: str, rfc: str, curp: str,
    phone: str, documents: str, key: UUID | None, by: str, as_json: bool,
) -> None:  # fmt: skip
    """Pide el servicio CLAVE del libro en una CUENTA: se carga hoy y se paga en caja."""
    from caudal.fees import commands
    from caudal.registry import queries as registry

    new_holder = commands.NewHolder(full_name=holder, rfc=rfc, curp=curp, phone=phone, documents=documents)
    service = commands.ask_service(
        account=registry.account_by_number(number=account_number), code=code, on=clock.today(), at=clock.now(),
        by=by, key=key or uuid4(), asked_for=asked_for, place=place, note=note,
        new_holder=new_holder if holder or documents else None,
    )  # fmt: skip
    _show(service.folio, as_json=as_json)


@fee.command("list")
@click.option("--account", "account_number", default="", help="Solo los de una cuenta.")
@click.option("--pending", is_flag=True, help="Solo los que siguen en curso.")
@json_option
def list_services(account_number: str, pending: bool, as_json: bool) -> None:
    """Lista los trámites de hoy, los de una cuenta, o los que siguen en curso."""
    from caudal.fees import pages, queries
    from caudal.registry import queries as registry

    found = queries.services()
    if account_number:
        found = found.filter(account=registry.account_by_number(number=account_number))
    if pending:
        found = found.filter(end=None)
    if not (account_number or pending):
        found = queries.services_of_day(on=clock.today())
    rows = pages.service_rows(services=list(found))
    emit(
        [_as_dict(row) for row in rows],
        as_json=as_json,
        text=lambda rows: "\n".join(map(_line, rows)) or "Ninguno.",
    )


@fee.command()
@click.argument("folio", metavar="FOLIO")
@json_option
def show(folio: str, as_json: bool) -> None:
    """Muestra un trámite y cómo va."""
    _show(folio, as_json=as_json)


@fee.command()
@click.argument("folio", metavar="FOLIO")
@click.option("--note", default="", help="Qué se entregó o quién lo recibió.")
@by_option
@json_option
def deliver(folio: str, note: str, by: str, as_json: bool) -> None:
    """Entrega un trámite pagado: cambia el titular, expide la constancia, registra la reconexión."""
    from caudal.fees import commands, queries

    commands.deliver_service(
        service=queries.service_by_folio(folio=folio), on=clock.today(), at=clock.now(), by=by, note=note
    )
    _show(folio, as_json=as_json)


@fee.command()
@click.argument("folio", metavar="FOLIO")
@click.option("--reason", required=True, help="Motivo de la cancelación.")
@by_option
@json_option
def cancel(folio: str, reason: str, by: str, as_json: bool) -> None:
    """Cancela un trámite que nadie ha pagado."""
    from caudal.fees import commands, queries

    commands.cancel_service(
        service=queries.service_by_folio(folio=folio), reason=reason, on=clock.today(), at=clock.now(), by=by
    )
    _show(folio, as_json=as_json)


@fee.command()
@click.argument("folio", metavar="FOLIO")
@click.option(
    "--certificate", is_flag=True, help="La constancia en vez de la orden; la primera es la original."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Archivo PDF que se escribe.")
@by_option
def paper(folio: str, certificate: bool, out: Path | None, by: str) -> None:
    """Escribe en PDF la orden de servicio, o la constancia."""
    from caudal.fees import commands, papers, queries

    service = queries.service_by_folio(folio=folio)
    if certificate:
        issued = getattr(service, "certificate", None)
        if issued is None:
            raise commands.CannotCertify(
                f"El trámite {service.folio} no tiene constancia.", "Páguelo y entréguelo primero."
            )
        printed = commands.print_certificate(certificate=issued, at=clock.now(), by=by)
        body, name = papers.certificate_pdf(printed=printed), issued.folio
    else:
        body, name = papers.service_pdf(service=service), service.folio
    path = out or Path(f"{name}.pdf")
    path.write_bytes(body)
    click.echo(str(path))


@fee.command()
@click.argument("code", metavar="CÓDIGO")
@json_option
def verify(code: str, as_json: bool) -> None:
    """Dice si una constancia es nuestra y si sigue vigente, por su código."""
    from caudal.fees import queries

    found = queries.certificate_by_code(code=code)
    told = {
        "folio": found.folio,
        "account": found.facts["account"],
        "holder": found.facts["holder"],
        "issued_on": found.issued_on,
        "valid_until": found.valid_until,
        "state": queries.validity(certificate=found, on=clock.today()).value,
    }
    emit(
        told,
        as_json=as_json,
        text=lambda it: (
            f"{it['folio']}, cuenta {it['account']}: {it['state']}, hasta el {it['valid_until']:%d/%m/%Y}."
        ),
    )


@fee.command()
@click.option("--certificate-days", type=int, help="Días que vale la constancia.")
@click.option("--debt-at-holder-change", type=bool, help="Si se cambia de titular con adeudo.")
@click.option("--two-people-at-holder-change", type=bool, help="Si lo entrega otra persona.")
@click.option("--reason", default="", help="Acuerdo que lo decidió; sin cambios no hace falta.")
@by_option
@json_option
def rules(
    certificate_days: int | None, debt_at_holder_change: bool | None, two_people_at_holder_change: bool | None,
    reason: str, by: str, as_json: bool,
) -> None:  # fmt: skip
    """Muestra o decide las reglas de los trámites."""
    from django.forms.models import model_to_dict

    from caudal.fees import commands, queries

    said = (certificate_days, debt_at_holder_change, two_people_at_holder_change)
    if any(each is not None for each in said):
        commands.change_rules(
            reason=reason, by=by, at=clock.now(), certificate_days=certificate_days,
            holder_change_admits_debt=debt_at_holder_change, holder_change_takes_two=two_people_at_holder_change,
        )  # fmt: skip
    told = model_to_dict(queries.rules(), exclude=["id"])
    emit(told, as_json=as_json, text=_rules)


def _show(folio: str, *, as_json: bool) -> None:
    from caudal.fees import pages, queries

    row = pages.service_rows(services=[queries.service_by_folio(folio=folio)])[0]
    emit(_as_dict(row), as_json=as_json, text=_line)


def _as_dict(row: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return {name: value for name, value in asdict(row).items() if name not in ("pill", "icon")}


def _line(row: dict[str, Any]) -> str:
    owed = f", faltan {pesos(row['open_cents'])}" if row["open_cents"] else ""
    certificate = f"  {row['certificate']}" if row["certificate"] else ""
    return (
        f"{row['folio']}  {row['account']:>8}  {row['name'][:34]:<34} {pesos(row['total_cents']):>12}  "
        f"{row['state']}{owed}{certificate}"
    )


def _price(row: dict[str, Any]) -> str:
    return (
        f"{row['code']:<20} {row['name'][:38]:<38} {pesos(row['amount_cents']):>11} + IVA {pesos(row['vat_cents']):>9}"
        f" = {pesos(row['total_cents']):>11}  {row['article']}"
    )


def _rules(told: dict[str, Any]) -> str:
    return "\n".join(
        (
            f"La constancia vale {told['certificate_days']} días.",
            f"Cambio de titular con adeudo: {'sí' if told['holder_change_admits_debt'] else 'no'}.",
            f"El cambio de titular lo entrega otra persona: {'sí' if told['holder_change_takes_two'] else 'no'}.",
        )
    )


COMMANDS = [fee]
