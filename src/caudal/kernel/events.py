"""News travels up: a lower room announces, `config/wiring.py` says who listens.

Synchronous, in the announcing transaction, in the order of the wiring page.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def on(kind: type, listener: Callable[[Any], None]) -> None:
    """Let `listener` hear every event of `kind`. Said once, in `config/wiring.py`."""
    if listener not in _listeners[kind]:
        _listeners[kind].append(listener)


def announce(event: object) -> None:
    """Tell the listeners of this event's class, now, in this transaction."""
    for listener in _listeners[type(event)]:
        listener(event)
