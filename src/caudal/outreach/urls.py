from django.urls import path

from caudal.outreach import views

urlpatterns = [
    path("difusion/", views.outreach, name="outreach"),
    path("difusion/campanas/<str:code>/", views.campaign_outreach, name="campaign_outreach"),
    path("difusion/campanas/<str:code>/plan/", views.outreach_plan_new, name="outreach_plan_new"),
    path("difusion/campanas/<str:code>/cartel-<str:size>.pdf", views.campaign_poster, name="campaign_poster"),
    path(
        "difusion/campanas/<str:code>/cartel-<str:size>.png",
        views.campaign_poster_png,
        name="campaign_poster_png",
    ),
    path("difusion/campanas/<str:code>/imagen.png", views.campaign_picture, name="campaign_picture"),
    path("difusion/acciones/<int:action_id>/", views.outreach_action, name="outreach_action"),
    path("difusion/acciones/<int:action_id>/baja/", views.outreach_action_drop, name="outreach_action_drop"),
    path("difusion/acciones/<int:action_id>/anotacion/", views.outreach_entry_new, name="outreach_entry_new"),
    path(
        "difusion/anotaciones/<int:entry_id>/anulacion/",
        views.outreach_entry_void,
        name="outreach_entry_void",
    ),
    path("difusion/anotaciones/<int:entry_id>/evidencia/", views.outreach_evidence, name="outreach_evidence"),
]
