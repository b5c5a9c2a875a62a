"""Verbs of intake: load a set of files from the old system; start an empty utility."""

from caudal.intake.loading import CannotLoad as CannotLoad
from caudal.intake.loading import Loaded as Loaded
from caudal.intake.loading import load as load
