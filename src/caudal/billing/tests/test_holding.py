"""Held bills: the run goes on without them, and a person lets them out or has the meter read again."""

from datetime import date

import pytest
from tests.town.cast import Town, moment

from caudal.billing import commands as billing
from caudal.billing import queries
from caudal.billing.models import Bill, HeldBill
from caudal.billing.tests import months
from caudal.billing.tests.months import FEBRUARY, JANUARY, LAURA, MARCH, SALAS
from caudal.billing.tests.test_a_month import TOTALS, WHOLE, every_disagreement
from caudal.kernel.models import AuditEntry
from caudal.ledger.models import Charge, JournalLine, PeriodBalance
from caudal.metering import commands as metering
from caudal.metering import queries as reviews
from caudal.metering.models import Consumption, RereadRequest
from caudal.registry.models import TariffClass

LATER = date(2019, 2, 11)
# 60 m³: 70.00 + 71.00 + 76.00 + 20 × 8.20 + 10 × 9.00 = 471.00; + 94.20 + 14.13; − (35.00 + 7.00 + 1.05)
LUPITA_AT_60 = 536_28


@pytest.fixture
def leak(priced: Town) -> Town:
    """Doña Lupita's dial says 60 m³ against a mean of 25."""
    months.read_january(priced, lupita=1060)
    return priced


def held_of(town: Town) -> HeldBill:
    return HeldBill.objects.get(account=town.lupita)


def decide_reread(held: HeldBill) -> HeldBill:
    return billing.send_to_reread(held=held, reason="Puede ser fuga", by=SALAS, at=months.after(JANUARY))


def read_again(town: Town, value: int) -> None:
    reading = town.point(town.lupita).installations.get().readings.filter(period=JANUARY).latest("revision")
    metering.correct_reading(
        reading=reading, value=value, reason="Se releyó", observer="julian", by=LAURA, at=moment(LATER),
        read_on=date(2019, 1, 26),
    )  # fmt: skip


def test_a_bill_far_above_its_mean_waits_and_the_rest_goes_out(leak: Town) -> None:
    run = months.computed(leak, JANUARY)
    held = held_of(leak)
    assert (held.reason, held.consumption_m3, held.mean_m3, held.total_cents) == (
        "above_mean",
        60,
        25,
        LUPITA_AT_60,
    )
    assert run.summary["held"] == {"above_mean": {"bills": 1, "total_cents": LUPITA_AT_60}}

    run = months.issue(run)

    assert not Bill.objects.filter(account_id=leak.lupita.pk).exists()
    assert not Charge.objects.filter(account_id=leak.lupita.pk).exists()
    proof = queries.completeness(run=run)
    assert (proof.active, proof.bills, proof.held, proof.unbilled, proof.is_complete) == (8, 7, 1, 0, True)
    assert every_disagreement() == []


def test_released_before_issue_it_goes_out_with_its_run(leak: Town) -> None:
    run = months.computed(leak, JANUARY)
    months.release(held_of(leak))
    run = months.issue(run)

    assert Bill.objects.get(account_id=leak.lupita.pk).total_cents == LUPITA_AT_60
    assert run.summary["total_cents"] == WHOLE - TOTALS["010293"][1] + LUPITA_AT_60
    assert run.summary["held_bills"] == 0
    held = held_of(leak)
    assert (held.decision, held.decided_by) == ("released", SALAS)
    assert held.issued_at is not None
    assert every_disagreement() == []


def test_released_after_issue_it_goes_out_alone_due_later(leak: Town) -> None:
    run = months.issued(leak, JANUARY)
    seal, lines = run.seal, JournalLine.objects.count()

    months.release(held_of(leak), on=LATER)

    bill = Bill.objects.get(account_id=leak.lupita.pk)
    assert (bill.total_cents, bill.issued_on, bill.due_on) == (LUPITA_AT_60, LATER, date(2019, 2, 26))
    balance = PeriodBalance.objects.get(period=JANUARY, account_id=leak.lupita.pk)
    assert (balance.open_principal_cents, balance.due_on) == (LUPITA_AT_60, date(2019, 2, 26))
    assert JournalLine.objects.count() > lines
    run.refresh_from_db()
    assert run.seal == seal
    assert every_disagreement() == []


@pytest.mark.parametrize("is_issued", [False, True])
def test_released_twice_it_goes_out_once(leak: Town, is_issued: bool) -> None:
    run = months.computed(leak, JANUARY)
    if is_issued:
        months.issue(run)
    months.release(held_of(leak))
    months.release(held_of(leak))

    assert Bill.objects.filter(account_id=leak.lupita.pk).count() == is_issued
    assert AuditEntry.objects.filter(act="billing.release").count() == 1


def test_a_release_needs_a_reason(leak: Town) -> None:
    months.computed(leak, JANUARY)
    with pytest.raises(billing.CannotDecide, match="Falta el motivo"):
        billing.release_held(held=held_of(leak), reason="  ", by=SALAS, on=LATER, at=moment(LATER))
    assert held_of(leak).decision == ""


def test_what_is_out_is_not_sent_to_be_read(leak: Town) -> None:
    months.issued(leak, JANUARY)
    months.release(held_of(leak), on=LATER)
    with pytest.raises(billing.CannotDecide, match="ya se emitió"):
        decide_reread(held_of(leak))
    assert not RereadRequest.objects.exists()


@pytest.mark.parametrize("is_issued", [False, True])
def test_read_again_and_ordinary_it_goes_out_by_itself(leak: Town, is_issued: bool) -> None:
    """It was 1030, not 1060: 30 m³ against a mean of 25 hold nobody."""
    run = months.computed(leak, JANUARY)
    if is_issued:
        months.issue(run)
    decide_reread(held_of(leak))
    read_again(leak, 1030)
    billing.recompute_held(held=held_of(leak), by=LAURA, on=LATER, at=moment(LATER))
    if not is_issued:
        months.issue(run)

    bill = Bill.objects.get(account_id=leak.lupita.pk)
    # 70.00 + 71.00 + 10 × 7.60 = 217.00; + 43.40 + 6.51; − (35.00 + 7.00 + 1.05)
    assert (bill.consumption_m3, bill.current_reading, bill.total_cents) == (30, 1030, 223_86)
    assert held_of(leak).decision_reason == "Releída: ya no hay motivo para detenerla"
    assert every_disagreement() == []


def test_read_again_and_still_odd_it_waits_with_its_new_figures(leak: Town) -> None:
    run = months.computed(leak, JANUARY)
    decide_reread(held_of(leak))
    read_again(leak, 1070)
    billing.recompute_held(held=held_of(leak), by=LAURA, on=LATER, at=moment(LATER))

    held = held_of(leak)
    assert (held.decision, held.reason, held.consumption_m3) == ("", "above_mean", 70)
    months.release(held)
    months.issue(run)
    assert Bill.objects.get(account_id=leak.lupita.pk).consumption_m3 == 70
    assert every_disagreement() == []


def test_only_what_was_sent_is_computed_again(leak: Town) -> None:
    months.computed(leak, JANUARY)
    with pytest.raises(billing.CannotDecide, match="no está a releer"):
        billing.recompute_held(held=held_of(leak), by=LAURA, on=LATER, at=moment(LATER))


def test_the_first_bill_of_a_meter_waits(town: Town) -> None:
    months.publish_books()
    months.read(town, town.lupita, JANUARY, 977)
    months.assess(town, JANUARY)
    months.computed(town, JANUARY)
    assert held_of(town).reason == "first_bill"


def test_no_consumption_after_having_some_waits(priced: Town) -> None:
    months.read_january(priced, lupita=1000)
    months.computed(priced, JANUARY)
    assert held_of(priced).reason == "zero_with_history"


def test_a_dial_that_went_back_waits(priced: Town) -> None:
    months.read_january(priced, lupita=990)
    months.computed(priced, JANUARY)
    assert held_of(priced).reason == "reading_doubt"


def test_a_third_estimate_in_a_row_waits(january: Town) -> None:
    """The house is closed in February, March and April; two estimates may go out, the third is seen."""
    reasons = []
    for period in (FEBRUARY, MARCH, 201904):
        months.read(january, january.lupita, period, None, code="01")
        months.assess(january, period)
        run = months.computed(january, period)
        reasons += [run.held.filter(account=january.lupita).values_list("reason", flat=True).first()]
    assert reasons == [None, None, "too_many_estimates"]


def test_a_bill_of_more_than_fifty_thousand_waits(priced: Town) -> None:
    """La Ponderosa: 2,000 m³ at 25.00 beyond the tiers."""
    months.read_january(priced, ponderosa=960 + 2_000)
    run = months.computed(priced, JANUARY)
    assert run.held.get(account=priced.ponderosa).reason == "above_amount"


def test_who_was_not_assessed_goes_without_with_its_name(priced: Town) -> None:
    run = months.issued(priced, JANUARY)
    assert {(u.account.number, u.cause) for u in run.unbilled.all()} == {
        (account.number, "no_consumption") for account in priced.metered
    }
    assert (run.summary["bills"], run.summary["unbilled"]) == (3, {"no_consumption": 5})
    assert every_disagreement() == []


def test_a_class_that_the_book_does_not_price_goes_without(january: Town) -> None:
    unknown = TariffClass.objects.create(code="PILA", name="Pila pública", use=TariffClass.Use.PUBLIC)
    january.change_terms(january.chuy, tariff_class=unknown, on=date(2019, 1, 10), reason="Censo")
    run = months.issued(january, JANUARY)
    assert list(run.unbilled.values_list("account__number", "cause")) == [("010117", "no_price")]


def test_one_absurd_reading_does_not_stop_the_town(january: Town) -> None:
    point = january.point(january.espiga)
    Consumption.objects.filter(period=JANUARY, service_point_id=point.pk).update(consumption_m3=2_000_000)
    run = months.issued(january, JANUARY)
    assert list(run.unbilled.values_list("account__number", "cause")) == [("010405", "out_of_bounds")]
    assert run.summary["bills"] == 7


def test_a_price_that_the_rules_refuse_stops_only_its_account(
    january: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules refuse amounts out of all proportion: the account at fault is found, the others are billed."""
    monkeypatch.setattr("caudal.rules.bounds.MAX_CENTS", 10_000_00)
    run = months.issued(january, JANUARY)
    assert list(run.unbilled.values_list("account__number", "cause")) == [("010818", "out_of_bounds")]
    assert run.summary["total_cents"] == WHOLE - TOTALS["010818"][1]


def decided(town: Town, decision: str, **said: object) -> None:
    told = {"reason": "Fuga vista", "by": LAURA, "at": months.after(JANUARY)} | said
    metering.review_reading(service_point=town.point(town.lupita), period=JANUARY, decision=decision, **told)  # type: ignore[arg-type]


def test_what_the_critica_accepted_before_the_run_is_not_held(leak: Town) -> None:
    metering.assess_period(cycle=leak.cycle, period=JANUARY, by=LAURA, at=months.after(JANUARY))
    decided(leak, "accepted")
    months.issue(months.computed(leak, JANUARY))
    assert not HeldBill.objects.exists()
    assert Bill.objects.get(account_id=leak.lupita.pk, period=JANUARY).total_cents == LUPITA_AT_60


def test_what_the_critica_accepts_after_the_run_is_let_go_and_taken_back(leak: Town) -> None:
    months.computed(leak, JANUARY)
    decided(leak, "accepted")
    held = held_of(leak)
    assert (held.decision, held.decision_reason, held.decided_by) == (
        "released",
        "Crítica: Fuga vista",
        LAURA,
    )
    point = leak.point(leak.lupita)
    last = reviews.last_review(service_point_id=point.pk, period=JANUARY)
    assert last is not None
    metering.reopen_review(review=last, by=LAURA, at=months.after(JANUARY))
    assert held_of(leak).decision == ""


def test_what_the_critica_corrects_after_the_run_goes_out_with_its_new_figures_once(leak: Town) -> None:
    run = months.computed(leak, JANUARY)
    decided(leak, "corrected", value=1025)
    held = held_of(leak)
    assert (held.decision, held.consumption_m3) == ("released", 25)
    months.issue(run)
    assert Bill.objects.get(account_id=leak.lupita.pk, period=JANUARY).consumption_m3 == 25


def test_a_contradicted_reading_waits_however_usual_it_is(priced: Town) -> None:
    months.read_january(priced)
    metering.contest_reading(
        service_point=priced.point(priced.lupita), period=JANUARY, reason="Beto leyó otra", by="beto",
        at=months.after(JANUARY),
    )  # fmt: skip
    run = months.computed(priced, JANUARY)
    assert held_of(priced).reason == "reading_doubt"
    months.issue(run)
    assert not Bill.objects.filter(account_id=priced.lupita.pk, period=JANUARY).exists()
    assert every_disagreement() == []
