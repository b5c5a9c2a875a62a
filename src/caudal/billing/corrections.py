"""Taking a bill back and issuing it again: both papers stay, and the ledger shows both movements."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q

from caudal.billing import singles
from caudal.billing.models import Bill, BillCancellation, BillingRun
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.ledger import queries as ledger_queries
from caudal.ledger.models import Allocation, Charge, Credit, DocumentKind
from caudal.registry.models import Account
from caudal.rules.periods import Period

KINDS = (DocumentKind.BILL, DocumentKind.REGULARIZATION)


class CannotCancelBill(Refusal): ...


class CannotRebill(Refusal): ...


@dataclass(frozen=True, slots=True)
class Rebilled:
    """The key of a bill issued again, and its total (centavos)."""

    period: int
    account_id: int
    revision: int
    total_cents: int


@transaction.atomic
def cancel_bill(
    *, account: Account, period: int, reason: str, authorized_by: str, on: date, at: datetime
) -> BillCancellation:
    """Cancel the newest bill of an account and period, if nobody paid of it; its charges are credited back,
    and with them the surcharges that a payment (since taken back) had made charges.

    :raises SettledByRunInHand: if a run that is computed and not issued settles its estimate
    :raises CannotCancelBill: without a reason or a bill; if it is canceled, was paid in part, or charged nothing
    """
    if not reason.strip():
        raise CannotCancelBill("Falta el motivo.", "Escriba por qué se cancela.", field="reason")
    account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    bill = _newest(account, period)
    if bill is None:
        raise CannotCancelBill(
            f"La cuenta {account.number} no tiene recibo de {_words(period)}.",
            "Revise la cuenta y el periodo.",
        )
    _require_uncanceled(account, bill)
    singles.require_no_run_in_hand(service_point_id=bill.service_point_id, period=int(bill.period))
    targets = _targets(account, bill)
    total = sum(target.amount_cents for target in targets)
    ledger.post_credit(
        account=account,
        kind=Credit.Kind.BILL_CANCELLATION,
        amount_cents=total,
        on=on,
        at=at,
        by=authorized_by,
        document=f"{account.number}/{bill.period}/{bill.revision}",
        targets=targets,
        sources=_sources(account, bill, targets),
        reason=reason,
    )
    canceled = BillCancellation.objects.create(
        period=bill.period,
        account=account,
        revision=bill.revision,
        on=on,
        reason=reason,
        authorized_by=authorized_by,
    )
    audit.record(
        act="billing.cancel", by=authorized_by, at=at, object_kind="account", object_id=account.number,
        before={"period": int(bill.period), "revision": bill.revision, "total_cents": bill.total_cents},
        reason=reason,
    )  # fmt: skip
    return canceled


@transaction.atomic
def rebill(*, account: Account, period: int, by: str, on: date, at: datetime) -> Rebilled:
    """Issue again a bill that was canceled, as the next revision, with what is known of it today.

    :raises CannotRebill: if its newest bill is not canceled, or the account can no longer be billed
    """
    account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    bill = _newest(account, period)
    if bill is None or not _is_canceled(account, bill):
        raise CannotRebill(
            f"El recibo de {_words(period)} de la cuenta {account.number} no está cancelado.",
            "Cancélelo primero: así quedan los dos y se sabe por qué.",
        )
    run = BillingRun.objects.select_related("cycle", "book").get(pk=bill.run_id)
    computed = singles.compute_again(run=run, account=account, on=on, revision=bill.revision + 1)
    if not computed.bills["account_id"].size:
        raise CannotRebill(
            f"La cuenta {account.number} ya no tiene qué facturar de {_words(period)}.",
            "Revise su servicio, su consumo y el libro de tarifas de ese periodo.",
        )
    total = singles.post_now(run=run, account=account, computed=computed, by=by, at=at)
    audit.record(
        act="billing.rebill", by=by, at=at, object_kind="account", object_id=account.number,
        after={"period": int(bill.period), "revision": bill.revision + 1, "total_cents": total},
    )  # fmt: skip
    return Rebilled(int(bill.period), account.pk, bill.revision + 1, total)


def _newest(account: Account, period: int) -> Bill | None:
    bills = Bill.objects.filter(period=int(period), account_id=account.pk)
    newest = bills.aggregate(revision=Max("revision"))["revision"]
    return None if newest is None else bills.get(revision=newest)


def _is_canceled(account: Account, bill: Bill) -> bool:
    return BillCancellation.objects.filter(
        account=account, period=bill.period, revision=bill.revision
    ).exists()


def _require_uncanceled(account: Account, bill: Bill) -> None:
    if _is_canceled(account, bill):
        raise CannotCancelBill(
            f"El recibo de {_words(bill.period)} de la cuenta {account.number} ya está cancelado.",
            "Si hace falta, refactúrelo.",
        )
    # surcharges that became charges belong to the period's bill: they were owed because it was
    paid = Allocation.objects.filter(
        Q(document_kind=DocumentKind.SURCHARGE) | Q(document_kind__in=KINDS, sequence=bill.revision),
        account_id=account.pk,
        period=bill.period,
    ).exclude(credit__kind=Credit.Kind.BILL_CANCELLATION)
    if sum(paid.values_list("amount_cents", flat=True)):
        raise CannotCancelBill(
            f"El recibo de {_words(bill.period)} de la cuenta {account.number} ya tiene pagos.",
            "Cancele primero el pago, o registre un ajuste.",
        )
    if bill.total_cents <= 0:
        raise CannotCancelBill(
            f"El recibo de {_words(bill.period)} de la cuenta {account.number} no cobró nada.",
            "Si está mal, corrija con un ajuste o con el recibo siguiente.",
        )


def _targets(account: Account, bill: Bill) -> list[ledger.Target]:
    return [
        ledger.Target(item.period, item.document_kind, item.sequence, item.concept_id, item.open_cents)
        for item in ledger_queries.open_items(account_id=account.pk)
        if item.period == bill.period
        and (
            item.document_kind == DocumentKind.SURCHARGE
            or (item.document_kind in KINDS and item.sequence == bill.revision)
        )
    ]


def _sources(account: Account, bill: Bill, targets: list[ledger.Target]) -> list[ledger.Source]:
    """The revenue that is taken back: just what the bill's charges and its surcharges had brought, by concept."""
    charges = Charge.objects.filter(
        period=bill.period, account_id=account.pk, document_kind__in=KINDS, sequence=bill.revision
    )
    return [
        ledger.Source(concept, amount, vat)
        for concept, amount, vat in charges.values_list("concept_id", "amount_cents", "vat_cents")
    ] + [
        ledger.Source(target.concept_id, target.amount_cents)
        for target in targets
        if target.document_kind == DocumentKind.SURCHARGE
    ]


def _words(period: int) -> str:
    month = Period(period)
    return f"{month.month:02d}/{month.year}"
