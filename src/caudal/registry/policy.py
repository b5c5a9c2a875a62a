"""Judgments of the padrón over plain facts: is this identity number well written, may this date be."""

from datetime import date

from stdnum.mx import curp as curp_rules
from stdnum.mx import rfc as rfc_rules

# the tax office's generic customers: legitimate, though their check digit says nothing
GENERIC_RFCS = frozenset({"XAXX010101000", "XEXX010101000"})


def is_valid_rfc(*, rfc: str) -> bool:
    """Whether an RFC is well written, check digit included; the generic ones are accepted by name."""
    return rfc in GENERIC_RFCS or rfc_rules.is_valid(rfc, validate_check_digits=True)


def is_valid_curp(*, curp: str) -> bool:
    """Whether a CURP is well written, check digit included."""
    return bool(curp_rules.is_valid(curp))


def starts_inside(*, on: date, effective_from: date, effective_to: date | None) -> bool:
    """Whether a row may be cut on this day and leave at least one day on its own side."""
    return effective_from < on and (effective_to is None or on < effective_to)
