"""Whoever owns the database can change it. The chain, and its heads on paper, tell: six ways to lie, all found.

Sixty receipts of three days, two closed, one canceled. Each lie is told as the owner with the guards down, looked
at, and rolled back, so the next one starts from the truth.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

import pytest
from django.db import connections, transaction
from tests.town import cast, counter
from tests.town.cast import Town, moment

from caudal.cashier import chain
from caudal.cashier.chain import walk
from caudal.tariffs import commands as tariffs

SEED = 20190305
DAYS = (date(2019, 3, 4), date(2019, 3, 5), date(2019, 3, 6))
N = 60
TABLES = ("cashier_receipt", "cashier_payment", "cashier_tender", "cashier_tillclosing", "kernel_folio",
          "cashier_paymentstanding")  # fmt: skip
EACH_KIND = 90


@dataclass
class Truth:
    """What is on paper outside: the head of each day."""

    heads: list[chain.Head]


@pytest.fixture
def truth(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Truth:
    """Sixty payments, twenty a day, and one cancellation; what each closing printed, and tonight's head."""
    town = cast.build()
    at = moment(date(2019, 1, 1), hour=0)
    body = (resources.files("caudal.tariffs") / "books" / "la-barca-demo-2019.toml").read_bytes()
    tariffs.publish_book(book=tariffs.load_book(body=body, by="laura", at=at), by="salas", at=at)
    pay_for_three_days(town)
    report = chain.verify()
    assert report.is_whole and report.n_receipts == N + 1
    assert [head.folio for head in report.heads] == ["A-000060", "A-CAN-000001"]
    # from here on the chain is read through the owner's eyes, inside the transaction that will be rolled back
    monkeypatch.setattr(walk, "connection", connections["owner"])
    return Truth([chain.printed(folio=head.folio, seal=head.seal) for head in report.heads])


def pay_for_three_days(town: Town) -> None:
    people = [town.lupita, town.chuy, town.espiga, town.hotel, town.rancho]
    for n in range(N):
        on = DAYS[n * len(DAYS) // N]
        counter.pay(people[n % 5], 1_000 + n, on=on, tender="card" if n % 7 == 0 else "cash", hour=9)
        if n == 30:
            counter.cancel("A-000031", on=on)


@contextmanager
def guards_down() -> Iterator[Any]:
    """The owner's cursor with no trigger in the way; everything is undone at the end."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield cursor
        transaction.set_rollback(True, using="owner")


def folio(n: int) -> str:
    return f"A-{n:06d}"


# the ways to lie -------------------------------------------------------------------------------------------------

EDITS = (
    "UPDATE cashier_receipt SET received_by = 'otra' WHERE {it}",
    "UPDATE cashier_receipt SET business_on = business_on + 1 WHERE {it}",
    "UPDATE cashier_receipt SET paid_at = paid_at + interval '1 second' WHERE {it}",
    "UPDATE cashier_receipt SET total_cents = total_cents + 1 WHERE {it}",
    "UPDATE cashier_receipt SET verification = reverse(verification) WHERE {it}",
    "UPDATE cashier_receipt SET channel = 'bank' WHERE {it}",
    "UPDATE cashier_payment SET amount_cents = amount_cents - 1"
    " WHERE receipt_id = (SELECT id FROM cashier_receipt WHERE {it})",
    "UPDATE cashier_payment SET account_id = (SELECT min(id) FROM registry_account AS other"
    " WHERE other.id <> cashier_payment.account_id)"
    " WHERE receipt_id = (SELECT id FROM cashier_receipt WHERE {it})",
    "UPDATE cashier_tender SET amount_cents = amount_cents - 1"
    " WHERE receipt_id = (SELECT id FROM cashier_receipt WHERE {it})",
    "UPDATE cashier_tender SET reference = reference || '9'"
    " WHERE receipt_id = (SELECT id FROM cashier_receipt WHERE {it})",
)


def edit(cursor: Any, chance: random.Random) -> set[str]:
    """Change one thing that a receipt says; sometimes seal it again, and then the next one does not follow."""
    n = chance.randint(1, N - 1)
    cursor.execute(chance.choice(EDITS).format(it=f"series = 'A' AND number = {n}"))
    if chance.random() < 0.5:
        return {folio(n)}
    reseal(cursor, n, until=n)
    return {folio(n + 1)}


def delete(cursor: Any, chance: random.Random) -> set[str]:
    n = chance.randint(1, N)
    take_away(cursor, n)
    return {folio(n)}


def insert(cursor: Any, chance: random.Random) -> set[str]:
    """A receipt that was never given, in the place of another: those after it move one number up."""
    n = chance.randint(1, N)
    cursor.execute(
        "UPDATE cashier_receipt SET number = number + 100000 WHERE series = 'A' AND number >= %s", [n]
    )
    cursor.execute(
        "UPDATE cashier_receipt SET number = number - 99999 WHERE series = 'A' AND number > 100000"
    )
    copy_of(cursor, original=1 if n > 1 else 2, number=n)
    if chance.random() < 0.5:
        reseal(cursor, n, until=n)
        return {folio(n), folio(n + 1)}
    return {folio(n)}


def swap(cursor: Any, chance: random.Random) -> set[str]:
    """Two receipts change numbers, or only what they say changes hands."""
    one, other = sorted(chance.sample(range(1, N + 1), 2))
    if chance.random() < 0.5:
        cursor.execute("UPDATE cashier_receipt SET number = -1 WHERE series = 'A' AND number = %s", [one])
        cursor.execute(
            "UPDATE cashier_receipt SET number = %s WHERE series = 'A' AND number = %s", [one, other]
        )
        cursor.execute("UPDATE cashier_receipt SET number = %s WHERE series = 'A' AND number = -1", [other])
        return {folio(one)}
    cursor.execute(
        "UPDATE cashier_payment AS payment SET account_id = theirs.account_id, amount_cents = theirs.amount_cents"
        " FROM cashier_payment AS theirs, cashier_receipt AS first, cashier_receipt AS second"
        " WHERE first.series = 'A' AND first.number = %s AND second.series = 'A' AND second.number = %s"
        " AND (payment.receipt_id, theirs.receipt_id) IN ((first.id, second.id), (second.id, first.id))",
        [one, other],
    )
    return {folio(one)}


def truncate_tail(cursor: Any, chance: random.Random) -> set[str]:
    """The last receipts never happened; sometimes their folios neither, and then only paper knows."""
    n = chance.randint(1, 12)
    for number in range(N - n + 1, N + 1):
        take_away(cursor, number)
    if chance.random() < 0.5:
        return {folio(N - n + 1)}
    cursor.execute("DELETE FROM kernel_folio WHERE series = 'A' AND number > %s", [N - n])
    cursor.execute("UPDATE kernel_folioseries SET last_number = %s WHERE code = 'A'", [N - n])
    return {folio(N)}  # the head of tonight is not there


def rewrite_all(cursor: Any, chance: random.Random) -> set[str]:
    """One figure is changed and every seal made again, those that the closings keep as well."""
    n = chance.randint(1, N)
    cursor.execute(chance.choice(EDITS[:6]).format(it=f"series = 'A' AND number = {n}"))
    reseal(cursor, n, until=N)
    cursor.execute(
        "UPDATE cashier_tillclosing AS closing SET chain_head = encode(receipt.hash, 'hex') FROM cashier_receipt AS receipt"
        " WHERE receipt.series = 'A' AND closing.last_folio = 'A-' || lpad(receipt.number::text, 6, '0')"
    )
    return {folio(N)}


def take_away(cursor: Any, n: int) -> None:
    it = f"(SELECT id FROM cashier_receipt WHERE series = 'A' AND number = {n})"
    cursor.execute(
        f"DELETE FROM cashier_paymentstanding WHERE payment_id IN (SELECT id FROM cashier_payment WHERE receipt_id = {it})"
    )
    for table in ("cashier_payment", "cashier_tender"):
        cursor.execute(f"DELETE FROM {table} WHERE receipt_id = {it}")
    cursor.execute(f"UPDATE cashier_receipt SET reverses_id = NULL, total_cents = 1 WHERE reverses_id = {it}")
    cursor.execute(f"DELETE FROM cashier_receipt WHERE series = 'A' AND number = {n}")


def copy_of(cursor: Any, *, original: int, number: int) -> None:
    """A receipt like another one, with its tender; its money is nobody's."""
    cursor.execute(
        "INSERT INTO cashier_receipt (series, number, session_id, settlement_id, business_on, paid_at, received_by,"
        " channel, total_cents, reverses_id, reason, verification, previous_hash, hash)"
        " SELECT series, %s, session_id, settlement_id, business_on, paid_at, received_by, channel, total_cents,"
        " NULL, '', reverse(verification), previous_hash, hash FROM cashier_receipt"
        " WHERE series = 'A' AND number = %s RETURNING id",
        [number, original],
    )
    [made] = cursor.fetchone()
    cursor.execute(
        "INSERT INTO cashier_tender (receipt_id, kind, amount_cents, given_cents, reference)"
        " SELECT %s, kind, amount_cents, given_cents, reference FROM cashier_tender WHERE receipt_id ="
        " (SELECT id FROM cashier_receipt WHERE series = 'A' AND number = %s)",
        [made, original],
    )


def reseal(cursor: Any, first: int, *, until: int) -> None:
    """Seal some receipts again, each after the one before it, as who knows how it is done."""
    previous = chain.GENESIS
    for stored in list(walk._stored("A")):
        if first <= stored.number <= until:
            stored.seal = chain.seal(previous=previous, body=walk._body_of(stored))
            cursor.execute(
                "UPDATE cashier_receipt SET previous_hash = %s, hash = %s WHERE series = 'A' AND number = %s",
                [previous, stored.seal, stored.number],
            )
        previous = stored.seal


Lie = Callable[[Any, random.Random], set[str]]
KINDS: dict[str, Lie] = {
    "edit": edit, "delete": delete, "insert": insert, "swap": swap, "truncate the tail": truncate_tail,
    "rewrite all": rewrite_all,
}  # fmt: skip


def test_every_lie_is_found_and_names_its_first_folio(truth: Truth) -> None:
    for kind, lie in KINDS.items():
        chance = random.Random(f"{SEED} {kind}")
        for turn in range(EACH_KIND):
            with guards_down() as cursor:
                wanted = lie(cursor, chance)
                report = chain.verify(heads=truth.heads)
            told = f"seed {SEED}, {kind}, turn {turn}"
            assert not report.is_whole, f"{told}: nobody noticed"
            bad = {problem.folio for problem in report.problems}
            assert bad & wanted, f"{told}: {report.problems} instead of {wanted}"
    assert chain.verify(heads=truth.heads).is_whole


def test_who_is_witness_of_a_chain_that_was_written_again(truth: Truth) -> None:
    """Closings rewritten as well: only paper knows, which is why the head is printed. Closings left alone: the
    first one after the change. A restored copy that was worked on: tonight's head is not its own."""
    with guards_down() as cursor:
        rewrite_all(cursor, random.Random(SEED))
        assert chain.verify().is_whole
        assert chain.verify(heads=truth.heads).first_bad_folio == "A-000060"
    with guards_down() as cursor:
        cursor.execute(EDITS[0].format(it="series = 'A' AND number = 30"))
        reseal(cursor, 30, until=N)
        [problem] = chain.verify().problems
    assert (problem.folio, problem.series) == ("A-000040", "A")
    assert "corte 2" in problem.what
    with guards_down() as cursor:
        cursor.execute("UPDATE cashier_receipt SET received_by = 'otra' WHERE series = 'A' AND number > 40")
        reseal(cursor, 41, until=N)
        assert chain.verify().is_whole
        assert not chain.verify(heads=truth.heads).is_whole
