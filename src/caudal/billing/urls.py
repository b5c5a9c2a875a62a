from django.urls import path

from caudal.billing import delivery_views, views

urlpatterns = [
    path("facturacion/", views.runs, name="billing_runs"),
    path("facturacion/nueva/", views.run_new, name="billing_run_new"),
    path("facturacion/<int:pk>/", views.run, name="billing_run"),
    path("facturacion/<int:pk>/avance/", views.progress, name="billing_run_progress"),
    path("facturacion/<int:pk>/calculo/", views.computation, name="billing_run_computation"),
    path("facturacion/<int:pk>/revision/", views.review, name="billing_run_review"),
    path("facturacion/<int:pk>/emision/", views.issue, name="billing_run_issue"),
    path("facturacion/<int:pk>/impresion/", views.printing, name="billing_run_printing"),
    path("facturacion/<int:pk>/reparto/", delivery_views.delivery, name="billing_run_delivery"),
    path("facturacion/<int:pk>/impresion/<str:name>", views.print_file, name="billing_print_file"),
    path("facturacion/<int:pk>/descarte/", views.discarding, name="billing_run_discarding"),
    path(
        "facturacion/<int:pk>/cancelacion-del-trabajo/", views.cancellation, name="billing_run_cancellation"
    ),
    path("facturacion/<int:pk>/reanudacion/", views.resumption, name="billing_run_resumption"),
    path("facturacion/<int:pk>/sin-recibo/", views.unbilled, name="billing_run_unbilled"),
    path("facturacion/<int:pk>/detenidos/", views.held, name="billing_held"),
    path("facturacion/<int:pk>/detenidos/<str:number>/", views.held_decision, name="billing_held_decision"),
    path("recibos/<str:folio>.pdf", views.bill_pdf, name="bill_pdf"),
]
