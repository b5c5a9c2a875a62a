from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "caudal.fees"
    label = "fees"
