"""The `caudal` command: everything a page does, a command does too.

Each room lists its own commands in its `cli.py`; this page only gathers them.
"""

import importlib
import os
import sys

import click

from caudal.kernel.refusals import Refusal
from caudal.kernel.trouble import DATABASE_ERRORS, explain

# room → the name of each command it brings; loading a room's cli is left until it is asked for
ROOMS = {
    "db": "caudal.kernel.server.cli",
    "worker": "caudal.kernel.cli",
    "clerk": "caudal.access.cli",
    "init": "caudal.intake.cli",
    "intake": "caudal.intake.cli",
    "demo": "caudal.intake.cli",
    "account": "caudal.registry.cli",
    "reading": "caudal.metering.cli",
    "tariff": "caudal.tariffs.cli",
    "check": "caudal.reports.cli",
    "ledger": "caudal.reports.cli",
    "report": "caudal.reports.cli",
    "indicator": "caudal.reports.cli",
    "billing": "caudal.billing.cli",
    "benefit": "caudal.benefits.cli",
    "fee": "caudal.fees.cli",
    "campaign": "caudal.campaigns.cli",
    "arrangement": "caudal.arrangements.cli",
    "prepaid": "caudal.quotes.cli",
    "nightly": "caudal.kernel.cli",
    "pay": "caudal.cashier.cli",
    "payments": "caudal.cashier.cli",
    "till": "caudal.cashier.cli",
    "channel": "caudal.cashier.cli",
    "outreach": "caudal.outreach.cli",
    "cut": "caudal.disconnections.cli",
    "field": "caudal.fieldwork.cli",
    "phone": "caudal.fieldwork.cli",
    "case": "caudal.cases.cli",
    "dunning": "caudal.dunning.cli",
    "books": "caudal.accounting.cli",
}
WITHOUT_DJANGO = {"db"}


class Caudal(click.Group):
    """Commands are found by name in the room that owns them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(ROOMS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = ROOMS.get(cmd_name)
        if module is None:
            return None
        if cmd_name not in WITHOUT_DJANGO:
            _prepare_django()
        commands: list[click.Command] = importlib.import_module(module).COMMANDS
        return next(command for command in commands if command.name == cmd_name)


@click.group(cls=Caudal, context_settings={"help_option_names": ["-h", "--help", "--ayuda"]})
def caudal() -> None:
    """Caudal: gestión comercial de un organismo de agua potable."""


def _prepare_django() -> None:
    import django

    from caudal.kernel import server

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.config.settings")
    server.ensure_running()
    django.setup()


def main() -> None:
    """Run the command; a refusal is one Spanish sentence on standard error and exit code 2."""
    try:
        caudal.main(prog_name="caudal", standalone_mode=False)
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(2)
    except DATABASE_ERRORS as error:
        click.echo(str(explain(error)), err=True)
        sys.exit(2)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except click.Abort:
        click.echo("Interrumpido.", err=True)
        sys.exit(130)
