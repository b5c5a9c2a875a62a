from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "caudal.benefits"
    label = "benefits"
