"""From accepted rows to the tables of the house: as sets, in one transaction, and only what changed."""

from caudal.intake.loading.load import CannotLoad as CannotLoad
from caudal.intake.loading.load import Loaded as Loaded
from caudal.intake.loading.load import Tell as Tell
from caudal.intake.loading.load import load as load
