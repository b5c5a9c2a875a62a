"""One key, one effect, one reply."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from caudal.kernel import audit, idempotency
from caudal.kernel.idempotency import KeyWasUsedForAnotherRequest
from caudal.kernel.models import AuditEntry, IdempotencyKey
from caudal.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
KEY = UUID("5f0d3c2e-0000-4000-8000-000000000001")
AT = datetime(2019, 3, 5, 17, tzinfo=UTC)


class Counter:
    """An act that leaves a trace, so that doing it twice shows."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, Any]:
        self.times += 1
        audit.record(act="test.count", by="veronica", at=AT, object_kind="count", object_id=self.times)
        return {"times": self.times, "año": 2019, "list": [{"b": 1, "a": None}], "b": 2, "a": 1}


def once(act: Any, *, body: Any = "cuenta 010117", name: str = "test.count") -> dict[str, Any]:
    return idempotency.once(key=KEY, act=name, body=body, at=AT, run=act)


def test_the_second_time_nothing_runs_and_the_reply_is_the_same_byte_for_byte() -> None:
    act = Counter()

    replies = [json.dumps(once(act)) for _ in range(3)]

    assert act.times == 1 and len(set(replies)) == 1
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(("body", "name"), [("cuenta 010118", "test.count"), ("cuenta 010117", "test.other")])
def test_a_key_belongs_to_one_request(body: str, name: str) -> None:
    act = Counter()
    once(act)

    with pytest.raises(KeyWasUsedForAnotherRequest):
        once(act, body=body, name=name)

    assert act.times == 1


def test_a_body_is_the_same_however_its_words_are_ordered() -> None:
    act = Counter()
    once(act, body={"account": "010117", "cents": 5})
    once(act, body={"cents": 5, "account": "010117"})
    assert act.times == 1


def test_a_refused_request_may_be_sent_again_with_its_key() -> None:
    """What failed left nothing, so the corrected act runs."""

    def refuse() -> dict[str, Any]:
        Counter()()
        raise Refusal("La serie está cerrada.", "Ábrala.")

    with pytest.raises(Refusal):
        once(refuse)
    assert not IdempotencyKey.objects.exists() and not AuditEntry.objects.exists()

    assert once(Counter())["times"] == 1


def test_a_reply_that_is_not_json_is_a_bug_and_leaves_nothing() -> None:
    with pytest.raises(TypeError):
        once(lambda: {"at": AT})
    assert not IdempotencyKey.objects.exists()
