from django.urls import path

from caudal.access import views

urlpatterns = [
    path("entrar/", views.sign_in, name="sign_in"),
    path("salir/", views.sign_out, name="sign_out"),
]
