"""Who may sign in, and as what."""

from datetime import date

import pytest
from click.testing import CliRunner
from tests.town.cast import PASSWORD, Town, moment

from caudal.access import commands as access
from caudal.access import policy, queries
from caudal.access.cli import clerk as clerk_cli
from caudal.access.models import Clerk
from caudal.kernel.models import AuditEntry

AT = moment(date(2019, 1, 2))
AT_TERMINAL = {"by": "admin", "at": AT, "is_at_terminal": True}
GOOD = "lluvia-de-junio-1987"


def add(**changes: object) -> Clerk:
    told = {
        "username": "Beatriz ", "full_name": "Beatriz Lomelí", "role": "service_desk", "password": GOOD,
        "by": "admin", "at": AT, "is_at_terminal": True,
    } | changes  # fmt: skip
    return access.add_clerk(**told)


def test_a_clerk_is_added_with_a_role_and_the_audit_never_holds_the_password(town: Town) -> None:
    clerk = add()
    assert (clerk.username, clerk.full_name, clerk.role) == ("beatriz", "Beatriz Lomelí", "service_desk")
    assert clerk.check_password(GOOD)
    entry = AuditEntry.objects.get(act="add_clerk")
    assert GOOD not in str(entry.after)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "veronica"}, "username"),
        ({"username": " "}, "username"),
        ({"username": "bety lomelí"}, "username"),
        ({"full_name": ""}, "username"),
        ({"role": "king"}, "role"),
        ({"password": "corta"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"password": "beatriz-lomeli"}, "password"),
    ],
)
def test_a_bad_clerk_is_refused(town: Town, changes: dict, field: str) -> None:
    with pytest.raises(access.CannotAddClerk) as refused:
        add(**changes)
    assert refused.value.field == field
    assert Clerk.objects.count() == 8


def test_a_disabled_clerk_may_do_nothing_and_keeps_the_name(town: Town) -> None:
    assert policy.may(clerk=town.veronica, act=policy.TAKE_PAYMENTS)
    gone = access.disable_clerk(username="veronica", reason="Renunció", by="salas", at=AT)
    assert not policy.may(clerk=gone, act=policy.TAKE_PAYMENTS)
    with pytest.raises(access.CannotChangeClerk, match="ya estaba de baja"):
        access.disable_clerk(username="veronica", reason="Otra vez", by="salas", at=AT)
    assert "veronica" not in [row.username for row in queries.clerks(only_active=True)]
    assert len(queries.clerks()) == 8
    back = access.enable_clerk(username="veronica", reason="Volvió", by="admin", at=AT, is_at_terminal=True)
    assert policy.may(clerk=back, act=policy.TAKE_PAYMENTS)


def test_nobody_disables_or_promotes_oneself(town: Town) -> None:
    with pytest.raises(access.CannotChangeClerk, match="a sí mismo"):
        access.disable_clerk(username="salas", reason="x", by="salas", at=AT)
    with pytest.raises(access.CannotChangeClerk, match="a sí mismo"):
        access.change_role(username="laura", role="commercial_manager", reason="x", by="laura", at=AT)
    assert Clerk.objects.get(username="laura").role == "billing_analyst"


def test_a_role_changes_with_its_reason(town: Town) -> None:
    access.change_role(username="julian", role="cashier", reason="Cambio de área", **AT_TERMINAL)
    entry = AuditEntry.objects.get(act="change_role")
    assert (entry.before, entry.after, entry.reason) == (
        {"role": "meter_reader"},
        {"role": "cashier"},
        "Cambio de área Hecho en la terminal del servidor, sin aprobación de otra persona.",
    )
    with pytest.raises(access.CannotChangeClerk, match="No existe el puesto"):
        access.change_role(username="julian", role="king", reason="x", **AT_TERMINAL)
    with pytest.raises(access.CannotChangeClerk, match="No hay ningún usuario «nadie»"):
        access.change_role(username="nadie", role="cashier", reason="x", **AT_TERMINAL)


def test_a_password_is_replaced(town: Town) -> None:
    access.set_password(username="julian", password=GOOD, by="salas", at=AT)
    julian = Clerk.objects.get(username="julian")
    assert julian.check_password(GOOD)
    assert not julian.check_password(PASSWORD)
    with pytest.raises(access.CannotChangeClerk, match="débil"):
        access.set_password(username="julian", password="corta", by="salas", at=AT)


def test_whoever_manages_people_touches_no_money() -> None:
    money = {policy.TAKE_PAYMENTS, policy.ISSUE_BILLING, policy.CANCEL_BILLS, policy.GRANT_BENEFITS}
    assert not policy.ACTS[Clerk.Role.ADMINISTRATOR] & money
    assert set(policy.ACTS) == set(Clerk.Role.values)


def test_the_command_line_adds_lists_and_disables(town: Town) -> None:
    run = CliRunner().invoke
    added = run(
        clerk_cli,
        [
            "add",
            "beatriz",
            "--name",
            "Beatriz Lomelí",
            "--role",
            "service_desk",
            "--password",
            GOOD,
            "--by",
            "salas",
        ],
    )
    assert added.exit_code == 0, added.output
    assert "atención a usuarios" in added.output
    assert run(clerk_cli, ["disable", "beatriz", "--reason", "Renunció"]).exit_code == 0
    assert "beatriz" not in run(clerk_cli, ["list"]).output
    assert "(de baja)" in run(clerk_cli, ["list", "--all"]).output
    assert '"username": "laura"' in run(clerk_cli, ["list", "--json"]).output
    assert "cashier" in run(clerk_cli, ["permissions"]).output
