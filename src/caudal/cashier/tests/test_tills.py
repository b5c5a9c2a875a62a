"""A till is put to use, changed and retired; a session begins with a float that somebody counted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from caudal.cashier import commands as cashier
from caudal.cashier import drawer, policy, queries
from caudal.cashier.models import CashCount, ReceiptSeries, Till, TillSession
from caudal.kernel.models import AuditEntry
from caudal.kernel.refusals import Refusal
from caudal.ledger.tests.builders import moment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
MARCH_5 = date(2019, 3, 5)
AT = moment(MARCH_5, 8)
# 2 × $100.00 + 3 × $20.00 + 4 × $0.50 = $262.00
FLOAT = {"10000": 2, "2000": 3, "50": 4}


def till(code: str = "2", series: str = "B", **more: Any) -> Till:
    return cashier.open_till(code=code, name=f"Caja {code}", series=series, at=AT, by="salas", **more)


def test_a_till_brings_its_series_and_its_audit_says_how_it_was_set() -> None:
    made = till(printer="192.168.1.50:9100", cash_limit_cents=300_000)

    assert ReceiptSeries.objects.get(code="B").closed_on is None
    assert AuditEntry.objects.get(act="cashier.open_till").after == {
        "name": "Caja 2", "printer": "192.168.1.50:9100", "cash_limit_cents": 300_000, "shows_expected": False,
    }  # fmt: skip
    assert list(queries.tills(on=MARCH_5)) == [made]


@pytest.mark.parametrize(
    ("words", "says", "field"),
    [
        ({"code": "caja dos"}, "no sirve o ya existe", "code"),
        ({"code": "1"}, "no sirve o ya existe", "code"),
        ({"series": "A"}, "es de otra caja", "series"),
        ({"series": "C"}, "está cerrada", "series"),
        ({"printer": "la de la entrada"}, "impresora no se entiende", "printer"),
        ({"printer": "10.0.0.1"}, "impresora no se entiende", "printer"),
        ({"cash_limit_cents": -1}, "tope de efectivo no sirve", "cash_limit"),
        ({"name": "  "}, "no tiene nombre", "name"),
    ],
)
def test_a_till_that_cannot_be_used_is_refused_beside_its_field(
    words: Mapping[str, Any], says: str, field: str
) -> None:
    till("1", "A")
    cashier.open_series(code="C", name="Vieja", on=MARCH_5, at=AT, by="salas")
    cashier.close_series(code="C", on=MARCH_5, at=AT, by="salas")

    with pytest.raises(Refusal) as refused:
        cashier.open_till(**{"code": "2", "name": "Caja 2", "series": "B", **words}, at=AT, by="salas")
    assert says in refused.value.what and refused.value.field == field
    assert list(Till.objects.values_list("code", flat=True)) == ["1"]


def test_a_till_is_changed_and_the_audit_keeps_what_it_was() -> None:
    changed = cashier.change_till(
        till=till(), name="Caja 2, planta baja", printer="", cash_limit_cents=500_000, shows_expected=True,
        at=AT, by="salas",
    )  # fmt: skip
    assert (changed.name, changed.cash_limit_cents, changed.shows_expected) == (
        "Caja 2, planta baja", 500_000, True,
    )  # fmt: skip
    entry = AuditEntry.objects.get(act="cashier.change_till")
    assert entry.before["cash_limit_cents"] == 0 and entry.after["cash_limit_cents"] == 500_000


def test_a_till_is_retired_with_its_series_once_nobody_is_in_it() -> None:
    made = till()
    session = cashier.open_session(till=made, cashier="veronica", pieces={}, at=AT)
    with pytest.raises(cashier.CannotChangeTill, match="tiene el turno de veronica sin cerrar"):
        cashier.close_till(till=made, at=AT, by="salas")
    assert Till.objects.get(pk="2").closed_on is None

    cashier.begin_balancing(session=session, at=AT, by="veronica")
    cashier.declare_count(session=session, pieces={}, others={}, at=AT, by="veronica")
    cashier.close_session(session=session, at=AT, by="rosa")
    cashier.close_till(till=made, at=AT, by="salas")

    retired = Till.objects.get(pk="2")
    assert (retired.closed_on, retired.closed_by) == (MARCH_5, "salas")
    assert ReceiptSeries.objects.get(code="B").closed_by == "salas"
    assert not queries.tills(on=MARCH_5).exists()
    for again in (
        lambda: cashier.close_till(till=retired, at=AT, by="salas"),
        lambda: cashier.open_session(till=made, cashier="veronica", pieces={}, at=AT),
        lambda: cashier.change_till(
            till=retired, name="x", printer="", cash_limit_cents=0, shows_expected=False, at=AT, by="salas"
        ),
    ):
        with pytest.raises(Refusal, match="fuera de uso"):
            again()


def test_a_session_begins_with_its_float_counted_piece_by_piece() -> None:
    session = cashier.open_session(till=till(), cashier="veronica", pieces=FLOAT, at=AT)

    assert (session.float_cents, session.state, session.business_on) == (26_200, "open", MARCH_5)
    count = CashCount.objects.get()
    assert (count.purpose, count.pieces, count.total_cents) == ("float", FLOAT, 26_200)
    assert [(step.state, step.by) for step in session.steps.all()] == [("open", "veronica")]
    assert queries.live_session(cashier="veronica") == session


@pytest.mark.parametrize(
    "pieces", [{"3000": 1}, {"100": -1}, {"cien": 1}, {"100": 100_001}, {"١٠٠": 1}, {"": 2}]
)
def test_a_piece_that_does_not_exist_opens_nothing(pieces: dict[str, int]) -> None:
    with pytest.raises(policy.BadCount):
        cashier.open_session(till=till(), cashier="veronica", pieces=pieces, at=AT)
    assert not TillSession.objects.exists() and not CashCount.objects.exists()


def test_a_till_and_a_cashier_have_one_session_at_a_time() -> None:
    cashier.open_session(till=till(), cashier="veronica", pieces=FLOAT, at=AT)
    with pytest.raises(cashier.CannotOpenSession, match="tiene abierto el turno de veronica"):
        cashier.open_session(till=Till.objects.get(), cashier="carmen", pieces={}, at=AT)
    with pytest.raises(cashier.CannotOpenSession, match="Usted ya tiene un turno"):
        cashier.open_session(till=till("3", "C"), cashier="veronica", pieces={}, at=AT)
    assert TillSession.objects.count() == 1


def test_a_drawer_asks_for_a_withdrawal_only_past_a_limit_that_exists() -> None:
    assert [drawer.is_over_limit(limit_cents=limit, cash_cents=200) for limit in (0, 199, 200, 201)] == [
        False, True, False, False,
    ]  # fmt: skip
