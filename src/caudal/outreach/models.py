"""How a campaign is told to the town: what was planned for each channel, and what was really done."""

from django.db import models
from django.db.models import F, Q

from caudal.campaigns.models import Campaign
from caudal.kernel.fields import CentsField


class Channel(models.TextChoices):
    RADIO_SPOT = "radio_spot", "spot de radio"
    SOCIAL_NETWORK = "social_network", "redes sociales"
    LOUDSPEAKER_ROUTE = "loudspeaker_route", "perifoneo"
    POSTER_SITE = "poster_site", "cartelones"
    MESSAGE = "message", "mensajes"


class OutreachAction(models.Model):
    """Something planned to announce a campaign: through which channel, where, when and for how much."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="outreach_actions")
    channel = models.CharField("canal", max_length=20, choices=Channel)
    title = models.CharField("qué se hará", max_length=120)
    # the station, the page, the streets of the route, the wall of the poster
    place = models.CharField("dónde", max_length=200, blank=True)
    planned_from = models.DateField("desde")
    planned_to = models.DateField("hasta")
    cost_cents = CentsField("costo previsto", default=0)
    made_by = models.CharField("planeó", max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_to__gte=F("planned_from")), name="outreach_action_ends_after"
            ),
            models.CheckConstraint(condition=Q(cost_cents__gte=0), name="outreach_action_cost"),
            models.CheckConstraint(condition=~Q(title=""), name="outreach_action_titled"),
        ]

    def __str__(self) -> str:
        return self.title


class OutreachEntry(models.Model):
    """What was done on a day, how much of it, for how much, and what proves it. Append-only.

    A mistake is voided by another row that points at it; both stay.
    """

    class Evidence(models.TextChoices):
        NONE = "", "sin evidencia"
        PICTURE = "picture", "foto"
        PAPER = "paper", "PDF"
        SOUND = "sound", "audio"

    action = models.ForeignKey(OutreachAction, on_delete=models.PROTECT, related_name="entries")
    on = models.DateField("día")
    # spots, people reached, kilometers, posters, messages: the channel says which
    quantity = models.PositiveIntegerField("cantidad", default=0)
    cost_cents = CentsField("gastado", default=0)
    note = models.CharField("qué se hizo", max_length=200)
    evidence = models.FileField("evidencia", upload_to="difusion/%Y/%m", max_length=200, blank=True)
    evidence_kind = models.CharField(max_length=8, choices=Evidence, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    voids = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="void")
    by = models.CharField("anotó", max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cost_cents__gte=0), name="outreach_entry_cost"),
            models.CheckConstraint(
                condition=Q(voids__isnull=True) | Q(quantity=0, cost_cents=0, evidence=""),
                name="outreach_entry_void_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(voids__isnull=True) | ~Q(note=""), name="outreach_entry_void_says_why"
            ),
            models.CheckConstraint(
                condition=Q(evidence="", evidence_kind="", evidence_sha256="")
                | (~Q(evidence="") & ~Q(evidence_kind="") & ~Q(evidence_sha256="")),
                name="outreach_entry_evidence_whole",
            ),
        ]
        indexes = [models.Index(fields=["on"], name="outreach_entry_day")]
