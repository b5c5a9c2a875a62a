from django.apps import AppConfig


class AccountingConfig(AppConfig):
    name = "caudal.accounting"
    label = "accounting"
