"""A run killed anywhere and run again: the same bills byte for byte, none twice, none missing."""

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from tests.town import cast
from tests.town.cast import Town

from caudal.billing import checks as billing_checks
from caudal.billing import commands as billing
from caudal.billing import posting
from caudal.billing.models import Bill, BillingRun, HeldBill, RunChunk, RunStep, UnbilledAccount
from caudal.billing.tests import months
from caudal.billing.tests.months import JANUARY, LAURA, SALAS
from caudal.ledger import checks as ledger_checks
from caudal.ledger.models import Charge, JournalEntry, PeriodBalance

# where the process dies: the function, on which call, before doing its work or after
COMPUTING = [
    ("caudal.billing.posting.open_tables", 1, "before"),
    ("caudal.billing.posting.open_tables", 1, "after"),  # made, not committed
    ("caudal.billing.posting.store", 1, "before"),
    ("caudal.billing.posting.keep_workings", 2, "after"),  # the mark is written, the rows are not
    ("caudal.billing.posting.send_bytes", 4, "after"),  # half of a chunk is sent
    ("caudal.billing.posting.store", 2, "after"),
    ("caudal.billing.computing.compute", 2, "before"),  # beside the storing of the chunk before
    ("caudal.billing.summary.of_run", 1, "after"),  # everything is stored, nobody said so
]
ISSUING = [
    ("caudal.kernel.partitions.attach", 1, "before"),
    ("caudal.kernel.partitions.attach", 2, "after"),  # bills and charges attached, balances not
    ("caudal.billing.posting.drop_tables", 1, "after"),
    ("caudal.ledger.commands.post_run_entry", 1, "after"),
    ("caudal.metering.commands.close_period", 1, "after"),
    ("caudal.kernel.audit.record", 2, "after"),  # all is done but the commit
]


@pytest.fixture
def january(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Town:
    """January read and committed, in chunks of three ids; Doña Lupita's and the hotel's bills will be held."""
    monkeypatch.setattr("caudal.billing.loading.CHUNK_IDS", 3)
    town = cast.build()
    months.publish_books()
    months.read_history(town)
    months.read_january(town, lupita=1060, hotel=100140)
    return town


def die_at(place: str, nth: int, moment: str) -> None:
    """From here on, the n-th call of a function kills this process like a power cut would."""
    path, _, name = place.rpartition(".")
    module = __import__(path, fromlist=[name])
    real, calls = getattr(module, name), iter(range(1, 10_000))

    def dying(*args: Any, **words: Any) -> Any:
        is_the_one = next(calls) == nth
        if is_the_one and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*args, **words)
        if is_the_one:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(module, name, dying)


def in_a_process(act: Callable[[], object], *, dying: tuple[str, int, str]) -> None:
    """Do an act in a process that dies in the middle of it; its session ends before we go on."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            die_at(*dying)
            act()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"it should have died at {dying}"
    assert os.WTERMSIG(status) == signal.SIGKILL
    _wait_for_sessions_to_end()


def _wait_for_sessions_to_end() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if cursor.fetchone() == (0,):
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("the dead process still holds a session")


def open_january(town: Town) -> BillingRun:
    return billing.open_run(
        cycle=town.cycle,
        period=JANUARY,
        issued_on=months.issue_day(JANUARY),
        by=LAURA,
        at=months.after(JANUARY),
    )


def compute(run: BillingRun) -> BillingRun:
    return billing.compute(run=run, by=LAURA, at=months.after(JANUARY))


def issue(run: BillingRun) -> BillingRun:
    return billing.issue(run=run, by=SALAS, at=months.after(JANUARY))


def everything(run: BillingRun) -> dict[str, Any]:
    """All that a computed run holds, but for its own number."""
    found: dict[str, Any] = {
        "seals": list(run.chunks.order_by("number").values_list("number", "seal", "n_bills")),
        "held": sorted(HeldBill.objects.filter(run=run).values_list("account_id", "reason", "total_cents")),
        "unbilled": sorted(UnbilledAccount.objects.filter(run=run).values_list("account_id", "cause")),
        "summary": run.summary,
    }
    for parent, types in posting.TABLES.items():
        names = ", ".join(name for name in types if name != "run_id")
        for is_held in (False, True):
            name = posting.table(run=run, parent=parent, is_held=is_held)
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {names} FROM {name} ORDER BY {names}")
                found[f"{parent}, held: {is_held}"] = cursor.fetchall()
    return found


def disagreements() -> list[str]:
    return [told for check in (*billing_checks.CHECKS, *ledger_checks.CHECKS) for told in check.find()]


def test_computing_killed_anywhere_ends_in_the_same_bills(january: Town) -> None:
    unharmed = compute(open_january(january))
    expected = everything(unharmed)
    assert len(expected["seals"]) >= 3
    assert len(expected["held"]) == 1 + 1
    billing.discard(run=unharmed, by=SALAS, at=months.after(JANUARY), reason="Ensayo")

    for dying in COMPUTING:
        run = open_january(january)
        in_a_process(lambda run=run: compute(run), dying=dying)
        run.refresh_from_db()
        assert run.state == BillingRun.State.DRAFT, dying
        stored = RunChunk.objects.filter(run=run).count()

        run = compute(run)

        assert everything(run) == expected, dying
        assert stored <= len(expected["seals"])
        billing.discard(run=run, by=SALAS, at=months.after(JANUARY), reason="Ensayo")


def test_killed_again_and_again_it_still_gets_there(january: Town) -> None:
    expected = everything(unharmed := compute(open_january(january)))
    billing.discard(run=unharmed, by=SALAS, at=months.after(JANUARY), reason="Ensayo")
    run = open_january(january)
    for _ in range(len(expected["seals"])):
        in_a_process(lambda: compute(run), dying=("caudal.billing.posting.store", 1, "after"))

    assert RunChunk.objects.filter(run=run).count() <= len(expected["seals"])
    assert everything(compute(run)) == expected


def test_issuing_killed_anywhere_issues_nothing_and_then_once(january: Town) -> None:
    run = compute(open_january(january))
    months.release(HeldBill.objects.get(run=run, account=january.lupita))
    billing.review(run=run, by=LAURA, at=months.after(JANUARY))
    for dying in ISSUING:
        in_a_process(lambda: issue(run), dying=dying)
        run.refresh_from_db()
        assert (run.state, run.seal) == (BillingRun.State.REVIEWED, ""), dying
        assert Bill.objects.count() == Charge.objects.count() == 0, dying
        assert PeriodBalance.objects.count() == JournalEntry.objects.count() == 0, dying

    sealed = issue(run).seal

    assert issue(run).seal == sealed
    assert Bill.objects.count() == 7  # the hotel's waits
    assert RunStep.objects.filter(run=run, state="issued").count() == 1
    assert disagreements() == []


def test_two_that_compute_at_once_do_not_mix(january: Town) -> None:
    """While one holds the run, the other is told so; afterwards it finds everything done."""
    run = open_january(january)
    inside, go_on = threading.Event(), threading.Event()
    refusals: list[billing.CannotTouchRun] = []

    class Slow:
        def phase(self, name: str, *, total: int) -> None: ...

        def advance(self, n: int, *, errors: int = 0) -> None:
            inside.set()
            go_on.wait(20)

    def first() -> None:
        try:
            billing.compute(run=run, by=LAURA, at=months.after(JANUARY), watcher=Slow())
        finally:
            connections.close_all()

    worker = threading.Thread(target=first)
    worker.start()
    assert inside.wait(20)
    try:
        compute(run)
    except billing.CannotTouchRun as refusal:
        refusals.append(refusal)
    go_on.set()
    worker.join(30)

    assert len(refusals) == 1
    assert compute(run).state == BillingRun.State.COMPUTED
    assert RunStep.objects.filter(run=run, state="computed").count() == 1
