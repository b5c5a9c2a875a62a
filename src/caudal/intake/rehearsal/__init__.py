"""Trying an export out without writing anything: what would be loaded, what stays apart, and why.

`cells` reads one value, `accounts`, `readings`, `debts` and `payments` read one table each, `rehearse`
crosses them: what belongs to nobody, what hangs from something set apart, what does not add up.
"""

from caudal.intake.rehearsal.rehearse import Rehearsal as Rehearsal
from caudal.intake.rehearsal.rehearse import rehearse as rehearse
