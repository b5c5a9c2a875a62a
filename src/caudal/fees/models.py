"""What is asked for at the counter and how it ended. Append-only but for the rules, which are the utility's choice."""

from django.db import models
from django.db.models import F, Q

from caudal.fees.policy import certificate_folio, service_folio
from caudal.kernel.fields import CentsField
from caudal.ledger.models import Concept
from caudal.registry.models import Account


class CounterServiceRules(models.Model):
    """What this utility decided about its counter services: one row, or none while the usual holds."""

    certificate_days = models.PositiveSmallIntegerField("vigencia de la constancia, en días", default=30)
    holder_change_admits_debt = models.BooleanField("¿se cambia de titular con adeudo?", default=False)
    holder_change_takes_two = models.BooleanField(
        "¿el cambio de titular lo entrega otra persona?", default=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="fees_rules_are_one"),
            models.CheckConstraint(
                condition=Q(certificate_days__range=(1, 366)), name="fees_certificate_days"
            ),
        ]


class CounterService(models.Model):
    """A service asked for at the counter, at the price of its day, with its charge on the ledger. Append-only.

    Whether it is paid is not written here: it is what the ledger says of its charge.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField("folio", unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="counter_services")
    concept = models.ForeignKey(Concept, on_delete=models.PROTECT)
    code = models.CharField("clave en el libro", max_length=40)
    name = models.CharField("trámite", max_length=120)
    article = models.CharField("artículo", max_length=120)
    book = models.CharField("libro de tarifas", max_length=40)
    amount_cents = CentsField("importe")
    vat_cents = CentsField("IVA")
    # the document of the ledger: period 0, DocumentKind.FEE, this sequence; 0 for what costs nothing
    charge_sequence = models.SmallIntegerField("documento")
    asked_for = models.CharField("para quién", max_length=200)
    place = models.CharField("dónde", max_length=200, blank=True)
    note = models.CharField("nota", max_length=200, blank=True)
    # who the account passes to, for a change of holder
    new_holder = models.JSONField(default=dict)
    asked_on = models.DateField("fecha")
    asked_at = models.DateTimeField()
    asked_by = models.CharField("atendió", max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "charge_sequence"],
                condition=Q(charge_sequence__gt=0),
                name="fees_service_charge",
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gte=0, vat_cents__gte=0), name="fees_service_price"
            ),
        ]
        indexes = [models.Index(fields=["asked_on"], name="fees_service_day")]

    @property
    def folio(self) -> str:
        return service_folio(self.number)

    @property
    def total_cents(self) -> int:
        total: int = self.amount_cents + self.vat_cents
        return total

    def __str__(self) -> str:
        return self.folio


class CounterServiceEnd(models.Model):
    """How a counter service ended: delivered, or canceled with its reason. One end, for ever. Append-only."""

    class Kind(models.TextChoices):
        DELIVERED = "delivered", "entregado"
        CANCELED = "canceled", "cancelado"

    service = models.OneToOneField(
        CounterService, on_delete=models.PROTECT, primary_key=True, related_name="end"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.CharField("constancia o motivo", max_length=200, blank=True)
    on = models.DateField("fecha")
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="delivered") | Q(kind="canceled") & ~Q(note=""), name="fees_end_has_reason"
            )
        ]


class NoDebtCertificate(models.Model):
    """Proof that an account owed nothing on a day, with the facts of that day. Append-only."""

    service = models.OneToOneField(
        CounterService, on_delete=models.PROTECT, primary_key=True, related_name="certificate"
    )
    number = models.BigIntegerField("folio", unique=True)
    # what its QR carries and nobody can guess: 20 letters and digits, 100 bits
    code = models.CharField("código de verificación", max_length=24, unique=True)
    issued_on = models.DateField("fecha")
    issued_at = models.DateTimeField()
    issued_by = models.CharField("expidió", max_length=150)
    valid_until = models.DateField("vigente hasta")
    facts = models.JSONField("lo que dice")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("issued_on")), name="fees_certificate_dates"
            )
        ]

    @property
    def folio(self) -> str:
        return certificate_folio(self.number)

    def __str__(self) -> str:
        return self.folio


class CertificatePrint(models.Model):
    """A certificate on paper: 0 is the original, those after it say they are copies. Append-only."""

    id = models.BigAutoField(primary_key=True)
    certificate = models.ForeignKey(NoDebtCertificate, on_delete=models.PROTECT, related_name="prints")
    copy = models.PositiveSmallIntegerField("copia")
    at = models.DateTimeField()
    by = models.CharField("imprimió", max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["certificate", "copy"], name="fees_print_once")]
