"""The long job of dunning, as the worker carries it out: print a batch. It may be run again."""

from typing import Any, Final

from caudal.dunning import papers
from caudal.dunning.models import NoticeBatch
from caudal.kernel import jobs
from caudal.kernel.jobs import Progress
from caudal.kernel.models import Job

KIND: Final = "dunning.print"


def start_printing(*, batch: NoticeBatch, by: str) -> Job:
    """Queue the printing of an issued batch.

    :raises CannotStartJob: if it is being printed
    """
    job = jobs.start(kind=KIND, args={"batch_id": batch.pk}, by=by, exclusive_key=f"notice_batch:{batch.pk}")
    NoticeBatch.objects.filter(pk=batch.pk).update(job=job)
    return job


@jobs.handler(KIND)
def print_notices(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    batch = NoticeBatch.objects.get(pk=args["batch_id"])
    progress.phase("Imprimiendo notificaciones", total=batch.notices.filter(cancellation=None).count())
    files = papers.print_batch(batch=batch, on_pages=progress.advance)
    return {"batch": batch.folio, "files": [file.name for file in files]}
