"""What the reports write: published editions, what should be reached, and the volume produced."""

from caudal.reports.editions import CannotPublishReport as CannotPublishReport
from caudal.reports.editions import Correction as Correction
from caudal.reports.editions import publish_report as publish_report
from caudal.reports.targets import COLLECTED as COLLECTED
from caudal.reports.targets import record_volume as record_volume
from caudal.reports.targets import set_target as set_target
