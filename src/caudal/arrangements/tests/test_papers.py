"""What a paper says of breaking an agreement is what its policy does."""

from typing import Any

import pytest

from caudal.arrangements import papers
from caudal.arrangements.models import ArrangementPolicy


def policy(**changes: Any) -> ArrangementPolicy:
    """Two missed or two bills, surcharges from each due date, no penalty."""
    facts: dict[str, Any] = {
        "missed_to_default": 2, "current_bill_missed": 2, "surcharges_resume": "from_due_date",
        "penalty_ppm": 0, "penalty_fixed_cents": 0,
    }  # fmt: skip
    return ArrangementPolicy(**{**facts, **changes})


def said(*, has_waiver: bool = False, **changes: Any) -> str:
    return " ".join(papers.default_words(policy=policy(**changes), has_waiver=has_waiver))


def test_how_many_break_it() -> None:
    assert said().startswith(
        "Con 2 parcialidades vencidas sin pagar, o 2 recibos del mes vencidos, el convenio se da por incumplido."
    )
    assert said(missed_to_default=1, current_bill_missed=0).startswith(
        "Con 1 parcialidad vencida sin pagar el convenio se da por incumplido."
    )
    assert ", o 1 recibo del mes vencido, el convenio" in said(current_bill_missed=1)


def test_from_when_surcharges_run_again() -> None:
    assert "Los recargos vuelven a contar desde que venció cada recibo." in said()
    assert "desde el día del incumplimiento." in said(surcharges_resume="from_default")


def test_what_was_forgiven_is_only_told_where_something_was() -> None:
    assert "Lo condonado se vuelve a deber." in said(has_waiver=True) and "condonado" not in said()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"penalty_ppm": 50_000}, "Se suma una pena de 5 % de lo que falte."),
        ({"penalty_fixed_cents": 250_00}, "Se suma una pena de $250.00."),
        (
            {"penalty_ppm": 12_500, "penalty_fixed_cents": 1_00},
            "Se suma una pena de 1.25 % de lo que falte y $1.00.",
        ),
    ],
)
def test_the_penalty(changes: dict[str, int], told: str) -> None:
    assert said(**changes).endswith(told) and "pena" not in said()


@pytest.mark.parametrize(
    ("ppm", "told"),
    [(150_000, "15 %"), (14_700, "1.47 %"), (0, "0 %"), (1_000_000, "100 %"), (1, "0.0001 %")],
)
def test_a_share_as_a_percentage(ppm: int, told: str) -> None:
    assert papers.percent(ppm) == told
