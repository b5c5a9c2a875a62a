"""The ladder of notices as dated data, and each notice as it was issued, served, charged, canceled. Append-only.

Whether a notice is paid is not written here: it is what the ledger says of the periods it lists.
"""

from django.db import models
from django.db.models import F, Q

from caudal.dunning.policy import batch_folio, notice_folio
from caudal.fieldwork.models import FieldEvent, Place, whole_place
from caudal.kernel.fields import CentsField, PeriodField
from caudal.kernel.models import Job
from caudal.registry.models import Account, ServicePoint
from caudal.rules.bounds import MAX_PPM


class ClosedDay(models.Model):
    """A day on which the utility does not work, besides those of law: it lengthens every term. Append-only."""

    on = models.DateField("día", unique=True)
    reason = models.CharField("motivo", max_length=200)
    at = models.DateTimeField()
    by = models.CharField("quién lo anotó", max_length=150)


class DunningLadder(models.Model):
    """The stages of collection from a day on, and who is spared. Append-only."""

    code = models.CharField("clave", max_length=40, unique=True)
    effective_from = models.DateField("rige desde", unique=True)
    article = models.CharField("fundamento", max_length=200)
    paid_within_days = models.PositiveSmallIntegerField("no se notifica a quien pagó en los últimos días")
    # an undelivered notice keeps others from coming for so many days
    undelivered_days = models.PositiveSmallIntegerField("días que espera una notificación sin entregar")
    # by bucket of age, oldest last: what is assumed of each peso notified while there is no history
    assumed_recovery_ppm = models.JSONField("recuperación supuesta, partes por millón")
    set_at = models.DateTimeField(null=True)
    set_by = models.CharField("quién la fijó", max_length=150)

    def __str__(self) -> str:
        return self.code


class DunningStage(models.Model):
    """One stage of a ladder: what it waits, what it gives, what it costs, on which law it stands. Append-only."""

    class Code(models.TextChoices):
        COURTESY_LETTER = "courtesy_letter", "carta invitación"
        DEBT_SLIP = "debt_slip", "notificación de adeudo"
        DEMAND = "demand", "requerimiento de pago"
        SECOND_DEMAND = "second_demand", "segundo requerimiento"
        ENFORCEMENT_FILE = "enforcement_file", "expediente de ejecución"

    class Cost(models.TextChoices):
        NONE = "none", "sin costo"
        SHARE = "share", "parte del adeudo, con mínimo y máximo"
        FIXED = "fixed", "cantidad fija"

    ladder = models.ForeignKey(DunningLadder, models.PROTECT, related_name="stages")
    position = models.PositiveSmallIntegerField("orden")
    code = models.CharField("etapa", max_length=20, choices=Code)
    wait_days = models.PositiveSmallIntegerField("días hábiles que espera después del plazo anterior")
    term_days = models.PositiveSmallIntegerField("días hábiles de plazo")
    legal_basis = models.CharField("fundamento", max_length=300)
    text = models.CharField("qué dice", max_length=600)
    warning = models.CharField("qué pasa si no se paga", max_length=400)
    needs_previous = models.BooleanField("¿exige la etapa anterior notificada y vencida?")
    needs_personal_service = models.BooleanField("¿se notifica en persona?")
    spares_protected = models.BooleanField("¿deja fuera hospitales, escuelas y hogares protegidos?")
    least_debt_cents = CentsField("adeudo mínimo")
    least_age_days = models.PositiveSmallIntegerField("antigüedad mínima, en días")
    cost_kind = models.CharField("costo", max_length=6, choices=Cost)
    cost_ppm = models.IntegerField("costo, partes por millón", default=0)
    cost_floor_cents = CentsField("costo mínimo", default=0)
    cost_ceiling_cents = CentsField("costo máximo", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ladder", "position"], name="dunning_stage_position"),
            models.UniqueConstraint(fields=["ladder", "code"], name="dunning_stage_once"),
            models.CheckConstraint(
                condition=Q(least_debt_cents__gte=0, cost_ppm__range=(0, MAX_PPM), cost_floor_cents__gte=0)
                & Q(cost_ceiling_cents__gte=F("cost_floor_cents")),
                name="dunning_stage_limits",
            ),
            # a rate that nothing uses, or a use without a rate, would be a mistake of whoever wrote it
            models.CheckConstraint(
                condition=Q(cost_kind="none", cost_ppm=0, cost_ceiling_cents=0)
                | Q(cost_kind="share", cost_ppm__gt=0, cost_ceiling_cents__gt=0)
                | Q(cost_kind="fixed", cost_ppm=0, cost_ceiling_cents=F("cost_floor_cents"))
                & Q(cost_floor_cents__gt=0),
                name="dunning_stage_cost",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class NoticeBatch(models.Model):
    """Notices of one stage for one segment: prepared, looked at, and then issued or discarded."""

    number = models.BigIntegerField("folio", unique=True)
    name = models.CharField("nombre", max_length=80)
    stage = models.ForeignKey(DunningStage, models.PROTECT, related_name="batches")
    segment = models.JSONField("a quiénes")
    prepared_on = models.DateField("preparado")
    prepared_at = models.DateTimeField()
    prepared_by = models.CharField("quién lo preparó", max_length=150)
    issued_on = models.DateField("emitido", null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.CharField("quién lo emitió", max_length=150, blank=True)
    # who was inside the segment and got none, by reason, on the day of issue
    spared = models.JSONField("a quiénes no, y por qué", default=dict)
    discarded_at = models.DateTimeField(null=True)
    discarded_by = models.CharField("quién lo descartó", max_length=150, blank=True)
    discarded_reason = models.CharField("motivo", max_length=200, blank=True)
    job = models.ForeignKey(Job, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True, issued_on__isnull=True, issued_by="")
                | Q(issued_at__isnull=False, issued_on__isnull=False, discarded_at__isnull=True)
                & ~Q(issued_by=""),
                name="dunning_batch_issued_whole",
            ),
            models.CheckConstraint(
                condition=Q(discarded_at__isnull=True, discarded_by="", discarded_reason="")
                | Q(discarded_at__isnull=False) & ~Q(discarded_by="") & ~Q(discarded_reason=""),
                name="dunning_batch_discarded_whole",
            ),
        ]

    @property
    def folio(self) -> str:
        return batch_folio(self.number)

    def __str__(self) -> str:
        return self.folio


class Notice(models.Model):
    """One paper for one account: what it owed that day and what it is asked to do. Append-only."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField("folio", unique=True)
    batch = models.ForeignKey(NoticeBatch, models.PROTECT, related_name="notices")
    stage = models.ForeignKey(DunningStage, models.PROTECT)
    account = models.ForeignKey(Account, models.PROTECT, related_name="notices")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT)
    holder_name = models.CharField("titular", max_length=200)
    address = models.CharField("domicilio", max_length=200)
    locality = models.CharField("localidad", max_length=80)
    usage = models.CharField("uso", max_length=80)
    route = models.CharField("ruta", max_length=20)
    walk_sequence = models.PositiveIntegerField("secuencia")
    issued_on = models.DateField("fecha")
    age_days = models.PositiveIntegerField("antigüedad del adeudo, en días")
    total_cents = CentsField("adeudo")
    # of the total, what a cost is a share of: without earlier costs and fines
    base_cents = CentsField("base de los gastos")
    expected_cents = CentsField("recuperación esperada")

    class Meta:
        indexes = [models.Index(fields=["account"], name="dunning_notice_account")]
        constraints = [
            models.UniqueConstraint(fields=["batch", "account"], name="dunning_notice_once"),
            models.CheckConstraint(
                condition=Q(total_cents__gt=0, base_cents__gte=0, base_cents__lte=F("total_cents")),
                name="dunning_notice_amounts",
            ),
        ]

    @property
    def folio(self) -> str:
        return notice_folio(self.number)

    def __str__(self) -> str:
        return self.folio


class NoticeDebt(models.Model):
    """What a notice says of one period (centavos); they add up to it at commit. Append-only."""

    id = models.BigAutoField(primary_key=True)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="debts")
    period = PeriodField("periodo")
    due_on = models.DateField("venció")
    water_cents = CentsField("agua", default=0)
    sewerage_cents = CentsField("alcantarillado y saneamiento", default=0)
    other_cents = CentsField("otros conceptos", default=0)
    surcharge_cents = CentsField("recargos y actualización", default=0)
    cost_cents = CentsField("multas y gastos", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "period"], name="dunning_debt_once"),
        ]

    @property
    def total_cents(self) -> int:
        total: int = (
            self.water_cents + self.sewerage_cents + self.other_cents + self.surcharge_cents + self.cost_cents
        )
        return total


class ServiceOfNotice(Place):
    """What happened at the door with a notice: once for each visit, by phone or written at the desk. Append-only."""

    class Outcome(models.TextChoices):
        DELIVERED = "delivered", "entregada"
        REFUSED = "refused", "rehusada"
        ABSENT = "absent", "ausente, con citatorio"
        POSTED = "posted", "fijada en la puerta"
        NOT_DELIVERED = "not_delivered", "no se pudo entregar"

    id = models.BigAutoField(primary_key=True)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="services")
    outcome = models.CharField("resultado", max_length=14, choices=Outcome)
    served_at = models.DateTimeField("cuándo")
    served_on = models.DateField("día")
    receiver = models.CharField("quién recibió", max_length=40, blank=True)
    notes = models.CharField("notas", max_length=300, blank=True)
    event = models.OneToOneField(FieldEvent, models.PROTECT, null=True)
    accuracy_m = models.PositiveIntegerField("precisión en metros", null=True)
    evidence = models.FileField("constancia", upload_to="notices/%Y/%m/", blank=True)
    # the business day an appointment is for; the day from which the notice has effect, if this serves it
    appointment_on = models.DateField("citatorio para", null=True)
    effects_on = models.DateField("surte efectos", null=True)
    term_ends_on = models.DateField("vence el plazo", null=True)
    at = models.DateTimeField()
    by = models.CharField("quién notificó", max_length=150)

    class Meta:
        constraints = [
            whole_place("dunning_service_place"),
            models.UniqueConstraint(
                fields=["notice"], condition=Q(effects_on__isnull=False), name="dunning_served_once"
            ),
            models.CheckConstraint(
                condition=Q(effects_on__isnull=True, term_ends_on__isnull=True)
                | Q(effects_on__isnull=False, term_ends_on__gte=F("effects_on"))
                & ~Q(outcome__in=("absent", "not_delivered")),
                name="dunning_service_effects",
            ),
            models.CheckConstraint(
                condition=Q(outcome="absent", appointment_on__isnull=False)
                | ~Q(outcome="absent") & Q(appointment_on__isnull=True),
                name="dunning_service_appointment",
            ),
        ]


class NoticeCost(models.Model):
    """The cost of serving a notice, charged once: the key is the notice. Append-only."""

    notice = models.OneToOneField(Notice, models.PROTECT, primary_key=True, related_name="cost")
    base_cents = CentsField("base")
    amount_cents = CentsField("gastos de ejecución")
    # the document of the ledger: period 0, DocumentKind.FEE, this sequence
    charge_sequence = models.SmallIntegerField("documento")
    on = models.DateField("fecha")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0, base_cents__gt=0), name="dunning_cost_amounts"
            )
        ]


class NoticeCancellation(models.Model):
    """A notice without effect, by whom and why; its cost, if there was one, is taken back with it. Append-only."""

    notice = models.OneToOneField(Notice, models.PROTECT, primary_key=True, related_name="cancellation")
    reason = models.CharField("motivo", max_length=200)
    taken_back_cents = CentsField("gastos que se quitaron", default=0)
    on = models.DateField("fecha")
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="dunning_cancellation_says_why")]
