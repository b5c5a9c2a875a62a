from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "caudal.fieldwork"
    label = "fieldwork"
