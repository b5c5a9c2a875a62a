"""On which terms an account is served, and on which it was before."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from caudal.access.models import Clerk
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
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
) -> ServiceAgreement:
    """Change class, regime or both from a day on: one agreement ends, another starts, and a cut goes with it.

    :raises CannotChangeTerms: if there is no service that day, nothing changes, a later change is already
        written, or no reason is given
    """
    require_reason(reason=reason, refusal=CannotChangeTerms)
    current = agreement_locked(account=account, on=on, refusal=CannotChangeTerms)
    new_class = tariff_class or current.tariff_class
    new_regime = current.is_metered if is_metered is None else is_metered
    if (new_class.pk, new_regime) == (current.tariff_class_id, current.is_metered):
        raise CannotChangeTerms(
            f"La cuenta {account.number} ya tiene esa tarifa y ese régimen.",
            "Elija la tarifa o el régimen nuevos.",
        )
    if not may_cut(row=current, on=on):
        raise CannotChangeTerms(
            f"Las condiciones actuales empezaron el {current.effective_from:%d/%m/%Y}.",
            "La fecha del cambio debe ser posterior.", field="on",
        )  # fmt: skip
    ServiceAgreement.objects.filter(pk=current.pk).update(effective_to=on, end_reason=reason)
    successor = agree(
        refusal=CannotChangeTerms,
        account=account, service_point=current.service_point, tariff_class=new_class, is_metered=new_regime,
        effective_from=on, effective_to=current.effective_to, reason=reason, by=by,
    )  # fmt: skip
    _carry_interruption(of=current, to=successor, on=on)
    audit.record(
        act="change_terms", by=by, at=at, object_kind="account", object_id=account.number, reason=reason,
        before=terms_in_words(tariff_class=current.tariff_class, is_metered=current.is_metered),
        after={**terms_in_words(tariff_class=new_class, is_metered=new_regime), "on": str(on)},
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


def terms_in_words(*, tariff_class: TariffClass, is_metered: bool) -> dict[str, Any]:
    """Class and regime, as the audit keeps them."""
    return {"tariff_class": tariff_class.code, "is_metered": is_metered}
