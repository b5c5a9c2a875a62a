"""Pure decisions about work in the street: folios, checklists, how far a round should be at an hour."""

import hashlib
from datetime import time
from enum import StrEnum
from typing import Any, Final

from caudal.kernel.wording import number_of_folio

ROUND_SERIES: Final = "recorrido"
ORDER_SERIES: Final = "orden"
DEVICE_SERIES: Final = "telefono"
ORDER: Final = "order"  # what a stop of an order says its subject is
BILL: Final = "bill"
# how a bill may be left; a person who refuses it is not asked why
BILL_OUTCOMES: Final = ("delivered", "posted", "refused", "absent", "not_delivered")
_REST: Final = " (resto)"
_NAME_LENGTH: Final = 80
_MAX_PRIORITY: Final = 5

# a day in the street: a round is expected to go on evenly from the first hour to the last
STARTS_AT: Final = time(8)
ENDS_AT: Final = time(15)
_SLACK: Final = 10  # in a hundred: so much behind is nobody's fault

PRIORITIES: Final = {1: "urgente", 2: "alta", 3: "normal", 4: "baja", 5: "cuando se pueda"}
ANSWERS: Final = frozenset({"yes_no", "number", "text", "photo"})


class Pace(StrEnum):
    """How a round goes, as the board says it."""

    LATE = "atrasado"
    ON_TIME = "a tiempo"
    COMPLETE = "completo"
    CANCELED = "cancelado"


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


def percent(*, done: int, n: int) -> int:
    """Whole percent, never 100 before the last one is done."""
    return done * 100 // n if n else 100


def expected(*, n: int, hour: time | None) -> int:
    """How many stops of `n` should be done at an hour of the day; all of them once the day is over (None)."""
    if hour is None:
        return n
    first, last, now = (each.hour * 60 + each.minute for each in (STARTS_AT, ENDS_AT, hour))
    return n * min(max(now - first, 0), last - first) // (last - first)


def pace(*, done: int, n: int, expected: int) -> Pace:
    """Blue, green or red: complete, on time, or behind by more than a tenth of the round."""
    if done >= n:
        return Pace.COMPLETE
    return Pace.LATE if done < expected - n * _SLACK // 100 or expected >= n else Pace.ON_TIME


def read_folio(text: str, prefix: str) -> str:
    """`REC-000012` from `rec 12`, `12` or itself; what is no folio comes back in capitals, and is not found."""
    number = number_of_folio(text, prefix=prefix)
    return f"{prefix}{number:06d}" if number is not None else text.strip().upper().replace(" ", "-")


def device_code(number: int) -> str:
    """`TEL-0012`."""
    return f"TEL-{number:04d}"


def hash_of_token(token: str) -> str:
    """What is kept of what a phone says to be itself."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
