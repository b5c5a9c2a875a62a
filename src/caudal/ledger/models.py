"""What each account owes and why. Append-only but for two caches of balances, which `check` re-derives."""

from django.db import models
from django.db.models import Q

from caudal.kernel.fields import CentsField, PeriodField
from caudal.registry.models import Account


class Concept(models.Model):
    """What is charged: water, sewerage, surcharge… and where it stands in the accounts."""

    class Kind(models.TextChoices):
        PRINCIPAL = "principal", "suerte principal"
        REDUCTION = "reduction", "reducción"
        SURCHARGE = "surcharge", "recargo"
        INFLATION_UPDATE = "inflation_update", "actualización"
        FINE = "fine", "multa"
        ENFORCEMENT_COST = "enforcement_cost", "gastos de ejecución"
        FEE = "fee", "derecho o servicio"

    id = models.SmallIntegerField(primary_key=True)
    code = models.CharField("concepto", max_length=40, unique=True)
    name = models.CharField("nombre", max_length=80)
    kind = models.CharField(max_length=20, choices=Kind)
    receivable_account = models.CharField("cuenta por cobrar", max_length=20)
    revenue_account = models.CharField("cuenta de ingreso", max_length=20)
    revenue_classifier = models.CharField("CRI", max_length=20, blank=True)

    def __str__(self) -> str:
        return self.code


class DocumentKind(models.IntegerChoices):
    """The paper a charge comes from; with `sequence` it is the charge's document reference."""

    BILL = 1, "recibo"
    SURCHARGE = 2, "recargo cobrado"
    FEE = 3, "servicio"
    OPENING_BALANCE = 4, "saldo inicial"
    REGULARIZATION = 5, "regularización de estimadas"
    INSTALLMENT = 6, "parcialidad de convenio"


class Working(models.Model):
    """The arithmetic of a charge: base, rate, tiers × price, article. Content-addressed. Append-only."""

    id = models.BigIntegerField(primary_key=True)
    body = models.JSONField()


class Charge(models.Model):
    """An open item: one amount owed, by concept and period. A bill line is a charge. Append-only.

    Partitioned by period. A reduction is a negative row whose `reduces_id` names the concept it reduces.
    """

    pk = models.CompositePrimaryKey(
        "period", "account_id", "document_kind", "sequence", "concept_id", "reduces_id"
    )
    period = PeriodField("periodo")
    account_id = models.IntegerField()
    document_kind = models.SmallIntegerField(choices=DocumentKind)
    sequence = models.SmallIntegerField()
    concept_id = models.SmallIntegerField()
    reduces_id = models.SmallIntegerField(default=0)
    due_on = models.DateField("vence")
    amount_cents = CentsField("importe")
    vat_cents = CentsField("IVA", default=0)
    base_cents = CentsField("base", default=0)
    working_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gte=0, vat_cents__gte=0) | Q(amount_cents__lte=0, vat_cents__lte=0),
                name="ledger_charge_one_sign",
            )
        ]


class Credit(models.Model):
    """Something that lowers a debt: a payment, a cancellation, an adjustment. Append-only."""

    class Kind(models.TextChoices):
        PAYMENT = "payment", "pago"
        BILL_CANCELLATION = "bill_cancellation", "cancelación de recibo"
        ADJUSTMENT = "adjustment", "ajuste"
        REGULARIZATION = "regularization", "regularización de estimadas"
        OPENING_CREDIT = "opening_credit", "saldo a favor inicial"
        WAIVER = "waiver", "condonación"
        AGREEMENT = "agreement", "adeudo pasado a convenio"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    kind = models.CharField(max_length=20, choices=Kind)
    amount_cents = CentsField("importe")
    on = models.DateField("fecha")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    document = models.CharField("documento", max_length=60)
    reason = models.CharField("motivo", max_length=200, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_cents=0), name="ledger_credit_not_zero"),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) | Q(reverses__isnull=False), name="ledger_credit_sign"
            ),
        ]


class Allocation(models.Model):
    """How much of a credit extinguishes which charge. Append-only; a reversal is a negative row.

    Its day is that of the act that wrote it, as its journal entry says: the credit's own, or a later one if money in
    favor met a charge or what was extinguished is owed again. What is owed at the end of any day follows from it.
    """

    id = models.BigAutoField(primary_key=True)
    credit = models.ForeignKey(Credit, on_delete=models.PROTECT, related_name="allocations")
    on = models.DateField("fecha")
    account_id = models.IntegerField()
    period = PeriodField("periodo")
    document_kind = models.SmallIntegerField(choices=DocumentKind)
    sequence = models.SmallIntegerField()
    concept_id = models.SmallIntegerField()
    amount_cents = CentsField("importe aplicado")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_cents=0), name="ledger_allocation_not_zero")
        ]
        indexes = [models.Index(fields=["account_id", "period"], name="ledger_allocation_account")]


class PeriodBalance(models.Model):
    """What an account still owes of one period: a cache, updated in the transaction that moves it.

    Partitioned by period; the row of period 0 holds the one-off charges.
    """

    pk = models.CompositePrimaryKey("period", "account_id")
    period = PeriodField("periodo")
    account_id = models.IntegerField()
    due_on = models.DateField("vence")
    open_principal_cents = CentsField("principal por cobrar")
    open_accessory_cents = CentsField("accesorios por cobrar", default=0)
    # months of late surcharge that were already turned into charges
    surcharged_months = models.SmallIntegerField(default=0)


class CreditBalance(models.Model):
    """Money of the customer not applied to any charge yet (saldo a favor): a cache like PeriodBalance."""

    account_id = models.IntegerField(primary_key=True)
    unallocated_cents = CentsField("saldo a favor")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unallocated_cents__gte=0), name="ledger_credit_balance_positive"
            )
        ]


class LedgerAccount(models.Model):
    """An account of the government chart (CONAC): receivables, revenue, banks, taxes payable."""

    code = models.CharField("cuenta contable", max_length=20, primary_key=True)
    name = models.CharField("nombre", max_length=120)


class JournalEntry(models.Model):
    """An accounting document whose lines sum to zero: the database checks it at commit. Append-only.

    What comes for a month that is closed is entered on the first day of the next open one: the database moves `on`
    and keeps the day it was of in `happened_on`.
    """

    id = models.BigAutoField(primary_key=True)
    on = models.DateField("fecha contable")
    happened_on = models.DateField("fecha del hecho, si es de un mes cerrado", null=True)
    kind = models.CharField("tipo", max_length=40)
    document = models.CharField("documento", max_length=60)
    description = models.CharField("concepto", max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "document"], name="ledger_entry_once")]


class JournalLine(models.Model):
    """One movement of an entry: debit positive, credit negative (centavos). Append-only."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines")
    ledger_account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT)
    concept = models.ForeignKey(Concept, on_delete=models.PROTECT, null=True)
    amount_cents = CentsField("cargo (+) o abono (−)")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_cents=0), name="ledger_line_not_zero")]


class MonthClose(models.Model):
    """A month of the books, closed for ever by two people: its figures and their seal. Append-only.

    Closing one closes all before it. The database refuses any line in a closed month.
    """

    month = PeriodField("mes", primary_key=True)
    n_entries = models.PositiveIntegerField("pólizas")
    debit_cents = CentsField("suma de cargos")
    # account code, its debits and its credits (centavos), by code
    figures = models.JSONField("movimientos de cada cuenta")
    # SHA-256 over the seal before and the figures
    seal = models.CharField("sello", max_length=64)
    previous_seal = models.CharField("sello anterior", max_length=64, blank=True)
    reviewed_by = models.CharField("revisó", max_length=150)
    closed_by = models.CharField("cerró", max_length=150)
    closed_at = models.DateTimeField("cuándo")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reviewed_by=models.F("closed_by")), name="ledger_month_closed_by_two"
            )
        ]
