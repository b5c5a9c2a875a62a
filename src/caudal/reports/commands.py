"""What the reports write: published editions."""

from caudal.reports.editions import CannotPublishReport as CannotPublishReport
from caudal.reports.editions import Correction as Correction
from caudal.reports.editions import publish_report as publish_report
