from django.apps import AppConfig


class TariffsConfig(AppConfig):
    name = "caudal.tariffs"
    label = "tariffs"
