"""The door, step by step: the password, the telephone, the PIN. Nobody is in before the last one."""

import re
from base64 import b32decode
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from tests.town.cast import PASSWORD, PIN, Town, digits, moment

from caudal.access import commands as access
from caudal.access import devices, door, policy, second_factor
from caudal.access.models import Clerk, Pin, SignIn
from caudal.kernel.models import AuditEntry, Utility

MORNING = moment(date(2019, 1, 31), 8)
INSIDE = "/mi-acceso/"
NEW_PIN = "730518"


@pytest.fixture(autouse=True)
def clock(town: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """It is eight in the morning; `clock(n)` makes it n minutes later."""

    def later(minutes: int) -> None:
        monkeypatch.setenv("CAUDAL_NOW", (MORNING + timedelta(minutes=minutes)).isoformat())

    later(0)
    return later


def password(client: Client, username: str, word: str = PASSWORD):  # type: ignore[no-untyped-def]
    return client.post("/entrar/", {"username": username, "password": word})


def enter(client: Client, username: str = "veronica", code: str = "") -> Client:
    """Every step of who has a telephone and a PIN."""
    password(client, username)
    client.post("/entrar/codigo/", {"code": code or digits()})
    return client


def is_in(client: Client) -> bool:
    return client.get(INSIDE).status_code == 200


def forget_telephone(username: str) -> None:
    TOTPDevice.objects.filter(user__username=username).delete()


def test_the_right_password_alone_opens_nothing(client: Client) -> None:
    """Somebody read Verónica's password over her shoulder."""
    answer = password(client, "veronica")
    assert answer["Location"] == "/entrar/codigo/"
    for path in ("/", "/cuentas/", INSIDE, "/facturacion/"):
        assert client.get(path)["Location"] == f"/entrar/?next={path}"
    assert not SignIn.objects.exists() and "_auth_user_id" not in client.session


def test_six_digits_of_the_telephone_let_her_in(client: Client) -> None:
    password(client, "veronica")
    answer = client.post("/entrar/codigo/", {"code": digits()})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    entry = SignIn.objects.get()
    assert (entry.clerk.username, entry.ip, entry.is_new_device) == ("veronica", "127.0.0.1", False)
    assert entry.session == client.session.session_key and entry.device


def test_digits_typed_with_a_space_are_the_same_digits(client: Client) -> None:
    code = digits()
    assert is_in(enter(client, code=f" {code[:3]} {code[3:]} "))


def test_the_same_digits_do_not_open_twice(client: Client) -> None:
    """Who saw the six digits over her shoulder has half a minute, and it is not enough."""
    code = digits()
    assert is_in(enter(client, code=code))
    assert not is_in(enter(Client(), code=code))


def test_wrong_digits_make_one_wait_and_five_ask_for_the_password_again(client: Client) -> None:
    password(client, "veronica")
    first = client.post("/entrar/codigo/", {"code": "000000"})
    assert first.status_code == 422 and "no coincide o ya se usó" in first.content.decode()
    second = client.post("/entrar/codigo/", {"code": digits()})
    assert second.status_code == 422 and "Espere" in second.content.decode()
    for _ in range(2):
        assert client.post("/entrar/codigo/", {"code": "000000"}).status_code == 422
    fifth = client.post("/entrar/codigo/", {"code": "000000"})
    assert fifth["Location"] == "/entrar/"
    assert "cinco códigos equivocados" in client.get("/entrar/").content.decode()
    assert client.get("/entrar/codigo/")["Location"] == "/entrar/" and not SignIn.objects.exists()


def test_a_quarter_of_an_hour_at_the_door_is_too_long(client: Client, clock: Callable[[int], None]) -> None:
    password(client, "veronica")
    clock(15)
    assert client.post("/entrar/codigo/", {"code": digits()})["Location"] == "/entrar/"
    assert not SignIn.objects.exists()


def test_who_is_disabled_at_the_door_stays_outside(client: Client) -> None:
    password(client, "veronica")
    Clerk.objects.filter(username="veronica").update(is_active=False)
    assert client.post("/entrar/codigo/", {"code": digits()})["Location"] == "/entrar/"
    assert not SignIn.objects.exists()


@pytest.mark.parametrize("username", ["veronica", "rosa", "marta", "laura", "salas", "admin"])
def test_roles_that_touch_money_or_settings_are_asked_for_a_telephone(client: Client, username: str) -> None:
    assert password(client, username)["Location"] == "/entrar/codigo/"


@pytest.mark.parametrize("username", ["julian", "ofelia"])
def test_who_only_reads_comes_in_with_the_password(client: Client, username: str) -> None:
    password(client, username)
    assert is_in(client) and SignIn.objects.get().clerk.username == username


def test_in_practice_nobody_is_asked_for_a_telephone(client: Client) -> None:
    """The rule is one function; practice money needs no second lock."""
    Utility.objects.create(id=1, name="SIBAPAS", long_name="SIBAPAS", rfc="SBA010101AA4", is_practice=True)
    password(client, "veronica")
    assert is_in(client)
    page = client.get(INSIDE).content.decode()
    assert "PRÁCTICA — no es dinero real" in page
    assert not any(policy.asks_second_factor(role=role, is_practice=True) for role in Clerk.Role)


def test_the_first_time_one_enrolls_the_telephone_and_chooses_a_pin(client: Client) -> None:
    """A new cashier: the picture and its key, the digits, ten codes on paper, a PIN; only then inside."""
    forget_telephone("veronica")
    Pin.objects.filter(clerk__username="veronica").delete()
    assert password(client, "veronica")["Location"] == "/entrar/telefono/"
    page = client.get("/entrar/telefono/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    key = b32decode(re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page)[1].replace(" ", ""))  # type: ignore[index]

    assert client.post("/entrar/telefono/", {"code": "000000"}).status_code == 422
    assert client.get(INSIDE).status_code == 302
    told = client.post("/entrar/telefono/", {"code": f"{totp(key):06}"}).content.decode()
    codes = re.findall(r"<li><code>([a-z2-9]{5}-[a-z2-9]{5})</code>", told)
    assert len(set(codes)) == 10 and not is_in(client)

    assert client.get("/entrar/paso/")["Location"] == "/entrar/pin/"
    for pin, again, words in (
        ("123456", "123456", "fácil de adivinar"),
        (NEW_PIN, "730519", "no son iguales"),
        ("7305", "7305", "seis dígitos"),
    ):
        answer = client.post("/entrar/pin/", {"pin": pin, "again": again})
        assert answer.status_code == 422 and words in unescape(answer.content.decode())
        assert pin not in answer.content.decode()
    assert client.post("/entrar/pin/", {"pin": NEW_PIN, "again": NEW_PIN})["Location"] == "/"
    assert is_in(client)
    acts = list(AuditEntry.objects.filter(object_id="veronica").order_by("id").values_list("act", flat=True))
    assert acts == ["enroll_second_factor", "renew_recovery_codes", "set_pin"]


def test_the_picture_is_the_key(town: Town) -> None:
    """What the telephone scans says the same key that is written beside it."""
    device = second_factor.begin(clerk=town.salas)
    key = second_factor.typed_key(device=device).replace(" ", "")
    assert f"secret={key}" in device.config_url and "issuer=Caudal" in device.config_url
    assert second_factor.begin(clerk=town.salas).pk == device.pk  # a reload shows the same


def test_a_recovery_code_opens_once_and_is_not_kept_as_it_is(client: Client, town: Town) -> None:
    codes = second_factor.renew_codes(clerk=town.veronica, at=town.at)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {code.replace("-", "") for code in codes}
    assert is_in(enter(client, code=codes[3].upper()))
    assert second_factor.codes_left(clerk=town.veronica) == 9
    assert not is_in(enter(Client(), code=codes[3]))
    assert AuditEntry.objects.filter(act="use_recovery_code", by="veronica").count() == 1


def test_who_has_a_telephone_does_not_enroll_another_by_walking_there(client: Client) -> None:
    """The password is known; the page that would take another telephone sends back to the digits."""
    password(client, "veronica")
    assert client.get("/entrar/telefono/")["Location"] == "/entrar/codigo/"
    assert client.post("/entrar/telefono/", {"code": digits()})["Location"] == "/entrar/codigo/"
    assert client.post("/entrar/pin/", {"pin": NEW_PIN, "again": NEW_PIN})["Location"] == "/entrar/codigo/"
    assert TOTPDevice.objects.filter(user__username="veronica").count() == 1


@pytest.mark.parametrize("path", ["/entrar/codigo/", "/entrar/telefono/", "/entrar/pin/", "/entrar/paso/"])
def test_the_steps_are_for_who_gave_a_password(client: Client, path: str) -> None:
    assert client.get(path)["Location"] == "/entrar/"


def test_an_unknown_name_costs_the_same_work_as_a_wrong_password(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody learns from the delay who works here: one password is hashed for each of the three."""
    hashed: list[str] = []
    real = hashers.Argon2PasswordHasher.encode
    monkeypatch.setattr(
        hashers.Argon2PasswordHasher, "encode", lambda self, *told: hashed.append("one") or real(self, *told)
    )
    verified = hashers.Argon2PasswordHasher.verify
    monkeypatch.setattr(
        hashers.Argon2PasswordHasher,
        "verify",
        lambda self, *told: hashed.append("one") or verified(self, *told),
    )
    Clerk.objects.filter(username="julian").update(is_active=False)
    counts = []
    for username in ("nadie", "laura", "julian"):
        hashed.clear()
        answer = password(client, username, "otra-clave-1")
        counts.append((len(hashed), answer.status_code, "no coinciden" in answer.content.decode()))
    assert counts == [(1, 200, True)] * 3


def test_a_forged_device_is_nobodys(client: Client) -> None:
    """The number of a device is signed: one written by hand counts as none."""
    client.cookies[devices.COOKIE] = "equipo-de-la-caja-1"
    enter(client)
    assert SignIn.objects.get().device != "equipo-de-la-caja-1"


def test_the_device_is_remembered_two_years_out_of_reach_of_scripts(client: Client) -> None:
    client.get("/entrar/")
    cookie = client.cookies[devices.COOKIE]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (2 * 365 * 86_400, True, "Lax")
    first = cookie.value
    enter(client)
    assert SignIn.objects.get().device == first.split(":")[0]


def test_coming_in_from_a_new_device_is_shown(client: Client) -> None:
    """Monday at her desk, again at her desk, and then from somewhere else."""
    enter(client)
    TOTPDevice.objects.update(last_t=-1)
    client.post("/salir/")
    enter(client)
    TOTPDevice.objects.update(last_t=-1)
    elsewhere = enter(Client(REMOTE_ADDR="10.0.0.9"))
    assert list(SignIn.objects.order_by("id").values_list("is_new_device", flat=True)) == [False, False, True]
    page = elsewhere.get(INSIDE).content.decode()
    assert "Es la primera vez que entra desde este equipo" in page and "10.0.0.9" in page
    assert AuditEntry.objects.get(act="enter_from_new_device").after == {"ip": "10.0.0.9"}


def test_twelve_hours_after_coming_in_one_comes_in_again(
    client: Client, clock: Callable[[int], None]
) -> None:
    """Working without a rest since eight: at ten to eight in the evening still inside, at eight not."""
    enter(client)
    for minute in range(9, 720, 9):
        clock(minute)
        assert is_in(client)
    clock(720)
    assert client.get("/cuentas/")["Location"] == "/entrar/?next=/cuentas/"
    assert "Pasaron doce horas" in client.get("/entrar/").content.decode()


def test_who_is_disabled_is_out_at_once_everywhere(client: Client, town: Town) -> None:
    enter(client)
    TOTPDevice.objects.update(last_t=-1)
    phone = enter(Client())
    access.disable_clerk(username="veronica", reason="Renunció", by="admin", at=moment(date(2019, 1, 31)))
    assert [is_in(client), is_in(phone)] == [False, False]


def test_another_password_ends_every_session(client: Client) -> None:
    enter(client)
    answer = client.post("/mi-acceso/contrasena/", {"present": "no-es", "password": "lluvia-de-junio-1987"})
    assert answer.status_code == 422 and is_in(client)
    answer = client.post("/mi-acceso/contrasena/", {"present": PASSWORD, "password": "corta"})
    assert answer.status_code == 422 and "débil" in answer.content.decode() and is_in(client)
    answer = client.post("/mi-acceso/contrasena/", {"present": PASSWORD, "password": "lluvia-de-junio-1987"})
    assert answer["Location"] == "/entrar/" and not is_in(client)
    assert password(Client(), "veronica").status_code == 200  # the old one opens no more
    assert password(Client(), "veronica", "lluvia-de-junio-1987")["Location"] == "/entrar/codigo/"


def test_one_ends_ones_own_sessions_and_nobody_elses(client: Client) -> None:
    enter(client, "salas")
    TOTPDevice.objects.update(last_t=-1)
    veronica = enter(Client())
    TOTPDevice.objects.update(last_t=-1)
    phone = enter(Client(), "salas")
    hers = SignIn.objects.get(clerk__username="veronica")
    client.post(f"/mi-acceso/sesiones/{hers.pk}/cierre/")
    assert is_in(veronica)
    his = SignIn.objects.filter(clerk__username="salas").latest("id")
    assert "Cerrar esta sesión" in client.get(INSIDE).content.decode()
    client.post(f"/mi-acceso/sesiones/{his.pk}/cierre/")
    assert [is_in(client), is_in(phone)] == [True, False]
    assert AuditEntry.objects.filter(act="end_session", by="salas").count() == 1


def test_a_new_pin_asks_for_the_password(client: Client) -> None:
    """An open session is not enough to sign for somebody."""
    enter(client)
    told = {"pin": NEW_PIN, "again": NEW_PIN}
    assert client.post("/mi-acceso/pin/", told | {"present": "no-es"}).status_code == 422
    kept = Pin.objects.get(clerk__username="veronica").hash
    assert hashers.check_password(PIN, kept)
    assert client.post("/mi-acceso/pin/", told | {"present": PASSWORD}).status_code == 302
    assert hashers.check_password(NEW_PIN, Pin.objects.get(clerk__username="veronica").hash)


def test_new_recovery_codes_ask_for_the_pin_and_end_the_old_ones(client: Client, town: Town) -> None:
    old = second_factor.renew_codes(clerk=town.veronica, at=town.at)
    enter(client)
    assert client.post("/mi-acceso/codigos/", {"pin": "111222"}).status_code == 422
    assert second_factor.codes_left(clerk=town.veronica) == 10
    told = client.post("/mi-acceso/codigos/", {"pin": PIN}).content.decode()
    assert len(re.findall(r"<li><code>", told)) == 10 and old[0] not in told
    with pytest.raises(second_factor.WrongCode):
        second_factor.check(clerk=town.veronica, code=old[0], at=town.at)


def test_a_session_that_skipped_the_door_is_not_in(client: Client, town: Town) -> None:
    """Signed in by some other way than the steps: the gates do not know it."""
    client.force_login(town.veronica, backend=door.BACKEND)
    assert client.get(INSIDE)["Location"] == "/entrar/?next=/mi-acceso/"
