from django.apps import AppConfig


class DunningConfig(AppConfig):
    name = "caudal.dunning"
    label = "dunning"
