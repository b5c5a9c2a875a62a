"""`python -m caudal` is the `caudal` command."""

from caudal.config.cli import main

main()
