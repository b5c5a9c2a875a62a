"""Addresses of accounting: months and days, the light, the journal, revenue, registers, the classifier."""

from django.urls import path

from caudal.accounting import classifier_views, journal_views, register_views, views

urlpatterns = [
    path("contabilidad/", views.accounting, name="accounting"),
    path("contabilidad/meses/<int:period>/", views.month, name="accounting_month"),
    path("contabilidad/meses/<int:period>/revision/", views.review, name="accounting_review"),
    path("contabilidad/meses/<int:period>/cierre/", views.closing_of_month, name="accounting_closing"),
    path("contabilidad/dias/<str:on>/", views.day, name="accounting_day"),
    path("semaforo/", views.completeness_light, name="completeness_light"),
    path("contabilidad/polizas/", journal_views.journal, name="journal"),
    path("contabilidad/polizas.<str:kind>", journal_views.journal_file, name="journal_file"),
    path("contabilidad/polizas/<int:pk>/", journal_views.entry, name="journal_entry"),
    path("contabilidad/ingresos/", register_views.revenue_page, name="revenue"),
    path("contabilidad/ingresos.<str:kind>", register_views.revenue_file, name="revenue_file"),
    path("contabilidad/registros/", register_views.registers_page, name="registers"),
    path("contabilidad/registros/<slug:code>/", register_views.register_page, name="register"),
    path("contabilidad/registros/<slug:code>.<str:kind>", register_views.register_file, name="register_file"),
    path("contabilidad/clasificador/", classifier_views.classifier, name="revenue_classifier"),
    path("contabilidad/clasificador/nuevo/", classifier_views.classifier_new, name="revenue_classifier_new"),
]
