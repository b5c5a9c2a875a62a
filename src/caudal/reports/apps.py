from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "caudal.reports"
    label = "reports"
