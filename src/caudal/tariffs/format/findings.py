"""What is wrong with a book: one finding per parameter, with its place and what to do."""

from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct. `path` is where it stands: ("schedules", 2, "tiers", 0, "price")."""

    path: Path
    what: str
    remedy: str
    value: str | None = None
    line: int | None = None

    @property
    def place(self) -> str:
        """The path as a person counts: `schedules[3].tiers[1].price`."""
        words = ""
        for step in self.path:
            words += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if words else step
        return words

    def __str__(self) -> str:
        where = ", ".join(
            part
            for part in (
                f"línea {self.line}" if self.line else "",
                self.place,
                f"valor «{self.value}»" if self.value is not None else "",
            )
            if part
        )
        return f"{where}: {self.what} {self.remedy}" if where else f"{self.what} {self.remedy}"

    def as_dict(self) -> dict[str, object]:
        """The finding for `--json` and for pages; empty places are left out."""
        words = {
            "place": self.place or None, "line": self.line, "value": self.value,
            "what": self.what, "remedy": self.remedy,
        }  # fmt: skip
        return {word: value for word, value in words.items() if value is not None}
