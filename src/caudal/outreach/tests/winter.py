"""January and February of 2019: 15 % less for who pays at once, told on the radio and from a car."""

import io
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from PIL import Image
from tests.journeys.story import TODAY
from tests.town.cast import ZONE, moment

from caudal.campaigns.models import Campaign, Waiver
from caudal.ledger.models import Credit
from caudal.outreach import commands
from caudal.outreach.models import OutreachAction, OutreachEntry
from caudal.registry.models import Account

JANUARY = datetime(2019, 1, 1, tzinfo=ZONE)
AT = moment(TODAY, 12)


def campaign(**changes: Any) -> Campaign:
    """The campaign of the 2019 report, published by the council's agreement."""
    rule = {
        "code": "PRONTO-2019", "name": "Pronto pago 2019", "starts_at": JANUARY,
        "ends_at": datetime(2019, 3, 1, tzinfo=ZONE), "on_single_payment": True, "reduces": ["surcharge"],
        "ppm": 150_000, "council_agreement": "de Cabildo 3/2019", "drafted_at": JANUARY, "drafted_by": "laura",
        "published_at": JANUARY, "published_by": "salas",
    }  # fmt: skip
    return Campaign.objects.create(**rule | changes)


def plan(**changes: Any) -> commands.Plan:
    """Forty spots on Radio Candela, $2,000.00."""
    said: dict[str, Any] = {
        "channel": "radio_spot", "title": "Spot de 30 segundos", "place": "Radio Candela, 8:00 y 14:00",
        "planned_from": date(2019, 1, 2), "planned_to": date(2019, 2, 28), "cost_cents": 200_000,
    }  # fmt: skip
    return commands.Plan(**said | changes)


def planned(of: Campaign, **changes: Any) -> OutreachAction:
    return commands.plan_action(campaign=of, plan=plan(**changes), at=AT, by="laura")


def done(action: OutreachAction, quantity: int = 12, on: date = TODAY, **said: Any) -> OutreachEntry:
    return commands.log_entry(
        action=action, on=on, quantity=quantity, today=TODAY, at=AT, by="laura", **{"key": uuid4(), **said}
    )


def granted(of: Campaign, account: Account, on: date) -> Waiver:
    """The campaign forgave one peso to an account."""
    credit = Credit.objects.create(
        account=account, kind=Credit.Kind.WAIVER, amount_cents=100, on=on, recorded_at=moment(on), recorded_by="veronica",
        document="A-000001", reason=of.code,
    )  # fmt: skip
    return Waiver.objects.create(
        campaign=of, rule=of.code, account=account, credit=credit, cents=100, document="A-000001", on=on, at=moment(on),
        by="veronica",
    )  # fmt: skip


def photo(width: int = 64, height: int = 48, *, turned: bool = False) -> bytes:
    """A photo of a poster on a wall, with the place where it was taken written inside it."""
    inside = Image.Exif()
    inside[0x010F] = "Telefono de Laura"
    if turned:
        inside[0x0112] = 6
    drawn = io.BytesIO()
    Image.new("RGB", (width, height), "#0b4f66").save(drawn, "JPEG", exif=inside)
    return drawn.getvalue()
