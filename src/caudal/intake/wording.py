"""What intake says on a terminal."""

from collections.abc import Iterable
from typing import Any

from caudal.intake.findings import KINDS, Severity, counts
from caudal.intake.inspection import Report
from caudal.intake.loading import Loaded
from caudal.intake.reconciliation import Reconciliation
from caudal.intake.rehearsal import Rehearsal
from caudal.intake.shapes import SHAPES
from caudal.kernel.cli import pesos

MARKS = {Severity.STOPS: "✗", Severity.BLOCKS: "■", Severity.WARNS: "·"}
SHOWN = 8
ROWS = {
    "accounts": "Cuentas", "credits": "Saldos a favor", "readings": "Lecturas", "debts": "Adeudos",
    "payments": "Pagos anteriores",
}  # fmt: skip


def inspected(reports: Iterable[Report]) -> str:
    """What each file seems to be, column by column."""
    parts = []
    for each in reports:
        what = SHAPES[each.table].title if each.table else "no se reconoce"
        separator = {"\t": "tabulador"}.get(each.separator, each.separator)
        parts.append(
            f"{each.file}: {what} · {each.rows:,} renglones · {each.encoding} · separador «{separator}» · {each.newline}"
        )
        for column in each.columns:
            examples = ", ".join(column.examples[:SHOWN])
            parts.append(
                f"   {column.name:<14} {column.field or '—':<14} {column.looks:<8} "
                f"{column.filled:>8,} con dato, {column.distinct:>7,} distintos: {examples[:70]}"
            )
        for finding in each.findings[:SHOWN]:
            parts.append(f"   {MARKS[finding.severity]} {finding}")
    return "\n".join(parts)


def rehearsed(rehearsal: Rehearsal) -> str:
    """Counts of what would be loaded and what was found, with an example of each."""
    lines = [f"Ensayo de {rehearsal.directory} al {rehearsal.mapping.as_of:%d/%m/%Y}. No se guardó nada.", ""]
    lines += tallies(rehearsal)
    lines += ["", f"Hallazgos: {len(rehearsal.findings):,}"]
    for code, n in counts(rehearsal.findings).items():
        kind = KINDS[code]
        lines.append(f"  {MARKS[kind.severity]} {n:>6,}  {kind.title} ({kind.severity})")
        lines.append(f"           {rehearsal.of(code)[0]}")
    if rehearsal.stops:
        lines += ["", "No se puede cargar mientras haya hallazgos que detienen (✗)."]
    return "\n".join(lines)


def tallies(rehearsal: Rehearsal) -> list[str]:
    """Rows and amounts: in the files = accepted + set apart."""
    lines = [
        f"  {'':<10} {'renglones':>10} {'aceptados':>10} {'apartados':>10} {'importe':>18} {'aceptado':>18} {'apartado':>16}"
    ]
    for name, tally in rehearsal.tallies.items():
        amounts = (tally.cents, tally.accepted_cents, tally.apart_cents)
        shown = "".join(f" {pesos(each):>{width}}" for each, width in zip(amounts, (18, 18, 16), strict=True))
        title = {"accounts": "Padrón", "readings": "Lecturas", "debts": "Adeudos", "payments": "Pagos"}[name]
        lines.append(
            f"  {title:<10} {tally.rows:>10,} {tally.accepted_rows:>10,} {len(tally.apart):>10,}"
            + (shown if tally.cents else "")
        )
    return lines


def loaded(result: Loaded) -> str:
    """What a load changed."""
    lines = [f"Cargado (conjunto {result.intake_set.pk}):"]
    lines.append(f"  {'':<18} {'nuevos':>9} {'cambiados':>10} {'iguales':>9} {'ya no vienen':>13}")
    for name, counted in result.counts.items():
        lines.append(
            f"  {ROWS[name]:<18} {counted['new']:>9,} {counted['changed']:>10,} {counted['unchanged']:>9,} {counted['removed']:>13,}"
        )
    lines.append(f"  Asentado en el libro: {result.posted.n_charges:,} cargos por {pesos(result.posted.charged_cents)}; "
                 f"{result.posted.n_credits:,} saldos a favor por {pesos(result.posted.credited_cents)}.")  # fmt: skip
    lines += [f"  Cambió: {each}" for each in result.done[:SHOWN]]
    if len(result.done) > SHOWN:
        lines.append(f"  … y {len(result.done) - SHOWN} cambios más.")
    lines += [f"  Falta a mano: {each}" for each in result.by_hand]
    return "\n".join(lines)


def reconciled(found: Reconciliation) -> str:
    """The comparison with the old system, by concept, class and account."""
    lines = ["Conciliación con el sistema anterior"]
    lines.append(
        f"  {'':<26} {'archivos':>17} {'apartado':>15} {'aceptado':>17} {'en Caudal':>17} {'diferencia':>13}"
    )
    for each in found.concepts:
        amounts = (
            each.file_cents,
            each.apart_cents,
            each.accepted_cents,
            each.loaded_cents,
            each.difference_cents,
        )
        lines.append(f"  {each.name:<26}" + _amounts(amounts))
    totals = [sum(column) for column in zip(*(_cents(each) for each in found.concepts), strict=True)] or [
        0
    ] * 5
    lines.append(f"  {'Total':<26}" + _amounts(totals))
    counted = ", ".join(f"{each.code} {each.n_loaded:,}" for each in found.classes if each.n_loaded)
    lines += ["", f"  Cuentas por tarifa: {counted}"]
    lines.append(
        f"  Cuentas cuyo saldo es su detalle y lo cargado: {found.agreeing_accounts:,}; no cuadran: {len(found.accounts):,}"
    )
    lines += [
        f"    {each.number}: saldo {pesos(each.balance_cents)}, detalle {pesos(each.detail_cents)}, "
        f"en Caudal {pesos(each.loaded_cents)}: {each.cause}"
        for each in found.accounts[:SHOWN]
    ]
    verdict = (
        "Lo cargado es exactamente lo aceptado."
        if found.is_exact
        else "Lo cargado NO es lo aceptado: vuelva a cargar."
    )
    return "\n".join([*lines, "", f"  {verdict}"])


def _cents(each: Any) -> tuple[int, ...]:
    return (each.file_cents, each.apart_cents, each.accepted_cents, each.loaded_cents, each.difference_cents)


def _amounts(amounts: Iterable[int]) -> str:
    return "".join(
        f" {pesos(each):>{width}}" for each, width in zip(amounts, (17, 15, 17, 17, 13), strict=True)
    )
