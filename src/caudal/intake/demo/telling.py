"""What happened, told to whoever started the demonstration."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db.models import Sum

from caudal.access.models import Clerk
from caudal.billing import queries as bills
from caudal.billing.models import BillingRun, HeldBill, UnbilledAccount
from caudal.intake.demo.month import Lived
from caudal.intake.demo.stage import ADMINISTRATOR, CLERKS, PASSWORD, PIN, Staged
from caudal.intake.town.cast import cast
from caudal.intake.wording import tallies
from caudal.kernel.cli import pesos
from caudal.ledger.models import JournalEntry, JournalLine

WIDE = 78


def check() -> dict[str, Any]:
    """Run `caudal check` as a person would, and give its answer."""
    ran = subprocess.run(
        [sys.executable, "-m", "caudal", "check", "--json"], capture_output=True, text=True, check=False
    )
    try:
        results = json.loads(ran.stdout)
    except json.JSONDecodeError:
        return {"is_right": False, "asked": 0, "first": (ran.stderr or ran.stdout).strip()[-500:]}
    wrong = [each for each in results if each["findings"]]
    return {
        "is_right": not wrong,
        "asked": len(results),
        "first": f"{wrong[0]['question']} {wrong[0]['findings'][0]}" if wrong else "",
    }


def story(
    *, staged: Staged, lived: Lived, checked: dict[str, Any], samples: list[Path], files: list[Any]
) -> dict[str, Any]:
    """Everything the summary tells, for `--json`."""
    entries = JournalEntry.objects.count()
    debits = JournalLine.objects.filter(amount_cents__gt=0).aggregate(total=Sum("amount_cents"))["total"]
    credits = JournalLine.objects.filter(amount_cents__lt=0).aggregate(total=Sum("amount_cents"))["total"]
    return {
        "directory": str(staged.directory),
        "rehearsal": staged.rehearsal.as_dict(),
        "loaded": staged.loaded.as_dict(),
        "reconciliation_is_exact": staged.reconciliation.is_exact,
        "payments": lived.n_payments,
        "paid_cents": lived.paid_cents,
        "readings": {"rows": lived.readings.n_rows, "written": lived.readings.n_written},
        "relief": {
            "campaigns": lived.relieved.n_campaigns,
            "years_ahead": lived.relieved.n_ahead,
            "ahead_cents": lived.relieved.ahead_cents,
            "arrangements": [each.folio for each in lived.relieved.arrangements],
        },
        "run": bills.run_summary(run=lived.run),
        "journal": {"entries": entries, "debits_cents": debits or 0, "credits_cents": -(credits or 0)},
        "check": checked,
        "samples": [str(path) for path in samples],
        "print_files": [each.name for each in files],
        "sign_ins": sign_ins(),
    }


def sign_ins() -> list[dict[str, str]]:
    """Who may sign in to the demonstration."""
    people = [(ADMINISTRATOR.username, ADMINISTRATOR.full_name, Clerk.Role.ADMINISTRATOR), *CLERKS]
    return [
        {
            "username": user,
            "name": name,
            "role": str(Clerk.Role(role).label),
            "password": PASSWORD,
            "pin": PIN,
        }
        for user, name, role in people
    ]


def text(told: dict[str, Any], *, staged: Staged, lived: Lived) -> str:
    """The summary as a person reads it."""
    parts = [
        title("El pueblo que vino del sistema anterior"),
        *tallies(staged.rehearsal),
        f"  Hallazgos: {len(staged.rehearsal.findings):,} (en {staged.directory / 'hallazgos.xlsx'})",
        f"  Conciliación: {'lo cargado es lo aceptado, al centavo' if told['reconciliation_is_exact'] else 'NO CUADRA'}",
        title("Enero de 2019"),
        *_january(told, lived),
        title("Por concepto"),
        *_concepts(told["run"]),
        title("Recibos detenidos y cuentas sin recibo"),
        *_set_aside(lived.run),
        title("El elenco"),
        *_cast(lived.run),
        title("Comprobación"),
        *checked_lines(told),
        title("Papeles"),
        *_papers(told),
        title(f"Para entrar (de todos: contraseña {PASSWORD}, PIN {PIN})"),
        *(f"  {each['username']:<10} {each['name']:<28} {each['role']}" for each in told["sign_ins"]),
    ]
    return "\n".join(parts)


def title(words: str) -> str:
    """The heading of a part of the summary."""
    return f"\n── {words} " + "─" * max(3, WIDE - len(words))


def _january(told: dict[str, Any], lived: Lived) -> list[str]:
    run, assessed, relief = told["run"], lived.assessment, told["relief"]
    return [
        f"  Pagos en ventanilla:  {told['payments']:>8,}   {pesos(told['paid_cents']):>16}",
        f"  Años por adelantado:  {relief['years_ahead']:>8,}   {pesos(relief['ahead_cents']):>16}   con {relief['campaigns']} campañas publicadas",
        f"  Convenios firmados:   {len(relief['arrangements']):>8,}   {', '.join(relief['arrangements'])}",
        f"  Lecturas recibidas:   {lived.readings.n_written:>8,}   ({lived.readings.n_rows - lived.readings.n_written:,} renglones no se aceptaron)",
        f"  Consumos valorados:   {assessed.n_points:>8,}   {assessed.n_real:,} reales, {assessed.n_estimated:,} estimados, {assessed.n_averaged:,} promediados",
        f"  Recibos emitidos:     {run['bills']:>8,}   {run['consumption_m3']:>12,} m³   {pesos(run['total_cents']):>16}",
        f"  Vencen el {run['due_on']:%d/%m/%Y}. Sello de la emisión: {run['seal'][:16]}…",
    ]


def _concepts(run: dict[str, Any]) -> list[str]:
    lines = [f"  {'':<50} {'renglones':>9} {'importe':>16} {'IVA':>14}"]
    names = {each["concept"]: each["name"] for each in run["concepts"]}
    for each in run["concepts"]:
        name = f"{each['name']}, {names[each['reduces']].lower()}" if each["reduces"] else each["name"]
        lines.append(
            f"  {name:<50} {each['lines']:>9,} {pesos(each['amount_cents']):>16} {pesos(each['vat_cents']):>14}"
        )
    return lines


def _set_aside(run: BillingRun) -> list[str]:
    lines = []
    for reason, label in HeldBill.Reason.choices:
        held = HeldBill.objects.filter(run=run, reason=reason)
        if n := held.count():
            total = held.aggregate(total=Sum("total_cents"))["total"]
            lines.append(f"  Detenidos, {label:<40} {n:>6,} {pesos(total):>16}")
    for cause, label in UnbilledAccount.Cause.choices:
        if n := UnbilledAccount.objects.filter(run=run, cause=cause).count():
            lines.append(f"  Sin recibo, {label:<39} {n:>6,}")
    return lines or ["  Ninguno."]


def _cast(run: BillingRun) -> list[str]:
    held = dict(HeldBill.objects.filter(run=run).values_list("account__number", "reason"))
    unbilled = dict(UnbilledAccount.objects.filter(run=run).values_list("account__number", "cause"))
    lines = []
    for person in cast():
        told = "—"
        if person.number in held:
            told = f"detenido: {HeldBill.Reason(held[person.number]).label}"
        elif person.number in unbilled:
            told = f"sin recibo: {UnbilledAccount.Cause(unbilled[person.number]).label}"
        else:
            told = _bill_of(run, person.number) or told
        lines.append(f"  {person.number}  {person.name:<40} {told}")
    return lines


def _bill_of(run: BillingRun, number: str) -> str:
    try:
        bill = bills.bill_by_folio(
            folio=bills.bill_folio(period=int(run.period), account_number=number, revision=1)
        )
    except bills.UnknownBill:
        return ""
    volume = f"{bill.consumption_m3:>5,} m³" if bill.is_metered else "cuota fija"
    return f"{volume:>10}  {pesos(bill.total_cents):>12}  debía {pesos(bill.prior_balance_cents)}"


def checked_lines(told: dict[str, Any]) -> list[str]:
    """What the journal adds up to, and what `caudal check` answered."""
    journal, checked = told["journal"], told["check"]
    verdict = (
        f"{checked['asked']} preguntas, todo cuadra"
        if checked["is_right"]
        else f"NO CUADRA: {checked['first']}"
    )
    return [
        f"  Pólizas: {journal['entries']:,}; cargos {pesos(journal['debits_cents'])}, abonos {pesos(journal['credits_cents'])}",
        f"  caudal check: {verdict}",
    ]


def _papers(told: dict[str, Any]) -> list[str]:
    lines = [f"  {path}" for path in told["samples"]]
    folder = Path(told["directory"]) / "recibos"
    return [*lines, *(f"  {folder / name}" for name in told["print_files"])]
