"""On which terms an account is served, and on which it was before. What may lower its bill takes two people."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from caudal.access import approvals
from caudal.access import policy as acts
from caudal.access.models import Approval, ApprovalRequest, Clerk
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.registry import pricing
from caudal.registry.commands.locking import agreement_locked, may_cut, require_reason
from caudal.registry.models import Account, ServiceAgreement, ServiceInterruption, ServicePoint, TariffClass


class CannotChangeTerms(Refusal): ...


@transaction.atomic
def change_terms(
    *,
    account: Account,
    on: date,
    reason: str,
    by: str,
    at: datetime,
    tariff_class: TariffClass | None = None,
    is_metered: bool | None = None,
    approval: Approval | None = None,
) -> ServiceAgreement:
    """Change class, regime or both from a day on: one agreement ends, another starts, and a cut goes with it.

    :param approval: of `APPROVE_TERMS` for this very change; not needed when no month can become cheaper
    :raises CannotChangeTerms: if there is no service that day, nothing changes, a later change is already
        written, or no reason is given
    :raises NeedsApproval: if it may lower the bill and nobody else approved it
    """
    current, change = _sound_change(account, on, reason, tariff_class, is_metered)
    if approval is not None or pricing.may_lower(change=change):
        approvals.use(
            approval=approval, act=acts.APPROVE_TERMS, object_kind="account", object_id=account.number,
            asked_by=by, at=at,
        )  # fmt: skip
    if approval is not None and approval.after != change.after:
        raise approvals.NeedsApproval("La aprobación es de otro cambio.", "Pida una aprobación para este.")
    return _changed(
        current, change, reason=reason, by=by, at=at, approved_by=approval.approver if approval else ""
    )


@transaction.atomic
def restate_terms(
    *,
    account: Account,
    on: date,
    reason: str,
    by: str,
    at: datetime,
    tariff_class: TariffClass,
    is_metered: bool,
) -> ServiceAgreement:
    """Bring class and regime up to what an older registry says: the file as a whole was rehearsed and accepted.

    Only for what is brought in; at a desk it is `change_terms`.

    :raises CannotChangeTerms: as `change_terms`
    """
    current, change = _sound_change(account, on, reason, tariff_class, is_metered)
    return _changed(current, change, reason=reason, by=by, at=at)


@transaction.atomic
def ask_to_change_terms(
    *,
    account: Account,
    on: date,
    reason: str,
    by: str,
    at: datetime,
    device: str = "",
    tariff_class: TariffClass | None = None,
    is_metered: bool | None = None,
) -> ApprovalRequest:
    """Leave a change waiting in «Por aprobar»; a yes carries it out.

    :raises CannotChangeTerms: as `change_terms`
    :raises CannotAsk: if the same is waiting already
    """
    _, change = _sound_change(account, on, reason, tariff_class, is_metered)
    return approvals.ask(
        act=acts.APPROVE_TERMS, asked_by=by, object_kind="account", object_id=account.number, reason=reason, at=at,
        device=device, before=change.before, after=change.after,
    )  # fmt: skip


def approve_terms(
    *,
    account: Account,
    on: date,
    reason: str,
    by: str,
    at: datetime,
    approver: str,
    pin: str,
    device: str = "",
    tariff_class: TariffClass | None = None,
    is_metered: bool | None = None,
) -> Approval:
    """Somebody who stands here approves, with their PIN, the change that `by` is about to make.

    :raises CannotChangeTerms: as `change_terms`
    :raises CannotApprove: as `approvals.approve_present`
    """
    with transaction.atomic():
        _, change = _sound_change(account, on, reason, tariff_class, is_metered)
    return approvals.approve_present(
        act=acts.APPROVE_TERMS, approver=approver, pin=pin, asked_by=by, object_kind="account",
        object_id=account.number, reason=reason, at=at, device=device, before=change.before, after=change.after,
    )  # fmt: skip


def _sound_change(
    account: Account, on: date, reason: str, tariff_class: TariffClass | None, is_metered: bool | None
) -> tuple[ServiceAgreement, pricing.TermsChange]:
    require_reason(reason=reason, refusal=CannotChangeTerms)
    current = agreement_locked(account=account, on=on, refusal=CannotChangeTerms)
    change = pricing.TermsChange(
        account=account, on=on, old_class=current.tariff_class, old_is_metered=current.is_metered,
        new_class=tariff_class or current.tariff_class,
        new_is_metered=current.is_metered if is_metered is None else is_metered,
    )  # fmt: skip
    if change.before == pricing.terms_in_words(
        tariff_class=change.new_class, is_metered=change.new_is_metered
    ):
        raise CannotChangeTerms(
            f"La cuenta {account.number} ya tiene esa tarifa y ese régimen.",
            "Elija la tarifa o el régimen nuevos.",
        )
    if not may_cut(row=current, on=on):
        raise CannotChangeTerms(
            f"Las condiciones actuales empezaron el {current.effective_from:%d/%m/%Y}.",
            "La fecha del cambio debe ser posterior.", field="on",
        )  # fmt: skip
    return current, change


def _changed(
    current: ServiceAgreement,
    change: pricing.TermsChange,
    *,
    reason: str,
    by: str,
    at: datetime,
    approved_by: str = "",
) -> ServiceAgreement:
    ServiceAgreement.objects.filter(pk=current.pk).update(effective_to=change.on, end_reason=reason)
    successor = agree(
        refusal=CannotChangeTerms,
        account=change.account, service_point=current.service_point, tariff_class=change.new_class,
        is_metered=change.new_is_metered, effective_from=change.on, effective_to=current.effective_to,
        reason=reason, by=by,
    )  # fmt: skip
    _carry_interruption(of=current, to=successor, on=change.on)
    approved = {"approved_by": approved_by} if approved_by else {}
    audit.record(
        act="change_terms", by=by, at=at, object_kind="account", object_id=change.account.number, reason=reason,
        before=change.before, after={**change.after, **approved},
    )  # fmt: skip
    return successor


def agree(*, service_point: ServicePoint, by: str, refusal: type[Refusal], **terms: Any) -> ServiceAgreement:
    """Write an agreement at a point.

    :raises Refusal: of the class given, if the point serves an account in those days
    """
    try:
        with transaction.atomic():
            return ServiceAgreement.objects.create(
                service_point=service_point, agreed_by=Clerk.objects.filter(username=by).first(), **terms
            )
    except IntegrityError:
        other = (
            ServiceAgreement.objects.filter(service_point=service_point).order_by("-effective_from").first()
        )
        number = other.account.number if other else "otra"
        raise refusal(
            f"La toma ya tiene un contrato en esas fechas: la cuenta {number}.",
            "Dé de baja esa cuenta antes, o abra esta con una fecha posterior.", field="place",
        ) from None  # fmt: skip


def _carry_interruption(*, of: ServiceAgreement, to: ServiceAgreement, on: date) -> None:
    """A cut goes on under the new terms. One that was written for later moves over whole."""
    ServiceInterruption.objects.filter(agreement=of, effective_from__gte=on).update(agreement=to)
    for cut in ServiceInterruption.objects.filter(agreement=of).in_effect(on=on):
        ServiceInterruption.objects.filter(pk=cut.pk).update(effective_to=on)
        ServiceInterruption.objects.create(
            agreement=to, kind=cut.kind, effective_from=on, effective_to=cut.effective_to, reason=cut.reason,
            ordered_by=cut.ordered_by,
        )  # fmt: skip
