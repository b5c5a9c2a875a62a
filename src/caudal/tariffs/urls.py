from django.urls import path

from caudal.tariffs import views

urlpatterns = [
    path("tarifas/", views.books, name="tariff_books"),
    path("tarifas/comparacion/", views.comparison, name="tariff_comparison"),
    path("tarifas/<str:code>/", views.book, name="tariff_book"),
    path("tarifas/<str:code>/libro.toml", views.book_file, name="tariff_book_file"),
    path("tarifas/<str:code>/publicacion/", views.publication, name="tariff_book_publication"),
]
