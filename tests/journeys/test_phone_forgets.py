"""A lost telephone tells nothing: what can be read is wiped, and what was not sent stays sealed for the office."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from caudal.fieldwork.models import Device
from caudal.registry.models import Account, Premise
from tests.journeys.browsing import until
from tests.journeys.field_office import Office
from tests.journeys.telephone import PIN, Telephone
from tests.town.cast import METERS, PEOPLE

pytestmark = pytest.mark.browser
Take = Callable[..., Telephone]
LUPITA, ESPIGA = "AZ5300293", "AZ5300405"
DAY_AWAY = "Falta abrir el día"


@pytest.fixture
def julian(office: Office, take_telephone: Take) -> Telephone:
    """Julián read Doña Lupita's meter without network; his telephone holds it."""
    telephone = take_telephone()
    telephone.enroll(office.enroll_code())
    telephone.open_round(office.reading)
    telephone.see_screen(LUPITA)
    telephone.ready()
    telephone.network(on=False)
    telephone.photograph("dial")
    telephone.type(office.usual(LUPITA))
    telephone.tap("save")
    telephone.see_screen(ESPIGA)
    return telephone


def is_wiped(telephone: Telephone) -> bool:
    names = {row["name"] for row in telephone.kept("kept")}
    return telephone.kept("packs") == [] and not names & {"device", "day", "contact"}


def test_a_revoked_telephone_wipes_itself_at_the_first_word(office: Office, julian: Telephone) -> None:
    """The round is gone; the reading that was not sent is still there, sealed. Enrolled again, it arrives."""
    office.revoke()
    julian.network(on=True)
    julian.see("La oficina dio de baja este teléfono")
    assert is_wiped(julian) and julian.waiting() == 1 and office.told() == []
    julian.see("Hay 1 sin enviar")

    julian.enroll(office.enroll_code())
    julian.see_screen("Mis recorridos de hoy")
    until(lambda: len(office.told()) == 1)
    assert office.told()[0].body["value"] == int(office.usual(LUPITA))
    until(lambda: len(office.photos()) == 1)


def test_ten_wrong_pins_wipe_it(office: Office, julian: Telephone) -> None:
    julian.page.reload()
    for times in range(1, 10):
        julian.come_in("111222")
        left = 10 - times
        julian.see("Queda 1 intento" if left == 1 else f"Quedan {left} intentos")
        if times == 5:  # closing the application gives no more tries
            julian.page.reload()
    assert not is_wiped(julian)
    julian.come_in("111222")
    julian.see("Se escribió mal el PIN 10 veces")
    assert is_wiped(julian) and julian.waiting() == 1


def test_the_right_pin_starts_the_count_again(julian: Telephone) -> None:
    julian.page.reload()
    julian.come_in("111222")
    julian.see("Quedan 9 intentos")
    julian.type(PIN)
    julian.see_screen("Mis recorridos de hoy")
    julian.page.reload()
    julian.come_in("111222")
    julian.see("Quedan 9 intentos")


@pytest.mark.parametrize(("days", "keeps_round"), [(1.01, True), (8, False), (-2, True)])
def test_a_day_that_is_over_needs_the_office(
    office: Office, julian: Telephone, days: float, keeps_round: bool
) -> None:
    """Next morning, a week later, or with the clock put back: the PIN alone opens nothing. The reading waits."""
    julian.switch_off()
    julian.set_clock(days=days)
    julian.switch_on()
    julian.page.goto(f"{julian.base}/campo/")
    julian.come_in()
    julian.see(DAY_AWAY)
    assert bool(julian.kept("packs")) is keeps_round and julian.waiting() == 1
    julian.network(on=True)
    julian.tap("open-day")
    julian.see_screen("Mis recorridos de hoy")
    until(lambda: len(office.told()) == 1)


def test_the_browser_holds_nothing_that_can_be_read(office: Office, julian: Telephone) -> None:
    """Its stores as a script sees them and the files of its profile as a thief does, before and after sending."""
    secrets = canaries(office)
    assert leaks(julian, secrets) == []
    julian.network(on=True)
    julian.see("Todo enviado")
    for folio in (office.papers, office.orders):
        julian.tap("to-rounds")
        julian.open_round(folio)
        julian.see("0 de")
    assert leaks(julian, secrets) == []
    julian.switch_off()  # what was in memory goes to the disk
    on_disk = files_of(julian.home)
    assert len(on_disk) > 100_000  # there is something to look at
    assert [each for each in secrets if each.encode() in on_disk or each.encode("utf-16-le") in on_disk] == []
    julian.switch_on()
    # the canaries do sing: the public key of the office is there to be found
    key = Device.objects.get().public_key
    assert key.encode() in on_disk or key.encode("utf-16-le") in on_disk


def canaries(office: Office) -> list[str]:
    """Whatever would tell something of somebody: names, telephones, addresses, meters, what was read, the PIN."""
    names = [word for each in PEOPLE.values() for word in each[1].split() if len(word) > 5]
    told = [each[2] for each in PEOPLE.values() if each[2]]
    places = [each for each in Premise.objects.values_list("address", flat=True) if len(each) > 5]
    serials = [serial for serial, _, _ in METERS.values()]
    accounts = list(Account.objects.values_list("number", flat=True))
    usual = office.usual(LUPITA)
    readings = [f'"value":{int(usual)}', f'"value": {int(usual)}', f'"previous":{int(usual)}', f'"{usual}"']
    others = [f'"{PIN}"', "Fuga en la banqueta", "CANARIO-EXIF", '"jpeg"']
    return [*names, *told, *places, *serials, *(f'"{each}"' for each in accounts), *readings, *others]


DUMP = """async () => {
  const out = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie];
  const text = (value) => JSON.stringify(value, (_, each) =>
    each instanceof Uint8Array ? new TextDecoder("latin1").decode(each) : each);
  for (const { name } of await indexedDB.databases()) {
    const base = await new Promise((resolve) => { const o = indexedDB.open(name); o.onsuccess = () => resolve(o.result); });
    for (const store of base.objectStoreNames) {
      out.push(text(await new Promise((resolve) => {
        const asked = base.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => resolve(asked.result);
      })));
    }
    base.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) out.push(request.url, await (await cache.match(request)).text());
  }
  return out.join("\\n");
}"""


def leaks(telephone: Telephone, secrets: list[str]) -> list[str]:
    dump = telephone.page.evaluate(DUMP)
    assert "campo-" in dump or re.search("caudal campo", dump), "the stores were not looked at"
    return [each for each in secrets if each in dump]


def files_of(home: Path) -> bytes:
    """Every byte of the browser's profile on the disk."""
    return b"\n".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
