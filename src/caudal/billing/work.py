"""The long jobs of billing, as the worker carries them out: compute, issue, print. Each may be run again."""

from pathlib import Path
from typing import Any

from caudal.billing import commands, printing, queries
from caudal.billing.models import BillingRun
from caudal.kernel import clock, jobs
from caudal.kernel.jobs import Progress
from caudal.kernel.models import Job

KINDS = ("billing.compute", "billing.issue", "billing.print")


def start(*, kind: str, run: BillingRun, by: str, **args: Any) -> Job:
    """Queue a job of a run.

    :raises CannotStartJob: if another job of the same run is alive
    """
    return jobs.start(
        kind=kind, args={"run_id": run.pk, "by": by, **args}, by=by, exclusive_key=f"billing_run:{run.pk}"
    )


@jobs.handler("billing.compute")
def compute(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    run = queries.run_by_id(run_id=args["run_id"])
    run = commands.compute(run=run, by=args["by"], at=clock.now(), watcher=progress)
    return {"run": run.pk, "state": run.state, "bills": run.summary.get("bills", 0)}


@jobs.handler("billing.issue")
def issue(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    run = queries.run_by_id(run_id=args["run_id"])
    progress.phase("Emitiendo recibos", total=run.n_accounts)
    run = commands.issue(run=run, by=args["by"], at=clock.now())
    progress.advance(run.n_accounts)
    return {"run": run.pk, "state": run.state, "seal": run.seal}


@jobs.handler("billing.print")
def print_bills(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    run = queries.run_by_id(run_id=args["run_id"])
    directory = Path(args["directory"]) if args.get("directory") else printing.print_directory(run=run)
    progress.phase("Imprimiendo recibos", total=printing.n_pages(run=run))
    files = commands.print_run(
        run=run, directory=directory, on_file=lambda file: progress.advance(file.pages)
    )
    return {"run": run.pk, "directory": str(directory), "files": [file.name for file in files]}
