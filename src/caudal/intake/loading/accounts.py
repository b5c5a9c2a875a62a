"""New accounts with all that belongs to them, as sets."""

import re
from dataclasses import dataclass
from datetime import timedelta

from caudal.intake.loading.ground import Ground
from caudal.intake.mapping import Mapping
from caudal.intake.rehearsal.rows import AccountRow
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

BATCH = 5000
_COMPANY = re.compile(
    r"\b(S\.?\s?A\.?|S\.?\s?P\.?\s?R\.?|A\.?\s?C\.|S\.?\s?C\.|S\.? DE R\.?L\.?)\b.*$|\bDE C\.?V\.?$"
)
_COMPANY_RFC_LENGTH = 12
REASON = "Alta por migración del sistema anterior"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an account of the old system stands here."""

    account_id: int
    service_point_id: int


def placed() -> dict[str, Placed]:
    """Every account here by its number, with the service point of its newest agreement."""
    rows = ServiceAgreement.objects.order_by("account_id", "effective_from").values_list(
        "account__number", "account_id", "service_point_id"
    )
    return {number: Placed(account_id, point_id) for number, account_id, point_id in rows}


def open_accounts(*, rows: list[AccountRow], mapping: Mapping, ground: Ground, by: str) -> None:
    """Write the persons, premises, service points, accounts and agreements of new accounts, and what
    interrupts or benefits them. What the database forbids fails the whole load."""
    persons = Person.objects.bulk_create([_person(row) for row in rows], batch_size=BATCH)
    premises = Premise.objects.bulk_create(
        [
            Premise(
                address=row.address,
                locality=ground.locality(row.locality),
                neighborhood=ground.neighborhood(row),
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    points = ServicePoint.objects.bulk_create(
        [
            ServicePoint(
                premise=premise, route=ground.routes[row.route], walk_sequence=row.walk_sequence,
                connection_diameter_mm=row.diameter_mm, has_sewerage=row.has_sewerage,
            )
            for row, premise in zip(rows, premises, strict=True)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    accounts = Account.objects.bulk_create(
        [Account(number=row.number, opened_on=row.opened_on) for row in rows], batch_size=BATCH
    )
    AccountHolder.objects.bulk_create(
        [
            AccountHolder(account=account, person=person, effective_from=row.opened_on)
            for row, account, person in zip(rows, accounts, persons, strict=True)
        ],
        batch_size=BATCH,
    )
    agreements = ServiceAgreement.objects.bulk_create(
        [
            _agreement(row, account, point, mapping, ground)
            for row, account, point in zip(rows, accounts, points, strict=True)
        ],
        batch_size=BATCH,
    )
    _circumstances(rows=rows, agreements=agreements, accounts=accounts, mapping=mapping, by=by)


def _circumstances(
    *,
    rows: list[AccountRow],
    agreements: list[ServiceAgreement],
    accounts: list[Account],
    mapping: Mapping,
    by: str,
) -> None:
    """Cuts and benefits; the old system does not say since when, so they start at the cut-off date."""
    ServiceInterruption.objects.bulk_create(
        [
            ServiceInterruption(
                agreement=agreement, kind=ServiceInterruption.Kind.CUT, effective_from=mapping.as_of,
                reason="Cortada en el sistema anterior", ordered_by=by,
            )
            for row, agreement in zip(rows, agreements, strict=True)
            if row.status == "cut"
        ]
    )  # fmt: skip
    Benefit.objects.bulk_create(
        [
            Benefit(
                account=account, category=row.discount, effective_from=mapping.as_of,
                evidence="Descuento del sistema anterior; falta su comprobante", granted_by=by,
            )
            for row, account in zip(rows, accounts, strict=True)
            if row.discount and row.status != "closed"
        ]
    )  # fmt: skip


def _person(row: AccountRow) -> Person:
    is_company = len(row.rfc) == _COMPANY_RFC_LENGTH or bool(_COMPANY.search(row.name))
    kind = Person.Kind.LEGAL if is_company else Person.Kind.NATURAL
    return Person(kind=kind, full_name=row.name, curp=row.curp, rfc=row.rfc, phone=row.phone)


def _agreement(
    row: AccountRow, account: Account, point: ServicePoint, mapping: Mapping, ground: Ground
) -> ServiceAgreement:
    """The current terms; a closed account's service ended with the cut-off day."""
    is_closed = row.status == "closed"
    return ServiceAgreement(
        account=account,
        service_point=point,
        tariff_class=ground.classes[row.tariff_class],
        is_metered=row.is_metered,
        effective_from=row.opened_on,
        effective_to=mapping.as_of + timedelta(days=1) if is_closed else None,
        end_reason="Baja en el sistema anterior" if is_closed else "",
        reason=REASON,
    )
