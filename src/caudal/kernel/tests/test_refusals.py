"""A refusal is a sentence a clerk can act on, with its place when there is one."""

import pickle

import pytest

from caudal.kernel.refusals import Refusal


class CannotReadRow(Refusal): ...


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ({}, "No es una fecha. Corríjala."),
        ({"field": "due_on"}, "No es una fecha. Corríjala."),
        ({"file": "PADRON.TXT"}, "PADRON.TXT: No es una fecha. Corríjala."),
        (
            {"file": "PADRON.TXT", "row": 7, "column": "FECHA", "value": "31/02/2018"},
            "PADRON.TXT, renglón 7, columna FECHA, valor «31/02/2018»: No es una fecha. Corríjala.",
        ),
        ({"row": 0, "value": ""}, "renglón 0, valor «»: No es una fecha. Corríjala."),
    ],
)
def test_it_says_where_what_and_what_to_do(place: dict, told: str) -> None:
    assert str(CannotReadRow("No es una fecha.", "Corríjala.", **place)) == told


def test_a_program_gets_only_the_places_that_are_known() -> None:
    refusal = CannotReadRow("No es una fecha.", "Corríjala.", file="PADRON.TXT", row=0)
    assert refusal.as_dict() == {
        "what": "No es una fecha.",
        "remedy": "Corríjala.",
        "file": "PADRON.TXT",
        "row": 0,
    }


def test_it_travels_between_processes_whole() -> None:
    refusal = CannotReadRow("No es una fecha.", "Corríjala.", row=7, column="FECHA")
    assert pickle.loads(pickle.dumps(refusal)).as_dict() == refusal.as_dict()
