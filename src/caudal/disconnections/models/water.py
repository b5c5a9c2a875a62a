"""The water that comes back: ordered, waited for while a payment is on its way, or taken without leave."""

from django.db import models
from django.db.models import Q

from caudal.access.models import Approval
from caudal.disconnections import policy
from caudal.disconnections.models.orders import Disconnection
from caudal.disconnections.models.rules import DisconnectionPolicy
from caudal.fieldwork.models import FieldEvent, FieldOrder
from caudal.kernel.fields import CentsField
from caudal.registry.models import Account


class ReconnectionOrder(models.Model):
    """Water that has to come back, why, and by when. How far it is moves; the rest never changes."""

    class Cause(models.TextChoices):
        PAYMENT = "payment", "pago"
        ARRANGEMENT = "arrangement", "convenio firmado"
        WRONGFUL = "wrongful", "corte que no procedía"
        DECISION = "decision", "decisión de la oficina"

    class State(models.TextChoices):
        OPEN = "open", "por hacer"
        DONE = "done", "hecha"
        WITHDRAWN = "withdrawn", "retirada"

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField("folio", unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="reconnection_orders")
    disconnection = models.ForeignKey(Disconnection, models.PROTECT, null=True, related_name="reconnections")
    cause = models.CharField("por qué", max_length=12, choices=Cause)
    document = models.CharField("con qué", max_length=60, blank=True)  # receipt, agreement, order
    created_at = models.DateTimeField()
    created_by = models.CharField("quién", max_length=150)
    due_at = models.DateTimeField("a más tardar")
    fee_folio = models.CharField("trámite de reconexión", max_length=40, blank=True)
    fee_cents = CentsField("derecho de reconexión", default=0)
    field_order = models.OneToOneField(FieldOrder, models.PROTECT, related_name="reconnection_order")
    state = models.CharField("estado", max_length=10, choices=State, default=State.OPEN)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    end_reason = models.CharField("motivo", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="open"), name="disconnections_one_reconnection"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True)
                | Q(ended_at__isnull=False) & ~Q(state="open") & ~Q(ended_by=""),
                name="disconnections_reconnection_ended",
            ),
            models.CheckConstraint(
                condition=~Q(cause="wrongful") | Q(fee_cents=0), name="disconnections_wrongful_is_free"
            ),
        ]

    @property
    def folio(self) -> str:
        return policy.reconnection_folio(self.number)

    def __str__(self) -> str:
        return self.folio


class TransitPayment(models.Model):
    """A payment somebody says they made and that is not here yet: no cut while it is waited for. Append-only."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="transit_payments")
    reference = models.CharField("referencia", max_length=60)
    place = models.CharField("dónde se pagó", max_length=80)
    amount_cents = CentsField("importe")
    paid_on = models.DateField("fecha del pago")
    until = models.DateField("se espera hasta")
    declared_at = models.DateTimeField()
    declared_by = models.CharField("quién lo anotó", max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "reference"], name="disconnections_transit_once"),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) & ~Q(reference=""), name="disconnections_transit_whole"
            ),
        ]


class IllegalReconnection(models.Model):
    """A cut service found flowing: its fine and its case. Append-only."""

    class Source(models.TextChoices):
        READING = "reading", "una lectura"
        ORDER = "order", "una orden de campo"
        DESK = "desk", "la oficina"

    account = models.ForeignKey(Account, models.PROTECT, related_name="illegal_reconnections")
    interrupted_on = models.DateField("suspendida desde")
    # one fine for one cut; another only after that one was called off
    attempt = models.PositiveSmallIntegerField("vez", default=1)
    found_on = models.DateField("fecha")
    found_by = models.CharField("quién la encontró", max_length=150)
    source = models.CharField("por dónde se supo", max_length=8, choices=Source, default=Source.DESK)
    evidence = models.CharField("cómo se supo", max_length=200)
    event = models.ForeignKey(FieldEvent, models.PROTECT, null=True)  # whose photographs are the evidence
    policy = models.ForeignKey(DisconnectionPolicy, models.PROTECT, null=True)
    fine_cents = CentsField("multa")
    charge_sequence = models.SmallIntegerField("documento", default=0)
    case_folio = models.CharField("reporte", max_length=40, blank=True)
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "interrupted_on", "attempt"], name="disconnections_fined_once"
            ),
            models.CheckConstraint(
                condition=Q(fine_cents=0, charge_sequence=0) | Q(fine_cents__gt=0, charge_sequence__gt=0),
                name="disconnections_fine_is_charged",
            ),
        ]


class IllegalReconnectionCancellation(models.Model):
    """Another person's yes to take a fine back, and why. Append-only."""

    illegal = models.OneToOneField(
        IllegalReconnection, models.PROTECT, primary_key=True, related_name="cancellation"
    )
    approval = models.OneToOneField(Approval, models.PROTECT)
    reason = models.CharField("motivo", max_length=300)
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="disconnections_fine_back_says_why")
        ]
