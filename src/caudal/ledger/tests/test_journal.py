"""The entries of a run, and reading the journal back."""

from datetime import date

import pytest

from caudal.kernel import partitions
from caudal.ledger import catalog, queries
from caudal.ledger import commands as ledger
from caudal.ledger.commands import ChargeLine, RunTotal
from caudal.ledger.models import Charge, JournalEntry, PeriodBalance
from caudal.ledger.tests.builders import account, bill, moment, pay

pytestmark = pytest.mark.django_db
WATER, BENEFIT = catalog.WATER, catalog.BENEFIT
ISSUED_ON = date(2019, 1, 31)


def post_run(*totals: RunTotal) -> list[JournalEntry]:
    return ledger.post_run_entry(
        document="run:12",
        on=ISSUED_ON,
        description="Emisión de enero 2019, ciclo 1",
        totals=totals,
        at=moment(ISSUED_ON),
        by="laura",
    )


def issue(*lines: ChargeLine) -> None:
    """The rows that a run would have attached, for one account."""
    holder = account("010293")
    for parent in ("ledger_charge", "ledger_periodbalance"):
        partitions.ensure(parent=parent, period=201901)
    Charge.objects.bulk_create(
        Charge(
            period=201901, account_id=holder.id, document_kind=1, sequence=1, concept_id=line.concept_id,
            reduces_id=line.reduces_id, due_on=date(2019, 2, 15), amount_cents=line.amount_cents,
            vat_cents=line.vat_cents,
        )
        for line in lines
    )  # fmt: skip
    PeriodBalance.objects.create(
        period=201901, account_id=holder.id, due_on=date(2019, 2, 15),
        open_principal_cents=sum(line.amount_cents + line.vat_cents for line in lines),
    )  # fmt: skip


def test_a_run_posts_one_balanced_entry_for_each_concept() -> None:
    """Water $1,000.00 with $160.00 VAT, reduced by $100.00 of benefits with −$16.00; treatment $200.00."""
    issue(
        ChargeLine(WATER, 100_000, vat_cents=16_000),
        ChargeLine(BENEFIT, -10_000, vat_cents=-1_600, reduces_id=WATER),
        ChargeLine(catalog.WASTEWATER_TREATMENT, 20_000),
    )

    entries = post_run(
        RunTotal(WATER, 100_000, 16_000),
        RunTotal(BENEFIT, -10_000, -1_600, reduces_id=WATER),
        RunTotal(catalog.WASTEWATER_TREATMENT, 20_000),
    )

    assert [entry.kind for entry in entries] == ["billing.water", "billing.wastewater_treatment"]
    assert sorted(entries[0].lines.values_list("ledger_account_id", "concept__code", "amount_cents")) == [
        ("1124-03", "water", 104_400),  # 1,160.00 − 116.00
        ("2117", "water", -14_400),
        ("4143-08", "benefit", 10_000),
        ("4143-08", "water", -100_000),
    ]


def test_posting_a_run_again_writes_nothing() -> None:
    issue(ChargeLine(WATER, 100_000))
    first = post_run(RunTotal(WATER, 100_000))

    assert [entry.id for entry in post_run(RunTotal(WATER, 100_000))] == [entry.id for entry in first]
    assert JournalEntry.objects.count() == 1


def test_posting_a_run_again_with_other_amounts_is_refused() -> None:
    issue(ChargeLine(WATER, 100_000))
    post_run(RunTotal(WATER, 100_000))

    with pytest.raises(ledger.CannotPostEntry, match="ya está registrada con otros importes"):
        post_run(RunTotal(WATER, 100_001))

    assert JournalEntry.objects.count() == 1


def test_the_journal_is_read_newest_first_between_two_days() -> None:
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))
    pay(chuy, 10_000, on=date(2019, 1, 15))

    entries = queries.journal_entries(since=date(2019, 1, 5), until=date(2019, 1, 16))

    assert [(entry["kind"], entry["document"]) for entry in entries] == [
        ("credit.payment", "A-000001"),
        ("charges", "010117/201901/1/1"),
    ]
    assert [(line["account"], line["amount_cents"]) for line in entries[0]["lines"]] == [
        ("1111", 10_000),
        ("1124-03", -10_000),
    ]
    assert queries.journal_entries(until=date(2019, 1, 5)) == []
    assert [each["kind"] for each in queries.journal_entries(kind="credit")] == ["credit.payment"]
