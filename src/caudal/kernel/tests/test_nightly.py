"""The night: every chore once, each by itself, and what came of it in the audit."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from caudal.kernel import nightly
from caudal.kernel.models import AuditEntry, Folio
from caudal.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
# ten past three in La Barca is ten past nine in Greenwich
AT = datetime(2019, 7, 12, 9, 10, tzinfo=ZoneInfo("UTC"))


@pytest.fixture(autouse=True)
def no_chores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "_chores", {})


def test_every_chore_is_done_for_the_day_of_the_utility() -> None:
    asked: list[dict[str, Any]] = []

    def sweep(**said: Any) -> list[str]:
        asked.append(said)
        return ["a", "b"]

    nightly.add("barrer", sweep)
    assert nightly.run(at=AT) == {"barrer": "2"}
    assert asked == [{"on": date(2019, 7, 12), "at": AT, "by": "sistema"}]
    entry = AuditEntry.objects.get(act="nightly")
    assert (entry.by, entry.after) == ("sistema", {"barrer": "2"})


def test_one_that_cannot_be_done_leaves_nothing_half_done_and_keeps_no_other() -> None:
    def refuse(**_: Any) -> list[str]:
        raise Refusal("Falta el libro.", "Publíquelo.")

    def break_down(**_: Any) -> list[str]:
        Folio.objects.create(series="x", number=1)
        raise ZeroDivisionError

    nightly.add("tarifas", refuse)
    nightly.add("romper", break_down)
    nightly.add("barrer", lambda **_: [1])
    told = nightly.run(at=AT)
    assert told["tarifas"] == "Falta el libro. Publíquelo."
    assert told["romper"].startswith("No se pudo hacer; se intenta de nuevo mañana.")
    assert told["barrer"] == "1"
    assert not Folio.objects.exists()
