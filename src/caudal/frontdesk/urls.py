from django.urls import path

from caudal.frontdesk import manual_views, status_views, views

urlpatterns = [
    path("", views.today, name="today"),
    path("ayuda/", manual_views.help_of_role, name="manual"),
    path("ayuda/<slug:slug>/", manual_views.manual_page, name="manual_page"),
    path("buscar/", views.search, name="search"),
    path("buscar/sugerencias/", views.search_suggestions, name="search_suggestions"),
    path("cuentas/", views.search, name="accounts"),
    path("cuentas/<str:number>/", views.account, name="account"),
    path(
        "cuentas/<str:number>/estado-de-cuenta.pdf",
        status_views.account_statement_pdf,
        name="account_statement_pdf",
    ),
    path("cuentas/<str:number>/estado-de-cuenta/", status_views.account_statement, name="account_statement"),
    path("cuentas/<str:number>/historial/", status_views.account_history, name="account_history"),
]
