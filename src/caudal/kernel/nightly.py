"""What happens every night by itself, in the order of `config.wiring`: rooms bring chores, the worker does them.

A chore is done again tomorrow if tonight it was not, so each must be safe to repeat, and one that fails does not keep
the others from being done.
"""

import logging
from collections.abc import Callable, Sized
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal

BY = "sistema"
Chore = Callable[..., Sized]
_chores: dict[str, Chore] = {}
_log = logging.getLogger(__name__)


def add(name: str, chore: Chore, /) -> None:
    """Do this every night: called with `on`, `at` and `by`, it answers what it did."""
    _chores[name] = chore


def run(*, at: datetime) -> dict[str, str]:
    """Do every chore of a night → its name and what came of it, in a person's words. It is written in the audit."""
    told = {name: _done(name, chore, at) for name, chore in _chores.items()}
    audit.record(act="nightly", by=BY, at=at, object_kind="utility", object_id=1, after=told)
    return told


def _done(name: str, chore: Chore, at: datetime) -> str:
    try:
        with transaction.atomic():
            return str(len(chore(on=localdate(at), at=at, by=BY)))
    except Refusal as refusal:
        return str(refusal)
    except Exception:  # noqa: BLE001 whatever breaks tonight, the other chores are done
        _log.exception("the chore %r of the night was not done", name)
        return "No se pudo hacer; se intenta de nuevo mañana. Si se repite, avise a soporte."
