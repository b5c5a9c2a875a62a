from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "caudal.config"
    label = "config"

    def ready(self) -> None:
        from caudal.config import wiring

        wiring.connect()
