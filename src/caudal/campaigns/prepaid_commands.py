"""Verbs of months paid ahead: kept with the payment that pays them, ended when they will not reach a bill."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from caudal.access import approvals
from caudal.access import policy as acts
from caudal.access.models import Approval
from caudal.campaigns import prepaid_queries as queries
from caudal.campaigns.models import Campaign, PrepaidMonth, PrepaidMonthEnd, PrepaymentPolicy
from caudal.campaigns.prepaid_policy import MonthTerms as MonthTerms
from caudal.campaigns.prepaid_policy import is_reduced_by
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import month_name
from caudal.ledger import commands as ledger
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs

Kind = PrepaidMonthEnd.Kind


class CannotKeepPrepaidMonths(Refusal): ...


class CannotEndPrepaidMonths(Refusal): ...


class CannotSetPrepaymentPolicy(Refusal): ...


@dataclass(frozen=True, slots=True)
class EndedMonths:
    """Months that will not reach a bill, their money (centavos), and how much of it paid what was owed."""

    periods: tuple[int, ...]
    cents: int
    applied_cents: int


@transaction.atomic
def keep_prepaid_months(
    *,
    account: Account,
    months: Sequence[MonthTerms],
    book: str,
    campaign: str,
    credit_id: int,
    at: datetime,
    by: str,
) -> list[PrepaidMonth]:
    """Write down the months that a payment pays ahead, each at the price of its book and with its rule.

    :param campaign: code of the campaign that reduces them; empty if none does
    :raises CannotKeepPrepaidMonths: if a month is paid already, or its reduction is not what the campaign says
    """
    rule = _rule(months, campaign, at)
    _require_unpaid(account, months)
    rows = [
        PrepaidMonth(
            account=account,
            period=each.period,
            book=tariffs.book_by_code(code=book),
            quoted_cents=each.quoted_cents,
            ppm=each.ppm,
            reduction_cents=each.reduction_cents,
            paid_cents=each.paid_cents,
            campaign=rule if each.ppm else None,
            credit_id=credit_id,
            at=at,
            by=by,
        )
        for each in months
    ]
    try:
        with transaction.atomic():
            kept = PrepaidMonth.objects.bulk_create(rows)
    except IntegrityError as problem:
        raise CannotKeepPrepaidMonths(
            "Alguno de esos meses ya está pagado por adelantado.",
            "Vuelva a elegir cuántos meses se pagan.",
            field="months",
        ) from problem
    audit.record(
        act="campaigns.keep_prepaid_months", by=by, at=at, object_kind="account", object_id=account.number,
        after={
            "book": book, "campaign": campaign,
            "months": [[each.period, each.quoted_cents, each.ppm, each.reduction_cents] for each in months],
        },
    )  # fmt: skip
    return kept


@transaction.atomic
def end_prepaid_months(*, account: Account, reason: str, on: date, at: datetime, by: str) -> EndedMonths:
    """End the months of an account that were paid ahead and have no bill yet; their money is the customer's.

    The policy in force says whether it stays in favor whole, or first pays what the account owes.

    :raises CannotEndPrepaidMonths: without a reason, or if no month waits for its bill
    """
    if not reason.strip():
        raise CannotEndPrepaidMonths("Falta el motivo.", "Escriba por qué no se usarán.", field="reason")
    ledger.lock_accounts(account_ids=[account.pk])
    waiting = [row.month for row in queries.prepaid_rows(account_id=account.pk) if row.is_waiting]
    if not waiting:
        raise CannotEndPrepaidMonths(
            f"La cuenta {account.number} no tiene meses adelantados por usar.",
            "Consulte sus movimientos: ya se facturaron, o ya se devolvieron.",
            field="reason",
        )
    policy = queries.prepayment_policy(on=on)
    settles = policy is not None and policy.on_closing == PrepaymentPolicy.OnClosing.SETTLE
    _end(waiting, Kind.SETTLED if settles else Kind.REFUNDED, reason.strip(), on=on, at=at, by=by)
    applied = 0
    if settles:
        applied = ledger.apply_credit_balance(
            account_ids=[account.pk], on=on, at=at, by=by, document=f"prepaid:{account.number}",
            terms=tariffs.terms_on(on=on),
        ).amount_cents  # fmt: skip
    return EndedMonths(
        tuple(int(month.period) for month in waiting), sum(month.paid_cents for month in waiting), applied
    )


def end_prepaid_of_closed(*, on: date, at: datetime, by: str) -> dict[str, EndedMonths]:
    """End the waiting months of every account whose service ended: account number → what was ended."""
    waiting = Account.objects.filter(
        prepaid_months__end__isnull=True, prepaid_months__isnull=False
    ).distinct()
    without = waiting.exclude(agreements__effective_to__isnull=True).exclude(agreements__effective_to__gt=on)
    ended = {}
    for account in without.order_by("pk"):
        if any(row.is_waiting for row in queries.prepaid_rows(account_id=account.pk)):
            ended[account.number] = end_prepaid_months(
                account=account, reason="La cuenta se dio de baja", on=on, at=at, by=by
            )
    return ended


@transaction.atomic
def end_prepaid_of_credits(
    *, credit_ids: Sequence[int], reason: str, on: date, at: datetime, by: str
) -> None:
    """End the months that some payments paid, because their receipt is canceled.

    What was billed meanwhile was billed with its reduction: that bill is owed again, and `caudal check` asks for it
    to be taken back and issued anew, without it.
    """
    months = list(
        PrepaidMonth.objects.filter(credit_id__in=credit_ids, end__isnull=True).select_related("account")
    )
    _end(months, Kind.CANCELED, reason, on=on, at=at, by=by)


@transaction.atomic
def set_prepayment_policy(
    *,
    effective_from: date,
    article: str,
    on_tariff_change: str,
    on_closing: str,
    at: datetime,
    by: str,
    approval: Approval | None = None,
) -> PrepaymentPolicy:
    """Say what happens to months paid ahead from a day on; it holds for what is paid from then.

    :param approval: of another person, for `APPROVE_POLICIES` on this day; the page asks for it always, the
        terminal is only of who runs the server
    :raises CannotSetPrepaymentPolicy: without what founds it, or with an answer that is none of the two
    """
    if not article.strip():
        raise CannotSetPrepaymentPolicy(
            "Falta el fundamento.", "Escriba el artículo o el acuerdo que lo dispone.", field="article"
        )
    for field, value, known in (
        ("on_tariff_change", on_tariff_change, PrepaymentPolicy.OnTariffChange.values),
        ("on_closing", on_closing, PrepaymentPolicy.OnClosing.values),
    ):
        if value not in known:
            raise CannotSetPrepaymentPolicy(
                f"«{value}» no es una respuesta.", f"Elija una de: {', '.join(known)}.", field=field
            )
    policy = PrepaymentPolicy.objects.create(
        effective_from=effective_from, article=article.strip(), on_tariff_change=on_tariff_change,
        on_closing=on_closing, set_at=at, set_by=by,
    )  # fmt: skip
    if approval is not None:
        approvals.use(
            approval=approval, act=acts.APPROVE_POLICIES, object_kind="prepayment_policy", object_id=effective_from,
            asked_by=by, at=at,
        )  # fmt: skip
    audit.record(
        act="campaigns.set_prepayment_policy", by=by, at=at, object_kind="prepayment_policy", object_id=policy.pk,
        after={"from": effective_from.isoformat(), "on_tariff_change": on_tariff_change, "on_closing": on_closing},
        reason=policy.article,
    )  # fmt: skip
    return policy


def _rule(months: Sequence[MonthTerms], code: str, at: datetime) -> Campaign | None:
    """The campaign that reduces some months, in force at a moment and as it says."""
    rule = None
    if code:
        rule = Campaign.objects.filter(
            code=code, on_prepayment=True, published_at__isnull=False, withdrawn_at__isnull=True,
            starts_at__lte=at, ends_at__gt=at, least_months__lte=len(months),
        ).first()  # fmt: skip
    if not is_reduced_by(
        months=months, ppm=rule.ppm if rule else 0, cap_cents=(rule.cap_cents or None) if rule else 0
    ):
        raise CannotKeepPrepaidMonths(
            "La reducción de los meses adelantados ya no es la que se mostró.",
            "Vuelva a elegir cuántos meses se pagan: la campaña cambió o terminó.",
            field="months",
        )
    return rule


def _require_unpaid(account: Account, months: Sequence[MonthTerms]) -> None:
    paid = PrepaidMonth.objects.filter(
        account=account, period__in=[each.period for each in months], end__isnull=True
    ).select_related("credit")
    if month := paid.order_by("period").first():
        raise CannotKeepPrepaidMonths(
            f"La cuenta {account.number} ya tiene pagado {month_name(int(month.period))} por adelantado,"
            f" con el comprobante {month.credit.document}.",
            "Vuelva a elegir cuántos meses se pagan.",
            field="months",
        )


def _end(months: Sequence[PrepaidMonth], kind: str, reason: str, *, on: date, at: datetime, by: str) -> None:
    if not months:
        return
    billed = {
        (account, period)
        for account in {month.account_id for month in months}
        for period in queries.billed_periods(
            account_id=account, periods=[int(month.period) for month in months if month.account_id == account]
        )
    }
    PrepaidMonthEnd.objects.bulk_create(
        PrepaidMonthEnd(
            month=month,
            kind=kind,
            difference_cents=_difference(month, kind, (month.account_id, int(month.period)) in billed),
            reason=reason[:200],
            on=on,
            at=at,
            by=by,
        )
        for month in months
    )
    for number in sorted({month.account.number for month in months}):
        audit.record(
            act="campaigns.end_prepaid_months", by=by, at=at, object_kind="account", object_id=number, reason=reason,
            after={
                "kind": kind,
                "months": [int(month.period) for month in months if month.account.number == number],
            },
        )  # fmt: skip


def _difference(month: PrepaidMonth, kind: str, is_billed: bool, /) -> int:
    """What the customer gets back of a month, or must pay more if its reduction was billed and does not hold."""
    paid, reduced = int(month.paid_cents), int(month.reduction_cents)
    if kind != Kind.CANCELED:
        return paid
    return -reduced if is_billed else 0
