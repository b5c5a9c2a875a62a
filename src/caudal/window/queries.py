"""Questions of the window: the charge in hand, what its accounts owe today. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.timezone import localdate

from caudal.access.models import Clerk
from caudal.campaigns import queries as campaigns
from caudal.campaigns.queries import Offer
from caudal.cashier import queries as cashier
from caudal.cashier.models import PrintJob, Receipt
from caudal.ledger import queries as ledger
from caudal.quotes import queries as quotes
from caudal.quotes.queries import MonthsAhead
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs
from caudal.window import policy
from caudal.window.models import WindowDraft
from caudal.window.policy import InHand


def draft_of(*, clerk: Clerk) -> WindowDraft | None:
    """The charge a clerk has in hand, and the reply of the last one."""
    return WindowDraft.objects.filter(clerk=clerk).first()


def statements(*, numbers: Sequence[str], on: date) -> dict[str, ledger.AccountStatement]:
    """What some accounts owe on a day, in the order asked; an account that does not exist is left out."""
    accounts = dict(Account.objects.filter(number__in=numbers).values_list("number", "pk"))
    if not accounts:
        return {}
    found = ledger.statements(account_ids=sorted(accounts.values()), on=on, terms=tariffs.terms_on(on=on))
    return {number: found[accounts[number]] for number in numbers if number in accounts}


def last_receipt(*, clerk: Clerk) -> Receipt | None:
    """The last receipt of the session of a clerk that was not canceled, to print it again."""
    session = cashier.live_session(cashier=clerk.username)
    if session is None:
        return None
    standing = session.receipts.filter(reverses__isnull=True, cancellation__isnull=True)
    return standing.select_related("session__till").order_by("-number").first()


def paper_words(*, clerk: Clerk) -> tuple[str, bool]:
    """What became of the paper of the last charge of a clerk, and whether that is settled.

    A printer that is off settles it: the paper waits in the queue, and the charge stands.
    """
    draft = draft_of(clerk=clerk)
    folio = str(draft.last.get("receipt_folio", "")) if draft else ""
    series, _, number = folio.rpartition("-")
    if not number.isdigit():
        return "", True
    job = PrintJob.objects.filter(receipt__series=series, receipt__number=int(number)).order_by("id").first()
    if job is None or job.state == PrintJob.State.DISCARDED:
        return "sin papel", True
    if job.state == PrintJob.State.SENT:
        return "impreso", True
    if job.state == PrintJob.State.UNKNOWN:
        return "mire si salió el papel", True
    return (
        ("la impresora no responde: el papel espera en la cola", True)
        if job.problem
        else ("imprimiendo…", False)
    )


@dataclass(frozen=True, slots=True)
class Dues:
    """What the accounts in hand owe, what a campaign forgives if they pay it all now, the months paid ahead.

    `missed` is what a campaign would forgive to those of whom less was typed.
    """

    statements: Mapping[str, ledger.AccountStatement]
    ahead: Mapping[str, MonthsAhead]
    relief: Mapping[str, Offer] = field(default_factory=dict)
    missed: Mapping[str, Offer] = field(default_factory=dict)

    @property
    def owed(self) -> dict[str, int]:
        """What each has to pay by now (centavos): all it owes but the installments that come after the next one."""
        return {
            number: each.total_cents
            - each.later_cents
            - (self.relief[number].cents if number in self.relief else 0)
            for number, each in self.statements.items()
        }

    @property
    def due(self) -> dict[str, int]:
        """The same with its months ahead (centavos)."""
        extra = {number: each.months_cents for number, each in self.ahead.items()}
        return {number: cents + extra.get(number, 0) for number, cents in self.owed.items()}


def dues(*, hand: InHand, at: datetime) -> Dues:
    """What the accounts in hand would have to pay at a moment; months ahead at today's prices.

    :raises CannotSettle: if the number of months is not one
    :raises CannotQuotePayment: if the service has ended
    :raises CannotQuote: if the book does not price it
    """
    on = localdate(at)
    asked = {part.number: policy.months_of(part=part) for part in hand.parts if part.months.strip()}
    accounts = Account.objects.filter(number__in=list(asked)) if asked else []
    owed = statements(numbers=hand.numbers, on=on)
    offered = offers(statements=owed, at=at)
    short = {
        part.number
        for part in hand.parts
        if part.number in offered
        and part.amount.strip()
        and (cashier.parse_pesos(part.amount) or 0) < offered[part.number].payable_cents
    }
    return Dues(
        statements=owed,
        relief={number: each for number, each in offered.items() if number not in short},
        missed={number: each for number, each in offered.items() if number in short},
        ahead={
            each.number: quotes.months_ahead(account=each, months=asked[each.number], on=on)
            for each in accounts
        },
    )


def offers(*, statements: Mapping[str, ledger.AccountStatement], at: datetime) -> dict[str, Offer]:
    """What campaigns forgive of some debts to whoever pays the rest at once; accounts with nothing are left out."""
    # a rule for a single payment looks at the whole debt: who is paying an arrangement is not asked for all of it
    owing = {
        each.account_id: number
        for number, each in statements.items()
        if each.total_cents > 0 and not each.later_cents
    }
    if not owing:
        return {}
    found = campaigns.offers(account_ids=sorted(owing), at=at, terms=tariffs.terms_on(on=localdate(at)))
    return {owing[account]: offer for account, offer in found.items() if offer.cents}


def applied(*, amounts: Mapping[str, int], at: datetime) -> list[dict[str, object]]:
    """What would become of some amounts (account → centavos): see `cashier.preview_payment`."""
    accounts = {each.number: each for each in Account.objects.filter(number__in=list(amounts))}
    parts = [(accounts[number], cents) for number, cents in amounts.items()]
    return cashier.preview_payment(parts=parts, at=at)
