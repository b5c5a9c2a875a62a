"""Don Chuy says he does not owe March: nobody demands it or cuts for it until somebody decides."""

import random
from datetime import timedelta

import pytest
from tests.town.cast import Town

from caudal.cases import commands, queries
from caudal.cases.models import BillingClaim, Case, ClaimResolution
from caudal.cases.queries import Claim
from caudal.cases.tests.desk import NINE, later, leak
from caudal.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


def claim(town: Town, *periods: int) -> Case:
    return leak(
        type="high_consumption", account=town.chuy, claimed_periods=periods, description="No gasté eso"
    )


def open_of(town: Town) -> list[Claim]:
    return queries.open_claims(account_ids=[town.chuy.pk, town.lupita.pk]).get(town.chuy.pk, [])


def test_a_claim_locks_what_is_open_of_its_month(april: Town) -> None:
    case = claim(april, 201903)
    assert open_of(april) == [Claim(case.folio, 120_00, (201903,), ((201903, 120_00),))]
    assert queries.open_claims(account_ids=[april.lupita.pk]) == {}


def test_a_claim_of_no_month_is_of_all_that_is_open(april: Town) -> None:
    """100.00 + 110.00 + 120.00 = 330.00"""
    claim(april)
    [told] = open_of(april)
    assert (told.cents, told.periods) == (330_00, (201901, 201902, 201903))


def test_a_month_already_paid_is_claimed_for_nothing(april: Town) -> None:
    claim(april, 201812)
    assert [each.cents for each in open_of(april)] == [0]


@pytest.mark.parametrize("period", [201905, 201913, 209901])
def test_a_month_there_is_not_is_refused(april: Town, period: int) -> None:
    with pytest.raises(commands.CannotOpenCase, match="todavía no existe"):
        claim(april, period)
    assert (Case.objects.count(), BillingClaim.objects.count()) == (0, 0)


def test_a_claim_ends_by_being_decided(april: Town) -> None:
    case = claim(april, 201903)
    with pytest.raises(commands.CannotResolveCase) as refused:
        commands.resolve_case(case=case, text="Se revisó.", at=later(hours=1), by="laura")
    assert refused.value.field == "decision"
    assert len(open_of(april)) == 1

    commands.resolve_case(
        case=case, text="El medidor marca bien.", decision="rejected", at=later(hours=2), by="laura"
    )
    assert open_of(april) == []
    decided = ClaimResolution.objects.get()
    assert (decided.decision, decided.reason, decided.by) == ("rejected", "El medidor marca bien.", "laura")


def test_not_resolved_after_all_locks_it_again(april: Town) -> None:
    case = claim(april, 201903)
    commands.resolve_case(case=case, text="Bien medido.", decision="rejected", at=later(hours=2), by="laura")
    commands.dispute_case(case=case, text="No es cierto", at=later(hours=3))
    [told] = open_of(april)
    assert (told.case_folio, told.periods, told.cents) == (case.folio, (201903,), 120_00)


def test_an_answer_lifts_nothing(april: Town) -> None:
    case = claim(april, 201903)
    commands.answer_case(case=case, text="Lo estamos viendo.", at=later(hours=1), by="marta")
    assert len(open_of(april)) == 1


# the same names in every process that collects them; the random ones are drawn inside
SEEDS: list[int | None] = [1, 20190401, None, None]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_open_claim_ever_disappears_without_a_resolution(april: Town, seed: int | None) -> None:
    """Whatever is done to cases, in any order: a claim is open exactly while it has no resolution."""
    seed = random.SystemRandom().randrange(10**9) if seed is None else seed
    print(f"seed {seed}")  # noqa: T201 - a red one is told
    chance = random.Random(seed)
    cases = [claim(april, 201903), claim(april), leak(), leak(type="missing_payment", account=april.chuy)]
    at = NINE
    for _ in range(40):
        at += timedelta(minutes=chance.randrange(1, 2000))
        case = chance.choice(cases)
        before = _open_ids()
        decided = set(ClaimResolution.objects.values_list("claim_id", flat=True))
        act = chance.choice(["answer", "resolve", "decide", "dispute", "merge", "note", "order", "open"])
        try:
            _do(act, case, chance.choice(cases), at)
            if act == "open":
                cases.append(leak(type="high_consumption", account=april.chuy, at=at))
        except Refusal:
            assert _open_ids() == before
        gone = before - _open_ids()
        resolved = set(ClaimResolution.objects.values_list("claim_id", flat=True)) - decided
        assert gone == resolved, f"{act} of {case.folio} let {gone - resolved} go (seed {seed})"
        assert sorted(each.case_folio for each in open_of(april)) == sorted(
            BillingClaim.objects.filter(pk__in=_open_ids()).values_list("case__folio", flat=True)
        )


def _open_ids() -> set[int]:
    return set(BillingClaim.objects.filter(resolution=None).values_list("id", flat=True))


def _do(act: str, case: Case, other: Case, at) -> None:  # type: ignore[no-untyped-def]
    said = {"case": case, "at": at, "by": "marta"}
    if act == "answer":
        commands.answer_case(text="Lo vemos.", **said)
    elif act == "note":
        commands.note_case(text="Llamó otra vez.", **said)
    elif act == "resolve":
        commands.resolve_case(text="Listo.", **said)
    elif act == "decide":
        commands.resolve_case(text="Listo.", decision="upheld", **said)
    elif act == "dispute":
        commands.dispute_case(text="No es cierto.", **said)
    elif act == "merge":
        commands.merge_cases(into=other, **said)
    elif act == "order":
        commands.order_for_case(kind="inspection", **said)
