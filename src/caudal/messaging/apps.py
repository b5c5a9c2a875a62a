from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "caudal.messaging"
    label = "messaging"
