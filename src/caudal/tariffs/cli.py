"""`caudal tariff`: books from file to force, what they say, what a case costs, what a change would do."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option
from caudal.kernel.refusals import Refusal
from caudal.tariffs import casefiles, commands, listings, queries
from caudal.tariffs.models import TariffBook
from caudal.tariffs.quoting import Case, Quote

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
by_option = click.option(
    "--by", default="consola", show_default=True, help="Quién lo hace; queda en la bitácora."
)


@click.group()
def tariff() -> None:
    """Libros de tarifas: cargar, validar, publicar, comparar y cotizar."""


def _read(source: str) -> tuple[bytes, str]:
    """A file, or the code of a demonstration book."""
    if source in queries.shipped_codes():
        return queries.shipped_text(code=source), f"{source}.toml"
    path = Path(source)
    if not path.is_file():
        raise click.ClickException(f"No existe el archivo «{source}», ni hay un libro DEMO con esa clave.")
    return path.read_bytes(), path.name


def _book(code: str | None) -> TariffBook:
    return queries.book_by_code(code=code) if code else queries.book_in_force(on=clock.today())


@tariff.command()
@click.argument("source", metavar="ARCHIVO")
@by_option
@json_option
def load(source: str, by: str, as_json: bool) -> None:
    """Carga un libro como borrador: un archivo TOML, o la clave de un libro DEMO."""
    body, file = _read(source)
    book = commands.load_book(body=body, by=by, at=clock.now(), file=file)
    emit(
        listings.book_row(book),
        as_json=as_json,
        text=lambda _: f"Cargado {book.code}. Revíselo y publíquelo.",
    )


@tariff.command()
@click.argument("source", metavar="ARCHIVO")
@json_option
@click.pass_context
def validate(ctx: click.Context, source: str, as_json: bool) -> None:
    """Revisa un libro sin cargarlo y dice todo lo que hay que corregir, con su línea."""
    body, file = _read(source)
    found = queries.findings_of(body=body)
    emit([each.as_dict() for each in found], as_json=as_json, text=lambda _: listings.findings(file, found))
    ctx.exit(2 if found else 0)


@tariff.command()
@click.argument("code", metavar="CLAVE")
@by_option
@json_option
def publish(code: str, by: str, as_json: bool) -> None:
    """Pone un libro en vigor; desde entonces no cambia."""
    book = commands.publish_book(book=queries.book_by_code(code=code), by=by, at=clock.now())
    lacking = queries.unknown_localities(book=book)
    emit(
        listings.book_row(book) | {"unknown_localities": lacking},
        as_json=as_json,
        text=lambda _: listings.published(book, lacking),
    )


@tariff.command("list")
@json_option
def list_books(as_json: bool) -> None:
    """Enlista los libros, del más nuevo al más viejo."""
    rows = [listings.book_row(book) for book in queries.books()]
    emit(rows, as_json=as_json, text=listings.book_list)


@tariff.command()
@click.argument("code", metavar="[CLAVE]", required=False)
@json_option
def show(code: str | None, as_json: bool) -> None:
    """Muestra un libro (o el vigente) en tablas."""
    book = _book(code)
    emit(book.document, as_json=as_json, text=lambda _: listings.book_page(book))


@tariff.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@json_option
def diff(first: str, second: str, as_json: bool) -> None:
    """Dice, parámetro por parámetro, qué cambia del libro A al B."""
    found = queries.differences(first=_book(first), second=_book(second))
    emit([each.as_dict() for each in found], as_json=as_json, text=lambda _: listings.differences(found))


@tariff.command()
@click.argument("code", metavar="CLAVE")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Archivo de salida.")
def export(code: str, out: Path | None) -> None:
    """Escribe un libro como TOML, listo para editarse."""
    text = queries.as_text(book=queries.book_by_code(code=code))
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        click.echo(f"Escrito {out}.")


@tariff.command()
@click.option("--book", "code", help="Clave del libro; sin ella, el vigente.")
@click.option("--class", "tariff_class", help="Clase, como HAB-GEN.")
@click.option("--m3", "volume", type=int, default=0, help="Consumo.")
@click.option("--metered/--flat", "is_metered", default=True, help="Servicio medido o cuota fija.")
@click.option("--benefit", "benefits", multiple=True, help="pensioner, disabled, widowed, senior.")
@click.option("--locality", help="Localidad.")
@click.option("--diameter", "diameter_mm", type=int, default=13, show_default=True, help="Diámetro en mm.")
@click.option("--month", type=click.IntRange(1, 12), help="Mes (precios de temporada).")
@click.option("--months", type=click.IntRange(1, 12), default=1, show_default=True, help="Meses del recibo.")
@click.option("--area", "lot_area_m2", type=int, default=0, help="Superficie del predio en m².")
@click.option("--no-sewerage", is_flag=True, help="Sin descarga al drenaje.")
@click.option("--interrupted", "is_interrupted", is_flag=True, help="Servicio cortado o en baja temporal.")
@click.option("--paid-ahead", type=click.DateTime(["%Y-%m-%d"]), help="Día en que se paga por adelantado.")
@click.option("--csv", "cases_file", type=_FILE, help="Archivo CSV de casos.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Con --csv: archivo CSV de salida."
)
@json_option
@click.pass_context
def quote(
    ctx: click.Context,
    /,
    code: str | None,
    cases_file: Path | None,
    out: Path | None,
    as_json: bool,
    **facts: Any,
) -> None:
    """Cotiza un caso, o los de un CSV: todos los renglones del recibo con su desarrollo."""
    book = _book(code)
    if cases_file is not None:
        _quote_file(ctx, book, cases_file, out, as_json=as_json)
        return
    if not facts["tariff_class"]:
        raise click.UsageError("Diga la clase con --class, o los casos con --csv.")
    paid_ahead = facts.pop("paid_ahead")
    case = Case(
        has_sewerage=not facts.pop("no_sewerage"),
        month=facts.pop("month") or clock.today().month,
        paid_ahead_on=paid_ahead.date() if paid_ahead else None,
        **facts,
    )
    answer = queries.quote(book=book, case=case)
    emit(answer.as_dict(), as_json=as_json, text=lambda _: listings.quote(book, answer))


def _quote_file(ctx: click.Context, book: TariffBook, path: Path, out: Path | None, *, as_json: bool) -> None:
    cases = casefiles.read(body=path.read_bytes(), file=path.name)
    good = [case for _, case in cases if isinstance(case, Case)]
    answers = casefiles.in_order(cases, queries.quotes(book=book, cases=good))
    failed = sum(isinstance(answer, Refusal) for _, answer in answers)
    if as_json:
        rows = [
            {"row": row} | (answer.as_dict() if isinstance(answer, Quote) else {"error": answer.as_dict()})
            for row, answer in answers
        ]
        emit(rows, as_json=True, text=str)
    elif out is None:
        click.echo(casefiles.write(answers), nl=False)
    else:
        out.write_text(casefiles.write(answers), encoding="utf-8-sig")
        click.echo(f"Escrito {out}: {len(answers) - failed} casos, {failed} con error.")
    ctx.exit(2 if failed else 0)


@tariff.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Padrón de ese día; sin ella, hoy.")
@json_option
def compare(first: str, second: str, on: Any, as_json: bool) -> None:
    """Calcula el padrón entero con dos libros: ingreso por clase, quién paga menos y quién más."""
    day: date = on.date() if on else clock.today()
    found = queries.compare(first=_book(first), second=_book(second), on=day)
    emit(found.as_dict(), as_json=as_json, text=lambda _: listings.comparison(found))


COMMANDS = [tariff]
