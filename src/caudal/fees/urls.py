from django.urls import path

from caudal.fees import views

urlpatterns = [
    path("tramites/", views.counter_services, name="counter_services"),
    path("tramites/<str:folio>.pdf", views.counter_service_pdf, name="counter_service_pdf"),
    path("tramites/<str:folio>/", views.counter_service, name="counter_service"),
    path("tramites/<str:folio>/entrega/", views.delivery, name="counter_service_delivery"),
    path("tramites/<str:folio>/cancelacion/", views.cancellation, name="counter_service_cancellation"),
    path("tramites/<str:folio>/constancia/", views.certificate_printing, name="certificate_printing"),
    path("cuentas/<str:number>/tramites/", views.account_services, name="account_services"),
    path("cuentas/<str:number>/tramites/<str:code>/", views.counter_service_new, name="counter_service_new"),
    path("constancias/<str:code>/", views.certificate_verification, name="certificate_verification"),
]
