"""`caudal init`, `caudal intake` and `caudal demo`: from an empty disk, or an old system, to a utility."""

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


COMMANDS = [intake]
