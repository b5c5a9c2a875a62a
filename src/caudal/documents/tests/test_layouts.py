"""A sheet that contradicts itself cannot exist."""

from dataclasses import replace
from datetime import date

import pytest

from caudal.documents.layouts import (
    AccountMovement,
    AccountSheet,
    BillLineText,
    CannotUseColor,
    OpenPeriod,
    SheetDoesNotAddUp,
)
from caudal.documents.tests.sheets import SIBAPAS, lupita


def test_doña_lupitas_sheet_adds_up() -> None:
    assert lupita().total_cents == 121_65 + 512_62 + 10_51


@pytest.mark.parametrize(
    "change",
    [
        {"charges_cents": 121_66},
        {"total_cents": 644_77},
        {"surcharges_cents": 10_52},
        {"credit_balance_cents": 1},
        {"other_debt": (BillLineText(concept="Convenio 3 de 12", amount_cents=190_00),)},
    ],
)
def test_a_centavo_out_of_place_is_refused_with_its_account(change: dict[str, object]) -> None:
    with pytest.raises(SheetDoesNotAddUp, match="010293") as refusal:
        lupita(**change)
    assert refusal.value.value == "010293"


def test_what_is_neither_month_nor_arrears_counts_too() -> None:
    sheet = lupita(
        other_debt=(
            BillLineText(concept="Convenio 3 de 12", amount_cents=190_00),
            BillLineText(concept="Redondeo", amount_cents=-8),
        ),
        total_cents=644_78 + 190_00 - 8,
    )
    assert sheet.total_cents == 834_70


@pytest.mark.parametrize("color", ["#a9cfdb", "teal", "#0b4f6", "#ffffff", "0b4f66"])
def test_a_color_that_cannot_be_read_is_refused(color: str) -> None:
    with pytest.raises(CannotUseColor):
        replace(SIBAPAS, primary_color=color)


def statement(**changes: object) -> AccountSheet:
    """Don Chuy, 010117: a bill of 100.00 and a payment of 60.00 on top of 10.00."""
    facts: dict[str, object] = {
        "issuer": SIBAPAS,
        "account_number": "010117",
        "holder_name": "Jesús Hernández Ruiz",
        "service_address": "Morelos 8, Centro",
        "usage": "Habitacional genérica",
        "issued_on": date(2019, 1, 28),
        "from_on": date(2018, 12, 1),
        "to_on": date(2019, 1, 28),
        "opening_balance_cents": 10_00,
        "movements": (
            AccountMovement(
                on=date(2018, 12, 3), concept="Recibo diciembre", charge_cents=100_00, balance_cents=110_00
            ),
            AccountMovement(on=date(2018, 12, 14), concept="Pago", credit_cents=60_00, balance_cents=50_00),
        ),
        "closing_balance_cents": 50_00,
        "open_periods": (
            OpenPeriod(
                name="diciembre 2018", due_on=date(2018, 12, 15), principal_cents=50_00, surcharges_cents=50
            ),
        ),
        "surcharges_cents": 50,
    }
    return AccountSheet(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change", [{"opening_balance_cents": 0}, {"closing_balance_cents": 49_99}, {"surcharges_cents": 0}]
)
def test_a_statement_that_does_not_add_up_is_refused(change: dict[str, object]) -> None:
    assert statement().closing_balance_cents == 50_00
    with pytest.raises(SheetDoesNotAddUp, match="010117"):
        statement(**change)
