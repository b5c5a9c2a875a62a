from django.urls import path

from caudal.fieldwork import device_views, order_views, phone_views, sync_views, views

urlpatterns = [
    path("recorridos/", views.rounds, name="rounds"),
    path("recorridos/tablero/", views.rounds_board, name="rounds_board"),
    path("recorridos/fotos/<uuid:photo>.jpg", views.field_photo, name="field_photo"),
    path("recorridos/<str:folio>.pdf", views.round_pdf, name="round_pdf"),
    path("recorridos/<str:folio>/", views.round, name="round"),
    path("recorridos/<str:folio>/reasignacion/", views.round_reassignment, name="round_reassignment"),
    path("recorridos/<str:folio>/reparto/", views.round_split, name="round_split"),
    path("recorridos/<str:folio>/cancelacion/", views.round_cancellation, name="round_cancellation"),
    path("ordenes/", order_views.field_orders, name="field_orders"),
    path("ordenes/nueva/", order_views.field_order_new, name="field_order_new"),
    path("ordenes/recorrido/", order_views.orders_round_new, name="orders_round_new"),
    path("ordenes/<str:folio>/", order_views.field_order, name="field_order"),
    path("ordenes/<str:folio>/resultado/", order_views.field_order_result, name="field_order_result"),
    path(
        "ordenes/<str:folio>/cancelacion/",
        order_views.field_order_cancellation,
        name="field_order_cancellation",
    ),
    path("cuentas/<str:number>/ordenes/nueva/", order_views.account_order_new, name="account_order_new"),
    path("telefonos/", device_views.devices, name="devices"),
    path("telefonos/alta/", device_views.device_enrollment, name="device_enrollment"),
    path("telefonos/<str:code>/baja/", device_views.device_revocation, name="device_revocation"),
    path("apartados/", device_views.quarantine, name="quarantine"),
    path("apartados/<uuid:event>/descarte/", device_views.event_dismissal, name="event_dismissal"),
    path("campo/alta/", sync_views.enrollment, name="phone_enrollment"),
    path("campo/dia/", sync_views.day, name="phone_day"),
    path("campo/recorridos/<str:folio>/", sync_views.round_pack, name="phone_round"),
    path("campo/sucesos/", sync_views.events, name="phone_events"),
    path("campo/fotos/<uuid:photo>/", sync_views.photo, name="phone_photo"),
    path("campo/revision/", sync_views.revalidation, name="phone_revalidation"),
    path("campo/", phone_views.shell, name="phone_shell"),
    path("campo/manifest.webmanifest", phone_views.manifest, name="phone_manifest"),
    path("campo/guardian.js", phone_views.worker, name="phone_worker"),
]
