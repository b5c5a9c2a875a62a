"""January's bills taken to their doors by Julián and then by Beto; and what was done to announce a campaign."""

from datetime import date
from typing import Any

import pytest
from tests.journeys.story import TODAY
from tests.town.cast import Town, moment

from caudal.billing import commands as billing
from caudal.billing.tests import months
from caudal.billing.tests.conftest import january as january
from caudal.billing.tests.conftest import priced as priced
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import Round
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.telephones import telephone_of
from caudal.outreach import commands as outreach
from caudal.outreach.tests import winter
from caudal.reports.tests import opening
from caudal.reports.tests.reading_of import figure, rows

pytestmark = pytest.mark.django_db
FRIDAY = date(2019, 2, 1)


@pytest.fixture
def center(january: Town) -> Round:
    """The three bills of route 01-001, Julián's on Friday at eight: Don Chuy, Doña Lupita, La Espiga."""
    run = months.issued(january, months.JANUARY)
    [center] = billing.plan_delivery(
        run=run, on=FRIDAY, carriers=["julian"], routes=["01-001"], at=moment(FRIDAY, 8), by="laura"
    )
    return center


def tell(round: Round, stop: int, hour: int, outcome: str = "delivered") -> None:
    """The telephone of whoever has the round says what happened at a door."""
    round.refresh_from_db()
    phone = telephone_of(round.assigned_to, at=moment(FRIDAY, 7))
    told = phone.delivers(round.stops.get(sequence=stop), moment(FRIDAY, hour), outcome)
    [answer] = phone.sends(told, at=moment(FRIDAY, hour, 30))
    assert answer.as_dict()["state"] == "applied"


def test_each_bill_at_its_door_says_what_happened_and_who_took_it(
    center: Round, january: Town, enter_as: opening.Enter
) -> None:
    """Julián leaves one and another is refused; his motorcycle breaks down, and Beto finds nobody at La Espiga."""
    tell(center, 1, 9)
    tell(center, 2, 10, "refused")
    fieldwork.reassign_round(
        round=center, to=street.crew(), reason="se descompuso la moto", at=moment(FRIDAY, 11), by="salas"
    )
    tell(center, 3, 12, "not_delivered")

    asked = ("happened_on", "folio", "period", "account", "round", "route", "outcome", "by")
    here = (center.folio, "01-001")
    assert rows("bill_deliveries", *asked) == [
        (FRIDAY, "201901-010117", 201901, "010117", *here, "delivered", "julian"),
        (FRIDAY, "201901-010293", 201901, "010293", *here, "refused", "julian"),
        (FRIDAY, "201901-010405", 201901, "010405", *here, "not_delivered", "beto"),
    ]
    assert figure("bill_deliveries", outcome="delivered") == 1
    assert figure("bill_deliveries", by="julian") == 2
    assert figure("bill_deliveries", route="01-004") == figure("bill_deliveries", since=date(2019, 2, 2)) == 0
    _, hrefs = opening.read(enter_as, "bill_deliveries", since=FRIDAY, last=FRIDAY)
    assert hrefs == sorted(
        [f"/recorridos/{center.folio}/"]
        + [f"/cuentas/{each}/" for each in ("010117", "010293", "010405")]
        + [f"/recibos/201901-{each}.pdf" for each in ("010117", "010293", "010405")]
    )


def test_a_round_says_how_many_doors_it_had_and_how_many_were_reached(
    center: Round, january: Town, enter_as: opening.Enter
) -> None:
    tell(center, 1, 9)
    reading = street.plan(january)
    fieldwork.cancel_round(round=reading, reason="llueve", at=moment(street.TODAY, 8), by="laura")

    asked = ("happened_on", "folio", "kind", "name", "route", "person", "state", "stops", "done")
    assert rows("rounds", *asked) == [
        (FRIDAY, center.folio, "delivery", "Recibos de enero 2019, ruta 01-001", "01-001", "julian", "valid", 3, 1),
        (street.TODAY, reading.folio, "reading", "Lectura centro", "", "julian", "canceled", 5, 0),
    ]  # fmt: skip
    assert figure("rounds", "stops") == 8 and figure("rounds", "done") == 1
    assert figure("rounds", "stops", state="valid") == figure("rounds", "stops", kind="delivery") == 3
    foot, hrefs = opening.read(enter_as, "rounds", since=FRIDAY, last=street.TODAY)
    assert ">8<" in foot and ">1<" in foot
    assert hrefs == [f"/recorridos/{center.folio}/", f"/recorridos/{reading.folio}/"]


def test_what_was_done_to_announce_a_campaign_and_not_what_was_voided(
    january: Town, enter_as: opening.Enter
) -> None:
    """Twelve spots on the radio for $500.00; a car with a loudspeaker, 9 hours typed as 90 and then put right."""
    pronto = winter.campaign()
    spot = winter.planned(pronto)
    car = winter.planned(pronto, channel="loudspeaker_route", title="Perifoneo", place="Centro", cost_cents=0)
    winter.done(spot, 12, cost_cents=500_00)
    wrong = winter.done(car, 90, cost_cents=900_00)
    outreach.void_entry(entry=wrong, reason="Fueron 9", at=winter.AT, by="salas")
    winter.done(car, 9, cost_cents=900_00, on=date(2019, 1, 30))

    def row(on: date, action: Any, *told: object) -> tuple[object, ...]:
        return (on, action.pk, "PRONTO-2019", "Pronto pago 2019", *told, "no", "laura")

    assert rows(
        "outreach", "happened_on", "action", "campaign", "campaign_name", "channel", "title", "quantity", "cost_cents",
        "has_evidence", "by",
    ) == [
        row(date(2019, 1, 30), car, "loudspeaker_route", "Perifoneo", 9, 900_00),
        row(TODAY, spot, "radio_spot", "Spot de 30 segundos", 12, 500_00),
    ]  # fmt: skip
    assert figure("outreach", "cost_cents") == 1_400_00
    assert figure("outreach", "cost_cents", channel="radio_spot") == 500_00
    assert figure("outreach", "cost_cents", since=TODAY, last=TODAY) == 500_00
    days = {"since": date(2019, 1, 1), "last": TODAY}
    foot, hrefs = opening.read(enter_as, "outreach", who="laura", **days)
    assert "$1,400.00" in foot
    actions = sorted(f"/difusion/acciones/{each.pk}/" for each in (spot, car))
    assert hrefs == ["/campanas/PRONTO-2019/", *actions]
    # the page of an action is of who announces: to others it is not offered
    assert opening.read(enter_as, "outreach", **days) == (foot, ["/campanas/PRONTO-2019/"])
