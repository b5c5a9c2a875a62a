"""What it would cost to pay: computed from the same debts and prices that the window and the bill use."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from caudal.arrangements import queries as arrangements
from caudal.campaigns import queries as campaigns
from caudal.kernel.refusals import Refusal
from caudal.ledger import queries as ledger
from caudal.quotes import policy
from caudal.quotes.ahead import CannotQuotePayment as CannotQuotePayment
from caudal.quotes.ahead import MonthAhead as MonthAhead
from caudal.quotes.ahead import MonthsAhead as MonthsAhead
from caudal.quotes.ahead import months_ahead as months_ahead
from caudal.quotes.models import PaymentQuote
from caudal.quotes.policy import MOST_MONTHS_AHEAD as MOST_MONTHS_AHEAD
from caudal.registry.models import Account
from caudal.rules import amortization
from caudal.rules.bounds import OutOfBounds
from caudal.rules.periods import monthly_dates
from caudal.tariffs import queries as tariffs


class UnknownQuote(Refusal):
    """No quote has that folio."""


@dataclass(frozen=True, slots=True)
class QuotedPeriod:
    """What is owed of one period (centavos); period 0 is what belongs to no month."""

    period: int
    due_on: str
    debt_cents: int
    surcharge_cents: int


@dataclass(frozen=True, slots=True)
class QuotedInstallment:
    number: int
    due_on: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way to pay in parts: the first payment today, and the rest by month (centavos)."""

    count: int
    down_payment_cents: int
    installments: tuple[QuotedInstallment, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account would pay on a day, and the last day on which it would still be so (centavos).

    `total_cents` is what it owes; `relief_cents` of it a campaign (`relief`) forgives if the rest is paid at once.
    """

    account: str
    on: date
    expires_on: date
    total_cents: int
    credit_cents: int
    periods: tuple[QuotedPeriod, ...]
    ways: tuple[Way, ...]
    relief: str = ""
    relief_cents: int = 0

    @property
    def payable_cents(self) -> int:
        """What is handed over to owe nothing, paying it all at once."""
        return self.total_cents - self.relief_cents

    def as_dict(self) -> dict[str, Any]:
        """For the row that is kept and for `--json`."""
        return asdict(self) | {"on": self.on.isoformat(), "expires_on": self.expires_on.isoformat()}


def standing(
    *,
    account: Account,
    on: date,
    at: datetime | None = None,
    counts: Sequence[int] = policy.COUNTS,
    down_ppm: int | None = None,
) -> Standing:
    """What an account would pay today at once, or in each number of monthly payments.

    :param down_ppm: share of the debt that the first payment is; None: the least that the utility admits
    :param at: the moment of that day, for the campaigns in force; None: without campaigns

    :raises CannotQuotePayment: if nothing is owed, or the number of payments or the share does not make sense
    """
    terms = tariffs.terms_on(on=on)
    owed = ledger.statement(account_id=account.pk, on=on, terms=terms)
    total = owed.total_cents
    if total <= 0:
        raise CannotQuotePayment(
            "La cuenta no debe nada.", "No hay qué cotizar; puede pagar meses por adelantado."
        )
    down = arrangements.policy_on(on=on).least_down_ppm if down_ppm is None else down_ppm
    expires_on = ledger.holds_until(account_id=account.pk, on=on, most_days=policy.MOST_DAYS, terms=terms)
    offer = campaigns.offers(account_ids=[account.pk], at=at, terms=terms).get(account.pk) if at else None
    if offer and offer.cents:
        expires_on = min(expires_on, offer.ends_on)
    return Standing(
        account=account.number,
        on=on,
        expires_on=expires_on,
        total_cents=total,
        credit_cents=owed.credit_balance_cents,
        periods=tuple(
            QuotedPeriod(
                int(each.period), each.due_on.isoformat(), each.open_principal_cents + each.open_accessory_cents,
                each.surcharge_cents,
            )
            for each in owed.periods
            if each.total_cents
        ),
        ways=tuple(_way(total, count, down, on) for count in counts if total >= 100 * count),
        relief=offer.name if offer and offer.cents else "",
        relief_cents=offer.cents if offer else 0,
    )  # fmt: skip


def usual_down_percent(*, on: date) -> int:
    """The least first payment that the utility admits, as a whole percentage that is enough."""
    return -(-arrangements.policy_on(on=on).least_down_ppm // 10_000)


def _way(total: int, count: int, down_ppm: int, on: date) -> Way:
    if not 1 <= count <= policy.MOST_PAYMENTS:
        raise CannotQuotePayment(
            f"No se cotiza en {count} pagos.", f"Elija de 1 a {policy.MOST_PAYMENTS}.", field="count"
        )
    try:
        down = amortization.down_payment(total_cents=total, ppm=down_ppm)
        parts = amortization.installments(
            total_cents=total,
            down_payment_cents=down,
            count=count,
            signed_on=on,
            first_due_on=monthly_dates(first_on=on, count=2)[1],
        )
    except OutOfBounds as problem:
        raise CannotQuotePayment(
            f"No se puede repartir así: {problem}.", "Baje el primer pago o el número de pagos.", field="down"
        ) from problem
    return Way(
        count=count,
        down_payment_cents=down,
        installments=tuple(
            QuotedInstallment(each.number, each.due_on.isoformat(), each.amount_cents) for each in parts
        ),
    )


def quote_by_folio(*, folio: str) -> PaymentQuote:
    """The quote of a folio such as `COT-000012`.

    :raises UnknownQuote: if there is none
    """
    number = folio.upper().removeprefix(f"{policy.SERIES}-")
    found = None
    if number.isascii() and number.isdigit() and len(number) < 19:
        found = PaymentQuote.objects.select_related("account").filter(number=int(number)).first()
    if found is None:
        raise UnknownQuote(f"No existe la cotización {folio}.", "Revise el folio.", field="folio")
    return found
