"""Let a phone in, and put it out."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from caudal.access import policy as acts
from caudal.access.models import Clerk
from caudal.fieldwork import policy, sealing
from caudal.fieldwork.models import Device, EnrollmentCode
from caudal.kernel import audit, folios
from caudal.kernel.refusals import Refusal

CODE_LIVES: Final = timedelta(minutes=15)
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another
_GROUPS: Final = 3
_NAME_LENGTH: Final = 80


class CannotEnrollDevice(Refusal):
    """The code does not open, or whoever would carry the phone does not work in the street."""


class CannotRevokeDevice(Refusal):
    """It was revoked before, or nobody says why."""


@transaction.atomic
def make_enrollment_code(*, clerk: Clerk, at: datetime, by: str) -> str:
    """A code for one phone of a person, good once and for fifteen minutes. It is shown now and never again.

    :raises CannotEnrollDevice: if that person does not work in the street
    """
    _require_worker(clerk)
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_GROUPS))
    EnrollmentCode.objects.create(
        code_hash=_hash(code), clerk=clerk, made_at=at, made_by=by, expires_at=at + CODE_LIVES
    )
    audit.record(act="make_enrollment_code", by=by, at=at, object_kind="clerk", object_id=clerk.username)
    return code


@transaction.atomic
def enroll_device(*, code: str, name: str, at: datetime) -> tuple[Device, str]:
    """Let a phone in with its code: the device, and what it will say to be itself, which is told only now.

    :raises CannotEnrollDevice: if there is no such code, it was used or is late, or the phone has no name
    """
    if not name.strip():
        raise CannotEnrollDevice(
            "Falta cómo se llama este teléfono.", "Escriba, por ejemplo, «Moto G de lecturas».", field="name"
        )
    held = (
        EnrollmentCode.objects.select_for_update(of=("self",))
        .select_related("clerk").filter(code_hash=_hash(code)).first()
    )  # fmt: skip
    if held is None or held.device_id or held.expires_at <= at:
        raise CannotEnrollDevice(
            "Ese código no sirve: ya se usó, ya venció o está mal escrito.", "Pida otro en la oficina.",
            field="enroll_code",
        )  # fmt: skip
    _require_worker(held.clerk)
    token = secrets.token_urlsafe(32)
    public, private = sealing.new_keys()
    device = Device.objects.create(
        code=policy.device_code(folios.take(series=policy.DEVICE_SERIES)), name=name.strip()[:_NAME_LENGTH],
        clerk=held.clerk, token_hash=policy.hash_of_token(token), enrolled_at=at, enrolled_by=held.made_by,
        share=secrets.token_hex(32), public_key=public, private_key=private, last_seen_at=at,
    )  # fmt: skip
    held.device = device
    held.save(update_fields=["device"])
    audit.record(
        act="enroll_device", by=held.made_by, at=at, object_kind="device", object_id=device.code,
        after={"name": device.name, "clerk": held.clerk.username},
    )  # fmt: skip
    return device, token


@transaction.atomic
def revoke_device(*, device: Device, reason: str, at: datetime, by: str) -> Device:
    """Put a phone out: from this moment nothing it asks is answered, and it wipes itself when it hears so.

    :raises CannotRevokeDevice: without a reason, or if it was revoked before
    """
    if not reason.strip():
        raise CannotRevokeDevice(
            "Falta el motivo.", "Escriba qué pasó: se perdió, se cambió…", field="reason"
        )
    held: Device = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
    if held.revoked_at:
        raise CannotRevokeDevice(
            f"El teléfono {held.code} ya estaba dado de baja.", "No hace falta otra vez.", field="reason"
        )
    held.revoked_at, held.revoked_by, held.revoked_reason = at, by, reason.strip()[:200]
    held.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    audit.record(
        act="revoke_device", by=by, at=at, object_kind="device", object_id=held.code, reason=held.revoked_reason
    )  # fmt: skip
    return held


def saw_device(*, device: Device, at: datetime) -> None:
    """Remember when a phone was last heard. It is a trace, not an act: the audit does not keep it."""
    Device.objects.filter(pk=device.pk).update(last_seen_at=at)


def _hash(code: str) -> str:
    """However it is typed: in small letters, without its dashes."""
    plain = "".join(each for each in code.upper() if each.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _require_worker(clerk: Clerk) -> None:
    if not acts.may(clerk=clerk, act=acts.WORK_IN_FIELD):
        raise CannotEnrollDevice(
            f"{clerk.full_name} no trabaja en la calle.", "Elija a un lecturista o a una cuadrilla.", field="clerk"
        )  # fmt: skip
