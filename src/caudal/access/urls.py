from django.urls import path

from caudal.access.views import entrance, own

urlpatterns = [
    path("entrar/", entrance.sign_in, name="sign_in"),
    path("entrar/codigo/", entrance.proof, name="second_factor"),
    path("entrar/telefono/", entrance.enrollment, name="enrollment"),
    path("entrar/pin/", entrance.first_pin, name="first_pin"),
    path("entrar/paso/", entrance.arrival, name="arrival"),
    path("salir/", entrance.sign_out, name="sign_out"),
    path("bloqueo/", own.lock, name="lock"),
    path("desbloqueo/", own.unlock, name="unlock"),
    path("presencia/", own.presence, name="presence"),
    path("mi-acceso/", own.own_access, name="own_access"),
    path("mi-acceso/pin/", own.own_pin, name="own_pin"),
    path("mi-acceso/contrasena/", own.own_password, name="own_password"),
    path("mi-acceso/sesiones/<int:pk>/cierre/", own.session_end, name="own_session_end"),
    path("mi-acceso/codigos/", own.recovery_codes, name="recovery_codes"),
]
