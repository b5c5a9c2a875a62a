"""Receipts of a channel: they belong to a settlement file instead of a till session, and take their folios from its series."""

from collections.abc import Sequence
from datetime import date, datetime

from caudal.cashier import posting, reversing
from caudal.cashier.channels.planning import Application
from caudal.cashier.events import PaymentsPosted
from caudal.cashier.models import PaymentChannel, Receipt, SettlementFile, TenderKind
from caudal.kernel import events
from caudal.ledger import commands as ledger
from caudal.tariffs import queries as tariffs

# what a receipt keeps of the channel's own number; the line keeps it whole
REFERENCE_LENGTH = 40


def post(
    *, channel: PaymentChannel, file: SettlementFile, rows: Sequence[Application]
) -> list[posting.WrittenReceipt]:
    """Write the receipts of payments of one day, each of a different account, in their order."""
    return apply(
        channel=channel,
        file=file,
        payments=[(row.account_id, row.movement.amount_cents) for row in rows],
        references=[row.movement.authorization or row.movement.reference for row in rows],
        funds=ledger.Funds.BANKS,
        on=rows[0].movement.paid_on,
        at=file.loaded_at,
        by=file.loaded_by,
    )


def apply(
    *,
    channel: PaymentChannel,
    file: SettlementFile,
    payments: Sequence[tuple[int, int]],
    references: Sequence[str],
    funds: str,
    on: date,
    at: datetime,
    by: str,
) -> list[posting.WrittenReceipt]:
    """Pay accounts (id, centavos), each once, with money that `funds` holds; a receipt for each, in their order.

    Whoever asks holds the accounts already.
    """
    control = posting.Control(
        series=channel.series_id, channel=channel.code, by=by, at=at, settlement_id=file.pk
    )
    run = posting.FolioRun(series=control.series, n=len(payments))
    place_of = {account: place for place, (account, _) in enumerate(payments)}

    def documents() -> tuple[list[str], str]:
        names = run.names
        return [names[place_of[account]] for account in sorted(place_of)], names[0]

    posted = ledger.post_payments(
        money_cents=dict(payments),
        funds={funds: sum(cents for _, cents in payments)},
        on=on,
        at=at,
        by=by,
        terms=tariffs.terms_on(on=on),
        documents=documents,
        are_locked=True,
    )
    written = posting.write_receipts(
        control=control,
        run=run,
        business_on=[on] * len(payments),
        totals=[cents for _, cents in payments],
        paid=posting.paid_by(posted=posted, places=place_of),
        tendered=[
            posting.Tendered(
                place,
                channel.tender,
                cents,
                reference="" if channel.tender == TenderKind.CASH else reference[:REFERENCE_LENGTH],
            )
            for place, ((_, cents), reference) in enumerate(zip(payments, references, strict=True))
        ],
    )
    events.announce(
        PaymentsPosted(
            receipt_ids=tuple(each.receipt_id for each in written),
            account_ids=tuple(account for account, _ in payments),
            on=on, at=at, by=by,
        )
    )  # fmt: skip
    return written


def take_back(
    *, receipt: Receipt, file: SettlementFile, funds: str, on: date, at: datetime, by: str, reason: str
) -> posting.WrittenReceipt:
    """Cancel a receipt of a channel in a file of it: its money leaves to `funds`, its debts are open again."""
    return reversing.reverse_receipt(
        receipt=receipt,
        by=by,
        at=at,
        settlement_id=file.pk,
        funds={funds: receipt.total_cents},
        on=max(on, receipt.business_on),
        reason=reason,
    )
