"""Close a period once it is billed, and open the one door there is in a closed period: a re-read."""

from datetime import datetime

from django.db import IntegrityError, transaction

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.metering.commands.locking import hold_period
from caudal.metering.models import PeriodClosure, RereadRequest
from caudal.metering.policy import in_words
from caudal.registry.models import BillingCycle, ServicePoint
from caudal.rules.periods import Period


class CannotClosePeriod(Refusal): ...


class CannotRequestReread(Refusal): ...


@transaction.atomic
def close_period(*, cycle: BillingCycle, period: int, by: str, at: datetime) -> PeriodClosure:
    """Say that a period of a cycle is billed: no reading or consumption of it changes from now on.

    :raises CannotClosePeriod: if it is closed already
    """
    hold_period(cycle_id=cycle.pk, period=period)
    try:
        with transaction.atomic():
            closure = PeriodClosure.objects.create(
                cycle=cycle, period=Period(period), closed_at=at, closed_by=by
            )
    except IntegrityError:
        raise CannotClosePeriod(
            f"El periodo {in_words(period)} del ciclo {cycle.code} ya estaba cerrado.",
            "No hay nada que hacer.",
        ) from None
    audit.record(
        act="close_period", by=by, at=at, object_kind="cycle", object_id=cycle.code, after={"period": period}
    )
    return closure


@transaction.atomic
def request_reread(
    *, service_point: ServicePoint, period: int, reason: str, by: str, at: datetime
) -> RereadRequest:
    """Ask for a point to be read or assessed again; until it is settled its period takes corrections.

    Asked twice, the request that stands is given back.

    :raises CannotRequestReread: if no reason is given
    """
    if not reason.strip():
        raise CannotRequestReread("Falta el motivo.", "Escriba por qué se vuelve a leer.", field="reason")
    request, is_new = RereadRequest.objects.get_or_create(
        service_point=service_point,
        period=Period(period),
        settled_at=None,
        defaults={"reason": reason, "requested_at": at, "requested_by": by},
    )
    if is_new:
        audit.record(
            act="request_reread",
            by=by,
            at=at,
            object_kind="service_point",
            object_id=service_point.pk,
            after={"period": period},
            reason=reason,
        )
    return request


@transaction.atomic
def settle_reread(*, service_point: ServicePoint, period: int, by: str, at: datetime) -> int:
    """Close the door again, once its bill is issued. Returns how many requests were standing (0 or 1)."""
    return RereadRequest.objects.filter(
        service_point=service_point, period=period, settled_at__isnull=True
    ).update(settled_at=at, settled_by=by)
