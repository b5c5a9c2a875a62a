"""The sheets of a receipt and of a withdrawal, filled from stored rows only: whoever prints it, whenever, reads the same."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.timezone import localtime

from caudal.access.models import Clerk
from caudal.campaigns.models import Waiver
from caudal.cashier import till_sheets
from caudal.cashier.models import CashWithdrawal, Payment, PaymentStanding, Prepayment, Receipt
from caudal.documents import issuers
from caudal.documents.receipt_sheet import ReceiptAccount, ReceiptLine, ReceiptSheet, ReceiptTender
from caudal.documents.till_sheets import WithdrawalSheet
from caudal.kernel.models import Utility
from caudal.kernel.wording import in_reading_case, month_span
from caudal.ledger.models import Allocation, Charge, Concept, DocumentKind
from caudal.registry import queries as registry

VERIFICATION: Final = "/v/"
# a receipt from before there were tills, and one of a channel that has no name any more
WINDOW: Final = "Ventanilla"


def sheet(*, receipt: Receipt, copy: int = 0, base: str = "") -> ReceiptSheet:
    """Everything the paper of a receipt says.

    :param copy: which reprint it is; 0 is the first paper
    :param base: where the public reaches this installation, if the utility did not say
    """
    found = Receipt.objects.select_related(
        "session__till", "settlement__channel", "reverses", "cancellation"
    ).get(pk=receipt.pk)
    utility = Utility.objects.filter(pk=1).only("is_practice", "public_url").first()
    address = (utility.public_url if utility else "") or base
    cancellation = getattr(found, "cancellation", None)
    return ReceiptSheet(
        issuer=issuers.issuer(),
        folio=found.folio,
        business_on=found.business_on,
        paid_at=localtime(found.paid_at),
        place=_place(found),
        cashier=clerk_name(username=found.received_by),
        accounts=tuple(_accounts(found)),
        total_cents=found.total_cents,
        tenders=tuple(
            ReceiptTender(
                name=each.get_kind_display(), amount_cents=each.amount_cents, given_cents=each.given_cents,
                reference=each.reference,
            )
            for each in found.tenders.order_by("id")
        ),
        verification=found.verification,
        verification_address=f"{address.rstrip('/')}{VERIFICATION}{found.verification}",
        cancels=found.reverses.folio if found.reverses else "",
        reason=found.reason,
        canceled_by=cancellation.folio if cancellation else "",
        canceled_on=cancellation.business_on if cancellation else None,
        copy=copy,
        is_practice=bool(utility and utility.is_practice),
    )  # fmt: skip


def withdrawal_sheet(*, withdrawal: CashWithdrawal, copy: int = 0) -> WithdrawalSheet:
    """Everything the paper of a withdrawal says."""
    utility = Utility.objects.filter(pk=1).only("is_practice").first()
    return WithdrawalSheet(
        issuer=issuers.issuer(),
        folio=withdrawal.folio,
        till=withdrawal.session.till.name,
        session=withdrawal.session_id,
        at=localtime(withdrawal.at),
        amount_cents=withdrawal.amount_cents,
        pieces=till_sheets.pieces_of(count=withdrawal.count) if withdrawal.count else (),
        handed_by=clerk_name(username=withdrawal.handed_by),
        received_by=clerk_name(username=withdrawal.received_by),
        copy=copy,
        is_practice=bool(utility and utility.is_practice),
    )


def clerk_name(*, username: str) -> str:
    """The name of who received it, or what they sign in with if they are gone."""
    clerk = Clerk.objects.filter(username=username).first()
    return clerk.full_name if clerk else username


def lines_of(*, payment: Payment) -> list[ReceiptLine]:
    """What a payment paid at its moment, by period and concept (centavos)."""
    standing = PaymentStanding.objects.filter(payment=payment).first()
    rows = Allocation.objects.filter(credit_id=payment.credit_id).order_by("id")
    then = _at_its_moment(rows, payment, standing)
    concepts = Concept.objects.in_bulk({row.concept_id for row in then})
    sums: dict[tuple[int, int], int] = {}
    for row in then:
        key = (int(row.period), row.concept_id)
        sums[key] = sums.get(key, 0) + row.amount_cents
    return [
        ReceiptLine(
            period=period, concept=concepts[concept].name, amount_cents=cents,
            is_surcharge=concepts[concept].kind == Concept.Kind.SURCHARGE,
        )
        for (period, concept), cents in sorted(sums.items(), key=lambda item: _order(item[0])) if cents
    ]  # fmt: skip


def _order(key: tuple[int, int]) -> tuple[bool, int, int]:
    period, concept = key
    return (period == 0, period, concept)


def _at_its_moment(
    rows: Iterable[Allocation], payment: Payment, standing: PaymentStanding | None
) -> list[Allocation]:
    """The allocations that were written with the payment.

    Later ones follow them: money in favor that met a bill, or what a cancellation took back. Those of the
    payment add up to what it did not leave in favor; without that figure, up to the first that was taken back.
    """
    then: list[Allocation] = []
    reached = 0
    wanted = payment.amount_cents - standing.in_favor_cents if standing else None
    for row in rows:
        if reached == wanted or (wanted is None and row.amount_cents < 0 < reached):
            break
        then.append(row)
        reached += row.amount_cents
    return then


def _accounts(receipt: Receipt) -> Iterable[ReceiptAccount]:
    payments = receipt.payments.select_related("account", "standing").order_by("account__number")
    sign = -1 if receipt.reverses_id else 1
    # a cancellation gives back what its receipt paid: the same lines, the other sign
    source = receipt.reverses or receipt
    originals = {each.account_id: each for each in source.payments.all()}
    forgiven = _forgiven(source) if sign > 0 else {}
    for payment in payments:
        original = originals[payment.account_id]
        lines = [
            ReceiptLine(
                period=line.period, concept=line.concept, amount_cents=sign * line.amount_cents,
                is_surcharge=line.is_surcharge,
            )
            for line in lines_of(payment=original)
        ]  # fmt: skip
        card = registry.account_card(account=payment.account, on=receipt.business_on)
        standing = getattr(payment, "standing", None)
        yield ReceiptAccount(
            number=payment.account.number,
            holder=in_reading_case(card.holder),
            place=in_reading_case(card.place),
            amount_cents=payment.amount_cents,
            lines=tuple(lines),
            in_favor_cents=payment.amount_cents - sum(line.amount_cents for line in lines),
            reductions_cents=_reductions(original) if sign > 0 else 0,
            balance_cents=standing.balance_cents if standing else None,
            forgiven=tuple(forgiven.get(payment.account_id, ())),
            ahead=_ahead(original) if sign > 0 else ("", 0),
        )


def _ahead(payment: Payment) -> tuple[str, int]:
    """`Por adelantado, enero a diciembre 2019`, and what those months cost; nothing if it paid none."""
    prepaid = Prepayment.objects.filter(payment=payment).first()
    if prepaid is None:
        return "", 0
    span = month_span(int(prepaid.months[0][0]), int(prepaid.months[-1][0]))
    return f"Por adelantado, {span}", sum(cents for _, cents in prepaid.months)


def _forgiven(receipt: Receipt) -> dict[int, list[tuple[str, int]]]:
    """What rules forgave with a receipt, by account: the name of the rule and how much (centavos)."""
    found: dict[int, list[tuple[str, int]]] = {}
    for waiver in Waiver.objects.filter(document=receipt.folio).select_related("campaign").order_by("id"):
        name = waiver.campaign.name if waiver.campaign else waiver.rule
        found.setdefault(waiver.account_id, []).append((name, waiver.cents))
    return found


def _reductions(payment: Payment) -> int:
    """Benefits and reductions inside the documents a payment paid (centavos, negative or zero)."""
    documents: Sequence[tuple[int, int, int]] = list(
        Allocation.objects.filter(credit_id=payment.credit_id, amount_cents__gt=0)
        .exclude(document_kind=DocumentKind.SURCHARGE)
        .values_list("period", "document_kind", "sequence")
        .distinct()
    )
    if not documents:
        return 0
    reducing = Charge.objects.filter(
        account_id=payment.account_id, period__in=[int(period) for period, _, _ in documents],
        amount_cents__lt=0,
    )  # fmt: skip
    paid = {(int(period), kind, sequence) for period, kind, sequence in documents}
    return sum(
        charge.amount_cents + charge.vat_cents
        for charge in reducing
        if (int(charge.period), charge.document_kind, charge.sequence) in paid and charge.reduces_id
    )


def _place(receipt: Receipt) -> str:
    if receipt.session:
        return receipt.session.till.name
    return receipt.settlement.channel.name if receipt.settlement else WINDOW
