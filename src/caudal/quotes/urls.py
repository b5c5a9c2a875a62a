from django.urls import path

from caudal.quotes import views

urlpatterns = [
    path("cuentas/<str:number>/cotizacion/", views.quote, name="quote"),
    path("cotizaciones/<str:folio>.pdf", views.quote_paper, name="quote_paper"),
]
