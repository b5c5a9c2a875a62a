"""Questions about benefits: who holds one, until when, what the law asks. Nothing here shows a document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from caudal.benefits import policy
from caudal.benefits.models import Beneficiary, BenefitEvidence, BenefitLoss, BenefitPolicy, EvidenceReading
from caudal.benefits.policy import STATES as STATES
from caudal.benefits.policy import State as State
from caudal.kernel.refusals import Refusal
from caudal.registry.models import Account, AccountHolder, Benefit, Person, ServiceAgreement, TariffClass
from caudal.tariffs import queries as tariffs


class UnknownBenefit(Refusal):
    """No benefit has that number."""


class NoBenefitPolicy(Refusal):
    """Nobody decided what a category asks for on that day."""


@dataclass(frozen=True, slots=True)
class Right:
    """What the tariff book of a day gives a category: how much, up to which volume, on which uses."""

    category: str
    percent: str
    cap: str
    uses: tuple[str, ...]
    article: str

    def reaches(self, *, use: str) -> bool:
        return not self.uses or use in self.uses

    @property
    def uses_in_words(self) -> str:
        names = dict(TariffClass.Use.choices)
        return ", ".join(names.get(use, use) for use in self.uses) or "cualquier uso"

    @property
    def promise(self) -> str:
        """`50 %, los primeros 10 m³…. Solo uso habitacional.`"""
        return f"{self.words}. Solo uso {self.uses_in_words}."

    @property
    def words(self) -> str:
        """`50 %, los primeros 10 m³ del mes si tiene medidor`."""
        return ", ".join(part for part in (self.percent, self.cap) if part)


@dataclass(frozen=True, slots=True)
class Held:
    """A benefit as a list shows it; what proves it is not here."""

    pk: int
    account: str
    person: str
    phone: str
    category: str
    category_name: str
    address: str
    locality: str
    since: date
    until: date | None
    state: State
    granted_by: str
    loss: str

    @property
    def last_day(self) -> date | None:
        """The last day on which it counts."""
        return self.until - timedelta(days=1) if self.until else None


_ABOVE = {
    "first_units_only": "los primeros {cap} {unit} del mes si tiene medidor; lo que pase, a precio completo",
    "void": "si el mes no pasa de {cap} {unit} con medidor",
    "whole": "",
}


def right_of(*, category: str, on: date) -> Right | None:
    """What the book in force gives a category; None if it gives nothing.

    :raises NoBookInForce: if no published book covers the day
    """
    document = tariffs.book_in_force(on=on).document
    row = next((each for each in document.get("benefits", ()) if each["category"] == category), None)
    if row is None:
        return None
    unit = document.get("volume_unit", "m3")
    above = _ABOVE[row.get("above_cap", "first_units_only")] if row.get("cap") else ""
    return Right(
        category=category, percent=tariffs.ppm_text(row["percent"]),
        cap=above.format(cap=_units(row.get("cap", 0)), unit="m³" if unit == "m3" else unit),
        uses=tuple(row.get("uses", ())), article=str(row.get("article", "")),
    )  # fmt: skip


def _units(thousandths: int) -> str:
    """`10000` → `10`, `7500` → `7.5`."""
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")


def policies(*, on: date) -> list[BenefitPolicy]:
    """What each category asks for on a day, in the order of the categories."""
    found = {each.category: each for each in BenefitPolicy.objects.in_effect(on=on)}
    return [found[category] for category in Benefit.Category.values if category in found]


def all_policies() -> list[BenefitPolicy]:
    """What each category asked for, asks for and will, in the order of the categories."""
    order = {category: place for place, category in enumerate(Benefit.Category.values)}
    found = BenefitPolicy.objects.order_by("-effective_from")
    return sorted(found, key=lambda each: order[each.category])


def policy_of(*, category: str, on: date) -> BenefitPolicy:
    """What a category asks for on a day.

    :raises NoBenefitPolicy: if nobody decided it
    """
    found: BenefitPolicy | None = BenefitPolicy.objects.filter(category=category).in_effect(on=on).first()
    if found is None:
        raise NoBenefitPolicy(
            f"No hay requisitos para esa categoría el {on:%d/%m/%Y}.",
            "Elija otra categoría, o decida sus requisitos en «Beneficiarios».", field="category",
        )  # fmt: skip
    return found


def beneficiaries(
    *, on: date, category: str = "", locality: str = "", state: State | None = None
) -> list[Held]:
    """The registry of beneficiaries on a day, by account; ended ones only if asked for."""
    found = _held(on=on).order_by("account__number", "category", "-effective_from")
    if state is not State.ENDED:
        found = found.filter(Q(effective_to=None) | Q(effective_to__gt=on), loss=None)
    if category:
        found = found.filter(category=category)
    if locality:
        found = found.filter(locality_code=locality)
    rows = [_row(each, on) for each in found]
    return [row for row in rows if state is None or row.state is state]


def renewals(*, on: date, days: int = policy.SOON_DAYS) -> list[Held]:
    """Benefits that end within some days unless they are renewed, the first to end first."""
    found = _held(on=on).filter(effective_to__gt=on, effective_to__lte=on + timedelta(days=days), loss=None)
    return [_row(each, on) for each in found.order_by("effective_to", "account__number")]


def of_account(*, account: Account, on: date) -> list[Held]:
    """Every benefit an account has or had, the newest first."""
    found = _held(on=on).filter(account=account).order_by("-effective_from", "category")
    return [_row(each, on) for each in found]


def benefit_by_id(*, pk: int) -> Benefit:
    """One benefit with its account, person and loss.

    :raises UnknownBenefit: if there is none
    """
    found = Benefit.objects.select_related("account", "beneficiary__person", "beneficiary__policy", "loss")
    benefit: Benefit | None = found.filter(pk=pk).first()
    if benefit is None:
        raise UnknownBenefit("No hay un beneficio con ese número.", "Búsquelo en «Beneficiarios».")
    return benefit


def held_of(*, benefit: Benefit, on: date) -> Held:
    """One benefit as the lists show it."""
    return _row(_held(on=on).get(pk=benefit.pk), on)


def evidence_of(*, benefit: Benefit) -> QuerySet[BenefitEvidence]:
    """The documents seen for a benefit, the newest first. Only for who may read what is sensitive."""
    return BenefitEvidence.objects.filter(benefit=benefit).order_by("-id")


def readings_of(*, benefit: Benefit) -> QuerySet[EvidenceReading]:
    """Who looked at the documents of a benefit, the newest first."""
    return EvidenceReading.objects.filter(evidence__benefit=benefit).order_by("-id")


def person_of(*, benefit: Benefit) -> Person | None:
    """Who a benefit was given to: as registered, or who held the account when it began."""
    registered = Beneficiary.objects.filter(benefit=benefit).select_related("person").first()
    return registered.person if registered else holder_of(account=benefit.account, on=benefit.effective_from)


def holder_of(*, account: Account, on: date) -> Person | None:
    """Who holds an account on a day."""
    held = AccountHolder.objects.filter(account=account).in_effect(on=on).select_related("person").first()
    return held.person if held else None


def elsewhere(*, person: Person, account: Account, on: date) -> Benefit | None:
    """A benefit the same person still has on another account: the same row of the registry, or the same CURP."""
    same = Person.objects.filter(Q(pk=person.pk) | (Q(curp=person.curp) if person.curp else Q(pk__in=[])))
    persons = list(same.values_list("pk", flat=True))
    of_theirs = Q(pk__in=Beneficiary.objects.filter(person__in=persons).values("benefit"))
    of_theirs |= Q(account__in=AccountHolder.objects.filter(person__in=persons).values("account"))
    found: Benefit | None = (
        Benefit.objects.filter(of_theirs, Q(effective_to=None) | Q(effective_to__gt=on))
        .exclude(account=account)
        .annotate(person=_person("id"))
        .filter(person__in=persons)
        .select_related("account")
        .order_by("effective_from", "id")
        .first()
    )
    return found


def same_card(
    *, kind: str, folio_last4: str, person: Person, account: Account, on: date
) -> BenefitEvidence | None:
    """The same document, of somebody with the same name, that proves a benefit of another account."""
    found: BenefitEvidence | None = (
        BenefitEvidence.objects.filter(
            kind=kind, folio_last4=folio_last4, benefit__beneficiary__person__plain_name=person.plain_name
        )
        .filter(Q(benefit__effective_to=None) | Q(benefit__effective_to__gt=on))
        .exclude(benefit__account=account)
        .select_related("benefit__account")
        .first()
    )
    return found


def _person(field: str) -> Coalesce:
    """A field of who a benefit was given to."""
    holder = AccountHolder.objects.filter(
        Q(effective_to=None) | Q(effective_to__gt=OuterRef("effective_from")),
        account=OuterRef("account"), effective_from__lte=OuterRef("effective_from"),
    )  # fmt: skip
    return Coalesce(
        F(f"beneficiary__person__{field}"),
        Subquery(holder.values(f"person__{field}")[:1]),
        output_field=IntegerField() if field == "id" else CharField(),
    )


def _held(*, on: date) -> Any:
    terms = ServiceAgreement.objects.filter(account=OuterRef("account"), effective_from__lte=on).order_by(
        "-effective_from"
    )
    place = "service_point__premise__"
    return Benefit.objects.select_related("account", "loss").annotate(
        person_name=_person("full_name"),
        person_phone=_person("phone"),
        address=Subquery(terms.values(f"{place}address")[:1]),
        locality_name=Subquery(terms.values(f"{place}locality__name")[:1]),
        locality_code=Subquery(terms.values(f"{place}locality__code")[:1], output_field=CharField()),
        is_verified=Exists(BenefitEvidence.objects.filter(benefit=OuterRef("pk"))),
    )


def _row(benefit: Any, on: date) -> Held:
    loss: BenefitLoss | None = getattr(benefit, "loss", None)
    return Held(
        pk=benefit.pk,
        account=benefit.account.number,
        person=benefit.person_name or "",
        phone=benefit.person_phone or "",
        category=benefit.category,
        category_name=benefit.get_category_display(),
        address=benefit.address or "",
        locality=benefit.locality_name or "",
        since=benefit.effective_from,
        until=benefit.effective_to,
        state=policy.state(
            on=on,
            effective_to=benefit.effective_to,
            is_verified=benefit.is_verified,
            is_lost=loss is not None,
        ),
        granted_by=benefit.granted_by,
        loss=loss.get_kind_display() if loss else "",
    )


def counted(*, rows: Sequence[Held]) -> dict[str, int]:
    """How many of each category there are among some rows."""
    return {
        name: sum(1 for row in rows if row.category == category)
        for category, name in Benefit.Category.choices
    }
