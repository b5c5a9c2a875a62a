"""The side menu: each room brings its entries, and each clerk sees those of their own work."""

import pytest

from caudal.kernel import menu
from caudal.kernel.menu import Entry, Group, Shown

TODAY = Entry("Hoy", "home", "today", "registry.view", order=10)
BILLING = Entry("Facturación", "file-invoice", "billing_runs", "billing.view", order=50)
TARIFFS = Entry("Tarifas", "scale", "tariff_books", "tariffs.view", group="Administración", order=80)


@pytest.fixture(autouse=True)
def rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rooms, brought in another order than they are shown."""
    monkeypatch.setattr(menu, "_entries", [])
    menu.add(TARIFFS, BILLING)
    menu.add(TODAY)


def labels(*acts: str, path: str = "/") -> list[tuple[str, list[str]]]:
    groups = menu.for_acts(acts=frozenset(acts), path=path)
    return [(group.name, [entry.label for entry in group.entries]) for group in groups]


def test_entries_stand_in_their_order_and_their_group() -> None:
    assert menu.for_acts(acts=frozenset({"registry.view", "billing.view", "tariffs.view"}), path="/tarifas/") == [
        Group("", [
            Shown("Hoy", "home", "/", is_current=False),
            Shown("Facturación", "file-invoice", "/facturacion/", is_current=False),
        ]),
        Group("Administración", [Shown("Tarifas", "scale", "/tarifas/", is_current=True)]),
    ]  # fmt: skip


def test_nobody_sees_what_they_may_not_do() -> None:
    assert labels("registry.view") == [("", ["Hoy"])]
    assert labels("tariffs.view") == [("Administración", ["Tarifas"])]
    assert labels("cashier.pay") == [] and labels() == []


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", ["Hoy"]),
        ("/facturacion/", ["Facturación"]),
        ("/facturacion/3/detenidos/", ["Facturación"]),
        ("/cuentas/010293/", []),
        ("", []),
    ],
)
def test_the_page_one_is_on_is_marked_and_home_is_only_home(path: str, current: list[str]) -> None:
    groups = menu.for_acts(acts=frozenset({"registry.view", "billing.view"}), path=path)
    assert [entry.label for group in groups for entry in group.entries if entry.is_current] == current


def test_groups_stand_in_the_order_of_their_first_entry() -> None:
    """By the alphabet «Administración» would come before «Caja», and nobody works in that order."""
    menu.add(Entry("Personas", "lock-access", "people", "tariffs.view", group="Administración", order=90))
    menu.add(Entry("Caja", "receipt", "till_own", "tariffs.view", group="Caja", order=22))
    assert labels("registry.view", "tariffs.view") == [
        ("", ["Hoy"]), ("Caja", ["Caja"]), ("Administración", ["Tarifas", "Personas"]),
    ]  # fmt: skip


def test_a_room_that_is_wired_twice_brings_its_entries_once() -> None:
    menu.add(TODAY)
    menu.add(TODAY, BILLING)
    assert labels("registry.view", "billing.view") == [("", ["Hoy", "Facturación"])]


def test_who_directs_starts_at_a_page_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    everyday = menu.Entry("Hoy", "home", "today", "registry.view", order=10)
    board = menu.Entry(
        "Facturación", "file-invoice", "billing_runs", "billing.view", order=15, first_for="reports.publish"
    )
    monkeypatch.setattr(menu, "_entries", [everyday, board])
    assert (
        menu.home_for(acts=frozenset({"registry.view", "billing.view", "reports.publish"})) == "/facturacion/"
    )
    assert menu.home_for(acts=frozenset({"registry.view", "billing.view"})) == "/"
    # what is first for them is still a page that they must be allowed to see
    assert menu.home_for(acts=frozenset({"registry.view", "reports.publish"})) == "/"
    assert menu.home_for(acts=frozenset()) == "/"
