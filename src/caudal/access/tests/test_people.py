"""Personas y permisos: one asks, another approves, and until then nothing changes."""

import random
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from click.testing import CliRunner
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from tests.journeys.fixtures import entered
from tests.town.cast import Town

from caudal.access import approvals, listening, pins, policy, queries, wording
from caudal.access import commands as access
from caudal.access.cli import clerk as clerk_cli
from caudal.access.models import Approval, ApprovalRequest, ApprovalUse, Clerk, SignIn
from caudal.kernel import clock
from caudal.kernel.models import AuditEntry, Utility

GOOD = "lluvia-de-junio-1987"
NEW = {
    "full_name": "Beatriz Lomelí", "username": "beatriz", "role": "service_desk", "password": GOOD,
    "reason": "Plaza nueva",
}  # fmt: skip
VERONICA = "/personas/de/veronica/"
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def utility(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-01-31T10:00")
    Utility.objects.create(id=1, name="SIBAPAS", long_name="SIBAPAS", rfc="SBA010101AA4")


def decide(username: str, *, decision: str = "granted", **more: str):  # type: ignore[no-untyped-def]
    """Somebody answers the newest request from a page of theirs."""
    request = ApprovalRequest.objects.latest("id")
    return entered(username).post(f"/por-aprobar/{request.pk}/respuesta/", {"decision": decision} | more)


def words(answer) -> str:  # type: ignore[no-untyped-def]
    return unescape(answer.content.decode())


def test_a_new_clerk_waits_for_the_manager(town: Town) -> None:
    """The administrator asks; Beatriz cannot come in until Salas, at his own screen, says yes."""
    assert entered("admin").post("/personas/nueva/", NEW)["Location"] == "/personas/de/beatriz/"
    beatriz = Clerk.objects.get(username="beatriz")
    assert not beatriz.is_active and beatriz.check_password(GOOD)
    assert "Por aprobar: Dar acceso a Beatriz Lomelí" in words(entered("ofelia").get("/personas/"))

    page = words(entered("salas").get("/por-aprobar/"))
    assert "Aprobar: Dar acceso a Beatriz Lomelí" in page and "Plaza nueva" in page
    assert "Daniel Ibarra Solís" in page and "sin acceso" in page and "con acceso" in page
    assert decide("salas")["Location"] == "/por-aprobar/"

    beatriz.refresh_from_db()
    assert beatriz.is_active and ApprovalUse.objects.count() == 1
    entry = AuditEntry.objects.get(act="enable_clerk")
    assert (entry.by, entry.reason) == ("admin", "Plaza nueva Aprobó salas.")
    assert (entry.before, entry.after) == ({"is_active": False}, {"is_active": True})
    assert GOOD not in str(list(AuditEntry.objects.values()))


def test_a_no_leaves_everything_as_it_was(town: Town) -> None:
    entered("admin").post("/personas/nueva/", NEW)
    decide("salas", decision="denied", reason="No hay plaza")
    assert not Clerk.objects.get(username="beatriz").is_active
    assert AuditEntry.objects.get(act="deny_request").reason == "No hay plaza"
    assert "Nada espera su respuesta" in words(entered("salas").get("/por-aprobar/"))


def test_another_role_takes_effect_when_it_is_approved_and_ends_the_sessions(town: Town) -> None:
    veronica = entered("veronica")
    SignIn.objects.create(clerk=town.veronica, at=clock.now(), session=veronica.session.session_key)
    asked = {"role": "till_supervisor", "reason": "Suple a Rosa"}
    assert entered("admin").post(f"{VERONICA}puesto/", asked).status_code == 302
    assert Clerk.objects.get(username="veronica").role == "cashier"
    assert veronica.get("/mi-acceso/").status_code == 200
    decide("salas")
    assert Clerk.objects.get(username="veronica").role == "till_supervisor"
    assert veronica.get("/mi-acceso/").status_code == 302
    given = Approval.objects.get()
    assert (given.before, given.after) == ({"role": "cashier"}, {"role": "till_supervisor"})


def test_a_lost_telephone_is_forgotten_when_it_is_approved(town: Town) -> None:
    """A password and a telephone together would open the account: the administrator does not change both alone."""
    entered("admin").post(f"{VERONICA}telefono/", {"reason": "Se le cayó al río"})
    assert TOTPDevice.objects.filter(user=town.veronica).exists()
    decide("salas")
    assert not TOTPDevice.objects.filter(user=town.veronica).exists()
    again = entered("admin").post(f"{VERONICA}telefono/", {"reason": "Otra vez"})
    assert again.status_code == 422 and "no tiene teléfono registrado" in words(again)


def test_taking_access_away_waits_for_nobody_and_giving_it_back_does(town: Town) -> None:
    admin = entered("admin")
    assert admin.post(f"{VERONICA}baja/", {"reason": ""}).status_code == 422
    admin.post(f"{VERONICA}baja/", {"reason": "Renunció"})
    assert not Clerk.objects.get(username="veronica").is_active
    admin.post(f"{VERONICA}reingreso/", {"reason": "Volvió"})
    assert not Clerk.objects.get(username="veronica").is_active
    decide("salas")
    assert Clerk.objects.get(username="veronica").is_active


def test_a_password_is_given_at_once_and_alone_opens_nothing(town: Town) -> None:
    admin = entered("admin")
    assert "débil" in words(admin.post(f"{VERONICA}contrasena/", {"password": "corta"}))
    assert admin.post(f"{VERONICA}contrasena/", {"password": GOOD}).status_code == 302
    assert (
        Client().post("/entrar/", {"username": "veronica", "password": GOOD})["Location"] == "/entrar/codigo/"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"username": "veronica"}, "ya existe"),
        ({"username": "bety lomelí"}, "solo lleva letras"),
        ({"role": "king"}, "king"),
        ({"password": "corta"}, "La contraseña es débil"),
        ({"reason": ""}, "Escriba por qué entra"),
        ({"full_name": ""}, "Escriba el nombre"),
    ],
)
def test_a_bad_hiring_is_refused_and_asks_nothing(town: Town, changes: dict, said: str) -> None:
    answer = entered("admin").post("/personas/nueva/", NEW | changes)
    assert answer.status_code == 422 and said in words(answer)
    assert Clerk.objects.count() == 8 and not ApprovalRequest.objects.exists()


def test_who_administers_does_not_approve(town: Town) -> None:
    entered("admin").post("/personas/nueva/", NEW)
    assert decide("admin").status_code == 403
    refused = decide("rosa")
    assert refused.status_code == 422 and "no puede aprobar esto" in words(refused)
    assert not Approval.objects.exists() and not Clerk.objects.get(username="beatriz").is_active


def test_nobody_approves_a_change_in_their_own_access(town: Town) -> None:
    entered("admin").post("/personas/de/salas/puesto/", {"role": "administrator", "reason": "Cambio"})
    refused = decide("salas")
    assert refused.status_code == 422 and "su propio acceso" in words(refused)
    assert Clerk.objects.get(username="salas").role == "commercial_manager"
    assert not Approval.objects.exists() and not ApprovalUse.objects.exists()


def test_nobody_asks_for_another_role_of_ones_own(town: Town) -> None:
    answer = entered("admin").post("/personas/de/admin/puesto/", {"role": "cashier", "reason": "x"})
    assert answer.status_code == 422 and not ApprovalRequest.objects.exists()


def test_an_answer_comes_once(town: Town) -> None:
    entered("admin").post("/personas/nueva/", NEW)
    decide("salas")
    again = decide("salas")
    assert again.status_code == 422 and "Alguien ya respondió" in words(again)
    assert entered("salas").post("/por-aprobar/999999/respuesta/").status_code == 404


@pytest.mark.parametrize(
    "verb",
    [
        lambda: access.change_role(
            username="veronica", role="auditor", reason="x", by="admin", at=clock.now()
        ),
        lambda: access.enable_clerk(username="julian", reason="x", by="admin", at=clock.now()),
        lambda: access.reset_second_factor(username="veronica", reason="x", by="admin", at=clock.now()),
    ],
    ids=["role", "return", "telephone"],
)
def test_without_an_approval_the_command_itself_refuses(town: Town, verb: Callable[[], object]) -> None:
    Clerk.objects.filter(username="julian").update(is_active=False)
    before = list(Clerk.objects.order_by("pk").values("role", "is_active"))
    with pytest.raises(approvals.NeedsApproval, match="Ing. Héctor Salas"):
        verb()
    assert list(Clerk.objects.order_by("pk").values("role", "is_active")) == before
    assert TOTPDevice.objects.filter(user=town.veronica).exists()


def test_an_approval_of_one_change_does_not_serve_for_another(town: Town) -> None:
    """Salas approved «auditor»; it does not make her a manager."""
    asked = access.ask_for_role(username="veronica", role="auditor", reason="x", by="admin", at=clock.now())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(approvals.events, "announce", lambda event: None)
        given = approvals.decide(request=asked, is_granted=True, by="salas", at=clock.now())
    with pytest.raises(approvals.NeedsApproval, match="otro cambio"):
        access.change_role(
            username="veronica",
            role="commercial_manager",
            reason="x",
            by="admin",
            at=clock.now(),
            approval=given,
        )
    assert Clerk.objects.get(username="veronica").role == "cashier" and not ApprovalUse.objects.exists()


def test_requests_of_other_rooms_are_not_ours_to_carry_out(town: Town) -> None:
    given = Approval(
        act=policy.SUPERVISE_TILLS, object_kind="till", object_id="1", approver="rosa", asked_by="x"
    )
    before = AuditEntry.objects.count()
    listening.carry_out(listening.RequestGranted(given))
    assert AuditEntry.objects.count() == before


def test_every_act_is_told_in_plain_words() -> None:
    acts = {act for acts in policy.ACTS.values() for act in acts} | {
        policy.DECIDE_REQUESTS,
        policy.KEEP_OWN_ACCESS,
    }
    assert acts <= set(wording.ACTS), "say the new act in access/wording.py"
    roles, table = queries.permissions()
    assert len(roles) == 9 and len({each.name for each in table}) == len(table)


def test_the_table_says_what_the_policy_does(town: Town) -> None:
    page = words(entered("ofelia").get("/personas/permisos/"))
    assert "Cobrar en ventanilla" in page and "Aprobar altas y cambios de personas" in page
    roles, table = queries.permissions()
    charge = next(each for each in table if each.name == "Cobrar en ventanilla")
    assert [role for role, may in zip(roles, charge.may, strict=True) if may] == [
        "cajero",
        "supervisor de caja",
    ]


def test_changes_read_as_one_says_them() -> None:
    told = wording.changes(
        before={"role": "cashier", "amount_cents": 63_690},
        after={"role": "auditor", "amount_cents": 0, "Folio": 7},
    )
    assert told == [
        ("Puesto", "cajero", "auditor"), ("amount", "$636.90", "$0.00"), ("Folio", "—", "7"),
    ]  # fmt: skip


def test_the_terminal_forgets_a_telephone_and_says_it_was_alone(town: Town) -> None:
    run = CliRunner().invoke(
        clerk_cli, ["reset-second-factor", "veronica", "--reason", "Lo perdió", "--by", "admin"]
    )
    assert run.exit_code == 0 and "registrará otro" in run.output
    assert not TOTPDevice.objects.filter(user=town.veronica).exists()
    assert "sin aprobación de otra persona" in AuditEntry.objects.get(act="reset_second_factor").reason


def test_over_any_mix_of_roles_nobody_alone_uses_an_approval(town: Town) -> None:
    """Random people, acts and attacks: what is used was always given by another, able, at another device, once."""
    seed = random.SystemRandom().randrange(10**9)
    chance = random.Random(seed)
    people, devices = list(Clerk.objects.order_by("pk")), ["caja-1", "caja-2", "oficina", ""]
    start, came_in = clock.now(), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pins, "check_pin", lambda **told: None)  # the PIN has its own tests
        for step in range(200):
            at = start + timedelta(minutes=step)
            asker, approver, act = (
                chance.choice(people),
                chance.choice(people),
                chance.choice(sorted(policy.APPROVALS)),
            )
            device, place = chance.choice(devices), chance.choice(devices)
            if chance.random() < 0.2:
                SignIn.objects.create(clerk=approver, at=at, device=place)
                came_in[approver.username, place] = at
            key = {"act": act, "object_kind": "thing", "object_id": step, "asked_by": asker.username}
            is_sound = (
                approver != asker
                and policy.may(clerk=approver, act=act)
                and not (device and (approver.username, device) in came_in)
            )
            try:
                given = approvals.approve_present(
                    **key, approver=approver.username, pin="", reason="x", at=at, device=device
                )
            except approvals.CannotApprove:
                assert not is_sound, f"seed {seed}, step {step}"
                continue
            assert is_sound, f"seed {seed}, step {step}"
            approvals.use(approval=given, at=at, **key)
            with pytest.raises(approvals.NeedsApproval):
                approvals.use(approval=given, at=at, **key)
    assert ApprovalUse.objects.count() == Approval.objects.count()
