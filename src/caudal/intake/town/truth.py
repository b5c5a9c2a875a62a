"""What was spoiled on purpose, so that a test can ask whether all of it was found."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Spoiled:
    """One planted defect: the finding it must cause, its file and row (1 = heading), account and column."""

    kind: str
    file: str
    row: int
    account: str
    column: str
    value: str


@dataclass(slots=True)
class Truth:
    """What the files hold before and after spoiling. Amounts in centavos."""

    seed: int
    n_accounts: int
    rows: dict[str, int] = field(default_factory=dict)
    debt_cents: dict[str, int] = field(default_factory=dict)
    balance_cents: int = 0
    spoiled: list[Spoiled] = field(default_factory=list)

    def of(self, kind: str) -> list[Spoiled]:
        """The planted defects of one kind."""
        return [each for each in self.spoiled if each.kind == kind]

    def as_dict(self) -> dict[str, Any]:
        """The truth as JSON values."""
        return asdict(self)
