from django.urls import path

from caudal.campaigns import prepaid_policy_views, views

urlpatterns = [
    path("campanas/", views.campaigns, name="campaigns"),
    path("campanas/nueva/", views.campaign_new, name="campaign_new"),
    path("campanas/pago-adelantado/", prepaid_policy_views.prepayment_policies, name="prepayment_policies"),
    path(
        "campanas/pago-adelantado/nueva/",
        prepaid_policy_views.prepayment_policy_new,
        name="prepayment_policy_new",
    ),
    path("campanas/condonado/", views.forgiven, name="forgiven"),
    path("campanas/condonado.csv", views.forgiven_csv, name="forgiven_csv"),
    path("campanas/<str:code>/", views.campaign, name="campaign"),
    path("campanas/<str:code>/borrador/", views.campaign_draft, name="campaign_draft"),
    path("campanas/<str:code>/publicacion/", views.campaign_publication, name="campaign_publication"),
    path("campanas/<str:code>/solicitud/", views.campaign_request, name="campaign_request"),
    path("campanas/<str:code>/retiro/", views.campaign_withdrawal, name="campaign_withdrawal"),
    path("campanas/<str:code>/acuerdo/", views.campaign_agreement, name="campaign_agreement"),
    path("campanas/<str:code>/acuerdo.pdf", views.campaign_agreement_pdf, name="campaign_agreement_pdf"),
]
