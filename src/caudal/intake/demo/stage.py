"""The scene: an empty database, a utility, its people, its tariff books, and the town brought in."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import psycopg
import psycopg.sql
from django.db import connections
from django.utils import timezone

from caudal.access import commands as access
from caudal.access import pins
from caudal.access.models import Clerk
from caudal.cashier import commands as cashier
from caudal.cashier.models import Till
from caudal.intake import loading, mapping, town, workbook
from caudal.intake.demo.seal import SEAL
from caudal.intake.loading import Loaded, Tell
from caudal.intake.reconciliation import Reconciliation, reconcile
from caudal.intake.rehearsal import Rehearsal, rehearse
from caudal.intake.starting import FirstClerk, Identity, start_utility
from caudal.kernel import audit, server
from caudal.kernel.models import AuditEntry, Utility
from caudal.kernel.refusals import Refusal
from caudal.registry.models import BillingCycle
from caudal.tariffs import commands as tariffs
from caudal.tariffs import queries as books

NOW: Final = "2019-01-31T12:00"
PASSWORD: Final = "agua-clara-2019"
PIN: Final = "402917"
TILL: Final = "1"
IDENTITY: Final = Identity(
    name="SIBAPAS", long_name="Sistema Barquense de Agua Potable, Alcantarillado y Saneamiento (DEMOSTRACIÓN)",
    rfc="SBA010101AA4", locality="La Barca", address="Morelos 100, Centro, La Barca, Jalisco", phone="392 935 0000",
    whatsapp="392 100 0000", is_practice=True,
)  # fmt: skip
ADMINISTRATOR: Final = FirstClerk(username="admin", full_name="Administración de sistemas", password=PASSWORD)
CLERKS: Final = (
    ("veronica", "Verónica Torres Díaz", Clerk.Role.CASHIER),
    ("rosa", "Rosa Elvira Macías Anaya", Clerk.Role.TILL_SUPERVISOR),
    ("marta", "Marta Ceja Pulido", Clerk.Role.SERVICE_DESK),
    ("laura", "Laura Gutiérrez Mora", Clerk.Role.BILLING_ANALYST),
    ("salas", "Ing. Héctor Salas Pérez", Clerk.Role.COMMERCIAL_MANAGER),
    ("julian", "Julián Ramírez López", Clerk.Role.METER_READER),
    ("beto", "Beto Nuño Plascencia", Clerk.Role.CREW),
    ("ofelia", "Ofelia Cárdenas Ruelas", Clerk.Role.AUDITOR),
)
BOOKS: Final = ("la-barca-demo-2016", "la-barca-demo-2018", "la-barca-demo-2019")
READY: Final = "demo_ready"


class CannotStageDemo(Refusal): ...


@dataclass(frozen=True, slots=True)
class Staged:
    """The town as it stands on 2 January 2019."""

    directory: Path
    rehearsal: Rehearsal
    loaded: Loaded
    reconciliation: Reconciliation
    cycle: BillingCycle


def moment(on: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of a day in the utility's zone."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=timezone.get_default_timezone())


def is_ready() -> bool:
    """Whether this database holds a demonstration that came to its end."""
    return AuditEntry.objects.filter(act=READY).exists()


def require_empty() -> None:
    """Refuse to play in somebody's database, or on top of a demonstration that was cut short.

    :raises CannotStageDemo: naming what is here and how to start over
    """
    utility = Utility.objects.first()
    if utility is None:
        return
    if utility.long_name != IDENTITY.long_name:
        raise CannotStageDemo(
            f"Esta base de datos es de {utility.name}, no de la demostración.",
            "Use otra: CAUDAL_DATABASE=caudal_demo caudal demo.",
        )
    raise CannotStageDemo(
        "La demostración anterior quedó a medias.", "Empiece de nuevo con «caudal demo --fresh»."
    )


def was_cut_short() -> bool:
    """Whether a demonstration began here and never came to its end."""
    return Utility.objects.filter(long_name=IDENTITY.long_name).exists() and not is_ready()


def may_wipe() -> bool:
    """Whether this database is, by its name, nobody's but the demonstration's."""
    return server.connection(role="owner").database.endswith("_demo")


def wipe() -> None:
    """Throw the database of the demonstration away and make it anew, empty. Only one that is called …_demo.

    :raises CannotStageDemo: if it may be somebody's
    """
    owner = server.connection(role="owner")
    if not may_wipe():
        raise CannotStageDemo(
            f"La base de datos {owner.database} puede ser de alguien: no se borra.",
            "Use otra: CAUDAL_DATABASE=caudal_demo caudal demo --fresh.",
        )
    connections.close_all()
    with psycopg.connect(owner.at("postgres").url(), autocommit=True) as session:
        name = psycopg.sql.Identifier(owner.database)
        session.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
    server.ensure_database(name=owner.database)


def stage(*, directory: Path, n_accounts: int, tell: Tell) -> Staged:
    """Make the town's files, start the utility, publish its books and bring the old registry in.

    :raises CannotLoad: if the database refuses a row (nothing of the town is saved then)
    """
    started = moment(date(2019, 1, 2))
    start_utility(identity=IDENTITY, clerk=ADMINISTRATOR, at=started, logo=SEAL)
    for username, full_name, role in CLERKS:
        access.add_clerk(
            username=username, full_name=full_name, role=role, password=PASSWORD, by="admin", at=started,
            is_at_terminal=True,
        )  # fmt: skip
    for each in Clerk.objects.all():
        pins.set_pin(clerk=each, pin=PIN, by="admin", at=started)
    for code in BOOKS:
        book = tariffs.load_book(body=books.shipped_text(code=code), by="laura", at=started)
        tariffs.publish_book(book=book, by="salas", at=started)
    tell("Escribiendo los archivos del sistema anterior")
    town.generate(directory=directory, n_accounts=n_accounts)
    tell("Ensayando la carga")
    rehearsal = rehearse(directory=directory, mapping=mapping.load(path=mapping.DEFAULT))
    loaded = loading.load(rehearsal=rehearsal, by="laura", at=started, tell=tell)
    found = reconcile(rehearsal=rehearsal)
    workbook.write_workbook(path=directory / "hallazgos.xlsx", rehearsal=rehearsal, reconciliation=found)
    return Staged(directory, rehearsal, loaded, found, BillingCycle.objects.get(code=rehearsal.mapping.cycle))


def open_till(*, at: datetime) -> Till:
    """The only till of the town, with the series of receipts that every installation starts with."""
    return cashier.open_till(
        code=TILL, name=f"Caja {TILL}", series="A", at=at, by="salas", cash_limit_cents=2_000_000
    )


def mark_ready(*, at: datetime) -> None:
    """Say that the demonstration came to its end: next time it is used as it is."""
    audit.record(act=READY, by="caudal", at=at, object_kind="utility", object_id=1)
