from django.urls import path

from caudal.fieldwork import phone_views

urlpatterns = [
    path("campo/", phone_views.shell, name="phone_shell"),
    path("campo/manifest.webmanifest", phone_views.manifest, name="phone_manifest"),
    path("campo/guardian.js", phone_views.worker, name="phone_worker"),
]
