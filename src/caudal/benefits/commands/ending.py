"""The end of a benefit: with a reason told by a person, or because its document ran out or its account passed on."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery

from caudal.benefits.models import Beneficiary, BenefitEvidence, BenefitLoss
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.registry import commands as registry
from caudal.registry.models import AccountHolder, Benefit

BY_ITSELF: Final = frozenset({BenefitLoss.Kind.EXPIRED, BenefitLoss.Kind.HOLDER_CHANGED})


class CannotLoseBenefit(Refusal): ...


@transaction.atomic
def lose_benefit(*, benefit: Benefit, kind: str, reason: str, on: date, at: datetime, by: str) -> BenefitLoss:
    """End a benefit from a day on, saying why. One that began that day counts for it, and ends the day after.

    :raises CannotLoseBenefit: if it ended already, the cause is not one that a person decides, or no reason is told
    """
    if kind not in BenefitLoss.Kind.values or kind in BY_ITSELF:
        raise CannotLoseBenefit("Falta la causa.", "Elija por qué termina el beneficio.", field="kind")
    if not reason.strip():
        raise CannotLoseBenefit(
            "Falta el motivo.", "Escriba qué pasó y cómo se supo: queda en el historial.", field="reason"
        )
    held = Benefit.objects.select_for_update(no_key=True).filter(pk=benefit.pk).in_effect(on=on).first()
    if held is None or BenefitLoss.objects.filter(benefit=benefit).exists():
        raise CannotLoseBenefit("Este beneficio ya terminó.", "No hay nada que dar de baja.", field="kind")
    return _end(
        held, kind, " ".join(reason.split()), max(on, held.effective_from + timedelta(days=1)), at, by
    )


@transaction.atomic
def expire_lapsed(*, on: date, at: datetime, by: str) -> list[BenefitLoss]:
    """Write down the end of every benefit whose document ran out or whose account passed to somebody else.

    A benefit ends by its date whether or not this is run; run again, it finds nothing.
    """
    return [*_expired(on, at, by), *_passed_on(on, at, by)]


def _expired(on: date, at: datetime, by: str) -> list[BenefitLoss]:
    newest = BenefitEvidence.objects.filter(benefit=OuterRef("pk")).order_by("-id")
    lapsed = (
        Benefit.objects.select_for_update(no_key=True, of=("self",))
        .annotate(counts_until=Subquery(newest.values("counts_until")[:1]))
        .filter(effective_to__lte=on, effective_to=F("counts_until"))
        .exclude(Exists(BenefitLoss.objects.filter(benefit=OuterRef("pk"))))
        .select_related("account")
        .order_by("pk")
    )
    return [
        _noted(
            each, BenefitLoss.Kind.EXPIRED, "Nadie presentó un documento vigente", each.effective_to, at, by
        )
        for each in lapsed
    ]


def _passed_on(on: date, at: datetime, by: str) -> list[BenefitLoss]:
    """Benefits of accounts that somebody else holds now; each ends on the day its account passed on."""
    holder = AccountHolder.objects.filter(account=OuterRef("benefit__account")).in_effect(on=on)
    ended = []
    moved = (
        Beneficiary.objects.annotate(
            holder=Subquery(holder.values("person")[:1]), since=Subquery(holder.values("effective_from")[:1])
        )
        .exclude(holder=F("person"))
        .exclude(holder=None)
        .exclude(Exists(BenefitLoss.objects.filter(benefit=OuterRef("benefit"))))
        .select_related("benefit__account")
        .order_by("pk")
    )
    for each in moved:
        held = (
            Benefit.objects.select_for_update(no_key=True).filter(pk=each.benefit_id).in_effect(on=on).first()
        )
        if held is not None and (since := max(each.since, held.effective_from + timedelta(days=1))) <= on:
            ended.append(
                _end(
                    held,
                    BenefitLoss.Kind.HOLDER_CHANGED,
                    "El beneficio es de quien lo recibió",
                    since,
                    at,
                    by,
                )
            )
    return ended


def _end(held: Benefit, kind: str, reason: str, on: date, at: datetime, by: str) -> BenefitLoss:
    if held.effective_to is None or held.effective_to > on:
        registry.end_benefit(account=held.account, category=held.category, on=on, reason=reason, by=by, at=at)
    return _noted(held, kind, reason, on, at, by)


def _noted(held: Benefit, kind: str, reason: str, on: date, at: datetime, by: str) -> BenefitLoss:
    loss = BenefitLoss.objects.create(benefit=held, kind=kind, reason=reason, on=on, at=at, by=by)
    audit.record(
        act="lose_benefit", by=by, at=at, object_kind="benefit", object_id=held.pk, reason=reason,
        after={"account": held.account.number, "category": held.category, "kind": kind, "on": str(on)},
    )  # fmt: skip
    return loss
