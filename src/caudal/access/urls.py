from django.urls import path

from caudal.access.views import deciding, entrance, own, people

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
    path("por-aprobar/", deciding.approval_requests, name="approval_requests"),
    path("por-aprobar/<int:pk>/respuesta/", deciding.approval_decision, name="approval_decision"),
    path("personas/", people.people, name="people"),
    path("personas/nueva/", people.person_new, name="person_new"),
    path("personas/permisos/", people.permissions, name="permissions"),
    path("personas/de/<str:username>/", people.person, name="person"),
    path("personas/de/<str:username>/puesto/", people.person_role, name="person_role"),
    path("personas/de/<str:username>/baja/", people.person_disabling, name="person_disabling"),
    path("personas/de/<str:username>/reingreso/", people.person_enabling, name="person_enabling"),
    path("personas/de/<str:username>/contrasena/", people.person_password, name="person_password"),
    path("personas/de/<str:username>/telefono/", people.person_telephone, name="person_telephone"),
]
