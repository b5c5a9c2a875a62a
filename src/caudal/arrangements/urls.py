from django.urls import path

from caudal.arrangements import policy_views, signing_views, views

urlpatterns = [
    path("convenios/", views.arrangements, name="arrangements"),
    path("convenios/politica/", policy_views.arrangement_policies, name="arrangement_policies"),
    path("convenios/politica/nueva/", policy_views.arrangement_policy_new, name="arrangement_policy_new"),
    path("convenios/<str:folio>/contrato.pdf", views.contract_pdf, name="arrangement_contract"),
    path("convenios/<str:folio>/pagares.pdf", views.promissory_notes_pdf, name="arrangement_notes"),
    path("convenios/<str:folio>/calendario.ics", views.due_dates_ics, name="arrangement_calendar"),
    path("convenios/<str:folio>/incumplimiento/", views.default, name="arrangement_default"),
    path("convenios/<str:folio>/cancelacion/", views.cancellation, name="arrangement_cancellation"),
    path("convenios/<str:folio>/", views.arrangement, name="arrangement"),
    path("cuentas/<str:number>/convenio/", signing_views.arrangement_new, name="arrangement_new"),
    path(
        "cuentas/<str:number>/convenio/simulacion/", signing_views.simulation, name="arrangement_simulation"
    ),
]
