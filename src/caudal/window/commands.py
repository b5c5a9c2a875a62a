"""Verbs of the window: take an account in hand, keep what is typed, charge it once, let it go.

A draft is a note and leaves no trace in the audit; the charge does, with the verb of the cashier that takes it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from caudal.access.models import Clerk
from caudal.cashier import commands as cashier
from caudal.cashier.models import TillSession
from caudal.cashier.queries import live_session
from caudal.kernel import waiting
from caudal.kernel.models import IdempotencyKey
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos
from caudal.ledger import commands as ledger
from caudal.quotes.queries import MonthsAhead
from caudal.registry.models import Account
from caudal.window import policy, queries
from caudal.window.models import WindowDraft
from caudal.window.policy import InHand, Part

TAKE_PAYMENT = "cashier.take_payment"


class CannotHold(Refusal): ...


class CannotCharge(Refusal): ...


class OtherChargeInHand(CannotCharge):
    """The screen shows a charge that is no longer the one in hand."""


class NotShownYet(CannotCharge):
    """What the charge does was not on the screen when it was confirmed."""


class DebtChanged(CannotCharge):
    """Somebody paid or charged these accounts since the screen was drawn."""


@transaction.atomic
def hold_account(*, clerk: Clerk, account: Account, at: datetime, on_top: bool = False) -> WindowDraft:
    """Take an account in hand: in place of what there was, or joining it (`on_top`, or asked for before).

    :raises CannotHold: if it is there already, or they are too many for one payment
    """
    draft = _locked(clerk, at)
    hand = policy.in_hand(body=draft.body)
    if not (hand.parts and (on_top or hand.is_adding)):
        return _begin(draft, InHand(parts=(Part(account.number),)), at)
    if account.number in hand.numbers:
        raise CannotHold(
            f"La cuenta {account.number} ya está en este cobro.", "Pase el recibo de otra.", field="text"
        )
    if len(hand.parts) >= policy.MOST_ACCOUNTS:
        raise CannotHold(
            f"En un pago caben {policy.MOST_ACCOUNTS} cuentas.",
            "Cobre estas y siga con las demás.",
            field="text",
        )
    joined = replace(hand, parts=(*hand.parts, Part(account.number)), is_adding=False, is_ready=False)
    return _write(draft, joined, at)


@transaction.atomic
def ask_for_another(*, clerk: Clerk, at: datetime) -> WindowDraft:
    """The next account joins those in hand."""
    draft = _locked(clerk, at)
    hand = policy.in_hand(body=draft.body)
    return _write(draft, replace(hand, is_adding=bool(hand.parts)), at)


@transaction.atomic
def drop_account(*, clerk: Clerk, number: str, at: datetime) -> WindowDraft:
    """Take one account out of the charge in hand; without any left, the charge is let go."""
    draft = _locked(clerk, at)
    hand = policy.in_hand(body=draft.body)
    left = tuple(part for part in hand.parts if part.number != number)
    if not left:
        return _begin(draft, InHand(), at)
    return _write(draft, replace(hand, parts=left, is_ready=False), at)


@transaction.atomic
def let_go(*, clerk: Clerk, at: datetime) -> WindowDraft:
    """Step back: what was asked to be added, then what was reviewed, then the whole charge in hand."""
    draft = _locked(clerk, at)
    hand = policy.in_hand(body=draft.body)
    if hand.is_adding:
        return _write(draft, replace(hand, is_adding=False), at)
    if hand.is_ready:
        return _write(draft, replace(hand, is_ready=False), at)
    if hand.parts:
        return _begin(draft, InHand(), at)
    return _begin(draft, InHand(), at, forget_last=True)


@transaction.atomic
def keep_typed(*, clerk: Clerk, key: UUID, typed: InHand, at: datetime) -> InHand | None:
    """Keep what is in the boxes, word for word; None if the charge they belong to is no longer in hand."""
    draft = _locked(clerk, at)
    if draft.key != key:
        return None
    hand = _with_typed(policy.in_hand(body=draft.body), typed)
    _write(draft, hand, at)
    return hand


def review(*, clerk: Clerk, key: UUID, typed: InHand, at: datetime) -> None:
    """Check what was typed against what is owed today; what is in the boxes is kept even if it is refused.

    The charge is ready to be confirmed once everything it does is on the screen: an amount that was just typed is
    first shown applied.

    :raises CannotSettle: beside the box to correct
    :raises DebtChanged: if what is owed is not what the screen said
    :raises OtherChargeInHand: if the screen is of another charge
    """
    hand = keep_typed(clerk=clerk, key=key, typed=typed, at=at)
    if hand is None:
        raise _other_charge()
    dues = queries.dues(hand=hand, at=at)
    _require_unchanged(hand, dues.owed)
    policy.settle(hand=hand, due=dues.due)
    is_shown = hand.amounts == hand.reviewed or not hand.is_special
    with transaction.atomic():
        _write(_locked(clerk, at), replace(hand, is_ready=is_shown, reviewed=hand.amounts), at)


def charge(*, clerk: Clerk, key: UUID, typed: InHand, at: datetime) -> dict[str, Any]:
    """Charge what is in hand and begin clean; the reply is that of `cashier.take_payment`.

    The same key again gives the same reply and charges nothing more, also when the draft has gone on since.

    :raises OtherChargeInHand: if the screen is of another charge, never paid
    :raises NotShownYet: if how an amount is applied was not on the screen; now it is
    :raises DebtChanged: if what is owed is not what the screen said
    :raises CannotSettle: beside the box to correct
    :raises CannotCharge: if there is no open session
    :raises CannotTakePayment: as the cashier refuses
    """
    with waiting.for_lock(what="Este mismo cobro todavía se está registrando."):
        hand = keep_typed(clerk=clerk, key=key, typed=typed, at=at)
        if hand is None:
            return _reply_of(key)
        if hand.is_special and hand.amounts != hand.reviewed:
            review(clerk=clerk, key=key, typed=typed, at=at)
            raise NotShownYet(
                "Revise cómo se aplica la cantidad.", "Si está bien, confirme con Enter.", field="charge"
            )
        return _take(clerk, key, at)


@transaction.atomic
def _take(clerk: Clerk, key: UUID, at: datetime) -> dict[str, Any]:
    draft = _locked(clerk, at)
    if draft.key != key:
        return _reply_of(key)
    hand = policy.in_hand(body=draft.body)
    session = _session_of(clerk)
    accounts = {each.number: each for each in Account.objects.filter(number__in=hand.numbers)}
    # the drawer first, then the accounts: the order of every act of the counter
    TillSession.objects.select_for_update(no_key=True).filter(pk=session.pk).first()
    ledger.lock_accounts(account_ids=[each.pk for each in accounts.values()])
    dues = queries.dues(hand=hand, at=at)
    _require_unchanged(hand, dues.owed)
    settled = policy.settle(hand=hand, due=dues.due)
    reply = cashier.take_payment(
        session=session,
        parts=[
            cashier.AccountPart(
                accounts[number],
                cents,
                _prepaid(dues.ahead.get(number)),
            )
            for number, cents in settled.amounts.items()
        ],
        tenders=settled.tenders,
        at=at,
        by=clerk.username,
        key=draft.key,
    )
    draft.last = reply
    _begin(draft, InHand(), at)
    return reply


def _prepaid(ahead: MonthsAhead | None) -> cashier.PrepaidMonths | None:
    if ahead is None:
        return None
    return cashier.PrepaidMonths(ahead.months, ahead.book, ahead.campaign, ahead.reductions)


def _require_unchanged(hand: InHand, owed: Mapping[str, int]) -> None:
    """An account that is paid in full owes what the screen said."""
    told = next((p for p in hand.parts if not p.amount.strip() and owed[p.number] != p.seen_cents), None)
    if told is None:
        return
    now = pesos(owed[told.number]) if owed[told.number] else "nada"
    raise DebtChanged(
        f"La cuenta {told.number} cambió: debía {pesos(told.seen_cents)} y ahora debe {now}.",
        "Se movió en otra caja o ventana. Revise el adeudo antes de cobrar.",
        field="cash",
    )


def _session_of(clerk: Clerk) -> TillSession:
    session = live_session(cashier=clerk.username)
    if session is None:
        raise CannotCharge("No tiene un turno abierto.", "Abra su turno para cobrar.", field="session")
    return session


def _reply_of(key: UUID) -> dict[str, Any]:
    paid = IdempotencyKey.objects.filter(key=key, act=TAKE_PAYMENT).first()
    if paid is None:
        raise _other_charge()
    reply: dict[str, Any] = paid.reply
    return reply


def _other_charge() -> OtherChargeInHand:
    return OtherChargeInHand(
        "En esta ventanilla ya hay otro cobro en curso.",
        "No se cobró nada. Se muestra el que está en curso.",
        field="text",
    )


def _with_typed(hand: InHand, typed: InHand) -> InHand:
    """What is in the boxes over what was kept; accounts and what was reviewed stay."""
    boxes: Mapping[str, Part] = {part.number: part for part in typed.parts}
    parts = tuple(boxes.get(part.number, part) for part in hand.parts)
    is_same = (hand.cash, hand.others, hand.amounts) == (
        typed.cash,
        typed.others,
        tuple(p.amount for p in parts),
    )
    return replace(
        hand, parts=parts, cash=typed.cash, others=typed.others, is_ready=hand.is_ready and is_same
    )


def _locked(clerk: Clerk, at: datetime) -> WindowDraft:
    """The draft of a clerk, locked; made the first time."""
    WindowDraft.objects.get_or_create(clerk=clerk, defaults={"key": uuid4(), "changed_at": at})
    return WindowDraft.objects.select_for_update(of=("self",)).get(clerk=clerk)


def _begin(draft: WindowDraft, hand: InHand, at: datetime, *, forget_last: bool = False) -> WindowDraft:
    """Another charge: another key."""
    draft.key = uuid4()
    if forget_last:
        draft.last = {}
    return _write(draft, hand, at)


def _write(draft: WindowDraft, hand: InHand, at: datetime) -> WindowDraft:
    draft.body, draft.changed_at = hand.as_body(), at
    draft.save(update_fields=["key", "body", "last", "changed_at"])
    return draft
