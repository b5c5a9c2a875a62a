"""One bill at a time, by the very computation of the run: late releases, re-reads and re-bills."""

from copy import copy
from datetime import date, datetime

import numpy as np
from django.db import connection

from caudal.billing import computing, issuing, loading, posting, regularizing
from caudal.billing.computing import Computed
from caudal.billing.loading import BILL_TYPES, CHARGE_TYPES, Inputs
from caudal.billing.models import BillingRun
from caudal.billing.prepaying import HeldPrices
from caudal.billing.pricing import Pricing
from caudal.billing.regularizing import Differences
from caudal.campaigns import queries as campaigns
from caudal.kernel import copying, partitions
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.metering import queries as metering
from caudal.metering.models import Consumption
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs

_ADD_BALANCE = """
INSERT INTO ledger_periodbalance AS kept
    (period, account_id, due_on, open_principal_cents, open_accessory_cents, surcharged_months)
VALUES (%s, %s, %s, %s, 0, 0)
ON CONFLICT (period, account_id) DO UPDATE SET
    open_principal_cents = kept.open_principal_cents + excluded.open_principal_cents,
    due_on = GREATEST(kept.due_on, excluded.due_on),
    surcharged_months = CASE WHEN kept.open_principal_cents = 0 THEN 0 ELSE kept.surcharged_months END
"""


class SettledByLaterBill(Refusal): ...


class SettledByRunInHand(Refusal):
    """A run that is computed and not issued already counted on the bill as it stands."""


def require_no_run_in_hand(*, service_point_id: int, period: int) -> None:
    """A run not yet issued that settles this period would count its difference twice, or miss it.

    :raises SettledByRunInHand: naming that run
    """
    told = metering.settlement_of(service_point_id=service_point_id, period=period)
    if told is None:
        return
    in_hand = BillingRun.objects.filter(
        period=told[0], cycle__route__servicepoint=service_point_id, chunks__isnull=False
    ).exclude(state__in=(BillingRun.State.ISSUED, BillingRun.State.DISCARDED))
    if run := in_hand.first():
        raise SettledByRunInHand(
            f"La facturación {run.pk}, ya calculada, regulariza este mes estimado con el recibo como está.",
            "Emítala o descártela antes de mover este recibo.",
        )


def dated(*, run: BillingRun, on: date) -> BillingRun:
    """The run as it issues a bill on a later day: same period and book, a due date of its own. Not to be saved."""
    later = copy(run)
    if on > run.issued_on:
        later.issued_on = on
        later.due_on = tariffs.terms(book=run.book).due.on(issued_on=on)
    return later


def compute_again(
    *, run: BillingRun, account: Account, on: date | None = None, revision: int = 1
) -> Computed:
    """Compute the bill of one account with what is known of it now; services and benefits are those of its period.

    :raises SettledByLaterBill: if it is read now, and a later bill settles it as the estimate that it was
    :raises SettledByRunInHand: if a run that is computed and not issued settles it
    """
    inputs, pricing = Inputs.read(run=run, accounts=[account.pk]), Pricing.of(run=run)
    pricing.choose(inputs=inputs)
    facts = inputs.facts()
    _as_told_since(run, facts)
    return computing.compute(
        run=dated(run=run, on=on or run.issued_on),
        facts=facts,
        pricing=pricing,
        differences=Differences.read(run=run, inputs=inputs),
        held=HeldPrices.read(run=run, inputs=inputs),
        revision=revision,
    )


def _as_told_since(run: BillingRun, facts: loading.Facts) -> None:
    """If a later reading told what an estimate was, and no bill settles it, this bill says so itself."""
    cells = facts.columns
    for row in np.flatnonzero(cells["is_metered"]):
        account, point = int(cells["account_id"][row]), int(cells["service_point_id"][row])
        require_no_run_in_hand(service_point_id=point, period=int(run.period))
        if cells["basis"][row] != Consumption.Basis.ESTIMATED:
            _require_unsettled(run, account, point)
            continue
        m3 = regularizing.m3_to_bill(run=run, account_id=account, service_point_id=point)
        if m3 is not None:
            cells["consumption_m3"][row] = m3


def _require_unsettled(run: BillingRun, account_id: int, service_point_id: int) -> None:
    """A month that stopped being an estimate after a later bill shared out its water would be billed twice."""
    told = metering.settlement_of(service_point_id=service_point_id, period=int(run.period))
    if told is None or not regularizing.has_standing_bill(account_id=account_id, period=told[0]):
        return
    later = run.period.__class__(told[0])
    words = f"{later.month:02d}/{later.year}"
    raise SettledByLaterBill(
        f"El recibo de {words} ya repartió la lectura real entre los meses estimados, este incluido.",
        f"Cancele antes el recibo de {words}; refacture este mes y después aquel, vuelto a calcular.",
    )


def post_now(*, run: BillingRun, account: Account, computed: Computed, by: str, at: datetime) -> int:
    """Put one computed bill among those issued, with its journal; money in favor meets it → its total (centavos)."""
    bills, charges = computed.bills, computed.charges
    for parent in posting.TABLES:
        partitions.ensure(parent=parent, period=int(run.period))
    posting.keep_workings(bodies=computed.workings)
    copying.copy_in(table="billing_bill", types=BILL_TYPES, columns=bills)
    copying.copy_in(table="ledger_charge", types=CHARGE_TYPES, columns=charges)
    total = int(bills["total_cents"][0])
    issued_on, due_on = (loading.date_of(bills[name]) for name in ("issued_on", "due_on"))
    with connection.cursor() as cursor:
        cursor.execute(_ADD_BALANCE, [int(run.period), account.pk, due_on, total])
    document = f"run:{run.pk}/{account.number}/{bills['revision']}"
    ledger.post_run_entry(
        document=document,
        on=issued_on,
        description=f"Recibo de la cuenta {account.number}, {run.period.month:02d}/{run.period.year}",
        totals=run_totals(charges=charges),
        at=at,
        by=by,
    )
    for account_id, surplus in computed.surplus.items():
        issuing.credit_surplus(
            run=run,
            account_id=account_id,
            surplus=surplus,
            on=issued_on,
            by=by,
            at=at,
            revision=bills["revision"],
        )
    ledger.apply_credit_balance(
        account_ids=[account.pk],
        on=issued_on,
        at=at,
        by=by,
        document=document,
        terms=tariffs.terms(book=run.book),
        reserved_cents=campaigns.prepaid_reserved(account_ids=[account.pk], after=int(run.period)),
    )
    return total


def run_totals(*, charges: computing.Columns) -> list[ledger.RunTotal]:
    """What some charges add up to, by concept and concept reduced."""
    pairs, group = np.unique(
        np.stack([charges["concept_id"], charges["reduces_id"]]), axis=1, return_inverse=True
    )
    amount, vat = np.zeros((2, pairs.shape[1]), dtype=np.int64)
    np.add.at(amount, group.ravel(), charges["amount_cents"])
    np.add.at(vat, group.ravel(), charges["vat_cents"])
    return [
        ledger.RunTotal(int(concept), int(net), int(tax), int(reduces))
        for (concept, reduces), net, tax in zip(pairs.T, amount, vat, strict=True)
    ]
