"""Open an account, change who holds it or on which terms, and close it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from caudal.access.models import Clerk
from caudal.kernel import audit, folios
from caudal.kernel.refusals import Refusal
from caudal.registry import policy
from caudal.registry.commands.locking import account_locked, agreement_locked
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


class CannotOpenAccount(Refusal): ...


class CannotChangeHolder(Refusal): ...


class CannotChangeTerms(Refusal): ...


class CannotCloseAccount(Refusal): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who is going to hold the account, as told at the counter."""

    full_name: str
    kind: str = Person.Kind.NATURAL
    curp: str = ""
    rfc: str = ""
    phone: str = ""
    email: str = ""


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
    person = _person(holder, refusal=CannotOpenAccount)
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
    _agree(
        account=account, service_point=point, tariff_class=tariff_class, is_metered=is_metered,
        effective_from=opened_on, reason=reason, by=by,
    )  # fmt: skip
    audit.record(
        act="open_account", by=by, at=at, object_kind="account", object_id=account.number, reason=reason,
        after={
            "holder": person.full_name, "service_point": point.pk, "opened_on": str(opened_on),
            **_terms(tariff_class=tariff_class, is_metered=is_metered),
        },
    )  # fmt: skip
    return account


@transaction.atomic
def change_holder(
    *, account: Account, holder: Holder | Person, on: date, reason: str, by: str, at: datetime
) -> AccountHolder:
    """Give the account to another person from a day on; who held it before stays written.

    :raises CannotChangeHolder: if nobody holds it that day, it is already that person, or no reason is given
    """
    _require_reason(reason, CannotChangeHolder)
    account_locked(account=account)
    current = AccountHolder.objects.filter(account=account).in_effect(on=on).select_related("person").first()
    if current is None or not _may_cut(current, on=on):
        raise CannotChangeHolder(
            f"La cuenta {account.number} no admite un cambio de titular el {on:%d/%m/%Y}.",
            "La fecha debe ser posterior al inicio del titular actual.", field="on",
        )  # fmt: skip
    person = _person(holder, refusal=CannotChangeHolder)
    if person.pk == current.person_id:
        raise CannotChangeHolder(
            f"{person.full_name} ya es titular de la cuenta {account.number}.",
            "Elija a otra persona.",
            field="holder",
        )
    successor = AccountHolder(
        account=account, person=person, effective_from=on, effective_to=current.effective_to
    )
    AccountHolder.objects.filter(pk=current.pk).update(effective_to=on)
    successor.save(force_insert=True)
    audit.record(
        act="change_holder", by=by, at=at, object_kind="account", object_id=account.number, reason=reason,
        before={"holder": current.person.full_name}, after={"holder": person.full_name, "on": str(on)},
    )  # fmt: skip
    return successor


@transaction.atomic
def change_terms(
    *,
    account: Account,
    on: date,
    reason: str,
    by: str,
    at: datetime,
    tariff_class: TariffClass | None = None,
    is_metered: bool | None = None,
) -> ServiceAgreement:
    """Change class, regime or both from a day on: one agreement ends, another starts, and a cut goes with it.

    :raises CannotChangeTerms: if there is no service that day, nothing changes, a later change is already
        written, or no reason is given
    """
    _require_reason(reason, CannotChangeTerms)
    current = agreement_locked(account=account, on=on, refusal=CannotChangeTerms)
    new_class = tariff_class or current.tariff_class
    new_regime = current.is_metered if is_metered is None else is_metered
    if (new_class.pk, new_regime) == (current.tariff_class_id, current.is_metered):
        raise CannotChangeTerms(
            f"La cuenta {account.number} ya tiene esa tarifa y ese régimen.",
            "Elija la tarifa o el régimen nuevos.",
        )
    if not _may_cut(current, on=on):
        raise CannotChangeTerms(
            f"Las condiciones actuales empezaron el {current.effective_from:%d/%m/%Y}.",
            "La fecha del cambio debe ser posterior.", field="on",
        )  # fmt: skip
    ServiceAgreement.objects.filter(pk=current.pk).update(effective_to=on, end_reason=reason)
    successor = _agree(
        account=account, service_point=current.service_point, tariff_class=new_class, is_metered=new_regime,
        effective_from=on, effective_to=current.effective_to, reason=reason, by=by,
    )  # fmt: skip
    _carry_interruption(of=current, to=successor, on=on)
    audit.record(
        act="change_terms", by=by, at=at, object_kind="account", object_id=account.number, reason=reason,
        before=_terms(tariff_class=current.tariff_class, is_metered=current.is_metered),
        after={**_terms(tariff_class=new_class, is_metered=new_regime), "on": str(on)},
    )  # fmt: skip
    return successor


@transaction.atomic
def close_account(*, account: Account, on: date, reason: str, by: str, at: datetime) -> ServiceAgreement:
    """End the service for good from a day on. The holder stays: whoever owes goes on owing.

    :raises CannotCloseAccount: if there is no service that day, it began that same day, or no reason is given
    """
    _require_reason(reason, CannotCloseAccount)
    agreement = agreement_locked(account=account, on=on, refusal=CannotCloseAccount)
    if not _may_cut(agreement, on=on):
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


def _person(holder: Holder | Person, *, refusal: type[Refusal]) -> Person:
    if isinstance(holder, Person):
        return holder
    name = " ".join(holder.full_name.split())
    if not name:
        raise refusal(
            "Falta el nombre del titular.", "Escríbalo como está en su identificación.", field="full_name"
        )
    rfc, curp = holder.rfc.strip().upper(), holder.curp.strip().upper()
    if rfc and not policy.is_valid_rfc(rfc=rfc):
        raise refusal(f"El RFC {rfc} no está bien escrito.", "Revíselo contra la constancia.", field="rfc")
    if curp and not policy.is_valid_curp(curp=curp):
        raise refusal(f"La CURP {curp} no está bien escrita.", "Revísela contra la credencial.", field="curp")
    return Person.objects.create(
        kind=holder.kind,
        full_name=name,
        curp=curp,
        rfc=rfc,
        phone=holder.phone.strip(),
        email=holder.email.strip(),
    )


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


def _agree(*, service_point: ServicePoint, by: str, **terms: Any) -> ServiceAgreement:
    try:
        with transaction.atomic():
            return ServiceAgreement.objects.create(
                service_point=service_point, agreed_by=Clerk.objects.filter(username=by).first(), **terms
            )
    except IntegrityError:
        other = (
            ServiceAgreement.objects.filter(service_point=service_point).order_by("-effective_from").first()
        )
        number = other.account.number if other else "otra"
        raise CannotOpenAccount(
            f"La toma ya tiene un contrato en esas fechas: la cuenta {number}.",
            "Dé de baja esa cuenta antes, o abra esta con una fecha posterior.", field="place",
        ) from None  # fmt: skip


def _next_number() -> str:
    """Six digits from the series `account`; numbers that came from an older system are stepped over."""
    while True:
        number = f"{folios.take(series='account'):06d}"
        if not Account.objects.filter(number=number).exists():
            return number


def _may_cut(row: AccountHolder | ServiceAgreement, *, on: date) -> bool:
    return policy.starts_inside(on=on, effective_from=row.effective_from, effective_to=row.effective_to)


def _carry_interruption(*, of: ServiceAgreement, to: ServiceAgreement, on: date) -> None:
    """A cut goes on under the new terms. One that was written for later moves over whole."""
    ServiceInterruption.objects.filter(agreement=of, effective_from__gte=on).update(agreement=to)
    for cut in ServiceInterruption.objects.filter(agreement=of).in_effect(on=on):
        ServiceInterruption.objects.filter(pk=cut.pk).update(effective_to=on)
        ServiceInterruption.objects.create(
            agreement=to, kind=cut.kind, effective_from=on, effective_to=cut.effective_to, reason=cut.reason,
            ordered_by=cut.ordered_by,
        )  # fmt: skip


def _end_dated(rows: Any, *, on: date) -> None:
    """End what is in effect on a day; what had not begun yet never begins."""
    rows.filter(effective_from__gte=on).delete()
    rows.in_effect(on=on).update(effective_to=on)


def _terms(*, tariff_class: TariffClass, is_metered: bool) -> dict[str, Any]:
    return {"tariff_class": tariff_class.code, "is_metered": is_metered}


def _require_reason(reason: str, refusal: type[Refusal]) -> None:
    if not reason.strip():
        raise refusal(
            "Falta el motivo.", "Escriba por qué se hace el cambio: queda en el historial.", field="reason"
        )
