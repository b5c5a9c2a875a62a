"""`caudal db`: the database of this installation, from the keyboard. Works before Django does."""

import os
import sys

import click

from caudal.kernel import server
from caudal.kernel.cli import emit, json_option
from caudal.kernel.server import binaries, external
from caudal.kernel.server.cluster import Cluster, as_dict, interactive
from caudal.kernel.server.connections import DATABASE, Connection, configured, parse


@click.group()
def db() -> None:
    """La base de datos: arrancar, detener, ver, preparar, migrar."""


def _say(line: str) -> None:
    click.echo(line, err=True)


def _cluster(*, is_throwaway: bool = False) -> Cluster:
    return Cluster(server.home(), say=_say, is_throwaway=is_throwaway)


def _external() -> Connection | None:
    return configured(os.environ, role="app")


@db.command()
@click.option(
    "--create", is_flag=True, help="Crea también la base de datos que nombra CAUDAL_DATABASE, si falta."
)
@click.option(
    "--throwaway", "is_throwaway", is_flag=True, help="Para pruebas: rápida, sin protección ante apagones."
)
def start(*, create: bool, is_throwaway: bool) -> None:
    """Arranca la base de datos (no hace nada si ya corre)."""
    cluster = _cluster(is_throwaway=is_throwaway)
    if _external() is None:
        cluster.ensure_running()
    if create and (name := os.environ.get("CAUDAL_DATABASE")):
        server.ensure_database(name=name)
    if (found := _external()) is not None:
        external.verify(found)
        click.echo(f"La base de datos configurada contesta: {found.url(with_password=False)}")
    else:
        click.echo(f"La base de datos corre (proceso {cluster.status().pid}).")


@db.command()
def stop() -> None:
    """Detiene la base de datos de Caudal."""
    if (found := _external()) is not None:
        click.echo(
            f"{found.url(with_password=False)} no es de Caudal: detenga ese servidor con sus propias órdenes."
        )
        sys.exit(2)
    click.echo("Base de datos detenida." if _cluster().stop() else "La base de datos ya estaba detenida.")


@db.command()
@json_option
def status(*, as_json: bool) -> None:
    """Dice si corre, su versión y dónde están sus archivos (sale con 3 si no corre)."""
    if (found := _external()) is not None:
        number = external.verify(found)
        words = {
            "is_running": True,
            "is_external": True,
            "version": number // 10_000,
            "url": found.url(with_password=False),
        }
        emit(words, as_json=as_json, text=lambda w: f"PostgreSQL {w['version']} en {w['url']}: contesta.")
        return
    words = as_dict(_cluster().status()) | {"is_external": False}
    emit(words, as_json=as_json, text=_status_text)
    if not words["is_running"]:
        sys.exit(3)


def _status_text(words: dict[str, object]) -> str:
    if words["version"] is None:
        return f"Todavía no hay base de datos en {words['home']}: arránquela con `caudal db start`."
    state = f"corre (proceso {words['pid']})" if words["is_running"] else "está detenida"
    return (
        f"La base de datos {state}.\nPostgreSQL {words['version']}\n"
        f"Datos: {words['data']}\nBitácora: {words['log']}\nConexión: {words['host']} (puerto {words['port']})"
    )


@db.command()
@click.option(
    "--role", type=click.Choice(["app", "owner", "superuser"]), default="app", help="Con qué usuario entrar."
)
@click.option("--database", default=None, help="Otra base de datos del mismo servidor.")
def shell(*, role: str, database: str | None) -> None:
    """Abre psql en la base de datos."""
    server.ensure_running()
    found = server.connection(role=role)
    sys.exit(interactive(found.at(database) if database else found, binaries.choose(data_major=None)))


@db.command()
@click.option("--superuser-url", required=True, help="postgresql://postgres:clave@servidor:5432/postgres")
@click.option("--database", default=DATABASE, show_default=True, help="Nombre de la base de datos de Caudal.")
@click.option(
    "--renew-passwords", is_flag=True, help="Claves nuevas también para los usuarios que ya existen."
)
@json_option
def prepare(*, superuser_url: str, database: str, renew_passwords: bool, as_json: bool) -> None:
    """Crea los usuarios y la base de datos de Caudal en un servidor de PostgreSQL suyo.

    Los usuarios que ya existen conservan su clave, y su dirección sale sin ella.
    """
    superuser = parse(superuser_url, variable="--superuser-url")
    words = external.prepare(superuser=superuser, database=database, renew_passwords=renew_passwords)
    emit(words, as_json=as_json, text=lambda w: "\n".join(f"{name}='{value}'" for name, value in w.items()))


@db.command()
@click.option("--quiet", is_flag=True, help="Sin lista de cambios.")
def migrate(*, quiet: bool) -> None:
    """Pone al día las tablas, con el usuario dueño de la base de datos."""
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.config.settings")
    server.ensure_running()
    django.setup()
    call_command("migrate", database="owner", interactive=False, verbosity=0 if quiet else 1)


COMMANDS = [db]
