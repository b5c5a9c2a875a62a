from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "caudal.campaigns"
    label = "campaigns"
