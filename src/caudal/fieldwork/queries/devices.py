"""Phones: which there are, whose, since when, and what each takes to the street."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.timezone import localtime

from caudal.access import policy as acts
from caudal.access.models import Clerk
from caudal.fieldwork import packing, policy, verdicts
from caudal.fieldwork.models import Device, FieldOrder, Round, Stop
from caudal.kernel.refusals import Refusal

_E6 = 1_000_000


class UnknownDevice(Refusal):
    """No phone has that code."""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A phone as the list shows it."""

    code: str
    name: str
    person: str
    enrolled_at: datetime
    last_seen_at: datetime | None
    events: int
    revoked_at: datetime | None
    revoked_by: str
    revoked_reason: str


def devices() -> list[DeviceRow]:
    """Every phone, those in use first, the last heard first."""
    found = (
        Device.objects.select_related("clerk").annotate(n=Count("events"))
        .order_by("-revoked_at", "-last_seen_at", "code")
    )  # fmt: skip
    rows = [
        DeviceRow(
            each.code, each.name, each.clerk.full_name, each.enrolled_at, each.last_seen_at, each.n, each.revoked_at,
            each.revoked_by, each.revoked_reason,
        )
        for each in found
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row.revoked_at is not None)


def device_by_code(*, code: str) -> Device:
    """The phone of a code such as `TEL-0001`.

    :raises UnknownDevice: if there is none
    """
    found = Device.objects.select_related("clerk").filter(code=code.strip().upper()[:12]).first()
    if found is None:
        raise UnknownDevice(f"No hay un teléfono {code.strip()}.", "Búsquelo en «Teléfonos».", field="code")
    return found


def device_of_token(*, token: str) -> Device | None:
    """The phone that says this to be itself, while it and its person may work; nobody otherwise."""
    found = Device.objects.select_related("clerk").filter(token_hash=policy.hash_of_token(token)).first()
    if found is None or found.revoked_at or not acts.may(clerk=found.clerk, act=acts.WORK_IN_FIELD):
        return None
    return found


def rounds_of(*, clerk: Clerk, on: date) -> list[dict[str, Any]]:
    """What a person walks today: the day's rounds, and those of before that are not finished. JSON values."""
    found = (
        Round.objects.filter(assigned_to=clerk, canceled_at=None, on__lte=on)
        .annotate(n=Count("stops"), left=Count("stops", filter=Q(stops__outcome="")))
        .filter(Q(on=on) | Q(left__gt=0)).order_by("-on", "folio")
    )  # fmt: skip
    return [
        {"folio": each.folio, "kind": each.kind, "name": each.name, "on": each.on.isoformat(), "n": each.n}
        for each in found
    ]


def pack(*, folio: str, clerk: Clerk, at: datetime) -> dict[str, Any] | None:
    """All that a phone needs to walk a round without network; nothing if it is not this person's. JSON values.

    Never a name, a telephone, a debt or an amount.
    """
    round = Round.objects.filter(folio=folio, assigned_to=clerk, canceled_at=None).first()
    if round is None:
        return None
    stops = list(
        round.stops.select_related("round", "service_point__premise", "service_point__route").order_by(
            "sequence"
        )
    )
    told = packing.told_of(stops=stops, at=at)
    head = {
        "folio": round.folio, "kind": round.kind, "name": round.name, "on": round.on.isoformat(), "n": len(stops),
        "packed_at": localtime(at).isoformat(),
    }  # fmt: skip
    rows = [_common(stop) | told.get(str(stop.code), {}) for stop in stops]
    return {"codes": [], **packing.head_of(stops=stops, at=at), "round": head, "stops": rows}


def verdicts_of(*, folios: Sequence[str], clerk: Clerk, at: datetime) -> dict[str, dict[str, Any]]:
    """Whether each order may still be done, by folio; only those this person carries. JSON values."""
    carried = Stop.objects.filter(
        subject_kind=policy.ORDER, subject_folio__in=folios, round__assigned_to=clerk, round__canceled_at=None
    ).values("subject_folio")
    orders = FieldOrder.objects.select_related("result", "account").filter(folio__in=carried)
    return {folio: each.as_dict() for folio, each in verdicts.of(orders=list(orders), at=at).items()}


def _common(stop: Stop) -> dict[str, Any]:
    point = stop.service_point
    return {
        "code": str(stop.code), "sequence": stop.sequence, "subject": stop.subject_kind,
        "place": point.premise.address if point else "", "route": point.route.code if point else "",
        "lat": _degrees(stop.latitude_e6), "lon": _degrees(stop.longitude_e6), "outcome": stop.outcome,
        "done_at": localtime(stop.done_at).isoformat() if stop.done_at else None,
    }  # fmt: skip


def _degrees(e6: int | None) -> float | None:
    return None if e6 is None else e6 / _E6
