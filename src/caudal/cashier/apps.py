from django.apps import AppConfig


class CashierConfig(AppConfig):
    name = "caudal.cashier"
    label = "cashier"
