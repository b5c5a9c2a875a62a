from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "caudal.ledger"
    label = "ledger"
