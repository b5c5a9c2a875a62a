"""What is admitted is data, with its day and its basis: another administration writes another row."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.town.cast import Town, moment

from caudal.arrangements import commands as arrangements
from caudal.arrangements import queries
from caudal.arrangements.models import ArrangementPolicy
from caudal.arrangements.policy import Ability, AbilityFallsShort, affordable
from caudal.arrangements.tests.desk import SIGNED, sign, written
from caudal.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db

TODAY = date(2019, 4, 20)


def decide(**said: Any) -> ArrangementPolicy:
    return arrangements.set_policy(
        **{
            "effective_from": date(2019, 5, 1), "article": "Acuerdo CA-9/2019", "on": TODAY, "at": moment(TODAY),
            "by": "salas", "most_installments": 6,
        } | said
    )  # fmt: skip


def test_a_new_policy_rules_from_its_day_and_changes_nothing_signed(april: Town) -> None:
    signed = sign(april.chuy)
    held = decide()
    assert queries.policy_on(on=date(2019, 4, 30)).most_installments == 12
    assert queries.policy_on(on=date(2019, 5, 1)) == held
    assert (held.most_installments, held.least_down_ppm, held.code) == (6, 200_000, "convenios-2019-05-01")
    signed.refresh_from_db()
    assert signed.policy.most_installments == 12
    entry = AuditEntry.objects.get(act="set_arrangement_policy")
    assert (entry.before["most_installments"], entry.after["most_installments"]) == (12, 6)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"article": " "}, "article", "Falta el fundamento"),
        ({"effective_from": TODAY}, "effective_from", "desde mañana"),
        ({"effective_from": date(2019, 6, 1)}, "effective_from", "Ya hay una política"),
        ({"deferral_ppm": 10_000}, "deferral_ppm", "La tasa de prórroga"),
        ({"surcharges": "running"}, "deferral_ppm", "La tasa de prórroga"),
        ({"most_installments": 0}, None, "no tiene sentido"),
        ({"least_down_ppm": 1_000_001}, None, "no tiene sentido"),
        ({"missed_to_default": 0}, None, "no tiene sentido"),
    ],
)
def test_a_policy_without_sense_is_refused(april: Town, said: dict[str, Any], field: str, words: str) -> None:
    decide(effective_from=date(2019, 6, 1))
    before = written()
    with pytest.raises(arrangements.CannotSetPolicy, match=words) as refusal:
        decide(**said)
    assert refusal.value.field == field
    assert written() == before and ArrangementPolicy.objects.count() == 2


def test_before_the_first_there_is_none(db: None) -> None:
    with pytest.raises(queries.NoArrangementPolicy):
        queries.policy_on(on=date(2017, 12, 31))


def test_what_was_decided_is_not_edited(april: Town) -> None:
    with (
        pytest.raises(Exception, match=r"permission denied|no se puede|renglones nuevos"),
        transaction.atomic(),
    ):
        ArrangementPolicy.objects.update(most_installments=99)
    with pytest.raises(IntegrityError), transaction.atomic():
        ArrangementPolicy.objects.create(
            effective_from=date(2018, 1, 1), code="otra", article="x", least_down_ppm=0, down_payment_days=1,
            most_installments=1, least_installment_cents=1, most_days_to_first=30, most_debt_cents=1,
            another_after_default=True, missed_to_default=1, current_bill_missed=0, surcharges="stopped",
            deferral_ppm=0, surcharges_resume="from_due_date", ability_share_ppm=1, dependent_cents=0,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("income", "expenses", "dependents", "can_pay", "cents"),
    [
        (10_000_00, 4_000_00, 0, 5_000_00, 1_800_00),  # 30 % of 6,000.00
        (10_000_00, 4_000_00, 0, 1_000_00, 1_000_00),  # less than that, they say
        (10_000_00, 4_000_00, 3, 5_000_00, 720_00),  # 30 % of 6,000.00 − 3 × 1,200.00
        (1_000_05, 1_000_00, 0, 10_00, 2),  # 30 % of 0.05 is 0.015 → 0.02
    ],
)
def test_what_a_household_can_pay(
    db: None, income: int, expenses: int, dependents: int, can_pay: int, cents: int
) -> None:
    said = Ability(income_cents=income, expenses_cents=expenses, dependents=dependents, can_pay_cents=can_pay)
    assert affordable(ability=said, limits=queries.policy_on(on=SIGNED)) == cents


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"income_cents": -1}, "income"), ({"expenses_cents": -1}, "expenses"), ({"dependents": -1}, "dependents"),
        ({"can_pay_cents": 0}, "can_pay"), ({"expenses_cents": 10_000_01}, "income"), ({"dependents": 9}, "income"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_of_a_household(db: None, said: dict[str, int], field: str) -> None:
    asked = Ability(
        **({"income_cents": 10_000_00, "expenses_cents": 0, "can_pay_cents": 100_00} | said)
    )  # fmt: skip
    with pytest.raises(AbilityFallsShort) as refusal:
        affordable(ability=asked, limits=queries.policy_on(on=SIGNED))
    assert refusal.value.field == field
