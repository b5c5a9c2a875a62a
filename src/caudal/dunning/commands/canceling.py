"""A notice without effect: its cost, if it was charged, is taken back with it."""

from datetime import date, datetime

from django.db import transaction

from caudal.dunning.models import Notice, NoticeCancellation, NoticeCost
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.ledger.models import DocumentKind


class CannotCancelNotice(Refusal): ...


@transaction.atomic
def cancel_notice(*, notice: Notice, reason: str, on: date, at: datetime, by: str) -> NoticeCancellation:
    """Leave a notice without effect; what its cost had been paid becomes money in favor of the account.

    :raises CannotCancelNotice: without a reason, or if it was canceled before
    :raises CannotCancelCharges: if its cost went into an agreement, which has to end first
    """
    if not reason.strip():
        raise CannotCancelNotice("Falta el motivo.", "Escriba por qué se cancela.", field="reason")
    ledger.lock_accounts(account_ids=[notice.account_id])
    held = Notice.objects.select_related("account").get(pk=notice.pk)
    if hasattr(held, "cancellation"):
        raise CannotCancelNotice(
            f"La notificación {held.folio} ya está cancelada.", "No hace falta hacer más.", field="reason"
        )
    cost = NoticeCost.objects.filter(pk=held.pk).first()
    if cost:
        ledger.cancel_document_charges(
            account=held.account, period=0, document_kind=DocumentKind.FEE, sequence=cost.charge_sequence, on=on,
            at=at, by=by, reason=f"{held.folio}: {reason.strip()}",
        )  # fmt: skip
    cancellation = NoticeCancellation.objects.create(
        notice=held,
        reason=reason.strip()[:200],
        taken_back_cents=cost.amount_cents if cost else 0,
        on=on,
        at=at,
        by=by,
    )
    audit.record(
        act="cancel_notice", by=by, at=at, object_kind="notice", object_id=held.folio, reason=cancellation.reason,
        after={"taken_back_cents": cancellation.taken_back_cents},
    )  # fmt: skip
    return cancellation
