"""Take in a file of readings: all of it, or nothing and the list of what has to be fixed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.metering import files, policy, queries
from caudal.metering.commands import assessment
from caudal.metering.commands.locking import share_period
from caudal.metering.commands.readings import CannotRecordReading, check_date, check_observation
from caudal.metering.files import Line, Table
from caudal.metering.hanging import Hung, hung_meters, points_of
from caudal.metering.models import Reading
from caudal.registry.models import BillingCycle
from caudal.rules.periods import Period

# doubts worth telling while the reader is still near: the rest waits for the assessment
TOLD_AT_ONCE = (
    policy.Doubt.NEGATIVE | policy.Doubt.REVERSED | policy.Doubt.HIGH | policy.Doubt.ABOVE_DIAMETER
    | policy.Doubt.WRONG_METER | policy.Doubt.ROLLOVER
)  # fmt: skip


# where the field of a refusal stands in a file
_COLUMNS = {"exception_code": "code"}


class CannotImportReadings(Refusal): ...


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one cell: where it stands, what is wrong, what to do. A warning does not stop it."""

    file: str
    row: int
    column: str
    value: str
    what: str
    remedy: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of the file. Nothing was written if `n_written` is zero."""

    file: str
    n_rows: int
    n_written: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_warning]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_warning]


@transaction.atomic
def import_readings(
    *,
    content: bytes,
    file: str,
    cycle: BillingCycle,
    period: int,
    by: str,
    at: datetime,
    accept_valid: bool = False,
    headings: Mapping[str, str] | None = None,
    codes: Mapping[str, str] | None = None,
    origin: str = Reading.Origin.IMPORT,
) -> ImportOutcome:
    """Record the readings of a file, each as `record_reading` would.

    :param accept_valid: write the good rows and give back the rest; otherwise one error stops all of it
    :param headings: our name → the file's heading, where it uses other words (see `files.HEADERS`)
    :param codes: the file's own observation codes → ours (`{"PC": "01"}`)
    :raises CannotImportReadings: if the period of the cycle is billed
    :raises CannotReadFile: if the file cannot be read at all
    """
    share_period(cycle_id=cycle.pk, period=period)
    if queries.is_closed(cycle_id=cycle.pk, period=period):
        raise CannotImportReadings(
            f"El periodo {policy.in_words(period)} del ciclo {cycle.code} ya está facturado.",
            "No admite lecturas; revise el periodo.",
            file=file,
        )
    table = files.read_table(content=content, file=file, headings=headings)
    importer = _Importer(
        table, cycle=cycle, period=Period(period), at=at, by=by, codes=codes or {}, origin=origin
    )
    accepted = importer.accept()
    findings = importer.findings
    if findings and not accept_valid:
        accepted = []
    Reading.objects.bulk_create([reading for _, _, reading in accepted], batch_size=5_000)
    if accepted:
        findings = findings + _warnings(table, accepted, cycle=cycle, period=period)
        audit.record(
            act="import_readings",
            by=by,
            at=at,
            object_kind="cycle",
            object_id=cycle.code,
            after={"file": file, "period": period, "written": len(accepted), "rejected": len(findings)},
        )
    return ImportOutcome(
        file, len(table.lines), len(accepted), sorted(findings, key=lambda each: (each.row, each.is_warning))
    )


Accepted = tuple[Line, Hung, Reading]


class _Importer:
    """Goes down the rows; a row that cannot be taken leaves a finding and the next one follows."""

    def __init__(
        self,
        table: Table,
        *,
        cycle: BillingCycle,
        period: Period,
        at: datetime,
        by: str,
        codes: Mapping[str, str],
        origin: str,
    ) -> None:
        self.table, self.cycle, self.period, self.at, self.by = table, cycle, period, at, by
        self.codes, self.origin = codes, origin
        self.findings: list[Finding] = []
        self.by_account, self.by_serial = hung_meters()
        self.own_points = points_of(cycle=cycle)
        self.rows_seen: dict[int, int] = {}
        self.recorded = set(
            Reading.objects.filter(period=period, kind=Reading.Kind.REGULAR).values_list(
                "installation_id", flat=True
            )
        )

    def accept(self) -> list[Accepted]:
        accepted = []
        for line in self.table.lines:
            try:
                accepted.append(self._line(line))
            except CannotRecordReading as refusal:
                column = _COLUMNS.get(refusal.field or "", refusal.field or "value")
                self.findings.append(
                    Finding(
                        self.table.file,
                        line.row,
                        self.table.columns.get(column, files.HEADER_NAMES.get(column, "")),
                        files.as_text(line.cells.get(column, "")),
                        refusal.what,
                        refusal.remedy,
                    )
                )
        return accepted

    def _line(self, line: Line) -> Accepted:
        if line.is_short:
            raise CannotRecordReading("El renglón está incompleto.", "Revise si el archivo se cortó.")
        value = self._cell(
            line, "value", files.as_whole, "no es un número entero", "Escriba la lectura sin decimales."
        )
        read_on = self._cell(line, "read_on", files.as_date, "no es una fecha", "Escríbala como 25/01/2019.")
        if read_on is None:
            raise CannotRecordReading(
                "Falta la fecha de lectura.", "Escríbala como 25/01/2019.", field="read_on"
            )
        written = files.as_text(line.cells.get("code", ""))
        code = self.codes.get(written, written.zfill(2) if written else "00")
        hung = self._meter(line, on=read_on)
        check_observation(
            value=value, exception_code=code, dial_digits=hung.dial_digits, refusal=CannotRecordReading
        )
        check_date(
            read_on=read_on, period=self.period, months=self.cycle.months, today=self.at.date(),
            refusal=CannotRecordReading,
        )  # fmt: skip
        self._require_new(line, hung)
        observer = files.as_text(line.cells.get("observer", "")) or self.by
        return line, hung, self._reading(hung, value=value, code=code, read_on=read_on, observer=observer)

    def _cell(self, line: Line, name: str, read: Any, problem: str, remedy: str) -> Any:
        cell = line.cells.get(name, "")
        try:
            return read(cell)
        except ValueError:
            raise CannotRecordReading(f"«{files.as_text(cell)}» {problem}.", remedy, field=name) from None

    def _meter(self, line: Line, *, on: date) -> Hung:
        """The meter the row speaks of, hanging that day at a point of this cycle."""
        number, serial = (
            files.as_text(line.cells.get("account", "")),
            files.as_text(line.cells.get("meter", "")).upper(),
        )
        of_account = self.by_account.get(number) or self.by_account.get(number.zfill(6)) or []
        if number and not of_account:
            raise CannotRecordReading(
                f"La cuenta {number} no existe o no tiene medidor.",
                "Revise el número de cuenta.",
                field="account",
            )
        candidates = of_account or self.by_serial.get(serial, [])
        if serial and not any(hung.serial == serial for hung in candidates):
            place = f"; ahí está el {candidates[-1].serial}" if candidates else ""
            raise CannotRecordReading(
                f"El medidor {serial} no está instalado en esa toma{place}.",
                "Revise el número; si se cambió el medidor, registre el cambio antes.",
                field="meter",
            )
        fitting = [
            hung
            for hung in candidates
            if (not serial or hung.serial == serial)
            and hung.installed_on <= on
            and (hung.removed_on is None or on <= hung.removed_on)
        ]
        if not fitting:
            raise CannotRecordReading(
                f"No había medidor instalado el {on:%d/%m/%Y}.",
                "Revise la fecha o la instalación.",
                field="read_on",
            )
        if fitting[-1].service_point_id not in self.own_points:
            raise CannotRecordReading(
                f"La toma no es del ciclo {self.cycle.code}.", "Impórtela con el ciclo que le toca.",
                field="account" if number else "meter",
            )  # fmt: skip
        return fitting[-1]

    def _require_new(self, line: Line, hung: Hung) -> None:
        if hung.installation_id in self.recorded:
            raise CannotRecordReading(
                f"El medidor {hung.serial} ya tiene lectura de {policy.in_words(self.period)}.",
                "Quite el renglón; si la lectura guardada está mal, corríjala.",
                field="account" if line.cells.get("account") else "meter",
            )
        earlier = self.rows_seen.setdefault(hung.installation_id, line.row)
        if earlier != line.row:
            raise CannotRecordReading(
                f"El medidor {hung.serial} ya viene en el renglón {earlier}.", "Deje una sola lectura por medidor.",
                field="account" if line.cells.get("account") else "meter",
            )  # fmt: skip

    def _reading(self, hung: Hung, *, value: int | None, code: str, read_on: date, observer: str) -> Reading:
        return Reading(
            installation_id=hung.installation_id, period=self.period, value=value, exception_code=code,
            read_on=read_on, origin=self.origin, observer=observer[:150], recorded_at=self.at, recorded_by=self.by,
        )  # fmt: skip


def _warnings(table: Table, accepted: list[Accepted], *, cycle: BillingCycle, period: int) -> list[Finding]:
    """What looks doubtful among the readings just written; they stay, and somebody looks."""
    doubts = assessment.preview(
        cycle=cycle, period=period, service_point_ids=[hung.service_point_id for _, hung, _ in accepted]
    )
    findings = []
    for line, hung, reading in accepted:
        told = doubts.get(hung.service_point_id, 0) & TOLD_AT_ONCE
        findings += [
            Finding(
                table.file, line.row, table.columns["value"], str(reading.value), f"Lectura dudosa: {text}.",
                "Quedó guardada; verifíquela en campo o corríjala antes de facturar.", is_warning=True,
            )
            for text in policy.doubt_texts(told)
        ]  # fmt: skip
    return findings
