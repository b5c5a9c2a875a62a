from django.urls import path

from caudal.reports import listing_views

urlpatterns = [
    path("listados/", listing_views.listings_page, name="listings"),
    path("listados/<slug:code>/", listing_views.listing_page, name="listing"),
]
