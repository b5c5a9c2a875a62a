"""The page on which a run's bills are given to who carries them, and what the run says of them after."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.journeys.story import TODAY

from caudal.billing.models import BillingRun
from caudal.billing.tests.test_pages import beside, said
from caudal.fieldwork.models import Round, Stop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]


@pytest.fixture
def laura(enter_as: Enter) -> Client:
    return enter_as("laura")


@pytest.fixture
def december() -> BillingRun:
    return BillingRun.objects.get(period=201812)


def routes_of(run: BillingRun) -> list[str]:
    from caudal.billing import queries

    return [each.code for each in queries.delivery_by_route(run=run)]


def test_a_route_is_given_to_julian_and_the_others_wait(laura: Client, december: BillingRun) -> None:
    first, *others = routes_of(december)
    answer = laura.post(
        f"/facturacion/{december.pk}/reparto/",
        {"on": "31/01/2019", f"ruta-{first}": "julian", **{f"ruta-{each}": "" for each in others}},
    )
    assert answer["Location"] == "/recorridos/?dia=31/01/2019"
    made = Round.objects.get(kind="delivery")
    assert (made.name, made.on, made.assigned_to.username, made.planned_by) == (
        f"Recibos de diciembre 2018, ruta {first}", TODAY, "julian", "laura",
    )  # fmt: skip
    n = made.stops.count()
    assert f"1 recorrido para el 31 ene 2019, con {n} recibos" in said(
        laura.get("/recorridos/?dia=31/01/2019")
    )

    page = said(laura.get(f"/facturacion/{december.pk}/"))
    assert f"{n} en camino" in page and "por repartir" in page
    Stop.objects.filter(round=made).update(outcome="delivered", done_at=made.planned_at)
    assert f"{n} entregado" in said(laura.get(f"/facturacion/{december.pk}/"))
    assert "no falta ninguno" in said(laura.get(f"/facturacion/{december.pk}/reparto/"))


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", "Falta el día."),
        ("ayer", "Escriba la fecha como 31/01/2019."),
        ("30/01/2019", "Ese día ya pasó. Escriba hoy u otro día."),
    ],
)
def test_a_day_that_cannot_be_is_refused_beside_it(
    laura: Client, december: BillingRun, typed: str, refusal: str
) -> None:
    first = routes_of(december)[0]
    answer = laura.post(f"/facturacion/{december.pk}/reparto/", {"on": typed, f"ruta-{first}": "julian"})
    assert answer.status_code == 422
    assert beside(answer, "on") == refusal
    assert '<option value="julian" selected>' in answer.content.decode()
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("", "Falta quién los entrega."),
        ("nadie", "No hay nadie que se llame «nadie»."),
        ("veronica", "no trabaja en la calle"),
    ],
)
def test_who_cannot_carry_them_is_refused(laura: Client, december: BillingRun, who: str, why: str) -> None:
    first = routes_of(december)[0]
    answer = laura.post(f"/facturacion/{december.pk}/reparto/", {"on": "31/01/2019", f"ruta-{first}": who})
    assert answer.status_code == 422
    assert why in said(answer)
    assert not Round.objects.exists()


def test_who_only_reads_is_offered_nothing(enter_as: Enter, december: BillingRun) -> None:
    assert "Repartir recibos" in said(enter_as("salas").get(f"/facturacion/{december.pk}/"))
    marta = enter_as("marta")
    assert "Repartir recibos" not in said(marta.get(f"/facturacion/{december.pk}/"))
    assert marta.get(f"/facturacion/{december.pk}/reparto/").status_code == 403


def test_a_run_that_is_not_issued_has_nothing_to_deliver(laura: Client) -> None:
    january = BillingRun.objects.get(period=201901)
    page = said(laura.get(f"/facturacion/{january.pk}/reparto/"))
    assert "Sin recibos que entregar" in page and "Planear recorridos" not in page
    assert "Repartir recibos" not in said(laura.get(f"/facturacion/{january.pk}/"))
