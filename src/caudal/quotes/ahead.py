"""Months paid ahead: what each would cost at today's book, what the campaign in force takes off, what is paid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from caudal.billing import queries as billing
from caudal.campaigns import queries as campaigns
from caudal.kernel.refusals import Refusal
from caudal.ledger import queries as ledger
from caudal.metering import queries as metering
from caudal.quotes import policy
from caudal.registry import queries as registry
from caudal.registry.models import Account
from caudal.registry.queries import AccountCard
from caudal.rules.periods import Period
from caudal.tariffs import queries as tariffs
from caudal.tariffs.models import TariffBook

EARLY_PAYMENT = "early_payment"


class CannotQuotePayment(Refusal): ...


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """One month (centavos, VAT included): its full price, what the benefit and paying ahead take off, what is paid.

    Of the two only the larger is granted, unless the book says otherwise.
    """

    period: int
    full_cents: int
    benefit_cents: int
    reduction_cents: int
    ppm: int

    @property
    def quoted_cents(self) -> int:
        """What its bill would come to without paying ahead."""
        return self.full_cents - self.benefit_cents

    @property
    def pay_cents(self) -> int:
        return self.quoted_cents - self.reduction_cents


@dataclass(frozen=True, slots=True)
class MonthsAhead:
    """Months that can be paid ahead at today's prices, and what is owed before them (centavos).

    `campaign` and `campaign_name` are the rule that reduces them; empty if none does.
    """

    account: str
    book: str
    first_period: int
    lines: tuple[MonthAhead, ...]
    owed_cents: int
    consumption_m3: int | None
    campaign: str = ""
    campaign_name: str = ""
    benefit_name: str = ""

    @property
    def months(self) -> tuple[tuple[int, int], ...]:
        """(period, what is paid) of each."""
        return tuple((line.period, line.pay_cents) for line in self.lines)

    @property
    def reductions(self) -> tuple[tuple[int, int], ...]:
        """(ppm, what paying ahead takes off) of each."""
        return tuple((line.ppm, line.reduction_cents) for line in self.lines)

    @property
    def full_cents(self) -> int:
        return sum(line.full_cents for line in self.lines)

    @property
    def benefit_cents(self) -> int:
        return sum(line.benefit_cents for line in self.lines)

    @property
    def reduction_cents(self) -> int:
        return sum(line.reduction_cents for line in self.lines)

    @property
    def months_cents(self) -> int:
        return sum(line.pay_cents for line in self.lines)

    @property
    def total_cents(self) -> int:
        """Debt first, then the months: what must be handed over."""
        return self.owed_cents + self.months_cents


def months_ahead(*, account: Account, months: int, on: date) -> MonthsAhead:
    """What the next months would cost at today's prices, to be paid ahead, with the campaign in force on the day.

    A metered service is quoted with the mean of its last real consumptions. Months start after the last one that
    was billed or paid ahead.

    :raises CannotQuotePayment: if the number of months does not make sense or the service has ended
    :raises CannotQuote: if the book does not price the service
    """
    if not 1 <= months <= policy.MOST_MONTHS_AHEAD:
        raise CannotQuotePayment(
            f"No se pagan {months} meses por adelantado.",
            f"Elija de 1 a {policy.MOST_MONTHS_AHEAD}.",
            field="months",
        )
    card = registry.account_card(account=account, on=on)
    if not card.is_active or card.service_point_id is None:
        raise CannotQuotePayment("La cuenta está dada de baja.", "No tiene meses por venir.", field="account")
    book = tariffs.book_in_force(on=on)
    terms = tariffs.terms(book=book)
    volume = 0
    first, n_waiting = _first(account, on)
    if n_waiting + months > policy.MOST_MONTHS_AHEAD:
        left = policy.MOST_MONTHS_AHEAD - n_waiting
        raise CannotQuotePayment(
            f"La cuenta ya tiene {n_waiting} {'mes pagado' if n_waiting == 1 else 'meses pagados'} por adelantado.",
            f"Elija de 1 a {left}." if left > 0 else "Espere a que lleguen sus recibos.",
            field="months",
        )
    if card.is_metered:
        volume = metering.usual_volume(
            service_point_id=card.service_point_id, before=int(first), mean_of=terms.estimates.mean_of
        )
    owed = ledger.statement(account_id=account.pk, on=on, terms=terms)
    rule = campaigns.prepayment_rule(payer=_payer(card, owed, on), months=months, on=on)
    lines = _priced(card, book, volume, [first.shift(step) for step in range(months)], rule)
    return MonthsAhead(
        account=account.number,
        book=book.code,
        first_period=int(first),
        lines=tuple(lines),
        owed_cents=max(owed.total_cents - _free_credit(account, owed), 0),
        consumption_m3=volume if card.is_metered else None,
        campaign=rule.code if rule and any(line.ppm for line in lines) else "",
        campaign_name=rule.name if rule and any(line.reduction_cents for line in lines) else "",
        benefit_name=", ".join(card.benefit_names) if any(line.benefit_cents for line in lines) else "",
    )


def _first(account: Account, on: date) -> tuple[Period, int]:
    """The month after the last one billed or paid ahead (without any, this one), and how many wait for their bill."""
    last = billing.bills_of(account_id=account.pk).first()
    after_bill = last.period.shift(1) if last else Period.of(on)
    paid = campaigns.last_prepaid_period(account_id=account.pk)
    if not paid or paid < after_bill:
        return after_bill, 0
    first = Period(paid).shift(1)
    return first, (first.year - after_bill.year) * 12 + first.month - after_bill.month


def _free_credit(account: Account, owed: ledger.AccountStatement) -> int:
    """Money in favor that does not wait for months paid ahead before (centavos)."""
    if owed.credit_balance_cents <= 0:
        return 0
    waits = campaigns.prepaid_reserved(account_ids=[account.pk]).get(account.pk, 0)
    return max(owed.credit_balance_cents - waits, 0)


def _payer(card: AccountCard, owed: ledger.AccountStatement, on: date) -> campaigns.Payer:
    overdue = [each.due_on for each in owed.periods if each.total_cents > 0 and each.due_on < on]
    return campaigns.Payer(
        use=card.use,
        locality=campaigns.locality_code(name=card.locality),
        is_metered=card.is_metered,
        owed_cents=owed.total_cents,
        oldest_days=(on - min(overdue)).days if overdue else 0,
    )


def _priced(
    card: AccountCard,
    book: TariffBook,
    volume: int,
    periods: Sequence[Period],
    rule: campaigns.PrepaymentRule | None,
    /,
) -> list[MonthAhead]:
    """Each month priced by the computation of its bill: full, with what the account has, and paid ahead."""
    cases = [
        tariffs.Case(
            tariff_class=card.tariff_class, is_metered=card.is_metered, volume=volume, benefits=card.benefits,
            locality=card.locality, diameter_mm=card.diameter_mm, month=period.month,
            has_sewerage=card.has_sewerage, lot_area_m2=card.lot_area_m2,
            prepaid_ppm=rule.ppm if rule else 0,
        )
        for period in periods
    ]  # fmt: skip
    ahead = _quotes(book, cases)
    usual = _quotes(book, [replace(case, prepaid_ppm=0) for case in cases]) if rule else ahead
    full = (
        _quotes(book, [replace(case, prepaid_ppm=0, benefits=()) for case in cases])
        if card.benefits
        else usual
    )
    lines, taken = [], 0
    for period, *of_month in zip(periods, full, usual, ahead, strict=True):
        line = _line(int(period), rule.ppm if rule else 0, *of_month)
        taken += line.reduction_cents
        if rule and rule.cap_cents is not None and taken > rule.cap_cents:
            # past the campaign's ceiling months are paid as they are
            taken -= line.reduction_cents
            line = _line(int(period), 0, of_month[0], of_month[1], of_month[1])
        lines.append(line)
    return lines


def _line(
    period: int, ppm: int, full: tariffs.Quote, usual: tariffs.Quote, ahead: tariffs.Quote, /
) -> MonthAhead:
    granted = {line.working["benefit"] for line in ahead.lines if line.working["kind"] == "reduction"}
    if granted == {EARLY_PAYMENT}:
        # paying ahead took the place of the benefit
        return MonthAhead(period, full.total_cents, 0, full.total_cents - ahead.total_cents, ppm)
    benefit = full.total_cents - usual.total_cents
    reduced = usual.total_cents - ahead.total_cents
    # where the benefit is larger the rate stays with the month: it is what is left if the benefit ends before
    return MonthAhead(period, full.total_cents, benefit, reduced, ppm if granted else 0)


def _quotes(book: TariffBook, cases: list[tariffs.Case]) -> list[tariffs.Quote]:
    quotes = []
    for answer in tariffs.quotes(book=book, cases=cases):
        if isinstance(answer, tariffs.CannotQuote):
            raise answer
        quotes.append(answer)
    return quotes
