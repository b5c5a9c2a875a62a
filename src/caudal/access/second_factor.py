"""Six digits that change every half minute on one's telephone, and ten codes on paper for when it is lost."""

import secrets
from base64 import b32encode, b64encode
from datetime import datetime
from typing import Final

import zxingcpp
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from caudal.access import policy
from caudal.access.models import Clerk
from caudal.kernel import audit
from caudal.kernel.models import Utility
from caudal.kernel.refusals import Refusal

N_CODES: Final = 10
CODE_LENGTH: Final = 10
# without the letters and digits that are taken for one another on paper
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"


class WrongCode(Refusal): ...


def is_asked_of(*, clerk: Clerk) -> bool:
    """Whether this clerk comes in with a second factor here."""
    utility = Utility.objects.only("is_practice").first()
    return policy.asks_second_factor(role=clerk.role, is_practice=bool(utility and utility.is_practice))


def is_enrolled(*, clerk: Clerk) -> bool:
    """Whether a telephone was confirmed."""
    return bool(TOTPDevice.objects.filter(user=clerk, confirmed=True).exists())


def begin(*, clerk: Clerk) -> TOTPDevice:
    """The telephone to confirm; the same until it is, so that a reload does not change the picture."""
    device, _ = TOTPDevice.objects.get_or_create(user=clerk, confirmed=False, defaults={"name": "teléfono"})
    return device


def picture(*, device: TOTPDevice) -> str:
    """The QR that a telephone scans, as the address of an image."""
    code = zxingcpp.create_barcode(device.config_url, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return "data:image/svg+xml;base64," + b64encode(code.to_svg().encode()).decode()


def typed_key(*, device: TOTPDevice) -> str:
    """The same key, to type where there is no camera: groups of four."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


@transaction.atomic
def confirm(*, clerk: Clerk, code: str, at: datetime) -> list[str]:
    """Take the telephone as good once it shows the right six digits → ten recovery codes, told only now.

    :raises WrongCode: if the digits are not the ones of this half minute
    """
    device = TOTPDevice.objects.select_for_update().get(pk=begin(clerk=clerk).pk)
    digits = _plain(code)
    # a phone being enrolled is not throttled: whoever is here sees the key on the same page
    if not (policy.is_six_digits(digits) and _shows(device, digits)):
        raise WrongCode(
            "El código no coincide.", "Escriba los seis dígitos que muestra ahora su teléfono; revise que su hora sea automática.",
            field="code",
        )  # fmt: skip
    TOTPDevice.objects.filter(user=clerk).exclude(pk=device.pk).delete()
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True, last_t=device.last_t)
    audit.record(
        act="enroll_second_factor", by=clerk.username, at=at, object_kind="clerk", object_id=clerk.username
    )
    return renew_codes(clerk=clerk, at=at)


@transaction.atomic
def renew_codes(*, clerk: Clerk, at: datetime) -> list[str]:
    """Ten new codes in place of those left. Only their seals are kept: they are told once, here."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(N_CODES)]
    StaticDevice.objects.filter(user=clerk).delete()
    sheet = StaticDevice.objects.create(user=clerk, name="códigos de recuperación")
    StaticToken.objects.bulk_create(StaticToken(device=sheet, token=_seal(code)) for code in codes)
    audit.record(
        act="renew_recovery_codes", by=clerk.username, at=at, object_kind="clerk", object_id=clerk.username
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def codes_left(*, clerk: Clerk) -> int:
    """How many recovery codes were not used yet."""
    return int(StaticToken.objects.filter(device__user=clerk).count())


def check(*, clerk: Clerk, code: str, at: datetime) -> None:
    """Let pass who types the six digits of their telephone, or a recovery code, which serves once.

    A wrong one is counted even though it is refused, so this must not run inside another transaction.

    :raises WrongCode: if it is wrong, was used already, or too many were wrong just now
    """
    plain = _plain(code)
    kind = TOTPDevice if policy.is_six_digits(plain) else StaticDevice
    with transaction.atomic(durable=True):
        device = kind.objects.select_for_update().filter(user=clerk, confirmed=True).first()
        refusal = _refusal(device, plain)
    if refusal:
        raise refusal
    if kind is StaticDevice:
        audit.record(
            act="use_recovery_code", by=clerk.username, at=at, object_kind="clerk", object_id=clerk.username
        )


def _refusal(device: TOTPDevice | StaticDevice | None, code: str) -> WrongCode | None:
    if device is not None:
        is_allowed, why = device.verify_is_allowed()
        if not is_allowed:
            seconds = int((why["locked_until"] - timezone.localtime()).total_seconds()) + 1
            return WrongCode(
                "Hubo un código equivocado hace un momento.",
                f"Espere {seconds} {'segundo' if seconds == 1 else 'segundos'} y escriba el que muestre su teléfono.",
                field="code",
            )
        if device.verify_token(code if isinstance(device, TOTPDevice) else _seal(code)):
            return None
    return WrongCode(
        "El código no coincide o ya se usó.",
        "Espere a que su teléfono muestre otro y escríbalo.",
        field="code",
    )


def forget(*, clerk: Clerk) -> None:
    """Take the telephone and the codes away: the next time, another telephone is enrolled."""
    TOTPDevice.objects.filter(user=clerk).delete()
    StaticDevice.objects.filter(user=clerk).delete()


def _shows(device: TOTPDevice, digits: str) -> bool:
    device.throttling_failure_timestamp, device.throttling_failure_count = None, 0
    return bool(device.verify_token(digits))


def _plain(code: str) -> str:
    return "".join(code.lower().replace("-", " ").split())


def _seal(code: str) -> str:
    return salted_hmac("caudal.access.recovery", code, algorithm="sha256").hexdigest()[:16]
