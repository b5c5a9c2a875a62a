"""Every screen of the telephone at 360 px: nothing for axe to say, seven to one, and room for a thumb with a glove."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.field_office import Office
from tests.journeys.telephone import PIN, Telephone

pytestmark = pytest.mark.browser
Take = Callable[..., Telephone]
AXE = Axe()
RULES = """() => axe.run(document, {resultTypes: ['violations'], rules: {'color-contrast-enhanced': {enabled: true}}})
  .then(found => found.violations.flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 120)}`)))"""
SMALL = """() => [...document.querySelectorAll('button, a, input, label.button')]
  .filter(each => each.offsetParent)
  .map(each => [each.getBoundingClientRect(), each])
  .filter(([box]) => box.width < 47.9 || box.height < 47.9)
  .map(([box, each]) => `${each.outerHTML.slice(0, 80)} is ${Math.round(box.width)}×${Math.round(box.height)}`)"""
TINY = """() => [...document.querySelectorAll('body *')].filter(each => each.offsetParent)
  .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
  .filter(each => parseFloat(getComputedStyle(each).fontSize) < 18).map(each => each.textContent.slice(0, 40))"""
BEYOND = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(telephone: Telephone, screen: str) -> list[str]:
    page = telephone.page
    page.evaluate(AXE.axe_script)
    found = [*page.evaluate(RULES), *page.evaluate(SMALL)]
    found += [f"writes too small: {words}" for words in page.evaluate(TINY)]
    found += ["goes beyond the edge"] if page.evaluate(BEYOND) > 0 else []
    return [f"{screen}: {each}" for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_is_sound(office: Office, take_telephone: Take, scheme: str) -> None:
    phone = take_telephone()
    phone.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found: list[str] = []

    def look(title: str) -> None:
        phone.see_screen(title)
        found.extend(faults(phone, title))

    phone.page.goto(f"{phone.base}/campo/#alta={office.enroll_code()}")
    look("Dar de alta este teléfono")
    phone.page.fill("#name", "Moto G")
    phone.tap("next")
    look("Elija un PIN")
    phone.type(PIN)
    look("Escriba el PIN otra vez")
    phone.type(PIN)
    look("Mis recorridos de hoy")
    phone.open_round(office.reading)
    look("AZ5300293")
    phone.tap("cannot")
    look("¿Por qué no se pudo leer?")
    phone.tap("back")
    phone.tap("anomaly")
    look("¿Qué se ve en el medidor?")
    phone.tap("back")
    for words in ("Mire otra vez", "Las dos lecturas son iguales"):
        phone.type(office.strange("AZ5300293"))
        phone.tap("save")
        phone.see(words)
        look("AZ5300293")
    phone.tap("find")
    look("Buscar en el recorrido")
    phone.tap("back")
    phone.tap("end")
    look("Terminar el recorrido")
    phone.tap("outbox")
    look("Envíos")
    phone.tap("to-rounds")
    phone.open_round(office.papers)
    phone.see_screen("Morelos 293")
    phone.tap("outcome-delivered")
    look("Morelos 293")
    phone.tap("to-rounds")
    phone.open_round(office.orders)
    look("Morelos 293")
    phone.tap("accept")
    phone.see("Cerrar orden")
    look("Morelos 293")
    phone.tap("not-done")
    look("¿Por qué no se pudo?")
    phone.page.reload()
    look("Escriba su PIN")
    phone.type("111222")
    phone.see("Ese no es el PIN")
    look("Escriba su PIN")
    assert found == []
