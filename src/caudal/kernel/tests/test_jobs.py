"""Long work: queued with its act, seen while it runs, stopped and taken up again."""

from typing import Any

import pytest
from django.db import transaction

from caudal.kernel import jobs
from caudal.kernel.jobs import CannotStartJob, Progress
from caudal.kernel.models import Job
from caudal.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def count_bills(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that counts ten bills, and can be told to fail in several ways at the fourth."""
    monkeypatch.setattr(jobs, "_handlers", dict(jobs._handlers))

    @jobs.handler("test.count")
    def count(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
        progress.phase("Contando recibos", total=10)
        for number in range(1, 11):
            if number == 4 and args.get("fails") == "refusal":
                raise Refusal("El periodo está cerrado.", "Ábralo.")
            if number == 4 and args.get("fails") == "bug":
                raise ZeroDivisionError
            if number == 4 and args.get("fails") == "cancel":
                jobs.cancel(job=progress.job)
            progress.advance(1, errors=number == 7)
        return {"bills": 10}


def start(**args: Any) -> Job:
    return jobs.start(kind="test.count", args=args, by="laura")


def carry_out(job: Job) -> Job:
    return jobs.carry_out(job_id=job.pk)


def test_a_job_is_carried_out_and_says_how_it_went() -> None:
    done = carry_out(start())
    assert (done.state, done.phase, done.done, done.total, done.errors) == (
        "done",
        "Contando recibos",
        10,
        10,
        1,
    )
    assert done.result == {"bills": 10} and done.message == ""
    assert done.started_at <= done.advanced_at <= done.finished_at


def test_a_job_is_carried_out_once() -> None:
    job = start()
    carry_out(job)
    finished_at = carry_out(job).finished_at
    assert Job.objects.get().finished_at == finished_at


def test_a_job_that_is_not_committed_was_never_queued() -> None:
    with transaction.atomic():
        start()
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_a_refusal_is_told_as_it_is() -> None:
    failed = carry_out(start(fails="refusal"))
    assert (failed.state, failed.message, failed.done) == ("failed", "El periodo está cerrado. Ábralo.", 3)


def test_a_bug_is_told_to_the_person_without_its_words_and_to_the_log_with_them() -> None:
    job = start(fails="bug")
    with pytest.raises(ZeroDivisionError):
        carry_out(job)
    job.refresh_from_db()
    assert job.state == "failed" and job.message.startswith("El trabajo se detuvo por un error interno")


def test_a_kind_without_a_handler_fails_and_says_so() -> None:
    job = jobs.start(kind="test.unknown", args={}, by="laura")
    with pytest.raises(KeyError):
        carry_out(job)
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_running_job_stops_at_its_next_safe_point() -> None:
    canceled = carry_out(start(fails="cancel"))
    assert (canceled.state, canceled.done) == ("canceled", 4)
    assert canceled.message == "Se canceló; lo hecho hasta ese punto quedó guardado."


def test_a_waiting_job_is_canceled_at_once_and_not_carried_out() -> None:
    job = start()
    jobs.cancel(job=job)
    assert carry_out(job).state == "canceled"
    assert Job.objects.get().started_at is None


def test_a_job_is_taken_up_again_as_a_new_one() -> None:
    first = carry_out(start(fails="refusal"))
    again = jobs.resume(job=first, by="salas")
    assert (again.kind, again.args, again.requested_by, again.state) == (
        "test.count",
        {"fails": "refusal"},
        "salas",
        "waiting",
    )


def test_two_jobs_that_would_spoil_each_other_do_not_live_together() -> None:
    words = {"kind": "test.count", "args": {}, "by": "laura", "exclusive_key": "run:12"}
    first = jobs.start(**words)

    with pytest.raises(CannotStartJob, match=f"Ya está en curso el trabajo {first.pk}"):
        jobs.start(**words)
    assert Job.objects.count() == 1

    carry_out(first)
    assert jobs.start(**words).state == "waiting"


def test_what_a_dead_worker_left_running_can_be_resumed() -> None:
    job = start()
    Job.objects.update(state=Job.State.RUNNING)

    assert jobs.release_orphans() == 1

    job.refresh_from_db()
    assert job.state == "failed" and "Reanúdelo" in job.message and job.finished_at is not None
