from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "caudal.registry"
    label = "registry"
