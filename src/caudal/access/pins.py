"""Six digits of one's own: they open the idle lock and sign an approval at somebody else's screen."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from caudal.access import policy
from caudal.access.models import Clerk, Pin
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal

MOST_WRONG: Final = 5
REST: Final = timedelta(minutes=15)


class CannotSetPin(Refusal): ...


class WrongPin(Refusal): ...


class PinRests(WrongPin): ...


@transaction.atomic
def set_pin(*, clerk: Clerk, pin: str, by: str, at: datetime) -> Pin:
    """Give a clerk a PIN, in place of the one before. The audit never holds it.

    :raises CannotSetPin: if it is not six digits, or ones that anybody would try
    """
    pin = pin.strip()
    if not policy.is_six_digits(pin):
        raise CannotSetPin("El PIN es de seis dígitos.", "Escriba seis números, sin espacios.", field="pin")
    if policy.is_easy_pin(pin):
        raise CannotSetPin(
            "Ese PIN es fácil de adivinar.", "Mezcle los dígitos: ni repetidos ni en serie.", field="pin"
        )
    kept, _ = Pin.objects.update_or_create(
        clerk=clerk, defaults={"hash": make_password(pin), "set_at": at, "wrong_count": 0, "locked_until": None}
    )  # fmt: skip
    audit.record(act="set_pin", by=by, at=at, object_kind="clerk", object_id=clerk.username)
    return kept


def check_pin(*, clerk: Clerk, pin: str, at: datetime) -> None:
    """Let whoever knows the PIN of a clerk pass; five wrong ones let it rest for a quarter of an hour.

    The count is kept even though the answer is a refusal, so this must not run inside another transaction.

    :raises WrongPin: if it is not the PIN, there is none, or it rests
    """
    with transaction.atomic(durable=True):
        kept = Pin.objects.select_for_update().filter(clerk=clerk).first()
        refusal = _refusal(kept, clerk=clerk, pin=pin.strip(), at=at)
    if refusal:
        raise refusal


def _refusal(kept: Pin | None, *, clerk: Clerk, pin: str, at: datetime) -> WrongPin | None:
    if kept is None:
        make_password(pin)  # the same work, so that nobody learns from the delay who has a PIN
        return WrongPin(
            f"{clerk.full_name} todavía no tiene PIN.", "Elíjalo en «Mi acceso» de su propia sesión.", field="pin"
        )  # fmt: skip
    if kept.locked_until and at < kept.locked_until:
        return _resting()
    if check_password(pin, kept.hash):
        _write(kept, wrong_count=0, locked_until=None)
        return None
    wrong = (0 if kept.locked_until else kept.wrong_count) + 1
    if wrong < MOST_WRONG:
        _write(kept, wrong_count=wrong, locked_until=None)
        left = MOST_WRONG - wrong
        return WrongPin(
            "El PIN no es correcto.", f"Escríbalo otra vez; {_tries_left(left)}.", field="pin"
        )  # fmt: skip
    _write(kept, wrong_count=wrong, locked_until=at + REST)
    audit.record(
        act="lock_pin", by=clerk.username, at=at, object_kind="clerk", object_id=clerk.username,
        reason=f"{MOST_WRONG} PIN equivocados",
    )  # fmt: skip
    return _resting()


def _resting() -> PinRests:
    return PinRests(
        "Hubo cinco intentos con un PIN equivocado.", "Espere 15 minutos, o elija otro PIN en «Mi acceso».",
        field="pin",
    )  # fmt: skip


def _tries_left(left: int) -> str:
    return "queda un intento" if left == 1 else f"quedan {left} intentos"


def _write(kept: Pin, **values: object) -> None:
    Pin.objects.filter(pk=kept.pk).update(**values)
