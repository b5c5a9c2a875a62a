"""Questions to the reports; they never write."""

from caudal.reports.activities.building import activity_report as activity_report
from caudal.reports.activities.building import whole_report as whole_report
from caudal.reports.edition_queries import differences_today as differences_today
from caudal.reports.edition_queries import edition_by_number as edition_by_number
from caudal.reports.edition_queries import editions as editions
from caudal.reports.edition_queries import paper_of as paper_of
from caudal.reports.edition_queries import standing as standing
from caudal.reports.editions import report_of as report_of
from caudal.reports.verifying import verify as verify
