"""Signing: what is owed becomes installments that add up to it, and what is not signed."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from tests.town.cast import Town

from caudal.access import approvals
from caudal.arrangements import commands as arrangements
from caudal.arrangements import queries
from caudal.arrangements.models import Installment, LiveArrangement, PaymentArrangement
from caudal.arrangements.policy import Ability, AbilityFallsShort, CannotArrange, Terms
from caudal.arrangements.tests.desk import (
    HOLDER,
    SIGNED,
    TERMS,
    approve,
    owe,
    owed,
    owed_by_period,
    pay,
    sign,
    states,
    table,
    written,
)
from caudal.kernel.models import AuditEntry
from caudal.ledger.models import Credit

pytestmark = pytest.mark.django_db

# 300.00 and surcharges of 1 % a month or fraction on 20 April: 3.00 (due 15 Feb), 2.00 (15 Mar), 1.00 (15 Apr)
OWED = 300_00 + 3_00 + 2_00 + 1_00


def test_don_chuy_puts_his_debt_in_four_payments(april: Town) -> None:
    """306.00 − 64.00 down = 242.00 = 4 × 60.50."""
    assert owed(april.chuy, on=SIGNED) == OWED
    signed = sign(april.chuy)

    assert (signed.folio, signed.total_cents, signed.waived_cents) == ("CON-000001", OWED, 0)
    assert table(signed) == [
        (0, date(2019, 4, 20), 64_00), (1, date(2019, 5, 20), 60_50), (2, date(2019, 6, 20), 60_50),
        (3, date(2019, 7, 20), 60_50), (4, date(2019, 8, 20), 60_50),
    ]  # fmt: skip
    assert owed_by_period(april.chuy, on=SIGNED) == {0: (OWED, 0, 0)}
    # no surcharge runs on what is in the agreement
    assert owed(april.chuy, on=date(2019, 9, 30)) == OWED
    assert queries.live_of(account=april.chuy) == signed
    assert signed.debts[0] == {"period": 201901, "concept": "water", "owed_cents": 100_00, "waived_cents": 0}
    assert sum(line["owed_cents"] for line in signed.debts) == OWED


def test_what_is_simulated_is_what_is_signed(april: Town) -> None:
    told = queries.simulate(account=april.chuy, on=SIGNED, at=april.at, terms=TERMS)
    signed = sign(april.chuy)
    assert [(each.number, each.due_on, each.total_cents) for each in told.table] == table(signed)
    assert (told.total_cents, told.agreed_cents, told.to_pay_cents, told.beyond) == (OWED, OWED, OWED, ())
    assert [(line.period, line.concept, line.owed_cents) for line in told.debts] == [
        (line["period"], line["concept"], line["owed_cents"]) for line in signed.debts
    ]


def test_the_usual_terms_are_a_fifth_today_and_as_many_payments_as_fit(april: Town) -> None:
    """306.00 × 20 % = 61.20; the other 244.80 in payments of 50.00 at least are four."""
    told = queries.simulate(account=april.chuy, on=SIGNED, at=april.at)
    assert told.terms == Terms(down_cents=61_20, count=4, first_due_on=date(2019, 5, 20))
    assert told.least_down_cents == 61_20 and told.beyond == ()


def test_payments_at_the_window_pay_the_installments_in_order(april: Town) -> None:
    """64.00 today, 60.50 in May; 100.00 in June pays number 2 and 39.50 of number 3; 81.50 end it early."""
    signed = sign(april.chuy)
    pay(april.chuy, 64_00, on=SIGNED)
    pay(april.chuy, 60_50, on=date(2019, 5, 19))
    pay(april.chuy, 100_00, on=date(2019, 6, 21))
    assert states(signed, on=date(2019, 6, 21)) == [
        "pagada",
        "pagada",
        "pagada tarde",
        "por pagar",
        "por pagar",
    ]
    told = queries.standing(arrangement=signed, on=date(2019, 6, 21))
    assert (told.paid_cents, told.open_cents, told.late_cents) == (224_50, 81_50, 0)
    assert [row.paid_cents for row in told.rows] == [64_00, 60_50, 60_50, 39_50, 0]

    pay(april.chuy, 81_50, on=date(2019, 7, 1))
    assert owed(april.chuy, on=date(2019, 7, 1)) == 0
    assert queries.standing(arrangement=signed, on=date(2019, 7, 1)).state == "pagado"


def test_the_oldest_is_paid_first_also_before_the_bill_of_the_month(april: Town) -> None:
    """The bill of April is due on 15 May, between the down payment and installment 1 (20 May)."""
    signed = sign(april.chuy)
    owe(april.chuy, 100_00, period=201904, due_on=date(2019, 5, 15))
    pay(april.chuy, 64_00 + 100_00 + 10_00, on=date(2019, 5, 10))
    told = queries.standing(arrangement=signed, on=date(2019, 5, 10))
    assert [row.paid_cents for row in told.rows] == [64_00, 10_00, 0, 0, 0]


def test_two_clicks_sign_once(april: Town) -> None:
    key = uuid4()
    first, second = (sign(april.chuy, key=key) for _ in range(2))
    assert first == second and PaymentArrangement.objects.count() == 1


def test_what_was_said_of_the_household_is_kept_apart(april: Town) -> None:
    """7,000.00 − 4,000.00 − 2 × 1,200.00 = 600.00 free, of which 30 % is 180.00: less than the 200.00 they say."""
    said = Ability(income_cents=7_000_00, expenses_cents=4_000_00, can_pay_cents=200_00, dependents=2)
    signed = sign(april.chuy, ability=said)
    assert (signed.ability.income_cents, signed.ability.affordable_cents) == (7_000_00, 180_00)
    # the audit is read by people who may not read this
    assert "700000" not in str(list(AuditEntry.objects.values_list("after", flat=True)))


@pytest.mark.parametrize(
    ("can_pay", "count"), [(250_00, 1), (244_80, 1), (122_40, 2), (122_39, 3), (61_20, 4), (1_000_00, 2)]
)
def test_from_what_they_can_pay_to_how_many_payments(april: Town, can_pay: int, count: int) -> None:
    """244.80 after a fifth today. 9,000.00 − 8,200.00 leave 240.00 a month at 30 %: the last case is two of 122.40;
    the others earn 20,000.00 and it is what they say that rules."""
    income = 9_000_00 if can_pay == 1_000_00 else 20_000_00
    said = Ability(income_cents=income, expenses_cents=8_200_00, can_pay_cents=can_pay)
    terms = queries.suggest_terms(account=april.chuy, ability=said, on=SIGNED, at=april.at)
    assert terms == Terms(down_cents=61_20, count=count, first_due_on=date(2019, 5, 20))


def test_when_nothing_fits_it_says_what_would(april: Town) -> None:
    """$20.00 a month × 12 = 240.00, and payments of less than 50.00 are not admitted: 244.80 / 12 = 20.40 a month;
    306.00 − 240.00 = 66.00 today; 244.80 / 20.00 → 13 payments (18.84 the first)."""
    said = Ability(income_cents=20_000_00, expenses_cents=0, can_pay_cents=20_00)
    with pytest.raises(AbilityFallsShort) as refusal:
        queries.suggest_terms(account=april.chuy, ability=said, on=SIGNED, at=april.at)
    assert refusal.value.what == "Con $20.00 al mes no se alcanza a pagar en 12 parcialidades."
    assert refusal.value.remedy == (
        "Hace falta dar hoy $66.00, pagar $20.40 al mes o que aprueben 13 parcialidades."
    )


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"down_cents": 61_19}, "El pago inicial es de $61.19; el mínimo es $61.20."),
        ({"count": 13}, "Son 13 parcialidades; lo más son 12."),
        ({"count": 5}, "La parcialidad es de $48.40; la mínima es $50.00."),
        ({"first_due_on": date(2019, 6, 5)}, "La primera parcialidad vence después de 45 días."),
    ],
)
def test_beyond_the_policy_another_person_approves(april: Town, terms: dict[str, Any], words: str) -> None:
    asked = Terms(**({"down_cents": 64_00, "count": 4, "first_due_on": date(2019, 5, 20)} | terms))
    before = written()
    with pytest.raises(approvals.NeedsApproval) as refusal:
        sign(april.chuy, asked)
    assert words in refusal.value.what and "Héctor" in refusal.value.remedy
    assert written() == before

    approval = approve(april.chuy, asked)
    with pytest.raises(approvals.NeedsApproval, match="otros términos"):
        sign(april.chuy, Terms(down_cents=10_00, count=4, first_due_on=date(2019, 5, 20)), approval=approval)
    signed = sign(april.chuy, asked, approval=approval)
    assert signed.approval == approval


def test_a_large_debt_is_not_signed_by_one_person(april: Town) -> None:
    owe(april.hotel, 20_000_01, period=201903, due_on=date(2019, 4, 30))
    terms = Terms(down_cents=5_000_00, count=12, first_due_on=date(2019, 5, 20))
    with pytest.raises(approvals.NeedsApproval, match=r"pasa de \$20,000\.00"):
        sign(april.hotel, terms)


def test_a_payment_beyond_what_the_household_can_is_approved_by_another(april: Town) -> None:
    said = Ability(income_cents=20_000_00, expenses_cents=0, can_pay_cents=60_49)
    with pytest.raises(approvals.NeedsApproval, match=r"\$60\.50 pasa de los \$60\.49"):
        sign(april.chuy, ability=said)


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"terms": Terms(down_cents=306_00, count=1, first_due_on=date(2019, 5, 20))}, CannotArrange, "menor que"),
        ({"terms": Terms(down_cents=-1, count=1, first_due_on=date(2019, 5, 20))}, CannotArrange, "menor que"),
        ({"terms": Terms(down_cents=64_00, count=0, first_due_on=date(2019, 5, 20))}, CannotArrange, "repartir"),
        ({"terms": Terms(down_cents=305_98, count=3, first_due_on=date(2019, 5, 20))}, CannotArrange, "repartir"),
        ({"terms": Terms(down_cents=64_00, count=4, first_due_on=SIGNED)}, CannotArrange, "después de hoy"),
        ({"signer": arrangements.Signer(name="  ")}, arrangements.CannotSignArrangement, "Falta quién firma"),
        (
            {"ability": Ability(income_cents=1_000_00, expenses_cents=1_000_00, can_pay_cents=100_00)},
            AbilityFallsShort, "no queda nada libre",
        ),
    ],
)  # fmt: skip
def test_what_makes_no_agreement(
    april: Town, changes: dict[str, Any], refusal: type[Exception], words: str
) -> None:
    before = written()
    with pytest.raises(refusal, match=words):
        sign(april.chuy, **changes)
    assert written() == before


def test_nothing_is_signed_over_paid_charges(april: Town) -> None:
    pay(april.chuy, OWED, on=SIGNED)
    before = written()
    with pytest.raises(arrangements.CannotSignArrangement, match="no debe nada"):
        sign(april.chuy)
    with pytest.raises(CannotArrange, match="no debe nada"):
        queries.simulate(account=april.chuy, on=SIGNED, at=april.at)
    assert written() == before


def test_there_is_one_at_a_time(april: Town) -> None:
    sign(april.chuy)
    owe(april.chuy, 100_00, period=201904, due_on=date(2019, 5, 15))
    before = written()
    with pytest.raises(arrangements.CannotSignArrangement, match="CON-000001"):
        sign(april.chuy, on=date(2019, 5, 2))
    with pytest.raises(CannotArrange, match="CON-000001"):
        queries.simulate(account=april.chuy, on=date(2019, 5, 2), at=april.at)
    assert written() == before


def test_after_one_is_paid_another_may_be_signed(april: Town) -> None:
    first = sign(april.chuy)
    pay(april.chuy, OWED, on=SIGNED)
    owe(april.chuy, 200_00, period=201904, due_on=date(2019, 5, 15))
    terms = Terms(down_cents=40_00, count=2, first_due_on=date(2019, 6, 10))
    second = sign(april.chuy, terms, on=date(2019, 5, 10))
    first.refresh_from_db()
    assert first.end.kind == "finished" and queries.live_of(account=april.chuy) == second


def test_money_in_favor_pays_first(april: Town) -> None:
    """La Espiga has 30.00 in favor and owes 200.00: 170.00 go in the agreement."""
    pay(april.espiga, 30_00, on=date(2019, 4, 2))
    owe(april.espiga, 200_00, period=201903, due_on=date(2019, 4, 30))
    terms = Terms(down_cents=50_00, count=2, first_due_on=date(2019, 5, 20))
    told = queries.simulate(account=april.espiga, on=SIGNED, at=april.at, terms=terms)
    signed = sign(april.espiga, terms)
    assert (told.favor_cents, told.total_cents, signed.total_cents) == (30_00, 170_00, 170_00)
    assert table(signed)[1:] == [(1, date(2019, 5, 20), 60_00), (2, date(2019, 6, 20), 60_00)]


def test_the_database_wants_the_table_to_add_up(april: Town) -> None:
    signed = sign(april.chuy)
    with pytest.raises(IntegrityError, match="no cuadra"), transaction.atomic():
        Installment.objects.create(
            arrangement=signed, number=5, due_on=date(2019, 9, 20), principal_cents=1, sequence=6
        )
        _ask_now()


def test_the_database_wants_one_in_force_for_an_account(april: Town) -> None:
    signed = sign(april.chuy)
    with pytest.raises(IntegrityError), transaction.atomic():
        LiveArrangement.objects.create(account=april.chuy, arrangement=signed)
    with pytest.raises(IntegrityError, match="vigente o terminado"), transaction.atomic():
        LiveArrangement.objects.filter(account=april.chuy).delete()
        _ask_now()


def test_the_credit_says_what_it_was(april: Town) -> None:
    signed = sign(april.chuy)
    assert (signed.credit.kind, signed.credit.document) == (Credit.Kind.AGREEMENT, "CON-000001")
    assert (signed.signer_name, signed.signer_as, signed.by) == (HOLDER.name, "titular", "veronica")


def _ask_now() -> None:
    """Deferred questions are asked at commit; a test asks them before."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
