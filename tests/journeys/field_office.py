"""The office on a day in the street: 25 February 2019, with rounds for Julián; and what it was told."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings

from caudal.access.models import Clerk
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork import packing
from caudal.fieldwork.models import Device, FieldEvent, Photo, Round, Stop
from caudal.kernel import clock
from caudal.metering.models import MeterInstallation
from tests.town.cast import METERS, moment

ON: Final = date(2019, 2, 25)
NOW: Final = "2019-02-25T10:42"
PERIOD: Final = 201902


@dataclass
class Office:
    """Where it answers, and its three rounds: the dials of the center, bills to deliver, and two leaks."""

    base: str
    reading: str = ""
    papers: str = ""
    orders: str = ""
    _packed: dict[str, dict[str, Any]] = field(default_factory=dict)

    def enroll_code(self, username: str = "julian") -> str:
        """What the QR of «Teléfonos» says."""
        return fieldwork.make_enrollment_code(
            clerk=Clerk.objects.get(username=username), at=clock.now(), by="salas"
        )

    def plan(self) -> None:
        """Laura plans the day before anybody is in the street."""
        julian = Clerk.objects.get(username="julian")
        serials = list(METERS)
        hung = {
            row.meter.serial: row
            for row in MeterInstallation.objects.select_related("meter", "service_point__premise")
        }
        dials = [hung[METERS[name][0]] for name in serials]
        self.reading = self._round(
            Round.Kind.READING, "Lectura centro", julian, [("reading", str(row.pk), row) for row in dials]
        )
        self.papers = self._round(
            Round.Kind.DELIVERY, "Recibos centro", julian,
            [("bill", f"R-2019-0000{n}", row) for n, row in enumerate(dials[:2])],
        )  # fmt: skip
        leaks = [
            fieldwork.order_field_work(
                kind="leak", origin_kind="desk", origin_folio="", service_point=row.service_point,
                instructions="Fuga en la banqueta.", at=moment(ON, 7), by="laura",
            )
            for row in dials[:2]
        ]  # fmt: skip
        restriction = fieldwork.order_field_work(
            kind="restriction", origin_kind="desk", origin_folio="", service_point=dials[2].service_point,
            instructions="Colocar el reductor.", at=moment(ON, 7), by="laura",
        )  # fmt: skip
        self.orders = self._round(
            Round.Kind.ORDERS, "Órdenes 25/02", julian,
            [("order", each.folio, None) for each in (*leaks, restriction)],
        )  # fmt: skip
        stops = list(Stop.objects.filter(round__folio=self.reading).select_related("round"))
        told = packing.told_of(stops=stops, at=clock.now())
        self._packed = {each["serial"]: each for each in told.values()}

    def _round(self, kind: str, name: str, who: Clerk, stops: list[tuple[str, str, Any]]) -> str:
        plans = [
            fieldwork.StopPlan(subject, folio, row.service_point if row else None)
            for subject, folio, row in stops
        ]
        is_reading = kind == Round.Kind.READING
        planned = fieldwork.plan_round(
            kind=kind, name=name, on=ON, assigned_to=who, stops=plans, at=moment(ON, 7), by="laura",
            period=PERIOD if is_reading else None,
        )  # fmt: skip
        return planned.folio

    def usual(self, serial: str) -> str:
        """Digits that surprise nobody at a meter: the middle of its band."""
        band = self._packed[serial]
        return f"{(band['low'] + band['high']) // 2 % 10 ** band['dial_digits']:0{band['dial_digits']}d}"

    def strange(self, serial: str) -> str:
        """Digits that are too high."""
        return f"{self._packed[serial]['high'] + 777:0{self._packed[serial]['dial_digits']}d}"

    def told(self, kind: str = "reading") -> list[FieldEvent]:
        return list(FieldEvent.objects.filter(kind=kind).order_by("taken_at"))

    def became(self, event: FieldEvent) -> tuple[str, str]:
        last = event.outcomes.order_by("id").last()
        assert last is not None
        return last.kind, last.reason

    def photos(self) -> list[Photo]:
        return list(Photo.objects.order_by("received_at"))

    def picture(self, photo: Photo) -> bytes:
        return (Path(settings.MEDIA_ROOT) / photo.file.name).read_bytes()

    def revoke(self) -> None:
        """Somebody called: the telephone was lost."""
        for device in Device.objects.filter(revoked_at=None):
            fieldwork.revoke_device(device=device, reason="Se perdió", at=clock.now(), by="salas")


@contextmanager
def opened(base: str) -> Iterator[Office]:
    """The office with its day planned, over a site that is served."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAUDAL_NOW", NOW)
        office = Office(base)
        office.plan()
        yield office


def days_from_here() -> int:
    """How many days the office's day is from this machine's."""
    return round(now().timestamp() - time.time()) // 86_400  # noqa: TID251 - the machine's own is what is asked


def now() -> datetime:
    """The moment of the office."""
    return datetime.fromisoformat(NOW).replace(tzinfo=moment(ON).tzinfo)
