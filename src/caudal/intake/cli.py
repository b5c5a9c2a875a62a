"""`caudal init`, `caudal intake` and `caudal demo`: from an empty disk, or an old system, to a utility."""

import os
from pathlib import Path
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option

FOLDER = click.argument("directory", metavar="CARPETA", type=click.Path(path_type=Path))
map_option = click.option(
    "--map",
    "map_path",
    type=click.Path(path_type=Path),
    help="Mapa de la exportación (el de Caudal, si se omite).",
)
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Carpeta para el libro de hallazgos (la misma, si se omite).",
)
by_option = click.option("--by", default="caudal", show_default=True, help="Usuario que lo hace.")

# a town that is made while somebody waits
ACCOUNTS_OF_A_MONTH, ACCOUNTS_OF_A_YEAR = 2_400, 600


@click.group()
def intake() -> None:
    """Traer el padrón, lecturas, adeudos y pagos de otro sistema."""


@intake.command("inspect")
@FOLDER
@click.option(
    "--write-map",
    type=click.Path(path_type=Path),
    help="Escribe un mapa para empezar, con lo que se reconoció.",
)
@json_option
def inspect_files(*, directory: Path, write_map: Path | None, as_json: bool) -> None:
    """Mira qué trae cada archivo: codificación, separador, columnas y qué parecen ser."""
    from caudal.intake import inspection, wording

    reports = inspection.inspect(directory=directory)
    if write_map:
        _write_new(write_map, inspection.draft_mapping(reports=reports))
        click.echo(f"Mapa escrito en {write_map}: revíselo antes de ensayar.", err=True)
    emit([each.as_dict() for each in reports], as_json=as_json, text=lambda _: wording.inspected(reports))


@intake.command("map")
@click.argument("path", metavar="ARCHIVO", type=click.Path(path_type=Path))
def write_map(*, path: Path) -> None:
    """Copia el mapa que viene con Caudal a ARCHIVO, para editarlo."""
    from caudal.intake import mapping

    _write_new(path, mapping.DEFAULT.read_text(encoding="utf-8"))
    click.echo(f"Mapa copiado a {path}. Edítelo y úselo con --map {path}.")


@intake.command("rehearse")
@FOLDER
@map_option
@out_option
@json_option
def rehearse_files(*, directory: Path, map_path: Path | None, out: Path | None, as_json: bool) -> None:
    """Prueba la carga sin guardar nada y escribe el libro de hallazgos."""
    from caudal.intake import wording

    rehearsal = _rehearse(directory, map_path)
    written = _write_findings(rehearsal, out or directory)
    emit(
        rehearsal.as_dict() | {"written": written},
        as_json=as_json,
        text=lambda _: f"{wording.rehearsed(rehearsal)}\n\nHallazgos en {' y '.join(written)}",
    )


@intake.command("load")
@FOLDER
@map_option
@out_option
@by_option
@json_option
def load_files(*, directory: Path, map_path: Path | None, out: Path | None, by: str, as_json: bool) -> None:
    """Carga lo aceptado, todo o nada. Una exportación corregida cambia solo lo que cambió."""
    from caudal.intake import commands, queries, wording

    rehearsal = _rehearse(directory, map_path)
    loaded = commands.load(
        rehearsal=rehearsal, by=by, at=clock.now(), tell=lambda phase: click.echo(f"· {phase}…", err=True)
    )
    found = queries.reconcile(rehearsal=rehearsal)
    written = _write_findings(rehearsal, out or directory, found)
    emit(
        loaded.as_dict() | {"reconciliation": found.as_dict(), "written": written},
        as_json=as_json,
        text=lambda _: "\n\n".join(
            [wording.loaded(loaded), wording.reconciled(found), f"Hallazgos en {' y '.join(written)}"]
        ),
    )


@intake.command("reconcile")
@FOLDER
@map_option
@out_option
@json_option
def reconcile_files(*, directory: Path, map_path: Path | None, out: Path | None, as_json: bool) -> None:
    """Compara lo cargado con los totales del sistema anterior, al centavo. Sale con 3 si no es exacto."""
    from caudal.intake import queries, wording

    rehearsal = _rehearse(directory, map_path)
    found = queries.reconcile(rehearsal=rehearsal)
    if out:
        _write_findings(rehearsal, out, found)
    emit(found.as_dict(), as_json=as_json, text=lambda _: wording.reconciled(found))
    if not found.is_exact:
        raise click.exceptions.Exit(3)


@click.command()
@click.option("--name", required=True, help="Nombre corto del organismo, como sale en el recibo.")
@click.option("--long-name", default="", help="Nombre completo.")
@click.option("--rfc", required=True, help="RFC del organismo.")
@click.option("--locality", required=True, help="Municipio; su cabecera es la primera localidad.")
@click.option("--address", default="", help="Domicilio de la oficina.")
@click.option("--phone", default="", help="Teléfono.")
@click.option("--whatsapp", default="", help="WhatsApp.")
@click.option("--logo", type=click.Path(path_type=Path), help="Escudo, en PNG o SVG de hasta 1 MB.")
@click.option("--public-url", default="", help="Dirección donde el público llega: a ella lleva el QR.")
@click.option(
    "--practice", "is_practice", is_flag=True, help="Es de práctica: el dinero no es real y así se dice."
)
@click.option("--clerk", "username", required=True, help="Usuario de la primera persona que entra.")
@click.option("--clerk-name", required=True, help="Su nombre completo.")
@click.password_option("--password", prompt="Contraseña", confirmation_prompt="Otra vez")
@json_option
def init(
    *,
    logo: Path | None,
    username: str,
    clerk_name: str,
    password: str,
    is_practice: bool,
    as_json: bool,
    **identity: str,
) -> None:
    """Empieza un organismo en una base de datos vacía."""
    from caudal.intake import starting

    starting.make_tables()
    made = starting.start_utility(
        identity=starting.Identity(is_practice=is_practice, **identity),
        clerk=starting.FirstClerk(username=username, full_name=clerk_name, password=password),
        at=clock.now(),
        logo=starting.read_logo(logo) if logo else None,
    )
    emit(made, as_json=as_json, text=_started)


def _started(made: dict[str, Any]) -> str:
    return (
        f"{made['name']} (RFC {made['rfc']}) está listo en {made['locality']}; entra {made['clerk']}.\n"
        "Siga con docs/howto/start-a-utility.md: libro de tarifas, padrón y primera facturación."
    )


@click.command()
@click.option(
    "--accounts", type=click.IntRange(12, 200_000), help="Cuántas cuentas (2,400 un mes; 600 el año)."
)
@click.option(
    "--year", type=click.Choice(["2019"]), help="Vive el año entero y termina en su informe impreso."
)
@click.option("--directory", type=click.Path(path_type=Path), help="Carpeta para los archivos y recibos.")
@click.option("--fresh", is_flag=True, help="Borra la demostración anterior y empieza de nuevo.")
@json_option
def demo(
    *, accounts: int | None, year: str | None, directory: Path | None, fresh: bool, as_json: bool
) -> None:
    """Un pueblo de ejemplo: del sistema anterior a los recibos de enero de 2019, o al informe de todo el año."""
    from django.conf import settings

    from caudal.intake import starting
    from caudal.intake.demo import play, stage, telling
    from caudal.intake.demo.year import almanac

    os.environ.setdefault("CAUDAL_NOW", almanac.NOW if year else stage.NOW)
    folder = directory or Path(settings.HOME) / "demo"
    if fresh:
        stage.wipe()
    starting.make_tables()
    if stage.was_cut_short() and stage.may_wipe():
        click.echo("· La demostración anterior quedó a medias: se empieza de nuevo…", err=True)
        stage.wipe()
        starting.make_tables()
    if stage.is_ready():
        people = telling.sign_ins()
        emit({"is_new": False, "sign_ins": people}, as_json=as_json, text=lambda _: _again(people))
        return
    begin, usual = (play.play_year, ACCOUNTS_OF_A_YEAR) if year else (play.play, ACCOUNTS_OF_A_MONTH)
    told, text = begin(
        directory=folder,
        n_accounts=accounts or usual,
        tell=lambda phase: click.echo(f"· {phase}…", err=True),
    )
    emit({"is_new": True} | told, as_json=as_json, text=lambda _: text)


def _again(people: list[dict[str, str]]) -> str:
    lines = [
        "La demostración ya está hecha; se usa como está (otra vez desde el principio: --fresh).",
        "Para entrar:",
    ]
    return "\n".join(
        [*lines, *(f"  {each['username']:<10} {each['password']}   {each['name']}" for each in people)]
    )


def _rehearse(directory: Path, map_path: Path | None) -> Any:
    from caudal.intake import mapping, queries

    return queries.rehearse(directory=directory, mapping=mapping.load(path=map_path or mapping.DEFAULT))


def _write_findings(rehearsal: Any, directory: Path, found: Any = None) -> list[str]:
    """Write the workbook and the CSV → their paths.

    :raises CannotWriteFile: if the folder cannot be written
    """
    from caudal.intake import workbook

    paths = [directory / "hallazgos.xlsx", directory / "hallazgos.csv"]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        workbook.write_workbook(path=paths[0], rehearsal=rehearsal, reconciliation=found)
        workbook.write_csv(path=paths[1], findings=rehearsal.findings)
    except (OSError, workbook.FileCreateError) as problem:
        raise workbook.CannotWriteFile(
            f"No se pudo escribir el libro de hallazgos en {directory}.",
            "Ciérrelo si está abierto, o indique otra carpeta con --out.",
        ) from problem
    return [str(path) for path in paths]


def _write_new(path: Path, text: str) -> None:
    """Write a file that must not be there yet.

    :raises CannotWriteFile: if it is, or the folder cannot be written
    """
    from caudal.intake import workbook

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise workbook.CannotWriteFile(
            "Ya existe ese archivo.", "Elija otro nombre.", file=str(path)
        ) from None
    except OSError as problem:
        raise workbook.CannotWriteFile(
            f"No se pudo escribir ({problem.strerror}).", "Elija otra carpeta.", file=str(path)
        ) from None


COMMANDS = [init, intake, demo]
