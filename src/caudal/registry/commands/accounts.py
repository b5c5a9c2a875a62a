"""Open an account whole, and close it for good."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from caudal.kernel import audit, folios
from caudal.kernel.refusals import Refusal
from caudal.registry.commands.holders import Holder, person_of
from caudal.registry.commands.locking import agreement_locked, may_cut, require_reason
from caudal.registry.commands.terms import agree
from caudal.registry.models import (
    Account,
    AccountHolder,
    Benefit,
    Locality,
    Neighborhood,
    Person,
    Premise,
    Route,
    ServiceAgreement,
    ServiceInterruption,
    ServicePoint,
    TariffClass,
)
from caudal.registry.pricing import terms_in_words


class CannotOpenAccount(Refusal): ...


class CannotCloseAccount(Refusal): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is served and where it stands on a route; diameters in mm, areas in m²."""

    address: str
    locality: Locality
    route: Route
    walk_sequence: int
    neighborhood: Neighborhood | None = None
    cadastral_key: str = ""
    lot_area_m2: int = 0
    connection_diameter_mm: int = 13
    has_sewerage: bool = True


@transaction.atomic
def open_account(
    *,
    holder: Holder | Person,
    place: Place | ServicePoint,
    tariff_class: TariffClass,
    is_metered: bool,
    opened_on: date,
    by: str,
    at: datetime,
    number: str = "",
    reason: str = "",
) -> Account:
    """Open an account with its holder, place and first agreement, all or nothing.

    :param place: a new one, or the service point that an earlier account left
    :param number: empty for the next free one
    :raises CannotOpenAccount: if the number is taken, the point serves another account, or a fact that
        billing needs is missing or badly written
    """
    person = person_of(holder=holder, refusal=CannotOpenAccount)
    point = _service_point(place)
    try:
        with transaction.atomic():
            account = Account.objects.create(number=number.strip() or _next_number(), opened_on=opened_on)
    except IntegrityError:
        raise CannotOpenAccount(
            f"La cuenta {number} ya existe.",
            "Use otro número o busque la cuenta que ya lo tiene.",
            field="number",
        ) from None
    AccountHolder.objects.create(account=account, person=person, effective_from=opened_on)
    agree(
        refusal=CannotOpenAccount,
        account=account, service_point=point, tariff_class=tariff_class, is_metered=is_metered,
        effective_from=opened_on, reason=reason, by=by,
    )  # fmt: skip
    audit.record(
        act="open_account", by=by, at=at, object_kind="account", object_id=account.number, reason=reason,
        after={
            "holder": person.full_name, "service_point": point.pk, "opened_on": str(opened_on),
            **terms_in_words(tariff_class=tariff_class, is_metered=is_metered),
        },
    )  # fmt: skip
    return account


@transaction.atomic
def close_account(*, account: Account, on: date, reason: str, by: str, at: datetime) -> ServiceAgreement:
    """End the service for good from a day on. The holder stays: whoever owes goes on owing.

    :raises CannotCloseAccount: if there is no service that day, it began that same day, or no reason is given
    """
    require_reason(reason=reason, refusal=CannotCloseAccount)
    agreement = agreement_locked(account=account, on=on, refusal=CannotCloseAccount)
    if not may_cut(row=agreement, on=on):
        raise CannotCloseAccount(
            f"El servicio de la cuenta {account.number} empezó el {agreement.effective_from:%d/%m/%Y}.",
            "La baja debe ser posterior.", field="on",
        )  # fmt: skip
    ServiceAgreement.objects.filter(pk=agreement.pk).update(effective_to=on, end_reason=reason)
    _end_dated(ServiceInterruption.objects.filter(agreement=agreement), on=on)
    _end_dated(Benefit.objects.filter(account=account), on=on)
    audit.record(
        act="close_account", by=by, at=at, object_kind="account", object_id=account.number, reason=reason,
        before={"agreement": agreement.pk}, after={"closed_on": str(on)},
    )  # fmt: skip
    agreement.refresh_from_db()
    return agreement


def _service_point(place: Place | ServicePoint) -> ServicePoint:
    if isinstance(place, ServicePoint):
        return ServicePoint.objects.select_for_update().get(pk=place.pk)
    if not place.address.strip():
        raise CannotOpenAccount("Falta el domicilio.", "Escriba calle y número.", field="address")
    premise = Premise.objects.create(
        address=place.address.strip(), locality=place.locality, neighborhood=place.neighborhood,
        cadastral_key=place.cadastral_key, lot_area_m2=place.lot_area_m2,
    )  # fmt: skip
    return ServicePoint.objects.create(
        premise=premise, route=place.route, walk_sequence=place.walk_sequence,
        connection_diameter_mm=place.connection_diameter_mm, has_sewerage=place.has_sewerage,
    )  # fmt: skip


def _next_number() -> str:
    """Six digits from the series `account`; numbers that came from an older system are stepped over."""
    while True:
        number = f"{folios.take(series='account'):06d}"
        if not Account.objects.filter(number=number).exists():
            return number


def _end_dated(rows: Any, *, on: date) -> None:
    """End what is in effect on a day; what had not begun yet never begins."""
    rows.filter(effective_from__gte=on).delete()
    rows.in_effect(on=on).update(effective_to=on)
