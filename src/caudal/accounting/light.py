"""The light: every service has its bill or a reason, every peso its receipt and its deposit, every folio its paper.

Green, or the list. It asks the last days and the last runs; `caudal check` asks everything there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from caudal.access import policy as acts
from caudal.accounting import reconciling
from caudal.accounting.loading import light as loading
from caudal.accounting.reconciling import Finding, Link
from caudal.cashier import checks as cashier_checks
from caudal.cashier.models.receipts import folio_text
from caudal.kernel import checks as kernel_checks
from caudal.kernel.wording import month_name, pesos, short_date, thousands
from caudal.ledger import checks as ledger_checks
from caudal.ledger import queries as ledger
from caudal.rules.periods import Period

RUNS_BACK: Final = 12
MOST_DAYS: Final = 62
WORDS: Final = {
    "good": ("circle-check", "en verde"),
    "watch": ("clock", "espera"),
    "bad": ("alert-triangle", "no cuadra"),
}


@dataclass(frozen=True, slots=True)
class Lamp:
    """One question: what is wrong (`findings`), what only waits, and what it says when all is well."""

    code: str
    question: str
    said: str
    findings: list[Finding] = field(default_factory=list)
    waiting: list[Finding] = field(default_factory=list)

    @property
    def state(self) -> str:
        if self.findings:
            return "bad"
        return "watch" if self.waiting else "good"

    @property
    def icon(self) -> str:
        return WORDS[self.state][0]

    @property
    def words(self) -> str:
        return WORDS[self.state][1]


@dataclass(frozen=True, slots=True)
class Light:
    """All lamps together: the worst of them."""

    on: date
    lamps: list[Lamp]

    @property
    def state(self) -> str:
        states = {each.state for each in self.lamps}
        return next(each for each in ("bad", "watch", "good") if each in states or each == "good")

    @property
    def n_findings(self) -> int:
        return sum(len(each.findings) for each in self.lamps)


def light(*, today: date) -> Light:
    """Ask everything that can be asked in a moment."""
    closed = ledger.closed_through()
    first = max(closed.next().first_day if closed else date.min, today - timedelta(days=MOST_DAYS))
    since = min(first, today.replace(day=1))
    days = reconciling.days(since=since, until=today + timedelta(days=1))
    return Light(
        today,
        [_services(today), _bills(today), _money(days, today), _deposits(days, today), _folios(), _chain(since, today),
         _books()],
    )  # fmt: skip


def _services(today: date) -> Lamp:
    found = loading.services(on=today)
    findings = [
        Finding(f"La cuenta {number} no tiene {what}.", (_account(number),))
        for what, numbers in (
            ("tarifa, ruta o ciclo: no se le puede facturar", found.lacking),
            ("titular", found.without_holder),
        )
        for number in numbers or []
    ]
    return Lamp(
        "services", "¿Cada servicio activo tiene tarifa, ruta y titular?",
        f"{thousands(found.n)} servicios activos.", findings,
    )  # fmt: skip


def _bills(today: date) -> Lamp:
    findings = []
    runs = loading.runs(since=int(Period.of(today).shift(-RUNS_BACK)))
    for run in runs:
        if (run.n_said, run.n_words) != (run.n_accounts, run.n_accounts):
            findings.append(
                Finding(
                    f"La facturación de {month_name(run.period)} calculó {thousands(run.n_accounts)} servicios y dice "
                    f"algo de {thousands(run.n_said)}, {thousands(run.n_words)} veces.",
                    (_run(run.id, run.period),),
                )
            )
    findings += [
        Finding(
            f"La cuenta {number} no tiene recibo de {month_name(period)} ni un motivo.",
            (_account(number), _run(run_id, period)),
        )
        for run_id, period, number in loading.silent()
    ]
    n = sum(run.n_words for run in runs)
    return Lamp(
        "bills", "¿Cada servicio tiene un recibo de cada mes emitido, o un motivo con nombre?",
        f"{len(runs)} facturaciones, {thousands(n)} recibos, detenidos y motivos." if runs else "Todavía no se emite nada.",
        findings,
    )  # fmt: skip


def _money(days: Sequence[reconciling.Day], today: date) -> Lamp:
    findings = [
        Finding(f"{short_date(day.on)}: {finding.what}", (_day(day.on), *finding.links))
        for day in days
        for finding in day.all_findings
    ]
    waiting = [
        Finding(f"{short_date(day.on)}: {waits.what}", (waits.link,))
        for day in days
        for waits in day.waiting
        if not waits.holds
    ]
    total = sum(day.receipts_cents for day in days)
    return Lamp(
        "money", "¿Cada peso cobrado es un comprobante, un abono y una póliza?",
        f"{pesos(total)} desde el {short_date(days[0].on)}, igual por los tres lados.", findings, waiting,
    )  # fmt: skip


def _deposits(days: Sequence[reconciling.Day], today: date) -> Lamp:
    waiting = [
        Finding(f"{short_date(day.on)}: {waits.what}", (waits.link,))
        for day in days
        for waits in day.waiting
        if waits.holds and day.on < today
    ]
    return Lamp(
        "deposits", "¿Cada turno tiene su corte y cada corte su depósito?",
        "Todos los turnos de días anteriores, cerrados y depositados.", [], waiting,
    )  # fmt: skip


def _folios() -> Lamp:
    findings = _asked(kernel_checks.CHECKS, "folios") + _asked(
        cashier_checks.CHECKS, "receipts", "till_papers"
    )
    return Lamp("folios", "¿Hay algún folio que falte?", "Ninguno: cada folio tiene su papel.", findings)


def _chain(since: date, today: date) -> Lamp:
    n, broken = loading.broken_links(since=since, until=today + timedelta(days=1))
    findings = [
        Finding(
            f"El comprobante {folio} no sigue al anterior de su serie: uno de los dos se cambió.",
            (Link(folio, "receipt", folio),),
        )
        for folio in (folio_text(series=series, number=number) for series, number in broken)
    ]
    return Lamp(
        "chain", "¿La cadena de comprobantes está entera?",
        f"{thousands(n)} comprobantes desde el {short_date(since)}, cada uno sigue al anterior.", findings,
    )  # fmt: skip


def _books() -> Lamp:
    findings = _asked(ledger_checks.CHECKS, "journal", "months")
    closed = ledger.closed_through()
    said = f"Cerrado hasta {month_name(closed)}." if closed else "Todavía no se cierra ningún mes."
    return Lamp("books", "¿Cada póliza suma cero y los meses cerrados siguen igual?", said, findings)


def _asked(room_checks: Sequence[kernel_checks.Check], *names: str) -> list[Finding]:
    return [Finding(said) for check in room_checks if check.name in names for said in check.find()]


def _account(number: str) -> Link:
    return Link(f"Cuenta {number}", "account", number, acts.READ_ACCOUNTS)


def _run(run_id: int, period: int) -> Link:
    return Link(f"Facturación {month_name(period)}", "billing_run", run_id, acts.READ_BILLING)


def _day(on: date) -> Link:
    return Link(short_date(on), "accounting_day", on.isoformat(), acts.READ_ACCOUNTING)
