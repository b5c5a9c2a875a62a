"""The papers of a till, filled: the closing report of a balanced session, the slip of a deposit."""

from caudal.access import queries as access
from caudal.cashier import drawer
from caudal.cashier.models import CashCount, DepositSlip, TillClosing
from caudal.documents import till_papers
from caudal.documents.issuers import issuer
from caudal.documents.till_sheets import (
    CanceledText,
    CheckText,
    ClosingSheet,
    DepositedText,
    DepositSheet,
    PieceText,
    ReceiptText,
    TenderText,
    WithdrawalText,
)
from caudal.kernel.models import AuditEntry


def closing_pdf(*, closing: TillClosing) -> bytes:
    """The closing report on paper. Nothing of a closing changes, so neither does its paper."""
    return till_papers.closing_pdf(sheet=closing_sheet(closing=closing))


def deposit_pdf(*, slip: DepositSlip) -> bytes:
    """The deposit slip on paper."""
    return till_papers.deposit_pdf(sheet=deposit_sheet(slip=slip))


def closing_sheet(*, closing: TillClosing) -> ClosingSheet:
    """The closing report as facts."""
    session = closing.session
    report = drawer.session_report(session=session)
    count = session.counts.get(purpose=CashCount.Purpose.CLOSING)
    approved = approvers_of(folios=[each.folio for each in report.canceled])
    people = {session.cashier, closing.closed_by, *approved.values()}
    names = access.names_of(usernames=people | {each.received_by for each in report.withdrawals})
    return ClosingSheet(
        issuer=issuer(),
        folio=closing.folio,
        till=session.till.name,
        series=session.till.series_id,
        cashier=names.get(session.cashier, session.cashier),
        closed_by=names.get(closing.closed_by, closing.closed_by),
        business_on=session.business_on,
        opened_at=session.opened_at,
        closed_at=closing.at,
        float_cents=session.float_cents,
        tenders=tuple(
            TenderText(
                name=each.get_kind_display(),
                expected_cents=each.expected_cents,
                declared_cents=each.declared_cents,
            )  # fmt: skip
            for each in closing.balances.order_by("id")
        ),
        concepts=tuple(drawer.collected_by_concept(session=session)),
        receipts=tuple(
            ReceiptText(folio=each.folio, at=each.paid_at, tenders=each.tender_words, cents=each.total_cents)
            for each in session.receipts.prefetch_related("tenders").order_by("paid_at", "id")
        ),
        canceled=tuple(
            CanceledText(
                folio=each.folio,
                cancellation_folio=each.cancellation_folio,
                cents=each.cents,
                reason=each.reason,
                approved_by=names.get(approved.get(each.folio, ""), approved.get(each.folio, "")),
            )  # fmt: skip
            for each in report.canceled
        ),
        withdrawals=tuple(
            WithdrawalText(
                folio=each.folio,
                at=each.at,
                received_by=names.get(each.received_by, each.received_by),
                cents=each.amount_cents,
            )  # fmt: skip
            for each in report.withdrawals
        ),
        pieces=pieces_of(count=count),
        n_receipts=closing.n_receipts,
        first_folio=closing.first_folio,
        last_folio=closing.last_folio,
        chain_head=closing.chain_head,
        cancellation_head=closing.cancellation_head,
        note=closing.note,
    )


def pieces_of(*, count: CashCount) -> tuple[PieceText, ...]:
    """What was counted, the largest piece first; what nobody had is left out."""
    counted = sorted(((int(piece), n) for piece, n in count.pieces.items() if n), reverse=True)
    return tuple(PieceText(denomination_cents=piece, n=n) for piece, n in counted)


def approvers_of(*, folios: list[str]) -> dict[str, str]:
    """Folio of a canceled receipt → who said yes, as its audit tells."""
    entries = AuditEntry.objects.filter(
        act="cashier.cancel_receipt", object_kind="receipt", object_id__in=folios
    )
    return {each.object_id: (each.after or {}).get("approved_by", "") for each in entries}


def deposit_sheet(*, slip: DepositSlip) -> DepositSheet:
    """The deposit slip as facts."""
    closing_ids = list(slip.closings.values_list("closing_id", flat=True))
    parts = drawer.deposit_parts(closing_ids=closing_ids)
    names = access.names_of(usernames={slip.deposited_by, *(part.cashier for part in parts)})
    return DepositSheet(
        issuer=issuer(),
        folio=slip.folio,
        business_on=slip.business_on,
        bank_account=slip.bank_account,
        reference=slip.reference,
        deposited_by=names.get(slip.deposited_by, slip.deposited_by),
        cash_cents=slip.amount_cents,
        checks_cents=slip.checks_cents,
        closings=tuple(
            DepositedText(
                folio=part.folio,
                till=part.till,
                cashier=names.get(part.cashier, part.cashier),
                business_on=part.business_on,
                declared_cents=part.declared_cents,
                withdrawn_cents=part.withdrawn_cents,
                float_cents=part.float_cents,
                cash_cents=part.cash_cents,
                checks_cents=part.checks_cents,
            )  # fmt: skip
            for part in parts
        ),
        checks=tuple(
            CheckText(number=number, receipt_folio=folio, cents=cents)
            for number, folio, cents in drawer.checks_of(closing_ids=closing_ids)
        ),
    )
