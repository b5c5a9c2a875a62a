"""Money that arrives without a window: channels, the files they send, and what nobody has recognized yet."""

from django.db import models
from django.db.models import Q

from caudal.cashier.models.receipts import Receipt, ReceiptSeries, TenderKind
from caudal.kernel.fields import CentsField
from caudal.registry.models import Account


class PaymentChannel(models.Model):
    """A bank, shop or transfer rail. `layout` says how its references and its files are written."""

    code = models.CharField("canal", max_length=20, primary_key=True)
    name = models.CharField("nombre", max_length=80)
    series = models.OneToOneField(ReceiptSeries, on_delete=models.PROTECT)
    tender = models.CharField("forma de pago", max_length=10, choices=TenderKind)
    layout = models.JSONField("descripción")
    opened_on = models.DateField("en uso desde")
    closed_on = models.DateField("fuera de uso desde", null=True)
    closed_by = models.CharField("retiró", max_length=150, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(closed_by=""),
                name="cashier_channel_closed_by_someone",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SettlementFile(models.Model):
    """A file of a channel, loaded whole: it is its own control, balanced by its own totals. Append-only.

    `n_lines` and `total_cents` are the movements it brought; what earlier files had brought is counted apart.
    """

    channel = models.ForeignKey(PaymentChannel, on_delete=models.PROTECT, related_name="files")
    name = models.CharField("archivo", max_length=200)
    content_hash = models.CharField("SHA-256", max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField("cargó", max_length=150)
    n_lines = models.PositiveIntegerField("renglones")
    total_cents = CentsField("importe")
    n_known = models.PositiveIntegerField("renglones ya conocidos", default=0)
    known_cents = CentsField("importe ya conocido", default=0)
    # rows that are no money yet: rejected, in process, informative
    n_ignored = models.PositiveIntegerField("renglones que no son pagos", default=0)


class SettlementLine(models.Model):
    """One movement of a channel, once for ever: `fingerprint` is what makes it that movement. Append-only.

    With a receipt it was applied; without one, it waits to be identified. A reversal by the bank is a line
    below zero.
    """

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(PaymentChannel, on_delete=models.PROTECT)
    settlement = models.ForeignKey(SettlementFile, on_delete=models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField("renglón")
    fingerprint = models.CharField("huella", max_length=64)
    reference = models.CharField("referencia", max_length=60)
    authorization = models.CharField("autorización", max_length=60, blank=True)
    amount_cents = CentsField("importe")
    paid_on = models.DateField("fecha")
    receipt = models.OneToOneField(
        Receipt, on_delete=models.PROTECT, null=True, related_name="settlement_line"
    )
    # why it was not applied, in words; empty if it was
    doubt = models.CharField("duda", max_length=120, blank=True)
    # what else the file says of a movement that waits: payer, concept, branch
    detail = models.CharField("detalle", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "fingerprint"], name="cashier_settlement_line_once"),
            models.CheckConstraint(
                condition=Q(receipt__isnull=False) | ~Q(doubt=""), name="cashier_settlement_line_explained"
            ),
            models.CheckConstraint(condition=~Q(amount_cents=0), name="cashier_settlement_line_not_zero"),
        ]
        indexes = [
            models.Index(
                fields=["channel", "id"], condition=Q(receipt__isnull=True), name="cashier_line_not_applied"
            )
        ]


class Identification(models.Model):
    """What became of a line, decided after it was loaded; the last decision holds. Append-only.

    A line waits while it has no receipt and no decision, or its last decision is a withdrawal.
    """

    class Outcome(models.TextChoices):
        APPLIED = "applied", "aplicado a una cuenta"
        WITHDRAWN = "withdrawn", "retirado de la cuenta"
        RETURNED = "returned", "devuelto a quien pagó"
        # the channel took the money back before anybody knew whose it was: the two lines end each other
        REVERSED = "reversed", "devuelto por el banco"

    line = models.ForeignKey(SettlementLine, on_delete=models.PROTECT, related_name="identifications")
    number = models.PositiveSmallIntegerField("decisión")
    outcome = models.CharField("qué pasó", max_length=10, choices=Outcome)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    # what applied it, or what took it back from its account
    receipt = models.OneToOneField(
        Receipt, on_delete=models.PROTECT, null=True, related_name="identification"
    )
    counterpart = models.ForeignKey(SettlementLine, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)
    reason = models.CharField("motivo", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="cashier_identification_once"),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=["applied", "withdrawn"],
                    account__isnull=False,
                    receipt__isnull=False,
                    counterpart__isnull=True,
                )
                | Q(outcome="returned", account__isnull=True, receipt__isnull=True, counterpart__isnull=True)
                | Q(
                    outcome="reversed", account__isnull=True, receipt__isnull=True, counterpart__isnull=False
                ),
                name="cashier_identification_complete",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="cashier_identification_reasoned"),
        ]
