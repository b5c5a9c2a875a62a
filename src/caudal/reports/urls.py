from django.urls import path

from caudal.reports import board_views, indicator_views, listing_views

urlpatterns = [
    path("tablero/", board_views.management_board, name="management_board"),
    path("indicadores/", indicator_views.indicators_page, name="indicators"),
    path("indicadores/metas/", indicator_views.targets_page, name="targets"),
    path("indicadores/metas/alta/", indicator_views.target_new, name="target_new"),
    path("indicadores/volumen-producido/", indicator_views.produced_volumes, name="produced_volumes"),
    path(
        "indicadores/volumen-producido/alta/", indicator_views.produced_volume_new, name="produced_volume_new"
    ),
    path("indicadores/archivo.<slug:kind>", indicator_views.indicators_file, name="indicators_file"),
    path("indicadores/<slug:code>/", indicator_views.indicator_page, name="indicator"),
    path("listados/", listing_views.listings_page, name="listings"),
    path("listados/<slug:code>/", listing_views.listing_page, name="listing"),
    path("listados/<slug:code>.xlsx", listing_views.listing_xlsx, name="listing_xlsx"),
    path("listados/<slug:code>.csv", listing_views.listing_csv, name="listing_csv"),
]
