"""What is missing before a month may be closed, each thing with the page where it is put right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from caudal.access import policy as acts
from caudal.accounting import reconciling
from caudal.accounting.models import MonthReview
from caudal.accounting.reconciling import Day, Finding, Link
from caudal.billing.models import BillingRun
from caudal.cashier import checks as cashier_checks
from caudal.kernel.wording import month_name
from caudal.ledger import checks as ledger_checks
from caudal.ledger import queries as ledger
from caudal.ledger.models import MonthClose
from caudal.rules.periods import Period

# what must hold over everything that was ever written, asked only when somebody reviews or closes
WHOLE: tuple[tuple[str, str], ...] = (
    ("ledger", "receivables"),
    ("ledger", "credit_balances"),
    ("ledger", "favor"),
    ("ledger", "journal"),
    ("ledger", "months"),
    ("cashier", "receipts"),
    ("cashier", "payments"),
    ("cashier", "till_papers"),
)


_STATES: dict[str, str] = {
    BillingRun.State.DRAFT: "en borrador",
    BillingRun.State.COMPUTED: "calculada",
    BillingRun.State.REVIEWED: "revisada",
}


@dataclass(frozen=True, slots=True)
class MonthState:
    """A month as its page shows it."""

    month: Period
    close: MonthClose | None
    figures: ledger.MonthFigures
    days: list[Day]
    missing: list[Finding]
    review: MonthReview | None

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody said that the figures of now are right."""
        return self.review is not None and self.review.digest == self.figures.digest

    @property
    def n_bad(self) -> int:
        return sum(each.state == "bad" for each in self.days)

    @property
    def n_good(self) -> int:
        return sum(each.state == "good" for each in self.days)


def state_of(*, month: Period, today: date) -> MonthState:
    """Where a month is: its days, its figures, what it lacks."""
    days = reconciling.month(month=month)
    return MonthState(
        month=month,
        close=ledger.month_close(month=month),
        figures=ledger.month_figures(month=month),
        days=days,
        missing=list(missing(month=month, days=days, today=today)),
        review=last_review(month=month),
    )


def last_review(*, month: int) -> MonthReview | None:
    """The last word of somebody about the figures of a month."""
    return MonthReview.objects.filter(month=month).order_by("-id").first()


def missing(*, month: Period, days: list[Day], today: date) -> Iterator[Finding]:
    """What keeps a month from being closed; nothing if it is closed."""
    if ledger.month_close(month=month):
        return
    wanted = ledger.first_open_month()
    if wanted is not None and wanted < month:
        yield Finding(
            f"Antes falta cerrar {month_name(wanted)}.",
            (Link(month_name(wanted), "accounting_month", int(wanted), acts.READ_ACCOUNTING),),
        )
    if today <= month.last_day:
        yield Finding(f"{month_name(month).capitalize()} todavía no termina.")
    yield from reconciling.blockers(found=days)
    for run in _unfinished(month):
        yield Finding(
            f"La facturación de {month_name(run.period)} está {_STATES[run.state]}: emítala o descártela.",
            (Link(f"Facturación {month_name(run.period)}", "billing_run", run.pk, acts.READ_BILLING),),
        )


def disagreements() -> list[Finding]:
    """What the whole ledger says of itself: balances against journal, folios against papers."""
    found = []
    for check in (*ledger_checks.CHECKS, *cashier_checks.CHECKS):
        room = "ledger" if check in ledger_checks.CHECKS else "cashier"
        if (room, check.name) in WHOLE:
            found += [Finding(said) for said in check.find()]
    return found


def _unfinished(month: Period) -> list[BillingRun]:
    done = (BillingRun.State.ISSUED, BillingRun.State.DISCARDED)
    return list(BillingRun.objects.filter(period__lte=month).exclude(state__in=done).order_by("period", "id"))
