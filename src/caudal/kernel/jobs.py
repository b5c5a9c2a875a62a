"""Long jobs: queued in the business transaction, done by a worker, watched by anyone.

procrastinate carries the queue; this page keeps what a person sees: phase, done of total, rate, errors,
cancel and resume. A handler must be safe to run again from where it stopped.
"""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django import app

from caudal.kernel import clock, nightly
from caudal.kernel.models import Job
from caudal.kernel.refusals import Refusal

Handler = Callable[["Progress", dict[str, Any]], dict[str, Any] | None]
_handlers: dict[str, Handler] = {}
LIVE = (Job.State.WAITING, Job.State.RUNNING, Job.State.CANCELING)


class CannotStartJob(Refusal): ...


class Canceled(Exception):
    """The person who watches asked to stop; raised at the next safe point."""


class Progress:
    """What a handler tells of itself. Each call is its own small write, outside the handler's work."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def phase(self, name: str, *, total: int) -> None:
        """Enter a phase of `total` units; the counter starts again."""
        self._write(phase=name, total=total, done=0)

    def advance(self, n: int, *, errors: int = 0) -> None:
        """`n` more units are done, `errors` of them set apart. A safe point: may raise `Canceled`."""
        self._write(done=self.job.done + n, errors=self.job.errors + errors)
        if Job.objects.filter(pk=self.job.pk, state=Job.State.CANCELING).exists():
            raise Canceled

    def _write(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self.job, name, value)
        Job.objects.filter(pk=self.job.pk).update(advanced_at=clock.now(), **values)


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that carries out jobs of this kind."""

    def keep(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return keep


def start(*, kind: str, args: dict[str, Any], by: str, exclusive_key: str = "") -> Job:
    """Queue a job in this transaction.

    :raises CannotStartJob: if a job that excludes this one is alive
    """
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind, args=args, requested_by=by, requested_at=clock.now(), exclusive_key=exclusive_key
            )
            run_job.defer(job_id=job.pk)
    except IntegrityError:
        other = Job.objects.filter(exclusive_key=exclusive_key, state__in=LIVE).first()
        raise CannotStartJob(
            f"Ya está en curso el trabajo {other.pk if other else ''} que hace lo mismo.",
            "Espere a que termine o cancélelo antes de empezar otro.",
        ) from None
    return job


def cancel(*, job: Job) -> None:
    """Ask a job to stop at its next safe point. A job that waits is canceled at once."""
    Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(
        state=Job.State.CANCELED, finished_at=clock.now()
    )
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(state=Job.State.CANCELING)


def resume(*, job: Job, by: str) -> Job:
    """Queue the same work again; its handler goes on from what is already stored."""
    return start(kind=job.kind, args=job.args, by=by, exclusive_key=job.exclusive_key)


def carry_out(*, job_id: int) -> Job:
    """Do one job now, in this process. The worker calls it; so may a command line that waits."""
    job = Job.objects.get(pk=job_id)
    taken = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, started_at=clock.now()
    )
    if not taken:
        return job
    job.refresh_from_db()
    try:
        result = _handlers[job.kind](Progress(job), job.args)
        _finish(job, Job.State.DONE, result=result)
    except Canceled:
        _finish(job, Job.State.CANCELED, message="Se canceló; lo hecho hasta ese punto quedó guardado.")
    except Refusal as refusal:
        _finish(job, Job.State.FAILED, message=str(refusal))
    except BaseException:
        _finish(
            job,
            Job.State.FAILED,
            message="El trabajo se detuvo por un error interno; lo hecho quedó guardado. "
            "Reanúdelo; si se repite, avise a soporte.",
        )
        raise
    return job


def _finish(job: Job, state: str, **values: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=clock.now(), **values)
    job.refresh_from_db()


@app.task(name="caudal.run_job", queue="jobs")
def run_job(job_id: int) -> None:
    """The one task of the queue: look the job up and carry it out."""
    carry_out(job_id=job_id)


# ten past nine in Greenwich: the small hours in every time zone of Mexico
@app.periodic(cron="10 9 * * *")
@app.task(name="caudal.nightly", queue="jobs")
def do_nightly(timestamp: int) -> None:
    """The chores of the night, started by the worker."""
    nightly.run(at=clock.now())


def release_orphans() -> int:
    """Jobs left `running` by a worker that died are marked so that they can be resumed.

    A worker holds a session advisory lock while it lives; called when a new worker takes that lock.
    """
    return Job.objects.filter(state__in=[Job.State.RUNNING, Job.State.CANCELING]).update(
        state=Job.State.FAILED,
        finished_at=clock.now(),
        message="El servidor se reinició mientras trabajaba. Reanúdelo: seguirá donde se quedó.",
    )


WORKER_LOCK = 7_243_001


def work() -> None:
    """Serve the queue until stopped. One worker per database: a second one waits for its turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [WORKER_LOCK])
    release_orphans()
    worker_connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(worker_connector) as worker_app:
        worker_app.run_worker(queues=["jobs"], concurrency=1)
