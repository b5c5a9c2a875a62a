"""Who holds a benefit and with which proof. The dates are the registry's; what is sensitive stands in tables apart."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from caudal.registry.models import Benefit, Dated, Person, ends_after_start, no_overlap


class BenefitPolicy(models.Model):
    """What this utility asks for to grant a category, between two dates. A new administration adds a row."""

    category = models.CharField("categoría", max_length=12, choices=Benefit.Category)
    effective_from = models.DateField("vigente desde")
    effective_to = models.DateField("vigente hasta (sin incluir)", null=True)
    article = models.CharField("fundamento", max_length=200)
    # in the words of the window; the first is the usual one
    evidence_kinds = ArrayField(models.CharField(max_length=80), verbose_name="documentos que se aceptan")
    months_valid = models.PositiveSmallIntegerField("cada cuántos meses se renueva")
    one_property = models.BooleanField("¿en un solo predio?", default=True)
    must_be_up_to_date = models.BooleanField("¿exige estar al corriente?", default=True)
    must_live_there = models.BooleanField("¿exige vivir en el predio?", default=True)
    decided_by = models.CharField("decidió", max_length=150)

    objects = Dated.as_manager()

    class Meta:
        constraints = [
            no_overlap("benefits_one_policy_at_a_time", "category"),
            ends_after_start("benefits_policy_dates"),
            models.CheckConstraint(condition=Q(months_valid__range=(1, 120)), name="benefits_policy_months"),
            models.CheckConstraint(condition=Q(evidence_kinds__len__gt=0), name="benefits_policy_evidence"),
        ]


class Beneficiary(models.Model):
    """The person a benefit was given to: whoever held the account that day. Append-only.

    It ends with its benefit. If the account passes to somebody else, the benefit does not.
    """

    benefit = models.OneToOneField(
        Benefit, on_delete=models.PROTECT, primary_key=True, related_name="beneficiary"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="benefits")
    policy = models.ForeignKey(BenefitPolicy, on_delete=models.PROTECT)
    at = models.DateTimeField()
    by = models.CharField("registró", max_length=150)


class BenefitEvidence(models.Model):
    """A document that was seen: never its whole number, and its picture only under lock. Append-only, sensitive.

    The newest one of a benefit is the one that holds; each renewal adds one.
    """

    id = models.BigAutoField(primary_key=True)
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="evidence_seen")
    kind = models.CharField("documento", max_length=80)
    folio_last4 = models.CharField("últimos 4 de su folio", max_length=4)
    issued_on = models.DateField("expedido el", null=True)
    expires_on = models.DateField("vence el", null=True)
    # the name of a file of ours, re-encoded: nothing of what was sent is kept
    photo = models.CharField("foto", max_length=64, blank=True)
    verified_on = models.DateField("verificado el")
    # the first day on which it proves nothing any more: the benefit ends there unless it is renewed
    counts_until = models.DateField("cuenta hasta (sin incluir)")
    at = models.DateTimeField()
    verified_by = models.CharField("verificó", max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(folio_last4__regex=r"^[0-9A-Z]{1,4}$"), name="benefits_evidence_last4"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("verified_on")),
                name="benefits_evidence_not_expired",
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(issued_on__lte=F("verified_on")),
                name="benefits_evidence_issued",
            ),
            models.CheckConstraint(
                condition=Q(counts_until__gt=F("verified_on")), name="benefits_evidence_counts"
            ),
        ]


class LivedInVisit(models.Model):
    """Whether the beneficiary lives in the premise: as declared at the window, or as found there. Append-only."""

    class How(models.TextChoices):
        DECLARED = "declared", "lo declaró en ventanilla"
        VISITED = "visited", "visita al domicilio"

    id = models.BigAutoField(primary_key=True)
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="lived_in_visits")
    on = models.DateField("fecha")
    lives_there = models.BooleanField("¿vive ahí?")
    how = models.CharField("cómo se supo", max_length=8, choices=How)
    note = models.CharField("nota", max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)


class BenefitLoss(models.Model):
    """Why a benefit ended: one end, for ever. Append-only."""

    class Kind(models.TextChoices):
        EXPIRED = "expired", "venció sin renovarse"
        HOLDER_CHANGED = "holder_changed", "la cuenta cambió de titular"
        NOT_LIVED_IN = "not_lived_in", "no vive en el predio"
        NOT_QUALIFIED = "not_qualified", "ya no cumple los requisitos"
        OTHER_PROPERTY = "other_property", "lo pasó a otro predio"
        DECEASED = "deceased", "falleció"
        FALSE_EVIDENCE = "false_evidence", "documento falso o ajeno"
        ON_REQUEST = "on_request", "a petición suya"

    benefit = models.OneToOneField(Benefit, on_delete=models.PROTECT, primary_key=True, related_name="loss")
    kind = models.CharField("causa", max_length=14, choices=Kind)
    reason = models.CharField("motivo", max_length=200)
    on = models.DateField("desde")
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="benefits_loss_has_reason")]


class EvidenceReading(models.Model):
    """Somebody looked at a document that is sensitive: who, when and what for. Append-only."""

    id = models.BigAutoField(primary_key=True)
    evidence = models.ForeignKey(BenefitEvidence, on_delete=models.PROTECT, related_name="readings")
    reason = models.CharField("para qué", max_length=200)
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="benefits_reading_has_reason")]
