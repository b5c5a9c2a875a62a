"""A real worker process: it takes what is queued, dies by kill -9, and another takes up where it stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connections

from caudal.kernel import jobs
from caudal.kernel.models import AuditEntry, Job

SOURCE = Path(__file__).resolve().parents[2] / "src"
WORKER = """
import time
import django
django.setup()
from caudal.kernel import audit, clock, jobs
from caudal.kernel.models import AuditEntry

@jobs.handler("test.copy")
def copy(progress, args):
    done = AuditEntry.objects.filter(act="test.copy").count()
    progress.phase("Copiando", total=args["total"])
    progress.advance(done)
    for number in range(done, args["total"]):
        audit.record(act="test.copy", by="worker", at=clock.now(), object_kind="copy", object_id=number)
        time.sleep(args["pause"])
        progress.advance(1)
    return {"copied": args["total"]}

jobs.work()
"""


def address(alias: str) -> str:
    words = connections[alias].settings_dict
    login = f"{quote(words['USER'])}:{quote(words['PASSWORD'])}"
    port = f"&port={words['PORT']}" if words["PORT"] else ""
    return f"postgresql://{login}@/{words['NAME']}?host={quote(words['HOST'], safe='')}{port}"


@pytest.fixture
def hire(own_database: str) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start a worker; whoever is still at work when the story ends is stopped."""
    hired: list[subprocess.Popen[str]] = []
    environ = {
        **os.environ,
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "caudal.config.settings",
        "DATABASE_URL": address("default"),
        "DATABASE_OWNER_URL": address("owner"),
    }

    def start() -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            env=environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        hired.append(worker)
        return worker

    yield start
    for worker in hired:
        worker.kill()
        worker.communicate()


def wait_for(story: Callable[[], bool], *, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not story():
        assert time.monotonic() < until, (
            f"still waiting: {list(Job.objects.values('id', 'state', 'done', 'message'))}"
        )
        time.sleep(0.05)


def state(job: Job) -> str:
    job.refresh_from_db()
    return str(job.state)


def copies() -> list[str]:
    return list(AuditEntry.objects.filter(act="test.copy").order_by("id").values_list("object_id", flat=True))


def start(*, total: int, pause: float) -> Job:
    return jobs.start(kind="test.copy", args={"total": total, "pause": pause}, by="laura")


def test_a_queued_job_is_done_by_the_worker(hire: Callable[[], subprocess.Popen[str]]) -> None:
    job = start(total=5, pause=0)
    hire()
    wait_for(lambda: state(job) == "done")
    assert (job.done, job.total, job.result) == (5, 5, {"copied": 5})


def test_a_killed_worker_is_noticed_and_its_job_resumed_where_it_stopped(
    hire: Callable[[], subprocess.Popen[str]],
) -> None:
    """Twenty copies; the power goes after a few; every copy is there once in the end."""
    job = start(total=20, pause=0.05)
    worker = hire()
    wait_for(lambda: len(copies()) >= 3)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    stopped_at = len(copies())
    assert state(job) == "running" and stopped_at < 20

    hire()
    wait_for(lambda: state(job) == "failed")
    assert "Reanúdelo" in job.message
    again = jobs.resume(job=job, by="salas")
    wait_for(lambda: state(again) == "done")

    assert copies() == [str(number) for number in range(20)]


def test_a_job_is_canceled_while_it_runs(hire: Callable[[], subprocess.Popen[str]]) -> None:
    job = start(total=500, pause=0.02)
    hire()
    wait_for(lambda: len(copies()) >= 3)

    jobs.cancel(job=job)

    wait_for(lambda: state(job) == "canceled")
    assert 3 <= len(copies()) < 500


def test_a_second_worker_waits_for_its_turn(hire: Callable[[], subprocess.Popen[str]]) -> None:
    """Two workers started by mistake: the second one neither steals the job nor declares it dead."""
    job = start(total=20, pause=0.05)
    hire()
    wait_for(lambda: len(copies()) >= 2)
    hire()
    wait_for(lambda: state(job) == "done")
    assert copies() == [str(number) for number in range(20)]
