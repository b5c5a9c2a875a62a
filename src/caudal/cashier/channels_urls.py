"""Addresses of the channels: their files, from rehearsal to lines, and the movements that wait."""

from django.urls import path

from caudal.cashier.views import channels, unidentified

urlpatterns = [
    path("canales/", channels.every, name="channels"),
    path("canales/nuevo/", channels.new, name="channel_new"),
    path("canales/cargas/<int:pk>/", channels.job, name="settlement_job"),
    path("canales/archivos/<int:pk>/", channels.settlement, name="settlement"),
    path("canales/movimientos/<int:pk>/retiro/", channels.withdrawal, name="settlement_withdrawal"),
    path("canales/<slug:code>/", channels.one, name="channel"),
    path("canales/<slug:code>/ensayos/", channels.rehearsals, name="settlement_rehearsals"),
    path("canales/<slug:code>/ensayos/<slug:digest>/", channels.rehearsal, name="settlement_rehearsal"),
    path("canales/<slug:code>/ensayos/<slug:digest>/carga/", channels.loading, name="settlement_loading"),
    path("por-identificar/", unidentified.every, name="unidentified"),
    path("por-identificar/<int:pk>/", unidentified.one, name="unidentified_line"),
    path("por-identificar/<int:pk>/identificacion/", unidentified.identification, name="line_identification"),
    path("por-identificar/<int:pk>/devolucion/", unidentified.giving_back, name="line_return"),
    path("por-identificar/<int:pk>/origen/", unidentified.origin, name="line_origin"),
]
