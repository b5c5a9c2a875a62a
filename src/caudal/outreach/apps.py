from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "caudal.outreach"
    label = "outreach"
