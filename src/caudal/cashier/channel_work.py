"""The long job of the channels, as the worker carries it out: loading a large file. It may be run again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from django.db import connection

from caudal.cashier import commands
from caudal.cashier.channels import uploads
from caudal.cashier.models import PaymentChannel
from caudal.kernel import clock, jobs
from caudal.kernel.jobs import Progress
from caudal.kernel.models import Job

KIND: Final = "cashier.load_settlement"
# a file with more movements than these is loaded by the worker
MOST_AT_ONCE: Final = 5_000


def start(*, channel: PaymentChannel, name: str, digest: str, n: int, by: str) -> Job:
    """Queue the loading of a kept file with `n` movements.

    :raises CannotStartJob: if another file of the channel is being loaded
    """
    return jobs.start(
        kind=KIND,
        args={"channel": channel.code, "name": name, "digest": digest, "n": n, "by": by},
        by=by,
        exclusive_key=f"channel:{channel.code}",
    )


@jobs.handler(KIND)
def load(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    channel = PaymentChannel.objects.get(code=args["channel"])
    progress.phase("Aplicando pagos", total=args["n"])
    # the file is one transaction; what is told of it in the meantime is written by another connection
    with ThreadPoolExecutor(max_workers=1) as teller:

        def watch(n: int) -> None:
            teller.submit(_tell, progress, n).result()

        loaded = commands.load_settlement(
            channel=channel,
            name=args["name"],
            content=uploads.read(channel=channel.code, digest=args["digest"]),
            at=clock.now(),
            by=args["by"],
            watcher=watch,
        )
    return {
        "settlement": loaded.file.pk if loaded.file else None,
        "applied": loaded.n_applied,
        "waiting": loaded.n_waiting,
        "known": loaded.n_known,
    }


def _tell(progress: Progress, n: int) -> None:
    try:
        progress.advance(n)
    finally:
        connection.close()
