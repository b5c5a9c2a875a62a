"""Verbs over the people who work here: add, disable, enable, give another role or password."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from caudal.access.models import Clerk
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal


class CannotAddClerk(Refusal): ...


class CannotChangeClerk(Refusal): ...


@transaction.atomic
def add_clerk(
    *, username: str, full_name: str, role: str, password: str, by: str, at: datetime, email: str = ""
) -> Clerk:
    """Let a person sign in with a role.

    :raises CannotAddClerk: if the name is taken or missing, the role unknown or the password too weak
    """
    username = username.strip().lower()
    if not username or not full_name.strip():
        raise CannotAddClerk("Faltan el usuario o el nombre.", "Escriba los dos.", field="username")
    _require_role(role, CannotAddClerk)
    clerk = Clerk(username=username, first_name=full_name.strip()[:150], role=role, email=email)
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
        after={"name": full_name, "role": role},
    )  # fmt: skip
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
    return clerk


@transaction.atomic
def enable_clerk(*, username: str, reason: str, by: str, at: datetime) -> Clerk:
    """Let a disabled person sign in again.

    :raises CannotChangeClerk: if there is no such person, they are not disabled, or no reason is given
    """
    if not reason.strip():
        raise CannotChangeClerk("Falta el motivo.", "Escriba por qué vuelve.", field="reason")
    clerk = _locked(username)
    if clerk.is_active:
        raise CannotChangeClerk(f"{clerk.full_name} ya puede entrar.", "No hay nada que hacer.")
    _write(clerk, act="enable_clerk", by=by, at=at, reason=reason, is_active=True)
    return clerk


@transaction.atomic
def change_role(*, username: str, role: str, reason: str, by: str, at: datetime) -> Clerk:
    """Give a person another role.

    :raises CannotChangeClerk: if there is no such person or role, it is oneself, or no reason is given
    """
    if not reason.strip():
        raise CannotChangeClerk("Falta el motivo.", "Escriba por qué cambia de puesto.", field="reason")
    _require_role(role, CannotChangeClerk)
    clerk = _locked(username)
    if clerk.username == by:
        raise CannotChangeClerk("Nadie puede cambiarse de puesto a sí mismo.", "Pídalo a otra persona.")
    _write(clerk, act="change_role", by=by, at=at, reason=reason, role=role)
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
    audit.record(act="set_password", by=by, at=at, object_kind="clerk", object_id=clerk.username)
    return clerk


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
        reason=reason,
    )  # fmt: skip


def _require_role(role: str, refusal: type[Refusal]) -> None:
    if role not in Clerk.Role.values:
        raise refusal(
            f"No existe el puesto «{role}».", f"Puede ser: {', '.join(Clerk.Role.values)}.", field="role"
        )


def _require_password(password: str, clerk: Clerk, refusal: type[Refusal]) -> None:
    try:
        validate_password(password, clerk)
    except ValidationError as weak:
        raise refusal("La contraseña es débil.", " ".join(weak.messages), field="password") from None
