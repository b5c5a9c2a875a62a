"""Taking a receipt back: its credits are reversed, and a receipt of its own says so. At a till or in a file."""

from collections.abc import Mapping
from datetime import date, datetime

from caudal.campaigns import commands as campaigns
from caudal.cashier import policy, posting
from caudal.cashier.events import ReceiptCanceled
from caudal.cashier.models import Payment, Receipt
from caudal.kernel import events
from caudal.ledger import commands as ledger
from caudal.ledger import queries


def reverse_receipt(
    *,
    receipt: Receipt,
    by: str,
    at: datetime,
    funds: Mapping[str, int],
    on: date,
    reason: str,
    session_id: int | None = None,
    settlement_id: int | None = None,
) -> posting.WrittenReceipt:
    """Write the receipt that takes one back, in a till session or in a file; its debts are open again, what a campaign forgave with it too; both stay.

    :param funds: where the money leaves from: account of the chart → centavos
    :raises CannotReverseCredit: if the ledger took it back already
    """
    control = posting.Control(
        series=policy.cancellation_series(series=receipt.series), channel=receipt.channel, by=by, at=at,
        session_id=session_id, settlement_id=settlement_id,
    )  # fmt: skip
    payments = list(receipt.payments.select_related("credit").order_by("account_id"))
    campaigns.end_prepaid_of_credits(
        credit_ids=[payment.credit_id for payment in payments], reason=reason, on=on, at=at, by=by
    )
    run = posting.FolioRun(series=control.series)
    reversals = ledger.reverse_payments(
        credits=[payment.credit for payment in payments],
        funds=funds,
        on=on,
        at=at,
        by=by,
        documents=lambda: (run.names * len(payments), run.names[0]),
        reason=reason,
    )
    campaigns.take_back_waivers(
        document=receipt.folio, on=on, at=at, by=by, reversal=run.names[0], reason=reason
    )
    [canceled] = posting.write_receipts(
        control=control,
        run=run,
        business_on=[on],
        totals=[-receipt.total_cents],
        paid=[_paid_back(*pair) for pair in zip(payments, reversals, strict=True)],
        tendered=[
            posting.Tendered(0, each.kind, -each.amount_cents, reference=each.reference)
            for each in receipt.tenders.all()
        ],
        reversed_by=posting.Reversed(receipt.pk, receipt.folio, reason),
    )
    events.announce(
        ReceiptCanceled(
            receipt_id=receipt.pk, cancellation_id=canceled.receipt_id, on=on, at=at, by=by,
            account_ids=tuple(payment.account_id for payment in payments),
        )
    )  # fmt: skip
    return canceled


def _paid_back(payment: Payment, reversal: ledger.Reversal) -> posting.Paid:
    return posting.Paid(
        place=0,
        account_id=payment.account_id,
        credit_id=reversal.credit.pk,
        cents=-payment.amount_cents,
        in_favor_cents=0,
        balance_cents=queries.balance(account_id=payment.account_id),
    )
