from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "caudal.access"
    label = "access"
