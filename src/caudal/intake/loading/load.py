"""The load of a set: all of what was accepted, or nothing."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from caudal.intake.loading import accounts, fingerprints, ground, meters, payments
from caudal.intake.loading.changes import Changes, Updating
from caudal.intake.loading.debts import Debts, Posted
from caudal.intake.loading.fingerprints import Delta
from caudal.intake.loading.meters import Signature
from caudal.intake.models import IntakeSet
from caudal.intake.rehearsal import Rehearsal
from caudal.intake.rehearsal.rows import ReadingRow
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal

# two loads at a time would each see the other's accounts as missing
LOAD_LOCK = 7_243_002

Tell = Callable[[str], None]


class CannotLoad(Refusal): ...


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a set: new, changed, unchanged and removed rows by table; what was posted (centavos)."""

    intake_set: IntakeSet
    counts: dict[str, dict[str, int]]
    posted: Posted
    done: list[str]
    by_hand: list[str]

    def as_dict(self) -> dict[str, Any]:
        """The load for `--json`."""
        return {
            "set": self.intake_set.pk,
            "rows": self.counts,
            "n_charges": self.posted.n_charges,
            "charged_cents": self.posted.charged_cents,
            "n_credits": self.posted.n_credits,
            "credited_cents": self.posted.credited_cents,
            "changes": self.done,
            "by_hand": self.by_hand,
        }


def load(*, rehearsal: Rehearsal, by: str, at: datetime, tell: Tell = lambda _: None) -> Loaded:
    """Load what a rehearsal accepted, in one transaction. Loaded before, only what changed is touched.

    :param tell: hears the name of each phase, for whoever waits
    :raises CannotLoad: if something stops the set, nothing was accepted, or the database forbids a row
    :raises CannotPrepareGround: if the mapping names a class, concept or observation that is not here
    """
    _require_loadable(rehearsal)
    try:
        with transaction.atomic():
            return _Load(rehearsal, Signature(by, at), tell).run()
    except IntegrityError as problem:
        raise CannotLoad(
            f"La base de datos rechazó un renglón: {str(problem).splitlines()[0]}",
            "No se cargó nada. Corrija ese renglón en el sistema anterior y vuelva a intentarlo.",
        ) from problem


def _require_loadable(rehearsal: Rehearsal) -> None:
    if rehearsal.stops:
        first = rehearsal.stops[0]
        raise CannotLoad(
            first.what, first.remedy, file=first.file, row=first.row or None, column=first.column or None
        )
    if not rehearsal.accounts:
        raise CannotLoad(
            "Ninguna cuenta del padrón se puede cargar.", "Vea los hallazgos del ensayo y corrija el mapa."
        )


class _Load:
    """One load while it runs."""

    def __init__(self, rehearsal: Rehearsal, signature: Signature, tell: Tell) -> None:
        self.rehearsal, self.signature, self.tell = rehearsal, signature, tell
        self.mapping = rehearsal.mapping

    def run(self) -> Loaded:
        """Each phase leans on the one before it."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
        self.tell("Comparando con lo ya cargado")
        deltas = fingerprints.deltas(self.rehearsal)
        intake_set = self._open_set()
        self.ground = ground.prepare(mapping=self.mapping, rows=self.rehearsal.accounts)
        changes = self._accounts(deltas["accounts"])
        self.here = accounts.placed()
        self._meters(deltas["accounts"], deltas["readings"])
        self.tell("Asentando adeudos")
        posted = Debts(
            mapping=self.mapping, ground=self.ground, here=self.here, document=f"intake:{intake_set.pk}",
            signature=self.signature,
        ).post(debts=deltas["debts"], credits=deltas["credits"])  # fmt: skip
        self.tell("Guardando pagos anteriores")
        payments.keep(
            new=deltas["payments"].new,
            changed=deltas["payments"].changed,
            here=self.here,
            intake_set=intake_set,
        )
        return self._close_set(intake_set, deltas, posted, changes)

    def _open_set(self) -> IntakeSet:
        return IntakeSet.objects.create(
            name=self.mapping.name[:80], mapping=self.mapping.document, files=self.rehearsal.files,
            as_of_on=self.mapping.as_of, loaded_at=self.signature.at, loaded_by=self.signature.by,
        )  # fmt: skip

    def _accounts(self, delta: Delta) -> Changes:
        self.tell("Cargando el padrón")
        self._refuse_taken(delta)
        accounts.open_accounts(rows=delta.new, mapping=self.mapping, ground=self.ground, by=self.signature.by)
        updating = Updating(mapping=self.mapping, ground=self.ground, signature=self.signature)
        return updating.run(delta.changed)

    def _refuse_taken(self, delta: Delta) -> None:
        """An account opened here by hand is nobody's to overwrite."""
        taken = set(accounts.placed()) & {row.number for row in delta.new}
        if taken:
            row = next(row for row in delta.new if row.number in taken)
            raise CannotLoad(
                "La cuenta ya existe aquí y no vino de una carga anterior.",
                "Quítela del archivo, o cámbiele el número a la que se abrió a mano.",
                file=row.file, row=row.line, value=row.number,
            )  # fmt: skip

    def _meters(self, of_accounts: Delta, of_readings: Delta) -> None:
        self.tell("Cargando medidores y lecturas")
        by_account: dict[str, list[ReadingRow]] = defaultdict(list)
        for row in self.rehearsal.readings:
            by_account[row.account].append(row)
        meters.hang(rows=of_accounts.new, readings=by_account, here=self.here)
        rows = [*of_readings.new, *of_readings.changed]
        meters.keep_readings(rows=rows, here=self.here, signature=self.signature)
        touched = {row.account for row in rows}
        meters.keep_consumption(readings={number: by_account[number] for number in touched}, here=self.here)
        meters.close_periods(
            cycle=self.ground.cycle, periods=[row.period for row in rows], signature=self.signature
        )

    def _close_set(
        self, intake_set: IntakeSet, deltas: dict[str, Delta], posted: Posted, changes: Changes
    ) -> Loaded:
        self.tell("Anotando lo cargado")
        for source, delta in deltas.items():
            fingerprints.remember(source=source, delta=delta, intake_set=intake_set)
        counts = {source: delta.counts() for source, delta in deltas.items()}
        by_hand = [*changes.by_hand, *_vanished(deltas)]
        loaded = Loaded(intake_set, counts, posted, changes.done, by_hand)
        IntakeSet.objects.filter(pk=intake_set.pk).update(summary=loaded.as_dict())
        audit.record(
            act="intake_load", by=self.signature.by, at=self.signature.at, object_kind="intake_set",
            object_id=intake_set.pk, after={"rows": counts, "files": self.rehearsal.files},
        )  # fmt: skip
        return loaded


def _vanished(deltas: dict[str, Delta]) -> list[str]:
    """What came before and no longer does, and is not undone by itself: people, readings and money stay."""
    lines = [
        f"Cuenta {number}: ya no viene en el padrón. Si se dio de baja, regístrelo en su página."
        for number in deltas["accounts"].removed
    ]
    for source, word in (("readings", "Lecturas"), ("payments", "Pagos anteriores")):
        if n := len(deltas[source].removed):
            lines.append(
                f"{word} que ya no vienen y se conservan: {n} (por ejemplo {deltas[source].removed[0]})."
            )
    return lines
