"""Money received: one receipt, what each account paid with it, and with what it was paid. Append-only."""

from django.db import models
from django.db.models import Q

from caudal.kernel.fields import CentsField, PeriodField
from caudal.ledger.models import Credit
from caudal.registry.models import Account


class TenderKind(models.TextChoices):
    CASH = "cash", "efectivo"
    CARD = "card", "tarjeta"
    CHECK = "check", "cheque"
    TRANSFER = "transfer", "transferencia o depósito"


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


class Receipt(models.Model):
    """Proof of one act of paying, for one account or several. Append-only; a cancellation is another receipt.

    Each belongs to one till session or to one settlement file, so it is in exactly one closing. `hash` chains
    the receipts of a series: it covers the one before, so a receipt changed or taken away shows.
    """

    id = models.BigAutoField(primary_key=True)
    series = models.CharField("serie", max_length=20)
    number = models.BigIntegerField("folio")
    session = models.ForeignKey(
        "cashier.TillSession", on_delete=models.PROTECT, null=True, related_name="receipts"
    )
    settlement = models.ForeignKey(
        "cashier.SettlementFile", on_delete=models.PROTECT, null=True, related_name="receipts"
    )
    business_on = models.DateField("fecha")
    paid_at = models.DateTimeField()
    received_by = models.CharField("recibió", max_length=150)
    channel = models.CharField("canal", max_length=20, default="window")
    total_cents = CentsField("importe")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="cancellation")
    reason = models.CharField("motivo", max_length=200, blank=True)
    # what the QR carries and nobody can guess: 20 letters and digits, 100 bits
    verification = models.CharField("código de verificación", max_length=24, unique=True)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="cashier_receipt_once"),
            models.CheckConstraint(
                condition=Q(total_cents__gt=0, reverses__isnull=True)
                | Q(total_cents__lt=0, reverses__isnull=False),
                name="cashier_receipt_sign",
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=False, settlement__isnull=True)
                | Q(session__isnull=True, settlement__isnull=False)
                | Q(session__isnull=True, settlement__isnull=True, channel="before_tills"),
                name="cashier_receipt_in_one_control",
            ),
        ]
        indexes = [models.Index(fields=["business_on"], name="cashier_receipt_day")]

    @property
    def folio(self) -> str:
        return folio_text(series=self.series, number=self.number)

    @property
    def tender_words(self) -> str:
        """`efectivo y tarjeta`: how it was paid."""
        return " y ".join(tender.get_kind_display() for tender in self.tenders.all())

    def __str__(self) -> str:
        return self.folio


def folio_text(*, series: str, number: int) -> str:
    """`A-000123`: how a folio is written everywhere."""
    return f"{series}-{number:06d}"


class Payment(models.Model):
    """What one account paid with a receipt: one ledger credit. Append-only; a cancellation is a negative one."""

    id = models.BigAutoField(primary_key=True)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="payments")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payments")
    credit = models.OneToOneField(Credit, on_delete=models.PROTECT)
    amount_cents = CentsField("importe")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "account"], name="cashier_payment_once"),
            models.CheckConstraint(condition=~Q(amount_cents=0), name="cashier_payment_not_zero"),
        ]


class Tender(models.Model):
    """How one part of a receipt was paid. Append-only; cash is what is kept, `given_cents` what was handed over."""

    id = models.BigAutoField(primary_key=True)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="tenders")
    kind = models.CharField("forma de pago", max_length=10, choices=TenderKind)
    amount_cents = CentsField("importe")
    given_cents = CentsField("recibido", default=0)
    # authorization of the terminal, number of the check, key of the transfer
    reference = models.CharField("referencia", max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "kind"], name="cashier_tender_once"),
            models.CheckConstraint(condition=~Q(amount_cents=0), name="cashier_tender_not_zero"),
            models.CheckConstraint(
                condition=Q(given_cents=0) | Q(kind="cash", given_cents__gte=models.F("amount_cents")),
                name="cashier_tender_given",
            ),
            models.CheckConstraint(
                condition=Q(kind="cash") | ~Q(reference=""), name="cashier_tender_referenced"
            ),
        ]

    @property
    def change_cents(self) -> int:
        change: int = max(self.given_cents - self.amount_cents, 0)
        return change


class Prepayment(models.Model):
    """Months paid ahead with a payment, and what each was quoted at. Append-only.

    The money waits as credit balance and meets each bill as it comes.
    """

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, primary_key=True)
    first_period = PeriodField("primer mes")
    months = models.JSONField("importe de cada mes, en centavos")
    book = models.CharField("libro de tarifas", max_length=40)
