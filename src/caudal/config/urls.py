"""Addresses: each room brings its own page of them."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

ROOMS = [
    "access",
    "registry",
    "fieldwork",
    "messaging",
    "metering",
    "tariffs",
    "campaigns",
    "benefits",
    "billing",
    "fees",
    "arrangements",
    "cases",
    "cashier",
    "quotes",
    "dunning",
    "disconnections",
    "outreach",
    "accounting",
    "reports",
    "frontdesk",
    "window",
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(import_module(f"caudal.{room}.urls")))
    for room in ROOMS
    if find_spec(f"caudal.{room}.urls")
]
