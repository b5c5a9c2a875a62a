"""Planning how a campaign is announced, and writing down what was really done."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction

from caudal.campaigns.models import Campaign
from caudal.kernel import audit, idempotency
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import short_date
from caudal.outreach import policy, queries
from caudal.outreach.evidence import CannotKeepEvidence as CannotKeepEvidence
from caudal.outreach.evidence import Evidence
from caudal.outreach.evidence import read_evidence as read_evidence
from caudal.outreach.models import Channel, OutreachAction, OutreachEntry


class CannotPlanAction(Refusal):
    """What is planned does not make sense for that campaign."""


class CannotDropAction(Refusal):
    """What is planned already has something done."""


class CannotLogEntry(Refusal):
    """What is said to be done cannot be true."""


class CannotVoidEntry(Refusal):
    """That row cannot be voided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is planned: through which channel, what, where, between which days, for how much (centavos)."""

    channel: str
    title: str
    planned_from: date
    planned_to: date
    place: str = ""
    cost_cents: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For the audit."""
        return {
            "channel": self.channel, "title": self.title, "place": self.place,
            "planned_from": self.planned_from.isoformat(), "planned_to": self.planned_to.isoformat(),
            "cost_cents": self.cost_cents,
        }  # fmt: skip


@transaction.atomic
def plan_action(*, campaign: Campaign, plan: Plan, at: datetime, by: str) -> OutreachAction:
    """Plan something that announces a campaign.

    :raises CannotPlanAction: if the campaign was withdrawn, its days are outside of it or turned around, or its cost
        is below zero
    """
    sound = _sound(campaign, plan)
    action = OutreachAction.objects.create(
        campaign=campaign, channel=sound.channel, title=sound.title, place=sound.place,
        planned_from=sound.planned_from, planned_to=sound.planned_to, cost_cents=sound.cost_cents, made_by=by,
        made_at=at,
    )  # fmt: skip
    audit.record(
        act="outreach.plan_action", by=by, at=at, object_kind="outreach_action", object_id=action.pk,
        after={"campaign": campaign.code, **sound.as_dict()},
    )  # fmt: skip
    return action


@transaction.atomic
def change_plan(*, action: OutreachAction, plan: Plan, at: datetime, by: str) -> OutreachAction:
    """Change what is planned; what was already done stays, and so does its channel.

    :raises CannotPlanAction: as when planning, or if the channel changes under what was already done
    """
    action = queries.locked_action(action_id=action.pk)
    sound, before = _sound(action.campaign, plan), _plan_of(action)
    if sound.channel != action.channel and action.entries.exists():
        raise CannotPlanAction(
            f"Ya se anotó lo hecho en {action.get_channel_display()}.",
            "Deje este canal y planee otra acción para el nuevo.", field="channel",
        )  # fmt: skip
    for name in Plan.__slots__:
        setattr(action, name, getattr(sound, name))
    action.save()
    audit.record(
        act="outreach.change_plan", by=by, at=at, object_kind="outreach_action", object_id=action.pk,
        before=before.as_dict(), after=sound.as_dict(),
    )  # fmt: skip
    return action


@transaction.atomic
def drop_action(*, action: OutreachAction, at: datetime, by: str) -> None:
    """Take something out of the plan; the audit keeps what it was.

    :raises CannotDropAction: if something was already written down about it, even if voided
    """
    action = queries.locked_action(action_id=action.pk)
    if action.entries.exists():
        raise CannotDropAction(
            "Ya tiene anotaciones: no se quita del plan.",
            "Cambie sus fechas o su costo, o anule las anotaciones que estén mal.",
        )
    audit.record(
        act="outreach.drop_action", by=by, at=at, object_kind="outreach_action", object_id=action.pk,
        before={"campaign": action.campaign.code, **_plan_of(action).as_dict()},
    )  # fmt: skip
    action.delete()


@transaction.atomic
def log_entry(
    *,
    action: OutreachAction,
    on: date,
    quantity: int,
    today: date,
    at: datetime,
    by: str,
    key: UUID,
    cost_cents: int = 0,
    note: str = "",
    evidence: Evidence | None = None,
) -> OutreachEntry:
    """Write down what was done on a day. The same key twice is one row.

    :param quantity: spots, people reached, kilometers, posters or messages, as the channel counts
    :raises CannotLogEntry: if the day has not come or is outside of the campaign, or a figure is below zero
    """
    action = queries.locked_action(action_id=action.pk)
    _require_possible(action, on, today, quantity, cost_cents)

    def run() -> dict[str, Any]:
        return {"entry": _logged(action, on, quantity, cost_cents, note, evidence, at, by).pk}

    request = {
        "action": action.pk, "on": on.isoformat(), "quantity": quantity, "cost_cents": cost_cents, "note": note,
        "evidence": evidence.sha256 if evidence else "",
    }  # fmt: skip
    reply = idempotency.once(key=key, act="outreach.log_entry", body=request, at=at, run=run)
    return OutreachEntry.objects.get(pk=reply["entry"])


def _logged(
    action: OutreachAction, on: date, quantity: int, cost_cents: int, note: str, evidence: Evidence | None,
    at: datetime, by: str,
) -> OutreachEntry:  # fmt: skip
    entry = OutreachEntry(
        action=action, on=on, quantity=quantity, cost_cents=cost_cents,
        note=" ".join(note.split()) or action.title, by=by, at=at,
    )  # fmt: skip
    if evidence:
        entry.evidence_kind, entry.evidence_sha256 = evidence.kind, evidence.sha256
        name = f"{evidence.sha256[:24]}.{evidence.suffix}"
        entry.evidence.save(name, ContentFile(evidence.body), save=False)
    entry.save(force_insert=True)
    audit.record(
        act="outreach.log_entry", by=by, at=at, object_kind="outreach_action", object_id=action.pk,
        after={"entry": entry.pk, "on": on.isoformat(), "quantity": quantity, "cost_cents": cost_cents},
    )  # fmt: skip
    return entry


@transaction.atomic
def void_entry(*, entry: OutreachEntry, reason: str, at: datetime, by: str) -> OutreachEntry:
    """Void what was written down by mistake: another row says so; the first one stays.

    :raises CannotVoidEntry: if it is already voided, is itself a void, or no reason is said
    """
    queries.locked_action(action_id=entry.action_id)
    said = " ".join(reason.split())
    if not said:
        raise CannotVoidEntry("Falta el motivo.", "Diga qué estaba mal.", field="reason")
    if entry.voids_id is not None or OutreachEntry.objects.filter(voids=entry).exists():
        raise CannotVoidEntry("Esa anotación ya está anulada.", "No hay nada que hacer.", field="reason")
    void = OutreachEntry.objects.create(
        action_id=entry.action_id, on=entry.on, note=said, voids=entry, by=by, at=at
    )
    audit.record(
        act="outreach.void_entry", by=by, at=at, object_kind="outreach_action", object_id=entry.action_id,
        before={"entry": entry.pk, "quantity": entry.quantity, "cost_cents": entry.cost_cents}, reason=said,
    )  # fmt: skip
    return void


def _plan_of(action: OutreachAction) -> Plan:
    return Plan(**{name: getattr(action, name) for name in Plan.__slots__})


def _sound(campaign: Campaign, plan: Plan) -> Plan:
    """The plan with its words tidy, once it is known to make sense."""
    if campaign.withdrawn_at is not None:
        raise CannotPlanAction(
            f"La campaña {campaign.name} se retiró.",
            "Ya no se anuncia; quite lo que siga puesto.",
            field="channel",
        )
    title, place = " ".join(plan.title.split()), " ".join(plan.place.split())
    if plan.channel not in Channel.values:
        raise CannotPlanAction("Falta el canal.", "Elija uno de la lista.", field="channel")
    if not title:
        raise CannotPlanAction("Falta qué se hará.", "Escríbalo en pocas palabras.", field="title")
    if plan.planned_to < plan.planned_from:
        raise CannotPlanAction(
            f"Termina el {short_date(plan.planned_to)}, antes de empezar el {short_date(plan.planned_from)}.",
            "Cambie una de las dos fechas.", field="planned_to",
        )  # fmt: skip
    for field in ("planned_from", "planned_to"):
        _require_in_window(CannotPlanAction, campaign, getattr(plan, field), field)
    _require_cost(CannotPlanAction, plan.cost_cents)
    return Plan(
        channel=plan.channel, title=title, place=place, planned_from=plan.planned_from,
        planned_to=plan.planned_to, cost_cents=plan.cost_cents,
    )  # fmt: skip


def _require_possible(action: OutreachAction, on: date, today: date, quantity: int, cost_cents: int) -> None:
    if on > today:
        raise CannotLogEntry(
            f"El {short_date(on)} todavía no llega.", "Anote lo hecho hasta hoy.", field="on"
        )
    _require_in_window(CannotLogEntry, action.campaign, on, "on")
    if not 0 <= quantity <= policy.MOST_QUANTITY:
        raise CannotLogEntry(
            "La cantidad no puede ser menor que cero ni tan grande.",
            "Escriba cuántos fueron.",
            field="quantity",
        )
    _require_cost(CannotLogEntry, cost_cents)


def _require_cost(refusal: type[Refusal], cents: int) -> None:
    if cents < 0:
        raise refusal("El costo no puede ser menor que cero.", "Si no costó, escriba 0.", field="cost")
    if cents > policy.MOST_CENTS:
        raise refusal("Ese costo no es posible.", "Revise cuántos ceros tiene.", field="cost")


def _require_in_window(refusal: type[Refusal], campaign: Campaign, on: date, field: str) -> None:
    first, last = queries.days_of(campaign=campaign)
    if not first - timedelta(days=policy.LEAD_DAYS) <= on <= last:
        raise refusal(
            f"La campaña va del {short_date(first)} al {short_date(last)}, y el {short_date(on)} queda fuera.",
            f"Se anuncia desde {policy.LEAD_DAYS} días antes y hasta que termina.", field=field,
        )  # fmt: skip
