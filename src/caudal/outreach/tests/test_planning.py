"""The plan of a campaign: dates inside of it, a cost that can be, and nothing lost when it changes."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from caudal.kernel.models import AuditEntry
from caudal.outreach import commands
from caudal.outreach.models import OutreachAction
from caudal.outreach.tests.winter import AT, campaign, done, plan, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]


def test_a_spot_is_planned_and_the_audit_says_so() -> None:
    winter = campaign()

    spot = planned(winter, title="  Spot   de 30 segundos ")

    assert (spot.title, spot.cost_cents, spot.made_by) == ("Spot de 30 segundos", 200_000, "laura")
    told = AuditEntry.objects.get(act="outreach.plan_action", object_id=spot.pk)
    assert told.after == {
        "campaign": "PRONTO-2019", "channel": "radio_spot", "title": "Spot de 30 segundos",
        "place": "Radio Candela, 8:00 y 14:00", "planned_from": "2019-01-02", "planned_to": "2019-02-28",
        "cost_cents": 200_000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        (
            {"planned_to": date(2019, 1, 1)},
            "planned_to",
            "Termina el 1 ene 2019, antes de empezar el 2 ene 2019.",
        ),
        # sixteen days before 1 January: one too many
        ({"planned_from": date(2018, 12, 16)}, "planned_from", "el 16 dic 2018 queda fuera"),
        ({"planned_to": date(2019, 3, 1)}, "planned_to", "La campaña va del 1 ene 2019 al 28 feb 2019"),
        ({"cost_cents": -1}, "cost", "no puede ser menor que cero"),
        ({"cost_cents": 10_000_000_001}, "cost", "no es posible"),
        ({"title": "   "}, "title", "Falta qué se hará"),
        ({"channel": "television"}, "channel", "Falta el canal"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    changes: dict[str, Any], field: str, said: str
) -> None:
    winter = campaign()

    with pytest.raises(commands.CannotPlanAction, match=said) as refused:
        planned(winter, **changes)

    assert refused.value.field == field
    assert not OutreachAction.objects.exists()
    assert not AuditEntry.objects.filter(act="outreach.plan_action").exists()


def test_what_was_withdrawn_is_planned_no_more() -> None:
    gone = campaign(withdrawn_at=AT, withdrawn_by="salas", withdrawal_reason="Lo pidió el consejo")
    with pytest.raises(commands.CannotPlanAction, match="se retiró"):
        planned(gone)
    assert not OutreachAction.objects.exists()


def test_it_may_be_announced_fifteen_days_before() -> None:
    """1 January − 15 days = 17 December."""
    assert planned(campaign(), planned_from=date(2018, 12, 17)).planned_from == date(2018, 12, 17)


def test_a_change_keeps_what_it_was_in_the_audit() -> None:
    spot = planned(campaign())

    commands.change_plan(
        action=spot, plan=plan(cost_cents=250_000, place="Radio Candela, 9:00"), at=AT, by="salas"
    )

    spot.refresh_from_db()
    assert (spot.cost_cents, spot.place, spot.made_by) == (250_000, "Radio Candela, 9:00", "laura")
    told = AuditEntry.objects.get(act="outreach.change_plan")
    assert (told.by, told.before["cost_cents"], told.after["cost_cents"]) == ("salas", 200_000, 250_000)


def test_what_was_already_done_keeps_its_channel() -> None:
    spot = planned(campaign())
    done(spot)

    with pytest.raises(commands.CannotPlanAction, match="Ya se anotó lo hecho en spot de radio") as refused:
        commands.change_plan(action=spot, plan=plan(channel="message"), at=AT, by="laura")

    assert refused.value.field == "channel"
    spot.refresh_from_db()
    assert spot.channel == "radio_spot"


def test_only_what_nobody_began_leaves_the_plan() -> None:
    winter = campaign()
    spot, car = planned(winter), planned(winter, channel="loudspeaker_route", title="Perifoneo en el centro")
    done(spot)

    with pytest.raises(commands.CannotDropAction, match="Ya tiene anotaciones"):
        commands.drop_action(action=spot, at=AT, by="laura")
    commands.drop_action(action=car, at=AT, by="laura")

    assert list(OutreachAction.objects.all()) == [spot]
    assert AuditEntry.objects.get(act="outreach.drop_action").before["title"] == "Perifoneo en el centro"


@pytest.mark.parametrize("changes", [{"planned_to": date(2019, 1, 1)}, {"cost_cents": -1}, {"title": ""}])
def test_the_database_refuses_it_too(changes: dict[str, Any]) -> None:
    spot = planned(campaign())
    with pytest.raises(IntegrityError), transaction.atomic():
        OutreachAction.objects.filter(pk=spot.pk).update(**changes)
