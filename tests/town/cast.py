"""Who lives in the town. Every account is opened, and every meter hung, by the commands a clerk would use.

All services start on 2 January 2018; the meters start at the readings below; 2019 is there to be billed.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from caudal.access.models import Clerk, Pin
from caudal.access.policy import SECOND_FACTOR_ROLES
from caudal.metering import commands as metering
from caudal.registry import commands as registry
from caudal.registry.models import (
    Account,
    Benefit,
    BillingCycle,
    Locality,
    Neighborhood,
    Person,
    Route,
    ServicePoint,
    TariffClass,
)

ZONE = ZoneInfo("America/Mexico_City")
OPENED_ON = date(2018, 1, 2)
PASSWORD = "agua-clara-2019"
PIN = "402917"  # everybody's: hashed once
TELEPHONE_KEY = (
    "3132333435363738393031323334353637383930"  # everybody's, in hexadecimal: "12345678901234567890"
)

Use = TariffClass.Use
CLASSES = {
    "HAB-MIN": ("Habitacional mínima", Use.RESIDENTIAL),
    "HAB-GEN": ("Habitacional genérica", Use.RESIDENTIAL),
    "HAB-ALTA": ("Habitacional alta", Use.RESIDENTIAL),
    "MIX-RUR": ("Mixto rural", Use.MIXED_RURAL),
    "MIX-COM": ("Mixto comercial", Use.MIXED_COMMERCIAL),
    "COM-SEC": ("Comercial, locales secos", Use.COMMERCIAL),
    "COM-ALT": ("Comercial alta", Use.COMMERCIAL),
    "COM-INT": ("Comercial intensiva", Use.COMMERCIAL),
    "HOT": ("Servicios de hotelería", Use.HOTEL),
    "IND": ("Industrial", Use.INDUSTRIAL),
    "PUB": ("Institución pública", Use.PUBLIC),
    "BALDIO": ("Predio baldío", Use.VACANT_LOT),
}
CLERKS = {
    "veronica": ("Verónica", "Torres Díaz", Clerk.Role.CASHIER),
    "laura": ("Laura", "Gutiérrez Mora", Clerk.Role.BILLING_ANALYST),
    "salas": ("Ing. Héctor", "Salas Pérez", Clerk.Role.COMMERCIAL_MANAGER),
    "julian": ("Julián", "Ramírez López", Clerk.Role.METER_READER),
    "rosa": ("Rosa Elvira", "Macías Anaya", Clerk.Role.TILL_SUPERVISOR),
    "marta": ("Marta", "Orozco Vega", Clerk.Role.SERVICE_DESK),
    "ofelia": ("Ofelia", "Cárdenas Ruelas", Clerk.Role.AUDITOR),
    "admin": ("Daniel", "Ibarra Solís", Clerk.Role.ADMINISTRATOR),
}


def moment(on: date, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of a day, in the town's zone."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=ZONE)


def digits(steps_ahead: int = 0) -> str:
    """The six digits that everybody's telephone shows now, or some half minutes ahead."""
    return f"{totp(bytes.fromhex(TELEPHONE_KEY), drift=steps_ahead):06}"


@dataclass
class Town:
    """The town, by name. `at` is a moment to pass to commands when the story does not care."""

    cycle: BillingCycle
    la_barca: Locality
    el_carmen: Locality
    centro: Neighborhood
    routes: dict[str, Route]
    classes: dict[str, TariffClass]
    veronica: Clerk
    laura: Clerk
    salas: Clerk
    julian: Clerk
    rosa: Clerk
    marta: Clerk
    ofelia: Clerk
    admin: Clerk
    at: datetime = field(default_factory=lambda: moment(OPENED_ON))
    lupita: Account = field(init=False)  # 010293 senior, HAB-GEN, metered, meter AZ5300293 at 950
    chuy: Account = field(init=False)  # 010117 HAB-GEN, flat, owes
    espiga: Account = field(init=False)  # 010405 COM-SEC, metered, meter AZ5300405 at 4100
    school: Account = field(init=False)  # 010512 PUB, metered, meter AZ5300512 at 20350
    hotel: Account = field(init=False)  # 010620 HOT, metered, meter AZ5300620 at 99800, 25 mm
    rancho: Account = field(init=False)  # 020031 MIX-RUR, flat, El Carmen, no sewer
    lot: Account = field(init=False)  # 010733 BALDIO, flat, 300 m², no sewer
    ponderosa: Account = field(init=False)  # 010818 IND, metered, meter AZ5300818 at 0, 50 mm

    @property
    def accounts(self) -> list[Account]:
        """All eight, in number order."""
        return [
            self.chuy,
            self.lupita,
            self.espiga,
            self.school,
            self.hotel,
            self.lot,
            self.ponderosa,
            self.rancho,
        ]

    @property
    def metered(self) -> list[Account]:
        """The five that have a meter."""
        return [self.lupita, self.espiga, self.school, self.hotel, self.ponderosa]

    def point(self, account: Account) -> ServicePoint:
        """The service point of an account's newest agreement."""
        return account.agreements.select_related("service_point").latest("effective_from").service_point

    def change_terms(self, account: Account, *, on: date, reason: str, **changes: Any) -> None:
        """Laura changes class or regime, and Salas approves it here: it may lower the bill."""
        told = {"account": account, "on": on, "reason": reason, "by": "laura", "at": moment(on)} | changes
        approval = registry.approve_terms(approver="salas", pin=PIN, **told)
        registry.change_terms(**told, approval=approval)

    def read(
        self, account: Account, *, period: int, value: int | None, code: str = "00", day: int = 25
    ) -> None:
        """Julián reads the meter of an account on the 25th (or another day) of the period's month."""
        on = date(period // 100, period % 100, day)
        metering.record_reading(
            service_point=self.point(account), period=period, value=value, exception_code=code, read_on=on,
            observer=self.julian.username, by=self.julian.username, at=moment(on, 17),
        )  # fmt: skip


# name, phone, address, route, walk, class, is_metered, locality, place extras, meter start, meter mm
PEOPLE = {
    "chuy": ("010117", "Jesús Ramírez Ochoa", "392 925 1117", "Hidalgo 117", "01-001", 10, "HAB-GEN", False),
    "lupita": ("010293", "Guadalupe Núñez Viuda de Ortega", "392 925 1293", "Morelos 293", "01-001", 20,
               "HAB-GEN", True),
    "espiga": ("010405", "Tortillería La Espiga", "392 925 1405", "Juárez 45", "01-001", 30, "COM-SEC", True),
    "school": ("010512", "Escuela Primaria Benito Juárez", "", "Allende 12", "01-004", 10, "PUB", True),
    "hotel": ("010620", "Hotel Ribera S.A. de C.V.", "392 925 1620", "Malecón 20", "01-004", 20, "HOT", True),
    "lot": ("010733", "Rosa Elena Castañeda Villaseñor", "", "Degollado s/n", "01-004", 30, "BALDIO", False),
    "ponderosa": ("010818", "Empacadora La Ponderosa S.P.R. de R.L.", "392 925 1818", "Carretera a Ocotlán km 3",
                  "01-004", 40, "IND", True),
    "rancho": ("020031", "Rancho El Carmen (Martín Íñiguez)", "", "Camino Real s/n", "02-001", 10, "MIX-RUR", False),
}  # fmt: skip
METERS = {
    "lupita": ("AZ5300293", 950, 13),
    "espiga": ("AZ5300405", 4100, 13),
    "school": ("AZ5300512", 20350, 25),
    "hotel": ("AZ5300620", 99800, 25),
    "ponderosa": ("AZ5300818", 0, 50),
}
COMPANIES = {"espiga", "school", "hotel", "ponderosa"}


def build() -> Town:
    """Make the whole town. One transaction's worth of public calls; about a hundred statements."""
    town = _ground()
    for key, (number, name, phone, address, route, walk, tariff_class, is_metered) in PEOPLE.items():
        diameter = METERS[key][2] if key in METERS else 13
        kind = Person.Kind.LEGAL if key in COMPANIES else Person.Kind.NATURAL
        account = registry.open_account(
            number=number,
            holder=registry.Holder(full_name=name, phone=phone, kind=kind),
            place=registry.Place(
                address=address,
                locality=town.el_carmen if key == "rancho" else town.la_barca,
                neighborhood=None if key == "rancho" else town.centro,
                route=town.routes[route],
                walk_sequence=walk,
                connection_diameter_mm=diameter,
                has_sewerage=key not in ("rancho", "lot"),
                lot_area_m2=300 if key == "lot" else 0,
            ),
            tariff_class=town.classes[tariff_class],
            is_metered=is_metered,
            opened_on=OPENED_ON,
            by=town.laura.username,
            at=town.at,
        )
        setattr(town, key, account)
        if key in METERS:
            serial, start, diameter = METERS[key]
            metering.install_meter(
                service_point=town.point(account), serial=serial, initial_reading=start, diameter_mm=diameter,
                on=OPENED_ON, by=town.laura.username, at=town.at,
            )  # fmt: skip
    registry.grant_benefit(
        account=town.lupita, category=Benefit.Category.SENIOR, on=OPENED_ON, evidence="INAPAM 4471-293",
        by=town.laura.username, at=town.at,
    )  # fmt: skip
    return town


def _ground() -> Town:
    """What stands before the first account: clerks, places, routes, classes."""
    clerks = {
        username: Clerk.objects.create(
            username=username, password=_hashed_password(), first_name=first, last_name=last, role=role
        )
        for username, (first, last, role) in CLERKS.items()
    }
    Pin.objects.bulk_create(
        Pin(clerk=clerk, hash=_hashed_pin(), set_at=moment(OPENED_ON)) for clerk in clerks.values()
    )
    TOTPDevice.objects.bulk_create(
        TOTPDevice(user=clerk, name="teléfono", key=TELEPHONE_KEY, confirmed=True)
        for clerk in clerks.values()
        if clerk.role in SECOND_FACTOR_ROLES
    )
    cycle = BillingCycle.objects.create(code="MENSUAL", name="Mensual, todo el municipio")
    la_barca = Locality.objects.create(code="LA BARCA", name="La Barca", is_municipal_seat=True)
    routes = {
        code: Route.objects.create(code=code, sector=code[:2], name=name, cycle=cycle)
        for code, name in {"01-001": "Centro norte", "01-004": "Centro sur", "02-001": "El Carmen"}.items()
    }
    return Town(
        cycle=cycle,
        la_barca=la_barca,
        el_carmen=Locality.objects.create(code="EL CARMEN", name="El Carmen"),
        centro=Neighborhood.objects.create(locality=la_barca, name="Centro"),
        routes=routes,
        classes={
            code: TariffClass.objects.create(code=code, name=name, use=use)
            for code, (name, use) in CLASSES.items()
        },
        **clerks,
    )


@cache
def _hashed_password() -> str:
    """Hashed once: a strong hash costs more than the rest of the town."""
    return make_password(PASSWORD)


@cache
def _hashed_pin() -> str:
    return make_password(PIN)
