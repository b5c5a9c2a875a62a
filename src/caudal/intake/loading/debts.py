"""What accounts owe: opening charges at first, differences afterwards; and money in favor."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection
from django.db.models import Max

from caudal.intake.loading.accounts import Placed
from caudal.intake.loading.fingerprints import Delta
from caudal.intake.loading.ground import Ground
from caudal.intake.loading.meters import Signature
from caudal.intake.mapping import Mapping
from caudal.intake.rehearsal.rows import AccountRow, DebtRow
from caudal.ledger import commands as ledger
from caudal.ledger.models import Charge, Credit, DocumentKind, PeriodBalance
from caudal.rules import periods

Key = tuple[int, int, int]  # account, period, concept
LOADED = """
    SELECT account_id, period, concept_id, sum(amount_cents)::bigint FROM ledger_charge
    WHERE document_kind = %s AND account_id = ANY(%s::int[]) GROUP BY account_id, period, concept_id
"""


@dataclass(frozen=True, slots=True)
class Posted:
    """What went to the ledger (centavos)."""

    n_charges: int
    charged_cents: int
    n_credits: int
    credited_cents: int


class Debts:
    """Brings the opening charges of a set to what its files say."""

    def __init__(
        self,
        *,
        mapping: Mapping,
        ground: Ground,
        here: dict[str, Placed],
        document: str,
        signature: Signature,
    ) -> None:
        self.mapping, self.ground, self.here = mapping, ground, here
        self.document, self.signature = document, signature

    def post(self, *, debts: Delta, credits: Delta) -> Posted:
        """Post what is new, and the difference of what changed or is gone."""
        wanted = self._wanted(debts)
        loaded = self._loaded(wanted) if debts.changed or debts.removed else {}
        rows = {
            key: cents - loaded.get(key, 0) for key, cents in wanted.items() if cents != loaded.get(key, 0)
        }
        in_favor = self._in_favor(credits)
        posted = ledger.open_balances(
            charges=self._columns(rows),
            credits={
                "account_id": np.array(list(in_favor), dtype=np.int64),
                "amount_cents": np.array(list(in_favor.values()), dtype=np.int64),
            },
            on=self.mapping.as_of,
            at=self.signature.at,
            by=self.signature.by,
            document=self.document,
            sequence=self._sequence(),
        )
        self._surcharged(debts)
        return Posted(posted.n_charges, posted.charged_cents, posted.n_credits, posted.credited_cents)

    def _wanted(self, delta: Delta) -> dict[Key, int]:
        wanted: dict[Key, int] = defaultdict(int)
        for row in (*delta.new, *delta.changed):
            wanted[self._key(row)] += row.cents
        for key in delta.removed:
            number, period, concept = key.split("|")
            wanted[self.here[number].account_id, int(period), self.ground.concepts[concept]] += 0
        return wanted

    def _key(self, row: DebtRow) -> Key:
        return self.here[row.account].account_id, row.period, self.ground.concepts[row.concept]

    def _loaded(self, wanted: dict[Key, int]) -> dict[Key, int]:
        accounts = sorted({account for account, _, _ in wanted})
        with connection.cursor() as cursor:
            cursor.execute(LOADED, [DocumentKind.OPENING_BALANCE.value, accounts])
            return {
                (account, period, concept): cents for account, period, concept, cents in cursor.fetchall()
            }

    def _columns(self, rows: dict[Key, int]) -> dict[str, np.ndarray]:
        keys = np.array(list(rows), dtype=np.int64).reshape(-1, 3)
        due = {period: due_on(period, self.mapping.due_day) for period in np.unique(keys[:, 1]).tolist()}
        return {
            "account_id": keys[:, 0],
            "period": keys[:, 1],
            "concept_id": keys[:, 2],
            "amount_cents": np.array(list(rows.values()), dtype=np.int64),
            "due_on": np.array([due[period] for period in keys[:, 1].tolist()], dtype="datetime64[D]"),
        }

    def _sequence(self) -> int:
        last = Charge.objects.filter(document_kind=DocumentKind.OPENING_BALANCE).aggregate(
            last=Max("sequence")
        )["last"]
        return (last or 0) + 1

    def _in_favor(self, delta: Delta) -> dict[int, int]:
        """Money in favor by account. What changed is taken back whole and written anew."""
        changed = [self.here[row.number].account_id for row in delta.changed]
        changed += [self.here[number].account_id for number in delta.removed]
        standing = Credit.objects.filter(
            account_id__in=changed, kind=Credit.Kind.OPENING_CREDIT, reverses__isnull=True, amount_cents__gt=0
        )
        for credit in standing.exclude(
            pk__in=Credit.objects.filter(reverses__isnull=False).values("reverses_id")
        ):
            ledger.reverse_credit(
                credit=credit, on=self.mapping.as_of, at=self.signature.at, by=self.signature.by,
                document=f"{self.document}/{credit.account_id}/R", reason="El saldo a favor cambió en el sistema anterior",
            )  # fmt: skip
        rows: Iterable[AccountRow] = (*delta.new, *delta.changed)
        return {self.here[row.number].account_id: row.credit_cents for row in rows}

    def _surcharged(self, delta: Delta) -> None:
        """Surcharges came charged up to the cut-off: those months are not charged again."""
        surcharged: dict[int, set[int]] = defaultdict(set)
        for row in (*delta.new, *delta.changed):
            if row.concept == "surcharge":
                surcharged[row.period].add(self.here[row.account].account_id)
        for period, accounts in surcharged.items():
            months = periods.months_late(due_on=due_on(period, self.mapping.due_day), on=self.mapping.as_of)
            PeriodBalance.objects.filter(period=period, account_id__in=list(accounts)).update(
                surcharged_months=months
            )


def due_on(period: int, day: int) -> date:
    """When the old bill of a month was due."""
    return date(period // 100, period % 100, day)
