"""Closing a month: everything must be in its place, two people say so, and it never changes again.

Chuy pays $100.00 on 15 January 2019 and the drawer goes to the bank. On 5 February Laura reviews January and Salas closes
it.
"""

from datetime import date

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.accounting import closing, commands, reconciling
from caudal.accounting.models import ConceptClassification, MonthReview
from caudal.billing import commands as billing
from caudal.cashier import commands as cashier
from caudal.cashier.models import TillClosing
from caudal.kernel.models import AuditEntry
from caudal.ledger import commands as ledger
from caudal.ledger import queries as ledger_queries
from caudal.ledger.models import Concept, JournalEntry, MonthClose
from caudal.rules.periods import Period

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY = Period(201901), Period(201902)
ON, FEBRUARY_5 = date(2019, 1, 15), date(2019, 2, 5)


@pytest.fixture
def collected(town: Town, books: None) -> Town:
    counter.pay(town.chuy, 10_000, on=ON)
    return town


@pytest.fixture
def ready(collected: Town) -> Town:
    _to_the_bank()
    return collected


def _to_the_bank(*, on: date = ON, reference: str = "F-1") -> None:
    counter.close(counter.session(on))
    cashier.deposit_closings(
        closings=[TillClosing.objects.latest("number")], bank_account="0123456789", reference=reference, on=on,
        at=moment(on, 17), by="rosa",
    )  # fmt: skip


def _review(month: Period = JANUARY, by: str = "laura", on: date = FEBRUARY_5) -> MonthReview:
    return commands.review_month(month=month, at=moment(on), by=by)


def _close(month: Period = JANUARY, by: str = "salas", on: date = FEBRUARY_5) -> MonthClose:
    return commands.close_month(month=month, at=moment(on), by=by)


def _missing(month: Period = JANUARY, on: date = FEBRUARY_5) -> list[str]:
    days = reconciling.month(month=month)
    return [each.what for each in closing.missing(month=month, days=days, today=on)]


def test_a_month_is_reviewed_by_one_and_closed_by_another(ready: Town) -> None:
    review = _review()
    close = _close()
    assert (close.reviewed_by, close.closed_by, close.debit_cents) == ("laura", "salas", 20_000)
    assert review.digest == ledger_queries.month_figures(month=JANUARY).digest
    acts = AuditEntry.objects.filter(object_kind="month", object_id="201901").order_by("id")
    assert list(acts.values_list("act", "by")) == [
        ("accounting.review_month", "laura"),
        ("accounting.close_month", "salas"),
    ]


def test_nobody_closes_what_nobody_reviewed(ready: Town) -> None:
    with pytest.raises(commands.Refused, match="Nadie ha revisado enero 2019"):
        _close()
    _review(by="salas")
    with pytest.raises(commands.Refused, match="Quien revisa el mes no es quien lo cierra"):
        _close()
    assert not MonthClose.objects.exists()


def test_an_open_session_keeps_its_month_open(collected: Town) -> None:
    assert _missing() == ["15 ene 2019: El turno de veronica en Caja 1 está abierto."]
    with pytest.raises(commands.CannotReviewMonth) as refused:
        _review()
    [finding] = refused.value.missing
    assert finding.links[0].route == "till_session"
    assert not MonthReview.objects.exists()


def test_a_closing_without_deposit_keeps_its_month_open(collected: Town) -> None:
    counter.close(counter.session(ON))
    assert _missing() == ["15 ene 2019: El CORTE-000001 no tiene depósito."]


def test_a_deposit_of_the_next_month_is_a_deposit(collected: Town) -> None:
    """The cash of the last day goes to the bank on the first of the next: nothing is missing."""
    counter.close(counter.session(ON))
    cashier.deposit_closings(
        closings=[TillClosing.objects.get()], bank_account="0123456789", reference="F-1", on=date(2019, 2, 1),
        at=moment(date(2019, 2, 1)), by="rosa",
    )  # fmt: skip
    assert _missing() == []


def test_a_month_that_is_not_over_stays_open(ready: Town) -> None:
    assert _missing(on=date(2019, 1, 31)) == ["Enero 2019 todavía no termina."]
    with pytest.raises(commands.CannotReviewMonth, match="todavía no termina"):
        _review(on=date(2019, 1, 31))


def test_a_run_that_is_not_finished_keeps_its_month_open(ready: Town) -> None:
    run = billing.open_run(
        cycle=ready.cycle, period=201901, issued_on=date(2019, 1, 31), due_on=date(2019, 2, 20), by="laura",
        at=moment(date(2019, 1, 31)),
    )  # fmt: skip
    assert _missing() == ["La facturación de enero 2019 está en borrador: emítala o descártela."]
    billing.discard(run=run, reason="Se abrió por prueba", by="laura", at=moment(FEBRUARY_5))
    assert _missing() == []


def test_a_centavo_that_no_paper_explains_keeps_its_month_open(ready: Town) -> None:
    ledger.post_transfer(
        document="a mano",
        cents=1,
        source="1111",
        target="1112-01",
        description="",
        on=ON,
        at=moment(ON),
        by="laura",
    )
    with pytest.raises(commands.CannotReviewMonth, match="a mano mueve dinero"):
        _review()


def test_an_earlier_month_is_closed_first(ready: Town) -> None:
    counter.pay(ready.chuy, 5_000, on=FEBRUARY_5)
    _to_the_bank(on=FEBRUARY_5, reference="F-2")
    assert _missing(FEBRUARY, on=date(2019, 3, 1)) == ["Antes falta cerrar enero 2019."]


def test_figures_that_move_after_the_review_are_reviewed_again(ready: Town) -> None:
    _review()
    counter.pay(ready.lupita, 300, on=date(2019, 1, 30))
    _to_the_bank(on=date(2019, 1, 30), reference="F-2")
    with pytest.raises(commands.Refused, match="ya no son las que se revisaron"):
        _close()
    _review()
    assert _close().n_entries == 4  # two payments, two deposits


def test_a_receipt_canceled_after_the_close_counts_in_the_open_month(ready: Town) -> None:
    """January said $100.00 and goes on saying it; February gives them back."""
    _review()
    close = _close()
    counter.pay(ready.hotel, 50_000, on=FEBRUARY_5)
    counter.cancel("A-000001", on=FEBRUARY_5)
    assert ledger_queries.month_figures(month=JANUARY).by_account == close.figures
    cash = {each.code: each.net_cents for each in ledger_queries.month_figures(month=FEBRUARY).accounts}
    assert cash["1111"] == 40_000


def test_a_session_of_a_closed_month_is_entered_in_the_next_and_its_day_still_agrees(ready: Town) -> None:
    """A cashier finds on 5 February the notebook of 31 January: three entries, all of them in February's books."""
    _review()
    _close()
    counter.pay(ready.lupita, 700, on=date(2019, 1, 31))
    _to_the_bank(on=date(2019, 1, 31), reference="F-9")
    found = reconciling.day(on=date(2019, 1, 31))
    assert found.state == "good" and found.receipts_cents == 700
    late = JournalEntry.objects.filter(happened_on__isnull=False)
    assert set(late.values_list("on", "happened_on")) == {(date(2019, 2, 1), date(2019, 1, 31))}
    assert late.count() == 2


def test_what_is_closed_is_not_missing_anything(ready: Town) -> None:
    _review()
    _close()
    assert _missing() == []
    with pytest.raises(commands.Refused, match="ya está cerrado"):
        _review()


def test_a_concept_is_told_in_another_line_from_a_day_on(ready: Town) -> None:
    water = Concept.objects.get(code="water")
    told = {
        "concept": water, "classifier": "73", "name": "Venta de servicios de entidades", "reason": "Reforma del CRI",
        "effective_from": date(2019, 2, 1), "proposed_by": "laura", "approved_by": "salas", "at": moment(FEBRUARY_5),
    }  # fmt: skip
    commands.classify_concept(**told)
    with pytest.raises(commands.CannotClassify, match="ya tiene rubro desde ese día"):
        commands.classify_concept(**told)
    with pytest.raises(commands.CannotClassify, match="Nadie aprueba lo que propone"):
        commands.classify_concept(**told | {"approved_by": "laura"})
    assert ConceptClassification.objects.count() == 1
    with pytest.raises(IntegrityError, match="accounting_classified_by_two"), transaction.atomic():
        ConceptClassification.objects.create(
            **{key: value for key, value in told.items() if key not in ("effective_from", "approved_by")},
            effective_from=date(2019, 3, 1), approved_by="laura",
        )  # fmt: skip


def test_a_closed_month_is_not_told_again(ready: Town) -> None:
    _review()
    _close()
    with pytest.raises(commands.CannotClassify, match="Enero 2019 ya está cerrado"):
        commands.classify_concept(
            concept=Concept.objects.get(code="water"), classifier="73", name="Venta", reason="Reforma",
            effective_from=date(2019, 1, 31), proposed_by="laura", approved_by="salas", at=moment(FEBRUARY_5),
        )  # fmt: skip
    assert not ConceptClassification.objects.exists()
