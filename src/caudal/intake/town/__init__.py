"""A made-up town for practice: its old system's files, as a utility would hand them over.

Deterministic: the same seed and size give the same bytes. Accounts, readings, debts and payments agree
with each other to the centavo, at the prices of the demonstration books; `dirt` then spoils a few rows on
purpose, in every way seen in real exports, and writes down where (`Truth`).
"""

from caudal.intake.town.generation import generate as generate
from caudal.intake.town.truth import Truth as Truth
