"""What happened in the year, told to whoever started the demonstration; and its report, printed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from django.db.models import Sum

from caudal.intake.demo import telling
from caudal.intake.demo.stage import PASSWORD, PIN
from caudal.intake.demo.year.almanac import YEAR
from caudal.intake.demo.year.state import Tally, Year
from caudal.intake.wording import tallies
from caudal.kernel.cli import pesos
from caudal.kernel.wording import month_name
from caudal.ledger.models import JournalEntry, JournalLine

FORMATS: Final = "pdf,docx,md"


def month_text(tally: Tally, /) -> str:
    """One line for a month, with what only it had."""
    more = [
        f"{count:,} {words}"
        for count, words in (
            (tally.n_ahead, "años por adelantado"), (tally.n_benefits, "beneficios"), (tally.n_signed, "convenios"),
            (tally.n_served, "notificaciones"), (tally.n_cut, "cortes"), (tally.n_reconnected, "reconexiones"),
            (tally.n_answered, "reportes"),
        )
        if count
    ]  # fmt: skip
    return (
        f"{month_name(tally.period)}: {tally.n_bills:,} recibos, {tally.n_window:,} pagos en ventanilla y "
        f"{tally.n_bank:,} en banco por {pesos(tally.paid_cents)}; {', '.join(more)}"
    )


def print_report(*, directory: Path) -> list[str]:
    """The report of the year, written by `caudal report year` as a person would → its files."""
    ran = subprocess.run(
        [sys.executable, "-m", "caudal", "report", "year", str(YEAR), "--out", str(directory), "--format", FORMATS,
         "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        files: list[str] = json.loads(ran.stdout)["files"]
    except (json.JSONDecodeError, KeyError):
        return [(ran.stderr or ran.stdout).strip()[-300:]]
    return files


def story(*, year: Year, checked: dict[str, Any], report: list[str]) -> dict[str, Any]:
    """Everything the summary tells, for `--json`."""
    debits = JournalLine.objects.filter(amount_cents__gt=0).aggregate(total=Sum("amount_cents"))["total"]
    credits = JournalLine.objects.filter(amount_cents__lt=0).aggregate(total=Sum("amount_cents"))["total"]
    return {
        "directory": str(year.directory),
        "rehearsal": year.staged.rehearsal.as_dict(),
        "loaded": year.staged.loaded.as_dict(),
        "reconciliation_is_exact": year.staged.reconciliation.is_exact,
        "months": [each.as_dict() for each in year.tallies],
        "journal": {
            "entries": JournalEntry.objects.count(),
            "debits_cents": debits or 0,
            "credits_cents": -(credits or 0),
        },
        "check": checked,
        "report": report,
        "sign_ins": telling.sign_ins(),
    }


def text(told: dict[str, Any], *, year: Year) -> str:
    """The summary as a person reads it."""
    exact = "lo cargado es lo aceptado, al centavo" if told["reconciliation_is_exact"] else "NO CUADRA"
    return "\n".join(
        [
            telling.title("El pueblo que vino del sistema anterior"),
            *tallies(year.staged.rehearsal),
            f"  Hallazgos: {len(year.staged.rehearsal.findings):,} (en {year.directory / 'hallazgos.xlsx'})",
            f"  Conciliación: {exact}",
            telling.title(f"El año {YEAR}"),
            *(f"  {month_text(each)}" for each in year.tallies),
            telling.title("Comprobación"),
            *telling.checked_lines(told),
            telling.title(f"El informe de {YEAR}"),
            *(f"  {path}" for path in told["report"]),
            telling.title(f"Para entrar (de todos: contraseña {PASSWORD}, PIN {PIN})"),
            *(f"  {each['username']:<10} {each['name']:<28} {each['role']}" for each in told["sign_ins"]),
        ]
    )
