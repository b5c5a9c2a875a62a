"""Whether what was paid or signed earns the water back, and whether it still does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate

from caudal.arrangements import queries as arrangements
from caudal.arrangements.models import PaymentArrangement
from caudal.cashier.models import Payment
from caudal.disconnections import policy
from caudal.disconnections.commands.reconnecting import (
    FOR_DEBT,
    Cause,
    live_fee,
    open_reconnection,
    withdraw_reconnection,
)
from caudal.disconnections.models import Disconnection, DisconnectionPolicy, ReconnectionOrder
from caudal.disconnections.policy import Standing
from caudal.disconnections.queries.gathering import Due, due_of
from caudal.disconnections.queries.policies import policy_on
from caudal.fees import queries as services
from caudal.registry.models import ServiceInterruption


def waiting_for_water(*, account_ids: Sequence[int] | None, at: datetime) -> dict[int, ServiceInterruption]:
    """Accounts cut or restricted for debt whose water nobody has ordered back, with since when."""
    cut = ServiceInterruption.objects.in_effect(on=localdate(at)).filter(kind__in=FOR_DEBT)
    if account_ids is not None:
        cut = cut.filter(agreement__account_id__in=list(account_ids))
    open_ones = ReconnectionOrder.objects.filter(state="open").values("account_id")
    found = cut.exclude(agreement__account_id__in=open_ones).select_related("agreement__account")
    return {each.agreement.account_id: each for each in found}


@transaction.atomic
def reconnect_if_earned(
    *, account_ids: Sequence[int] | None, at: datetime, by: str
) -> list[ReconnectionOrder]:
    """Order the water back for each of these accounts that did what the policy asks; None: look at all of them."""
    waiting = waiting_for_water(account_ids=account_ids, at=at)
    if not waiting:
        return []
    rules = policy_on(on=localdate(at))
    standings = standings_of(account_ids=list(waiting), at=at)
    opened = []
    for account, cut in sorted(waiting.items()):
        cause = policy.earns_reconnection(standing=standings[account], rules=rules)
        if cause:
            document = (
                standings[account].arrangement if cause == Cause.ARRANGEMENT else _last_receipt(account)
            )
            opened.append(
                open_reconnection(
                    account=cut.agreement.account, cause=cause, document=document,
                    disconnection=_disconnection_of(account), at=at, by=by,
                )
            )  # fmt: skip
    return opened


def standings_of(*, account_ids: Sequence[int], at: datetime) -> dict[int, Standing]:
    """What each account without water has done about its debt since it was cut."""
    on = localdate(at)
    due = due_of(account_ids=account_ids, on=on)
    live = list(
        PaymentArrangement.objects.select_related("policy").filter(live__account_id__in=list(account_ids))
    )
    told = {each.account_id: standing for each, standing in zip(live, _arranged(live, at), strict=True)}
    found = {}
    for account in account_ids:
        cut = _disconnection_of(account)
        paid = paid_since(account_id=account, moment=cut.done_at) if cut else 0
        found[account] = Standing(
            due_cents=due.get(account, Due()).cents,
            debt_at_cut_cents=cut.debt_cents if cut else 0,
            paid_since_cents=paid,
            **told.get(account, {}),
        )
    return found


@transaction.atomic
def withdraw_unearned(
    *, account_ids: Sequence[int], reason: str, at: datetime, by: str
) -> list[ReconnectionOrder]:
    """Call off the reconnections of these accounts that what was paid or signed no longer earns."""
    causes = [Cause.PAYMENT, Cause.ARRANGEMENT]
    found = list(
        ReconnectionOrder.objects.filter(
            account_id__in=list(account_ids), state="open", cause__in=causes
        ).select_related("account", "field_order")
    )
    if not found:
        return []
    rules: DisconnectionPolicy = policy_on(on=localdate(at))
    standings = standings_of(account_ids=[each.account_id for each in found], at=at)
    fallen = [
        each
        for each in found
        if not policy.earns_reconnection(
            standing=_without_fee(standings[each.account_id], each, localdate(at)), rules=rules
        )
    ]
    return [withdraw_reconnection(order=each, reason=reason, at=at, by=by) for each in fallen]


def _without_fee(standing: Standing, order: ReconnectionOrder, on: date) -> Standing:
    """What is past due but for the fee of the reconnection itself: it does not undo what it was charged for."""
    service = live_fee(account=order.account)
    fee = services.open_cents(service=service) if service and service.asked_on < on else 0
    return replace(standing, due_cents=standing.due_cents - fee)


def _disconnection_of(account_id: int) -> Disconnection | None:
    return Disconnection.objects.filter(order__account_id=account_id).order_by("-done_at").first()


def paid_since(*, account_id: int, moment: datetime) -> int:
    """What an account paid after a moment and still stands (centavos)."""
    found = Payment.objects.filter(account_id=account_id, receipt__paid_at__gt=moment)
    return int(found.aggregate(cents=Sum("amount_cents"))["cents"] or 0)


def _last_receipt(account_id: int) -> str:
    last = (
        Payment.objects.filter(account_id=account_id, amount_cents__gt=0)
        .select_related("receipt")
        .order_by("-receipt__paid_at", "-id")
        .first()
    )
    return last.receipt.folio if last else ""


def _arranged(live: Sequence[PaymentArrangement], at: datetime) -> list[dict[str, Any]]:
    told = arrangements.standings(arrangements=list(live), on=localdate(at))
    return [
        {
            "arrangement": each.folio,
            "arrangement_is_late": told[each.pk].n_late > 0,
            "down_payment_is_paid": all(row.open_cents == 0 for row in told[each.pk].rows if row.number == 0),
        }
        for each in live
    ]
