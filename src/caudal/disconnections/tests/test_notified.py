"""Where the policy asks that the debt be notified before a cut: served, its term run, and of this debt."""

from datetime import date, timedelta

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.arrangements.tests.desk import owe
from caudal.disconnections import queries
from caudal.disconnections.models import DisconnectionPolicy
from caudal.disconnections.policy import Cause
from caudal.dunning import commands as dunning
from caudal.dunning.models import Notice
from caudal.dunning.tests import collection
from caudal.kernel.models import Utility
from caudal.registry.models import Account

DAY = date(2019, 7, 1)  # a Monday


@pytest.fixture
def strict(july: Town) -> Town:
    """The council asks, from the first of July, that the slip of the debt be served."""
    law = DisconnectionPolicy.objects.get(code="cortes-2018")
    law.pk, law.code, law.effective_from, law.notice_stage = None, "con-aviso", DAY, "debt_slip"
    law.save(force_insert=True)
    Utility.objects.create(
        id=1, name="SIBAPAS", long_name="Sistema Barquense", rfc="SBA010101AA4", locality="La Barca", phone="392 935 0000",
        address="Morelos 100",
    )  # fmt: skip
    return july


def causes(account: Account, on: date) -> set[Cause]:
    judged = queries.eligibility(account_ids=[account.pk], on=on, at=moment(on))[account.pk]
    return set(judged.verdict.causes)


def served(account: Account, stage: str = "debt_slip", on: date = DAY) -> tuple[Notice, date]:
    """Julián leaves it in the hand of the holder; the notice, and the last day of its term."""
    [notice] = [each for each in collection.issue(stage, on=on) if each.account_id == account.pk]
    ends = collection.serve(notice, on=on).term_ends_on
    assert ends is not None
    return notice, ends


def test_without_the_notice_nobody_is_cut(strict: Town) -> None:
    assert causes(strict.chuy, DAY + timedelta(days=19)) == {Cause.NOT_NOTIFIED}
    # the day before the council asked for it
    assert Cause.NOT_NOTIFIED not in causes(strict.chuy, DAY - timedelta(days=1))


def test_served_it_waits_for_its_term(strict: Town) -> None:
    """Served on Monday the first, it takes effect on the second; ten business days more end on the sixteenth."""
    _, ends = served(strict.chuy)
    assert ends == date(2019, 7, 16)
    assert causes(strict.chuy, ends) == {Cause.NOT_NOTIFIED}
    assert causes(strict.chuy, ends + timedelta(days=1)) == set()
    assert causes(strict.lot, ends + timedelta(days=1)) == {Cause.NOT_NOTIFIED}


def test_one_that_nobody_received_is_none(strict: Town) -> None:
    [notice] = [each for each in collection.issue("debt_slip", on=DAY) if each.account == strict.chuy]
    collection.serve(notice, "not_delivered", on=DAY)
    assert causes(strict.chuy, date(2019, 8, 15)) == {Cause.NOT_NOTIFIED}


def test_one_that_was_canceled_is_none(strict: Town) -> None:
    notice, ends = served(strict.chuy)
    dunning.cancel_notice(notice=notice, reason="Otro domicilio", on=ends, at=moment(ends), by="salas")
    assert causes(strict.chuy, ends + timedelta(days=1)) == {Cause.NOT_NOTIFIED}


def test_one_of_a_debt_that_was_paid_says_nothing_of_another(strict: Town) -> None:
    """He pays the three months of the notice; April of the next debt was not in it."""
    _, ends = served(strict.chuy)
    counter.pay(strict.chuy, collection.overdue(strict.chuy, on=ends), on=ends)
    for month in (6, 7):
        owe(strict.chuy, 100_00, period=201900 + month, due_on=date(2019, month + 1, 15))
    assert causes(strict.chuy, date(2019, 10, 20)) == {Cause.NOT_NOTIFIED}


def test_a_harder_stage_was_notice_enough(strict: Town) -> None:
    """The lot owes $800.00 more of March: a demand reaches it, and says all that a slip would."""
    owe(strict.lot, 800_00, period=201902, due_on=date(2019, 3, 15))
    _, ends = served(strict.lot, "demand")
    assert causes(strict.lot, ends + timedelta(days=1)) == set()
