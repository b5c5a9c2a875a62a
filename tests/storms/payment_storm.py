"""A storm over the counter: eight cashiers charge while every process of the database is killed, again and again.

    python -m tests.storms.payment_storm --kills 1000 [--seed 7] [--windows 4]

Each window is a process with two cashiers; each cashier writes down, and syncs to the disk, what it is about to ask
and what it was told. Three in ten acknowledged requests are sent again; some requests without an answer are given up,
and then nobody knows. Afterwards what was told must be there, and nothing else but what nobody knows.
"""

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
HOUSES = 50
HANDS = 2  # cashiers in a window
RESENT = 0.3
GIVEN_UP = 0.2


# -- a window


def work_at_window(*, seed: int, window: int, folder: Path) -> None:
    """Charge until the file `stop` appears; then leave with what was asked answered, or given up."""
    import django

    django.setup()
    failures: list[BaseException] = []

    def work(till: int) -> None:
        try:
            Cashier(seed=seed, till=till, folder=folder).charge_until_the_end()
        except BaseException as problem:  # noqa: BLE001 told by the window's end
            failures.append(problem)

    hands = [threading.Thread(target=work, args=[window * HANDS + hand + 1]) for hand in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    if failures:
        raise failures[0]


class Cashier:
    """One cashier at one till: what it asks comes from the seed, what it is told goes to its diary."""

    def __init__(self, *, seed: int, till: int, folder: Path) -> None:
        from tests.storms.street import MARCH_5

        from caudal.registry.models import Account

        # what is asked depends on the seed alone; what fails, on the storm
        self.chance, self.patience = (
            random.Random(seed * 1000 + till),
            random.Random(seed * 1000 + till + 500),
        )
        self.on, self.by = MARCH_5, f"cashier{till}"
        self.stop, self.diary = folder / "stop", (folder / f"diary-{till}").open("a", encoding="utf-8")
        self.session, self.accounts = self.insist(
            lambda: (self.live_session(), list(Account.objects.order_by("number")))
        )
        self.told: list[tuple[dict[str, Any], str]] = []

    def live_session(self) -> Any:
        from caudal.cashier import queries

        return queries.live_session(cashier=self.by)

    def note(self, **words: Any) -> None:
        print(json.dumps(words), file=self.diary, flush=True)
        os.fsync(self.diary.fileno())

    def charge_until_the_end(self) -> None:
        from django.db import connection

        while not self.stop.exists():
            asked = self.something_to_ask()
            self.note(word="asks", **asked)
            reply = self.insist(lambda asked=asked: self.ask(asked), patience=GIVEN_UP)
            if reply is None:
                self.note(word="gives up", key=asked["key"])
                continue
            seal = hashlib.sha256(json.dumps(reply).encode()).hexdigest()
            self.note(word="told", key=asked["key"], folio=reply["receipt_folio"], seal=seal)
            self.told.append((asked, seal))
            if self.chance.random() < RESENT:
                again, before = self.chance.choice(self.told)
                reply = self.insist(lambda again=again: self.ask(again))
                assert hashlib.sha256(json.dumps(reply).encode()).hexdigest() == before, again
                self.note(word="resent", key=again["key"])
        connection.close()

    def something_to_ask(self) -> dict[str, Any]:
        """One to three houses, in cash, or half by card."""
        houses = self.chance.sample(range(len(self.accounts)), self.chance.choice((1, 1, 1, 2, 3)))
        parts = [[house, self.chance.randrange(100, 20_000)] for house in houses]
        total = sum(cents for _, cents in parts)
        card = total // 2 if self.chance.random() < 0.3 else 0
        key = str(UUID(int=self.chance.getrandbits(128), version=4))
        return {"key": key, "parts": parts, "cash": total - card, "card": card}

    def ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        from tests.town.cast import moment

        from caudal.cashier import commands as cashier

        tenders = [cashier.TenderPart("cash", asked["cash"])]
        if asked["card"]:
            tenders.append(cashier.TenderPart("card", asked["card"], reference="774411"))
        return cashier.take_payment(
            session=self.session,
            parts=[cashier.AccountPart(self.accounts[house], cents) for house, cents in asked["parts"]],
            tenders=tenders,
            at=moment(self.on, 11),
            by=self.by,
            key=UUID(asked["key"]),
        )

    def insist(self, act: Callable[[], Any], *, patience: float = 0) -> Any:
        """Do it until it is answered; None if its first failure is taken as final, with this probability."""
        from django.db import DatabaseError, InterfaceError, connection

        from caudal.kernel.waiting import StillBusy

        gives_up = False
        while True:
            try:
                return None if gives_up and self.live_session() else act()
            except (DatabaseError, InterfaceError, StillBusy):
                connection.close()
                gives_up = gives_up or self.patience.random() < patience
                patience = 0
                time.sleep(0.1)


# -- the storm


@dataclass
class Told:
    """What the diaries say."""

    asked: dict[str, dict[str, Any]] = field(default_factory=dict)
    folios: dict[str, str] = field(default_factory=dict)
    n_resent: int = 0

    @property
    def unknown(self) -> set[str]:
        return self.asked.keys() - self.folios.keys()

    def read(self, folder: Path) -> "Told":
        for diary in sorted(folder.glob("diary-*")):
            for line in diary.read_text(encoding="utf-8").splitlines():
                words = json.loads(line)
                if words["word"] == "asks":
                    assert words["key"] not in self.asked
                    self.asked[words["key"]] = words
                elif words["word"] == "told":
                    self.folios[words["key"]] = words["folio"]
                elif words["word"] == "resent":
                    self.n_resent += 1
        return self


def blow(
    *, cluster: Any, kills: int, seed: int, windows: int, folder: Path, say: Callable[[str], None]
) -> Told:
    """Open the windows, pull the plug so many times, and let them finish → what they wrote down.

    The database must be settled: houses, and an open session for every cashier.
    """
    from tests.storms.server_rooms import pull_the_plug, wait_until_gone

    chance = random.Random(seed)
    environ = os.environ | {
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "caudal.config.settings",
        "DATABASE_URL": cluster.connection_url(),
        "DATABASE_OWNER_URL": cluster.connection_url(role="owner"),
    }
    words = [sys.executable, "-m", "tests.storms.payment_storm", "--seed", str(seed), "--folder", str(folder)]
    opened = [
        subprocess.Popen([*words, "--window", str(window)], env=environ, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for window in range(windows)
    ]  # fmt: skip
    try:
        _wait(lambda: _all_were_told(folder, windows * HANDS), opened)
        started = time.monotonic()
        for kill in range(1, kills + 1):
            time.sleep(chance.uniform(0.05, 0.8))
            pid = cluster.status().pid
            pull_the_plug(cluster)
            wait_until_gone(pid)
            cluster.ensure_running()
            if kill % 50 == 0:
                say(f"{kill} kills, {time.monotonic() - started:.0f} s")
        (folder / "stop").touch()
        failures = [
            errors for each in opened for errors in [each.communicate(timeout=120)[1]] if each.returncode
        ]
    finally:
        for each in opened:
            each.kill()
    assert failures == [], failures[0]
    return Told().read(folder)


def _all_were_told(folder: Path, hands: int) -> bool:
    diaries = list(folder.glob("diary-*"))
    return len(diaries) == hands and all('"told"' in diary.read_text() for diary in diaries)


def _wait(
    until: Callable[[], bool], opened: Sequence[subprocess.Popen[str]], *, seconds: float = 120
) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        for each in opened:
            assert each.poll() is None, each.communicate()[1]
        assert time.monotonic() < deadline, "the windows did not open"
        time.sleep(0.05)


def settle(*, windows: int) -> None:
    """The street of the storm, and an open session for every cashier."""
    from tests.storms import street

    street.settle(houses=HOUSES)
    street.open_tills(windows * HANDS)


def require_nothing_lost(told: Told) -> str:
    """What was told is there, once and as it was asked; what else is there nobody was told about → figures."""
    from tests.storms.street import everything_agrees

    from caudal.cashier.models import Receipt
    from caudal.kernel.models import IdempotencyKey

    kept = {
        str(key): reply["receipt_folio"]
        for key, reply in IdempotencyKey.objects.filter(act="cashier.take_payment").values_list(
            "key", "reply"
        )
    }
    assert told.folios.items() <= kept.items(), "a payment that was told is lost, or has another folio"
    assert kept.keys() - told.folios.keys() <= told.unknown, "a payment nobody asked for"
    assert len(set(kept.values())) == len(kept), "one folio for two payments"
    receipts = {each.folio: each for each in Receipt.objects.prefetch_related("payments__account", "tenders")}
    assert set(kept.values()) == set(receipts), "a receipt without its request"
    houses = {number: place for place, number in enumerate(f"{10117 + house:06d}" for house in range(HOUSES))}
    for key, folio in kept.items():
        asked, receipt = told.asked[key], receipts[folio]
        paid = sorted([houses[each.account.number], each.amount_cents] for each in receipt.payments.all())
        tendered = {each.kind: each.amount_cents for each in receipt.tenders.all()}
        assert paid == sorted(asked["parts"]), folio
        assert tendered == {kind: asked[kind] for kind in ("cash", "card") if asked[kind]}, folio
    assert everything_agrees()
    n_unknown = len(told.unknown)
    return (
        f"{len(kept)} payments, {len(told.folios)} told, {told.n_resent} sent again, {n_unknown} given up"
        f" ({len(kept.keys() & told.unknown)} of them taken): 0 lost, 0 twice, 0 folio gaps, journal and chain whole"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--windows", type=int, default=4)
    parser.add_argument("--window", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.window is not None:
        work_at_window(seed=asked.seed, window=asked.window, folder=asked.folder)
        return 0
    from tests.storms.server_rooms import office

    from caudal.kernel.server import Cluster

    print(f"seed {asked.seed}", flush=True)
    with office("La Barca") as home, tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(home)
        cluster.ensure_running()
        os.environ["DATABASE_URL"] = cluster.connection_url()
        os.environ["DATABASE_OWNER_URL"] = cluster.connection_url(role="owner")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.config.settings")
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        settle(windows=asked.windows)
        connections.close_all()
        started = time.monotonic()
        told = blow(
            cluster=cluster, kills=asked.kills, seed=asked.seed, windows=asked.windows, folder=Path(folder),
            say=lambda line: print(line, flush=True),
        )  # fmt: skip
        print(f"{asked.kills} kills in {time.monotonic() - started:.0f} s: {require_nothing_lost(told)}")
        connections.close_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
