"""What came in on the days of a campaign, beside what was done: each peso on its day, and no claim about why."""

from datetime import date

import pytest
from django.utils.timezone import localtime
from tests.journeys.story import TODAY
from tests.town import counter

from caudal.campaigns import queries as campaigns
from caudal.outreach import charts, commands, policy, queries, results
from caudal.outreach.tests.winter import AT, campaign, done, granted, planned
from caudal.registry.queries import account_by_number
from caudal.tariffs import queries as tariffs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]


def test_each_day_with_what_was_done_and_what_came_in() -> None:
    """Today Lupita paid $100.00 in the story. La Espiga pays $300.00 and $50.00 are taken back of the school's."""
    winter, espiga = campaign(), account_by_number(number="010405")
    spot, car = (
        planned(winter),
        planned(winter, channel="loudspeaker_route", title="Perifoneo", cost_cents=80_000),
    )
    done(spot, 12, cost_cents=50_000)
    done(spot, 8, on=date(2019, 1, 30), cost_cents=30_000)
    done(car, 15, on=date(2018, 12, 20), cost_cents=40_000)
    granted(winter, espiga, TODAY)
    counter.pay(espiga, 30_000, on=TODAY)
    taken_back = counter.pay(account_by_number(number="010512"), 5_000, on=TODAY)
    counter.cancel(taken_back["receipt_folio"], on=TODAY)

    result = results.result(campaign=winter, today=TODAY)

    # from the first day something was done to today: 20 December to 31 January is 12 + 31 days
    assert (len(result.days), result.days[0].on, result.days[-1].on) == (43, date(2018, 12, 20), TODAY)
    last, before = result.days[-1], result.days[-2]
    # 10,000 + 30,000 + 5,000 − 5,000
    assert (last.collected_cents, last.benefited_cents, last.spent_cents) == (40_000, 30_000, 50_000)
    assert (last.done, before.done, before.spent_cents) == (
        (("radio_spot", 12),),
        (("radio_spot", 8),),
        30_000,
    )
    assert (result.planned_cents, result.spent_cents) == (280_000, 120_000)
    assert (result.collected_cents, result.benefited_cents) == (40_000, 30_000)
    # 120,000 × 100 / 40,000 = $300.00 for every $100 collected
    assert result.cost_cents == 30_000


def test_each_channel_beside_what_came_in_on_its_own_days() -> None:
    """The car went out on the 30th, when nobody paid; the radio today."""
    winter = campaign()
    spot, car = planned(winter), planned(winter, channel="loudspeaker_route", cost_cents=80_000)
    planned(winter, channel="poster_site", cost_cents=0)
    done(spot, 12, cost_cents=50_000)
    done(spot, 3)
    done(car, 15, on=date(2019, 1, 30), cost_cents=40_000)

    radio, route, posters = results.totals_by_channel(campaign=winter)

    assert (radio.entries, radio.quantity, radio.days, radio.collected_cents) == (2, 15, 1, 10_000)
    # 50,000 × 100 / 10,000
    assert radio.cost_cents == 50_000
    assert (route.quantity, route.collected_cents, route.cost_cents) == (15, 0, None)
    assert (posters.channel, posters.entries, posters.spent_cents) == ("poster_site", 0, 0)
    assert results.result(campaign=winter, today=TODAY).channels == (radio, route, posters)


def test_what_was_voided_counts_nowhere() -> None:
    winter = campaign()
    wrong = done(planned(winter), 120, cost_cents=500_000)
    commands.void_entry(entry=wrong, reason="Fueron 12", at=AT, by="laura")

    result = results.result(campaign=winter, today=TODAY)
    assert (result.spent_cents, result.channels[0].quantity, result.days[-1].done) == (0, 0, ())
    listed = queries.campaigns()[0]
    assert (listed.actions, listed.entries, listed.planned_cents, listed.spent_cents) == (1, 0, 200_000, 0)


def test_only_what_was_paid_since_the_campaign_was_granted_is_of_who_got_it() -> None:
    """Lupita paid today; a waiver of tomorrow does not reach back."""
    winter, lupita = campaign(), account_by_number(number="010293")
    granted(winter, lupita, date(2019, 2, 1))
    assert results.result(campaign=winter, today=TODAY).benefited_cents == 0
    assert results.result(campaign=campaign(code="OTRA"), today=TODAY).benefited_cents == 0


def test_who_pays_with_the_campaign_at_the_window_is_among_those_who_got_it() -> None:
    """Chuy owes two months with their surcharges; he pays at once what the campaign leaves, and it is all his."""
    winter, chuy = campaign(), account_by_number(number="010117")
    terms = tariffs.terms_on(on=TODAY)
    offer = campaigns.offers(account_ids=[chuy.pk], at=AT, terms=terms)[chuy.pk]
    assert offer.rule == winter.code

    counter.pay(chuy, offer.payable_cents, on=TODAY)

    found = results.result(campaign=winter, today=TODAY)
    assert found.benefited_cents == offer.payable_cents
    assert found.collected_cents == offer.payable_cents + 10_000


def test_a_campaign_that_has_not_started_has_no_days() -> None:
    spring = campaign(
        starts_at=localtime(AT).replace(month=3, day=1, hour=0), ends_at=localtime(AT).replace(month=3)
    )
    result = results.result(campaign=spring, today=TODAY)
    assert (result.days, result.collected_cents, result.cost_cents) == ((), 0, None)
    assert charts.days(values=result.days, channels=[]) == ""


def test_the_chart_draws_what_came_in_and_marks_what_was_done() -> None:
    winter = campaign()
    done(planned(winter), 12)

    drawn = charts.days(values=results.result(campaign=winter, today=TODAY).days, channels=["radio_spot"])

    # one day of the thirty-one had money, and one of them a mark
    assert (drawn.count('class="before"'), drawn.count('class="now"'), drawn.count('class="mark"')) == (
        1,
        0,
        1,
    )
    assert "$100.00</text>" in drawn and "Spot de radio</text>" in drawn
    assert "Cobrado por día: $100.00 en 31 días, 1 de ellos con difusión." in drawn


@pytest.mark.parametrize(
    ("spent", "collected", "expected"),
    [(50_000, 10_000, 50_000), (1, 20_000, 1), (1, 20_001, 0), (0, 100, 0), (100, 0, None), (100, -5, None)],
)
def test_spent_for_every_hundred_pesos_is_rounded_half_away(
    spent: int, collected: int, expected: int | None
) -> None:
    """1 × 10,000 / 20,000 = 0.5 → 1."""
    assert policy.cents_per_hundred(spent_cents=spent, collected_cents=collected) == expected


def test_what_does_not_exist_is_said_so() -> None:
    for ask in (
        lambda: queries.campaign_by_code(code="NADA"), lambda: queries.action_by_id(action_id=0),
        lambda: queries.locked_action(action_id=0), lambda: queries.entry_by_id(entry_id=0),
    ):  # fmt: skip
        with pytest.raises((queries.UnknownCampaign, queries.UnknownAction, queries.UnknownEntry)):
            ask()
