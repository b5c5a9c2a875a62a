"""Charging one document: what is owed, where it stands in the accounts, what is refused."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from caudal.kernel.models import AuditEntry
from caudal.ledger import catalog, queries
from caudal.ledger import commands as ledger
from caudal.ledger.commands import ChargeLine
from caudal.ledger.models import (
    Charge,
    Concept,
    DocumentKind,
    JournalEntry,
    JournalLine,
    LedgerAccount,
    PeriodBalance,
    Working,
)
from caudal.ledger.tests.builders import CHARGED_ON, account, bill, moment
from caudal.registry.models import Account

pytestmark = pytest.mark.django_db
WATER = catalog.WATER


def charge_fee(holder: Account, *lines: ChargeLine) -> ledger.PostedDocument:
    return ledger.post_charges(
        account=holder,
        lines=lines,
        document_kind=DocumentKind.FEE,
        due_on=date(2019, 1, 15),
        on=CHARGED_ON,
        at=moment(CHARGED_ON),
        by="veronica",
        reason="Cambio de propietario",
    )


def test_every_installation_starts_with_the_chart() -> None:
    accounts = set(LedgerAccount.objects.values_list("code", flat=True))
    concepts = list(Concept.objects.order_by("id"))

    assert [concept.code for concept in concepts] == [row[1] for row in catalog.CONCEPTS]
    for concept in concepts:
        assert {concept.receivable_account, concept.revenue_account} <= accounts
    assert Concept.objects.get(code="surcharge").receivable_account == "1124-05"
    assert Concept.objects.get(code="water").revenue_account == "4143-08"


def test_the_rules_and_the_ledger_count_kinds_of_concept_alike() -> None:
    assert tuple(Concept.Kind.values) == queries.KINDS


def test_a_service_at_the_window_is_owed_and_posted() -> None:
    """A change of owner costs $120.00 and $19.20 of VAT; the second one of the day takes the next number."""
    rancho = account("020031")

    first = charge_fee(rancho, ChargeLine(catalog.OWNERSHIP_TRANSFER_FEE, 12_000, vat_cents=1_920))
    second = charge_fee(rancho, ChargeLine(catalog.NO_DEBT_CERTIFICATE_FEE, 9_000))

    assert (first.period, first.sequence, first.total_cents, second.sequence) == (0, 1, 13_920, 2)
    assert queries.balance(account_id=rancho.id) == 22_920
    entry = JournalEntry.objects.get(kind="charges", document="020031/0/3/1")
    assert sorted(entry.lines.values_list("ledger_account_id", "amount_cents")) == [
        ("1124-09", 13_920),
        ("2117", -1_920),
        ("4173", -12_000),
    ]
    assert AuditEntry.objects.filter(act="ledger.post_charges", object_id="020031").count() == 2


def test_a_working_is_kept_once_for_all_lines_that_share_it() -> None:
    working = {"rule": "flat", "class": "HAB-GEN", "unit_price": 1_100_000}
    for number in ("010117", "010293"):
        bill(account(number), ChargeLine(WATER, 11_000, working=working))

    assert Working.objects.get().body == working
    assert set(Charge.objects.values_list("working_id", flat=True)) == {ledger.working_address(body=working)}
    reordered = dict(reversed(working.items()))
    assert ledger.working_address(body=reordered) == ledger.working_address(body=working)


def test_a_rebilled_month_is_due_when_its_new_bill_is() -> None:
    """The month was late two months and paid; billed again, its months count from the new due date."""
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))
    PeriodBalance.objects.filter(account_id=chuy.id).update(surcharged_months=2)
    ledger.cancel_document_charges(
        account=chuy,
        period=201901,
        document_kind=DocumentKind.BILL,
        sequence=1,
        on=date(2019, 3, 5),
        at=moment(date(2019, 3, 5)),
        by="laura",
        reason="Lectura equivocada",
    )

    posted = bill(chuy, ChargeLine(WATER, 8_000), due_on=date(2019, 3, 20))

    assert posted.sequence == 2
    held = PeriodBalance.objects.get(period=201901, account_id=chuy.id)
    assert (held.open_principal_cents, held.due_on, held.surcharged_months) == (8_000, date(2019, 3, 20), 0)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "No hay nada que cargar"),
        ([ChargeLine(99, 100)], "No existe el concepto 99"),
        ([ChargeLine(WATER, 100, reduces_id=98)], "No existe el concepto 98"),
        ([ChargeLine(catalog.BENEFIT, -100)], "no dice bien qué descuenta"),
        ([ChargeLine(WATER, 500), ChargeLine(catalog.BENEFIT, 100, reduces_id=WATER)], "no dice bien"),
        ([ChargeLine(WATER, 100, reduces_id=WATER)], "no dice bien qué descuenta"),
        ([ChargeLine(WATER, 100), ChargeLine(catalog.BENEFIT, -101, reduces_id=WATER)], "menos de cero"),
        ([ChargeLine(WATER, 100), ChargeLine(WATER, 200)], "repite un concepto"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(lines: list[ChargeLine], says: str) -> None:
    chuy = account("010117")

    with pytest.raises(ledger.CannotPostCharges, match=says):
        charge_fee(chuy, *lines)

    assert not Charge.objects.exists() and not JournalEntry.objects.exists()
    assert not PeriodBalance.objects.exists() and not AuditEntry.objects.exists()


def test_the_same_document_is_not_charged_twice() -> None:
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000), sequence=1)

    with pytest.raises(ledger.CannotPostCharges, match="ya está cargado"):
        bill(chuy, ChargeLine(WATER, 10_000), sequence=1)

    assert queries.balance(account_id=chuy.id) == 10_000


def test_the_database_refuses_a_charge_of_two_signs() -> None:
    chuy = account("010117")
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.create(
            period=0, account_id=chuy.id, document_kind=3, sequence=1, concept_id=WATER,
            due_on=CHARGED_ON, amount_cents=100, vat_cents=-16,
        )  # fmt: skip


def test_the_database_refuses_an_entry_that_does_not_sum_to_zero() -> None:
    """$100.00 received and $99.99 credited: the missing centavo is named when the transaction ends."""
    entry = JournalEntry.objects.create(
        on=CHARGED_ON, kind="credit.payment", document="A-000001", description="Pago",
        recorded_at=moment(CHARGED_ON), recorded_by="veronica",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="le sobran 1 centavos"), transaction.atomic():
        JournalLine.objects.create(entry=entry, ledger_account_id="1111", amount_cents=10_000)
        JournalLine.objects.create(entry=entry, ledger_account_id="2119", amount_cents=-9_999)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    entry_lines = JournalLine.objects.filter(entry=entry)
    assert not entry_lines.exists()
    JournalLine.objects.create(entry=entry, ledger_account_id="1111", amount_cents=10_000)
    JournalLine.objects.create(entry=entry, ledger_account_id="3220", amount_cents=-10_000)
