"""A month is built apart, published in one step, and guarded from then on."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from caudal.kernel import copying, partitions
from caudal.ledger.commands.opening import CHARGE_TYPES
from caudal.ledger.models import Charge
from caudal.ledger.tests.builders import account

pytestmark = pytest.mark.django_db
PLACE = {"parent": "ledger_charge", "period": 201901, "tag": "r12"}


def fill(table: str, *account_ids: int, period: int = 201901, sequence: int = 1) -> None:
    copying.copy_in(
        table=table,
        types=CHARGE_TYPES,
        columns={
            "period": period,
            "account_id": list(account_ids),
            "document_kind": 1,
            "sequence": sequence,
            "concept_id": 1,
            "reduces_id": 0,
            "due_on": [6959] * len(account_ids),
            "amount_cents": 10_000,
            "vat_cents": 0,
            "base_cents": 0,
            "working_id": 0,
        },
    )


def exists(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        return bool(cursor.fetchone()[0])


def test_readers_see_nothing_before_it_is_attached_and_all_of_it_after() -> None:
    chuy, lupita = account("010117"), account("010293")
    table = partitions.open_detached(**PLACE)
    assert table == partitions.detached_name(**PLACE) == "ledger_charge_201901_r12"
    fill(table, chuy.id, lupita.id)
    assert Charge.objects.count() == 0

    assert partitions.attach(**PLACE) == "ledger_charge_201901"

    assert Charge.objects.filter(period=201901).count() == 2
    assert not exists(table)


def test_a_draft_may_be_corrected_and_thrown_away() -> None:
    chuy = account("010117")
    table = partitions.open_detached(**PLACE)
    fill(table, chuy.id)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET amount_cents = 1")
        cursor.execute(f"DELETE FROM {table}")
    partitions.drop_detached(**PLACE)
    partitions.drop_detached(**PLACE)  # what is not there is thrown away already
    assert not exists(table)


def test_a_second_cycle_joins_the_month_that_is_there() -> None:
    chuy, lupita = account("010117"), account("010293")
    for tag, holder in (("r12", chuy), ("r13", lupita)):
        table = partitions.open_detached(parent="ledger_charge", period=201901, tag=tag)
        fill(table, holder.id)
        partitions.attach(parent="ledger_charge", period=201901, tag=tag)
    assert sorted(Charge.objects.values_list("account_id", flat=True)) == [chuy.id, lupita.id]


def test_a_month_published_twice_is_refused_whole() -> None:
    chuy, lupita = account("010117"), account("010293")
    fill(partitions.open_detached(**PLACE), chuy.id)
    partitions.attach(**PLACE)
    again = {**PLACE, "tag": "r13"}
    fill(partitions.open_detached(**again), lupita.id, chuy.id)

    with pytest.raises(IntegrityError), transaction.atomic():
        partitions.attach(**again)

    assert Charge.objects.count() == 1 and exists("ledger_charge_201901_r13")


@pytest.mark.parametrize("harm", ["missing account", "missing concept", "two signs"])
def test_what_breaks_a_rule_is_not_attached(harm: str) -> None:
    chuy = account("010117")
    table = partitions.open_detached(**PLACE)
    fill(table, chuy.id if harm != "missing account" else 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        with connection.cursor() as cursor:
            if harm == "missing concept":
                cursor.execute(f"UPDATE {table} SET concept_id = 999")
            if harm == "two signs":
                cursor.execute(f"UPDATE {table} SET vat_cents = -1")
        partitions.attach(**PLACE)
    assert Charge.objects.count() == 0


def test_a_row_of_another_month_does_not_enter_a_draft() -> None:
    chuy = account("010117")
    table = partitions.open_detached(**PLACE)
    with pytest.raises(IntegrityError, match="of_one_period"), transaction.atomic():
        fill(table, chuy.id, period=201902)


def test_making_sure_of_a_month_twice_makes_it_once() -> None:
    assert partitions.ensure(parent="ledger_charge", period=201905) == "ledger_charge_201905"
    assert partitions.ensure(parent="ledger_charge", period=201905) == "ledger_charge_201905"


@pytest.mark.parametrize(
    ("parent", "period", "tag", "says"),
    [
        ("ledger_credit", 201901, "r1", "no se parte por periodo"),
        ("ledger_charge", 201913, "r1", "no es un mes"),
        ("ledger_charge", 2019, "r1", "no es un mes"),
        ("ledger_charge", 201901, "R1", "no sirve para nombrar"),
        ("ledger_charge", 201901, "r1; drop", "no sirve para nombrar"),
        ("ledger_charge", 201901, "", "no sirve para nombrar"),
    ],
)
def test_only_months_of_known_tables_with_plain_tags(parent: str, period: int, tag: str, says: str) -> None:
    with pytest.raises(DatabaseError, match=says), transaction.atomic():
        partitions.open_detached(parent=parent, period=period, tag=tag)
