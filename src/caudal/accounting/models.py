"""What accounting decides: that the figures of a month are right, and how each concept is told to the government."""

from django.db import models
from django.db.models import F, Q

from caudal.kernel.fields import PeriodField
from caudal.ledger.models import Concept


class MonthReview(models.Model):
    """One person's word that the figures of a month are those; another closes it with them. Append-only."""

    month = PeriodField("mes")
    # SHA-256 of the figures that were seen
    digest = models.CharField("huella de las cifras", max_length=64)
    note = models.CharField("nota", max_length=200, blank=True)
    by = models.CharField("revisó", max_length=150)
    at = models.DateTimeField("cuándo")

    class Meta:
        indexes = [models.Index(fields=["month"], name="accounting_review_month")]


class ConceptClassification(models.Model):
    """How the revenue of a concept is told to the government from a day on: its line of the CRI. Append-only.

    Before the first one, what the catalog of concepts says. One person proposes it and another approves.
    """

    concept = models.ForeignKey(Concept, on_delete=models.PROTECT, related_name="+", verbose_name="concepto")
    effective_from = models.DateField("desde")
    classifier = models.CharField("rubro del CRI", max_length=20)
    name = models.CharField("nombre del rubro", max_length=120)
    reason = models.CharField("motivo", max_length=200)
    proposed_by = models.CharField("propuso", max_length=150)
    approved_by = models.CharField("aprobó", max_length=150)
    at = models.DateTimeField("cuándo")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concept", "effective_from"], name="accounting_classified_once_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="accounting_classified_by_two"
            ),
        ]
