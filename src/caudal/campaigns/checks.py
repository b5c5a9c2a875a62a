"""What campaigns believe, derived again."""

from typing import Final

from caudal.campaigns import prepaid_checks
from caudal.kernel.checks import Check

CHECKS: Final[tuple[Check, ...]] = (*prepaid_checks.CHECKS,)
