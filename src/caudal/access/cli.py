"""`caudal clerk`: who works here and what each may do."""

from dataclasses import asdict
from typing import Any

import click

from caudal.kernel import cli, clock

by_option = click.option("--by", default="caudal", show_default=True, help="Usuario que lo hace.")
reason_option = click.option("--reason", required=True, help="Motivo, queda en el historial.")


@click.group()
def clerk() -> None:
    """Personas que trabajan aquí: altas, bajas, puestos y permisos."""


@clerk.command()
@click.argument("username")
@click.option("--name", required=True, help="Nombre completo.")
@click.option("--role", required=True, help="Puesto: cashier, billing_analyst, commercial_manager…")
@click.option("--email", default="")
@click.password_option("--password", prompt="Contraseña", confirmation_prompt="Otra vez")
@by_option
@cli.json_option
def add(username: str, name: str, role: str, email: str, password: str, by: str, as_json: bool) -> None:
    """Da de alta a una persona."""
    from caudal.access import commands

    made = commands.add_clerk(
        username=username, full_name=name, role=role, email=email, password=password, by=by, at=clock.now(),
        is_at_terminal=True,
    )  # fmt: skip
    _show(made.username, as_json=as_json)


@clerk.command("list")
@click.option("--all", "with_disabled", is_flag=True, help="También las personas dadas de baja.")
@cli.json_option
def list_clerks(with_disabled: bool, as_json: bool) -> None:
    """Lista a las personas y su puesto."""
    from caudal.access import queries

    rows = [asdict(row) for row in queries.clerks(only_active=not with_disabled)]
    cli.emit(rows, as_json=as_json, text=lambda rows: "\n".join(map(_line, rows)) or "Todavía no hay nadie.")


@clerk.command()
@click.argument("username")
@reason_option
@by_option
@cli.json_option
def disable(username: str, reason: str, by: str, as_json: bool) -> None:
    """Da de baja a una persona; lo que hizo conserva su nombre."""
    from caudal.access import commands

    commands.disable_clerk(username=username, reason=reason, by=by, at=clock.now())
    _show(username, as_json=as_json)


@clerk.command()
@click.argument("username")
@reason_option
@by_option
@cli.json_option
def enable(username: str, reason: str, by: str, as_json: bool) -> None:
    """Vuelve a dar acceso a una persona."""
    from caudal.access import commands

    commands.enable_clerk(username=username, reason=reason, by=by, at=clock.now(), is_at_terminal=True)
    _show(username, as_json=as_json)


@clerk.command()
@click.argument("username")
@click.argument("role")
@reason_option
@by_option
@cli.json_option
def role(username: str, role: str, reason: str, by: str, as_json: bool) -> None:
    """Cambia el puesto de una persona."""
    from caudal.access import commands

    commands.change_role(
        username=username, role=role, reason=reason, by=by, at=clock.now(), is_at_terminal=True
    )
    _show(username, as_json=as_json)


@clerk.command()
@click.argument("username")
@click.password_option("--password", prompt="Contraseña nueva", confirmation_prompt="Otra vez")
@by_option
def password(username: str, password: str, by: str) -> None:
    """Da otra contraseña a una persona."""
    from caudal.access import commands

    commands.set_password(username=username, password=password, by=by, at=clock.now())
    click.echo("Contraseña cambiada; sus sesiones abiertas terminan.")


@clerk.command("reset-second-factor")
@click.argument("username")
@reason_option
@by_option
def reset_second_factor(username: str, reason: str, by: str) -> None:
    """Olvida el teléfono de una persona; registra otro la próxima vez que entre."""
    from caudal.access import commands

    commands.reset_second_factor(username=username, reason=reason, by=by, at=clock.now(), is_at_terminal=True)
    click.echo("Teléfono olvidado; sus sesiones abiertas terminan y registrará otro al entrar.")


@clerk.command()
@cli.json_option
def permissions(as_json: bool) -> None:
    """Muestra qué puede hacer cada puesto."""
    from caudal.access import policy

    table = {str(role): sorted(acts) for role, acts in policy.ACTS.items()}
    cli.emit(
        table,
        as_json=as_json,
        text=lambda table: "\n".join(f"{role}: {', '.join(acts)}" for role, acts in table.items()),
    )


def _show(username: str, *, as_json: bool) -> None:
    from caudal.access import queries

    row = next(row for row in queries.clerks() if row.username == username.strip().lower())
    cli.emit(asdict(row), as_json=as_json, text=_line)


def _line(row: dict[str, Any]) -> str:
    state = "" if row["is_active"] else "  (de baja)"
    return f"{row['username']:20} {row['full_name'][:36]:36} {row['role_name']}{state}"


COMMANDS = [clerk]
