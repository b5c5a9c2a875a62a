"""What was saved on a telephone is never lost: without network, closed, killed, sent twice, full, years away."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.journeys import field_office
from tests.journeys.browsing import until
from tests.journeys.field_office import Office
from tests.journeys.telephone import Telephone

pytestmark = pytest.mark.browser
Take = Callable[..., Telephone]

LUPITA, ESPIGA = "AZ5300293", "AZ5300405"


@pytest.fixture
def julian(office: Office, take_telephone: Take) -> Iterator[Telephone]:
    """Julián's telephone, enrolled this morning, with the round of the center on it; it opens without network."""
    telephone = take_telephone()
    telephone.enroll(office.enroll_code())
    telephone.open_round(office.reading)
    telephone.see_screen(LUPITA)
    telephone.ready()
    yield telephone


def read(telephone: Telephone, digits: str) -> None:
    telephone.type(digits)
    telephone.tap("save")


def test_a_day_without_network_with_the_tab_closed_in_between(office: Office, julian: Telephone) -> None:
    """Doña Lupita's meter, the tab is closed, La Espiga's meter; in the evening there is network: both arrive."""
    julian.network(on=False)
    read(julian, office.usual(LUPITA))
    julian.see_screen(ESPIGA)
    julian.close_tab()
    julian.open_tab()
    julian.see("Hay 1 sin enviar")
    julian.come_in()
    julian.open_round(office.reading)
    julian.see_screen(ESPIGA)  # it goes on where it was
    read(julian, office.usual(ESPIGA))
    julian.see("2 sin enviar")
    assert office.told() == []

    julian.network(on=True)
    julian.see("Todo enviado")
    assert {event.body["serial"]: event.body["value"] for event in office.told()} == {
        LUPITA: int(office.usual(LUPITA)),
        ESPIGA: int(office.usual(ESPIGA)),
    }
    assert [office.became(event) for event in office.told()] == [("applied", "")] * 2


def test_killed_between_saving_and_sending(office: Office, julian: Telephone) -> None:
    """It said «Guardado ✓», so it is on the disk: the browser dies, the telephone starts again, the reading arrives."""
    julian.network(on=False)
    read(julian, office.usual(LUPITA))
    julian.see("Guardado ✓")
    julian.kill()
    julian.network(on=True)
    julian.page.goto(f"{julian.base}/campo/")
    julian.come_in()
    julian.see("Todo enviado")
    until(lambda: len(office.told()) == 1)
    assert office.told()[0].body["value"] == int(office.usual(LUPITA))


def test_the_answer_is_lost_and_it_is_sent_twice(office: Office, julian: Telephone) -> None:
    """The office has it and the telephone does not know: it sends it again, and the office has it once."""
    julian.page.evaluate(
        """() => {
          const real = globalThis.fetch;
          let lost = false;
          globalThis.fetch = async (...said) => {
            const answer = await real(...said);
            if (String(said[0]).includes("sucesos") && !lost) { lost = true; throw new TypeError("lost"); }
            return answer;
          };
        }"""
    )
    read(julian, office.usual(LUPITA))
    until(lambda: len(office.told()) == 1)
    julian.see("sin señal")
    assert julian.waiting() == 1  # nobody told it that it arrived
    julian.tap("outbox")
    julian.tap("send")
    julian.see("Todo enviado")
    assert julian.waiting() == 0
    assert [event.body["value"] for event in office.told()] == [int(office.usual(LUPITA))]


# the browser answers as it does when the disk is full, for as long as it is asked to
FULL = """(stores) => {
  const put = IDBObjectStore.prototype.put;
  globalThis.fullStores = stores;
  IDBObjectStore.prototype.put = function (...said) {
    if (globalThis.fullStores.includes(this.name)) throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, said);
  };
}"""


def test_a_full_telephone_keeps_the_reading_and_says_that_the_photo_is_not(
    office: Office, julian: Telephone
) -> None:
    julian.network(on=False)
    julian.page.evaluate(FULL, ["photos"])
    julian.photograph("dial")
    read(julian, office.usual(LUPITA))
    julian.see("No cabe la foto: el teléfono está lleno. El dato sí quedó guardado ✓.")
    julian.see_screen(ESPIGA)
    assert julian.waiting() == 1 and julian.kept("photos") == []


def test_a_telephone_with_no_room_at_all_does_not_say_saved(office: Office, julian: Telephone) -> None:
    """Nothing is kept, it is said aloud, and the same digits can be saved again when there is room."""
    julian.network(on=False)
    julian.page.evaluate(FULL, ["photos", "events"])
    read(julian, office.usual(LUPITA))
    julian.see("NO se guardó: el teléfono está lleno")
    assert "Guardado ✓" not in julian.text
    julian.see_screen(LUPITA)
    assert julian.waiting() == 0
    julian.page.evaluate("globalThis.fullStores = []")
    julian.page.get_by_role("button", name="Entendido").click()
    julian.tap("save")
    julian.see_screen(ESPIGA)
    assert julian.waiting() == 1


@pytest.mark.parametrize("years", [-3, 3])
def test_a_clock_that_is_years_away(office: Office, take_telephone: Take, years: int) -> None:
    """It says so, keeps working, and the office knows when it was read."""
    telephone = take_telephone(days=field_office.days_from_here() + years * 365)
    telephone.enroll(office.enroll_code())
    telephone.see("El reloj del teléfono va")
    telephone.see("adelantado" if years > 0 else "atrasado")
    telephone.open_round(office.reading)
    telephone.see_screen(LUPITA)
    telephone.ready()
    telephone.network(on=False)
    read(telephone, office.usual(LUPITA))
    telephone.see_screen(ESPIGA)
    telephone.close_tab()
    telephone.open_tab()
    telephone.come_in()  # the day is still open: it is counted by the same clock
    telephone.network(on=True)
    until(lambda: len(office.told()) == 1)
    assert abs(office.told()[0].happened_at - field_office.now()) < timedelta(minutes=5)
    assert abs(office.told()[0].taken_at - field_office.now()) > timedelta(days=1000)


def test_a_new_version_finds_what_was_not_sent(office: Office, julian: Telephone) -> None:
    """The application is updated while a reading waits."""
    julian.network(on=False)
    read(julian, office.usual(LUPITA))
    julian.see_screen(ESPIGA)
    julian.network(on=True)
    julian.page.evaluate(
        """async () => {
          for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
          for (const name of await caches.keys()) await caches.delete(name);
        }"""
    )
    julian.page.reload()
    julian.come_in()
    until(lambda: len(office.told()) == 1)
    julian.see("Todo enviado")
