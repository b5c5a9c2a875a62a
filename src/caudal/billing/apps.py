from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "caudal.billing"
    label = "billing"

    def ready(self) -> None:
        # whoever serves the queue must know the jobs of this room
        from caudal.billing import work  # noqa: F401
