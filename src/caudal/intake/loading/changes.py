"""Accounts that say something else than last time: each fact is brought up to date by its own verb."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from caudal.intake.loading.ground import Ground
from caudal.intake.loading.meters import Signature
from caudal.intake.mapping import Mapping
from caudal.intake.rehearsal.rows import AccountRow
from caudal.kernel import audit
from caudal.metering import commands as metering
from caudal.metering.models import MeterInstallation
from caudal.registry import commands as registry
from caudal.registry.models import (
    Account,
    AccountHolder,
    Benefit,
    Person,
    Premise,
    ServiceAgreement,
    ServiceInterruption,
    ServicePoint,
)

REASON = "Corregido en el sistema anterior"


@dataclass(slots=True)
class Changes:
    """What was changed, and what a person must settle by hand."""

    done: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Standing:
    """How an account stands here before it is brought up to date."""

    account: Account
    holder: AccountHolder
    agreement: ServiceAgreement
    point: ServicePoint
    premise: Premise


class Updating:
    """Brings accounts up to date with their rows, from the day after the cut-off where a date is needed."""

    def __init__(self, *, mapping: Mapping, ground: Ground, signature: Signature) -> None:
        self.mapping, self.ground, self.signature = mapping, ground, signature
        self.changes = Changes()

    @property
    def on(self) -> date:
        """Changes of terms take effect the day after the cut-off."""
        return self.mapping.as_of + timedelta(days=1)

    def run(self, rows: list[AccountRow]) -> Changes:
        """Update each account in turn; a verb that refuses fails the whole load."""
        for row in rows:
            standing = self._standing(row)
            for update in (self._person, self._place, self._walk, self._terms, self._status, self._benefit):
                update(row, standing)
            self._meter(row, standing)
            if standing.account.opened_on != row.opened_on:
                self._hand(row, f"su fecha de alta ahora dice {row.opened_on:%d/%m/%Y}")
        return self.changes

    def _standing(self, row: AccountRow) -> _Standing:
        account = Account.objects.get(number=row.number)
        holder = (
            AccountHolder.objects.filter(account=account).select_related("person").latest("effective_from")
        )
        agreement = (
            ServiceAgreement.objects.filter(account=account)
            .select_related("service_point__premise", "tariff_class")
            .latest("effective_from")
        )
        return _Standing(account, holder, agreement, agreement.service_point, agreement.service_point.premise)

    def _person(self, row: AccountRow, standing: _Standing) -> None:
        """Another name is a correction or another holder, as the mapping decides."""
        person = standing.holder.person
        is_renamed = person.full_name != row.name
        if is_renamed and self.mapping.decisions["changed_name"] == "change_holder":
            holder = registry.Holder(
                full_name=row.name, kind=person.kind, curp=row.curp, rfc=row.rfc, phone=row.phone
            )
            registry.change_holder(
                account=standing.account,
                holder=holder,
                on=self.on,
                reason=REASON,
                by=self.signature.by,
                at=self.signature.at,
            )
            self._did(row, f"titular: {person.full_name} → {row.name}")
            return
        facts = {"full_name": row.name, "curp": row.curp, "rfc": row.rfc, "phone": row.phone}
        self._correct(Person.objects.filter(pk=person.pk).update, person, facts, row)

    def _place(self, row: AccountRow, standing: _Standing) -> None:
        neighborhood = self.ground.neighborhood(row)
        facts = {
            "address": row.address,
            "locality_id": self.ground.locality(row.locality).pk,
            "neighborhood_id": neighborhood.pk if neighborhood else None,
        }
        self._correct(Premise.objects.filter(pk=standing.premise.pk).update, standing.premise, facts, row)

    def _walk(self, row: AccountRow, standing: _Standing) -> None:
        point, route = standing.point, self.ground.routes[row.route]
        if (point.route_id, point.walk_sequence) != (route.pk, row.walk_sequence):
            registry.move_on_route(
                service_point=point, route=route, walk_sequence=row.walk_sequence, reason=REASON,
                by=self.signature.by, at=self.signature.at,
            )  # fmt: skip
            self._did(row, f"ruta: {row.route} folio {row.walk_sequence}")
        facts = {"connection_diameter_mm": row.diameter_mm, "has_sewerage": row.has_sewerage}
        self._correct(ServicePoint.objects.filter(pk=point.pk).update, point, facts, row)

    def _terms(self, row: AccountRow, standing: _Standing) -> None:
        agreement, wanted = standing.agreement, self.ground.classes[row.tariff_class]
        if (agreement.tariff_class_id, agreement.is_metered) == (wanted.pk, row.is_metered):
            return
        registry.restate_terms(
            account=standing.account, on=self.on, reason=REASON, by=self.signature.by, at=self.signature.at,
            tariff_class=wanted, is_metered=row.is_metered,
        )  # fmt: skip
        self._did(row, f"tarifa: {agreement.tariff_class.code} → {wanted.code}")

    def _status(self, row: AccountRow, standing: _Standing) -> None:
        is_closed = standing.agreement.effective_to is not None
        is_cut = ServiceInterruption.objects.filter(
            agreement__account=standing.account, effective_to__isnull=True
        ).exists()
        by, at, account = self.signature.by, self.signature.at, standing.account
        if is_closed:
            if row.status != "closed":
                self._hand(row, "estaba de baja y ahora viene activa")
        elif row.status == "closed":
            registry.close_account(account=account, on=self.on, reason=REASON, by=by, at=at)
            self._did(row, "baja")
        elif row.status == "cut" and not is_cut:
            registry.interrupt_service(account=account, on=self.on, reason=REASON, by=by, at=at)
            self._did(row, "cortada")
        elif row.status == "active" and is_cut:
            registry.restore_service(account=account, on=self.on, reason=REASON, by=by, at=at)
            self._did(row, "reconectada")

    def _benefit(self, row: AccountRow, standing: _Standing) -> None:
        held = Benefit.objects.filter(account=standing.account, effective_to__isnull=True).values_list(
            "category", flat=True
        )
        wanted = {row.discount} - {""} if row.status != "closed" else set()
        by, at = self.signature.by, self.signature.at
        for category in set(held) - wanted:
            registry.end_benefit(
                account=standing.account, category=category, on=self.on, reason=REASON, by=by, at=at
            )
            self._did(row, f"sin beneficio {category}")
        for category in wanted - set(held):
            registry.grant_benefit(
                account=standing.account, category=category, on=self.on, evidence=REASON, by=by, at=at
            )
            self._did(row, f"beneficio {category}")

    def _meter(self, row: AccountRow, standing: _Standing) -> None:
        """A meter where there was none is hung; another one is an exchange, which needs its final reading."""
        hanging = (
            MeterInstallation.objects.filter(service_point=standing.point, removed_on__isnull=True)
            .select_related("meter")
            .first()
        )
        serial = hanging.meter.serial if hanging else ""
        if serial == row.meter:
            return
        if not serial:
            metering.install_meter(
                service_point=standing.point, serial=row.meter, on=self.on, by=self.signature.by,
                at=self.signature.at, diameter_mm=row.diameter_mm,
            )  # fmt: skip
            self._did(row, f"medidor {row.meter}")
        else:
            self._hand(row, f"su medidor era {serial} y ahora es {row.meter or 'ninguno'}")

    def _correct(
        self, update: Callable[..., int], standing: Any, facts: dict[str, Any], row: AccountRow
    ) -> None:
        """Correct columns in place, with what they said before in the audit."""
        changed = {name: value for name, value in facts.items() if getattr(standing, name) != value}
        if not changed:
            return
        before = {name: getattr(standing, name) for name in changed}
        update(**changed)
        audit.record(
            act="intake_correct", by=self.signature.by, at=self.signature.at, object_kind="account",
            object_id=row.number, before=before, after=changed, reason=REASON,
        )  # fmt: skip
        self._did(row, ", ".join(f"{name}: {before[name]} → {value}" for name, value in changed.items()))

    def _did(self, row: AccountRow, what: str) -> None:
        self.changes.done.append(f"{row.number} {what}")

    def _hand(self, row: AccountRow, what: str) -> None:
        self.changes.by_hand.append(f"Cuenta {row.number}: {what}. Regístrelo a mano en su página.")
