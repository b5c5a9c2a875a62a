from django.apps import AppConfig


class WindowConfig(AppConfig):
    name = "caudal.window"
    label = "window"
