"""The steps of a run before issue: opened, computed, reviewed; or discarded, and then it leaves nothing behind."""

from datetime import date, datetime

from django.db import IntegrityError, connection, transaction

from caudal.billing import posting, proving, running, summary
from caudal.billing.models import BillingRun, HeldBill, RunStep, UnbilledAccount
from caudal.billing.pricing import Pricing
from caudal.billing.running import Silent, Watcher
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.registry.models import BillingCycle
from caudal.rules.periods import Period
from caudal.tariffs import queries as tariffs

State = BillingRun.State


class CannotOpenRun(Refusal): ...


class CannotComputeRun(Refusal): ...


class CannotReviewRun(Refusal): ...


class CannotDiscardRun(Refusal): ...


@transaction.atomic
def open_run(
    *, cycle: BillingCycle, period: int, issued_on: date, by: str, at: datetime, due_on: date | None = None
) -> BillingRun:
    """Open the run of a cycle and period, under the book in force on the period's last day.

    :param due_on: last day to pay without surcharge; None takes the book's own terms
    :raises CannotOpenRun: if there is one already, or its bills would be due before they are issued
    :raises NoBookInForce: if no published book covers the period
    """
    month = Period(period)
    book = tariffs.book_in_force(on=month.last_day)
    due_on = due_on or tariffs.terms(book=book).due.on(issued_on=issued_on)
    if due_on <= issued_on:
        raise CannotOpenRun(
            f"Los recibos vencerían el {due_on:%d/%m/%Y}, antes de emitirse.",
            "Elija un vencimiento posterior a la fecha de emisión.",
            field="due_on",
        )
    try:
        with transaction.atomic():
            run = BillingRun.objects.create(
                cycle=cycle, period=month, book=book, issued_on=issued_on, due_on=due_on
            )
    except IntegrityError:
        raise CannotOpenRun(
            f"Ya hay una facturación de {month.month:02d}/{month.year} para el ciclo {cycle.code}.",
            "Continúe con ella, o descártela si aún no se emite.",
            field="period",
        ) from None
    run = BillingRun.objects.select_related("cycle", "book").get(pk=run.pk)
    _step(run, by=by, at=at, act="billing.open")
    return run


def compute(*, run: BillingRun, by: str, at: datetime, watcher: Watcher | None = None) -> BillingRun:
    """Compute every bill of a run, chunk by chunk; interrupted and asked again, it goes on where it stopped.

    :raises CannotComputeRun: if it was reviewed, issued or discarded
    :raises CannotTouchRun: if another process is computing it
    """
    run = BillingRun.objects.select_related("cycle", "book").get(pk=run.pk)
    if run.state == State.COMPUTED:
        return run
    if run.state != State.DRAFT:
        raise CannotComputeRun(
            f"La facturación {run.pk} está {run.get_state_display()} y ya no se calcula.",
            "Para calcular de nuevo, descártela (si no se ha emitido) y abra otra.",
            field="state",
        )
    with running.alone(run=run):
        with transaction.atomic():
            if not _has_tables(run):
                posting.open_tables(run=run)
        running.compute_chunks(run=run, pricing=Pricing.of(run=run), watcher=watcher or Silent())
        with transaction.atomic():
            running.patiently()
            n_left = proving.name_who_left(run=run)
            run.state, run.summary = State.COMPUTED, summary.of_run(run=run)
            run.n_accounts = sum(run.chunks.values_list("n_accounts", flat=True)) + n_left
            run.save(update_fields=["state", "summary", "n_accounts"])
            _step(run, by=by, at=at, act="billing.compute")
    return run


@transaction.atomic
def review(*, run: BillingRun, by: str, at: datetime, reason: str = "") -> BillingRun:
    """Sign that the figures of a computed run were looked at. Signed again, it is given back as it stands.

    :raises CannotReviewRun: if it is not computed
    """
    run = BillingRun.objects.select_for_update(of=("self",)).select_related("cycle", "book").get(pk=run.pk)
    if run.state == State.REVIEWED:
        return run
    if run.state != State.COMPUTED:
        raise CannotReviewRun(
            f"La facturación {run.pk} está {run.get_state_display()}: no hay cifras por revisar.",
            "Calcúlela primero.",
            field="state",
        )
    run.state, run.summary = State.REVIEWED, summary.of_run(run=run)
    run.save(update_fields=["state", "summary"])
    _step(run, by=by, at=at, act="billing.review", reason=reason)
    return run


@transaction.atomic
def discard(*, run: BillingRun, by: str, at: datetime, reason: str) -> BillingRun:
    """Throw a run away before issue: its tables are dropped, its period is free for another.

    :raises CannotDiscardRun: without a reason, or if it is issued
    """
    run = BillingRun.objects.select_for_update(of=("self",)).select_related("cycle", "book").get(pk=run.pk)
    if run.state == State.DISCARDED:
        return run
    if run.state == State.ISSUED:
        raise CannotDiscardRun(
            f"La facturación {run.pk} ya está emitida.",
            "Un recibo emitido se cancela uno por uno, y queda su registro.",
            field="state",
        )
    if not reason.strip():
        raise CannotDiscardRun("Falta el motivo.", "Escriba por qué se descarta.", field="reason")
    with running.alone(run=run):
        posting.drop_tables(run=run)
        for model in (HeldBill, UnbilledAccount):
            model.objects.filter(run=run).delete()
        run.chunks.all().delete()
        run.state, run.summary = State.DISCARDED, {}
        run.save(update_fields=["state", "summary"])
        _step(run, by=by, at=at, act="billing.discard", reason=reason)
    return run


def _has_tables(run: BillingRun) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [posting.table(run=run, parent="billing_bill")])
        return bool(cursor.fetchone()[0])


def _step(run: BillingRun, *, by: str, at: datetime, act: str, reason: str = "") -> None:
    RunStep.objects.create(run=run, state=run.state, at=at, by=by, reason=reason)
    audit.record(
        act=act, by=by, at=at, object_kind="billing_run", object_id=run.pk, reason=reason,
        after={"state": run.state, "cycle": run.cycle.code, "period": int(run.period)},
    )  # fmt: skip
