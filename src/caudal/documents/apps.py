from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "caudal.documents"
    label = "documents"
    verbose_name = "Documentos impresos"
