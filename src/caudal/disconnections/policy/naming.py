"""What orders, batches and reconnections are called."""

from typing import Final

# lower case, so that no till can have a receipt series of that name
ORDER_SERIES: Final = "corte"
BATCH_SERIES: Final = "lote-cortes"
RECONNECTION_SERIES: Final = "reconexion"


def order_folio(number: int) -> str:
    """`COR-000012`."""
    return f"COR-{number:06d}"


def batch_folio(number: int) -> str:
    """`LCO-000012`."""
    return f"LCO-{number:06d}"


def reconnection_folio(number: int) -> str:
    """`RCX-000012`."""
    return f"RCX-{number:06d}"
