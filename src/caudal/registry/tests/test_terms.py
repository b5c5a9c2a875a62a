"""What may lower a bill takes two people: class, regime and use of an account, by every way in."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.town.cast import OPENED_ON, PIN, Town, moment

from caudal.access import approvals, policy, queries, wording
from caudal.access.events import RequestGranted
from caudal.access.models import Approval, ApprovalUse
from caudal.kernel import events
from caudal.kernel.models import AuditEntry
from caudal.registry import commands as registry
from caudal.registry import listening, pricing

ON = date(2018, 6, 1)
AT = moment(ON)


@pytest.fixture(params=[True, False], ids=["cheaper", "dearer"])
def may_lower(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """A tariff that says so of every change."""
    monkeypatch.setattr(pricing, "_ask", lambda change: request.param)
    return bool(request.param)


@pytest.fixture
def change(town: Town, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Marta makes Don Chuy's house a minimum one, which costs less."""
    monkeypatch.setattr(pricing, "_ask", lambda change: True)
    return {
        "account": town.chuy, "tariff_class": town.classes["HAB-MIN"], "on": ON, "reason": "Censo", "by": "marta",
        "at": AT,
    }  # fmt: skip


def terms(town: Town) -> list[tuple[str, bool, date, date | None]]:
    rows = town.chuy.agreements.order_by("effective_from").select_related("tariff_class")
    return [(row.tariff_class.code, row.is_metered, row.effective_from, row.effective_to) for row in rows]


AS_IT_WAS = [("HAB-GEN", False, OPENED_ON, None)]
AS_ASKED = [("HAB-GEN", False, OPENED_ON, ON), ("HAB-MIN", False, ON, None)]


def refused(town: Town, verb: Callable[[], object], *, match: str) -> None:
    """Nothing changes, and no approval is spent."""
    with pytest.raises(approvals.NeedsApproval, match=match):
        verb()
    assert terms(town) == AS_IT_WAS
    assert not ApprovalUse.objects.exists()
    assert not AuditEntry.objects.filter(act="change_terms").exists()


def test_only_what_may_cost_less_needs_a_second_person(town: Town, may_lower: bool) -> None:
    told = {
        "account": town.chuy, "tariff_class": town.classes["MIX-COM"], "on": ON, "reason": "Puso tienda",
        "by": "marta", "at": AT,
    }  # fmt: skip
    if may_lower:
        refused(town, lambda: registry.change_terms(**told), match="una sola persona")
    else:
        registry.change_terms(**told)
        assert [row[0] for row in terms(town)] == ["HAB-GEN", "MIX-COM"]


def test_where_nobody_knows_the_prices_every_change_needs_two(town: Town, change: dict[str, Any]) -> None:
    assert pricing._nobody(pricing.TermsChange(
        account=town.chuy, on=ON, old_class=town.classes["HAB-MIN"], old_is_metered=False,
        new_class=town.classes["HAB-ALTA"], new_is_metered=False,
    ))  # fmt: skip


def test_salas_stands_there_and_the_history_says_who_asked_and_who_approved(
    town: Town, change: dict[str, Any]
) -> None:
    given = registry.approve_terms(approver="salas", pin=PIN, **change)
    assert given.before == {"tariff_class": "HAB-GEN", "is_metered": False}
    assert given.after == {"tariff_class": "HAB-MIN", "is_metered": False, "on": "2018-06-01"}
    registry.change_terms(**change, approval=given)
    assert terms(town) == AS_ASKED
    entry = AuditEntry.objects.get(act="change_terms")
    assert (entry.by, entry.reason, entry.before) == ("marta", "Censo", given.before)
    assert entry.after == {**given.after, "approved_by": "salas"}
    assert ApprovalUse.objects.get().approval == given


def test_an_approval_is_for_one_change_and_no_other(town: Town, change: dict[str, Any]) -> None:
    """Salas said yes to the minimum house from June: not to a meter, not from March, not for another account."""
    given = registry.approve_terms(approver="salas", pin=PIN, **change)
    others = [
        ({"tariff_class": None, "is_metered": True}, "de otro cambio"),
        ({"on": date(2018, 3, 1)}, "de otro cambio"),
        ({"by": "laura"}, "de otra operación"),
        ({"account": town.lot}, "de otra operación"),
    ]
    for other, match in others:
        told = {**change, **other, "approval": given}
        refused(town, lambda told=told: registry.change_terms(**told), match=match)
    registry.change_terms(**change, approval=given)
    assert terms(town) == AS_ASKED


@pytest.mark.parametrize("approver", ["marta", "laura", "veronica", "rosa", "admin"])
def test_only_the_manager_may_approve_it_and_never_who_asks(
    town: Town, change: dict[str, Any], approver: str
) -> None:
    with pytest.raises(approvals.CannotApprove):
        registry.approve_terms(approver=approver, pin=PIN, **change)
    assert not Approval.objects.exists()


def test_what_cannot_be_is_said_before_anybody_is_called(town: Town, change: dict[str, Any]) -> None:
    same = change | {"tariff_class": town.classes["HAB-GEN"]}
    for verb in (lambda: registry.approve_terms(approver="salas", pin=PIN, **same),
                 lambda: registry.ask_to_change_terms(**same)):  # fmt: skip
        with pytest.raises(registry.CannotChangeTerms, match="ya tiene esa tarifa"):
            verb()
    assert not Approval.objects.exists() and not approvals.waiting(at=AT).exists()


def test_salas_reads_the_change_on_his_screen_and_a_yes_carries_it_out(
    town: Town, change: dict[str, Any]
) -> None:
    asked = registry.ask_to_change_terms(**change, device="mostrador")
    assert terms(town) == AS_IT_WAS
    (shown,) = queries.requests(clerk=town.salas, at=AT)
    assert (shown.title, shown.reason) == ("Cambiar la tarifa de la cuenta 010117", "Censo")
    assert set(shown.changes) == {
        ("Tarifa", "HAB-GEN", "HAB-MIN"), ("Servicio", "cuota fija", "cuota fija"), ("Desde", "—", "01/06/2018")
    }  # fmt: skip
    assert wording.act(asked.act) == "Aprobar cambios de tarifa que bajan el recibo"
    approvals.decide(request=asked, is_granted=True, by="salas", at=AT, device="oficina")
    assert terms(town) == AS_ASKED
    assert AuditEntry.objects.get(act="change_terms").by == "marta"


def test_a_no_changes_nothing(town: Town, change: dict[str, Any]) -> None:
    asked = registry.ask_to_change_terms(**change)
    approvals.decide(request=asked, is_granted=False, by="salas", at=AT, device="oficina", reason="Que midan")
    assert terms(town) == AS_IT_WAS


def test_a_yes_that_came_too_late_is_not_given(town: Town, change: dict[str, Any]) -> None:
    """The account was closed in the morning: nobody's yes may stand for a change that cannot be."""
    asked = registry.ask_to_change_terms(**change)
    registry.close_account(account=town.chuy, on=ON, reason="Se mudó", by="laura", at=AT)
    with pytest.raises(registry.CannotChangeTerms, match="no tiene servicio vigente"):
        approvals.decide(request=asked, is_granted=True, by="salas", at=AT, device="oficina")
    assert not Approval.objects.exists()
    assert terms(town) == [("HAB-GEN", False, OPENED_ON, ON)]


def test_what_is_asked_about_others_is_none_of_its_business(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Approval(
        act=policy.APPROVE_CLERKS, object_kind="clerk", object_id="julian", after={"role": "crew"}
    )
    listening.carry_out(RequestGranted(heard))
    assert terms(town) == AS_IT_WAS
    assert listening.carry_out in events._listeners[RequestGranted]


def test_an_older_registry_is_brought_up_to_date_without_asking(town: Town, change: dict[str, Any]) -> None:
    """A file of ten thousand rows was rehearsed and accepted as one."""
    registry.restate_terms(**change, is_metered=False)
    assert terms(town) == AS_ASKED
    assert not Approval.objects.exists()
