"""What is new, what changed and what is gone since the last load, by a fingerprint of every row."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from caudal.intake.models import IntakeSet
from caudal.intake.rehearsal import Rehearsal
from caudal.intake.rehearsal.rows import AccountRow, DebtRow, PaymentRow, ReadingRow

Keyed = dict[str, tuple[bytes, Any]]


@dataclass(slots=True)
class Delta:
    """One table against what was loaded before. `removed` holds keys that no longer come."""

    new: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    n_unchanged: int = 0
    fingerprints: dict[str, bytes] = field(default_factory=dict)  # of new and changed rows

    def counts(self) -> dict[str, int]:
        return {
            "new": len(self.new), "changed": len(self.changed), "unchanged": self.n_unchanged,
            "removed": len(self.removed),
        }  # fmt: skip


def account_facts(row: AccountRow) -> tuple[Any, ...]:
    """What of an account may change; money is compared apart."""
    return (
        row.route, row.walk_sequence, row.name, row.address, row.neighborhood, row.locality, row.tariff_class,
        row.is_metered, row.has_sewerage, row.meter, row.diameter_mm, row.opened_on, row.discount, row.phone,
        row.rfc, row.curp, row.status,
    )  # fmt: skip


def debt_key(row: DebtRow) -> str:
    return f"{row.account}|{row.period}|{row.concept}"


def reading_key(row: ReadingRow) -> str:
    return f"{row.account}|{row.period}"


def deltas(rehearsal: Rehearsal) -> dict[str, Delta]:
    """Compare every table of a rehearsal with what is loaded."""
    known = _known()
    keyed = {
        "accounts": _keyed((row.number, account_facts(row), row) for row in rehearsal.accounts),
        "credits": _keyed(
            (row.number, row.credit_cents, row) for row in rehearsal.accounts if row.credit_cents
        ),
        "readings": _keyed((reading_key(row), _reading(row), row) for row in rehearsal.readings),
        "debts": _keyed((debt_key(row), row.cents, row) for row in rehearsal.debts),
        "payments": _keyed((row.folio, _payment(row), row) for row in rehearsal.payments),
    }
    return {
        source: _delta(rows, known.get(source, {}), _is_certain(rehearsal, source))
        for source, rows in keyed.items()
    }


def remember(*, source: str, delta: Delta, intake_set: IntakeSet) -> None:
    """Write the fingerprints of what was just loaded, and forget those of money that was taken back.

    People, readings and payments that no longer come stay here, and so do their fingerprints.
    """
    stale = [_key_of(source, row) for row in delta.changed]
    if source in ("debts", "credits"):
        stale += delta.removed
    with connection.cursor() as cursor:
        if stale:
            cursor.execute(
                "DELETE FROM intake_intakerow WHERE source = %s AND key = ANY(%s)",
                [source, stale],
            )
        with cursor.copy(
            "COPY intake_intakerow (last_set_id, source, key, fingerprint) FROM STDIN (FORMAT text)"
        ) as copy:
            body = [
                f"{intake_set.pk}\t{source}\t{_escaped(key)}\t\\\\x{digest.hex()}\n"
                for key, digest in delta.fingerprints.items()
            ]
            copy.write("".join(body))


def _keyed(rows: Iterable[tuple[str, Any, Any]]) -> Keyed:
    return {
        key: (hashlib.blake2b(repr(facts).encode(), digest_size=16).digest(), row) for key, facts, row in rows
    }


def _delta(rows: Keyed, known: dict[str, bytes], is_certain: Callable[[str], bool]) -> Delta:
    delta = Delta()
    for key, (digest, row) in rows.items():
        before = known.get(key)
        if before == digest:
            delta.n_unchanged += 1
            continue
        (delta.new if before is None else delta.changed).append(row)
        delta.fingerprints[key] = digest
    delta.removed = [key for key in known if key not in rows and is_certain(key)]
    return delta


def _is_certain(rehearsal: Rehearsal, source: str) -> Callable[[str], bool]:
    """Whether a key that did not come is truly gone. It is not if its table did not come, or if it, or its
    account, may be among the rows set apart this time: that removes nothing."""
    table = rehearsal.tables.get("accounts" if source == "credits" else source)
    if table is None or not table.header:
        return lambda _: False
    apart = {each.account for each in table.tally.apart}
    if source == "accounts":
        return lambda key: key not in apart
    if source == "payments":
        place = table.header.index(rehearsal.mapping.tables["payments"].columns["folio"])
        folios = {each.raw.split(table.separator)[place].strip() for each in table.tally.apart}
        return lambda key: key not in folios
    standing = {row.number for row in rehearsal.accounts} - (apart if source != "credits" else set())
    return lambda key: key.partition("|")[0] in standing


def _known() -> dict[str, dict[str, bytes]]:
    known: dict[str, dict[str, bytes]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT source, key, fingerprint FROM intake_intakerow")
        for source, key, fingerprint in cursor.fetchall():
            known.setdefault(source, {})[key] = bytes(fingerprint)
    return known


def _key_of(source: str, row: Any) -> str:
    if source == "debts":
        return debt_key(row)
    if source == "readings":
        return reading_key(row)
    return str(row.folio if isinstance(row, PaymentRow) else row.number)


def _reading(row: ReadingRow) -> tuple[Any, ...]:
    return (row.meter, row.value, row.consumption_m3, row.observation, row.read_on, row.reader)


def _payment(row: PaymentRow) -> tuple[Any, ...]:
    return (row.account, row.paid_on, row.paid_at, row.cents, row.tender, row.till, row.is_canceled)


def _escaped(text: str) -> str:
    """Text as COPY expects it."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
