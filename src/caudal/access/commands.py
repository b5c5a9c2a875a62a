"""Verbs over the people who work here: add, disable, enable, give another role, password or telephone.

Whoever manages people never decides alone who gets in: from a page, a new clerk, another role, a return or another
telephone wait for the yes of who may approve it. At the terminal of the server they are done at once, and the
audit says so.
"""

from datetime import datetime
from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from caudal.access import approvals, policy, second_factor, sessions
from caudal.access.models import Approval, ApprovalRequest, Clerk
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal

AT_TERMINAL: Final = "Hecho en la terminal del servidor, sin aprobación de otra persona."
ENABLED: Final = {"is_active": True}
NEW_PHONE: Final = {"second_factor": "reset"}


class CannotAddClerk(Refusal): ...


class CannotChangeClerk(Refusal): ...


@transaction.atomic
def add_clerk(
    *,
    username: str,
    full_name: str,
    role: str,
    password: str,
    by: str,
    at: datetime,
    email: str = "",
    reason: str = "",
    device: str = "",
    is_at_terminal: bool = False,
) -> Clerk:
    """Let a person sign in with a role: at once from the terminal; otherwise when another person approves it.

    :raises CannotAddClerk: if the name is taken or missing, the role unknown or the password too weak
    :raises CannotAsk: if it needs approval and no reason is given
    """
    username = username.strip().lower()
    if not username or not full_name.strip():
        raise CannotAddClerk("Faltan el usuario o el nombre.", "Escriba los dos.", field="username")
    _require_role(role, CannotAddClerk)
    clerk = Clerk(
        username=username, first_name=full_name.strip()[:150], role=role, email=email, is_active=is_at_terminal
    )  # fmt: skip
    _require_username(clerk)
    _require_password(password, clerk, CannotAddClerk)
    clerk.set_password(password)
    try:
        with transaction.atomic():
            clerk.save(force_insert=True)
    except IntegrityError:
        raise CannotAddClerk(
            f"El usuario {username} ya existe.", "Elija otro nombre de usuario.", field="username"
        ) from None
    audit.record(
        act="add_clerk", by=by, at=at, object_kind="clerk", object_id=username,
        after={"name": full_name, "role": role, "is_active": is_at_terminal},
        reason=AT_TERMINAL if is_at_terminal else reason,
    )  # fmt: skip
    if not is_at_terminal:
        _ask(clerk, reason=reason, by=by, at=at, device=device, before={"is_active": False}, after=ENABLED)
    return clerk


@transaction.atomic
def disable_clerk(*, username: str, reason: str, by: str, at: datetime) -> Clerk:
    """Stop a person from signing in; what they did keeps their name. Their open sessions end.

    :raises CannotChangeClerk: if there is no such person, they are disabled already, it is oneself, or no
        reason is given
    """
    if not reason.strip():
        raise CannotChangeClerk("Falta el motivo.", "Escriba por qué se da de baja.", field="reason")
    clerk = _locked(username)
    if clerk.username == by:
        raise CannotChangeClerk("Nadie puede darse de baja a sí mismo.", "Pídalo a otra persona.")
    if not clerk.is_active:
        raise CannotChangeClerk(f"{clerk.full_name} ya estaba de baja.", "No hay nada que hacer.")
    _write(clerk, act="disable_clerk", by=by, at=at, reason=reason, is_active=False)
    sessions.end_all(clerk=clerk)
    return clerk


@transaction.atomic
def ask_to_enable(*, username: str, reason: str, by: str, at: datetime, device: str = "") -> ApprovalRequest:
    """Ask that a disabled person may sign in again.

    :raises CannotChangeClerk: if there is no such person, or they are not disabled
    :raises CannotAsk: if no reason is given, or it is asked already
    """
    clerk = _locked(username)
    _require_disabled(clerk)
    return _ask(clerk, reason=reason, by=by, at=at, device=device, before={"is_active": False}, after=ENABLED)


@transaction.atomic
def enable_clerk(
    *,
    username: str,
    reason: str,
    by: str,
    at: datetime,
    approval: Approval | None = None,
    is_at_terminal: bool = False,
) -> Clerk:
    """Let a disabled person sign in again.

    :raises CannotChangeClerk: if there is no such person, they are not disabled, or no reason is given
    :raises NeedsApproval: if nobody else approved exactly this
    """
    if not reason.strip():
        raise CannotChangeClerk("Falta el motivo.", "Escriba por qué vuelve.", field="reason")
    clerk = _locked(username)
    _require_disabled(clerk)
    note = _authorized(clerk, change=ENABLED, by=by, at=at, approval=approval, is_at_terminal=is_at_terminal)
    _write(clerk, act="enable_clerk", by=by, at=at, reason=f"{reason} {note}", is_active=True)
    return clerk


@transaction.atomic
def ask_for_role(
    *, username: str, role: str, reason: str, by: str, at: datetime, device: str = ""
) -> ApprovalRequest:
    """Ask that a person be given another role.

    :raises CannotChangeClerk: if there is no such person or role, it is oneself, or the role is theirs already
    :raises CannotAsk: if no reason is given, or it is asked already
    """
    clerk = _locked(username)
    _require_other_role(clerk, role=role, by=by)
    return _ask(
        clerk, reason=reason, by=by, at=at, device=device, before={"role": clerk.role}, after={"role": role}
    )


@transaction.atomic
def change_role(
    *,
    username: str,
    role: str,
    reason: str,
    by: str,
    at: datetime,
    approval: Approval | None = None,
    is_at_terminal: bool = False,
) -> Clerk:
    """Give a person another role. Their open sessions end: they come in again as what they are now.

    :raises CannotChangeClerk: if there is no such person or role, it is oneself, the role is theirs already, or
        no reason is given
    :raises NeedsApproval: if nobody else approved exactly this
    """
    if not reason.strip():
        raise CannotChangeClerk("Falta el motivo.", "Escriba por qué cambia de puesto.", field="reason")
    clerk = _locked(username)
    _require_other_role(clerk, role=role, by=by)
    note = _authorized(
        clerk, change={"role": role}, by=by, at=at, approval=approval, is_at_terminal=is_at_terminal
    )
    _write(clerk, act="change_role", by=by, at=at, reason=f"{reason} {note}", role=role)
    sessions.end_all(clerk=clerk)
    return clerk


@transaction.atomic
def set_password(*, username: str, password: str, by: str, at: datetime) -> Clerk:
    """Give a person another password; their open sessions end. The audit never holds the password.

    :raises CannotChangeClerk: if there is no such person or the password is too weak
    """
    clerk = _locked(username)
    _require_password(password, clerk, CannotChangeClerk)
    clerk.set_password(password)
    Clerk.objects.filter(pk=clerk.pk).update(password=clerk.password)
    sessions.end_all(clerk=clerk)
    audit.record(act="set_password", by=by, at=at, object_kind="clerk", object_id=clerk.username)
    return clerk


@transaction.atomic
def ask_to_reset_second_factor(
    *, username: str, reason: str, by: str, at: datetime, device: str = ""
) -> ApprovalRequest:
    """Ask that a person may enroll another telephone: with a new password too, it would open their account.

    :raises CannotChangeClerk: if there is no such person, or they have no telephone enrolled
    :raises CannotAsk: if no reason is given, or it is asked already
    """
    clerk = _locked(username)
    _require_enrolled(clerk)
    return _ask(clerk, reason=reason, by=by, at=at, device=device, before=None, after=NEW_PHONE)


@transaction.atomic
def reset_second_factor(
    *,
    username: str,
    reason: str,
    by: str,
    at: datetime,
    approval: Approval | None = None,
    is_at_terminal: bool = False,
) -> Clerk:
    """Take a person's telephone and recovery codes away: the next time they enroll another. Their sessions end.

    :raises CannotChangeClerk: if there is no such person, they have no telephone enrolled, or no reason is given
    :raises NeedsApproval: if nobody else approved exactly this
    """
    if not reason.strip():
        raise CannotChangeClerk("Falta el motivo.", "Escriba qué pasó con el teléfono.", field="reason")
    clerk = _locked(username)
    _require_enrolled(clerk)
    note = _authorized(
        clerk, change=NEW_PHONE, by=by, at=at, approval=approval, is_at_terminal=is_at_terminal
    )
    second_factor.forget(clerk=clerk)
    sessions.end_all(clerk=clerk)
    audit.record(
        act="reset_second_factor", by=by, at=at, object_kind="clerk", object_id=clerk.username,
        reason=f"{reason} {note}".strip(),
    )  # fmt: skip
    return clerk


def _ask(
    clerk: Clerk, *, reason: str, by: str, at: datetime, device: str, before: Any, after: Any
) -> ApprovalRequest:
    return approvals.ask(
        act=policy.APPROVE_CLERKS, asked_by=by, object_kind="clerk", object_id=clerk.username, reason=reason,
        at=at, device=device, before=before, after=after,
    )  # fmt: skip


def _authorized(
    clerk: Clerk,
    *,
    change: dict[str, Any],
    by: str,
    at: datetime,
    approval: Approval | None,
    is_at_terminal: bool,
) -> str:
    """Refuse a change nobody else approved → what the audit adds to its reason."""
    if is_at_terminal:
        return AT_TERMINAL
    approvals.use(
        approval=approval, act=policy.APPROVE_CLERKS, object_kind="clerk", object_id=clerk.username, asked_by=by,
        at=at,
    )  # fmt: skip
    assert approval is not None
    if approval.after != change:
        raise approvals.NeedsApproval("La aprobación es de otro cambio.", "Pida una aprobación para este.")
    if approval.approver == clerk.username:
        raise CannotChangeClerk("Nadie aprueba un cambio en su propio acceso.", "Pídalo a otra persona.")
    return f"Aprobó {approval.approver}."


def _locked(username: str) -> Clerk:
    clerk = Clerk.objects.select_for_update().filter(username=username.strip().lower()).first()
    if clerk is None:
        raise CannotChangeClerk(f"No hay ningún usuario «{username}».", "Revise el nombre de usuario.")
    return clerk


def _write(clerk: Clerk, *, act: str, by: str, at: datetime, reason: str, **values: object) -> None:
    before = {name: getattr(clerk, name) for name in values}
    Clerk.objects.filter(pk=clerk.pk).update(**values)
    clerk.refresh_from_db()
    audit.record(
        act=act, by=by, at=at, object_kind="clerk", object_id=clerk.username, before=before, after=values,
        reason=reason.strip(),
    )  # fmt: skip


def _require_role(role: str, refusal: type[Refusal]) -> None:
    if role not in Clerk.Role.values:
        raise refusal(
            f"No existe el puesto «{role}».", f"Puede ser: {', '.join(Clerk.Role.values)}.", field="role"
        )


def _require_other_role(clerk: Clerk, *, role: str, by: str) -> None:
    _require_role(role, CannotChangeClerk)
    if clerk.username == by:
        raise CannotChangeClerk("Nadie puede cambiarse de puesto a sí mismo.", "Pídalo a otra persona.")
    if clerk.role == role:
        raise CannotChangeClerk(
            f"{clerk.full_name} ya tiene ese puesto.", "Elija otro.", field="role"
        )  # fmt: skip


def _require_disabled(clerk: Clerk) -> None:
    if clerk.is_active:
        raise CannotChangeClerk(f"{clerk.full_name} ya puede entrar.", "No hay nada que hacer.")


def _require_enrolled(clerk: Clerk) -> None:
    if not second_factor.is_enrolled(clerk=clerk):
        raise CannotChangeClerk(
            f"{clerk.full_name} no tiene teléfono registrado.", "Lo registra la próxima vez que entre."
        )


def _require_username(clerk: Clerk) -> None:
    try:
        clerk.clean_fields(exclude=[field.name for field in Clerk._meta.fields if field.name != "username"])
    except ValidationError:
        raise CannotAddClerk(
            "El usuario solo lleva letras, números y . - _ @ +.", "Quite los espacios.", field="username"
        ) from None


def _require_password(password: str, clerk: Clerk, refusal: type[Refusal]) -> None:
    try:
        validate_password(password, clerk)
    except ValidationError as weak:
        raise refusal("La contraseña es débil.", " ".join(weak.messages), field="password") from None
