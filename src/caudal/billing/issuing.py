"""Issuing: what was computed becomes what is owed, in one transaction that proves that nobody is missing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from django.db import transaction

from caudal.billing import loading, posting, proving, running, summary
from caudal.billing.models import BillingRun, HeldBill, RunStep
from caudal.billing.posting import TABLES
from caudal.campaigns import queries as campaigns
from caudal.kernel import audit, copying, partitions
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.ledger.models import Credit
from caudal.metering import commands as metering
from caudal.registry.models import Account
from caudal.rules.bounds import Int64
from caudal.tariffs import queries as tariffs

NAMED: Final = 20


class CannotIssueRun(Refusal):
    """The run is not reviewed, or cannot show that each active service has one bill or a named reason."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """Each active service of the cycle, against its bill, its hold or its cause: exactly one of the three."""

    active: int
    bills: int
    held: int
    unbilled: int
    without_a_word: tuple[str, ...]
    told_twice: tuple[str, ...]
    not_active: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not (self.without_a_word or self.told_twice or self.not_active)


def completeness(*, run: BillingRun) -> Completeness:
    """Prove, or name who disproves it (up to twenty account numbers of each kind)."""
    is_issued = run.state == BillingRun.State.ISSUED
    bills = "billing_bill" if is_issued else posting.table(run=run, parent="billing_bill")
    told = proving.told(run=run, bills=bills)
    every = [*told.without_a_word, *told.told_twice, *told.not_active]
    numbers = dict(Account.objects.filter(id__in=every).values_list("id", "number"))

    def named(accounts: list[int]) -> tuple[str, ...]:
        return tuple(sorted(numbers[account] for account in accounts))

    return Completeness(
        active=told.active,
        bills=told.bills,
        held=told.held,
        unbilled=told.unbilled,
        without_a_word=named(told.without_a_word),
        told_twice=named(told.told_twice),
        not_active=named(told.not_active),
    )


@transaction.atomic
def issue(*, run: BillingRun, by: str, at: datetime) -> BillingRun:
    """Issue a reviewed run: its bills are owed from here on. Issued again, it is given back as it stands.

    :raises CannotIssueRun: if it is not reviewed, who issues is who reviewed it, or it cannot prove that it is
        complete
    """
    running.patiently()
    run = BillingRun.objects.select_for_update(of=("self",)).select_related("cycle", "book").get(pk=run.pk)
    if run.state == BillingRun.State.ISSUED:
        return run
    _require_reviewed(run, by=by)
    released = _bring_in_released(run, at)
    run.summary = summary.of_run(run=run, more=[released.totals])
    run.summary["released"] = released.accounts.tolist()
    proof = completeness(run=run)
    if not proof.is_complete:
        raise _incomplete(proof)
    run.seal = seal_of(chunk_seals=_chunk_seals(run), released_seal=released.seal)
    for parent in TABLES:
        partitions.attach(parent=parent, period=int(run.period), tag=posting.tags(run=run)[0])
    posting.drop_tables(run=run)
    _post(run, released, by, at)
    run.state = BillingRun.State.ISSUED
    run.save(update_fields=["state", "seal", "summary"])
    RunStep.objects.create(run=run, state=run.state, at=at, by=by)
    audit.record(
        act="billing.issue", by=by, at=at, object_kind="billing_run", object_id=run.pk,
        after={"seal": run.seal, "bills": run.summary["bills"], "total_cents": run.summary["total_cents"]},
    )  # fmt: skip
    return run


def seal_of(*, chunk_seals: Sequence[str], released_seal: str) -> str:
    """SHA-256 over the seals of the chunks, in order, and that of the released bills."""
    return hashlib.sha256("\n".join([*chunk_seals, released_seal]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Released:
    """The held bills that somebody let in: what they are sealed with, and what they add to the run."""

    accounts: Int64
    seal: str
    totals: dict[str, Any]
    surplus: dict[int, list[list[int]]]


def _require_reviewed(run: BillingRun, *, by: str) -> None:
    if run.state != BillingRun.State.REVIEWED:
        raise CannotIssueRun(
            f"La facturación {run.pk} está {run.get_state_display()}: falta que alguien la revise.",
            "Revise sus cifras y recibos detenidos, y márquela como revisada.",
            field="state",
        )
    reviewer = run.steps.filter(state=BillingRun.State.REVIEWED).latest("id").by
    if by == reviewer:
        raise CannotIssueRun(
            "Quien revisó esta facturación no la emite.", "Pida que la emita otra persona con ese permiso.",
            field="state",
        )  # fmt: skip


def _bring_in_released(run: BillingRun, at: datetime) -> _Released:
    """Move the bills released by a person among those that are issued; the other held ones stay out."""
    held = HeldBill.objects.filter(run=run, decision=HeldBill.Decision.RELEASED)
    surplus = dict(held.exclude(surplus=[]).values_list("account_id", "surplus"))
    accounts = np.array(sorted(held.values_list("account_id", flat=True)), dtype=np.int64)
    rows = {
        parent: copying.copy_out(
            sql=f"SELECT * FROM {posting.table(run=run, parent=parent, is_held=True)}"
            f" WHERE account_id = ANY(%(accounts)s::int[]) ORDER BY {order}",
            types=TABLES[parent],
            params={"accounts": accounts.tolist()},
        )
        for parent, order in KEYS.items()
    }
    for parent, columns in rows.items():
        if accounts.size:
            copying.copy_in(
                table=posting.table(run=run, parent=parent), types=TABLES[parent], columns=columns
            )
    held.update(issued_at=at)
    bills = rows["billing_bill"]
    return _Released(
        accounts=accounts,
        seal=posting.digest(
            bills=bills, charges=copying.to_rows(types=TABLES["ledger_charge"], columns=rows["ledger_charge"])
        ),
        totals=posting.totals(bills=bills, charges=rows["ledger_charge"]),
        surplus=surplus,
    )


KEYS: Final = {
    "billing_bill": "account_id, revision",
    "ledger_charge": "account_id, document_kind, sequence, concept_id, reduces_id",
    "ledger_periodbalance": "account_id",
}


def _chunk_seals(run: BillingRun) -> list[str]:
    return list(run.chunks.order_by("number").values_list("seal", flat=True))


def _incomplete(proof: Completeness) -> CannotIssueRun:
    told = [
        f"{words}: {', '.join(accounts)}"
        for words, accounts in (
            ("sin recibo ni motivo", proof.without_a_word),
            ("con más de uno", proof.told_twice),
            ("con recibo y ya sin servicio", proof.not_active),
        )
        if accounts
    ]
    return CannotIssueRun(
        f"La facturación no está completa. Cuentas {'; '.join(told)}.",
        "Descarte esta facturación y ábrala de nuevo: el padrón cambió desde que se calculó.",
    )


def _post(run: BillingRun, released: _Released, by: str, at: datetime) -> None:
    """Journal, closing of the period, and money in favor against the new charges."""
    totals = [*run.chunks.values_list("totals", flat=True), released.totals]
    document = f"run:{run.pk}"
    ledger.post_run_entry(
        document=document,
        on=run.issued_on,
        description=f"Emisión {run.period.month:02d}/{run.period.year}, ciclo {run.cycle.code}",
        totals=[
            ledger.RunTotal(concept, amount, vat, reduces)
            for (concept, reduces), (_, amount, vat) in sorted(summary.lines_of(summary_parts=totals).items())
        ],
        at=at,
        by=by,
    )
    metering.close_period(cycle=run.cycle, period=int(run.period), by=by, at=at)
    for account_id, sources in released.surplus.items():
        credit_surplus(run=run, account_id=account_id, surplus=sources, on=run.issued_on, by=by, at=at)
    with_money = loading.billed_with_money(run=run)
    ledger.apply_credit_balance(
        account_ids=with_money,
        on=run.issued_on,
        at=at,
        by=by,
        document=document,
        terms=tariffs.terms(book=run.book),
        reserved_cents=campaigns.prepaid_reserved(account_ids=with_money, after=int(run.period)),
    )


def credit_surplus(
    *,
    run: BillingRun,
    account_id: int,
    surplus: Sequence[Sequence[int]],
    on: date,
    by: str,
    at: datetime,
    revision: int = 1,
) -> None:
    """What a regularization leaves beyond a whole bill: it pays older debts, and the rest stays in favor."""
    sources = [ledger.Source(concept, amount, vat) for concept, amount, vat in surplus]
    if not sources:
        return
    account = Account.objects.get(pk=account_id)
    ledger.post_credit(
        account=account,
        kind=Credit.Kind.REGULARIZATION,
        amount_cents=sum(source.amount_cents + source.vat_cents for source in sources),
        on=on,
        at=at,
        by=by,
        document=f"{account.number}/{int(run.period)}/{revision}",
        terms=tariffs.terms(book=run.book),
        sources=sources,
        reason="Regularización de periodos estimados",
    )
