"""What one person may not do alone: another one, of a role that may, says yes. At the screen with a PIN, or from
their own device to a request. An approval is for one act on one object asked by one clerk, and serves once.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from caudal.access import pins, policy
from caudal.access.events import RequestGranted
from caudal.access.models import Approval, ApprovalDecision, ApprovalRequest, ApprovalUse, Clerk, SignIn
from caudal.kernel import audit, events
from caudal.kernel.refusals import Refusal

LIFE: Final = timedelta(hours=24)
# who came in at this device within these hours may be the same person with a second account
SAME_DEVICE: Final = timedelta(hours=12)


class CannotApprove(Refusal): ...


class CannotAsk(Refusal): ...


class NeedsApproval(Refusal): ...


def approve_present(
    *,
    act: str,
    approver: str,
    pin: str,
    asked_by: str,
    object_kind: str,
    object_id: object,
    reason: str,
    at: datetime,
    device: str = "",
    before: Any = None,
    after: Any = None,
) -> Approval:
    """Somebody who may do `act` stands here and types their PIN on the asker's screen.

    Call it before the command that uses the approval, not inside its transaction: a wrong PIN is counted even
    though it is refused.

    :raises CannotApprove: if the PIN is wrong or rests, the approver asked for it, may not do the act, or came in
        at this same device today; `field` is "pin", "approver" or "reason"
    """
    _require_reason(reason, CannotApprove)
    clerk = _approver(approver, act=act, asked_by=asked_by)
    _refuse_same_device(clerk.username, device=device, at=at)
    try:
        pins.check_pin(clerk=clerk, pin=pin, at=at)
    except pins.WrongPin as wrong:
        raise CannotApprove(wrong.what, wrong.remedy, field="pin") from None
    with transaction.atomic():
        return _written(
            Approval(
                act=act, object_kind=object_kind, object_id=str(object_id), asked_by=asked_by,
                approver=clerk.username, at=at, device=device, reason=reason, before=before, after=after,
            )
        )  # fmt: skip


@transaction.atomic
def ask(
    *,
    act: str,
    asked_by: str,
    object_kind: str,
    object_id: object,
    reason: str,
    at: datetime,
    device: str = "",
    before: Any = None,
    after: Any = None,
) -> ApprovalRequest:
    """Leave an act waiting until somebody who may do it decides, at most a day.

    :raises CannotAsk: if no reason is given, or the same is waiting already
    """
    _require_reason(reason, CannotAsk)
    same = waiting(at=at).filter(act=act, object_kind=object_kind, object_id=str(object_id))
    if any(each.after == after for each in same):
        raise CannotAsk(
            "Ya está pedido y espera respuesta.", "Avise a quien lo aprueba: le aparece en «Por aprobar»."
        )
    request = ApprovalRequest.objects.create(
        act=act, object_kind=object_kind, object_id=str(object_id), asked_by=asked_by, at=at, device=device,
        reason=reason, before=before, after=after,
    )  # fmt: skip
    audit.record(
        act="ask_for_approval", by=asked_by, at=at, object_kind=object_kind, object_id=object_id,
        before=before, after=after, reason=reason,
    )  # fmt: skip
    return request


@transaction.atomic
def decide(
    *, request: ApprovalRequest, is_granted: bool, by: str, at: datetime, device: str = "", reason: str = ""
) -> Approval | None:
    """Say yes or no to a request, from one's own device. A yes is announced, so that the act can be carried out.

    :raises CannotApprove: if it was decided or lapsed, one asked for it, may not do the act, or it is the device
        that asked
    """
    if request.at + LIFE <= at:
        raise CannotApprove("Esta solicitud ya venció.", "Pida que la hagan otra vez.")
    clerk = _approver(by, act=request.act, asked_by=request.asked_by)
    _refuse_device_of_asker(request, by=clerk.username, device=device, at=at)
    try:
        with transaction.atomic():
            ApprovalDecision.objects.create(
                request=request, is_granted=is_granted, by=clerk.username, at=at, device=device, reason=reason
            )
    except IntegrityError:
        raise CannotApprove("Alguien ya respondió esta solicitud.", "No hay nada que hacer.") from None
    if not is_granted:
        audit.record(
            act="deny_request", by=clerk.username, at=at, object_kind=request.object_kind,
            object_id=request.object_id, before=request.before, after=request.after, reason=reason,
        )  # fmt: skip
        return None
    approval = _written(
        Approval(
            act=request.act, object_kind=request.object_kind, object_id=request.object_id,
            asked_by=request.asked_by, approver=clerk.username, at=at, device=device, reason=request.reason,
            before=request.before, after=request.after, request=request,
        )
    )  # fmt: skip
    events.announce(RequestGranted(approval))
    return approval


@transaction.atomic
def use(
    *, approval: Approval | None, act: str, object_kind: str, object_id: object, asked_by: str, at: datetime
) -> None:
    """Spend an approval on its act. Called by the command that does the act, inside its transaction.

    :raises NeedsApproval: unless it is for this act on this object, asked by this clerk, given by another who
        may still do it, less than a day old, and never used
    """
    if approval is None:
        raise NeedsApproval(
            "Esto no lo puede hacer una sola persona.", f"Pida que apruebe: {names_of_approvers(act=act)}."
        )
    wanted = (act, object_kind, str(object_id), asked_by)
    if (approval.act, approval.object_kind, approval.object_id, approval.asked_by) != wanted:
        raise NeedsApproval("La aprobación es de otra operación.", "Pida una aprobación para esta.")
    if approval.approver == asked_by:
        raise NeedsApproval("Nadie aprueba lo que uno mismo pidió.", "Pídalo a otra persona.")
    if not approval.at <= at < approval.at + LIFE:
        raise NeedsApproval("La aprobación ya venció.", "Pida otra.")
    if not _people_who_may(act).filter(username=approval.approver).exists():
        raise NeedsApproval("Quien lo aprobó ya no puede aprobarlo.", "Pida otra aprobación.")
    try:
        with transaction.atomic():
            ApprovalUse.objects.create(approval=approval, at=at)
    except IntegrityError:
        raise NeedsApproval(
            "Esa aprobación ya se usó.", "Cada aprobación sirve una vez; pida otra."
        ) from None


def approvers(*, act: str, asked_by: str = "") -> list[Clerk]:
    """Who may say yes to an act, the likely one first: who did so last. Without the asker."""
    last = dict(Approval.objects.filter(act=act).values_list("approver").annotate(Max("at")))
    people = _people_who_may(act).exclude(username=asked_by)
    newest_first = sorted(
        people.order_by("first_name", "username"), key=lambda each: each.username not in last
    )
    known = [each for each in newest_first if each.username in last]
    return sorted(known, key=lambda each: last[each.username], reverse=True) + newest_first[len(known) :]


def names_of_approvers(*, act: str) -> str:
    """Whom to ask, for a sentence."""
    return ", ".join(each.full_name for each in approvers(act=act)[:3]) or "nadie tiene ese permiso todavía"


def waiting(*, at: datetime) -> QuerySet[ApprovalRequest]:
    """Requests nobody has decided and that have not lapsed, oldest first."""
    return ApprovalRequest.objects.filter(decision=None, at__gt=at - LIFE, at__lte=at).order_by("at", "id")


def _people_who_may(act: str) -> QuerySet[Clerk]:
    roles = [role for role, acts in policy.ACTS.items() if act in acts]
    return Clerk.objects.filter(is_active=True, role__in=roles)


def _approver(username: str, *, act: str, asked_by: str) -> Clerk:
    clerk = Clerk.objects.filter(username=username.strip().lower()).first()
    if clerk is None:
        raise CannotApprove(
            "Falta elegir quién aprueba.", "Elija a la persona de la lista.", field="approver"
        )
    if clerk.username == asked_by:
        raise CannotApprove(
            "Nadie aprueba lo que uno mismo pide.", "Pídalo a otra persona.", field="approver"
        )
    if not policy.may(clerk=clerk, act=act):
        raise CannotApprove(
            f"{clerk.full_name} no puede aprobar esto.", f"Puede aprobar: {names_of_approvers(act=act)}.",
            field="approver",
        )  # fmt: skip
    return clerk


def _refuse_same_device(username: str, *, device: str, at: datetime) -> None:
    if _came_in(username, device=device, since=at - SAME_DEVICE):
        raise CannotApprove(
            "Quien aprueba entró hoy con su usuario en este mismo equipo.",
            "Tiene que aprobar otra persona, o esta misma desde su propio equipo en «Por aprobar».",
            field="approver",
        )


def _refuse_device_of_asker(request: ApprovalRequest, *, by: str, device: str, at: datetime) -> None:
    is_the_device = bool(device) and device == request.device
    asker_was_here = _came_in(request.asked_by, device=device, since=at - SAME_DEVICE)
    if is_the_device or asker_was_here or _came_in(by, device=request.device, since=request.at - SAME_DEVICE):
        raise CannotApprove(
            "Se pidió desde este mismo equipo, o las dos personas usaron el mismo.",
            "Responda desde otro equipo, o que apruebe otra persona.",
            field="approver",
        )


def _came_in(username: str, *, device: str, since: datetime) -> bool:
    return bool(device) and SignIn.objects.filter(
        clerk__username=username, device=device, at__gt=since
    ).exists()  # fmt: skip


def _require_reason(reason: str, refusal: type[Refusal]) -> None:
    if not reason.strip():
        raise refusal("Falta el motivo.", "Escriba por qué se hace.", field="reason")


def _written(approval: Approval) -> Approval:
    approval.save(force_insert=True)
    audit.record(
        act="approve", by=approval.approver, at=approval.at, object_kind=approval.object_kind,
        object_id=approval.object_id, before=approval.before, after=approval.after,
        reason=f"Lo pidió {approval.asked_by}: {approval.reason}",
    )  # fmt: skip
    return approval
