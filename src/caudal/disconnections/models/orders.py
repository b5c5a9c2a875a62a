"""Orders to cut or restrict, each look at whether they may be done, and what was done.

Append-only, but for how far an order is: its steps say who moved it, when and why.
"""

from django.db import models
from django.db.models import Q

from caudal.access.models import Approval
from caudal.disconnections import policy
from caudal.disconnections.models.rules import DisconnectionPolicy
from caudal.fieldwork.models import FieldEvent, FieldOrder
from caudal.kernel.fields import CentsField
from caudal.registry.models import Account, ServicePoint


class DisconnectionBatch(models.Model):
    """Accounts proposed together, to be approved by another person. Append-only."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField("folio", unique=True)
    title = models.CharField("lote", max_length=120)
    segment = models.JSONField("qué se buscó", default=dict)
    policy = models.ForeignKey(DisconnectionPolicy, models.PROTECT)
    proposed_on = models.DateField("fecha")
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField("propuso", max_length=150)

    @property
    def folio(self) -> str:
        return policy.batch_folio(self.number)

    def __str__(self) -> str:
        return self.folio


class BatchApproval(models.Model):
    """Another person's yes to a batch. Append-only."""

    batch = models.OneToOneField(
        DisconnectionBatch, models.PROTECT, primary_key=True, related_name="approved"
    )
    approval = models.OneToOneField(Approval, models.PROTECT)
    at = models.DateTimeField()
    by = models.CharField("aprobó", max_length=150)


class DisconnectionOrder(models.Model):
    """An order to cut or restrict one service for debt. What it was when proposed never changes."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "por aprobar"
        APPROVED = "approved", "aprobada"
        DISPATCHED = "dispatched", "con la cuadrilla"
        DONE = "done", "hecha"
        NOT_DONE = "not_done", "no se pudo"
        CANCELED = "canceled", "cancelada"

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField("folio", unique=True)
    batch = models.ForeignKey(DisconnectionBatch, models.PROTECT, related_name="orders")
    account = models.ForeignKey(Account, models.PROTECT, related_name="disconnection_orders")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT)
    measure = models.CharField("qué se hace", max_length=12, choices=DisconnectionPolicy.Measure)
    due_cents = CentsField("adeudo vencido al proponer")
    due_periods = models.PositiveSmallIntegerField("recibos vencidos al proponer")
    oldest_due_on = models.DateField("vencido desde", null=True)
    state = models.CharField("estado", max_length=10, choices=State, default=State.PROPOSED)
    approved_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    canceled_at = models.DateTimeField(null=True)
    field_order = models.OneToOneField(
        FieldOrder, models.PROTECT, null=True, related_name="disconnection_order"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state__in=["proposed", "approved", "dispatched"]),
                name="disconnections_one_live_order",
            ),
            models.CheckConstraint(condition=~Q(measure="never"), name="disconnections_order_does_something"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "dispatched", "done", "not_done"])
                | Q(approved_at__isnull=False),
                name="disconnections_order_was_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["dispatched", "done", "not_done"])
                | Q(dispatched_at__isnull=False, field_order__isnull=False),
                name="disconnections_order_was_dispatched",
            ),
            models.CheckConstraint(
                condition=~Q(state="canceled") | Q(canceled_at__isnull=False),
                name="disconnections_order_canceled_when",
            ),
        ]

    @property
    def folio(self) -> str:
        return policy.order_folio(self.number)

    def __str__(self) -> str:
        return self.folio


class OrderStep(models.Model):
    """An order moved to another state: who, when and why. Append-only."""

    order = models.ForeignKey(DisconnectionOrder, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=DisconnectionOrder.State)
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)
    reason = models.CharField("motivo", max_length=300, blank=True)


class OrderCheck(models.Model):
    """One look at whether an order may be done, with every reason against. Append-only."""

    class Stage(models.TextChoices):
        PROPOSAL = "proposal", "al proponer"
        APPROVAL = "approval", "al aprobar"
        DISPATCH = "dispatch", "al entregar a la cuadrilla"
        DOOR = "door", "en la puerta"
        SWEEP = "sweep", "en la noche"
        RESULT = "result", "al saberse el resultado"

    order = models.ForeignKey(DisconnectionOrder, models.PROTECT, related_name="checks")
    stage = models.CharField("cuándo", max_length=10, choices=Stage)
    is_go = models.BooleanField("¿procede?")
    reasons = models.JSONField("por qué no", default=list)  # [{"cause", "words"}]
    due_cents = CentsField("adeudo vencido", default=0)
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)

    class Meta:
        indexes = [models.Index(fields=["order", "at"], name="disconnections_check_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_go=True, reasons=[]) | Q(is_go=False) & ~Q(reasons=[]),
                name="disconnections_check_says_why",
            )
        ]


class Disconnection(models.Model):
    """A service that was cut or restricted, as the crew told it. With incidents, it had to come back at once.

    Append-only.
    """

    order = models.OneToOneField(DisconnectionOrder, models.PROTECT, primary_key=True, related_name="result")
    measure = models.CharField("qué se hizo", max_length=12, choices=DisconnectionPolicy.Measure)
    done_at = models.DateTimeField("hecho")
    told_at = models.DateTimeField("se supo")
    told_by = models.CharField("quién lo dijo", max_length=150)
    event = models.OneToOneField(FieldEvent, models.PROTECT, null=True)
    seal_number = models.CharField("sello", max_length=40, blank=True)
    reading = models.PositiveIntegerField("lectura", null=True)
    debt_cents = CentsField("adeudo vencido al corte")
    incidents = models.JSONField("lo que estuvo mal", default=list)  # [{"cause", "words"}]
