"""Signing: what an account owes becomes installments, with what a campaign forgives meanwhile."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Sum

from caudal.access import approvals
from caudal.access import policy as access
from caudal.access.models import Approval
from caudal.arrangements import policy
from caudal.arrangements.commands import ending
from caudal.arrangements.events import ArrangementSigned
from caudal.arrangements.models import (
    AbilityToPay,
    ArrangementPolicy,
    Installment,
    LiveArrangement,
    PaymentArrangement,
)
from caudal.arrangements.policy import Ability, Terms
from caudal.arrangements.queries.policies import policy_on
from caudal.arrangements.queries.simulating import debt_lines, favor_of, has_defaulted
from caudal.arrangements.queries.standings import standing
from caudal.campaigns import commands as campaigns
from caudal.campaigns import queries as months_ahead
from caudal.kernel import audit, events, folios, idempotency
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.ledger import queries as positions
from caudal.ledger.models import Allocation, Credit
from caudal.ledger.queries import DebtTerms
from caudal.registry.models import Account
from caudal.rules import amortization
from caudal.tariffs import queries as tariffs


class CannotSignArrangement(Refusal): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs, in what quality, and with what they identified themselves."""

    name: str
    acting_as: str = "titular"
    document: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """An agreement about to be signed."""

    account: Account
    terms: Terms
    signer: Signer
    ability: Ability | None
    approval: Approval | None
    limits: ArrangementPolicy
    law: DebtTerms
    on: date
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class _Settled:
    """The debt of the day, what was forgiven of it, and the table of the rest (centavos)."""

    number: int
    total_cents: int
    debts: list[dict[str, Any]]
    waivers: Sequence[Credit]
    table: Sequence[amortization.Installment]
    approval: Approval | None
    affordable_cents: int | None

    @property
    def waived_cents(self) -> int:
        return sum(each.amount_cents for each in self.waivers)


def sign_arrangement(
    *,
    account: Account,
    terms: Terms,
    signer: Signer,
    on: date,
    at: datetime,
    by: str,
    key: UUID,
    ability: Ability | None = None,
    approval: Approval | None = None,
) -> PaymentArrangement:
    """Put all that an account owes today in an agreement: one in force at a time. The same key signs once.

    Money in favor pays first. What a campaign forgives to who signs is taken off on the condition that the
    agreement is kept. The down payment is installment 0, due today and paid at the window like the others.

    :param approval: for `APPROVE_ARRANGEMENTS` on this account, asked with `after=terms.as_dict()`
    :raises CannotSignArrangement: if nobody signs, another is in force, or a campaign forgives it all
    :raises CannotArrange: if the terms make no table
    :raises NeedsApproval: if something passes what the policy lets one person sign
    """
    body = {
        "account": account.number, "terms": terms.as_dict(), "signer": asdict(signer),
        "ability": asdict(ability) if ability else None, "approval": approval.pk if approval else None,
    }  # fmt: skip

    def run() -> dict[str, Any]:
        asked = _Asked(
            account, terms, signer, ability, approval, policy_on(on=on), tariffs.terms_on(on=on), on, at, by
        )
        return {"arrangement": _signed(asked).pk}

    reply = idempotency.once(key=key, act="arrangements.sign", body=body, at=at, run=run)
    return PaymentArrangement.objects.select_related("account", "policy").get(pk=reply["arrangement"])


def _signed(asked: _Asked) -> PaymentArrangement:
    if not asked.signer.name.strip():
        raise CannotSignArrangement("Falta quién firma.", "Escriba su nombre completo.", field="signer")
    ledger.lock_accounts(account_ids=[asked.account.pk])
    _require_none_in_force(asked)
    _spend_what_is_in_favor(asked)
    settled = _settle(asked)
    document = policy.arrangement_folio(settled.number)
    replaced = ledger.replace_by_installments(
        account=asked.account,
        parts=[ledger.Part(each.due_on, each.amount_cents, each.deferral_cents) for each in settled.table],
        on=asked.on, at=asked.at, by=asked.by, document=document, terms=asked.law,
    )  # fmt: skip
    arrangement = _written(asked, settled, replaced)
    audit.record(
        act="sign_arrangement", by=asked.by, at=asked.at, object_kind="account", object_id=asked.account.number,
        after={
            "folio": document, **asked.terms.as_dict(), "total_cents": settled.total_cents,
            "waived_cents": settled.waived_cents,
            "approved_by": settled.approval.approver if settled.approval else None,
        },
    )  # fmt: skip
    events.announce(ArrangementSigned(arrangement))
    return arrangement


def _require_none_in_force(asked: _Asked) -> None:
    """One at a time; the one that is paid already ends here."""
    live = LiveArrangement.objects.select_related("arrangement").filter(account=asked.account).first()
    if live is None:
        return
    if standing(arrangement=live.arrangement, on=asked.on).open_cents == 0:
        ending.finish(arrangement=live.arrangement, on=asked.on, at=asked.at, by=asked.by)
        return
    raise CannotSignArrangement(
        f"La cuenta ya tiene un convenio vigente, {live.arrangement.folio}.",
        "Siga ese; solo puede haber uno a la vez.",
    )


def _spend_what_is_in_favor(asked: _Asked) -> None:
    if favor_of(account=asked.account):
        ledger.apply_credit_balance(
            account_ids=[asked.account.pk], on=asked.on, at=asked.at, by=asked.by,
            document=f"convenio/{asked.account.number}", terms=asked.law,
            reserved_cents=months_ahead.prepaid_reserved(account_ids=[asked.account.pk]),
        )  # fmt: skip


def _settle(asked: _Asked) -> _Settled:
    """Forgive what is forgiven, divide the rest, and see that whoever must approve it did."""
    position = positions.position(account_ids=[asked.account.pk], on=asked.on, terms=asked.law)
    total = int(position.items.open_cents.sum())
    if total <= 0:
        raise CannotSignArrangement(
            "La cuenta no debe nada que se pueda poner en convenio.", "Revise su estado de cuenta."
        )
    # the ledger names what follows by the folio, so it cannot be taken last
    number = folios.take(series=policy.SERIES)
    waivers = [
        each.credit
        for each in campaigns.waive_for_arrangement(
            account=asked.account, on=asked.on, at=asked.at, by=asked.by,
            document=policy.arrangement_folio(number), terms=asked.law,
        )
    ]  # fmt: skip
    agreed = total - sum(each.amount_cents for each in waivers)
    if agreed == 0:
        raise CannotSignArrangement(
            "La campaña condona todo el adeudo: no queda qué poner en convenio.", "Cóbrelo en la ventanilla."
        )
    table = policy.table(agreed_cents=agreed, terms=asked.terms, signed_on=asked.on, limits=asked.limits)
    affordable = (
        policy.affordable(ability=asked.ability, limits=asked.limits) if asked.ability else None
    )  # fmt: skip
    lines = debt_lines(position=position, forgiven=_forgiven(waivers))
    return _Settled(
        number, total,
        [{"period": int(each.period), "concept": each.concept, "owed_cents": each.owed_cents,
          "waived_cents": each.waived_cents} for each in lines],
        waivers, table, _approved(asked, table, total, affordable), affordable,
    )  # fmt: skip


def _forgiven(waivers: Sequence[Credit]) -> dict[tuple[int, int], int]:
    """What some waivers extinguished, by period and concept (centavos)."""
    sums: dict[tuple[int, int], int] = defaultdict(int)
    rows = (
        Allocation.objects.filter(credit__in=waivers)
        .values_list("period", "concept_id")
        .annotate(cents=Sum("amount_cents"))
    )
    for period, concept, cents in rows:
        sums[int(period), concept] += cents
    return sums


def _approved(
    asked: _Asked, table: Sequence[amortization.Installment], total_cents: int, affordable_cents: int | None
) -> Approval | None:
    """Spend the approval if something passes the policy; an approval that nothing needs is left alone."""
    beyond = policy.beyond_limits(
        installments=table, total_cents=total_cents, signed_on=asked.on, limits=asked.limits,
        has_defaulted=has_defaulted(account=asked.account), affordable_cents=affordable_cents,
    )  # fmt: skip
    if not beyond:
        return None
    if asked.approval is None:
        who = approvals.names_of_approvers(act=access.APPROVE_ARRANGEMENTS)
        raise approvals.NeedsApproval(" ".join(beyond), f"Cambie los términos, o pida que lo apruebe: {who}.")
    if asked.approval.after != asked.terms.as_dict():
        raise approvals.NeedsApproval(
            "Se aprobaron otros términos.", "Pida la aprobación de estos, o firme los aprobados."
        )
    approvals.use(
        approval=asked.approval, act=access.APPROVE_ARRANGEMENTS, object_kind="account",
        object_id=asked.account.number, asked_by=asked.by, at=asked.at,
    )  # fmt: skip
    return asked.approval


def _written(asked: _Asked, settled: _Settled, replaced: ledger.ReplacedDebt) -> PaymentArrangement:
    arrangement = PaymentArrangement.objects.create(
        number=settled.number, account=asked.account, policy=asked.limits, signed_on=asked.on,
        total_cents=settled.total_cents, waived_cents=settled.waived_cents,
        deferral_cents=sum(each.deferral_cents for each in settled.table),
        down_payment_cents=asked.terms.down_cents, count=asked.terms.count, credit=replaced.credit,
        waiver_credit=next(iter(settled.waivers), None), debts=settled.debts,
        signer_name=" ".join(asked.signer.name.split()), signer_as=asked.signer.acting_as,
        signer_document=asked.signer.document, approval=settled.approval, at=asked.at, by=asked.by,
    )  # fmt: skip
    Installment.objects.bulk_create(
        Installment(
            arrangement=arrangement, number=each.number, due_on=each.due_on, principal_cents=each.amount_cents,
            deferral_cents=each.deferral_cents, sequence=sequence,
        )
        for each, sequence in zip(settled.table, replaced.sequences, strict=True)
    )  # fmt: skip
    if asked.ability and settled.affordable_cents is not None:
        AbilityToPay.objects.create(
            arrangement=arrangement, **asdict(asked.ability), affordable_cents=settled.affordable_cents
        )
    LiveArrangement.objects.create(account=asked.account, arrangement=arrangement)
    return arrangement
