"""Series of receipt folios: one for each till or channel, opened and closed by someone."""

from datetime import date

import pytest
from tests.town import counter

from caudal.cashier import commands as cashier
from caudal.cashier.models import ReceiptSeries
from caudal.kernel.models import AuditEntry
from caudal.ledger.tests.builders import moment
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
MARCH_5 = date(2019, 3, 5)
WORDS = {"at": moment(MARCH_5), "by": "salas", "on": MARCH_5}


def test_a_series_is_opened_and_closed_by_someone() -> None:
    cashier.open_series(code="C2", name="Caja 2", **WORDS)
    closed = cashier.close_series(code="C2", **WORDS)

    assert (closed.closed_on, closed.closed_by) == (MARCH_5, "salas")
    acts = AuditEntry.objects.filter(object_kind="series", object_id="C2").values_list("act", flat=True)
    assert list(acts.order_by("id")) == ["cashier.open_series", "cashier.close_series"]


@pytest.mark.parametrize(("code", "says"), [("C2", "ya existe"), ("a b", "no sirve"), ("", "no sirve")])
def test_a_series_has_a_code_of_its_own(code: str, says: str) -> None:
    cashier.open_series(code="C2", name="Caja 2", **WORDS)
    with pytest.raises(cashier.CannotChangeSeries, match=says) as refused:
        cashier.open_series(code=code, name="Caja", **WORDS)
    assert refused.value.field == "code"
    assert list(ReceiptSeries.objects.exclude(code="A").values_list("code", flat=True)) == ["C2"]


def test_a_series_is_closed_once() -> None:
    cashier.open_series(code="C2", name="Caja 2", **WORDS)
    cashier.close_series(code="C2", **WORDS)
    for code in ("C2", "Z"):
        with pytest.raises(cashier.CannotChangeSeries, match=f"No hay una serie {code} abierta"):
            cashier.close_series(code=code, **WORDS)


def test_the_series_of_a_till_in_use_is_not_closed_under_it(chuy: Account) -> None:
    """A session is open and has taken a payment: its folios go on until the till is taken out of use."""
    counter.pay(chuy, 1_000, on=MARCH_5)

    with pytest.raises(cashier.CannotChangeSeries, match="es de Caja 1, que está en uso") as refused:
        cashier.close_series(code="A", **WORDS)

    assert refused.value.field == "code"
    assert ReceiptSeries.objects.get(code="A").closed_on is None
    assert counter.pay(chuy, 1_000, on=MARCH_5)["receipt_folio"] == "A-000002"
