from django.apps import AppConfig


class CashierConfig(AppConfig):
    name = "caudal.cashier"
    label = "cashier"

    def ready(self) -> None:
        # whoever serves the queue must know the jobs of this room
        from caudal.cashier import channel_work  # noqa: F401
