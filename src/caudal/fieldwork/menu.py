"""What the street brings to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry("Recorridos", "map-pin", "rounds", policy.READ_FIELDWORK, order=60),
    Entry("Órdenes de campo", "tool", "field_orders", policy.READ_FIELDWORK, order=61),
    Entry("Apartados", "alert-triangle", "quarantine", policy.READ_FIELDWORK, order=62),
    Entry("Teléfonos", "device-mobile", "devices", policy.MANAGE_DEVICES, order=63),
]
