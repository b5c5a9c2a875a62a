from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "caudal.intake"
    label = "intake"
