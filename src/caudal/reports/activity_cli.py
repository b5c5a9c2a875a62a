"""`caudal report`: the report of activities of a month or a year, its papers, its editions."""

import getpass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option
from caudal.kernel.refusals import Refusal

if TYPE_CHECKING:
    from caudal.reports.activities.report import ActivityReport
    from caudal.reports.models import ReportEdition

FORMS: Final = ("pdf", "docx", "md", "html")
_DAY: Final = timedelta(days=1)


class CannotReadDays(Refusal):
    """The month or the year is not written as one."""


_out = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Carpeta donde se escriben los archivos."
)
_formats = click.option(
    "--format",
    "formats",
    default="pdf",
    show_default=True,
    help="Cuáles, separados por comas: pdf,docx,md,html.",
)


@click.command()
@click.argument("month", metavar="AAAA-MM")
@_out
@_formats
@json_option
def month(month: str, out: Path | None, formats: str, as_json: bool) -> None:
    """El informe de un mes; con --out, sus archivos."""
    _tell(_month(month), out, formats, as_json)


@click.command()
@click.argument("year", metavar="AAAA")
@_out
@_formats
@json_option
def year(year: str, out: Path | None, formats: str, as_json: bool) -> None:
    """El informe de un año; con --out, sus archivos."""
    _tell(_year(year), out, formats, as_json)


@click.command("range")
@click.argument("first", metavar="DESDE", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("last", metavar="HASTA", type=click.DateTime(["%Y-%m-%d"]))
@_out
@_formats
@json_option
def of_range(first: Any, last: Any, out: Path | None, formats: str, as_json: bool) -> None:
    """El informe DESDE un día HASTA otro, los dos dentro; con --out, sus archivos."""
    _tell((first.date(), last.date() + _DAY), out, formats, as_json)


@click.command()
@click.argument("days", metavar="AAAA-MM|AAAA")
@click.option("--note", default="", help="Nota que sale al principio.")
@click.option("--reason", default="", help="Si corrige otra edición: qué se corrigió y por qué.")
@click.option("--pin", prompt="Su PIN", hide_input=True, help="Si no se da, se pregunta.")
@click.option("--by", default=getpass.getuser, help="Quién la publica.")
@json_option
def publish(days: str, note: str, reason: str, pin: str, by: str, as_json: bool) -> None:
    """Publica el informe de un mes o de un año: lo congela, lo sella con el anterior y lo firma."""
    from caudal.reports import commands, queries

    since, until = _month(days) if "-" in days else _year(days)
    replaced = queries.standing(since=since, until=until)
    correction = commands.Correction(replaced, reason) if replaced and reason.strip() else None
    edition = commands.publish_report(
        since=since, until=until, note=note, pin=pin, today=clock.today(), at=clock.now(), by=by,
        correction=correction,
    )  # fmt: skip
    emit(
        _edition(edition),
        as_json=as_json,
        text=lambda it: f"Edición {it['edition']} publicada. Sello {it['sha256']}.",
    )


@click.command()
@json_option
def editions(as_json: bool) -> None:
    """Lista las ediciones publicadas."""
    from caudal.reports import queries

    rows = [_edition(each) for each in queries.editions()]
    emit(rows, as_json=as_json, text=lambda rows: "\n".join(map(_line, rows)) or "Ninguna.")


@click.command()
@click.argument("number", type=int, required=False, metavar="[EDICIÓN]")
@json_option
@click.pass_context
def verify(context: click.Context, number: int | None, as_json: bool) -> None:
    """Vuelve a derivar el sello de una EDICIÓN, o de todas, y comprueba su firma (sale con 1 si algo no es)."""
    from caudal.reports import queries

    found = [queries.edition_by_number(number=number)] if number else list(queries.editions())
    rows = [
        _edition(each)
        | {"findings": list(queries.verify(edition=each).findings), "public_key": each.public_key}
        for each in found
    ]
    emit(rows, as_json=as_json, text=lambda rows: "\n".join(map(_verdict, rows)) or "Ninguna.")
    if any(each["findings"] for each in rows):
        context.exit(1)


@click.command()
@click.argument("number", type=int, metavar="EDICIÓN")
@_out
def papers(number: int, out: Path | None) -> None:
    """Escribe los archivos de una EDICIÓN, tal como se publicaron."""
    from caudal.reports import papers as names
    from caudal.reports import queries

    edition = queries.edition_by_number(number=number)
    folder = out or Path()
    folder.mkdir(parents=True, exist_ok=True)
    for paper in edition.papers.order_by("form"):
        name = names.file_name(report=queries.report_of(edition=edition), form=paper.form, edition=number)
        (folder / name).write_bytes(bytes(paper.body))
        click.echo(str(folder / name))


def _tell(days: tuple[date, date], out: Path | None, formats: str, as_json: bool) -> None:
    from caudal.reports import queries

    forms = [each.strip() for each in formats.split(",") if each.strip()]
    if wrong := [each for each in forms if each not in FORMS]:
        raise click.BadParameter(f"no hay formato {wrong[0]}; los que hay: {', '.join(FORMS)}.")
    today = clock.today()
    found = queries.whole_report(since=days[0], until=days[1], today=today)
    if out is None:
        emit(found.as_json(), as_json=as_json, text=lambda _: _text(found, today))
        return
    out.mkdir(parents=True, exist_ok=True)
    written = [_write(found, form, out, today) for form in forms]
    emit({"files": written}, as_json=as_json, text=lambda it: "\n".join(it["files"]))


def _write(found: "ActivityReport", form: str, out: Path, today: date) -> str:
    from django.template.loader import render_to_string

    from caudal.reports import papers as names
    from caudal.reports.activities.summary import summary

    path = out / names.file_name(report=found, form=form)
    if form == "html":
        page = {
            "report": found,
            "summary": summary(report=found),
            "sheet": names.sheet_of(report=found, on=today),
        }
        path.write_text(render_to_string("reports/activity_report_alone.html", page), encoding="utf-8")
    else:
        path.write_bytes(names.of_report(report=found, form=form, on=today))
    return str(path)


def _text(found: "ActivityReport", today: date) -> str:
    from caudal.documents.activity_report_markdown import activity_report_markdown
    from caudal.reports import papers as names

    return activity_report_markdown(sheet=names.sheet_of(report=found, on=today))


def _month(text: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise CannotReadDays("No se entiende el mes.", "Escríbalo como 2019-07.", value=text) from None
    return first, (first + timedelta(days=31)).replace(day=1)


def _year(text: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(f"{text}-01-01")
    except ValueError:
        raise CannotReadDays("No se entiende el año.", "Escríbalo como 2019.", value=text) from None
    return first, first.replace(year=first.year + 1)


def _edition(edition: "ReportEdition") -> dict[str, Any]:
    return {
        "edition": edition.number, "since": edition.since, "last": edition.until - _DAY,
        "published_at": edition.published_at, "by": edition.published_by, "sha256": edition.sha256,
        "replaces": edition.replaces.number if edition.replaces else None,
    }  # fmt: skip


def _line(row: dict[str, Any]) -> str:
    corrects = f", corrige la {row['replaces']}" if row["replaces"] else ""
    return f"{row['edition']:>4}  {row['since']} a {row['last']}  {row['by']}{corrects}  {row['sha256'][:16]}"


def _verdict(row: dict[str, Any]) -> str:
    return f"{'✗' if row['findings'] else '✓'} {_line(row)}" + "".join(
        f"\n    {each}" for each in row["findings"]
    )


COMMANDS: Final = (month, year, of_range, publish, editions, verify, papers)
