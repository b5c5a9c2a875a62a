"""Paper that waits for its printer."""

from django.db import models

from caudal.cashier.models.receipts import Receipt
from caudal.cashier.models.tills import Till


class PrintJob(models.Model):
    """Bytes for the printer of a till, written in the transaction of what they print and sent after it.

    `unknown` is a job whose bytes may have reached the printer: a person looks at the paper and says.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "en espera"
        SENT = "sent", "impreso"
        UNKNOWN = "unknown", "sin confirmar"
        DISCARDED = "discarded", "descartado"

    id = models.BigAutoField(primary_key=True)
    till = models.ForeignKey(Till, on_delete=models.PROTECT, related_name="print_jobs")
    kind = models.CharField("papel", max_length=20)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="print_jobs")
    body = models.BinaryField()
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
            )
        ]
