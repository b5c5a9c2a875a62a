from django.apps import AppConfig


class ArrangementsConfig(AppConfig):
    name = "caudal.arrangements"
    label = "arrangements"
