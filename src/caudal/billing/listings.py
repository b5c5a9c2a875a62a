"""Runs, held bills and print files as rows for `--json` and as Spanish text for a terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from caudal.billing.models import BillingRun, HeldBill, UnbilledAccount
from caudal.documents.print_files import PrintFile
from caudal.fieldwork.models import Round
from caudal.kernel.cli import pesos


def run_row(run: BillingRun) -> dict[str, Any]:
    """One run in a list."""
    return {
        "run": run.pk,
        "period": int(run.period),
        "cycle": run.cycle.code,
        "state": run.state,
        "state_text": run.get_state_display(),
        "book": run.book.code,
        "accounts": run.n_accounts,
        "bills": run.summary.get("bills", 0),
        "held": run.summary.get("held_bills", 0),
        "total_cents": run.summary.get("total_cents", 0),
    }


def runs(rows: Sequence[dict[str, Any]]) -> str:
    """The list of runs as a table."""
    lines = [
        f"{row['run']:>5}  {row['period']}  {row['cycle']:<10} {row['state_text']:<11} {row['bills']:>9,} recibos"
        f"  {row['held']:>6,} detenidos  {pesos(row['total_cents']):>18}"
        for row in rows
    ]
    return "\n".join(lines) or "No hay facturaciones."


def held_row(held: HeldBill) -> dict[str, Any]:
    """One held bill."""
    return {
        "account": held.account.number,
        "reason": held.reason,
        "reason_text": HeldBill.Reason(held.reason).label,
        "consumption_m3": held.consumption_m3,
        "mean_m3": held.mean_m3,
        "total_cents": held.total_cents,
        "decision": held.decision,
        "decided_by": held.decided_by,
        "issued_at": held.issued_at,
    }


def held(rows: Sequence[dict[str, Any]]) -> str:
    """Held bills as a table."""
    lines = [
        f"{row['account']:<12} {row['reason_text']:<36} {row['consumption_m3']:>7,} m³"
        f"  promedio {row['mean_m3'] if row['mean_m3'] >= 0 else '—':>6}  {pesos(row['total_cents']):>14}  {_decision(row)}"
        for row in rows
    ]
    return "\n".join(lines) or "No hay recibos detenidos."


def _decision(row: dict[str, Any]) -> str:
    if not row["decision"]:
        return "por decidir"
    return f"{HeldBill.Decision(row['decision']).label} por {row['decided_by']}"


def summary(facts: dict[str, Any]) -> str:
    """What a run adds up to, for a terminal."""
    head = (
        f"Facturación {facts['run']}: {facts['period']}, ciclo {facts['cycle']}, {facts['state_text']}\n"
        f"Libro {facts['book']} · emite {facts['issued_on']:%d/%m/%Y} · vence {facts['due_on']:%d/%m/%Y}"
    )
    if "bills" not in facts:
        return head
    lines = [
        head,
        f"{facts['bills']:,} recibos, {facts['consumption_m3']:,} m³, {pesos(facts['total_cents'])}",
    ]
    lines += [
        f"  {_concept(row):<52} {row['lines']:>9,}  {pesos(row['amount_cents']):>18}  IVA {pesos(row['vat_cents']):>16}"
        for row in facts["concepts"]
    ]
    lines += [
        f"  Detenidos, {HeldBill.Reason(reason).label}: {each['bills']:,} ({pesos(each['total_cents'])})"
        for reason, each in facts["held"].items()
    ]
    lines += [
        f"  Sin recibo, {UnbilledAccount.Cause(cause).label}: {n:,}" for cause, n in facts["unbilled"].items()
    ]
    if facts["previous_total_cents"]:
        lines.append(
            f"Periodo anterior {pesos(facts['previous_total_cents'])}: cambia {pesos(facts['change_cents'])}"
        )
    if facts["seal"]:
        lines.append(f"Sello {facts['seal']}")
    return "\n".join(lines)


def _concept(row: dict[str, Any]) -> str:
    return f"{row['name']} ({row['reduces']})" if row["reduces"] else str(row["name"])


def print_rows(directory: Path, files: Sequence[PrintFile]) -> dict[str, Any]:
    """The print files of a run."""
    return {
        "directory": str(directory),
        "files": [
            {"name": file.name, "pages": file.pages, "total_cents": file.total_cents, "kept": file.was_kept}
            for file in files
        ],
    }


def printed(facts: dict[str, Any]) -> str:
    """The print files, for a terminal."""
    pages = sum(file["pages"] for file in facts["files"])
    return f"{len(facts['files'])} archivos, {pages:,} recibos, en {facts['directory']}"


def round_rows(rounds: Sequence[Round]) -> list[dict[str, Any]]:
    """Rounds that take bills to their doors."""
    return [
        {
            "round": each.folio,
            "name": each.name,
            "carrier": each.assigned_to.username,
            "stops": each.stops.count(),
        }
        for each in rounds
    ]


def planned(rows: Sequence[dict[str, Any]]) -> str:
    """The rounds of a delivery, for a terminal."""
    return "\n".join(
        f"{row['round']}  {row['name']:<34} {row['carrier']:<12} {row['stops']:>5,} recibos" for row in rows
    )
