"""The end of a session: it stops taking, is counted blind, compared, frozen; and a difference can be disputed."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.town import counter

from caudal.access import policy as acts
from caudal.access.approvals import NeedsApproval
from caudal.cashier import commands as cashier
from caudal.cashier import drawer, policy
from caudal.cashier import queries as counter_queries
from caudal.cashier.models import CashCount, Receipt, TenderBalance, TillClosing, TillSession
from caudal.kernel.models import AuditEntry
from caudal.ledger import commands as ledger
from caudal.ledger.models import JournalEntry
from caudal.ledger.tests.builders import moment
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
MARCH_5 = date(2019, 3, 5)
AT = moment(MARCH_5, 15)
# $630.00: 500 × 1, 100 × 1, 20 × 1, 10 × 1
ALL = {"50000": 1, "10000": 1, "2000": 1, "1000": 1}


@pytest.fixture
def session(chuy: Account, espiga: Account) -> TillSession:
    """$500.00 of float; $130.00 in cash, $70.00 by card, $80.00 by check."""
    counter.pay(chuy, 13_000, on=MARCH_5)
    counter.pay(espiga, 7_000, on=MARCH_5, tender="card")
    counter.pay(espiga, 8_000, on=MARCH_5, tender="check")
    return counter.session(MARCH_5)


def count(session: TillSession, pieces: dict[str, int] | None = None, **others: int) -> CashCount:
    cashier.begin_balancing(session=session, at=AT, by="veronica")
    declared = {"card": 7_000, "check": 8_000, **others}
    return cashier.declare_count(
        session=session, pieces=ALL if pieces is None else pieces, others=declared, at=AT, by="veronica"
    )


def close(session: TillSession, by: str = "rosa", **more: Any) -> TillClosing:
    return cashier.close_session(session=session, at=AT, by=by, **more)


def test_a_session_that_agrees_closes_with_its_figures_and_its_seals(session: TillSession) -> None:
    count(session)
    closing = close(session)

    assert closing.folio == "CORTE-000001"
    assert (closing.declared_by, closing.closed_by) == ("veronica", "rosa")
    assert (closing.n_receipts, closing.n_canceled) == (3, 0)
    assert (closing.first_folio, closing.last_folio) == ("A-000001", "A-000003")
    assert closing.chain_head == bytes(Receipt.objects.get(number=3).hash).hex()
    assert closing.cancellation_head == ""
    balances = {each.kind: (each.expected_cents, each.declared_cents) for each in closing.balances.all()}
    assert balances == {
        "cash": (63_000, 63_000), "card": (7_000, 7_000), "check": (8_000, 8_000), "transfer": (0, 0),
    }  # fmt: skip
    session.refresh_from_db()
    assert [(step.state, step.by) for step in session.steps.order_by("id")] == [
        ("open", "veronica"), ("balancing", "veronica"), ("balanced", "rosa"),
    ]  # fmt: skip
    assert not JournalEntry.objects.filter(kind="cash_difference").exists()


def test_what_is_short_is_charged_to_nobody_and_what_is_over_is_revenue(session: TillSession) -> None:
    """She counts $10.00 less in cash and $5.00 more by card: two entries, each of its tender."""
    count(session, {"50000": 1, "10000": 1, "2000": 1}, card=7_500)
    closing = close(session, note="Cambio de más al folio 1")

    differences = {
        each.kind: each.difference_cents for each in closing.balances.all() if each.difference_cents
    }
    assert differences == {"cash": -1_000, "card": 500}
    entries = {
        entry.document: dict(entry.lines.values_list("ledger_account_id", "amount_cents"))
        for entry in JournalEntry.objects.filter(kind="cash_difference")
    }
    assert entries == {
        "CORTE-000001/cash": {"1111": -1_000, "1123-01": 1_000},
        "CORTE-000001/card": {"1112-01": 500, "4319-01": -500},
    }
    assert closing.note == "Cambio de más al folio 1"


def test_once_the_count_began_nothing_is_taken_and_there_is_no_way_back(
    session: TillSession, chuy: Account
) -> None:
    cashier.begin_balancing(session=session, at=AT, by="veronica")
    with pytest.raises(cashier.CannotTakePayment, match="ya no recibe pagos"):
        cashier.take_payment(
            session=session, parts=[cashier.AccountPart(chuy, 100)], tenders=[cashier.TenderPart("cash", 100)],
            at=AT, by="veronica", key=counter.UUID(int=1),
        )  # fmt: skip
    with pytest.raises(cashier.CannotCloseSession, match="ya no está abierto"):
        cashier.begin_balancing(session=session, at=AT, by="veronica")
    for state in ("open", "balanced"):
        with pytest.raises(IntegrityError), transaction.atomic():
            TillSession.objects.filter(pk=session.pk).update(state=state)
    assert Receipt.objects.count() == 3
    assert TillSession.objects.get().state == "balancing"


def test_a_count_is_declared_once(session: TillSession) -> None:
    count(session)
    with pytest.raises(cashier.CannotCloseSession, match="ya se contó"):
        cashier.declare_count(session=session, pieces={}, others={}, at=AT, by="veronica")
    assert CashCount.objects.get(purpose="closing").pieces == ALL


@pytest.mark.parametrize(
    ("pieces", "others"),
    [({"7": 1}, {}), ({"10000": -1}, {}), ({}, {"cash": 100}), ({}, {"vales": 100}), ({}, {"card": 10**14})],
)
def test_a_count_that_makes_no_sense_is_not_kept(
    session: TillSession, pieces: dict[str, int], others: dict[str, int]
) -> None:
    cashier.begin_balancing(session=session, at=AT, by="veronica")
    with pytest.raises(policy.BadCount):
        cashier.declare_count(session=session, pieces=pieces, others=others, at=AT, by="veronica")
    assert not CashCount.objects.filter(purpose="closing").exists()


def test_nobody_closes_what_was_not_counted_nor_their_own_nor_twice(session: TillSession) -> None:
    with pytest.raises(cashier.CannotCloseSession, match="todavía no se ha contado"):
        close(session)
    count(session)
    with pytest.raises(cashier.CannotCloseSession, match="su propio turno"):
        close(session, by="veronica")
    assert not TillClosing.objects.exists()
    close(session)
    with pytest.raises(cashier.CannotCloseSession, match="ya está cerrado"):
        close(session, by="salas")
    assert TillClosing.objects.count() == 1


def test_rosa_closes_at_the_cashiers_own_screen_with_her_yes(session: TillSession) -> None:
    count(session)
    yes = counter.approve(acts.SUPERVISE_TILLS, "till_session", session.pk, on=MARCH_5, hour=15)
    closing = close(session, by="veronica", approval=yes)
    assert closing.closed_by == "rosa"
    assert AuditEntry.objects.get(act="cashier.close_session").after["approval"] == yes.pk


def test_a_yes_for_another_session_closes_nothing(session: TillSession) -> None:
    count(session)
    yes = counter.approve(acts.SUPERVISE_TILLS, "till_session", session.pk + 1, on=MARCH_5, hour=15)
    with pytest.raises(NeedsApproval, match="otra operación"):
        close(session, by="veronica", approval=yes)
    assert not TillClosing.objects.exists()


def test_who_counts_for_somebody_says_why_and_does_not_close(session: TillSession) -> None:
    """Verónica went home ill: Rosa counts, the manager closes."""
    with pytest.raises(cashier.CannotCloseSession, match="El turno es de veronica"):
        cashier.begin_balancing(session=session, at=AT, by="rosa")
    cashier.begin_balancing(session=session, at=AT, by="rosa", reason="Se fue enferma")
    with pytest.raises(cashier.CannotCloseSession, match="El turno es de veronica"):
        cashier.declare_count(session=session, pieces=ALL, others={}, at=AT, by="rosa")
    others = {"card": 7_000, "check": 8_000}
    cashier.declare_count(
        session=session, pieces=ALL, others=others, at=AT, by="rosa", reason="Se fue enferma"
    )
    with pytest.raises(cashier.CannotCloseSession, match="ni el que contó"):
        close(session, by="rosa")
    closing = close(session, by="salas")
    assert (closing.declared_by, closing.closed_by) == ("rosa", "salas")


def test_the_database_knows_that_a_closing_needs_a_count_and_two_people(session: TillSession) -> None:
    """Whoever writes beside the commands is refused too."""
    words: dict[str, Any] = {"session": session, "number": 1, "at": AT, "n_receipts": 0, "n_canceled": 0}
    with pytest.raises(IntegrityError), transaction.atomic():
        TillClosing.objects.create(declared_by="veronica", closed_by="rosa", **words)
    cashier.begin_balancing(session=session, at=AT, by="veronica")
    with pytest.raises(IntegrityError), transaction.atomic():
        TillClosing.objects.create(declared_by="rosa", closed_by="rosa", **words)
    assert not TillClosing.objects.exists()


def test_what_was_collected_of_each_concept_adds_up_to_what_came_in(session: TillSession) -> None:
    """Chuy owed 120.00 and 2 months of 1 %: 2.40; he left 7.60 in favor. La Espiga owes 300.00 + 6.00 and pays
    150.00: 6.00 of surcharge and 144.00 of water. Water 100.00 + 144.00, treatment 20.00, surcharges 8.40."""
    collected = dict(drawer.collected_by_concept(session=session))
    assert collected == {
        "Agua potable": 24_400, "Saneamiento": 2_000, "Recargos": 840, "A favor de la cuenta": 760,
    }  # fmt: skip
    assert sum(collected.values()) == 28_000 == drawer.session_report(session=session).total_cents


def test_while_it_lives_its_report_says_what_came_in_and_changes_nothing(session: TillSession) -> None:
    before = list(TillSession.objects.values()), Receipt.objects.count()
    report = drawer.session_report(session=session)
    assert [(each.kind, each.cents, each.n) for each in report.taken] == [
        ("cash", 13_000, 1), ("card", 7_000, 1), ("check", 8_000, 1), ("transfer", 0, 0),
    ]  # fmt: skip
    assert (report.n_receipts, report.cash_cents) == (3, 63_000)
    assert report.cash_cents == counter_queries.expected(session=session)["cash"]
    assert (list(TillSession.objects.values()), Receipt.objects.count()) == before


class TestDisputes:
    @pytest.fixture
    def short(self, session: TillSession) -> TenderBalance:
        """$30.00 are missing in cash."""
        count(session, {"50000": 1, "10000": 1})
        return close(session).balances.get(kind="cash")

    def test_the_cashier_says_what_happened_and_somebody_else_answers(self, short: TenderBalance) -> None:
        dispute = cashier.dispute_difference(
            balance=short, text="  Di cambio\nde más al folio 1 ", at=AT, by="veronica"
        )
        answer = cashier.answer_dispute(dispute=dispute, text="Se vio en la cámara", at=AT, by="rosa")
        assert (dispute.text, answer.text) == ("Di cambio de más al folio 1", "Se vio en la cámara")
        assert short.difference_cents == -3_000
        with pytest.raises(cashier.CannotDispute, match="ya se respondió"):
            cashier.answer_dispute(dispute=dispute, text="Otra cosa", at=AT, by="salas")

    @pytest.mark.parametrize(
        ("by", "text", "says"),
        [
            ("carmen", "Yo no fui", "otra persona"),
            ("veronica", "  ", "vacía"),
            ("veronica", "a" * 501, "500 letras"),
        ],
    )
    def test_only_who_counted_disputes_and_with_words(
        self, short: TenderBalance, by: str, text: str, says: str
    ) -> None:
        with pytest.raises(cashier.CannotDispute, match=says):
            cashier.dispute_difference(balance=short, text=text, at=AT, by=by)
        assert not short.disputes.exists()

    def test_what_agrees_is_not_disputed_and_nobody_answers_themself(self, short: TenderBalance) -> None:
        card = short.closing.balances.get(kind="card")
        with pytest.raises(cashier.CannotDispute, match="no hay diferencia"):
            cashier.dispute_difference(balance=card, text="Nada", at=AT, by="veronica")
        dispute = cashier.dispute_difference(balance=short, text="Di de más", at=AT, by="veronica")
        with pytest.raises(cashier.CannotDispute, match="su propia aclaración"):
            cashier.answer_dispute(dispute=dispute, text="Ya", at=AT, by="veronica")


def test_funds_of_the_journal_are_what_the_drawers_hold(session: TillSession) -> None:
    """Before anything is deposited, cash in the books = declared + withdrawn − float of every session."""
    count(session, {"50000": 1, "10000": 1})
    closing = close(session)
    [part] = drawer.deposit_parts(closing_ids=[closing.pk])
    booked = sum(
        cents
        for entry in JournalEntry.objects.all()
        for account, cents in entry.lines.values_list("ledger_account_id", "amount_cents")
        if account == ledger.Funds.CASH
    )
    assert part.cash_cents == 60_000 - 50_000 == booked
