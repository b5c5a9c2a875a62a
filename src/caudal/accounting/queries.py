"""What other rooms ask of accounting: what was owed at the end of a day, by age."""

from caudal.accounting.policy import BUCKETS as BUCKETS
from caudal.accounting.registers import debt_ages as debt_ages
