"""A database that restarts while people pay, a disk that fills up: nothing lost, twice or by halves.

Each story has a real server of its own. Power cuts by the dozen are in test_payment_storm.py.
"""

import io
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, close_old_connections, connections, transaction
from tests.oracle.seals import broken_seals
from tests.scenarios.world import office as of
from tests.scenarios.world.office import Office
from tests.storms.server_rooms import enter, office, pull_the_plug, working_at
from tests.storms.street import gaps
from tests.town import cast, counter
from tests.town.cast import moment

from caudal.billing import commands as billing
from caudal.billing.models import Bill, BillingRun
from caudal.cashier.models import Payment
from caudal.kernel import trouble
from caudal.kernel.server import Cluster
from caudal.ledger.models import Charge, JournalEntry
from caudal.registry import commands as registry
from caudal.registry.models import Account

pytestmark = [pytest.mark.server, pytest.mark.slow]

JANUARY = 201901
ON = date(2019, 2, 5)


def settle(*, accounts: int) -> cast.Town:
    """A migrated database, its books of law, and flat houses with January read to be billed."""
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    town = cast._ground()
    of.publish("la-barca-demo-2018", "la-barca-demo-2019")
    with transaction.atomic():
        for number in range(1, accounts + 1):
            registry.open_account(
                number=f"{number:06d}", holder=registry.Holder(full_name=f"Vecino {number}"),
                place=registry.Place(
                    address=f"Calle {number}", locality=town.la_barca, route=town.routes["01-001"], walk_sequence=number
                ),
                tariff_class=town.classes["HAB-GEN"], is_metered=False, opened_on=date(2018, 1, 2), by="laura", at=town.at,
            )  # fmt: skip
    return town


@pytest.fixture(scope="module")
def la_barca(django_db_blocker: Any) -> Iterator[Cluster]:
    """A durable server, eight houses, January billed."""
    with office("La Barca") as home:
        cluster = Cluster(home)
        cluster.ensure_running()
        with working_at(cluster, django_db_blocker):
            town = settle(accounts=8)
            desk = Office(town)
            desk.assess(JANUARY)
            desk.issue(desk.computed(JANUARY))
            yield cluster


def pay(number: str, cents: int, *, key: uuid.UUID | None = None) -> dict[str, Any]:
    return counter.pay(Account.objects.get(number=number), cents, on=ON, key=key)


def receipts_are_in_order() -> None:
    assert gaps() == broken_seals() == of.disagreements() == []


# -- the database restarts, the application does not


def ask_for(path: str) -> tuple[str, str]:
    """A page, from the application as a web server runs it: status and text."""
    heard: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "HTTP_HOST": "localhost", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
    }  # fmt: skip
    answer = get_wsgi_application()(environ, lambda status, _headers: heard.append(status))
    body = b"".join(answer).decode()
    answer.close()
    return heard[0][:3], body


@pytest.mark.parametrize("how", ["stopped in order", "without light"])
def test_pages_come_back_with_the_database_and_nobody_restarts_them(la_barca: Cluster, how: str) -> None:
    """The sign-in page asks the database; the process that serves it stays the same all the time."""
    path = "/entrar/"
    la_barca.ensure_running()
    assert ask_for(path)[0] == "200"
    if how == "without light":
        pull_the_plug(la_barca)
    else:
        la_barca.stop()

    status, told = ask_for(path)
    assert status == "503"
    assert "La base de datos está apagada." in told
    assert "Traceback" not in told

    la_barca.ensure_running()
    assert la_barca.connection().host == connections["default"].settings_dict["HOST"]  # where it was
    assert ask_for(path)[0] == "200"
    receipts_are_in_order()


def test_a_payment_in_the_middle_of_a_restart_is_whole_or_is_not(la_barca: Cluster) -> None:
    """The light goes before the commit: nothing was taken, and the same key then takes it once."""
    before, key = Payment.objects.count(), uuid.uuid4()
    with pytest.raises(OperationalError), transaction.atomic():
        pay("000003", 50_00, key=key)
        pull_the_plug(la_barca)
    la_barca.ensure_running()
    close_old_connections()

    assert Payment.objects.count() == before
    receipt = pay("000003", 50_00, key=key)
    assert pay("000003", 50_00, key=key) == receipt
    assert Payment.objects.count() == before + 1
    receipts_are_in_order()


# -- the disk fills up


class SmallDisk:
    """A disk of 400 MB that can be filled and freed: a tmpfs, where this user may mount one.

    Where not, the server itself is told to refuse with PostgreSQL's own error of a full disk (SQLSTATE 53100), by
    triggers that its superuser hangs on the tables: the same error from the same side, without the disk.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.why_not = folder, ""
        self.cluster = Cluster(folder / "var")
        try:
            mounted = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=400m,mode=755", "tmpfs", str(folder)],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
        except OSError as problem:
            self.why_not = str(problem)
        else:
            self.why_not = mounted.stderr.strip() if mounted.returncode else ""
        self.is_real = not self.why_not

    def fill(self, *tables: str) -> None:
        """Not a byte more, until it is freed. The log keeps the room it has: it was given it beforehand."""
        if self.is_real:
            self.cluster.execute("CHECKPOINT; SELECT pg_switch_wal();")
            with open(self.folder / "ballast", "wb", buffering=0) as ballast:
                for size in (1 << 20, 1 << 12):
                    try:
                        while True:
                            ballast.write(b"\0" * size)
                    except OSError:
                        continue
        else:
            self.cluster.execute(_refusing(tables), database="caudal")

    def free(self) -> None:
        if self.is_real:
            (self.folder / "ballast").unlink()
        else:
            self.cluster.execute("DROP FUNCTION IF EXISTS full_disk CASCADE;", database="caudal")

    def put_away(self) -> None:
        self.cluster.stop()
        if self.is_real:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


def _refusing(tables: tuple[str, ...]) -> str:
    says = """could not extend file "base/5/16384": No space left on device"""
    triggers = "".join(
        f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} EXECUTE FUNCTION full_disk();" for table in tables
    )
    return f"""
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = '{says}'; END $$;
        {triggers}"""


@pytest.fixture
def small_disk(django_db_blocker: Any, record_property: Callable[[str, object], None]) -> Iterator[SmallDisk]:
    with office("disco") as home:
        home.mkdir()
        home.chmod(0o755)
        disk = SmallDisk(home)
        print(
            "the disk is a tmpfs"
            if disk.is_real
            else f"no tmpfs here ({disk.why_not}); the server refuses instead"
        )
        record_property("small_disk", disk.why_not or "tmpfs")
        try:
            disk.cluster.ensure_running()
            with working_at(disk.cluster, django_db_blocker):
                yield disk
        finally:
            disk.put_away()


class FillsAtChunk:
    """Who watches the run, and fills the disk when so many chunks are stored."""

    def __init__(self, disk: SmallDisk, *, chunk: int) -> None:
        self.disk, self.left = disk, chunk + 1  # the first word tells what was stored before

    def phase(self, name: str, *, total: int) -> None: ...

    def advance(self, n: int, *, errors: int = 0) -> None:
        self.left -= 1
        if self.left == 0:
            self.disk.fill("billing_runchunk")


def test_a_disk_that_fills_up_while_a_run_is_computed(
    small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One chunk of four is stored when the last byte goes: the sentence says so, and freed it ends as ever."""
    monkeypatch.setattr("caudal.billing.loading.CHUNK_IDS", 100)
    desk = Office(settle(accounts=330))
    unharmed = desk.computed(JANUARY)
    seals = list(unharmed.chunks.order_by("number").values_list("number", "seal"))
    assert len(seals) == 4
    billing.discard(run=unharmed, by="salas", at=moment(ON), reason="Ensayo")
    run = billing.open_run(
        cycle=desk.town.cycle, period=JANUARY, issued_on=unharmed.issued_on, by="laura", at=moment(ON)
    )

    with pytest.raises(OperationalError) as refused:
        billing.compute(run=run, by="laura", at=moment(ON), watcher=FillsAtChunk(small_disk, chunk=1))
    _told_that_the_disk_is_full(refused.value)
    small_disk.free()
    run.refresh_from_db()
    assert run.state == BillingRun.State.DRAFT
    assert list(run.chunks.order_by("number").values_list("number", "seal")) == seals[: run.chunks.count()]
    assert run.chunks.count() < 4
    assert Bill.objects.count() == Charge.objects.count() == 0

    run = billing.compute(run=run, by="laura", at=moment(ON))
    assert list(run.chunks.order_by("number").values_list("number", "seal")) == seals
    run = billing.review(run=run, by="laura", at=moment(ON))

    small_disk.fill("kernel_auditentry")
    with pytest.raises(OperationalError) as refused:
        billing.issue(run=run, by="salas", at=moment(ON))
    _told_that_the_disk_is_full(refused.value)
    assert Bill.objects.count() == Charge.objects.count() == JournalEntry.objects.count() == 0
    small_disk.free()

    run = billing.issue(run=run, by="salas", at=moment(ON))
    assert Bill.objects.count() == 330
    assert of.disagreements() == []
    _pay_on_a_full_disk(small_disk)


def _pay_on_a_full_disk(disk: SmallDisk) -> None:
    """What was acknowledged is there, what was refused is not; asked again, each is taken once."""
    asked = [(f"{number:06d}", number * 10, uuid.uuid4()) for number in range(1, 331)]
    told: dict[uuid.UUID, str] = {}
    disk.fill("cashier_receipt")
    for number, cents, key in asked:
        try:
            told[key] = pay(number, cents, key=key)["receipt_folio"]
        except OperationalError as error:
            _told_that_the_disk_is_full(error)
    assert len(told) < len(asked)
    assert Payment.objects.count() == len(told)
    disk.free()
    receipts_are_in_order()

    again = {key: pay(number, cents, key=key)["receipt_folio"] for number, cents, key in asked}
    assert again.items() >= told.items()
    assert Payment.objects.count() == len(asked)
    receipts_are_in_order()


def _told_that_the_disk_is_full(error: BaseException) -> None:
    refusal = trouble.explain(error)
    assert refusal.what == "El disco de la base de datos está lleno.", str(error)
    assert refusal.remedy == "Libere espacio y repita la orden; lo ya guardado está a salvo."


def test_the_server_of_the_storms_is_durable(la_barca: Cluster) -> None:
    """What these stories prove counts only if nothing was made faster for them."""
    with enter(la_barca) as session:
        words = [
            session.execute(f"SHOW {name}").fetchone()
            for name in ("fsync", "synchronous_commit", "full_page_writes")
        ]
    assert words == [("on",)] * 3
