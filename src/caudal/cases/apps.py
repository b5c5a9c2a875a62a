from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "caudal.cases"
    label = "cases"
