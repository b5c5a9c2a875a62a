"""Forgiving by the rules in force, inside somebody else's act; and taking it back with that act's paper."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np
from django.db import transaction

from caudal.campaigns import offering
from caudal.campaigns.models import Waiver
from caudal.campaigns.offering import Grant
from caudal.campaigns.planning import Forgiven
from caudal.kernel import audit
from caudal.ledger import commands as ledger
from caudal.ledger import queries
from caudal.ledger.queries import DebtTerms, Position
from caudal.registry.models import Account
from caudal.rules.bounds import Int64

# what names an item for ever, also once a surcharge to the day became a charge
ITEM: Final = ("account_id", "period", "document_kind", "sequence", "concept_id")


@dataclass(frozen=True, slots=True)
class _Act:
    """The act that forgives: when, who, its paper, and whether it holds only while an arrangement does."""

    on: date
    at: datetime
    by: str
    document: str
    is_conditional: bool = False


@transaction.atomic(savepoint=False)
def waive_single_payment(
    *,
    account_cents: Mapping[int, int],
    on: date,
    at: datetime,
    by: str,
    document: str | Callable[[], str],
    terms: DebtTerms,
) -> dict[int, list[Waiver]]:
    """Forgive to each account (id → centavos it pays now) whose payment covers all that would be left to pay.

    Called before the payment is posted, with the accounts locked. An account whose money does not reach is
    forgiven nothing: its payment is an ordinary one.

    :param document: the receipt's folio; a callable is asked only if something is forgiven
    """
    campaigns = list(offering.campaigns_in_force(at=at, grant=Grant.SINGLE_PAYMENT))
    if not campaigns:
        return {}
    position = queries.position(account_ids=sorted(account_cents), on=on, terms=terms)
    forgiven = offering.earned(position=position, campaigns=campaigns, money_cents=account_cents, on=on)
    return _write(forgiven, position, on=on, at=at, by=by, document=document, terms=terms)


@transaction.atomic(savepoint=False)
def waive_for_arrangement(
    *, account: Account, on: date, at: datetime, by: str, document: str, terms: DebtTerms
) -> list[Waiver]:
    """Forgive what the rules in force offer to whoever signs an arrangement, on condition that it is kept.

    Called before the debt becomes installments, with the account locked.

    :param document: the arrangement's folio; `take_back_waivers` of it undoes the forgiving when it defaults
    """
    campaigns = list(offering.campaigns_in_force(at=at, grant=Grant.ARRANGEMENT))
    if not campaigns:
        return []
    position = queries.position(account_ids=[account.pk], on=on, terms=terms)
    forgiven = offering.planned(position=position, campaigns=campaigns, on=on)
    given = _write(
        forgiven, position, on=on, at=at, by=by, document=document, terms=terms, is_conditional=True
    )
    return given.get(account.pk, [])


@transaction.atomic(savepoint=False)
def waive_by_policy(
    *,
    rule: str,
    position: Position,
    given: Int64,
    on: date,
    at: datetime,
    by: str,
    document: str,
    reason: str,
) -> Waiver:
    """Forgive so much of each item of one account by a rule that is no campaign: the policy of its arrangement.

    :param rule: the code of the policy
    :param document: names the waiver and its credit for ever
    """
    (account,) = np.unique(position.items.account_id[given > 0]).tolist()
    posted = ledger.post_waivers(
        position=position, given=given, on=on, at=at, by=by, documents={account: document}, reason=reason
    )[account]
    return Waiver.objects.create(
        rule=rule, account_id=account, credit=posted.credit, cents=posted.credit.amount_cents, document=document,
        on=on, at=at, by=by,
    )  # fmt: skip


@transaction.atomic(savepoint=False)
def take_back_waivers(
    *, document: str, on: date, at: datetime, by: str, reversal: str, reason: str
) -> list[Waiver]:
    """Charge again what was forgiven with a paper: its receipt is canceled, or its arrangement not kept.

    What was taken back before stays so. Surcharges that became charges stay: their months had passed.

    :param reversal: the paper that takes it back
    :raises CannotReverseCredit: without a reason
    """
    given = list(
        Waiver.objects.filter(document=document, credit__credit__isnull=True)
        .select_related("credit", "account")
        .order_by("account_id", "id")
    )
    for waiver in given:
        ledger.reverse_credit(
            credit=waiver.credit,
            on=on,
            at=at,
            by=by,
            document=_name(reversal, waiver.account.number, waiver.rule),
            reason=reason,
        )
    return given


def _write(
    forgiven: Sequence[Forgiven],
    position: Position,
    *,
    on: date,
    at: datetime,
    by: str,
    document: str | Callable[[], str],
    terms: DebtTerms,
    is_conditional: bool = False,
) -> dict[int, list[Waiver]]:
    """Post what each rule forgives, and keep by which rule it was."""
    if not forgiven:
        return {}
    act = _Act(on, at, by, document() if callable(document) else document, is_conditional)
    given: dict[int, list[Waiver]] = {}
    for place, each in enumerate(forgiven):
        # what a rule before forgave moved the position
        now = _read_again(position, act, terms) if place else position
        for waiver in _post(each, now, _at(now, position, each.given), act):
            given.setdefault(waiver.account_id, []).append(waiver)
    return given


def _post(forgiven: Forgiven, position: Position, given: Int64, act: _Act) -> list[Waiver]:
    campaign = forgiven.campaign
    numbers = Account.objects.in_bulk(np.unique(position.items.account_id[given > 0]).tolist())
    posted = ledger.post_waivers(
        position=position,
        given=given,
        on=act.on,
        at=act.at,
        by=act.by,
        documents={key: _name(act.document, each.number, campaign.code) for key, each in numbers.items()},
        reason=f"{campaign.name} ({campaign.council_agreement})",
    )
    kept = Waiver.objects.bulk_create(
        Waiver(
            campaign=campaign, rule=campaign.code, account_id=account, credit=each.credit,
            cents=each.credit.amount_cents, document=act.document, is_conditional=act.is_conditional, on=act.on,
            at=act.at, by=act.by,
        )
        for account, each in posted.items()
    )  # fmt: skip
    audit.record(
        act="campaigns.forgive", by=act.by, at=act.at, object_kind="campaign", object_id=campaign.code,
        after={"document": act.document, "forgiven": {numbers[each.account_id].number: each.cents for each in kept}},
    )  # fmt: skip
    return kept


def _read_again(position: Position, act: _Act, terms: DebtTerms) -> Position:
    accounts = np.unique(position.items.account_id).tolist()
    return queries.position(account_ids=accounts, on=act.on, terms=terms)


def _at(now: Position, planned: Position, given: Int64) -> Int64:
    """What was planned of each item, at the rows that the items have now."""
    if now is planned:
        return given
    wanted = {
        tuple(int(getattr(planned.items, name)[row]) for name in ITEM): int(given[row])
        for row in np.flatnonzero(given).tolist()
    }
    moved = np.zeros(len(now.items), dtype=np.int64)
    for row, key in enumerate(zip(*(getattr(now.items, name).tolist() for name in ITEM), strict=True)):
        moved[row] = wanted.pop(key, 0)
    if wanted:
        raise AssertionError("a rule forgave items that are no longer there")
    return moved


def _name(document: str, number: str, code: str) -> str:
    """What names one credit for ever: a paper may forgive to several accounts, by several rules."""
    return f"{document} {number} {code}"
