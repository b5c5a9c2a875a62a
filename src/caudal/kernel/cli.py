"""Bricks of the command line, and the worker that carries out long jobs."""

import json
from collections.abc import Callable
from typing import Any

import click

from caudal.kernel.wording import pesos as pesos

json_option = click.option("--json", "as_json", is_flag=True, help="Respuesta en JSON, para programas.")


def emit(value: Any, *, as_json: bool, text: Callable[[Any], str]) -> None:
    """Print a result: as JSON for programs, or as the Spanish text that `text` makes of it."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
    else:
        click.echo(text(value))


@click.command()
def worker() -> None:
    """Atiende los trabajos largos (facturación, impresión) y los de cada noche, hasta que se le detenga."""
    from caudal.kernel import jobs

    jobs.work()


@click.command("nightly")
@json_option
def nightly_chores(as_json: bool) -> None:
    """Hace lo de cada noche (convenios, beneficios, meses adelantados); quien atiende los trabajos lo hace solo."""
    from caudal.kernel import clock, nightly

    told = nightly.run(at=clock.now())
    emit(told, as_json=as_json, text=lambda done: "\n".join(f"{name}: {what}" for name, what in done.items()))


COMMANDS = [worker, nightly_chores]
