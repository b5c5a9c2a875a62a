"""Grant and end the reductions an account holds by right."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.registry.commands.locking import account_locked, agreement_locked
from caudal.registry.models import Account, Benefit


class CannotGrantBenefit(Refusal): ...


class CannotEndBenefit(Refusal): ...


class CannotRenewBenefit(Refusal): ...


@transaction.atomic
def grant_benefit(
    *,
    account: Account,
    category: str,
    on: date,
    evidence: str,
    by: str,
    at: datetime,
    until: date | None = None,
) -> Benefit:
    """Give a benefit from a day on, to the day before `until` if there is one.

    How much it reduces, and on which uses, is said by the tariff book in force; here stands who holds it.

    :raises CannotGrantBenefit: if it is held already, the account has no service that day, the dates are
        out of order or there is no evidence
    """
    if not evidence.strip():
        raise CannotGrantBenefit(
            "Falta el comprobante.", "Escriba la credencial o el documento que se presentó.", field="evidence"
        )
    if until is not None and until <= on:
        raise CannotGrantBenefit(
            "El beneficio terminaría antes de empezar.", "Revise las fechas.", field="until"
        )
    agreement_locked(account=account, on=on, refusal=CannotGrantBenefit)
    try:
        with transaction.atomic():
            benefit = Benefit.objects.create(
                account=account, category=category, effective_from=on, effective_to=until, evidence=evidence.strip(),
                granted_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise CannotGrantBenefit(
            f"La cuenta {account.number} ya tiene ese beneficio en esas fechas.",
            "Revise sus beneficios vigentes antes de darle otro.", field="category",
        ) from None  # fmt: skip
    audit.record(
        act="grant_benefit", by=by, at=at, object_kind="account", object_id=account.number, reason=evidence,
        after={"category": category, "on": str(on), "until": str(until) if until else None},
    )  # fmt: skip
    return benefit


@transaction.atomic
def end_benefit(*, account: Account, category: str, on: date, reason: str, by: str, at: datetime) -> Benefit:
    """End a benefit from a day on.

    :raises CannotEndBenefit: if it is not held before that day, or no reason is given
    """
    if not reason.strip():
        raise CannotEndBenefit("Falta el motivo.", "Escriba por qué termina.", field="reason")
    account_locked(account=account)
    benefit: Benefit | None = (
        Benefit.objects.filter(account=account, category=category).in_effect(on=on).first()
    )
    if benefit is None or benefit.effective_from == on:
        raise CannotEndBenefit(
            f"La cuenta {account.number} no tenía ese beneficio antes del {on:%d/%m/%Y}.",
            "Revise la categoría y la fecha.", field="category",
        )  # fmt: skip
    Benefit.objects.filter(pk=benefit.pk).update(effective_to=on)
    audit.record(
        act="end_benefit", by=by, at=at, object_kind="account", object_id=account.number, reason=reason,
        before={"category": category, "since": str(benefit.effective_from)}, after={"on": str(on)},
    )  # fmt: skip
    benefit.refresh_from_db()
    return benefit


@transaction.atomic
def renew_benefit(*, benefit: Benefit, on: date, until: date, reason: str, by: str, at: datetime) -> Benefit:
    """Let a benefit that still holds last to the day before another date.

    :raises CannotRenewBenefit: if it does not hold that day, or would end there
    """
    account_locked(account=benefit.account)
    held: Benefit | None = Benefit.objects.filter(pk=benefit.pk).in_effect(on=on).first()
    if held is None or until <= on:
        raise CannotRenewBenefit(
            f"El beneficio de la cuenta {benefit.account.number} no estaba vigente el {on:%d/%m/%Y}.",
            "Regístrelo de nuevo con su comprobante.", field="benefit",
        )  # fmt: skip
    Benefit.objects.filter(pk=held.pk).update(effective_to=until)
    audit.record(
        act="renew_benefit", by=by, at=at, object_kind="account", object_id=benefit.account.number, reason=reason,
        before={"category": held.category, "until": str(held.effective_to) if held.effective_to else None},
        after={"on": str(on), "until": str(until)},
    )  # fmt: skip
    held.refresh_from_db()
    return held
