"""Who gets a notice and who is spared, each with its reason."""

from datetime import date, timedelta

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.arrangements import commands as arrangements
from caudal.arrangements.policy import Terms
from caudal.cases import commands as cases
from caudal.dunning import commands, queries
from caudal.dunning.models import Notice, NoticeBatch
from caudal.dunning.policy import Spared
from caudal.dunning.queries import SegmentFilter
from caudal.dunning.tests.collection import TODAY, issue, overdue, owe, prepare, serve
from caudal.registry.models import ServicePoint

pytestmark = pytest.mark.django_db


def segment(stage: str = "demand", *, on: date = TODAY, **within: object) -> queries.Segment:
    return queries.segment(stage=queries.stage(code=stage, on=on), within=SegmentFilter(**within), on=on)  # type: ignore[arg-type]


def numbers(told: queries.Segment) -> list[str]:
    return [each.number for each in told.candidates]


def why(told: queries.Segment) -> dict[str, Spared]:
    return {each.number: each.reason for each in told.spared}


@pytest.fixture
def owing(priced: Town) -> Town:
    """Chuy, the tortillería and the school each owe $1,000.00 since 13 November; the rancho too, in El Carmen."""
    for account in (priced.chuy, priced.espiga, priced.school, priced.rancho):
        owe(account, 1_000_00)
    return priced


def test_a_segment_is_in_route_order_with_what_each_owes_to_the_day(owing: Town) -> None:
    """$1,000.00 + 3 months late × 1 % = $1,030.00 each."""
    told = segment()
    assert numbers(told) == ["010117", "010405", "010512", "020031"]
    assert [each.overdue_cents for each in told.candidates] == [1_030_00] * 4
    assert told.overdue_cents == sum(
        overdue(each) for each in (owing.chuy, owing.espiga, owing.school, owing.rancho)
    )


def test_each_filter_asks_its_question(owing: Town) -> None:
    owe(owing.hotel, 5_000_00)
    assert numbers(segment(uses=("public",))) == ["010512"]
    assert numbers(segment(localities=("EL CARMEN",))) == ["020031"]
    assert numbers(segment(routes=("01-004",))) == ["010512", "010620"]
    assert numbers(segment(least_cents=2_000_00)) == ["010620"]
    assert numbers(segment(most_cents=2_000_00)) == ["010117", "010405", "010512", "020031"]
    assert numbers(segment(least_age_days=91)) == []
    assert len(numbers(segment(most_age_days=90))) == 5
    # where most is expected: 90 days old → 30 %, so the hotel's is the largest
    assert numbers(segment(most_accounts=1)) == ["010620"]


def test_an_agreement_up_to_date_spares_and_one_that_is_late_does_not(owing: Town) -> None:
    """Chuy signs on 11 February: $206.00 down in three days. On the 20th nobody has paid it."""
    signer = arrangements.Signer(name="Jesús Ramírez Ochoa", document="INE 0455")
    owe(owing.chuy, 700_00, period=201901, due_on=date(2019, 2, 8))
    arrangements.sign_arrangement(
        account=owing.chuy, terms=Terms(down_cents=400_00, count=4, first_due_on=date(2019, 3, 11)), on=TODAY,
        at=moment(TODAY), signer=signer, by="veronica", key=counter.uuid4(),
    )  # fmt: skip
    assert "010117" not in numbers(segment("courtesy_letter"))
    later = date(2019, 2, 20)
    owe(owing.chuy, 300_00, period=201902, due_on=date(2019, 2, 18))
    told = segment("courtesy_letter", on=later)
    assert why(told).get("010117") is None
    assert "010117" in numbers(told)


def test_an_open_claim_spares_until_it_is_decided(owing: Town) -> None:
    cases.open_case(
        type="high_consumption", channel="window", account=owing.chuy, description="No es mi consumo", at=moment(TODAY),
        by="marta",
    )  # fmt: skip
    assert why(segment()) == {"010117": Spared.CLAIM}


def test_whoever_paid_in_the_last_days_is_left_in_peace(owing: Town) -> None:
    """Five days by data: a payment on the 7th spares on the 11th; on the 12th it no longer does."""
    counter.pay(owing.chuy, 100_00, on=date(2019, 2, 7))
    assert why(segment()) == {"010117": Spared.PAID}
    assert "010117" in numbers(segment(on=date(2019, 2, 12)))


def test_a_canceled_receipt_spares_nobody(owing: Town) -> None:
    paid = counter.pay(owing.chuy, 100_00, on=date(2019, 2, 7))
    counter.cancel(paid["receipt_folio"], on=date(2019, 2, 7))
    assert "010117" in numbers(segment())


def test_a_protected_place_is_spared_where_the_stage_says_so(owing: Town) -> None:
    """The school is protected: it may be asked, but no second demand knocks at it."""
    ServicePoint.objects.filter(pk=owing.point(owing.school).pk).update(protected_reason="escuela")
    assert "010512" in numbers(segment())
    assert why(segment("second_demand"))["010512"] == Spared.PROTECTED


def test_a_stage_asks_for_its_least_debt_and_age(priced: Town) -> None:
    """A demand asks for $500.00 and 61 days."""
    owe(priced.chuy, 400_00)
    owe(priced.espiga, 1_000_00, period=201812, due_on=TODAY - timedelta(days=60))
    assert why(segment()) == {"010117": Spared.TOO_LITTLE, "010405": Spared.TOO_RECENT}
    assert "010405" in numbers(segment(on=TODAY + timedelta(days=1)))


def test_a_notice_under_way_keeps_another_from_coming(owing: Town) -> None:
    """The notices of the 11th wait thirty days at most; on 13 March they are given up."""
    issue()
    assert set(why(segment()).values()) == {Spared.UNDER_WAY}
    assert set(why(segment(on=date(2019, 3, 12))).values()) == {Spared.UNDER_WAY}
    assert len(numbers(segment(on=date(2019, 3, 13)))) == 4


def test_a_second_demand_needs_the_first_served_and_its_term_over(owing: Town) -> None:
    """Served on Monday 11 February: effect on the 12th, 15 business days end on 5 March; five more, on the 12th."""
    notices = issue(routes=("02-001",))
    assert why(segment("second_demand", routes=("01-001",)))["010117"] == Spared.NO_PREVIOUS
    served = serve(notices[0])
    assert (served.effects_on, served.term_ends_on) == (date(2019, 2, 12), date(2019, 3, 5))
    eve, day = date(2019, 3, 11), date(2019, 3, 12)
    assert why(segment("second_demand", on=eve, routes=("02-001",))) == {"020031": Spared.UNDER_WAY}
    assert numbers(segment("second_demand", on=day, routes=("02-001",))) == ["020031"]
    assert [
        (each.candidate.number, each.notice.folio, each.stage.code)
        for each in queries.due_for_next_stage(on=day)
    ] == [("020031", "NOT-000001", "second_demand")]
    assert queries.due_for_next_stage(on=eve) == []


def test_a_batch_asks_again_who_is_in_it_when_it_is_issued(owing: Town) -> None:
    """Chuy pays between the preparation and the issue: he gets no notice, and the batch says why."""
    batch = prepare()
    counter.pay(owing.chuy, 1_030_00, on=TODAY)
    counter.pay(owing.espiga, 30_00, on=TODAY)
    issued = commands.issue_batch(batch=batch, on=TODAY, at=moment(TODAY, 12), by="salas")
    told = list(Notice.objects.order_by("number").values_list("account__number", flat=True))
    assert told == ["010512", "020031"]
    assert issued.spared == {Spared.PAID.value: 1}


def test_a_batch_for_nobody_is_not_prepared(priced: Town) -> None:
    with pytest.raises(commands.CannotPrepareBatch, match="Nadie recibiría"):
        prepare()
    with pytest.raises(commands.CannotPrepareBatch, match="Falta el nombre"):
        prepare(name="  ")
    assert not NoticeBatch.objects.exists()


def test_a_batch_is_issued_or_discarded_once(owing: Town) -> None:
    batch = prepare()
    commands.issue_batch(batch=batch, on=TODAY, at=moment(TODAY, 10), by="salas")
    with pytest.raises(commands.CannotIssueBatch, match="ya se emitió"):
        commands.issue_batch(batch=batch, on=TODAY, at=moment(TODAY, 11), by="salas")
    with pytest.raises(commands.CannotDiscardBatch, match="ya se emitió"):
        commands.discard_batch(batch=batch, reason="Me equivoqué", at=moment(TODAY, 11), by="laura")
    assert Notice.objects.count() == 4


def test_a_discarded_batch_is_never_issued(owing: Town) -> None:
    batch = prepare()
    with pytest.raises(commands.CannotDiscardBatch, match="Falta el motivo"):
        commands.discard_batch(batch=batch, reason=" ", at=moment(TODAY, 10), by="laura")
    commands.discard_batch(batch=batch, reason="Otra ruta", at=moment(TODAY, 10), by="laura")
    with pytest.raises(commands.CannotIssueBatch, match="descartado"):
        commands.issue_batch(batch=batch, on=TODAY, at=moment(TODAY, 11), by="salas")
    assert not Notice.objects.exists()
