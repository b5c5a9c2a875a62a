"""Money received: one payment, one receipt folio, one ledger credit."""

from django.db import models
from django.db.models import Q

from caudal.kernel.fields import CentsField
from caudal.ledger.models import Credit
from caudal.registry.models import Account


class ReceiptSeries(models.Model):
    """A series of receipt folios: one for each till or channel, so that they do not wait for each other."""

    code = models.CharField("serie", max_length=16, primary_key=True)
    name = models.CharField("nombre", max_length=80)
    opened_on = models.DateField("abierta desde")
    closed_on = models.DateField("cerrada desde", null=True)
    closed_by = models.CharField("cerró", max_length=150, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(closed_by=""),
                name="cashier_series_closed_by_someone",
            )
        ]

    def __str__(self) -> str:
        return self.code


class Payment(models.Model):
    """Money received for an account. Append-only; a cancellation is a reversing payment."""

    class Tender(models.TextChoices):
        CASH = "cash", "efectivo"
        CARD = "card", "tarjeta"
        CHECK = "check", "cheque"
        TRANSFER = "transfer", "transferencia o depósito"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payments")
    credit = models.OneToOneField(Credit, on_delete=models.PROTECT)
    amount_cents = CentsField("importe")
    tender = models.CharField("forma de pago", max_length=10, choices=Tender)
    series = models.CharField("serie", max_length=20)
    number = models.BigIntegerField("folio")
    business_on = models.DateField("fecha")
    paid_at = models.DateTimeField()
    received_by = models.CharField("recibió", max_length=150)
    channel = models.CharField("canal", max_length=20, default="window")
    external_reference = models.CharField("referencia externa", max_length=60, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="cashier_receipt_once"),
            models.UniqueConstraint(
                fields=["channel", "external_reference"],
                condition=~Q(external_reference=""),
                name="cashier_external_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) | Q(reverses__isnull=False), name="cashier_payment_sign"
            ),
        ]

    @property
    def receipt_folio(self) -> str:
        return f"{self.series}-{self.number:06d}"
