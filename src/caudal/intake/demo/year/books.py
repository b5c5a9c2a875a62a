"""What the office means to collect, and what it does with a month that ended: its water, and its books closed by two."""

from datetime import date
from typing import Final

from caudal.accounting import commands as accounting
from caudal.billing.models import BillingRun
from caudal.intake.demo.stage import PIN, TILL, moment
from caudal.intake.demo.year import bank
from caudal.reports import commands as reports
from caudal.rules.periods import Period

# of each 100 m³ that leave the wells so many are billed: what a network with leaks delivers
BILLED_PERCENT: Final = 58
# what each account should bring in a month, and where in a hundred pesos of it
GOAL_CENTS: Final = 23_000
SHARES: Final = {"": 100, TILL: 48, bank.CODE: 52}
# the council hears of three months at a time
QUARTER: Final = 3
SOURCE: Final = "Macromedidores de los pozos 1, 3 y 4"


def aim(*, n_accounts: int, on: date) -> None:
    """Salas says what should be collected each month of the year: in all, at the till and at the bank."""
    for channel, percent in SHARES.items():
        reports.set_target(
            indicator=reports.COLLECTED, period=int(Period.of(on)), value=n_accounts * GOAL_CENTS * percent // 100,
            reason="Presupuesto de ingresos de 2019", channel=channel, known=(), at=moment(on, 9), by="salas",
        )  # fmt: skip


def measure(*, run: BillingRun, on: date) -> None:
    """Write down what the wells gave in the month of a run."""
    m3 = int(run.summary["consumption_m3"]) * 100 // BILLED_PERCENT
    reports.record_volume(
        period=int(run.period), volume_m3=max(m3, 1), source=SOURCE, at=moment(on, 12), by="laura"
    )


def close(*, month: Period, on: date) -> None:
    """Laura reviews the books of a month, Salas closes it."""
    accounting.review_month(month=month, at=moment(on, 15), by="laura")
    accounting.close_month(month=month, at=moment(on, 15, 30), by="salas")


def publish(*, last: Period, on: date) -> None:
    """Salas signs what the area did in a quarter whose books are closed, for the council."""
    first = last.shift(1 - QUARTER)
    reports.publish_report(
        since=first.first_day, until=last.next().first_day, note="Para la sesión del consejo", pin=PIN, today=on,
        at=moment(on, 16), by="salas",
    )  # fmt: skip
