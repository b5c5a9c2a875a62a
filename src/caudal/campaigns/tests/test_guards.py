"""What the database itself refuses of campaigns, whoever asks."""

from datetime import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.town.cast import ZONE, Town

from caudal.campaigns.models import Campaign, PrepaidMonth, PrepaidMonthEnd, Waiver
from caudal.ledger.models import Credit
from caudal.tariffs.models import TariffBook

pytestmark = pytest.mark.django_db
DAY = datetime(2019, 4, 1, tzinfo=ZONE)


def campaign(**changes: object) -> Campaign:
    """April's campaign of 2019: three quarters of the surcharges off, for paying at once or by arrangement."""
    rule = {
        "code": "ABRIL-2019", "name": "Abril sin recargos", "starts_at": DAY,
        "ends_at": datetime(2019, 5, 1, tzinfo=ZONE), "on_single_payment": True, "on_arrangement": True,
        "reduces": ["surcharge"], "ppm": 750_000, "council_agreement": "CA-12/2019", "drafted_at": DAY,
        "drafted_by": "laura",
    }  # fmt: skip
    return Campaign.objects.create(**rule | changes)


def published(**changes: object) -> Campaign:
    return campaign(published_at=DAY, published_by="salas", **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_at": DAY},
        {"ppm": 0},
        {"ppm": 1_000_001},
        {"ppm": 750_000, "fixed_cents": 100_00},
        {"cap_cents": -1},
        {"on_single_payment": False, "on_arrangement": False},
        {"reduces": []},
        {"on_prepayment": True, "least_months": 13},
        {"least_balance_cents": 2, "most_balance_cents": 1},
        {"least_age_days": 90, "most_age_days": 30},
        {"withdrawn_at": DAY, "withdrawn_by": "salas", "withdrawal_reason": "Se equivocó."},
        {"published_at": DAY, "published_by": "laura"},
        {"published_at": DAY, "published_by": "salas", "council_agreement": ""},
    ],
)
def test_a_rule_without_sense_is_no_row(changes: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        campaign(**changes)

    assert not Campaign.objects.exists()


def test_a_draft_changes_and_a_published_rule_does_not() -> None:
    draft = campaign()
    Campaign.objects.filter(id=draft.id).update(ppm=500_000)
    rule = published(code="DICIEMBRE-2019")

    for changes in ({"ppm": 500_000}, {"ends_at": datetime(2019, 6, 1, tzinfo=ZONE)}, {"published_at": None}):
        with pytest.raises(IntegrityError, match="sus reglas no cambian"), transaction.atomic():
            Campaign.objects.filter(id=rule.id).update(**changes)
    with pytest.raises(IntegrityError, match="sus reglas no cambian"), transaction.atomic():
        rule.delete()

    assert Campaign.objects.get(id=draft.id).ppm == 500_000
    assert Campaign.objects.get(id=rule.id).ppm == 750_000


def test_a_published_rule_is_withdrawn_once_and_takes_its_paper_once() -> None:
    rule = published()
    withdrawn = {"withdrawn_at": DAY, "withdrawn_by": "salas", "withdrawal_reason": "El consejo la revocó."}

    Campaign.objects.filter(id=rule.id).update(**withdrawn)
    Campaign.objects.filter(id=rule.id).update(council_agreement_pdf="acuerdos/ca-12.pdf")
    for changes in ({"withdrawal_reason": "Otro motivo."}, {"council_agreement_pdf": "acuerdos/otro.pdf"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Campaign.objects.filter(id=rule.id).update(**changes)

    assert Campaign.objects.get(id=rule.id).withdrawal_reason == "El consejo la revocó."


def waived_credit(town: Town, **changes: object) -> Credit:
    facts = {
        "account": town.chuy, "kind": "waiver", "amount_cents": 75_00, "on": DAY.date(), "recorded_at": DAY,
        "recorded_by": "veronica", "document": "V-1 ABRIL-2019",
    }  # fmt: skip
    return Credit.objects.create(**facts | changes)


def waiver(town: Town, credit: Credit, **changes: object) -> Waiver:
    facts = {
        "rule": "ABRIL-2019", "account": town.chuy, "credit": credit, "cents": 75_00, "document": "V-1",
        "on": DAY.date(), "at": DAY, "by": "veronica",
    }  # fmt: skip
    return Waiver.objects.create(**facts | changes)


def _at_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_nothing_is_forgiven_without_the_row_of_its_rule(town: Town) -> None:
    with pytest.raises(IntegrityError, match="no tiene regla"), transaction.atomic():
        waived_credit(town)
        _at_commit()
    with pytest.raises(IntegrityError, match="no tiene regla"), transaction.atomic():
        waiver(town, waived_credit(town), cents=74_99)
        _at_commit()

    assert not Credit.objects.filter(kind="waiver").exists()


def test_a_waiver_with_its_rule_passes_and_so_does_taking_it_back(town: Town) -> None:
    credit = waived_credit(town)
    waiver(town, credit)
    waived_credit(town, amount_cents=-75_00, reverses=credit, document="V-1 ABRIL-2019 C")

    _at_commit()

    assert Waiver.objects.get().credit == credit


def test_what_was_forgiven_is_never_edited(town: Town) -> None:
    given = waiver(town, waived_credit(town))

    with pytest.raises(DatabaseError), transaction.atomic():
        Waiver.objects.filter(id=given.id).update(cents=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        given.delete()

    assert Waiver.objects.get().cents == 75_00


def test_a_month_is_paid_ahead_once_at_a_time(town: Town) -> None:
    credit = Credit.objects.create(
        account=town.chuy, kind="payment", amount_cents=85_00, on=DAY.date(), recorded_at=DAY,
        recorded_by="veronica", document="V-1",
    )  # fmt: skip
    book = TariffBook.objects.create(
        code="2019", name="2019", effective_from=DAY.date(), legal_reference="Acuerdo", document={},
        document_hash="-", loaded_at=DAY, loaded_by="laura",
    )  # fmt: skip
    facts = {
        "account": town.chuy, "period": 201905, "book": book, "quoted_cents": 100_00, "ppm": 150_000,
        "reduction_cents": 15_00, "paid_cents": 85_00, "credit": credit, "at": DAY, "by": "veronica",
    }  # fmt: skip
    first = PrepaidMonth.objects.create(**facts)

    with pytest.raises(IntegrityError, match="ya está pagado por adelantado"), transaction.atomic():
        PrepaidMonth.objects.create(**facts)
    # 100.00 − 15.00 = 85.00, not 84.00
    with pytest.raises(IntegrityError), transaction.atomic():
        PrepaidMonth.objects.create(**facts | {"period": 201906, "paid_cents": 84_00})
    PrepaidMonthEnd.objects.create(
        month=first, kind="canceled", reason="Comprobante cancelado.", on=DAY.date(), at=DAY, by="veronica"
    )
    PrepaidMonth.objects.create(**facts)

    assert PrepaidMonth.objects.filter(end=None).count() == 1
