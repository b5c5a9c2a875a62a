"""Addresses of the counter, joined from its topics: each brings its own list."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern

TOPICS = ("tills", "receipts", "channels")

urlpatterns: list[URLPattern] = [
    pattern
    for topic in TOPICS
    if find_spec(f"caudal.cashier.{topic}_urls")
    for pattern in import_module(f"caudal.cashier.{topic}_urls").urlpatterns
]
