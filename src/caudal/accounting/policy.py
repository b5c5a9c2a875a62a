"""What keeps a month open, and how revenue is told: the CRI and the moments of the budget. Pure."""

from typing import Final

# a month waits until the cash of its closings is in the bank
DEPOSITS_HOLD_THE_MONTH: Final = True

# rubros of the CRI that concepts are seeded with (CONAC); an installation adds its own by classification
CLASSIFIERS: Final = {
    "43": "Derechos por prestación de servicios",
    "45": "Accesorios de derechos",
    "61": "Aprovechamientos",
    "73": "Venta de bienes y prestación de servicios",
}
UNCLASSIFIED: Final = "Sin rubro"
# the concept that has no line of its own: what it collects is told in the concepts that an agreement put together
INSTALLMENT: Final = "installment"

# accounts of the budget: what was expected becomes accrued, and what was accrued becomes collected
BUDGET_PENDING: Final = "8121-04"
BUDGET_ACCRUED: Final = "8141-04"
BUDGET_COLLECTED: Final = "8151"

# the debt by age: first and last day late of each bucket (facts: 0–30 … more than five years)
BUCKETS: Final = (
    ("current", "Por vencer", None, 0),
    ("30", "1 a 30 días", 1, 30),
    ("60", "31 a 60", 31, 60),
    ("90", "61 a 90", 61, 90),
    ("180", "91 a 180", 91, 180),
    ("365", "181 a 365", 181, 365),
    ("730", "1 a 2 años", 366, 730),
    ("1825", "2 a 5 años", 731, 1825),
    ("older", "Más de 5 años", 1826, None),
)


def classifier_name(code: str, /) -> str:
    """The name of a rubro, or that there is none."""
    return CLASSIFIERS.get(code, code) if code else UNCLASSIFIED
