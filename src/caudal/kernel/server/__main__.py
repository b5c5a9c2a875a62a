"""`python -m caudal.kernel.server` is `caudal db`, without the rest of Caudal."""

import sys

import click

from caudal.kernel.refusals import Refusal
from caudal.kernel.server.cli import db

try:
    db(prog_name="caudal db")
except Refusal as refusal:
    click.echo(str(refusal), err=True)
    sys.exit(2)
