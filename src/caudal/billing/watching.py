"""The line of a terminal that shows how far a run is."""

import sys
from time import monotonic_ns
from typing import Final

SECOND: Final = 1_000_000_000


class Terminal:
    """`Calculando recibos  45 %  450,000 de 1,000,000 · 98,000 por segundo · faltan 5 s`, on standard error."""

    def __init__(self) -> None:
        self.name, self.total, self.done, self.errors, self.began = "", 0, 0, 0, monotonic_ns()

    def phase(self, name: str, *, total: int) -> None:
        """Start a phase over."""
        self.name, self.total, self.done, self.errors, self.began = name, total, 0, 0, monotonic_ns()

    def advance(self, n: int, *, errors: int = 0) -> None:
        """Draw the line again; the last one stays."""
        self.done, self.errors = self.done + n, self.errors + errors
        rate = self.done * SECOND // max(monotonic_ns() - self.began, 1)
        left = (self.total - self.done) // rate if rate else 0
        apart = f" · {self.errors:,} sin recibo" if self.errors else ""
        percent = 100 * self.done // self.total if self.total else 100
        line = f"{self.name}  {percent:3d} %  {self.done:,} de {self.total:,} · {rate:,} por segundo · faltan {left} s"
        end = "\n" if self.done >= self.total else ""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{line}{apart}\033[K{end}")
            sys.stderr.flush()
        elif end:
            sys.stderr.write(f"{line}{apart}{end}")
