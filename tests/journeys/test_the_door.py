"""The door by keyboard: the password, the telephone, the lock that keeps what was typed, and the PIN that opens it."""

from collections.abc import Callable

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from caudal.access import approvals, policy
from caudal.access.models import Pin, SignIn
from caudal.kernel import clock
from tests.journeys.browsing import Walk
from tests.journeys.test_every_screen import faults
from tests.town.cast import PASSWORD, PIN

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]


def test_from_the_password_to_the_pin_without_a_mouse(living_site: str, walk: Start) -> None:
    """Laura comes in, begins a form, leaves the screen; back with her PIN, what she typed is still there."""
    laura = walk(living_site)
    laura.come_in("laura")
    assert laura.page.url == f"{living_site}/"
    assert SignIn.objects.get(clerk__username="laura").device

    laura.go("/facturacion/nueva/")
    laura.reach("Vencimiento")
    laura.page.keyboard.type("12/02/2019")
    laura.page.evaluate("document.dispatchEvent(new Event('caudal-locked'))")
    laura.see("Pantalla bloqueada")
    laura.press("Escape")
    assert laura.page.locator("dialog.lock").is_visible()
    laura.page.keyboard.type("111222")
    laura.press("Enter")
    laura.see("El PIN no es correcto.")
    laura.page.keyboard.type(PIN)
    laura.press("Enter")
    laura.page.locator("dialog.lock").wait_for(state="hidden")
    assert laura.page.input_value("#id_due_on") == "12/02/2019"


def test_the_lock_button_hides_the_page_from_the_server_too(living_site: str, walk: Start) -> None:
    laura = walk(living_site, "laura")
    laura.go("/cuentas/010293/")
    laura.reach("Bloquear")
    with laura.page.expect_response("**/bloqueo/") as locked:
        laura.press("Enter")
    assert locked.value.status == 204
    laura.see("Pantalla bloqueada")
    assert laura.go("/cuentas/010293/") == 423
    assert "Guadalupe" not in laura.text
    laura.page.keyboard.type(PIN)
    with laura.page.expect_navigation():
        laura.press("Enter")
    assert laura.page.url == f"{living_site}/cuentas/010293/" and "Guadalupe" in laura.text


def test_a_screen_at_rest_covers_itself_before_the_server_locks_it(living_site: str, walk: Start) -> None:
    """The browser's clock runs to a little before the ten minutes."""
    laura = walk(living_site, "laura")
    laura.page.clock.install()
    laura.go("/facturacion/nueva/")
    laura.page.clock.fast_forward(9 * 60_000)
    assert not laura.page.locator("dialog.lock").is_visible()
    with laura.page.expect_response("**/bloqueo/"):
        laura.page.clock.fast_forward(45_000)
    laura.see("Pantalla bloqueada")
    assert laura.go("/cuentas/") == 423


def test_a_manager_approves_with_two_taps_on_the_telephone(living_site: str, walk: Start) -> None:
    """The administrator asks; Salas opens «Por aprobar» and touches the button that names the act."""
    admin = walk(living_site, "admin")
    admin.go("/personas/de/veronica/")
    admin.page.fill("#role_reason", "Suple a Rosa")
    admin.page.select_option("#role_role", "till_supervisor")
    admin.page.get_by_role("button", name="Pedir el cambio de puesto").click()
    admin.see("Queda pedido")

    salas = walk(living_site, "salas", width=360, height=740)
    salas.page.get_by_role("link", name="Por aprobar", exact=True).click()  # the first tap
    salas.page.get_by_role("button", name="Aprobar: Cambiar a Verónica Torres Díaz").click()  # the second
    salas.see("Aprobado.")
    admin.go("/personas/de/veronica/")
    assert "supervisor de caja" in admin.text


def test_every_step_of_the_door_is_sound(living_site: str, walk: Start) -> None:
    """The telephone, its enrollment, the PIN, the lock and what waits for a yes, at three widths."""

    def at_the_door(username: str) -> Walk:
        somebody = walk(living_site)
        somebody.go("/entrar/")
        for text, key in ((username, "Tab"), (PASSWORD, "Tab")):
            somebody.page.keyboard.type(text)
            somebody.press(key)
        with somebody.page.expect_navigation():
            somebody.press("Enter")
        return somebody

    TOTPDevice.objects.filter(user__username="veronica").delete()
    Pin.objects.filter(clerk__username="julian").delete()
    approvals.ask(
        act=policy.APPROVE_CLERKS, asked_by="admin", object_kind="clerk", object_id="veronica", at=clock.now(),
        reason="Suple a Rosa", before={"role": "cashier"}, after={"role": "till_supervisor"},
    )  # fmt: skip
    assert faults(at_the_door("laura"), "/entrar/codigo/") == []
    assert faults(at_the_door("veronica"), "/entrar/telefono/") == []
    assert faults(at_the_door("julian"), "/entrar/pin/") == []
    salas = walk(living_site, "salas")
    assert faults(salas, "/por-aprobar/") == []
    salas.page.get_by_role("button", name="Bloquear").click()
    salas.see("Pantalla bloqueada")
    assert faults(salas, "/cuentas/") == []
