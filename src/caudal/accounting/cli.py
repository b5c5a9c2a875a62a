"""`caudal books`: days and months of the books, the journal, the light."""

import getpass
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos
from caudal.kernel.wording import month_name, short_date
from caudal.rules.bounds import OutOfBounds
from caudal.rules.periods import Period

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")


class Month(click.ParamType):  # type: ignore[type-arg]
    """A month such as `2019-01`."""

    name = "mes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """Read it; what is not a month is told with the argument's name."""
        digits = str(value).replace("-", "")
        try:
            return Period(int(digits))
        except (ValueError, OutOfBounds):
            self.fail(f"«{value}» no es un mes; escriba por ejemplo 2019-01.", param, ctx)


def _as_day(_: click.Context, __: click.Parameter, value: datetime | None) -> date:
    return value.date() if value else clock.today()


day_argument = click.argument(
    "on", metavar="[DÍA]", type=click.DateTime(["%Y-%m-%d"]), required=False, callback=_as_day
)
month_argument = click.argument("month", metavar="MES", type=Month())


@click.group()
def books() -> None:
    """Contabilidad: conciliación de cada día, cierre de cada mes, pólizas y semáforo."""


@books.command("day")
@day_argument
@json_option
def day_command(on: date, as_json: bool) -> None:
    """Concilia un DÍA (hoy, si no se dice) por tres lados: caja y banco, comprobantes, contabilidad."""
    from caudal.accounting import reconciling

    found = reconciling.day(on=on)
    emit(_told_day(found), as_json=as_json, text=_day_text)
    if found.all_findings:
        sys.exit(1)


@books.command("month")
@month_argument
@json_option
def month_command(month: Period, as_json: bool) -> None:
    """Muestra qué días del MES cuadran, sus cifras y qué falta para cerrarlo."""
    from caudal.accounting import closing

    found = closing.state_of(month=month, today=clock.today())
    told = {
        "month": int(month),
        "is_closed": found.close is not None,
        "seal": found.close.seal if found.close else "",
        "is_reviewed": found.is_reviewed,
        "days": {each.on.isoformat(): each.state for each in found.days if each.state},
        "entries": found.figures.n_entries,
        "accounts": [
            {
                "code": each.code,
                "name": each.name,
                "debit_cents": each.debit_cents,
                "credit_cents": each.credit_cents,
            }
            for each in found.figures.accounts
        ],
        "missing": [each.what for each in found.missing],
    }
    emit(told, as_json=as_json, text=_month_text)


@books.command()
@month_argument
@click.option("--note", default="", help="Nota de quien revisa.")
@by_option
@json_option
def review(month: Period, note: str, by: str, as_json: bool) -> None:
    """Da por buenas las cifras de un MES; lo cierra otra persona con «caudal books close»."""
    from caudal.accounting import commands

    done = commands.review_month(month=month, at=clock.now(), by=by, note=note)
    emit(
        {"month": int(month), "digest": done.digest, "by": by}, as_json=as_json,
        text=lambda told: f"{month_name(told['month']).capitalize()} revisado por {told['by']}: {told['digest']}",
    )  # fmt: skip


@books.command()
@month_argument
@by_option
@json_option
def close(month: Period, by: str, as_json: bool) -> None:
    """Cierra un MES para siempre, con las cifras que revisó otra persona."""
    from caudal.accounting import commands

    done = commands.close_month(month=month, at=clock.now(), by=by)
    emit(
        {"month": int(month), "entries": done.n_entries, "debit_cents": done.debit_cents, "seal": done.seal,
         "reviewed_by": done.reviewed_by, "closed_by": done.closed_by},
        as_json=as_json,
        text=lambda told: f"{month_name(told['month']).capitalize()} cerrado: {told['entries']} pólizas por "
        f"{pesos(told['debit_cents'])}. Sello {told['seal']}",
    )  # fmt: skip


@books.command()
@month_argument
@click.argument("target", metavar="ARCHIVO", type=click.Path(dir_okay=False, path_type=Path), required=False)
@json_option
def journal(month: Period, target: Path | None, as_json: bool) -> None:
    """Ingresos devengados y recaudados de un MES por concepto; con ARCHIVO (.xlsx o .csv), día por día."""
    from caudal.accounting import revenue
    from caudal.kernel import tables

    found = revenue.revenue(since=month.first_day, last=month.last_day)
    if target is not None:
        table: dict[str, Any] = {
            "title": f"Ingresos de {month_name(month)}", "columns": revenue.COLUMNS, "rows": found.table,
            "totals": found.totals, "filters": [("Mes", month_name(month))],
        }  # fmt: skip
        target.write_bytes((tables.as_csv if target.suffix.lower() == ".csv" else tables.as_xlsx)(**table))
    told = [
        {"classifier": line.classifier, "name": line.name, "accrued_cents": line.accrued_cents,
         "vat_cents": line.vat_cents, "collected_cents": line.collected_cents, "applied_cents": line.applied_cents}
        for line in (*found.by_concept, found.total)
    ]  # fmt: skip
    emit(told, as_json=as_json, text=_journal_text)


@books.command()
@json_option
def light(as_json: bool) -> None:
    """Semáforo: cada servicio con su recibo, cada peso con su comprobante y su depósito, cada folio con su papel."""
    from caudal.accounting import light as lights

    found = lights.light(today=clock.today())
    told = {
        "on": found.on,
        "state": found.state,
        "lamps": [
            {"question": each.question, "state": each.state, "said": each.said,
             "findings": [finding.what for finding in each.findings],
             "waiting": [waits.what for waits in each.waiting]}
            for each in found.lamps
        ],
    }  # fmt: skip
    emit(told, as_json=as_json, text=_light_text)
    if found.n_findings:
        sys.exit(1)


def _told_day(found: Any) -> dict[str, Any]:
    return {
        "on": found.on,
        "state": found.state,
        "controls": [
            {"title": each.title, "receipts": each.n_receipts, "receipts_cents": each.receipts_cents,
             "credits_cents": each.credits_cents, "journal_cents": each.journal_cents,
             "control_cents": each.control_cents}
            for each in found.controls
        ],
        "findings": [each.what for each in found.all_findings],
        "waiting": [each.what for each in found.waiting],
    }  # fmt: skip


def _day_text(told: dict[str, Any]) -> str:
    lines = [f"{short_date(told['on'])}"]
    for each in told["controls"]:
        control = pesos(each["control_cents"]) if each["control_cents"] is not None else "sin corte"
        lines.append(
            f"{each['title']:<30} comprobantes {pesos(each['receipts_cents']):>14}  abonos "
            f"{pesos(each['credits_cents']):>14}  contabilidad {pesos(each['journal_cents']):>14}  caja o banco {control:>14}"
        )
    lines += [f"✗ {each}" for each in told["findings"]] + [f"… {each}" for each in told["waiting"]]
    lines.append("No cuadra." if told["findings"] else "Cuadra." if told["controls"] else "Sin movimiento.")
    return "\n".join(lines)


def _month_text(told: dict[str, Any]) -> str:
    state = (
        f"cerrado, sello {told['seal']}"
        if told["is_closed"]
        else "revisado"
        if told["is_reviewed"]
        else "abierto"
    )
    lines = [f"{month_name(told['month']).capitalize()}: {state}. {told['entries']} pólizas."]
    lines += [
        f"  {each['code']:<10}{each['name']:<46}{pesos(each['debit_cents']):>18}{pesos(each['credit_cents']):>18}"
        for each in told["accounts"]
    ]
    lines += [f"Falta: {each}" for each in told["missing"]]
    if not told["is_closed"] and not told["missing"]:
        lines.append("No falta nada.")
    return "\n".join(lines)


def _journal_text(told: list[dict[str, Any]]) -> str:
    lines = [f"{'CRI':<6}{'Concepto':<44}{'Devengado':>18}{'Recaudado':>18}{'Aplicado':>16}"]
    lines += [
        f"{each['classifier'] or '—':<6}{each['name']:<44}{pesos(each['accrued_cents']):>18}"
        f"{pesos(each['collected_cents']):>18}{pesos(each['applied_cents']):>16}"
        for each in told
    ]
    return "\n".join(lines)


def _light_text(told: dict[str, Any]) -> str:
    marks = {"good": "✓", "watch": "…", "bad": "✗"}
    lines = []
    for lamp in told["lamps"]:
        lines.append(
            f"{marks[lamp['state']]} {lamp['question']}"
            + (f"  {lamp['said']}" if lamp["state"] == "good" else "")
        )
        lines += [f"    ✗ {each}" for each in lamp["findings"]] + [
            f"    … {each}" for each in lamp["waiting"]
        ]
    return "\n".join(lines)


COMMANDS = [books]
