"""What the street brings to the side menu and to the page of an account."""

from caudal.access import policy
from caudal.kernel.menu import Action, Entry

ENTRIES = [
    Entry("Recorridos", "map-pin", "rounds", policy.READ_FIELDWORK, group="Campo", order=60),
    Entry("Órdenes de campo", "tool", "field_orders", policy.READ_FIELDWORK, group="Campo", order=61),
    Entry("Apartados", "alert-triangle", "quarantine", policy.READ_FIELDWORK, group="Campo", order=62),
    Entry("Teléfonos", "device-mobile", "devices", policy.MANAGE_DEVICES, group="Campo", order=63),
]
ACCOUNT_ACTIONS = [
    Action("Orden de campo", "tool", "account_order_new", policy.PLAN_FIELDWORK, order=62, is_seldom=True)
]
