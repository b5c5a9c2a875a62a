"""Quotes that were handed out: what was promised, and until when. Append-only."""

from django.db import models

from caudal.kernel.fields import CentsField
from caudal.registry.models import Account


class PaymentQuote(models.Model):
    """What an account was told it would pay on a day, at once and in payments. Append-only."""

    number = models.BigIntegerField("folio", unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="quotes")
    on = models.DateField("fecha")
    expires_on = models.DateField("vence")
    total_cents = CentsField("importe")
    # periods with their debt, and each way to pay it: see `queries.Standing.as_dict`
    body = models.JSONField("detalle")
    issued_by = models.CharField("cotizó", max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on__gte=models.F("on")), name="quotes_quote_expires_after"
            )
        ]

    @property
    def folio(self) -> str:
        return f"COT-{self.number:06d}"
