from django.apps import AppConfig


class FrontdeskConfig(AppConfig):
    name = "caudal.frontdesk"
    label = "frontdesk"
