from django.urls import path

from caudal.quotes import ahead_views, views

urlpatterns = [
    path("cuentas/<str:number>/cotizacion/", views.quote, name="quote"),
    path("cuentas/<str:number>/meses-adelantados/", ahead_views.prepaid_months, name="prepaid_months"),
    path(
        "cuentas/<str:number>/meses-adelantados/termino/", ahead_views.prepaid_ending, name="prepaid_ending"
    ),
    path("cotizaciones/<str:folio>.pdf", views.quote_paper, name="quote_paper"),
]
