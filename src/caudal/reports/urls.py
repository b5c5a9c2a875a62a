from django.urls import path

from caudal.reports import (
    activity_views,
    board_views,
    edition_views,
    indicator_views,
    listing_views,
    sample_views,
)

urlpatterns = [
    path("informes/", activity_views.activity_report, name="activity_report"),
    path(
        "informes/actividades.<slug:form>", activity_views.activity_report_file, name="activity_report_file"
    ),
    path("informes/ediciones/", edition_views.report_editions, name="report_editions"),
    path("informes/ediciones/<int:number>/", edition_views.report_edition, name="report_edition"),
    path(
        "informes/ediciones/<int:number>/archivo.<slug:form>",
        edition_views.report_edition_file,
        name="report_edition_file",
    ),
    path("informes/publicacion/", edition_views.report_publication, name="report_publication"),
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
    path("listados/<slug:code>/muestra/", sample_views.listing_sample, name="listing_sample"),
    path("listados/<slug:code>/muestra.xlsx", sample_views.listing_sample_xlsx, name="listing_sample_xlsx"),
    path("listados/<slug:code>/muestra.csv", sample_views.listing_sample_csv, name="listing_sample_csv"),
    path("listados/<slug:code>.xlsx", listing_views.listing_xlsx, name="listing_xlsx"),
    path("listados/<slug:code>.csv", listing_views.listing_csv, name="listing_csv"),
]
