from django.urls import path

from caudal.metering import views

urlpatterns = [
    path("critica/", views.review, name="reading_review"),
    path("critica/consumos/", views.assessment, name="reading_assessment"),
    path("critica/recorridos/", views.rounds, name="reading_rounds"),
    path("critica/<int:period>/<int:point>/decision/", views.decision, name="reading_decision"),
    path("critica/<int:period>/<int:point>/deshecho/", views.reopening, name="reading_reopening"),
]
