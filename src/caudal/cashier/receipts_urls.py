"""Addresses of receipts: their page, their papers, the queue of the printers, and the public page that verifies."""

from django.urls import path

from caudal.cashier.views import receipts, verification

urlpatterns = [
    path("comprobantes/", receipts.every, name="receipts"),
    path("comprobantes/<str:folio>/", receipts.one, name="receipt"),
    path("comprobantes/<str:folio>/ticket/", receipts.ticket, name="receipt_ticket"),
    path("comprobantes/<str:folio>/reimpresion/", receipts.reprint, name="receipt_reprint"),
    path("comprobantes/<str:folio>.pdf", receipts.pdf, name="receipt_pdf"),
    path("impresion/", receipts.print_queue, name="print_queue"),
    path("impresion/<int:pk>/reimpresion/", receipts.print_again, name="print_again"),
    path("impresion/<int:pk>/confirmacion/", receipts.print_confirmation, name="print_confirmation"),
    path("impresion/<int:pk>/descarte/", receipts.print_discarding, name="print_discarding"),
    path("impresion/caja/<str:code>/intento/", receipts.print_retry, name="print_retry"),
    path("v/", verification.form, name="verification"),
    path("v/<str:code>", verification.receipt, name="receipt_verification"),
]
