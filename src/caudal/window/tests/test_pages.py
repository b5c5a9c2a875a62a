"""The window without script: plain forms, few questions to the database, and a key that charges once."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.journeys import story
from tests.town import counter
from tests.town.cast import PIN, moment

from caudal.access.models import Clerk
from caudal.campaigns.models import Campaign, PrepaidMonth
from caudal.cashier import commands as cashier
from caudal.cashier.models import Receipt, Till, TillSession
from caudal.registry.models import Account
from caudal.window.models import WindowDraft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
MOST_QUERIES = 30
Enter = Callable[[str], Client]


@pytest.fixture
def veronica(enter_as: Enter) -> Client:
    return enter_as("veronica")


def draft() -> WindowDraft:
    return WindowDraft.objects.get(clerk__username="veronica")


def send(client: Client, step: str, **boxes: str) -> Any:
    """Send the boxes of Doña Lupita's charge; her screen said $146.17 if nothing else is given."""
    boxes = {"key": str(draft().key), "seen_010293": "14617", **boxes}
    return client.post("/ventanilla/cobro/", {"step": step, **boxes})


def taken() -> int:
    return Receipt.objects.filter(series="A").count()


def test_a_charge_by_plain_forms(veronica: Client) -> None:
    """Account, review, charge: each goes back to the page, which shows the next step."""
    assert veronica.post("/ventanilla/cuenta/", {"q": "010293"}).headers["Location"] == "/ventanilla/"
    assert send(veronica, "review", cash="200").status_code == 302
    page = veronica.get("/ventanilla/").content.decode()
    assert "$53.83" in page and draft().body["is_ready"] is True
    assert send(veronica, "charge", cash="200").status_code == 302
    assert "Cobrado ✓ folio A-000003" in veronica.get("/ventanilla/").content.decode()
    assert taken() == 3 and draft().body["parts"] == []


def test_the_same_key_again_charges_nothing_more(veronica: Client) -> None:
    veronica.post("/ventanilla/cuenta/", {"q": "010293"})
    key = str(draft().key)
    for _ in range(3):
        assert send(veronica, "charge", key=key).status_code == 302
    assert taken() == 3


def test_another_key_charges_nothing(veronica: Client) -> None:
    veronica.post("/ventanilla/cuenta/", {"q": "010293"})
    answer = send(veronica, "charge", key=str(uuid4()))
    assert answer.status_code == 422 and "ya hay otro cobro en curso" in answer.content.decode()
    assert taken() == 2


@pytest.mark.parametrize("key", ["", "x", "010293"])
def test_a_screen_without_its_key_charges_nothing(veronica: Client, key: str) -> None:
    veronica.post("/ventanilla/cuenta/", {"q": "010293"})
    assert send(veronica, "charge", key=key).status_code == 422
    assert taken() == 2


def test_a_screen_that_said_another_debt_charges_nothing(veronica: Client) -> None:
    veronica.post("/ventanilla/cuenta/", {"q": "010293"})
    answer = send(veronica, "charge", seen_010293="24617")
    assert "debía $246.17 y ahora debe $146.17" in answer.content.decode()
    assert answer.status_code == 422 and taken() == 2


def test_an_amount_that_was_not_shown_applied_is_shown_first(veronica: Client) -> None:
    """The button pressed straight after typing $50: it says where they go, and waits for one more yes."""
    veronica.post("/ventanilla/cuenta/", {"q": "010293"})
    answer = send(veronica, "charge", amount_010293="50")
    assert (
        answer.status_code == 422
        and "noviembre 2018 $37.08, diciembre 2018 $12.92" in answer.content.decode()
    )
    assert taken() == 2
    assert send(veronica, "charge", amount_010293="50").status_code in (302, 422)
    send(veronica, "charge", amount_010293="50")
    assert Receipt.objects.filter(series="A").latest("number").total_cents == 50_00


def test_what_is_refused_stays_typed(veronica: Client) -> None:
    veronica.post("/ventanilla/cuenta/", {"q": "010293"})
    answer = send(veronica, "review", cash="12a")
    assert answer.status_code == 422 and 'value="12a"' in answer.content.decode()
    assert draft().body["cash"] == "12a"


def test_the_page_of_an_account_leads_here(veronica: Client) -> None:
    assert "/ventanilla/cuenta/010293/cobro/" in veronica.get("/cuentas/010293/").content.decode()
    veronica.get("/ventanilla/cuenta/010293/cobro/")
    assert [part["number"] for part in draft().body["parts"]] == ["010293"]
    assert veronica.get("/ventanilla/cuenta/999999/cobro/").status_code == 404


def test_stepping_back_loses_nothing_until_the_last_step(veronica: Client) -> None:
    """Ready, not ready, let go: three steps, and the key changes only with the last."""
    veronica.post("/ventanilla/cuenta/", {"q": "010293"})
    key = draft().key
    send(veronica, "review", cash="200")
    veronica.post("/ventanilla/regreso/")
    assert (draft().key, draft().body["cash"], draft().body["is_ready"]) == (key, "200", False)
    veronica.post("/ventanilla/regreso/")
    assert draft().body["parts"] == [] and draft().key != key


def test_each_clerk_has_their_own_charge(veronica: Client, enter_as: Enter) -> None:
    veronica.post("/ventanilla/cuenta/", {"q": "010293"})
    rosa = enter_as("rosa")
    assert "Núñez" not in rosa.get("/ventanilla/").content.decode()
    assert not WindowDraft.objects.filter(clerk=Clerk.objects.get(username="rosa")).exists()


@pytest.mark.parametrize("accounts", [[], ["010293"], ["010293", "010405", "010117"]], ids=len)
def test_a_screen_asks_little(veronica: Client, accounts: list[str]) -> None:
    for number in accounts:
        veronica.post("/ventanilla/cuenta/", {"q": number, "add": "1"})
    veronica.get("/ventanilla/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        veronica.get("/ventanilla/")
    assert len(asked) <= MOST_QUERIES, [query["sql"][:110] for query in asked.captured_queries]


class TestFullDrawer:
    """Verónica's drawer holds $500.00 of change and the $100.00 that Doña Lupita left this morning."""

    ASKS = "entregue un retiro"

    def limit(self, cents: int) -> None:
        Till.objects.update(cash_limit_cents=cents)

    def shows(self, client: Client) -> str:
        return client.get("/ventanilla/").content.decode()

    def test_past_its_limit_it_asks_for_a_withdrawal_without_saying_how_much_there_is(
        self, veronica: Client
    ) -> None:
        for no_limit_or_just_there in (0, 60_000):
            self.limit(no_limit_or_just_there)
            assert self.ASKS not in self.shows(veronica)
        self.limit(59_999)
        page = self.shows(veronica)
        assert "En el cajón hay más de $599.99" in page and "$600.00" not in page
        assert 'href="/caja/retiro/?next=/ventanilla/"' in page

    def test_it_never_stops_a_charge(self, veronica: Client) -> None:
        self.limit(1)
        veronica.post("/ventanilla/cuenta/", {"q": "010293"})
        page = self.shows(veronica)
        assert (
            self.ASKS in page
            and 'data-key="F12"' in page
            and "disabled" not in page.split('id="charge-now"')[1][:200]
        )
        assert send(veronica, "charge", cash="200").status_code == 302
        assert taken() == 3 and self.ASKS in self.shows(veronica)

    def test_it_rests_once_the_cash_is_handed_over(self, veronica: Client) -> None:
        """600.00 − 200.00 = 400.00."""
        self.limit(50_000)
        assert self.ASKS in self.shows(veronica)
        handed = {"amount": "200", "approver": "rosa", "pin": PIN, "key": str(uuid4())}
        assert veronica.post("/caja/retiro/", handed).status_code == 302
        assert self.ASKS not in self.shows(veronica)

    def test_what_came_by_card_is_not_in_the_drawer(self, veronica: Client) -> None:
        self.limit(60_000)
        counter.pay(Account.objects.get(number="010405"), 5_000, on=story.TODAY, tender="card")
        assert self.ASKS not in self.shows(veronica)
        counter.pay(Account.objects.get(number="010405"), 1, on=story.TODAY)
        assert self.ASKS in self.shows(veronica)

    def test_who_is_counting_is_not_asked(self, veronica: Client) -> None:
        self.limit(1)
        live = TillSession.objects.get(cashier="veronica", state=TillSession.State.OPEN)
        cashier.begin_balancing(session=live, at=moment(story.TODAY, 15), by="veronica")
        assert self.ASKS not in self.shows(veronica)


def test_months_ahead_say_their_full_price_what_is_taken_off_and_why(veronica: Client) -> None:
    """Don Chuy: 135.30 a month; 15 % is 20.30. Two months are 230.00, shown line by line before they are charged."""
    at = moment(story.TODAY.replace(day=1))
    Campaign.objects.create(
        code="PRONTO-15", name="Pronto pago 15 %", starts_at=at - timedelta(days=31), ends_at=at + timedelta(days=40),
        on_prepayment=True, least_months=1, ppm=150_000, council_agreement="CA-1/2019", drafted_at=at,
        drafted_by="laura", published_at=at, published_by="salas",
    )  # fmt: skip
    veronica.post("/ventanilla/cuenta/", {"q": "010117"})
    page = veronica.get("/ventanilla/").content.decode()
    [seen] = re.findall(r'name="seen_010117" value="(\d+)"', page)
    boxes = {"key": str(draft().key), "seen_010117": seen, "months_010117": "2"}

    veronica.post("/ventanilla/cobro/", {"step": "review", **boxes})
    page = " ".join(veronica.get("/ventanilla/").content.decode().split())

    words = "enero 2019 a febrero 2019 $230.00 (precio completo $270.60, menos $40.60 por Pronto pago 15 %)"
    assert words in page
    assert "2 meses" in page and "$115.00 cada uno" in page and "−$40.60" in page
    veronica.post("/ventanilla/cobro/", {"step": "charge", **boxes})
    assert [(int(m.period), m.paid_cents) for m in PrepaidMonth.objects.order_by("period")] == [
        (201901, 115_00), (201902, 115_00),
    ]  # fmt: skip
    assert Receipt.objects.latest("id").total_cents == int(seen) + 230_00
