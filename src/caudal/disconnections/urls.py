from django.urls import path

from caudal.disconnections import (
    account_views,
    batch_views,
    illegal_views,
    order_views,
    reconnection_views,
    views,
)

urlpatterns = [
    path("cortes/", views.cuts, name="cuts"),
    path("cortes/candidatas/", views.candidates, name="cut_candidates"),
    path("cortes/candidatas/propuesta/", views.proposal, name="cut_proposal"),
    path("cortes/lotes/", batch_views.batches, name="cut_batches"),
    path("cortes/lotes/<str:folio>/", batch_views.batch, name="cut_batch"),
    path("cortes/lotes/<str:folio>/aprobacion/", batch_views.batch_approval, name="cut_batch_approval"),
    path("cortes/lotes/<str:folio>/solicitud/", batch_views.batch_request, name="cut_batch_request"),
    path("cortes/lotes/<str:folio>/respuesta/", batch_views.batch_decision, name="cut_batch_decision"),
    path("cortes/lotes/<str:folio>/entrega/", batch_views.batch_handing, name="cut_batch_handing"),
    path("cortes/lotes/<str:folio>/cancelacion/", batch_views.batch_cancellation, name="cut_batch_cancellation"),
    path("cortes/ordenes/", order_views.orders, name="cut_orders"),
    path("cortes/ordenes/<str:folio>/", order_views.order, name="cut_order"),
    path("cortes/ordenes/<str:folio>/verificacion/", order_views.order_check, name="cut_order_check"),
    path("cortes/ordenes/<str:folio>/resultado/", order_views.order_result, name="cut_order_result"),
    path("cortes/ordenes/<str:folio>/cancelacion/", order_views.order_cancellation, name="cut_order_cancellation"),
    path("cortes/reconexiones/", reconnection_views.reconnections, name="reconnections"),
    path("cortes/reconexiones/<str:folio>/", reconnection_views.reconnection, name="reconnection"),
    path(
        "cortes/reconexiones/<str:folio>/resultado/", reconnection_views.reconnection_result,
        name="reconnection_result",
    ),
    path(
        "cortes/reconexiones/<str:folio>/retiro/", reconnection_views.reconnection_withdrawal,
        name="reconnection_withdrawal",
    ),
    path("cortes/protegidos/", account_views.protected_places, name="protected_places"),
    path("cortes/multas/<int:pk>/", illegal_views.fine_back, name="fine_back"),
    path("cuentas/<str:number>/cortes/reconexion-ilegal/", illegal_views.illegal_new, name="illegal_new"),
    path("cuentas/<str:number>/cortes/", account_views.account_cuts, name="account_cuts"),
    path("cuentas/<str:number>/cortes/proteccion/", account_views.account_protection, name="account_protection"),
    path("cuentas/<str:number>/cortes/reconexion/", account_views.account_reconnection, name="account_reconnection"),
    path("cuentas/<str:number>/pago-en-transito/", account_views.account_transit, name="account_transit"),
]  # fmt: skip
