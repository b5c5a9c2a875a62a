from django.urls import path

from caudal.window import views

urlpatterns = [
    path("ventanilla/", views.window, name="window"),
    path("ventanilla/cuenta/", views.account, name="window_account"),
    path("ventanilla/otra-cuenta/", views.another, name="window_another"),
    path("ventanilla/cuenta/<str:number>/cobro/", views.charge_of, name="window_charge_of"),
    path("ventanilla/cuenta/<str:number>/retiro/", views.removal, name="window_removal"),
    path("ventanilla/cobro/", views.charge, name="window_charge"),
    path("ventanilla/reimpresion/", views.reprint, name="window_reprint"),
    path("ventanilla/papel/", views.paper, name="window_paper"),
    path("ventanilla/regreso/", views.release, name="window_release"),
]
