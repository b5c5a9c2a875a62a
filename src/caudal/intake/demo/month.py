"""January 2019: people pay, meters are read, relief is published and used, the month is assessed and billed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from caudal.billing import commands as billing
from caudal.billing.models import BillingRun
from caudal.cashier import commands as cashier
from caudal.cashier import queries
from caudal.cashier.models import Till, TillSession
from caudal.intake import mapping
from caudal.intake.demo import relief
from caudal.intake.demo.relief import Relieved
from caudal.intake.demo.stage import Staged, moment, open_till
from caudal.intake.loading import Tell
from caudal.intake.town.generation import NEXT_READINGS
from caudal.ledger import queries as ledger
from caudal.metering import commands as metering
from caudal.metering.commands import Assessment, ImportOutcome
from caudal.registry.models import Account

PERIOD: Final = 201901
ISSUED_ON: Final = date(2019, 1, 31)
PAYERS_IN_A_HUNDRED: Final = 12
TENDERS: Final = ("cash", "cash", "cash", "cash", "card", "transfer")


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of the month."""

    n_payments: int
    paid_cents: int
    readings: ImportOutcome
    assessment: Assessment
    run: BillingRun
    relieved: Relieved


def live(*, staged: Staged, tell: Tell) -> Lived:
    """Pay, read, assess, relieve, bill.

    :raises Refusal: any verb's own; what was done before it stays, as it would in the office
    """
    tell("Cobrando en enero")
    till = open_till(at=moment(date(2019, 1, 2), 8))
    n_payments, paid_cents = _pay(staged, till)
    tell("Recibiendo las lecturas de enero")
    read_at = moment(date(2019, 1, 29), 17)
    readings = metering.import_readings(
        content=(staged.directory / NEXT_READINGS).read_bytes(), file=NEXT_READINGS, cycle=staged.cycle,
        period=PERIOD, by="julian", at=read_at, accept_valid=True,
        codes=mapping.load(path=mapping.DEFAULT).codes["observation"],
    )  # fmt: skip
    assessment = metering.assess_period(cycle=staged.cycle, period=PERIOD, by="laura", at=read_at)
    tell("Publicando campañas y firmando convenios")
    relieved = relief.live(staged=staged, till=till)
    tell("Facturando enero de 2019")
    return Lived(n_payments, paid_cents, readings, assessment, _bill(staged), relieved)


def _bill(staged: Staged) -> BillingRun:
    at = moment(ISSUED_ON, 10)
    run = billing.open_run(cycle=staged.cycle, period=PERIOD, issued_on=ISSUED_ON, by="laura", at=at)
    run = billing.compute(run=run, by="laura", at=at)
    run = billing.review(run=run, by="laura", at=at + timedelta(minutes=40), reason="Cifras revisadas")
    return billing.issue(run=run, by="salas", at=at + timedelta(minutes=45))


def _pay(staged: Staged, till: Till) -> tuple[int, int]:
    """Some of those who owe come to the window: most pay all of it, some half."""
    rng = Random(20190131)
    session: TillSession | None = None
    owing = sorted({row.account for row in staged.rehearsal.debts})
    payers = rng.sample(owing, len(owing) * PAYERS_IN_A_HUNDRED // 100)
    accounts = Account.objects.in_bulk(payers, field_name="number")
    days = sorted(rng.randrange(2, 31) for _ in payers)
    of_day, served = Counter(days), Counter[int]()
    paid = 0
    for number, day in zip(payers, days, strict=True):
        account = accounts[number]
        owed = ledger.balance(account_id=account.pk)
        amount = owed if rng.random() < 0.7 else owed // 2
        if amount <= 0:
            continue
        if session is None or session.business_on.day != day:
            session = _next_session(till, session, date(2019, 1, day))
        # one after the other from five past eight to a quarter past two, as their folios go
        at = moment(session.business_on, 8, 5) + timedelta(minutes=370 * served[day] // of_day[day])
        served[day] += 1
        receipt = _receive(rng, account, amount, session, at)
        paid += int(receipt["total_cents"])
    if session:
        _close(session)
    return len(payers), paid


def _next_session(till: Till, before: TillSession | None, on: date) -> TillSession:
    """Verónica closes the day before and opens this one with $500.00 of change."""
    if before:
        _close(before)
    return cashier.open_session(
        till=till, cashier="veronica", pieces={"5000": 6, "2000": 8, "500": 8}, at=moment(on, 7, 55)
    )


def _close(session: TillSession) -> None:
    """What she counts is what there is."""
    at, there = moment(session.business_on, 15, 30), queries.expected(session=session)
    cashier.begin_balancing(session=session, at=at, by="veronica")
    cashier.declare_count(
        session=session,
        pieces=queries.pieces_of(cents=there.pop("cash")),
        others=there,
        at=at,
        by="veronica",
    )
    cashier.close_session(session=session, at=at, by="salas")


def _receive(
    rng: Random, account: Account, amount: int, session: TillSession, at: datetime
) -> dict[str, Any]:
    kind = rng.choice(TENDERS)
    if kind == "cash":
        amount = max(amount // 10 * 10, 10)  # nobody hands over single centavos
    tender = cashier.TenderPart(
        kind, amount, reference="" if kind == "cash" else f"{rng.randrange(10**6):06d}"
    )
    return cashier.take_payment(
        session=session, parts=[cashier.AccountPart(account, amount)], tenders=[tender], at=at, by="veronica",
        key=UUID(int=rng.getrandbits(128), version=4),
    )  # fmt: skip
