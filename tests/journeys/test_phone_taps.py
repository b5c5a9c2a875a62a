"""How many taps each thing costs, and that what is strange is read twice before anything is shown."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from tests.journeys.browsing import until
from tests.journeys.field_office import Office
from tests.journeys.telephone import Telephone

pytestmark = pytest.mark.browser
Take = Callable[..., Telephone]
LUPITA, ESPIGA, SCHOOL, HOTEL, PONDEROSA = "AZ5300293", "AZ5300405", "AZ5300512", "AZ5300620", "AZ5300818"


@pytest.fixture
def julian(office: Office, take_telephone: Take) -> Telephone:
    telephone = take_telephone()
    telephone.enroll(office.enroll_code())
    telephone.see_screen("Mis recorridos de hoy")
    return telephone


@pytest.fixture
def reader(office: Office, julian: Telephone) -> Telephone:
    """In front of Doña Lupita's meter."""
    julian.open_round(office.reading)
    julian.see_screen(LUPITA)
    julian.count()
    return julian


def test_a_normal_reading_takes_six_taps(office: Office, reader: Telephone) -> None:
    """Five digits and «Guardar y siguiente»; the next meter is already there."""
    reader.type(office.usual(LUPITA))
    reader.tap("save")
    reader.see_screen(ESPIGA)
    assert reader.taps == 6
    until(lambda: len(office.told()) == 1)
    event = office.told()[0]
    assert event.body == {
        "value": int(office.usual(LUPITA)), "code": "00", "serial": LUPITA, "entries": 1, "warned": [],
    }  # fmt: skip
    assert (event.latitude_e6, event.longitude_e6, event.accuracy_m) == (20_280_100, -102_550_200, 9)
    assert office.became(event) == ("applied", "")


def test_four_digits_are_not_a_reading(office: Office, reader: Telephone) -> None:
    reader.type(office.usual(LUPITA)[:4])
    reader.tap("save")
    reader.see("Faltan cifras: son 5. Escriba también los ceros de la izquierda.")
    reader.see_screen(LUPITA)
    assert reader.waiting() == 0


def test_what_is_strange_is_read_twice_and_blind(office: Office, reader: Telephone) -> None:
    """Too high: the digits are wiped and nothing tells what was expected; after the second, six bars."""
    high = office.strange(LUPITA)
    reader.type(high)
    reader.tap("save")
    reader.see("Sale más alta de lo acostumbrado. Mire otra vez el medidor y escriba todas sus cifras.")
    assert reader.page.locator(".bars").count() == 0 and reader.page.locator(".box.filled").count() == 0
    assert office.usual(LUPITA) not in reader.text and high not in reader.text
    reader.type(high)
    reader.tap("save")
    reader.see("Sale más alta de lo acostumbrado. Las dos lecturas son iguales.")
    assert reader.page.locator(".bars rect").count() == 7  # six months and this one
    reader.tap("save")
    reader.see_screen(ESPIGA)
    until(lambda: len(office.told()) == 1)
    told = office.told()[0].body
    assert (told["value"], told["entries"], told["warned"]) == (int(high), 2, ["high"])


def test_the_second_entry_corrects_the_first(office: Office, reader: Telephone) -> None:
    """A finger slipped: the second time it is the usual one, and it is saved without more ado."""
    reader.type("99999")
    reader.tap("save")
    reader.see("Mire otra vez el medidor")
    reader.type(office.usual(LUPITA))
    reader.tap("save")
    reader.see_screen(ESPIGA)
    until(lambda: len(office.told()) == 1)
    assert (
        office.told()[0].body["value"] == int(office.usual(LUPITA)) and office.told()[0].body["entries"] == 2
    )


def test_two_strange_entries_that_differ_are_not_enough(reader: Telephone) -> None:
    for digits in ("99999", "99998"):
        reader.type(digits)
        reader.tap("save")
    reader.see("Las dos lecturas no son iguales.")
    assert reader.page.locator(".bars").count() == 0 and reader.waiting() == 0


@pytest.mark.parametrize(
    ("facts", "warned"),
    [
        ((1197, 1207, 1237, 1220), []),
        ((1197, 1207, 1237, 1238), ["high"]),
        ((1197, 1207, 1237, 1206), ["low"]),
        ((1197, 1207, 1237, 1197), ["zero"]),
        ((1197, 1207, 1237, 1196), ["backwards"]),
        ((1197, 1197, 1237, 1197), []),  # it never drank: zero surprises nobody
        ((99_980, 100_040, 100_220, 20), ["rollover"]),  # 40 m³ round the dial
        ((99_980, 100_040, 100_220, 50_000), ["backwards"]),  # 50,020 m³ round the dial: it did not turn
    ],
)
def test_what_is_strange(reader: Telephone, facts: tuple[int, int, int, int], warned: list[str]) -> None:
    """previous, low, high → what is told of a value."""
    previous, low, high, value = facts
    found = reader.page.evaluate(
        "facts => import('/static/fieldwork/phone/warnings.js').then(it => it.strange(facts))",
        {"previous": previous, "low": low, "high": high, "value": value, "digits": 5},
    )
    assert found == warned


def test_no_could_not_in_two_taps_after_its_button(office: Office, reader: Telephone) -> None:
    """«No pude», «Predio cerrado»: saved, on to the next."""
    reader.tap("cannot")
    reader.tap("code-01")
    reader.see_screen(ESPIGA)
    assert reader.taps == 2
    until(lambda: len(office.told()) == 1)
    assert (office.told()[0].body["value"], office.told()[0].body["code"]) == (None, "01")


def test_every_code_is_two_taps_away(office: Office, reader: Telephone) -> None:
    """The 25 that are not «normal» are in one of the two lists, once."""
    found = []
    for door in ("cannot", "anomaly"):
        reader.tap(door)
        found += [
            each.get_attribute("data-name") for each in reader.page.locator('[data-name^="code-"]').all()
        ]
        reader.tap("back")
    assert sorted(map(str, found)) == [f"code-{n:02d}" for n in range(1, 26)]


def test_a_code_that_asks_for_a_photo_is_not_saved_without_it(office: Office, reader: Telephone) -> None:
    """A manipulated meter: its photo comes to the office small and without what the camera wrote inside."""
    reader.tap("cannot" if _is_in(reader, "cannot", "15") else "anomaly")
    reader.tap("code-15")
    if reader.page.locator('[data-name="save"]').count():  # its digits are wanted too
        reader.type(office.usual(LUPITA))
        reader.tap("save")
        reader.see("pide foto")
        assert reader.waiting() == 0
        reader.photograph("dial")
        reader.tap("save")
    else:
        reader.see("Este motivo pide una foto del lugar.")
        assert reader.waiting() == 0
        reader.photograph("dial")
    reader.see_screen(ESPIGA)
    until(lambda: len(office.photos()) == 1)
    photo = office.photos()[0]
    assert max(photo.width, photo.height) <= 1024 and photo.size_bytes <= 120 * 1024
    body = office.picture(photo)
    assert b"CANARIO-EXIF" not in body and Image.open(io.BytesIO(body)).format == "JPEG"
    assert photo.event_id == office.told()[0].pk


def _is_in(telephone: Telephone, door: str, code: str) -> bool:
    telephone.tap(door)
    found = telephone.page.locator(f'[data-name="code-{code}"]').count() == 1
    telephone.tap("back")
    telephone.see_screen(LUPITA)
    return found


def test_what_is_no_photo_is_said(reader: Telephone) -> None:
    reader.photograph("dial", {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"no soy una foto"})
    reader.see("Eso no es una foto. Tome otra.")


def test_a_meter_out_of_its_turn_in_five_taps(reader: Telephone) -> None:
    """The last three digits of La Ponderosa's."""
    reader.tap("find")
    reader.page.locator("#find").press_sequentially("818")
    reader.page.locator(".list button").first.click()
    reader.see_screen(PONDEROSA)
    assert reader.taps + len("818") + 1 == 5


def test_the_end_of_a_round_and_sending_in_two_taps(office: Office, reader: Telephone) -> None:
    reader.network(on=False)
    reader.type(office.usual(LUPITA))
    reader.tap("save")
    reader.see_screen(ESPIGA)
    reader.network(on=True)
    reader.count()
    reader.tap("end")
    reader.see("Faltan 4 lugares.")
    reader.tap("send")
    reader.see("Todo está enviado.")
    assert reader.taps == 2 and len(office.told()) == 1


def test_a_bill_delivered_with_its_photo_in_six_taps(office: Office, julian: Telephone) -> None:
    """Delivered, to a relative, the photo (three), save; no name is asked for."""
    julian.open_round(office.papers)
    julian.see_screen("Morelos 293")
    julian.count()
    julian.tap("outcome-delivered")
    julian.tap("receiver-familiar")
    julian.photograph("evidence")
    julian.tap("save")
    julian.see_screen("Juárez 45")
    assert julian.taps == 6
    until(lambda: len(office.photos()) == 1)
    event = office.told("delivery")[0]
    assert event.body == {"outcome": "delivered", "receiver": "familiar", "notes": ""}
    assert event.latitude_e6 == 20_280_100 and office.became(event) == ("applied", "")


def test_a_leak_is_accepted_told_and_closed(office: Office, julian: Telephone) -> None:
    julian.open_round(office.orders)
    julian.see_screen("Morelos 293")
    julian.tap("accept")
    julian.see("Foto antes")
    julian.tap("close")
    julian.see("Falta: ")
    assert office.told("order") == []
    julian.page.fill("#check-where", "toma")
    julian.tap("check-repaired-yes")
    for role in ("before", "after"):
        julian.photograph(role)
    julian.tap("close")
    julian.see_screen("Juárez 45")
    until(lambda: len(office.told("order")) == 1 and len(office.photos()) == 2)
    told = office.told("order")[0]
    assert told.body["done"] is True and told.body["answers"] == {"where": "toma", "repaired": True}
    assert office.became(told) == ("applied", "")
    assert {photo.role for photo in office.photos()} == {"before", "after"}


def test_a_restriction_that_nobody_confirms_is_not_done(office: Office, julian: Telephone) -> None:
    """«No procede» at the door: it cannot be closed as done, only told why not."""
    julian.open_round(office.orders)
    julian.see_screen("Morelos 293")
    julian.tap("find")
    julian.page.locator(".list button").nth(2).click()
    julian.see_screen("Allende 12")
    julian.tap("accept")
    julian.see("No se pudo")
    julian.see("No procede: no haga este trabajo.")
    julian.tap("close")
    julian.page.locator(".said.loud").wait_for()
    assert office.told("order") == []
    julian.page.get_by_role("button", name="Entendido").click()
    julian.tap("not-done")
    julian.tap("reason-0")
    until(lambda: len(office.told("order")) == 1)
    assert office.told("order")[0].body["done"] is False


@pytest.mark.parametrize(
    ("minutes", "network", "work", "words"),
    [
        (1, True, {}, ""),
        (3, True, {}, "Hay señal"),
        (30, True, {"begun_at": "2019-02-25T10:00:00Z"}, ""),
        (30, True, {"no_signal": True}, ""),
        (3, False, {}, ""),
        (23 * 60, False, {}, ""),
        (25 * 60, False, {}, "ya venció"),
        (25 * 60, False, {"begun_at": "2019-02-25T10:00:00Z"}, "ya venció"),
    ],
)
def test_a_verdict_of_the_office_lasts_two_minutes_with_it_and_a_day_without(
    office: Office, julian: Telephone, minutes: int, network: bool, work: dict[str, Any], words: str
) -> None:
    """The office said «procede» so many minutes ago: with network it is asked again before beginning, unless it did
    not answer; without network, a day and no more."""
    julian.open_round(office.orders)
    julian.see_screen("Morelos 293")
    julian.network(on=network)
    found = julian.page.evaluate(
        """([minutes, work]) => Promise.all([import('/static/fieldwork/phone/order.js'), import('/static/fieldwork/phone/clock.js')])
          .then(([order, clock]) => order.whyNot({verdict: {go: true, why: 'procede',
            checked_at: new Date(clock.officeNow() - minutes * 60000).toISOString()}}, work))""",
        [minutes, work],
    )
    assert found == words or (words and words in found)
