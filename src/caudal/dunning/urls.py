from django.urls import path

from caudal.dunning import notice_views, portfolio_views, views

urlpatterns = [
    path("cartera/", portfolio_views.portfolio, name="portfolio"),
    path("cartera/cuentas/", portfolio_views.debtors, name="portfolio_accounts"),
    path("notificaciones/", views.notice_batches, name="notice_batches"),
    path("notificaciones/nuevo-lote/", views.notice_batch_new, name="notice_batch_new"),
    path("notificaciones/siguientes/", notice_views.next_stages, name="notice_next_stages"),
    path("notificaciones/citatorios/", notice_views.appointments, name="notice_appointments"),
    path("notificaciones/lotes/<str:folio>/", views.notice_batch, name="notice_batch"),
    path("notificaciones/lotes/<str:folio>/avance/", views.printing_progress, name="notice_batch_progress"),
    path("notificaciones/lotes/<str:folio>/emision/", views.issuance, name="notice_batch_issue"),
    path("notificaciones/lotes/<str:folio>/descarte/", views.discarding, name="notice_batch_discarding"),
    path("notificaciones/lotes/<str:folio>/impresion/", views.printing, name="notice_batch_printing"),
    path("notificaciones/lotes/<str:folio>/impresion/<str:name>", views.print_file, name="notice_print_file"),
    path("notificaciones/lotes/<str:folio>/recorridos/", views.rounds, name="notice_batch_rounds"),
    path("notificaciones/<str:folio>.pdf", notice_views.notice_pdf, name="notice_pdf"),
    path("notificaciones/<str:folio>/", notice_views.notice, name="notice"),
    path("notificaciones/<str:folio>/visita/", notice_views.visit, name="notice_visit"),
    path("notificaciones/<str:folio>/cancelacion/", notice_views.cancellation, name="notice_cancellation"),
    path("notificaciones/visitas/<int:pk>/constancia/", notice_views.evidence, name="notice_evidence"),
    path("cuentas/<str:number>/notificaciones/", notice_views.account_notices, name="account_notices"),
]
