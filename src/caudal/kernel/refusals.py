"""A refusal: something a person asked for that the rules do not allow, told so that a clerk can act."""

from functools import partial
from typing import Any


class Refusal(Exception):
    """What happened and what to do, in Spanish, beside its field or its file, row and column.

    Each verb declares its own subclass beside it. A refusal leaves nothing half-done: raise it inside the
    command's transaction.
    """

    def __init__(
        self,
        what: str,
        remedy: str,
        *,
        field: str | None = None,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.field = field
        self.file = file
        self.row = row
        self.column = column
        self.value = value

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file or "",
                f"renglón {self.row}" if self.row is not None else "",
                f"columna {self.column}" if self.column else "",
                f"valor «{self.value}»" if self.value is not None else "",
            )
            if part
        )
        return f"{place}: {self.what} {self.remedy}" if place else f"{self.what} {self.remedy}"

    def as_dict(self) -> dict[str, Any]:
        """The refusal for `--json` and for templates; empty places are left out."""
        words = ("what", "remedy", "field", "file", "row", "column", "value")
        return {word: getattr(self, word) for word in words if getattr(self, word) is not None}

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel whole between processes: an exception pickles only its first argument, and this one has two."""
        words = {word: value for word, value in self.as_dict().items() if word not in ("what", "remedy")}
        return (partial(type(self), **words), (self.what, self.remedy))
