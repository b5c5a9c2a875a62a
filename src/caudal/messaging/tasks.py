"""What the worker does each minute: send what waits. It only sees what a transaction has kept."""

from procrastinate.contrib.django import app

from caudal.kernel import clock
from caudal.messaging import commands


@app.periodic(cron="* * * * *")
@app.task(name="caudal.send_messages", queue="jobs", queueing_lock="caudal.send_messages")
def send_messages(timestamp: int) -> None:
    """Send what is due."""
    commands.send_queued(at=clock.now())
