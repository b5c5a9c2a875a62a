"""Sets of files brought in from an old system, what became of each row, and the payments of the past."""

from django.db import models

from caudal.cashier.models import TenderKind
from caudal.kernel.fields import CentsField
from caudal.registry.models import Account


class IntakeSet(models.Model):
    """One load of an old system's files: all of it went in, or nothing did."""

    name = models.CharField("nombre", max_length=80)
    mapping = models.JSONField()
    # file name → SHA-256 of what was loaded
    files = models.JSONField()
    as_of_on = models.DateField("corte al")
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150)
    summary = models.JSONField(default=dict)


class IntakeRow(models.Model):
    """The fingerprint of each row loaded, by table and natural key: a corrected export changes only what changed."""

    id = models.BigAutoField(primary_key=True)
    last_set = models.ForeignKey(IntakeSet, on_delete=models.PROTECT)
    source = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    fingerprint = models.BinaryField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="intake_row_once")]


class LegacyPayment(models.Model):
    """A payment received by the old system: shown in the account's history, never posted to the ledger.

    The debts that came with it are already net of it. Append-only; a corrected export adds a revision.
    """

    Tender = TenderKind  # what was paid with is one list, then and now

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="legacy_payments")
    intake_set = models.ForeignKey(IntakeSet, on_delete=models.PROTECT)
    folio = models.CharField("folio anterior", max_length=40)
    revision = models.PositiveSmallIntegerField(default=1)
    paid_on = models.DateField("fecha")
    paid_at = models.TimeField("hora", null=True)
    amount_cents = CentsField("importe")
    tender = models.CharField("forma de pago", max_length=10, choices=Tender)
    till = models.CharField("caja", max_length=20, blank=True)
    is_canceled = models.BooleanField("¿cancelado?", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["folio", "revision"], name="intake_legacy_payment_once"),
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0), name="intake_legacy_payment_positive"
            ),
        ]
