"""The telephone as it is and the office as it is: Julián delivers bills in the street, and the office has it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from caudal.access.models import Clerk
from caudal.fieldwork import commands, queries
from caudal.fieldwork.commands import StopPlan
from caudal.fieldwork.models import Device, EventOutcome, FieldEvent, Photo, Round
from caudal.kernel import clock
from caudal.registry.models import ServicePoint
from tests.journeys.browsing import until

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.journeys.telephone import Telephone

pytestmark = pytest.mark.browser


@pytest.fixture
def delivery(living_site: str) -> Round:
    """Laura plans two bills for Julián this morning."""
    stops = [StopPlan("bill", f"F-{each.pk:06}", each) for each in ServicePoint.objects.order_by("pk")[:2]]
    return commands.plan_round(
        kind="delivery", name="Entrega centro", on=clock.today(), assigned_to=Clerk.objects.get(username="julian"),
        stops=stops, at=clock.now(), by="laura",
    )  # fmt: skip


@pytest.fixture
def take(chromium: "Browser", living_site: str, tmp_path: Path) -> "Iterator[Callable[[], Telephone]]":
    from tests.journeys.telephone import Telephone

    taken: list[Telephone] = []

    def out_of_its_box() -> Telephone:
        taken.append(Telephone(browser=chromium, base=living_site, home=tmp_path / f"telephone-{len(taken)}"))
        return taken[-1]

    yield out_of_its_box
    for each in taken:
        each.switch_off()


def deliver(telephone: "Telephone", *, photo: bool = False) -> None:
    if photo:
        telephone.photograph("evidence")
    telephone.tap("outcome-delivered")
    save = telephone.page.locator('[data-name="save"]').first.element_handle()
    telephone.tap("save")
    telephone.page.wait_for_function("button => !button.isConnected", arg=save)  # the next screen is there


def test_a_delivery_without_network_is_at_the_office_when_there_is(
    take: "Callable[[], Telephone]", delivery: Round
) -> None:
    """The telephone's clock is years ahead of the office's day: the hour that counts is the office's."""
    julian = Clerk.objects.get(username="julian")
    began = clock.now()
    telephone = take()
    telephone.enroll(commands.make_enrollment_code(clerk=julian, at=began, by="salas"))
    telephone.open_round(delivery.folio)
    telephone.ready()
    telephone.network(on=False)
    deliver(telephone, photo=True)
    deliver(telephone)
    assert not FieldEvent.objects.exists()

    telephone.network(on=True)
    until(lambda: EventOutcome.objects.filter(kind="applied").count() == 2 and Photo.objects.exists())

    for event in FieldEvent.objects.all():
        assert began <= event.happened_at <= event.received_at < began + timedelta(minutes=5)
        assert (event.latitude_e6, event.longitude_e6, event.accuracy_m) == (20_280_100, -102_550_200, 9)
    assert set(delivery.stops.values_list("outcome", flat=True)) == {"delivered"}
    photo = Photo.objects.get()
    kept = Image.open(photo.file.open("rb"))
    assert max(kept.size) <= 1024 and photo.size_bytes <= 120 * 1024 and not kept.getexif()
    assert queries.quarantined() == []


def test_a_telephone_put_out_forgets_at_the_next_thing_it_asks(
    take: "Callable[[], Telephone]", delivery: Round
) -> None:
    julian = Clerk.objects.get(username="julian")
    telephone = take()
    telephone.enroll(commands.make_enrollment_code(clerk=julian, at=clock.now(), by="salas"))
    telephone.open_round(delivery.folio)
    telephone.ready()
    telephone.network(on=False)
    deliver(telephone)
    commands.revoke_device(device=Device.objects.get(), reason="se perdió", at=clock.now(), by="salas")

    telephone.network(on=True)
    telephone.see("dio de baja")

    assert telephone.kept("packs") == [] and not FieldEvent.objects.exists()
