"""What was paid: receipts with what each account paid, and payments by account or day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet, Sum
from django.utils.timezone import localdate

from caudal.campaigns import queries as campaigns
from caudal.cashier import posting
from caudal.cashier.channels.recognition import ChannelReference as ChannelReference
from caudal.cashier.channels.recognition import channel_references as channel_references
from caudal.cashier.drawer import SessionReport as SessionReport
from caudal.cashier.drawer import asks_withdrawal as asks_withdrawal
from caudal.cashier.drawer import session_report as session_report
from caudal.cashier.models import Payment, Receipt, Tender, TenderKind, Till, TillSession
from caudal.cashier.policy import LONGEST_REFERENCE as LONGEST_REFERENCE
from caudal.cashier.policy import is_absurd as is_absurd
from caudal.cashier.policy import parse_pesos as parse_pesos
from caudal.cashier.policy import pieces_of as pieces_of
from caudal.cashier.waiting_money import MoneyWaiting as MoneyWaiting
from caudal.cashier.waiting_money import money_waiting as money_waiting
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.ledger import queries as ledger_queries
from caudal.ledger.models import DocumentKind
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs

if TYPE_CHECKING:
    from caudal.cashier.commands.parts import AccountPart, TenderPart


class UnknownReceipt(Refusal):
    """No receipt has that folio."""


def receipt_reply(
    *,
    written: posting.WrittenReceipt,
    control: posting.Control,
    on: date,
    parts: Sequence["AccountPart"],
    posted: ledger.PostedPayments,
    tenders: Sequence["TenderPart"],
) -> dict[str, Any]:
    """The receipt as data (JSON values, amounts in centavos): what it paid, how, and what remains owed."""
    total = sum(part.amount_cents for part in parts)
    given = sum(tender.given_cents or tender.amount_cents for tender in tenders)
    rows = {account: row for row, account in enumerate(posted.account_ids)}
    shares = posted.shares()
    return {
        "receipt_folio": written.folio,
        "verification": written.verification,
        "total_cents": total,
        "change_cents": given - total,
        "tenders": [
            {
                "kind": tender.kind,
                "amount_cents": tender.amount_cents,
                "given_cents": tender.given_cents,
                "reference": tender.reference,
            }
            for tender in tenders
        ],
        "business_on": on.isoformat(),
        "paid_at": control.at.isoformat(),
        "received_by": control.by,
        "session": control.session_id,
        "channel": control.channel,
        "payments": [
            {
                "account": part.account.number,
                "amount_cents": part.amount_cents,
                "allocations": allocations(
                    shares=shares[part.account.pk], concepts=posted.plan.position.concepts
                ),
                "surcharge_cents": posted.written.surcharge_cents[rows[part.account.pk]],
                "unallocated_cents": posted.written.unallocated_cents[rows[part.account.pk]],
                "balance_cents": posted.written.balance_cents[rows[part.account.pk]],
            }
            for part in parts
        ],
    }


def preview_payment(*, parts: Sequence[tuple[Account, int]], at: datetime) -> list[dict[str, Any]]:
    """What a payment would do to each account, shaped like the payments of a receipt; nothing is written.

    :param parts: (account, centavos)
    """
    asked = {account.pk: cents for account, cents in parts}
    on = localdate(at)
    terms = tariffs.terms_on(on=on)
    waive = campaigns.waived_by_payment(money_cents=asked, at=at, on=on)
    found = {
        each.account_id: each
        for each in ledger_queries.preview_payments(money_cents=asked, on=on, terms=terms, waive=waive)
    }
    return [
        {
            "account": account.number,
            "amount_cents": cents,
            "allocations": [_allocation(share, share.concept) for share in found[account.pk].shares],
            "surcharge_cents": found[account.pk].surcharge_cents,
            "unallocated_cents": found[account.pk].unallocated_cents,
            "balance_cents": found[account.pk].balance_cents,
        }
        for account, cents in parts
    ]


def allocations(*, shares: Iterable[ledger.Share], concepts: ledger.Chart) -> list[dict[str, Any]]:
    """What a payment extinguished, by period, concept and document."""
    return [
        _allocation(share, concepts.concepts[share.concept_id].name)
        for share in sorted(shares, key=lambda share: (share.period, share.concept_id, share.sequence))
    ]


def _allocation(share: ledger.Share | ledger_queries.PreviewedShare, concept: str) -> dict[str, Any]:
    return {
        "period": share.period,
        "document": DocumentKind(share.document_kind).name.lower(),
        "concept_id": share.concept_id,
        "concept": concept,
        "amount_cents": share.amount_cents,
    }


def payments(*, account_id: int | None = None, business_on: date | None = None) -> QuerySet[Payment]:
    """Payments and their cancellations, newest first, with their receipts and accounts."""
    found = Payment.objects.select_related("account", "receipt").order_by("-receipt__paid_at", "-id")
    if account_id is not None:
        found = found.filter(account_id=account_id)
    return found if business_on is None else found.filter(receipt__business_on=business_on)


def last_standing_payment(*, account_id: int) -> Payment | None:
    """The newest payment of an account that is no cancellation and that none took back, with its receipt."""
    standing = payments(account_id=account_id).filter(
        receipt__reverses__isnull=True, receipt__cancellation__isnull=True
    )
    return standing.first()


def receipt_by_folio(*, folio: str) -> Receipt:
    """The receipt of a folio such as `A-000123`; `a123` and `A 123` are understood.

    :raises UnknownReceipt: if there is none
    """
    text = folio.strip().upper().replace(" ", "-")
    series, _, number = text.rpartition("-")
    if not series:
        series, number = text.rstrip("0123456789"), text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    found = None
    if series and number.isascii() and number.isdigit() and len(number) < 19:
        found = (
            Receipt.objects.select_related("session__till").filter(series=series, number=int(number)).first()
        )
    if found is None:
        raise UnknownReceipt(f"No existe el comprobante {folio.strip()}.", "Revise el folio.", field="folio")
    return found


def live_session(*, cashier: str) -> TillSession | None:
    """The session a cashier has not closed yet, with its till."""
    return (
        TillSession.objects.exclude(state=TillSession.State.BALANCED)
        .select_related("till")
        .filter(cashier=cashier)
        .first()
    )


def tills(*, on: date) -> QuerySet[Till]:
    """Tills in use on a day, in order of code."""
    return Till.objects.exclude(closed_on__lte=on).order_by("code")


def expected(*, session: TillSession) -> dict[str, int]:
    """What must be in the drawer of each kind of tender (centavos): the float, what came in, less withdrawals."""
    sums: dict[str, int] = dict(
        Tender.objects.filter(receipt__session=session)
        .values_list("kind")
        .annotate(cents=Sum("amount_cents"))
    )
    taken = session.withdrawals.aggregate(cents=Sum("amount_cents"))["cents"] or 0
    sums[TenderKind.CASH] = sums.get(TenderKind.CASH, 0) + session.float_cents - taken
    return sums


@dataclass(frozen=True, slots=True)
class TillRow:
    """A till in use, with what its live session has done until now, if it has one."""

    till: Till
    report: SessionReport | None


def tills_now(*, on: date) -> list[TillRow]:
    """Every till in use on a day and the session it has, in order of code."""
    live = {
        session.till_id: session
        for session in TillSession.objects.exclude(state=TillSession.State.BALANCED).select_related("till")
    }
    return [
        TillRow(till, session_report(session=live[till.code]) if till.code in live else None)
        for till in tills(on=on)
    ]
