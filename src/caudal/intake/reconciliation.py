"""Does what is here agree with the old system's own totals? To the centavo, by concept, class and account."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import connection

from caudal.intake.rehearsal import Rehearsal
from caudal.intake.rehearsal.rows import DebtRow
from caudal.ledger.models import Concept, DocumentKind
from caudal.registry.models import ServiceAgreement

OPENING = """
    SELECT account.number, concept.code, sum(charge.amount_cents)::bigint
    FROM ledger_charge AS charge
    JOIN registry_account AS account ON account.id = charge.account_id
    JOIN ledger_concept AS concept ON concept.id = charge.concept_id
    WHERE charge.document_kind = %s GROUP BY account.number, concept.code
"""


@dataclass(frozen=True, slots=True)
class ConceptLine:
    """A concept (centavos): in the files = accepted + set apart; here = accepted, or there is a difference."""

    code: str
    name: str
    file_cents: int
    apart_cents: int
    accepted_cents: int
    loaded_cents: int

    @property
    def difference_cents(self) -> int:
        return self.loaded_cents - self.accepted_cents


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account that does not agree (centavos). `balance` is what the old system says it owes."""

    number: str
    balance_cents: int
    detail_cents: int
    loaded_cents: int
    cause: str

    @property
    def difference_cents(self) -> int:
        return self.loaded_cents - self.balance_cents


@dataclass(frozen=True, slots=True)
class ClassLine:
    """How many accounts of a class there are in the files, accepted, and here."""

    code: str
    n_file: int
    n_accepted: int
    n_loaded: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The whole comparison."""

    tables: dict[str, dict[str, Any]]
    tables_are_whole: bool
    concepts: list[ConceptLine]
    classes: list[ClassLine]
    accounts: list[AccountLine]
    balance_cents: int
    agreeing_accounts: int

    @property
    def is_exact(self) -> bool:
        """What is here is exactly what was accepted, and nothing vanished on the way."""
        return self.tables_are_whole and not any(each.difference_cents for each in self.concepts)

    def as_dict(self) -> dict[str, Any]:
        """The comparison for `--json`."""
        return {
            "is_exact": self.is_exact,
            "tables": self.tables,
            "concepts": [_dict(each) | {"difference_cents": each.difference_cents} for each in self.concepts],
            "classes": [_dict(each) for each in self.classes],
            "accounts": [_dict(each) | {"difference_cents": each.difference_cents} for each in self.accounts],
            "agreeing_accounts": self.agreeing_accounts,
        }


def reconcile(*, rehearsal: Rehearsal) -> Reconciliation:
    """Compare the files of a rehearsal with the opening charges that are in the ledger. Nothing is written."""
    loaded = _loaded()
    accepted = {row.number for row in rehearsal.accounts}
    lines, agreeing = _accounts(rehearsal, loaded)
    return Reconciliation(
        tables={name: tally.as_dict() for name, tally in rehearsal.tallies.items()},
        tables_are_whole=all(tally.is_whole for tally in rehearsal.tallies.values()),
        concepts=_concepts(
            rehearsal, {number: sums for number, sums in loaded.items() if number in accepted}
        ),
        classes=_classes(rehearsal),
        accounts=lines,
        balance_cents=rehearsal.tallies["accounts"].cents,
        agreeing_accounts=agreeing,
    )


def _loaded() -> dict[str, dict[str, int]]:
    """Opening charges by account number and concept."""
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(OPENING, [DocumentKind.OPENING_BALANCE.value])
        for number, concept, cents in cursor.fetchall():
            sums[number][concept] = cents
    return sums


def _concepts(rehearsal: Rehearsal, loaded: dict[str, dict[str, int]]) -> list[ConceptLine]:
    accepted: Counter[str] = Counter()
    here: Counter[str] = Counter()
    for row in rehearsal.debts:
        accepted[row.concept] += row.cents
    for sums in loaded.values():
        here.update(sums)
    apart = _apart_by_concept(rehearsal)
    names = dict(Concept.objects.values_list("code", "name"))
    return [
        ConceptLine(
            code, names.get(code, code), accepted[code] + apart[code], apart[code], accepted[code], here[code]
        )
        for code in dict.fromkeys([*accepted, *here, *apart])
    ]


def _apart_by_concept(rehearsal: Rehearsal) -> Counter[str]:
    """Centavos set apart, under what their code means; under the code itself where it means nothing."""
    sums: Counter[str] = Counter()
    table = rehearsal.tables.get("debts")
    if table is None or not table.header:
        return sums
    mapping = rehearsal.mapping
    place = table.header.index(mapping.tables["debts"].columns["concept"])
    for each in table.tally.apart:
        if each.cents:
            raw = each.raw.split(table.separator)[place].strip().upper()
            sums[str(mapping.codes["concept"].get(raw, raw))] += each.cents
    return sums


def _classes(rehearsal: Rehearsal) -> list[ClassLine]:
    accepted = Counter(row.tariff_class for row in rehearsal.accounts)
    in_files = Counter(accepted)
    table, mapping = rehearsal.tables["accounts"], rehearsal.mapping
    heading = mapping.tables["accounts"].columns.get("tariff_class")
    for each in rehearsal.apart("accounts"):
        raw = table.raw.get((each.file, each.line))
        code = raw[table.header.index(heading)].strip().upper() if raw and heading else "(ilegible)"
        in_files[str(mapping.codes["tariff_class"].get(code, code or "(vacía)"))] += 1
    numbers = {row.number for row in rehearsal.accounts}
    here: dict[str, str] = {}
    rows = ServiceAgreement.objects.order_by("effective_from").values_list(
        "account__number", "tariff_class__code"
    )
    for number, code in rows:
        here[number] = code
    loaded = Counter(code for number, code in here.items() if number in numbers)
    return [ClassLine(code, in_files[code], accepted[code], loaded[code]) for code in sorted(in_files)]


def _accounts(rehearsal: Rehearsal, loaded: dict[str, dict[str, int]]) -> tuple[list[AccountLine], int]:
    detail: dict[str, list[DebtRow]] = defaultdict(list)
    for row in rehearsal.debts:
        detail[row.account].append(row)
    apart = {each.account for each in rehearsal.apart("debts")}
    lines, agreeing = [], 0
    for account in rehearsal.accounts:
        if account.balance_cents is None:
            continue
        owed = sum(row.cents for row in detail.get(account.number, ()))
        here = sum(loaded.get(account.number, {}).values())
        balance = max(0, account.balance_cents)
        if balance == owed == here:
            agreeing += 1
            continue
        cause = _cause(balance, owed, here, has_apart=account.number in apart)
        lines.append(AccountLine(account.number, balance, owed, here, cause))
    return lines, agreeing


def _cause(balance: int, owed: int, here: int, *, has_apart: bool) -> str:
    if here != owed:
        return "lo cargado no es el detalle aceptado: vuelva a cargar"
    if has_apart:
        return "parte de su detalle quedó apartada"
    return "el saldo del sistema anterior no es la suma de su detalle"


def _dict(line: Any) -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__slots__}
