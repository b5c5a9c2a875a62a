from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "caudal.quotes"
    label = "quotes"
