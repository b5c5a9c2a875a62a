"""Two people for one act: at the screen with a PIN, or from one's own device; and every way around it refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.town.cast import PIN, Town, moment

from caudal.access import approvals, pins, policy
from caudal.access.events import RequestGranted
from caudal.access.models import Approval, ApprovalDecision, ApprovalRequest, ApprovalUse, Clerk, Pin, SignIn
from caudal.kernel import events
from caudal.kernel.models import AuditEntry

AT = moment(date(2019, 1, 31), 11)
TILL, PHONE = "equipo-de-la-caja-1", "telefono-de-salas"
CANCEL = {
    "act": policy.APPROVE_CANCELLATIONS, "object_kind": "receipt", "object_id": "A-000012",
    "asked_by": "veronica",
}  # fmt: skip
ACTS = sorted(policy.APPROVALS)
ABLE = dict.fromkeys(ACTS, "salas") | {policy.APPROVE_CANCELLATIONS: "rosa", policy.SUPERVISE_TILLS: "rosa"}


def approve(**changes: Any) -> Approval:
    told = CANCEL | {
        "approver": "rosa",
        "pin": PIN,
        "reason": "Se cobró a otra cuenta",
        "at": AT,
        "device": TILL,
    }
    return approvals.approve_present(**told | changes)


def ask(**changes: Any) -> ApprovalRequest:
    return approvals.ask(**CANCEL | {"reason": "Se cobró dos veces", "at": AT, "device": TILL} | changes)


def came_in(clerk: Clerk, device: str, hours_ago: int = 2) -> None:
    SignIn.objects.create(clerk=clerk, at=AT - timedelta(hours=hours_ago), device=device)


def refused(verb: Any, *, field: str, match: str) -> None:
    """The refusal names its field, and nobody has approved anything."""
    with pytest.raises(approvals.CannotApprove, match=match) as told:
        verb()
    assert told.value.field == field
    assert not Approval.objects.exists() and not ApprovalDecision.objects.exists()
    assert not AuditEntry.objects.filter(act="approve").exists()


def test_rosa_types_her_pin_and_the_cancellation_has_her_name_before_and_after(town: Town) -> None:
    given = approve(before={"state": "valid"}, after={"state": "canceled"})
    assert (given.approver, given.asked_by, given.device) == ("rosa", "veronica", TILL)
    entry = AuditEntry.objects.get(act="approve")
    assert (entry.by, entry.object_id, entry.reason) == (
        "rosa",
        "A-000012",
        "Lo pidió veronica: Se cobró a otra cuenta",
    )
    assert (entry.before, entry.after) == ({"state": "valid"}, {"state": "canceled"})
    approvals.use(approval=given, at=AT, **CANCEL)
    assert ApprovalUse.objects.get().approval == given


@pytest.mark.parametrize(
    ("changes", "field", "match"),
    [
        ({"pin": "111222"}, "pin", "El PIN no es correcto"),
        ({"pin": ""}, "pin", "El PIN no es correcto"),
        ({"approver": "veronica"}, "approver", "Nadie aprueba lo que uno mismo pide"),
        ({"approver": "marta"}, "approver", "Marta Orozco Vega no puede aprobar esto"),
        ({"approver": "nadie"}, "approver", "Falta elegir quién aprueba"),
        ({"approver": ""}, "approver", "Falta elegir quién aprueba"),
        ({"reason": "  "}, "reason", "Falta el motivo"),
    ],
)
def test_an_approval_is_refused_beside_its_field(town: Town, changes: dict, field: str, match: str) -> None:
    refused(lambda: approve(**changes), field=field, match=match)


def test_who_left_this_morning_approves_nothing(town: Town) -> None:
    Clerk.objects.filter(username="rosa").update(is_active=False)
    refused(approve, field="approver", match="Puede aprobar: Ing. Héctor Salas")


def test_who_has_no_pin_is_told_where_to_choose_one(town: Town) -> None:
    Pin.objects.filter(clerk=town.rosa).delete()
    refused(approve, field="pin", match="todavía no tiene PIN")


def test_five_wrong_pins_rest_a_quarter_of_an_hour(town: Town) -> None:
    """Verónica guesses at Rosa's. The fifth locks; then the right one waits too, until 11:15."""
    for left in ("quedan 4", "quedan 3", "quedan 2", "queda un"):
        refused(lambda: approve(pin="918273"), field="pin", match=left)
    refused(lambda: approve(pin="918273"), field="pin", match="cinco intentos")
    refused(approve, field="pin", match="Espere 15 minutos")
    assert AuditEntry.objects.filter(act="lock_pin", object_id="rosa").count() == 1
    refused(lambda: approve(at=AT + timedelta(minutes=14)), field="pin", match="cinco intentos")
    assert approve(at=AT + timedelta(minutes=15)).approver == "rosa"
    refusal_count = Pin.objects.get(clerk=town.rosa).wrong_count
    assert refusal_count == 0


def test_a_right_pin_forgets_the_wrong_ones_before_it(town: Town) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(approvals.CannotApprove, match="no es correcto"):
                approve(pin="918273")
        approve()
    assert Approval.objects.count() == 3


def test_the_count_of_wrong_pins_outlives_the_refusal(town: Town) -> None:
    """Inside somebody's transaction the refusal would take the count back with it, so that is not allowed."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        approve(pin="918273")


@pytest.mark.parametrize("act", ACTS)
class TestThreeAttacks:
    """Each act that needs two people, and the three ways to do it alone."""

    def test_ones_own_act(self, town: Town, act: str) -> None:
        """Who could approve asks for it, and says yes to oneself: at the screen, and from the list."""
        able = ABLE[act]
        own = {"act": act, "asked_by": able}
        refused(lambda: approve(**own, approver=able), field="approver", match="uno mismo")
        request = ask(**own)
        refused(
            lambda: approvals.decide(request=request, is_granted=True, by=able, at=AT, device=PHONE),
            field="approver", match="uno mismo",
        )  # fmt: skip

    def test_a_second_account_at_the_same_device(self, town: Town, act: str) -> None:
        """The approver came in at this till at nine: perhaps the same person, with two accounts."""
        able = ABLE[act]
        came_in(Clerk.objects.get(username=able), TILL)
        refused(lambda: approve(act=act, approver=able), field="approver", match="este mismo equipo")
        request = ask(act=act)
        refused(
            lambda: approvals.decide(request=request, is_granted=True, by=able, at=AT, device=PHONE),
            field="approver", match="mismo",
        )  # fmt: skip

    def test_an_approval_used_twice(self, town: Town, act: str) -> None:
        given = approve(act=act, approver=ABLE[act])
        approvals.use(approval=given, at=AT, **CANCEL | {"act": act})
        with pytest.raises(approvals.NeedsApproval, match="ya se usó"):
            approvals.use(approval=given, at=AT, **CANCEL | {"act": act})
        assert ApprovalUse.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"act": policy.SUPERVISE_TILLS},
        {"object_kind": "payment"},
        {"object_id": "A-000013"},
        {"asked_by": "marta"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_approval_is_for_one_act_on_one_object_of_one_person(town: Town, other: dict) -> None:
    given = approve()
    with pytest.raises(approvals.NeedsApproval, match="es de otra operación"):
        approvals.use(approval=given, at=AT, **CANCEL | other)
    assert not ApprovalUse.objects.exists()


def test_without_approval_one_is_told_whom_to_ask(town: Town) -> None:
    with pytest.raises(approvals.NeedsApproval, match="Ing. Héctor Salas Pérez, Rosa Elvira Macías Anaya"):
        approvals.use(approval=None, at=AT, **CANCEL)


def test_an_approval_lasts_a_day(town: Town) -> None:
    given = approve()
    with pytest.raises(approvals.NeedsApproval, match="ya venció"):
        approvals.use(approval=given, at=AT + timedelta(hours=24), **CANCEL)
    approvals.use(approval=given, at=AT + timedelta(hours=24) - timedelta(seconds=1), **CANCEL)


def test_an_approval_of_who_may_no_longer_give_it_is_worth_nothing(town: Town) -> None:
    given = approve()
    Clerk.objects.filter(username="rosa").update(role=Clerk.Role.CASHIER)
    with pytest.raises(approvals.NeedsApproval, match="ya no puede aprobarlo"):
        approvals.use(approval=given, at=AT, **CANCEL)


def test_who_came_in_here_yesterday_may_approve_today(town: Town) -> None:
    came_in(town.rosa, TILL, hours_ago=12)
    assert approve().approver == "rosa"


def test_the_manager_grants_from_the_phone_and_who_listens_carries_it_out(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Approval] = []
    monkeypatch.setitem(events._listeners, RequestGranted, [lambda event: heard.append(event.approval)])
    request = ask(before={"a": 1}, after={"a": 2})
    assert list(approvals.waiting(at=AT)) == [request]
    given = approvals.decide(request=request, is_granted=True, by="salas", at=AT, device=PHONE)
    assert given is not None and heard == [given]
    assert (given.approver, given.before, given.after) == ("salas", {"a": 1}, {"a": 2})
    assert not approvals.waiting(at=AT).exists()
    approvals.use(approval=given, at=AT, **CANCEL)


def test_a_no_is_kept_with_its_reason_and_approves_nothing(town: Town) -> None:
    request = ask()
    answer = approvals.decide(
        request=request, is_granted=False, by="salas", at=AT, device=PHONE, reason="Que venga el usuario"
    )
    assert answer is None and not Approval.objects.exists()
    assert ApprovalDecision.objects.get().reason == "Que venga el usuario"
    with pytest.raises(approvals.CannotApprove, match="Alguien ya respondió"):
        approvals.decide(request=request, is_granted=True, by="rosa", at=AT, device="otro")
    assert not Approval.objects.exists()


def test_a_request_lapses_in_a_day(town: Town) -> None:
    request, late = ask(), AT + timedelta(hours=24)
    assert not approvals.waiting(at=late).exists()
    with pytest.raises(approvals.CannotApprove, match="ya venció"):
        approvals.decide(request=request, is_granted=True, by="salas", at=late, device=PHONE)
    assert not ApprovalDecision.objects.exists()


def test_nobody_answers_from_the_device_that_asked(town: Town) -> None:
    request = ask()
    refused(
        lambda: approvals.decide(request=request, is_granted=True, by="salas", at=AT, device=TILL),
        field="approver", match="desde este mismo equipo",
    )  # fmt: skip


def test_nobody_answers_from_a_device_where_the_asker_came_in(town: Town) -> None:
    request = ask()
    came_in(town.veronica, PHONE)
    refused(
        lambda: approvals.decide(request=request, is_granted=True, by="salas", at=AT, device=PHONE),
        field="approver", match="las dos personas usaron el mismo",
    )  # fmt: skip


def test_the_same_is_not_asked_twice_while_it_waits(town: Town) -> None:
    ask()
    with pytest.raises(approvals.CannotAsk, match="Ya está pedido"):
        ask()
    with pytest.raises(approvals.CannotAsk, match="Falta el motivo"):
        ask(object_id="A-000013", reason=" ")
    assert ApprovalRequest.objects.count() == 1


def test_the_likely_approver_comes_first(town: Town) -> None:
    def names(**asked: str) -> list[str]:
        return [each.username for each in approvals.approvers(act=policy.APPROVE_CANCELLATIONS, **asked)]

    assert names() == ["salas", "rosa"]  # by name: Ing. Héctor, Rosa Elvira
    approve()
    assert names() == ["rosa", "salas"]
    approve(approver="salas", at=AT + timedelta(minutes=1))
    assert names() == ["salas", "rosa"]
    assert names(asked_by="salas") == ["rosa"]


def test_the_database_itself_refuses_an_approval_of_oneself_and_changes(town: Town) -> None:
    given = approve()
    with pytest.raises(IntegrityError, match="access_approval_by_another"), transaction.atomic():
        Approval.objects.create(**CANCEL, approver="veronica", at=AT, reason="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.filter(pk=given.pk).update(object_id="A-000013")
    assert Approval.objects.get().object_id == "A-000012"


@pytest.mark.parametrize(
    "pin",
    ["123456", "654321", "000000", "777777", "121212", "123123", "123321", "112233", "890123", "111112"],
)
def test_a_pin_anybody_would_try_is_refused(town: Town, pin: str) -> None:
    before = Pin.objects.get(clerk=town.rosa).hash
    with pytest.raises(pins.CannotSetPin, match="fácil de adivinar"):
        pins.set_pin(clerk=town.rosa, pin=pin, by="rosa", at=AT)
    assert Pin.objects.get(clerk=town.rosa).hash == before


@pytest.mark.parametrize("pin", ["", "40291", "4029171", "40291a", "٤٠٢٩١٧"])
def test_a_pin_is_six_digits(town: Town, pin: str) -> None:
    with pytest.raises(pins.CannotSetPin, match="seis dígitos"):
        pins.set_pin(clerk=town.rosa, pin=pin, by="rosa", at=AT)


def test_a_new_pin_replaces_the_old_and_ends_its_rest(town: Town) -> None:
    Pin.objects.filter(clerk=town.rosa).update(wrong_count=5, locked_until=AT + timedelta(minutes=9))
    pins.set_pin(clerk=town.rosa, pin="730518", by="rosa", at=AT)
    pins.check_pin(clerk=town.rosa, pin="730518", at=AT)
    with pytest.raises(pins.WrongPin, match="no es correcto"):
        pins.check_pin(clerk=town.rosa, pin=PIN, at=AT)
    assert "730518" not in str(AuditEntry.objects.get(act="set_pin").after)
