"""What stops a cut before it is one: a payment on its way, a protected place; and the night's look at every order."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from caudal.disconnections import policy
from caudal.disconnections.commands import earning, illegal, moving, reconnecting
from caudal.disconnections.models import (
    DisconnectionOrder,
    OrderCheck,
    ReconnectionOrder,
    TransitPayment,
)
from caudal.disconnections.queries.policies import policy_on, waited_until
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.registry import commands as registry
from caudal.registry import queries as accounts
from caudal.registry.models import Account, ServiceInterruption

MOST_DAYS: Final = 10


class CannotDeclareTransit(Refusal): ...


@transaction.atomic
def declare_transit(
    *,
    account: Account,
    reference: str,
    place: str,
    amount_cents: int,
    paid_on: date,
    on: date,
    at: datetime,
    by: str,
) -> TransitPayment:
    """Write down a payment that somebody says they made and is not here yet: nobody cuts them while it is waited for.

    :param place: bank, shop or transfer
    :raises CannotDeclareTransit: if it lacks reference, place or amount, its day cannot be, or it was declared before
    """
    _require_sound(reference, place, amount_cents, paid_on, on)
    until = waited_until(since=on, days=policy_on(on=on).transit_business_days)
    try:
        with transaction.atomic():
            declared = TransitPayment.objects.create(
                account=account, reference=reference.strip()[:60], place=place.strip()[:80], amount_cents=amount_cents,
                paid_on=paid_on, until=until, declared_at=at, declared_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise CannotDeclareTransit(
            "Ese pago ya se había anotado.",
            "Si no ha llegado, pida el comprobante al banco.",
            field="reference",
        ) from None
    audit.record(
        act="declare_transit", by=by, at=at, object_kind="account", object_id=account.number,
        after={"reference": declared.reference, "cents": amount_cents, "until": str(until)},
    )  # fmt: skip
    recheck(account_ids=[account.pk], at=at, by=by)
    return declared


@transaction.atomic
def protect_account(*, account: Account, protected_reason: str, reason: str, at: datetime, by: str) -> None:
    """Protect the place of an account from every cut, or no more; what is under way against it is called off.

    :raises CannotProtectServicePoint: if nothing changes, or no reason is given
    """
    registry.protect_service_point(
        service_point=accounts.service_point_of(account=account), protected_reason=protected_reason, reason=reason,
        by=by, at=at,
    )  # fmt: skip
    recheck(account_ids=[account.pk], at=at, by=by)


@transaction.atomic
def recheck(
    *, account_ids: list[int] | tuple[int, ...], at: datetime, by: str, stage: str = OrderCheck.Stage.SWEEP
) -> list[DisconnectionOrder]:
    """Look again at the orders under way of these accounts, because something happened to them; those called off."""
    live = DisconnectionOrder.objects.filter(account_id__in=account_ids, state__in=list(policy.LIVE))
    held = moving.locked(orders=live)
    return _look(held, stage, at, by)


@transaction.atomic
def sweep(*, on: date, at: datetime, by: str) -> list[DisconnectionOrder | ReconnectionOrder]:
    """The night: call off what no longer proceeds, order back the water that was earned without anybody noticing,
    close the reconnections of whoever has water already, and fine what readers saw flowing though it was cut."""
    moved: list[DisconnectionOrder | ReconnectionOrder] = []
    # accounts are held before orders, as a payment does
    moved += earning.reconnect_if_earned(account_ids=None, at=at, by=by)
    flowing = ReconnectionOrder.objects.filter(state="open").exclude(
        account__agreements__interruptions__in=ServiceInterruption.objects.in_effect(on=on)
    )
    moved += [
        reconnecting.withdraw_reconnection(
            order=each, reason="El servicio ya estaba restablecido.", at=at, by=by
        )
        for each in flowing
        # a wrong cut of which the registry knows nothing still has to be undone in the street
        if each.cause != ReconnectionOrder.Cause.WRONGFUL
    ]
    illegal.record_what_was_read(account_ids=None, at=at, by=by)
    live = moving.locked(orders=DisconnectionOrder.objects.filter(state__in=list(policy.LIVE)))
    return moved + _look(live, OrderCheck.Stage.SWEEP, at, by)


def _look(held: list[DisconnectionOrder], stage: str, at: datetime, by: str) -> list[DisconnectionOrder]:
    """Proposed orders are looked at as if they had been approved: what counts is the account."""
    waiting = [each for each in held if each.state == DisconnectionOrder.State.PROPOSED]
    going = [each for each in held if each.state != DisconnectionOrder.State.PROPOSED]
    moving.look(orders=going, stage=stage, at=at, by=by)
    moving.look(orders=waiting, stage=stage, at=at, by=by, are_proposed=True)
    return [each for each in held if each.state == DisconnectionOrder.State.CANCELED]


def _require_sound(reference: str, place: str, amount_cents: int, paid_on: date, on: date) -> None:
    if not reference.strip():
        raise CannotDeclareTransit(
            "Falta la referencia.", "Cópiela del comprobante que enseñan.", field="reference"
        )
    if not place.strip():
        raise CannotDeclareTransit("Falta dónde se pagó.", "Escriba el banco o la tienda.", field="place")
    if amount_cents <= 0:
        raise CannotDeclareTransit("El importe debe ser mayor que cero.", "Revíselo.", field="amount")
    if not on - timedelta(days=MOST_DAYS) <= paid_on <= on:
        raise CannotDeclareTransit(
            "La fecha del pago no puede ser esa.", f"Debe ser de hoy o de los {MOST_DAYS} días anteriores.",
            field="paid_on",
        )  # fmt: skip
