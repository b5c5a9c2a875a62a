"""Paper that waits for its printer, what a paper says of each account, and who looks receipts up from outside."""

from django.db import models

from caudal.cashier.models.receipts import Payment, Receipt
from caudal.cashier.models.tills import CashWithdrawal, Till
from caudal.kernel.fields import CentsField


class PrintJob(models.Model):
    """A paper for the printer of a till, asked in the transaction of what it says and sent after it.

    The bytes are made when they are sent, from rows that never change. `unknown` is a job whose bytes may have
    reached the printer: it is never sent again by itself, a person looks at the paper and says.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "en espera"
        SENT = "sent", "impreso"
        UNKNOWN = "unknown", "sin confirmar"
        DISCARDED = "discarded", "descartado"

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "comprobante"
        REPRINT = "reprint", "reimpresión"
        WITHDRAWAL = "withdrawal", "retiro"

    id = models.BigAutoField(primary_key=True)
    till = models.ForeignKey(Till, on_delete=models.PROTECT, related_name="print_jobs")
    kind = models.CharField("papel", max_length=20)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="print_jobs")
    withdrawal = models.ForeignKey(
        CashWithdrawal, on_delete=models.PROTECT, null=True, related_name="print_jobs"
    )
    # which reprint this is; 0 is the first paper
    copy = models.PositiveSmallIntegerField("reimpresión", default=0)
    # empty until it is sent
    body = models.BinaryField(default=b"")
    state = models.CharField("estado", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.CharField("problema", max_length=200, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField("pidió", max_length=150)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["till", "id"], condition=models.Q(state="waiting"), name="cashier_print_waiting"
            ),
            models.Index(
                fields=["till", "id"], condition=models.Q(state="unknown"), name="cashier_print_unknown"
            ),
        ]

    @property
    def folio(self) -> str:
        """What the paper is of: `A-000012`, `RETIRO-000007`."""
        document = self.receipt or self.withdrawal
        return document.folio if document else ""


class PaymentStanding(models.Model):
    """How an account stood right after a payment, as its receipt says it (centavos). Append-only.

    The ledger goes on: money in favor meets later bills. What was printed that day is kept here.
    """

    payment = models.OneToOneField(
        Payment, on_delete=models.PROTECT, primary_key=True, related_name="standing"
    )
    in_favor_cents = CentsField("quedó a favor de este pago")
    # what was still owed of what is charged, less everything in favor; negative if it had more in favor
    balance_cents = CentsField("saldo después del pago")


class VerificationCount(models.Model):
    """How many receipts one address asked about in one minute. Addresses are kept as digests, for an hour."""

    address = models.CharField("dirección", max_length=32)
    minute = models.BigIntegerField()
    n = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address", "minute"], name="cashier_verification_once")
        ]
