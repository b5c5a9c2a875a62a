"""How agreements end: broken, as if nothing had been signed; kept; canceled the day of the mistake."""

from datetime import date

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.access import approvals
from caudal.arrangements import commands as arrangements
from caudal.arrangements import queries
from caudal.arrangements.events import ArrangementDefaulted, ArrangementFinished, ArrangementSigned
from caudal.arrangements.models import LiveArrangement, PaymentArrangement
from caudal.arrangements.policy import Terms
from caudal.arrangements.tests.desk import (
    SIGNED,
    TERMS,
    approve,
    campaign,
    default,
    owe,
    owed,
    owed_by_period,
    pay,
    set_policy,
    sign,
    states,
    written,
)
from caudal.campaigns.models import Waiver
from caudal.kernel import events
from caudal.ledger import catalog, checks
from caudal.ledger.models import Charge, Credit
from caudal.registry.models import Account

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = date(2019, 5, 20), date(2019, 6, 20), date(2019, 7, 21)


def test_broken_and_as_if_never_signed(april: Town, neighbor: Account) -> None:
    """Both pay 64.00 on 20 April and 60.50 on 20 May, and nothing more: on 21 July both owe the same."""
    signed = sign(april.chuy)
    for who in (april.chuy, neighbor):
        pay(who, 64_00, on=SIGNED)
        pay(who, 60_50, on=MAY)
    end = default(signed, on=JULY)

    assert owed_by_period(april.chuy, on=JULY) == owed_by_period(neighbor, on=JULY)
    assert (end.kind, end.paid_cents, end.replayed_cents, end.in_favor_cents) == (
        "defaulted",
        124_50,
        124_50,
        0,
    )
    assert (end.waiver_taken_back_cents, end.forgiven_cents, end.penalty_cents) == (0, 0, 0)
    assert states(signed, on=JULY) == ["pagada", "pagada", "sin efecto", "sin efecto", "sin efecto"]
    told = queries.standing(arrangement=signed, on=JULY)
    assert (told.state, told.paid_cents, told.open_cents) == ("incumplido", 124_50, 0)
    assert queries.live_of(account=april.chuy) is None and not LiveArrangement.objects.exists()


def test_what_was_paid_in_part_is_remembered(april: Town) -> None:
    """64.00 and 20.00 of the 60.50: number 1 has no effect any more, and its 20.00 went to the debt."""
    signed = sign(april.chuy)
    pay(april.chuy, 84_00, on=SIGNED)
    default(signed, on=JULY)
    told = queries.standing(arrangement=signed, on=JULY)
    assert [(row.paid_cents, row.open_cents) for row in told.rows[:3]] == [(64_00, 0), (20_00, 0), (0, 0)]
    assert (states(signed, on=JULY)[1], told.rows[1].paid_on) == ("sin efecto", None)


def test_what_was_forgiven_on_condition_is_owed_again(april: Town, neighbor: Account) -> None:
    """Surcharges 3.00, 2.00 and 1.00, of which 75 % are 2.25 + 1.50 + 0.75 = 4.50: 301.50 are agreed."""
    campaign()
    told = queries.simulate(account=april.chuy, on=SIGNED, at=moment(SIGNED), terms=TERMS)
    signed = sign(april.chuy)
    assert (told.waived_cents, told.agreed_cents, told.waiver_name) == (4_50, 301_50, "Abril sin recargos")
    assert (signed.waived_cents, signed.agreed_cents, owed(april.chuy, on=SIGNED)) == (4_50, 301_50, 301_50)
    assert [(line["period"], line["waived_cents"]) for line in signed.debts if line["waived_cents"]] == [
        (201901, 2_25), (201902, 1_50), (201903, 75),
    ]  # fmt: skip
    waiver = Waiver.objects.get()
    assert (waiver.rule, waiver.document, waiver.is_conditional) == ("ABRIL-2019", signed.folio, True)

    for who in (april.chuy, neighbor):
        pay(who, 64_00, on=SIGNED)
    end = default(signed, on=JULY)
    assert end.waiver_taken_back_cents == 4_50
    assert owed_by_period(april.chuy, on=JULY) == owed_by_period(neighbor, on=JULY)


def test_rules_that_stack_are_all_taken_back(april: Town, neighbor: Account) -> None:
    """75 % of the surcharges, and then $10.00 of the water: 4.50 + 10.00; both come back."""
    campaign()
    campaign(code="AGUA", name="Diez pesos de agua", reduces=["water"], ppm=0, fixed_cents=10_00, stacks=True)
    told = queries.simulate(account=april.chuy, on=SIGNED, at=moment(SIGNED), terms=TERMS)
    signed = sign(april.chuy)
    assert told.waived_cents == signed.waived_cents == 14_50 and Waiver.objects.count() == 2
    end = default(signed, on=JULY)
    assert end.waiver_taken_back_cents == 14_50
    assert owed_by_period(april.chuy, on=JULY) == owed_by_period(neighbor, on=JULY)


def test_a_campaign_kept_to_the_end_stays_forgiven(april: Town) -> None:
    campaign()
    signed = sign(april.chuy)
    pay(april.chuy, 301_50, on=MAY)
    (end,) = arrangements.finish_paid(on=MAY, at=moment(MAY, 23), by="sistema")
    assert (end.kind, end.paid_cents, owed(april.chuy, on=JULY)) == ("finished", 301_50, 0)
    assert not Credit.objects.filter(reverses__isnull=False).exists()
    assert queries.standing(arrangement=signed, on=JULY).state == "cumplido"


def test_the_time_of_the_agreement_may_bear_no_surcharges(april: Town) -> None:
    """Signed at 306.00; 124.50 paid → 181.50. The money went, at the surcharges of the signing: 64.00 = 3.00 + 61.00
    and 60.50 = 39.00 of January, 2.00 + 19.50 of February, which still owes 80.50. On 21 July February is 5 months
    late, of which 2 were charged: 80.50 × 3 % = 2.42 (2.415); March 4 months, of which 1 had run: 100.00 × 3 % = 3.00.
    Those 5.42 are forgiven by the policy."""
    set_policy(surcharges_resume="from_default", code="convenios-2019")
    signed = sign(april.chuy)
    pay(april.chuy, 64_00, on=SIGNED)
    pay(april.chuy, 60_50, on=MAY)
    end = default(signed, on=JULY)

    assert (end.forgiven_cents, owed(april.chuy, on=JULY)) == (5_42, 181_50)
    waiver = Waiver.objects.get()
    assert (waiver.rule, waiver.cents, waiver.campaign, waiver.document) == (
        "convenios-2019", 5_42, None, "CON-000001/recargos",
    )  # fmt: skip
    # and from there they run: one month more on 80.50 (0.81; 0.805) and on 100.00
    assert owed(april.chuy, on=date(2019, 8, 20)) == 181_50 + 81 + 1_00


def test_breaking_it_may_cost_a_fine(april: Town) -> None:
    """5 % of the 181.50 that were left is 9.08 (9.075), and $50.00 fixed."""
    set_policy(penalty_ppm=50_000, penalty_fixed_cents=50_00)
    signed = sign(april.chuy)
    pay(april.chuy, 124_50, on=SIGNED)
    end = default(signed, on=JULY)
    assert end.penalty_cents == 59_08
    fine = Charge.objects.get(concept_id=catalog.FINE)
    assert (fine.amount_cents, fine.base_cents, fine.due_on) == (59_08, 181_50, JULY)


def test_while_surcharges_run_waiting_is_paid_with_the_installments(april: Town, neighbor: Account) -> None:
    """242.00 in four at 1 % a month: 2.42, 1.82 (1.815), 1.21, 0.61 (0.605) → 6.06. Broken, they were not owed."""
    set_policy(surcharges="running", deferral_ppm=10_000)
    signed = sign(april.chuy)
    assert [each.deferral_cents for each in signed.installments.order_by("number")] == [
        0,
        2_42,
        1_82,
        1_21,
        61,
    ]
    assert (signed.deferral_cents, owed(april.chuy, on=SIGNED)) == (6_06, 312_06)
    for who in (april.chuy, neighbor):
        pay(who, 64_00 + 62_92, on=SIGNED)
    assert states(signed, on=SIGNED)[:2] == ["pagada", "pagada"]
    default(signed, on=JULY)
    assert owed_by_period(april.chuy, on=JULY) == owed_by_period(neighbor, on=JULY)


def test_a_receipt_canceled_leaves_the_installment_open(april: Town) -> None:
    signed = sign(april.chuy)
    receipt = pay(april.chuy, 124_50, on=SIGNED)
    counter.cancel(receipt["receipt_folio"], on=SIGNED)
    assert states(signed, on=SIGNED) == ["por pagar"] * 5
    assert queries.standing(arrangement=signed, on=SIGNED).paid_cents == 0


def test_after_a_default_another_needs_approval(april: Town) -> None:
    default(sign(april.chuy), on=JULY)
    # 300.00 + 6 % + 5 % + 4 % of 100.00 on 21 July
    assert owed(april.chuy, on=JULY) == 315_00
    terms = Terms(down_cents=115_00, count=4, first_due_on=date(2019, 8, 20))
    with pytest.raises(approvals.NeedsApproval, match="ya incumplió"):
        sign(april.chuy, terms, on=JULY)
    again = sign(april.chuy, terms, on=JULY, approval=approve(april.chuy, terms, on=JULY))
    assert (again.folio, again.agreed_cents) == ("CON-000002", 315_00)


def test_signed_by_mistake_and_canceled(april: Town) -> None:
    campaign()
    signed = sign(april.chuy)
    end = arrangements.cancel_arrangement(
        arrangement=signed, reason="Era otra cuenta", on=SIGNED, at=moment(SIGNED, 12), by="veronica"
    )
    assert (end.kind, end.waiver_taken_back_cents, end.replayed_cents) == ("canceled", 4_50, 0)
    assert owed_by_period(april.chuy, on=SIGNED) == {
        201901: (100_00, 0, 3_00), 201902: (100_00, 0, 2_00), 201903: (100_00, 0, 1_00),
    }  # fmt: skip
    # it does not count as broken
    assert sign(april.chuy).folio == "CON-000002"


@pytest.mark.parametrize(
    ("paid", "on", "reason", "words"),
    [
        (0, SIGNED, " ", "Falta el motivo"),
        (0, date(2019, 4, 21), "Era otra cuenta", "solo se cancela el día"),
        (1, SIGNED, "Era otra cuenta", "Ya se pagó algo"),
    ],
)
def test_what_is_not_canceled(april: Town, paid: int, on: date, reason: str, words: str) -> None:
    signed = sign(april.chuy)
    if paid:
        pay(april.chuy, paid, on=SIGNED)
    before = written()
    with pytest.raises(arrangements.CannotCancelArrangement, match=words):
        arrangements.cancel_arrangement(
            arrangement=signed, reason=reason, on=on, at=moment(on, 12), by="veronica"
        )
    assert written() == before


def test_what_is_not_broken(april: Town) -> None:
    signed = sign(april.chuy)
    with pytest.raises(arrangements.CannotDefaultArrangement, match="Falta el motivo"):
        default(signed, on=JULY, reason="")
    pay(april.chuy, 306_00, on=MAY)
    before = written()
    with pytest.raises(arrangements.CannotDefaultArrangement, match="está pagado"):
        default(signed, on=JULY)
    assert written() == before
    arrangements.finish_paid(on=JULY, at=moment(JULY), by="sistema")
    with pytest.raises(arrangements.CannotDefaultArrangement, match="ya terminó: cumplido"):
        default(signed, on=JULY)
    assert arrangements.finish_paid(on=JULY, at=moment(JULY), by="sistema") == []


def test_others_hear_of_it(april: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr(events, "announce", heard.append)
    signed = sign(april.chuy)
    default(signed, on=JULY)
    assert heard[0] == ArrangementSigned(signed)
    assert isinstance(heard[-1], ArrangementDefaulted) and heard[-1].end.arrangement == signed
    owe(april.espiga, 100_00, period=201903, due_on=date(2019, 4, 30))
    sign(april.espiga, Terms(down_cents=50_00, count=1, first_due_on=MAY))
    pay(april.espiga, 100_00, on=SIGNED)
    arrangements.finish_paid(on=MAY, at=moment(MAY), by="sistema")
    assert isinstance(heard[-1], ArrangementFinished)


def test_everything_agrees_afterwards(april: Town) -> None:
    """Forgiven + paid + owed = charged, by the ledger's own checks."""
    campaign()
    signed = sign(april.chuy)
    pay(april.chuy, 64_00, on=SIGNED)
    default(signed, on=JULY)
    assert [(check.name, check.find()) for check in checks.CHECKS if check.find()] == []
    assert PaymentArrangement.objects.count() == 1


def test_a_campaign_does_not_reach_what_an_agreement_charges(april: Town) -> None:
    """Otherwise breaking it would have to give back what was never paid: 312.06 are paid for 306.00 + 6.06."""
    set_policy(surcharges="running", deferral_ppm=10_000)
    signed = sign(april.chuy)
    campaign(on_single_payment=True, reduces=["deferral_surcharge", "installment"])
    pay(april.chuy, 312_06, on=SIGNED)
    assert not Waiver.objects.exists()
    assert queries.standing(arrangement=signed, on=SIGNED).state == "pagado"
