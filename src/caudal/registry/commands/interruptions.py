"""Stop a service for a time, let it flow again, and move its stop on the reader's walk."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.registry.commands.locking import account_locked, agreement_locked
from caudal.registry.models import Account, Route, ServiceInterruption, ServicePoint


class CannotInterruptService(Refusal): ...


class CannotRestoreService(Refusal): ...


class CannotMoveServicePoint(Refusal): ...


@transaction.atomic
def interrupt_service(
    *,
    account: Account,
    on: date,
    reason: str,
    by: str,
    at: datetime,
    kind: str = ServiceInterruption.Kind.CUT,
) -> ServiceInterruption:
    """Write that the service does not flow from a day on: cut for debt, or closed for a time on request.

    :raises CannotInterruptService: if there is no service that day, it is already interrupted, or no reason
    """
    if not reason.strip():
        raise CannotInterruptService("Falta el motivo.", "Escriba la orden o la solicitud.", field="reason")
    agreement = agreement_locked(account=account, on=on, refusal=CannotInterruptService)
    try:
        with transaction.atomic():
            cut = ServiceInterruption.objects.create(
                agreement=agreement, kind=kind, effective_from=on, effective_to=agreement.effective_to,
                reason=reason, ordered_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise CannotInterruptService(
            f"El servicio de la cuenta {account.number} ya está suspendido.",
            "Registre primero la reconexión, o revise la fecha.", field="on",
        ) from None  # fmt: skip
    audit.record(
        act="interrupt_service", by=by, at=at, object_kind="account", object_id=account.number, reason=reason,
        after={"kind": kind, "on": str(on)},
    )  # fmt: skip
    return cut


@transaction.atomic
def restore_service(
    *, account: Account, on: date, by: str, at: datetime, reason: str = ""
) -> ServiceInterruption:
    """Write that the service flows again from a day on. What began that same day stays written and never took effect.

    :raises CannotRestoreService: if the service is not interrupted that day
    """
    account_locked(account=account)
    cut: ServiceInterruption | None = (
        ServiceInterruption.objects.filter(agreement__account=account).in_effect(on=on).first()
    )
    if cut is None:
        raise CannotRestoreService(
            f"El servicio de la cuenta {account.number} no está suspendido el {on:%d/%m/%Y}.",
            "Revise la cuenta y la fecha.", field="on",
        )  # fmt: skip
    ServiceInterruption.objects.filter(pk=cut.pk).update(effective_to=on)
    audit.record(
        act="restore_service", by=by, at=at, object_kind="account", object_id=account.number, reason=reason,
        before={"kind": cut.kind, "since": str(cut.effective_from)}, after={"on": str(on)},
    )  # fmt: skip
    cut.refresh_from_db()
    return cut


@transaction.atomic
def move_on_route(
    *, service_point: ServicePoint, route: Route, walk_sequence: int, reason: str, by: str, at: datetime
) -> ServicePoint:
    """Give a stop another place on a walk. The account number does not change with it.

    :raises CannotMoveServicePoint: if it is there already, or no reason is given
    """
    if not reason.strip():
        raise CannotMoveServicePoint("Falta el motivo.", "Escriba por qué se mueve.", field="reason")
    point = ServicePoint.objects.select_for_update().select_related("route").get(pk=service_point.pk)
    if (point.route_id, point.walk_sequence) == (route.pk, walk_sequence):
        raise CannotMoveServicePoint(
            "La toma ya está en ese lugar de la ruta.", "Elija otra ruta o secuencia."
        )
    before = {"route": point.route.code, "walk_sequence": point.walk_sequence}
    ServicePoint.objects.filter(pk=point.pk).update(route=route, walk_sequence=walk_sequence)
    audit.record(
        act="move_on_route", by=by, at=at, object_kind="service_point", object_id=point.pk, reason=reason,
        before=before, after={"route": route.code, "walk_sequence": walk_sequence},
    )  # fmt: skip
    point.refresh_from_db()
    return point
