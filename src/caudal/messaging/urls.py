from django.urls import path

from caudal.messaging import views

urlpatterns = [
    path("mensajes/", views.messages, name="messages"),
    path("mensajes/<int:pk>/reenvio/", views.message_sending, name="message_sending"),
    path("cuentas/<str:number>/mensajes/", views.account_messages, name="account_messages"),
]
