"""Pure decisions about work in the street: folios, checklists, how far a round should be at an hour."""

from typing import Any, Final

ROUND_SERIES: Final = "recorrido"
ORDER_SERIES: Final = "orden"
ORDER: Final = "order"  # what a stop of an order says its subject is
_REST: Final = " (resto)"
_NAME_LENGTH: Final = 80
_MAX_PRIORITY: Final = 5

PRIORITIES: Final = {1: "urgente", 2: "alta", 3: "normal", 4: "baja", 5: "cuando se pueda"}
ANSWERS: Final = frozenset({"yes_no", "number", "text", "photo"})


def _ask(code: str, text: str, answer: str, *, must: bool = True) -> dict[str, Any]:
    return {"code": code, "text": text, "answer": answer, "must": must}


_BEFORE: Final = _ask("before", "Foto antes", "photo")
_AFTER: Final = _ask("after", "Foto después", "photo")
# what has to be told of each kind of order when whoever asks for it does not say
CHECKLISTS: Final[dict[str, list[dict[str, Any]]]] = {
    "inspection": [_ask("found", "Qué se encontró", "text"), _BEFORE],
    "meter_check": [
        _ask("turns", "¿Gira el medidor?", "yes_no"), _ask("leaks", "¿Gotea?", "yes_no"),
        _ask("reading", "Lectura", "number"), _ask("dial", "Foto de la carátula", "photo"),
    ],
    "meter_change": [
        _ask("old_reading", "Lectura del que se retira", "number"), _ask("serial", "Serie del nuevo", "text"),
        _ask("new_reading", "Lectura del nuevo", "number"), _BEFORE, _AFTER,
    ],
    "leak": [
        _ask("where", "Dónde estaba: red, toma o drenaje", "text"), _ask("repaired", "¿Quedó reparada?", "yes_no"),
        _BEFORE, _AFTER,
    ],
    "supply": [_ask("flows", "¿Sale agua?", "yes_no"), _ask("pressure", "Presión en kg/cm²", "text", must=False)],
    "drain": [_ask("cleared", "¿Quedó desazolvado?", "yes_no"), _BEFORE, _AFTER],
    "census": [_ask("use", "Uso que se ve", "text"), _ask("front", "Foto de la fachada", "photo")],
    "fraud_check": [_ask("irregular", "¿La toma es irregular?", "yes_no"), _ask("what", "Qué se vio", "text"), _BEFORE],
    "disconnection": [_ask("seal", "Número de sello", "text"), _ask("reading", "Lectura", "number", must=False), _BEFORE,
                      _AFTER],
    "restriction": [_ask("seal", "Número de sello", "text"), _ask("reading", "Lectura", "number", must=False), _BEFORE,
                    _AFTER],
    "reconnection": [_ask("flows", "¿Sale agua?", "yes_no"), _ask("reading", "Lectura", "number", must=False), _AFTER],
    "other": [_ask("done", "Qué se hizo", "text")],
}  # fmt: skip


def round_folio(number: int) -> str:
    """`REC-000012`."""
    return f"REC-{number:06d}"


def order_folio(number: int) -> str:
    """`OT-000012`."""
    return f"OT-{number:06d}"


def split_name(name: str) -> str:
    """What is left of a round is called like it, and says so once."""
    return f"{name.removesuffix(_REST)[: _NAME_LENGTH - len(_REST)]}{_REST}"


def is_priority(priority: int) -> bool:
    """Whether it is one of the five there are."""
    return 1 <= priority <= _MAX_PRIORITY
