"""January 2019 in the town: from readings to issued, posted, sealed bills, to the centavo."""

from datetime import date

import pytest
from django.db import connection
from tests.town.cast import Town, moment

from caudal.billing import checks as billing_checks
from caudal.billing import commands as billing
from caudal.billing import posting, queries
from caudal.billing.models import Bill, BillingRun, RunStep
from caudal.billing.tests import months
from caudal.billing.tests.months import DECEMBER, FEBRUARY, JANUARY, LAURA, SALAS
from caudal.kernel.models import AuditEntry
from caudal.ledger import checks as ledger_checks
from caudal.ledger import commands as ledger
from caudal.ledger.models import Charge, Credit, CreditBalance, JournalLine, PeriodBalance
from caudal.metering import commands as metering
from caudal.registry import commands as registry
from caudal.registry.models import BillingCycle, Route
from caudal.tariffs.queries import NoBookInForce

# account → m³ and total: each worked out below or by the same table
TOTALS = {
    "010117": (0, 135_30),  # flat 110.00 + 20 % 22.00 + 3 % 3.30
    "010293": (27, 195_82),  # 194.20 + 38.84 + 5.83 − 50 % of the first 10 m³ (35.00 + 7.00 + 1.05)
    "010405": (30, 487_96),  # (342.00 + 68.40 + 10.26) + VAT 54.72 + 10.94 + 1.64
    "010512": (50, 652_04),  # (457.00 + 91.40 + 13.71) + VAT 73.12 + 14.62 + 2.19
    "010620": (190, 4_761_23),  # (3,337.00 + 667.40 + 100.11) + VAT 533.92 + 106.78 + 16.02
    "010733": (0, 71_34),  # lot of 300 m²: (50.00 + 10.00 + 1.50) + VAT 8.00 + 1.60 + 0.24
    "010818": (500, 16_672_16),  # (11,685.00 + 2,337.00 + 350.55) + VAT 1,869.60 + 373.92 + 56.09
    "020031": (0, 88_46),  # (62.00 + 12.40 + 1.86) + VAT 9.92 + 1.98 + 0.30
}
WHOLE = sum(cents for _, cents in TOTALS.values())


def detached_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname ~ '_r[0-9]+h?$' AND relkind = 'r'")
        return [name for (name,) in cursor.fetchall()]


def every_disagreement() -> list[str]:
    return [told for check in (*billing_checks.CHECKS, *ledger_checks.CHECKS) for told in check.find()]


def test_every_account_of_the_town_gets_its_bill_to_the_centavo(january: Town) -> None:
    run = months.issued(january, JANUARY)

    numbers = {account.pk: account.number for account in january.accounts}
    bills = {numbers[bill.account_id]: (bill.consumption_m3, bill.total_cents) for bill in Bill.objects.all()}
    assert bills == TOTALS
    assert run.state == BillingRun.State.ISSUED
    assert run.n_accounts == 8
    assert run.due_on == date(2019, 2, 16)  # the book: 15 days after 1 February
    assert detached_tables() == []
    assert every_disagreement() == []


def test_each_line_of_dona_lupita_is_a_charge_with_its_arithmetic(january: Town) -> None:
    months.issued(january, JANUARY)

    charges = Charge.objects.filter(period=JANUARY, account_id=january.lupita.pk).order_by(
        "concept_id", "reduces_id"
    )
    assert [(c.concept_id, c.reduces_id, c.amount_cents, c.vat_cents, c.base_cents) for c in charges] == [
        (1, 0, 194_20, 0, 0),  # 70.00 + 10 × 7.10 + 7 × 7.60
        (3, 0, 38_84, 0, 194_20),  # 20 %
        (4, 0, 5_83, 0, 194_20),  # 3 % = 5.826
        (10, 1, -35_00, 0, 70_00),  # 50 % of what the first 10 m³ cost
        (10, 3, -7_00, 0, 14_00),
        (10, 4, -1_05, 0, 2_10),
    ]
    assert {(c.document_kind, c.sequence, c.due_on) for c in charges} == {(1, 1, date(2019, 2, 16))}
    bill = Bill.objects.get(account_id=january.lupita.pk)
    assert (bill.previous_reading, bill.current_reading, bill.days, bill.mean_m3) == (1000, 1027, 31, 25)
    balance = PeriodBalance.objects.get(period=JANUARY, account_id=january.lupita.pk)
    assert (balance.open_principal_cents, balance.open_accessory_cents) == (195_82, 0)


def test_the_run_adds_up_by_concept_and_class(january: Town) -> None:
    run = months.computed(january, JANUARY)
    summary = queries.run_summary(run=run)

    assert (summary["bills"], summary["held_bills"], summary["unbilled_accounts"]) == (8, 0, 0)
    assert summary["total_cents"] == WHOLE == 23_064_31
    assert summary["consumption_m3"] == 27 + 30 + 50 + 190 + 500
    by_concept = {(row["concept"], row["reduces"]): row["total_cents"] for row in summary["concepts"]}
    assert sum(by_concept.values()) == WHOLE
    assert by_concept["benefit", "water"] == -35_00
    water = next(row for row in summary["concepts"] if row["concept"] == "water")
    assert water["by_class"]["HAB-GEN"] == 110_00 + 194_20
    assert {row["class"]: row["bills"] for row in summary["classes"]}["HAB-GEN"] == 2
    assert [step["by"] for step in summary["steps"]] == [LAURA, LAURA]


def test_the_journal_has_one_balanced_entry_per_concept(january: Town) -> None:
    run = months.issued(january, JANUARY)

    lines = JournalLine.objects.filter(entry__document=f"run:{run.pk}")
    assert set(lines.values_list("entry__kind", flat=True)) == {
        "billing.water", "billing.wastewater_treatment", "billing.infrastructure_charge",
    }  # fmt: skip
    assert sum(lines.values_list("amount_cents", flat=True)) == 0
    receivable = lines.filter(ledger_account_id="1124-03").values_list("amount_cents", flat=True)
    assert sum(receivable) == WHOLE


def test_a_month_issued_twice_is_issued_once(january: Town) -> None:
    run = months.issued(january, JANUARY)
    bills, charges, lines = Bill.objects.count(), Charge.objects.count(), JournalLine.objects.count()

    again = billing.issue(run=run, by=LAURA, at=months.after(JANUARY))

    assert again.seal == run.seal
    assert (Bill.objects.count(), Charge.objects.count(), JournalLine.objects.count()) == (
        bills,
        charges,
        lines,
    )
    assert RunStep.objects.filter(run=run, state="issued").count() == 1
    assert AuditEntry.objects.filter(act="billing.issue").count() == 1


def test_who_reviews_a_run_does_not_issue_it(january: Town) -> None:
    """Laura signs the figures; the bills leave with another's hand."""
    run = billing.review(run=months.computed(january, JANUARY), by=LAURA, at=months.after(JANUARY))

    with pytest.raises(billing.CannotIssueRun, match="Quien revisó esta facturación no la emite"):
        billing.issue(run=run, by=LAURA, at=months.after(JANUARY))

    assert Bill.objects.count() == Charge.objects.count() == 0
    run.refresh_from_db()
    assert run.state == BillingRun.State.REVIEWED
    assert billing.issue(run=run, by=SALAS, at=months.after(JANUARY)).state == BillingRun.State.ISSUED


def test_nothing_is_issued_before_somebody_reviews(january: Town) -> None:
    run = months.computed(january, JANUARY)

    with pytest.raises(billing.CannotIssueRun, match="falta que alguien la revise"):
        billing.issue(run=run, by=SALAS, at=months.after(JANUARY))

    assert Bill.objects.count() == Charge.objects.count() == 0
    run.refresh_from_db()
    assert run.state == BillingRun.State.COMPUTED


def test_a_service_without_a_word_stops_the_issue_by_name(january: Town) -> None:
    """Don Beto's account is opened after the run was computed: it has no bill and no reason."""
    run = months.computed(january, JANUARY)
    registry.open_account(
        number="010999",
        holder=registry.Holder(full_name="Heriberto Salcedo"),
        place=registry.Place(
            address="Hidalgo 999", locality=january.la_barca, route=january.routes["01-001"], walk_sequence=90
        ),
        tariff_class=january.classes["HAB-GEN"],
        is_metered=False,
        opened_on=date(2019, 1, 15),
        by=LAURA,
        at=months.after(JANUARY),
    )

    assert queries.completeness(run=run).without_a_word == ("010999",)
    with pytest.raises(billing.CannotIssueRun, match="sin recibo ni motivo: 010999"):
        months.issue(run)

    assert Bill.objects.count() == Charge.objects.count() == JournalLine.objects.count() == 0
    run.refresh_from_db()
    assert (run.state, run.seal) == (BillingRun.State.REVIEWED, "")


def test_a_service_that_ended_meanwhile_stops_the_issue_too(january: Town) -> None:
    run = months.computed(january, JANUARY)
    registry.close_account(
        account=january.chuy,
        on=date(2019, 1, 20),
        reason="Demolieron la casa",
        by=LAURA,
        at=months.after(JANUARY),
    )

    with pytest.raises(billing.CannotIssueRun, match="con recibo y ya sin servicio: 010117"):
        months.issue(run)
    assert Bill.objects.count() == 0


def test_a_discarded_run_leaves_nothing_and_the_next_one_is_the_same(january: Town) -> None:
    rehearsal = months.computed(january, JANUARY)
    seals = list(rehearsal.chunks.values_list("seal", flat=True))
    discarded = billing.discard(run=rehearsal, by=SALAS, at=months.after(JANUARY), reason="Era un ensayo")

    assert (discarded.state, discarded.summary, detached_tables()) == ("discarded", {}, [])
    run = months.computed(january, JANUARY)
    assert list(run.chunks.values_list("seal", flat=True)) == seals
    assert run.pk != rehearsal.pk


def test_an_issued_run_is_not_discarded_and_a_reason_is_needed(january: Town) -> None:
    run = months.computed(january, JANUARY)
    with pytest.raises(billing.CannotDiscardRun, match="Falta el motivo"):
        billing.discard(run=run, by=SALAS, at=months.after(JANUARY), reason=" ")
    run = months.issue(run)
    with pytest.raises(billing.CannotDiscardRun, match="ya está emitida"):
        billing.discard(run=run, by=SALAS, at=months.after(JANUARY), reason="Me arrepentí")
    assert Bill.objects.count() == 8


def test_a_month_is_opened_once_under_a_book_that_rules_it(january: Town) -> None:
    run = months.computed(january, JANUARY)
    assert run.book.code == "la-barca-demo-2019"
    day = {"issued_on": date(2019, 2, 1), "by": LAURA, "at": months.after(JANUARY)}
    with pytest.raises(
        billing.CannotOpenRun, match=r"Ya hay una facturación de 01/2019 para el ciclo MENSUAL"
    ):
        billing.open_run(cycle=january.cycle, period=JANUARY, **day)
    with pytest.raises(billing.CannotOpenRun, match="antes de emitirse"):
        billing.open_run(cycle=january.cycle, period=FEBRUARY, due_on=date(2019, 1, 31), **day)
    with pytest.raises(NoBookInForce):
        billing.open_run(cycle=january.cycle, period=201001, **day)
    assert BillingRun.objects.count() == 1


def test_december_is_billed_by_the_book_of_its_own_year(priced: Town) -> None:
    run = months.issued(priced, DECEMBER)
    # 2018: 67.31 + 10 × 6.83 + 5 × 7.31 = 172.16 for 25 m³
    assert run.book.code == "la-barca-demo-2018"
    assert Charge.objects.get(account_id=priced.lupita.pk, concept_id=1).amount_cents == 172_16


def test_older_debt_and_its_surcharge_are_quoted_not_charged(january: Town) -> None:
    months.issued(january, JANUARY)
    months.read(january, january.lupita, FEBRUARY, 1050)
    months.assess(january, FEBRUARY)
    run = months.computed(january, FEBRUARY)
    for held in run.held.all():
        months.release(held)
    months.issue(run)

    # Don Chuy owes January (135.30, due 16 February): one month or fraction late on 1 March, 1 %
    bill = Bill.objects.get(period=FEBRUARY, account_id=january.chuy.pk)
    assert (bill.total_cents, bill.prior_balance_cents, bill.surcharge_cents) == (135_30, 135_30, 1_35)
    assert not Charge.objects.filter(account_id=january.chuy.pk, document_kind=2).exists()
    assert run.summary["previous_total_cents"] > 0
    assert every_disagreement() == []


def test_money_in_favor_meets_the_new_bill(january: Town) -> None:
    """La Espiga paid 1,000.00 ahead in December: January's 487.96 is covered, 512.04 stay in favor."""
    from caudal.tariffs import queries as tariffs

    on = date(2018, 12, 20)
    ledger.post_credit(
        account=january.espiga, kind=Credit.Kind.PAYMENT, amount_cents=1_000_00, on=on, at=moment(on), by="veronica",
        document="A-1", terms=tariffs.terms(book=tariffs.book_in_force(on=on)), funds={"1111": 1_000_00},
    )  # fmt: skip

    months.issued(january, JANUARY)

    assert CreditBalance.objects.get(pk=january.espiga.pk).unallocated_cents == 512_04
    assert PeriodBalance.objects.get(period=JANUARY, account_id=january.espiga.pk).open_principal_cents == 0
    assert every_disagreement() == []


@pytest.fixture
def second_cycle(january: Town) -> BillingCycle:
    """El Carmen is billed apart: the ranch moves to a route of its own cycle."""
    cycle = BillingCycle.objects.create(code="CARMEN", name="El Carmen")
    route = Route.objects.create(code="03-001", sector="03", name="El Carmen nuevo", cycle=cycle)
    registry.move_on_route(
        service_point=january.point(january.rancho), route=route, walk_sequence=5, reason="Ciclo nuevo", by=LAURA,
        at=months.after(JANUARY),
    )  # fmt: skip
    return cycle


def test_two_cycles_share_a_month(january: Town, second_cycle: BillingCycle) -> None:
    town_run = months.issued(january, JANUARY)
    carmen_run = months.issued(january, JANUARY, second_cycle)

    assert (town_run.summary["bills"], carmen_run.summary["bills"]) == (7, 1)
    assert Bill.objects.filter(period=JANUARY).count() == 8
    assert Bill.objects.get(account_id=january.rancho.pk).total_cents == 88_46
    assert every_disagreement() == []


def test_who_changed_cycle_is_not_billed_twice(january: Town) -> None:
    months.issued(january, JANUARY)
    cycle = BillingCycle.objects.create(code="CARMEN", name="El Carmen")
    route = Route.objects.create(code="03-001", sector="03", cycle=cycle)
    registry.move_on_route(
        service_point=january.point(january.rancho), route=route, walk_sequence=5, reason="Ciclo nuevo", by=LAURA,
        at=months.after(JANUARY),
    )  # fmt: skip

    run = months.issued(january, JANUARY, cycle)

    assert list(run.unbilled.values_list("account__number", "cause")) == [("020031", "billed_elsewhere")]
    assert Bill.objects.filter(account_id=january.rancho.pk).count() == 1


def test_the_period_is_closed_to_readings_once_issued(january: Town) -> None:
    months.issued(january, JANUARY)
    with pytest.raises(metering.CannotAssessPeriod, match="ya está facturado"):
        months.assess(january, JANUARY)


def test_a_run_is_cut_at_fixed_places(january: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """In pieces of three ids or in one, the same bills."""
    one = months.computed(january, JANUARY)
    whole = one.summary
    billing.discard(run=one, by=SALAS, at=months.after(JANUARY), reason="Ensayo")
    monkeypatch.setattr("caudal.billing.loading.CHUNK_IDS", 3)
    pieces = months.computed(january, JANUARY)

    assert pieces.chunks.count() >= 3
    assert pieces.summary == whole
    months.issue(pieces)
    assert every_disagreement() == []
    assert posting.tags(run=pieces) == (f"r{pieces.pk}", f"r{pieces.pk}h")
