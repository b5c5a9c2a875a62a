"""Addresses of the tills: one's own session, the board of who supervises, closings and deposits."""

from django.urls import path

from caudal.cashier.views import closings, deposits, supervision, tills

urlpatterns = [
    path("caja/", tills.own, name="till_own"),
    path("caja/apertura/", tills.opening, name="till_opening"),
    path("caja/corte-x/", tills.report, name="till_report"),
    path("caja/retiro/", tills.withdrawal, name="till_withdrawal"),
    path("caja/retiros/<int:number>/", tills.withdrawal_slip, name="till_withdrawal_slip"),
    path("caja/cancelacion/", tills.cancellation, name="till_cancellation"),
    path("caja/arqueo/", tills.count, name="till_count"),
    path("caja/arqueo/inicio/", tills.balancing, name="till_balancing"),
    path("caja/cierre/", tills.closing, name="till_closing"),
    path("caja/cortes/<int:number>/", closings.own, name="own_closing"),
    path("caja/cortes/<int:number>.pdf", closings.own_pdf, name="own_closing_pdf"),
    path("caja/cortes/<int:number>/aclaracion/<str:kind>/", closings.dispute, name="closing_dispute"),
    path("cajas/", supervision.board, name="tills"),
    path("cajas/nueva/", supervision.till_new, name="till_new"),
    path("cajas/turnos/<int:pk>/", supervision.session, name="till_session"),
    path("cajas/turnos/<int:pk>/arqueo/", supervision.count, name="till_session_count"),
    path("cajas/turnos/<int:pk>/cierre/", supervision.closing, name="till_session_closing"),
    path("cajas/cortes/", closings.every, name="closings"),
    path("cajas/cortes/<int:number>/", closings.one, name="closing"),
    path("cajas/cortes/<int:number>.pdf", closings.pdf, name="closing_pdf"),
    path("cajas/cortes/aclaraciones/<int:pk>/respuesta/", closings.answer, name="dispute_answer"),
    path("cajas/depositos/", deposits.every, name="deposits"),
    path("cajas/depositos/nuevo/", deposits.new, name="deposit_new"),
    path("cajas/depositos/<int:number>/", deposits.one, name="deposit"),
    path("cajas/depositos/<int:number>.pdf", deposits.pdf, name="deposit_pdf"),
    path("cajas/<str:code>/", supervision.till, name="till"),
    path("cajas/<str:code>/baja/", supervision.retirement, name="till_retirement"),
]
