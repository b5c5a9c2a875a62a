"""Addresses of receipts: their page, their papers, the queue of the printers, and the public page that verifies."""

from django.urls import path

from caudal.cashier.views import verification

urlpatterns = [
    path("v/", verification.form, name="verification"),
    path("v/<str:code>", verification.receipt, name="receipt_verification"),
]
