from django.urls import path

from caudal.benefits import policy_views, views

urlpatterns = [
    path("beneficiarios/", views.beneficiaries, name="beneficiaries"),
    path("beneficiarios.csv", views.beneficiaries_csv, name="beneficiaries_csv"),
    path("beneficiarios/renovaciones/", views.benefit_renewals, name="benefit_renewals"),
    path("beneficiarios/renovaciones.csv", views.benefit_renewals_csv, name="benefit_renewals_csv"),
    path("beneficiarios/requisitos/", policy_views.benefit_policies, name="benefit_policies"),
    path("beneficiarios/requisitos/nuevos/", policy_views.benefit_policy_new, name="benefit_policy_new"),
    path("beneficiarios/<int:pk>/", views.benefit, name="benefit"),
    path("beneficiarios/<int:pk>/renovacion/", views.benefit_renewal, name="benefit_renewal"),
    path("beneficiarios/<int:pk>/visita/", views.benefit_visit, name="benefit_visit"),
    path("beneficiarios/<int:pk>/perdida/", views.benefit_loss, name="benefit_loss"),
    path("beneficiarios/<int:pk>/documentos/", views.benefit_evidence, name="benefit_evidence"),
    path("beneficiarios/consultas/<int:pk>/foto/", views.evidence_photo, name="evidence_photo"),
    path("cuentas/<str:number>/beneficio/", views.account_benefit, name="account_benefit"),
]
