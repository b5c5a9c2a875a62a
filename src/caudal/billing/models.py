"""Billing runs, the bills they issue, and what they set apart."""

from django.db import models
from django.db.models import F, Q

from caudal.kernel.fields import CentsField, PeriodField
from caudal.registry.models import Account, BillingCycle
from caudal.tariffs.models import TariffBook


class BillingRun(models.Model):
    """One cycle and period: draft → computed → reviewed → issued, or discarded before issue.

    The moments say who moved it and when (see `RunStep`); the state is the last step's.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "borrador"
        COMPUTED = "computed", "calculada"
        REVIEWED = "reviewed", "revisada"
        ISSUED = "issued", "emitida"
        DISCARDED = "discarded", "descartada"

    cycle = models.ForeignKey(BillingCycle, on_delete=models.PROTECT)
    period = PeriodField("periodo")
    book = models.ForeignKey(TariffBook, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    issued_on = models.DateField("fecha de emisión")
    due_on = models.DateField("vencimiento")
    n_accounts = models.IntegerField(default=0)
    # totals per concept, held, exceptions: what the page and `--json` show
    summary = models.JSONField(default=dict)
    # SHA-256 over the bills in key order: two runs of the same inputs carry the same seal
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "period"],
                condition=~Q(state="discarded"),
                name="billing_one_run_per_cycle_and_period",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("issued_on")), name="billing_run_due_after_issue"
            ),
        ]


class RunStep(models.Model):
    """Who moved a run to which state, when and why. Append-only."""

    run = models.ForeignKey(BillingRun, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=BillingRun.State)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    reason = models.CharField(max_length=200, blank=True)


class RunChunk(models.Model):
    """A piece of a run that is computed and stored; a resumed run skips it."""

    run = models.ForeignKey(BillingRun, on_delete=models.CASCADE, related_name="chunks")
    number = models.IntegerField()
    first_account_id = models.IntegerField()
    last_account_id = models.IntegerField()
    n_accounts = models.IntegerField()
    n_bills = models.IntegerField()
    # SHA-256 over its bills and charges, those held left out; and what they add up to
    seal = models.CharField(max_length=64)
    totals = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="billing_chunk_once")]


class Bill(models.Model):
    """A recibo: what an account owes for a period, with its due date. Its lines are ledger charges.

    Partitioned by period. Append-only once issued; a re-bill is a new revision.
    """

    pk = models.CompositePrimaryKey("period", "account_id", "revision")
    period = PeriodField("periodo")
    account_id = models.IntegerField()
    revision = models.SmallIntegerField(default=1)
    run_id = models.IntegerField()
    service_point_id = models.IntegerField()
    agreement_id = models.IntegerField()
    tariff_class_id = models.IntegerField()
    is_metered = models.SmallIntegerField()
    basis = models.SmallIntegerField()  # Consumption.Basis, 0 for flat service
    consumption_m3 = models.IntegerField()
    days = models.SmallIntegerField()
    previous_reading = models.IntegerField()
    current_reading = models.IntegerField()
    previous_on = models.DateField()
    current_on = models.DateField()
    exception_code = models.SmallIntegerField()
    mean_m3 = models.IntegerField()
    issued_on = models.DateField()
    due_on = models.DateField()
    total_cents = CentsField("cargos del periodo")
    prior_balance_cents = CentsField("saldo anterior")
    surcharge_cents = CentsField("recargos a la fecha")


class HeldBill(models.Model):
    """A computed bill that a person must see before it is issued, and what that person decided.

    Released: it is issued as computed. Re-read: its consumption is assessed again and it is re-computed.
    """

    class Reason(models.TextChoices):
        ABOVE_MEAN = "above_mean", "más del doble de su promedio"
        FIRST_BILL = "first_bill", "primer recibo"
        ZERO_WITH_HISTORY = "zero_with_history", "sin consumo y antes sí tenía"
        NEGATIVE = "negative", "importe negativo"
        TOO_MANY_ESTIMATES = "too_many_estimates", "demasiadas estimaciones seguidas"
        READING_DOUBT = "reading_doubt", "lectura dudosa"
        ABOVE_AMOUNT = "above_amount", "importe muy alto"

    class Decision(models.TextChoices):
        RELEASED = "released", "liberado"
        REREAD = "reread", "a releer"

    run = models.ForeignKey(BillingRun, on_delete=models.CASCADE, related_name="held")
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    reason = models.CharField(max_length=20, choices=Reason)
    consumption_m3 = models.IntegerField()
    mean_m3 = models.IntegerField()
    # negative when a regularization leaves money in favor; then the bill itself says zero…
    total_cents = CentsField("importe")
    # …and this is what its release credits: concept, net amount and VAT in centavos
    surplus = models.JSONField(default=list)
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="billing_held_once")]


class UnbilledAccount(models.Model):
    """An active service without a bill in this run, and the named cause: errors are values."""

    class Cause(models.TextChoices):
        NO_CONSUMPTION = "no_consumption", "medido y sin consumo del periodo"
        NO_PRICE = "no_price", "el libro no tiene precio para su clase"
        INTERRUPTED = "interrupted", "servicio suspendido que no genera cargos"
        BILLED_ELSEWHERE = "billed_elsewhere", "ya tiene recibo de este periodo"
        NOTHING_TO_CHARGE = "nothing_to_charge", "importe cero"
        OUT_OF_BOUNDS = "out_of_bounds", "un dato rebasa lo calculable"
        LEFT = "left", "se dio de baja en el periodo: liquídese en ventanilla"

    run = models.ForeignKey(BillingRun, on_delete=models.CASCADE, related_name="unbilled")
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    cause = models.CharField(max_length=20, choices=Cause)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="billing_unbilled_once")]


class BillCancellation(models.Model):
    """A bill that no longer counts: its charges are credited back; both papers stay. Append-only."""

    period = PeriodField("periodo")
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    revision = models.SmallIntegerField()
    on = models.DateField()
    reason = models.CharField("motivo", max_length=200)
    authorized_by = models.CharField("autorizó", max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "account", "revision"], name="billing_canceled_once")
        ]
