from django.urls import path

from caudal.cases import public_views, views

_TRACKED = "reportes/seguimiento/<str:folio>/<str:key>/"
urlpatterns = [
    path("reportes/nuevo/", public_views.report_new, name="report_new"),
    path("reportes/seguimiento/", public_views.report_tracking, name="report_tracking"),
    path(_TRACKED, public_views.report_status, name="report_status"),
    path(f"{_TRACKED}inconformidad/", public_views.report_dispute, name="report_dispute"),
    path("reportes/", views.cases, name="cases"),
    path("reportes/alta/", views.case_new, name="case_new"),
    path("reportes/fotos/<uuid:pk>/", views.case_photo, name="case_photo"),
    path("reportes/<str:folio>/", views.case, name="case"),
    path("reportes/<str:folio>/orden/", views.case_order, name="case_order"),
    path("reportes/<str:folio>/respuesta/", views.case_answer, name="case_answer"),
    path("reportes/<str:folio>/anotacion/", views.case_note, name="case_note"),
    path("reportes/<str:folio>/resolucion/", views.case_resolution, name="case_resolution"),
    path("reportes/<str:folio>/union/", views.case_merge, name="case_merge"),
    path("cuentas/<str:number>/reporte/", views.account_case, name="account_case"),
]
