"""The checks name what disagrees."""

from datetime import date

import pytest
from django.db import connection
from tests.town.cast import Town, moment

from caudal.billing import checks
from caudal.billing.models import BillingRun
from caudal.billing.tests import months
from caudal.billing.tests.months import JANUARY
from caudal.ledger.models import Charge
from caudal.registry import commands as registry
from caudal.registry.models import BillingCycle, Route


def told(name: str) -> list[str]:
    return next(check for check in checks.CHECKS if check.name == name).find()


@pytest.fixture
def run(january: Town) -> BillingRun:
    return months.issued(january, JANUARY)


def test_a_sound_month_has_nothing_to_tell(run: BillingRun) -> None:
    assert [check.find() for check in checks.CHECKS] == [[]] * len(checks.CHECKS)


def test_a_line_slipped_into_a_bill_is_told_twice(january: Town, run: BillingRun) -> None:
    """The application may add rows; what it may not do is hide them from the sum and from the seal."""
    Charge.objects.create(
        period=JANUARY, account_id=january.chuy.pk, document_kind=1, sequence=1, concept_id=2, due_on=date(2019, 2, 16),
        amount_cents=10_00,
    )  # fmt: skip
    assert told("bill_totals") == ["Cuenta 010117, recibo 201901/1: dice $135.30 y sus cargos suman $145.30."]
    assert len(told("runs_sealed")) == 1


def test_charges_of_no_bill_are_told(january: Town, run: BillingRun) -> None:
    Charge.objects.create(
        period=JANUARY, account_id=january.chuy.pk, document_kind=1, sequence=9, concept_id=1, due_on=date(2019, 2, 16),
        amount_cents=10_00,
    )  # fmt: skip
    assert told("charges_have_bill") == ["Cuenta 010117: cargos de recibo 201901/9 sin recibo."]


def test_two_live_bills_of_a_month_are_told(january: Town, run: BillingRun) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE twin ON COMMIT DROP AS SELECT * FROM billing_bill WHERE account_id = %s",
            [january.chuy.pk],
        )
        cursor.execute("UPDATE twin SET revision = 2")
        cursor.execute("INSERT INTO billing_bill SELECT * FROM twin")
    assert told("one_live_bill") == ["Cuenta 010117: 2 recibos vigentes de 201901."]


def test_another_seal_is_told(run: BillingRun) -> None:
    BillingRun.objects.filter(pk=run.pk).update(seal="0" * 64)
    assert told("runs_sealed") == [f"Facturación {run.pk}: el sello no corresponde a los recibos liberados."]


def test_a_word_that_is_lost_is_missed_by_name(priced: Town) -> None:
    """The hotel was held; whoever erases that leaves it without bill, hold or cause."""
    months.read_january(priced, hotel=100_900)
    run = months.issued(priced, JANUARY)
    assert told("runs_complete") == []
    run.held.get(account=priced.hotel).delete()
    assert told("runs_complete") == [
        f"Facturación {run.pk} (201901): se calcularon 8 servicios y hay recibo, detención o motivo de 7.",
        f"Facturación {run.pk} (201901): cuenta 010620 sin recibo, detención ni motivo.",
    ]


def test_a_registry_that_moves_on_does_not_make_an_old_month_incomplete(
    january: Town, run: BillingRun
) -> None:
    """In February somebody tells of a house that had water since January, and the ranch changes cycle."""
    cycle = BillingCycle.objects.create(code="CARMEN", name="El Carmen")
    route = Route.objects.create(code="03-001", sector="03", cycle=cycle)
    months.issued(january, JANUARY, cycle)
    registry.move_on_route(
        service_point=january.point(january.rancho), route=route, walk_sequence=5, reason="Ciclo nuevo", by="laura",
        at=moment(date(2019, 2, 11)),
    )  # fmt: skip
    registry.open_account(
        number="010999", holder=registry.Holder(full_name="Heriberto Salcedo"),
        place=registry.Place(
            address="Hidalgo 999", locality=january.la_barca, route=january.routes["01-001"], walk_sequence=90
        ),
        tariff_class=january.classes["HAB-GEN"], is_metered=False, opened_on=date(2019, 1, 15), by="laura",
        at=moment(date(2019, 2, 11)),
    )  # fmt: skip
    assert told("runs_complete") == []
