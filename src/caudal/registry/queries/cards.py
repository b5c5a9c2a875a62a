"""One account: what a page shows of it on a day, and all that ever happened to it.

Both are told from the same rows: who needs the two reads the past once and passes it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from caudal.kernel.models import AuditEntry
from caudal.registry.models import Account, AccountHolder, Benefit, ServiceAgreement, ServiceInterruption


@dataclass(frozen=True, slots=True)
class AccountCard:
    """What a page shows of an account on a day. Its service facts are empty if it had none that day."""

    account_id: int
    number: str
    opened_on: date
    is_active: bool
    closed_on: date | None
    holder: str
    person_id: int | None
    phone: str
    rfc: str
    curp: str
    service_point_id: int | None
    agreement_id: int | None
    address: str
    neighborhood: str
    locality: str
    cadastral_key: str
    lot_area_m2: int
    route: str
    walk_sequence: int
    cycle: str
    tariff_class: str
    tariff_class_name: str
    use: str
    is_metered: bool
    diameter_mm: int
    has_sewerage: bool
    benefits: tuple[str, ...]
    benefit_names: tuple[str, ...]
    interruption: str
    interruption_name: str
    interrupted_on: date | None

    @property
    def place(self) -> str:
        """Street, neighborhood and locality, as far as they are known."""
        return ", ".join(part for part in (self.address, self.neighborhood, self.locality) if part)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of an account's history, in words."""

    on: date
    what: str
    detail: str
    until: date | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """Every row that an account ever had: who held it, its terms with their cuts, its benefits."""

    holders: Sequence[AccountHolder]
    agreements: Sequence[ServiceAgreement]
    benefits: Sequence[Benefit]

    @property
    def interruptions(self) -> Iterator[ServiceInterruption]:
        """The cuts of all its terms."""
        return (cut for each in self.agreements for cut in each.interruptions.all())


def past_of(*, account: Account) -> Past:
    """What the card and the history of an account are told from, in four questions."""
    agreements = (
        account.agreements.select_related(
            "tariff_class", "agreed_by", "service_point__route__cycle", "service_point__premise__locality",
            "service_point__premise__neighborhood",
        )
        .prefetch_related(Prefetch("interruptions", queryset=ServiceInterruption.objects.order_by("effective_from")))
        .order_by("effective_from")
    )  # fmt: skip
    holders = account.holders.select_related("person").order_by("effective_from")
    return Past(list(holders), list(agreements), list(account.benefits.order_by("effective_from", "id")))


def account_card(*, account: Account, on: date, past: Past | None = None) -> AccountCard:
    """What is known of an account on a day. After its service ended, the last terms it had.

    :param past: what was read of the account already
    """
    past = past or past_of(account=account)
    holder = next((each for each in reversed(past.holders) if each.effective_from <= on), None)
    agreement = next((each for each in reversed(past.agreements) if each.effective_from <= on), None)
    cut = next((each for each in past.interruptions if _is_in_effect(each, on)), None)
    benefits = sorted(
        (each for each in past.benefits if _is_in_effect(each, on)), key=lambda each: each.category
    )
    ended = agreement.effective_to if agreement and agreement.effective_to else None
    closed_on = ended if ended and ended <= on else None
    return AccountCard(
        account_id=account.pk,
        number=account.number,
        opened_on=account.opened_on,
        is_active=agreement is not None and closed_on is None,
        closed_on=closed_on,
        benefits=tuple(each.category for each in benefits),
        benefit_names=tuple(each.get_category_display() for each in benefits),
        interruption=cut.kind if cut else "",
        interruption_name=cut.get_kind_display() if cut else "",
        interrupted_on=cut.effective_from if cut else None,
        **_holder_facts(holder),
        **_service_facts(agreement),
    )


def history(*, account: Account, past: Past | None = None) -> list[Happening]:
    """All that happened to an account, newest first: holders, terms, cuts, benefits.

    :param past: what was read of the account already
    """
    past = past or past_of(account=account)
    reasons = {
        (entry.act, (entry.after or {}).get("on")): (entry.by, entry.reason)
        for entry in AuditEntry.objects.filter(object_kind="account", object_id=account.number).order_by("id")
    }
    found = [
        Happening(
            each.effective_from, "Titular", each.person.full_name, each.effective_to,
            *reasons.get(("change_holder", str(each.effective_from)), ("", "")),
        )
        for each in past.holders
    ]  # fmt: skip
    for each in past.agreements:
        regime = "medido" if each.is_metered else "cuota fija"
        by = each.agreed_by.username if each.agreed_by else ""
        found.append(
            Happening(
                each.effective_from, "Contrato", f"{each.tariff_class.code}, {regime}", each.effective_to, by,
                each.reason,
            )
        )  # fmt: skip
        found += [
            Happening(
                cut.effective_from, "Suspensión", cut.get_kind_display(), cut.effective_to, cut.ordered_by, cut.reason
            )
            for cut in each.interruptions.all()
        ]  # fmt: skip
    found += [
        Happening(
            each.effective_from, "Beneficio", each.get_category_display(), each.effective_to, each.granted_by,
            each.evidence,
        )
        for each in past.benefits
    ]  # fmt: skip
    return sorted(found, key=lambda each: each.on, reverse=True)


def _is_in_effect(row: ServiceInterruption | Benefit, on: date) -> bool:
    return row.effective_from <= on and (row.effective_to is None or row.effective_to > on)


def _holder_facts(holder: AccountHolder | None) -> dict[str, Any]:
    person = holder.person if holder else None
    return {
        "holder": person.full_name if person else "",
        "person_id": person.pk if person else None,
        "phone": person.phone if person else "",
        "rfc": person.rfc if person else "",
        "curp": person.curp if person else "",
    }


def _service_facts(agreement: ServiceAgreement | None) -> dict[str, Any]:
    if agreement is None:
        texts = ("address", "neighborhood", "locality", "cadastral_key", "route", "cycle", "tariff_class",
                 "tariff_class_name", "use")  # fmt: skip
        numbers = ("lot_area_m2", "walk_sequence", "diameter_mm")
        return {
            **dict.fromkeys(texts, ""),
            **dict.fromkeys(numbers, 0),
            **dict.fromkeys(("is_metered", "has_sewerage"), False),
            **dict.fromkeys(("service_point_id", "agreement_id")),
        }
    point = agreement.service_point
    premise = point.premise
    return {
        "service_point_id": point.pk,
        "agreement_id": agreement.pk,
        "address": premise.address,
        "neighborhood": premise.neighborhood.name if premise.neighborhood else "",
        "locality": premise.locality.name,
        "cadastral_key": premise.cadastral_key,
        "lot_area_m2": premise.lot_area_m2,
        "route": point.route.code,
        "walk_sequence": point.walk_sequence,
        "cycle": point.route.cycle.code,
        "tariff_class": agreement.tariff_class.code,
        "tariff_class_name": agreement.tariff_class.name,
        "use": agreement.tariff_class.use,
        "is_metered": agreement.is_metered,
        "diameter_mm": point.connection_diameter_mm,
        "has_sewerage": point.has_sewerage,
    }
