"""Say that a place is never cut, whatever it owes: a hospital, a school, the home of somebody ill. And that it is no more."""

from datetime import datetime

from django.db import transaction

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.registry.models import ServicePoint


class CannotProtectServicePoint(Refusal): ...


@transaction.atomic
def protect_service_point(
    *, service_point: ServicePoint, protected_reason: str, reason: str, by: str, at: datetime
) -> ServicePoint:
    """Protect a place from every cut, or with an empty `protected_reason` let it be as any other.

    :param protected_reason: what it is: hospital, school, dialysis at home…
    :param reason: with what it was proved, or why it ends
    :raises CannotProtectServicePoint: if nothing changes, or no reason is given
    """
    told = " ".join(protected_reason.split())[:80]
    if not reason.strip():
        raise CannotProtectServicePoint(
            "Falta el motivo.", "Escriba con qué se acredita, o por qué termina.", field="reason"
        )
    point = ServicePoint.objects.select_for_update().get(pk=service_point.pk)
    if point.protected_reason == told:
        raise CannotProtectServicePoint(
            "La toma ya está así.", "Escriba otra protección, o déjela como está.", field="protected_reason"
        )
    before = point.protected_reason
    ServicePoint.objects.filter(pk=point.pk).update(protected_reason=told)
    audit.record(
        act="protect_service_point", by=by, at=at, object_kind="service_point", object_id=point.pk, reason=reason,
        before={"protected_reason": before}, after={"protected_reason": told},
    )  # fmt: skip
    point.refresh_from_db()
    return point
