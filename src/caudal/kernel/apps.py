from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "caudal.kernel"
    label = "kernel"
