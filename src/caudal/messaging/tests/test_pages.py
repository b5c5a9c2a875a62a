"""Marta looks at what was told to people, and sends again what could not be delivered."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.journeys.fixtures import entered
from tests.town.cast import Town, moment

from caudal.access import policy
from caudal.access.models import Clerk
from caudal.kernel import clock, menu
from caudal.kernel.models import AuditEntry
from caudal.messaging import commands
from caudal.messaging.models import Message
from caudal.messaging.tests.test_messages import NINE, tell

pytestmark = pytest.mark.django_db
TEN = moment(date(2019, 4, 1), 10)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: TEN)


@pytest.fixture
def marta(town: Town) -> Client:
    Clerk.objects.get_or_create(
        username="marta", defaults={"first_name": "Marta", "role": Clerk.Role.SERVICE_DESK}
    )
    return entered("marta")


def said(answer: Any) -> str:
    body = re.sub(r"<head>.*?</head>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def given_up(phone: str = "3900000002", **more: Any) -> Message:
    """A telephone that was off four times."""
    message = tell(phone, **more)
    assert message
    for n in range(4):
        commands.send_queued(at=NINE - timedelta(days=9 - n))
        Message.objects.filter(pk=message.pk, state="queued").update(next_try_at=NINE - timedelta(days=8 - n))
    message.refresh_from_db()
    assert message.state == "failed"
    return message


def test_each_message_says_how_it_went(marta: Client, town: Town) -> None:
    tell(account=town.lupita, at=NINE)
    commands.send_queued(at=NINE)
    given_up(at=NINE - timedelta(days=10), about_folio="RCX-000001")
    tell("3929350000", text="Ya va la cuadrilla", at=NINE)

    page = said(marta.get("/mensajes/"))
    assert "Todos 3 No se pudieron entregar 1 En espera 1 No se sabe 0 Enviados 1" in page
    assert "······1234 · REP-000001 010293" in page and "392935" not in page
    assert "1 intento; enviado, " in page and "4 intentos; apagado o sin espacio, " in page
    failed = said(marta.get("/mensajes/?estado=fallidos"))
    assert "RCX-000001" in failed and "REP-000001" not in failed and "Volver a enviar" in failed


@pytest.mark.parametrize(
    ("asked", "found"), [("rcx-000001", 1), ("1234", 1), ("9999", 0), ("RCX-000002", 0), ("%", 0)]
)
def test_one_is_found_by_its_folio_or_the_end_of_its_telephone(marta: Client, asked: str, found: int) -> None:
    tell(about_folio="RCX-000001")
    tell("3929350000", about_folio="REP-000009")
    assert f"Todos {found}" in said(marta.get("/mensajes/", {"q": asked}))


def test_what_was_told_to_an_account(marta: Client, town: Town) -> None:
    tell(account=town.lupita)
    tell("3929350000", text="A don Chuy", account=town.chuy)
    page = said(marta.get("/cuentas/010293/mensajes/"))
    assert "Su reporte quedó resuelto." in page and "A don Chuy" not in page and "Todos 1" in page
    acts = policy.acts_of_role(role="service_desk")
    assert "/cuentas/010293/mensajes/" in [
        each.href for each in menu.actions_on(number="010293", acts=acts, is_seldom=True)
    ]
    assert marta.get("/cuentas/999999/mensajes/").status_code == 404


def test_the_one_that_failed_is_tried_once_more(marta: Client) -> None:
    message = given_up(at=NINE - timedelta(days=10))
    answer = marta.post(
        f"/mensajes/{message.pk}/reenvio/", {"back": "/mensajes/?estado=fallidos"}, follow=True
    )
    assert answer.redirect_chain == [("/mensajes/?estado=fallidos", 302)]
    assert "Se vuelve a enviar en un minuto." in said(answer)
    message.refresh_from_db()
    assert (message.state, message.next_try_at) == ("queued", TEN)
    assert AuditEntry.objects.get(act="send_message_again").by == "marta"

    commands.send_queued(at=TEN)
    message.refresh_from_db()
    assert (message.state, message.tries.count()) == ("failed", 5)


@pytest.mark.parametrize(
    ("phone", "why"),
    [
        ("3929351234", "Ese mensaje está «enviado»."),
        ("3900000001", "El número terminado en 0001 no existe."),
        ("3900000004", "Ese mensaje está «no se sabe»."),
    ],
)
def test_what_was_heard_or_never_will_be_is_not_sent_again(marta: Client, phone: str, why: str) -> None:
    message = tell(phone)
    assert message
    commands.send_queued(at=NINE)
    assert "Volver a enviar" not in said(marta.get("/mensajes/"))
    answer = marta.post(f"/mensajes/{message.pk}/reenvio/")
    assert answer.status_code == 422 and why in said(answer)
    message.refresh_from_db()
    assert message.state != "queued" and not AuditEntry.objects.filter(act="send_message_again").exists()


def test_it_goes_back_nowhere_else(marta: Client) -> None:
    message = given_up(at=NINE - timedelta(days=10))
    answer = marta.post(f"/mensajes/{message.pk}/reenvio/", {"back": "https://otro.example/"})
    assert answer["Location"] == "/mensajes/"


def test_who_only_reads_sends_nothing(town: Town) -> None:
    message = given_up(at=NINE - timedelta(days=10))
    ofelia = entered("ofelia")
    assert "Volver a enviar" not in said(ofelia.get("/mensajes/"))
    assert ofelia.post(f"/mensajes/{message.pk}/reenvio/").status_code == 403
    assert entered("veronica").get("/mensajes/").status_code == 403
