"""What a working says on a bill."""

from caudal.tariffs import wording


def test_a_regularization_tells_what_was_billed_and_what_it_really_was() -> None:
    """Doña Lupita's house was closed in November: 21 m³ were billed, and they were 20."""
    periods = [
        {"period": 201811, "estimated_m3": 21, "real_m3": 20, "cents": -899},
        {"period": 201812, "estimated_m3": 18, "real_m3": 19, "cents": 899},
    ]
    told = wording.working_text({"kind": "regularization", "periods": periods})
    assert told == "nov 2018: 21 → 20 m³, dic 2018: 18 → 19 m³"
