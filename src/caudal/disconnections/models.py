"""Orders to cut or restrict, each look at whether they may be done, what was done, and the water coming back.

Append-only, but for how far an order is: its steps say who moved it, when and why.
"""

from django.db import models
from django.db.models import Q

from caudal.access.models import Approval
from caudal.disconnections import policy
from caudal.fieldwork.models import FieldEvent, FieldOrder
from caudal.kernel.fields import CentsField
from caudal.registry.models import Account, ServicePoint
from caudal.rules.bounds import MAX_PPM


class DisconnectionPolicy(models.Model):
    """What may be done to whom for debt from a day on, and how the water comes back. Append-only."""

    class Measure(models.TextChoices):
        CUT = "cut", "corte"
        RESTRICTION = "restriction", "reducción de flujo"
        NEVER = "never", "nada"

    class Pays(models.TextChoices):
        ALL_DUE = "all_due", "pagar todo lo vencido"
        SHARE = "share", "pagar una parte de lo que debía al corte"

    class Agrees(models.TextChoices):
        SIGNED = "signed", "al firmar un convenio"
        DOWN_PAYMENT = "down_payment", "al pagar el pago inicial del convenio"
        NEVER = "never", "el convenio no reconecta"

    class FeeAt(models.TextChoices):
        CUT = "cut", "al cortar: se paga con el adeudo"
        RECONNECTION = "reconnection", "al ordenar la reconexión"
        NEVER = "never", "no se cobra"

    code = models.CharField("clave", max_length=40, unique=True)
    effective_from = models.DateField("rige desde", unique=True)
    article = models.CharField("fundamento", max_length=200)
    measures = models.JSONField("lo más que se hace por uso")  # use → Measure; a use without one: nothing
    benefit_measures = models.JSONField("lo más que se hace a quien tiene un beneficio", default=dict)
    least_overdue_days = models.PositiveSmallIntegerField("días de vencido, al menos")
    least_debt_cents = CentsField("adeudo vencido, al menos")
    least_periods = models.PositiveSmallIntegerField("recibos vencidos, al menos")
    notice_stage = models.CharField("notificación que debe estar entregada", max_length=20, blank=True)
    payment_grace_days = models.PositiveSmallIntegerField("días sin corte después de un pago")
    transit_business_days = models.PositiveSmallIntegerField("días hábiles que se espera un pago en tránsito")
    any_claim_blocks = models.BooleanField("¿cualquier aclaración abierta detiene el corte?", default=True)
    late_arrangement_blocks = models.BooleanField("¿un convenio atrasado y vigente lo detiene?", default=True)
    approval_days = models.PositiveSmallIntegerField("días que vale la aprobación")
    online_minutes = models.PositiveSmallIntegerField("minutos que vale la verificación con red", default=2)
    offline_hours = models.PositiveSmallIntegerField("horas que vale la verificación sin red", default=24)
    reconnection_on = models.CharField("qué pago reconecta", max_length=10, choices=Pays)
    reconnection_share_ppm = models.IntegerField("parte que reconecta, partes por millón", default=MAX_PPM)
    arrangement_reconnects = models.CharField("el convenio reconecta", max_length=15, choices=Agrees)
    reconnection_hours = models.PositiveSmallIntegerField("horas para reconectar")
    fee_at = models.CharField("cuándo se cobra la reconexión", max_length=15, choices=FeeAt)
    fine_cents = CentsField("multa por reconectarse por su cuenta")
    set_at = models.DateTimeField(null=True)
    set_by = models.CharField("quién la fijó", max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    least_debt_cents__gte=1,
                    least_periods__gte=1,
                    approval_days__gte=1,
                    online_minutes__range=(1, 60),
                    offline_hours__range=(1, 24),
                    reconnection_share_ppm__range=(1, MAX_PPM),
                    reconnection_hours__range=(1, 720),
                    fine_cents__gte=0,
                ),
                name="disconnections_policy_limits",
            )
        ]

    def __str__(self) -> str:
        return self.code


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

    account = models.ForeignKey(Account, models.PROTECT, related_name="illegal_reconnections")
    interrupted_on = models.DateField("suspendida desde")
    found_on = models.DateField("fecha")
    found_by = models.CharField("quién la encontró", max_length=150)
    evidence = models.CharField("cómo se supo", max_length=200)
    fine_cents = CentsField("multa")
    charge_sequence = models.SmallIntegerField("documento", default=0)
    case_folio = models.CharField("reporte", max_length=40, blank=True)
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)

    class Meta:
        constraints = [
            # one fine for one cut
            models.UniqueConstraint(fields=["account", "interrupted_on"], name="disconnections_fined_once"),
        ]
