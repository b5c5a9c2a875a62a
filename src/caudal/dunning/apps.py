from django.apps import AppConfig


class DunningConfig(AppConfig):
    name = "caudal.dunning"
    label = "dunning"

    def ready(self) -> None:
        # whoever serves the queue must know the jobs of this room
        from caudal.dunning import work  # noqa: F401
