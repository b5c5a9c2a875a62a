"""A channel is put to use on its page: from an example, with its contract checked before anything is written."""

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from tests.town.cast import Town

from caudal.cashier.channel_forms import EXAMPLES, example
from caudal.cashier.channels import examples, layout
from caudal.cashier.models import PaymentChannel, ReceiptSeries
from caudal.kernel.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
Enter = Callable[[str], Client]
SENT = {
    "name": "Banco del Bajío", "code": "bajio", "series": "bj", "tender": "transfer", "layout": example(name="spei"),
}  # fmt: skip


@pytest.fixture
def salas(enter_as: Enter) -> Client:
    return enter_as("salas")


def test_salas_puts_a_bank_to_use(town: Town, salas: Client) -> None:
    assert 'href="/canales/nuevo/"' in salas.get("/canales/").content.decode()
    answer = salas.post("/canales/nuevo/", SENT, follow=True)
    assert answer.redirect_chain == [("/canales/bajio/", 302)]
    assert "Banco del Bajío está en uso." in answer.content.decode()
    made = PaymentChannel.objects.get()
    assert (made.code, made.name, made.series_id, made.tender) == (
        "bajio",
        "Banco del Bajío",
        "BJ",
        "transfer",
    )
    assert made.layout == layout.from_toml(text=examples.text(name="spei")).document
    entry = AuditEntry.objects.get(act="cashier.open_channel")
    assert (entry.by, entry.object_id) == ("salas", "bajio")


def test_each_example_is_offered_and_chosen_by_its_link(salas: Client) -> None:
    page = unescape(salas.get("/canales/nuevo/").content.decode())
    assert all(f'href="?ejemplo={code}"' in page and words in page for code, words in EXAMPLES.items())
    assert 'kind = "shop_barcode"' in unescape(
        salas.get("/canales/nuevo/", {"ejemplo": "oxxo"}).content.decode()
    )
    for name in ("", "../../../etc/passwd", "nada"):
        assert 'kind = "clabe"' in unescape(salas.get("/canales/nuevo/", {"ejemplo": name}).content.decode())


def test_the_page_has_every_example_there_is() -> None:
    assert sorted(EXAMPLES) == examples.names()


@pytest.mark.parametrize(
    ("changes", "beside", "says"),
    [
        ({"name": ""}, "name", "Falta: nombre."),
        ({"name": "   "}, "name", "Falta: nombre."),
        ({"code": "Bajío"}, "code", "La clave «Bajío» no sirve o ya existe."),
        ({"code": "nuevo"}, "code", "La clave «nuevo» no se puede usar."),
        ({"series": "B-1"}, "series", "La serie no sirve."),
        ({"tender": "oro"}, "tender", "oro"),
        ({"layout": ""}, "layout", "Falta: descripción del contrato."),
        ({"layout": "[file\nform = 1"}, "layout", "No se puede leer la descripción en el renglón 1."),
        ({"layout": "[fields]\nreference = 1\n"}, "layout", "faltan amount, paid_on"),
        ({"layout": "[magia]\nx = 1\n"}, "layout", "magia: no se conoce esta sección."),
        (
            {"layout": example(name="spei").replace('prefix = "6461801234"', 'prefix = "64-61"')},
            "layout",
            "reference.prefix: debe llevar solo dígitos.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written(
    salas: Client, changes: dict[str, str], beside: str, says: str
) -> None:
    series = ReceiptSeries.objects.count()
    answer = salas.post("/canales/nuevo/", SENT | changes)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    error = page.split(f'id="id_{beside}_error">')[1].split("</div>")[0]
    assert says in error
    assert (PaymentChannel.objects.count(), ReceiptSeries.objects.count()) == (0, series)


def test_what_was_typed_comes_back(salas: Client) -> None:
    mine = SENT["layout"].replace("6461801234", "0305551234")
    page = salas.post("/canales/nuevo/", SENT | {"code": "", "layout": mine}).content.decode()
    assert "0305551234" in page and "Banco del Bajío" in page


def test_a_series_of_another_is_refused(salas: Client) -> None:
    salas.post("/canales/nuevo/", SENT)
    answer = salas.post("/canales/nuevo/", SENT | {"code": "bajio-2"})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422 and "La serie BJ es de otro canal o de una caja." in page
    again = salas.post("/canales/nuevo/", SENT | {"series": "BK"})
    assert "La clave «bajio» no sirve o ya existe." in unescape(again.content.decode())
    assert PaymentChannel.objects.count() == 1 and not ReceiptSeries.objects.filter(code="BK").exists()


@pytest.mark.parametrize("username", ["rosa", "ofelia"])
def test_who_only_reads_them_opens_none(enter_as: Enter, username: str) -> None:
    client = enter_as(username)
    assert "/canales/nuevo/" not in client.get("/canales/").content.decode()
    assert client.post("/canales/nuevo/", SENT).status_code == 403
    assert not PaymentChannel.objects.exists()
