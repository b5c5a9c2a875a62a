"""How an agreement ends: kept, broken, or canceled the day it was signed by mistake."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import transaction

from caudal.arrangements.events import ArrangementCanceled, ArrangementDefaulted, ArrangementFinished
from caudal.arrangements.models import ArrangementEnd, ArrangementPolicy, LiveArrangement, PaymentArrangement
from caudal.arrangements.policy import InstallmentState
from caudal.arrangements.queries.standings import Standing, standing
from caudal.campaigns import commands as campaigns
from caudal.campaigns.models import Waiver
from caudal.kernel import audit, events
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.ledger import queries as positions
from caudal.ledger.models import Allocation, Concept, Credit, DocumentKind
from caudal.ledger.queries import DebtTerms
from caudal.rules import money
from caudal.tariffs import queries as tariffs


class CannotDefaultArrangement(Refusal): ...


class CannotCancelArrangement(Refusal): ...


@dataclass(frozen=True, slots=True)
class _Act:
    """Why, when and by whom an agreement ends."""

    reason: str
    on: date
    at: datetime
    by: str


@transaction.atomic
def default_arrangement(
    *, arrangement: PaymentArrangement, reason: str, on: date, at: datetime, by: str
) -> ArrangementEnd:
    """Break an agreement: what is owed is what would have been owed without it, and what its policy adds.

    Every payment of an installment goes to the debt it was of, as of the day it was made; what was forgiven on
    condition is owed again. Surcharges run from each due date, or, where the policy says so, the time of the
    agreement bears none. The penalty is a fine, due today.

    :raises CannotDefaultArrangement: without a reason, if it ended before, or everything is paid
    """
    if not reason.strip():
        raise CannotDefaultArrangement("Falta el motivo.", "Escriba por qué se incumplió.", field="reason")
    act = _Act(reason.strip(), on, at, by)
    told = _held(arrangement, on, CannotDefaultArrangement)
    if told.open_cents == 0:
        raise CannotDefaultArrangement("El convenio está pagado.", "No hay nada que dar por incumplido.")
    rules = arrangement.policy
    is_frozen = rules.surcharges_resume == ArrangementPolicy.Resume.FROM_DEFAULT
    law = tariffs.terms_on(on=on)
    restored, taken_back = _restore(
        told, act, law, surcharged_until=arrangement.signed_on if is_frozen else None
    )
    forgiven = _forgive_frozen_months(arrangement, act, law) if is_frozen else 0
    end = _end(
        told, ArrangementEnd.Kind.DEFAULTED, act, reopened_cents=restored.reopened_cents,
        replayed_cents=restored.replayed_cents, in_favor_cents=restored.in_favor_cents,
        waiver_taken_back_cents=taken_back, forgiven_cents=forgiven, penalty_cents=_charge_penalty(told, act),
    )  # fmt: skip
    events.announce(ArrangementDefaulted(end))
    return end


@transaction.atomic
def cancel_arrangement(
    *, arrangement: PaymentArrangement, reason: str, on: date, at: datetime, by: str
) -> ArrangementEnd:
    """Take back an agreement signed by mistake, the same day and before anything of it is paid.

    :raises CannotCancelArrangement: without a reason, on another day, once something is paid, or if it ended before
    """
    if not reason.strip():
        raise CannotCancelArrangement("Falta el motivo.", "Escriba por qué se cancela.", field="reason")
    act = _Act(reason.strip(), on, at, by)
    told = _held(arrangement, on, CannotCancelArrangement)
    if on != arrangement.signed_on:
        raise CannotCancelArrangement(
            "Un convenio solo se cancela el día en que se firmó.",
            "Si no se está cumpliendo, delo por incumplido.",
        )
    if told.paid_cents:
        raise CannotCancelArrangement(
            "Ya se pagó algo de este convenio.", "Cancele primero el comprobante de ese pago."
        )
    restored, taken_back = _restore(told, act, tariffs.terms_on(on=on), surcharged_until=None)
    end = _end(
        told, ArrangementEnd.Kind.CANCELED, act, reopened_cents=restored.reopened_cents,
        waiver_taken_back_cents=taken_back,
    )  # fmt: skip
    events.announce(ArrangementCanceled(end))
    return end


@transaction.atomic
def finish(*, arrangement: PaymentArrangement, on: date, at: datetime, by: str) -> ArrangementEnd | None:
    """Write that an agreement was kept; nothing if it is not paid whole, or ended before."""
    ledger.lock_accounts(account_ids=[arrangement.account_id])
    told = standing(arrangement=arrangement, on=on)
    if told.end or told.open_cents:
        return None
    end = _end(told, ArrangementEnd.Kind.FINISHED, _Act("", on, at, by))
    events.announce(ArrangementFinished(end))
    return end


def _held(arrangement: PaymentArrangement, on: date, refusal: type[Refusal]) -> Standing:
    """How a live agreement stands, with its account locked."""
    ledger.lock_accounts(account_ids=[arrangement.account_id])
    told = standing(arrangement=arrangement, on=on)
    if told.end:
        raise refusal(
            f"El convenio {arrangement.folio} ya terminó: {told.state}.",
            "Consulte los movimientos de la cuenta.",
        )
    return told


def _restore(
    told: Standing, act: _Act, law: DebtTerms, *, surcharged_until: date | None
) -> tuple[ledger.RestoredDebt, int]:
    """The debt again, and how much of it had been forgiven on condition (centavos)."""
    arrangement = told.arrangement
    waivers = waivers_of(arrangement=arrangement)
    restored = ledger.restore_debt(
        account=arrangement.account, credit=arrangement.credit, waivers=waivers,
        sequences=list(arrangement.installments.order_by("number").values_list("sequence", flat=True)),
        on=act.on, at=act.at, by=act.by, terms=law, reason=f"Convenio {arrangement.folio}: {act.reason}"[:200],
        surcharged_until=surcharged_until,
    )  # fmt: skip
    return restored, sum(each.amount_cents for each in waivers)


def waivers_of(*, arrangement: PaymentArrangement) -> list[Credit]:
    """The credits with which campaigns forgave a part on condition, in the order they were written."""
    written = Waiver.objects.filter(
        account_id=arrangement.account_id, document=arrangement.folio, is_conditional=True
    )
    return [each.credit for each in written.select_related("credit").order_by("credit_id")]


def _forgive_frozen_months(arrangement: PaymentArrangement, act: _Act, law: DebtTerms) -> int:
    """Forgive the surcharges of the time the agreement lasted, by its policy's own rule (centavos)."""
    account = arrangement.account_id
    now = positions.position(account_ids=[account], on=act.on, terms=law)
    then = positions.position(account_ids=[account], on=arrangement.signed_on, terms=law)
    replaced = Allocation.objects.filter(
        credit__in=[arrangement.credit, *waivers_of(arrangement=arrangement)]
    )
    periods = np.array(sorted({int(period) for period in replaced.values_list("period", flat=True)}))
    frozen = np.where(
        np.isin(now.debts.period, periods), now.late.amount_cents - then.late.amount_cents, 0
    )  # fmt: skip
    given = np.zeros(len(now.items), dtype=np.int64)
    given[now.n_written :] = np.maximum(frozen, 0)
    if not given.any():
        return 0
    forgiven_cents: int = campaigns.waive_by_policy(
        rule=arrangement.policy.code, position=now, given=given, on=act.on, at=act.at, by=act.by,
        document=f"{arrangement.folio}/recargos",
        reason=f"Convenio {arrangement.folio}: los recargos corren desde el incumplimiento",
    ).cents  # fmt: skip
    return forgiven_cents


def _charge_penalty(told: Standing, act: _Act) -> int:
    """Charge what breaking it costs, as a fine: a share of what was left to pay of the debt, and a fixed amount."""
    rules = told.arrangement.policy
    left = sum(min(row.open_cents, row.principal_cents) for row in told.rows)
    cents: int = money.share_of(left, ppm=rules.penalty_ppm) + rules.penalty_fixed_cents
    if cents:
        fine = Concept.objects.get(code="fine")
        ledger.post_charges(
            account=told.arrangement.account, lines=[ledger.ChargeLine(fine.pk, cents, base_cents=left)],
            document_kind=DocumentKind.FEE, due_on=act.on, on=act.on, at=act.at, by=act.by,
            reason=f"Pena por incumplir el convenio {told.arrangement.folio}",
        )  # fmt: skip
    return cents


def _end(told: Standing, kind: ArrangementEnd.Kind, act: _Act, **moved_cents: int) -> ArrangementEnd:
    """Write the end, with how each payment stood: undoing it erases that from the ledger."""
    arrangement = told.arrangement
    LiveArrangement.objects.filter(arrangement=arrangement).delete()
    end = ArrangementEnd.objects.create(
        arrangement=arrangement, kind=kind, reason=act.reason[:200], on=act.on, at=act.at, by=act.by,
        paid_cents=told.paid_cents, standing=_as_rows(told), **moved_cents,
    )  # fmt: skip
    audit.record(
        act=f"{kind.value}_arrangement", by=act.by, at=act.at, object_kind="account",
        object_id=arrangement.account.number, before={"folio": arrangement.folio, "state": told.state},
        after={"paid_cents": told.paid_cents, **moved_cents}, reason=act.reason,
    )  # fmt: skip
    return end


def _as_rows(told: Standing) -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "paid_cents": row.paid_cents,
            "paid_on": row.paid_on.isoformat() if row.paid_on else None,
            "was_late": row.state == InstallmentState.LATE,
        }
        for row in told.rows
    ]
