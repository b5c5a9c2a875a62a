from django.apps import AppConfig


class DisconnectionsConfig(AppConfig):
    name = "caudal.disconnections"
    label = "disconnections"
