"""A file of a channel as movements: every row that cannot be accepted is a finding with its row, column and value.

Reading never stops at the first problem, and never guesses: what is not written as the layout says is not read.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Final

from caudal.cashier.channels import control_totals, decoding
from caudal.cashier.channels.amounts import cents_reader, day_reader
from caudal.cashier.channels.layout import Layout, text_at
from caudal.cashier.channels.movements import Cells, Movement, Reading
from caudal.kernel.refusals import Refusal

MOST_ROWS: Final = 500_000
# past so many findings the file is not the one that was described; the rest would say the same
MOST_FINDINGS: Final = 500
LONGEST: Final = 60


class TooManyFindings(Exception):
    """The file is not the one that was described."""


def read(*, content: bytes, layout: Layout, name: str, today: date) -> Reading:
    """Read a file. A movement after `today` has not happened: it is a finding."""
    reader = _Reader(layout, name, today)
    try:
        reader.read(decoding.text_of(content=content, layout=layout, name=name))
    except decoding.UnreadableFile as unreadable:
        reader.reading.findings.append(unreadable)
    except TooManyFindings:
        reader.refuse(
            f"Hay más de {MOST_FINDINGS} renglones por corregir.",
            "Revise que el archivo sea de este canal y que el banco no haya cambiado su formato.",
        )
    except csv.Error as problem:
        reader.refuse(
            f"El archivo no se puede separar en columnas ({problem}).",
            f"Revise que esté completo y separado por «{layout.delimiter}».",
        )
    return reader.reading


class _Reader:
    """One reading: the layout turned into places, and what was found so far."""

    def __init__(self, layout: Layout, name: str, today: date) -> None:
        self.layout, self.name, self.today = layout, name, today
        self.reading = Reading()
        self.cents = cents_reader(
            decimals=layout.of("amounts", "decimals", 2),
            is_implied=layout.of("amounts", "is_implied", False),
            is_signed=layout.of("amounts", "is_signed", False),
        )
        self.day = day_reader(date_format=layout.date_format)
        words = ("payment", "reversal", "ignored", "accepted")
        self.words = {word: frozenset(layout.of("movements", word, ())) for word in words}
        self.detail_fields: tuple[str, ...] = tuple(layout.of("movements", "detail", ()))
        self.at: dict[str, int | slice] = {}
        self.width = 0

    def refuse(
        self,
        what: str,
        remedy: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        """Write a finding down."""
        self.reading.findings.append(
            Refusal(what, remedy, file=self.name, row=row, column=column, value=value and value[:80])
        )

    def read(self, text: str) -> None:
        rows: Iterator[tuple[int, Cells]]
        if self.layout.is_fixed:
            rows = ((n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip())
        else:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.layout.delimiter, strict=True)
            rows = ((reader.line_num, cells) for cells in reader if any(cells))
        if self.layout.has_headings:
            row, headings = next(rows)
            if not self._find_headings(row, [each.strip() for each in headings]):
                return
        else:
            self.at = {name: place.index for name, place in self.layout.places.items()}
        self._read_records(rows)

    def _find_headings(self, row: int, headings: Sequence[str]) -> bool:
        self.width = len(headings)
        asked = {name: place.column for name, place in self.layout.places.items() if place.column}
        missing = [column for column in asked.values() if column not in headings]
        repeated = [column for column in asked.values() if headings.count(column) > 1]
        if missing:
            self.refuse(
                f"Faltan columnas: {', '.join(missing)}.",
                "Revise que el archivo sea de este canal o corrija sus encabezados.",
                row=row,
            )
        if repeated:
            self.refuse(f"Columnas repetidas: {', '.join(repeated)}.", "Deje una sola de cada una.", row=row)
        self.at = {
            name: headings.index(place.column) if place.column else place.position - 1
            for name, place in self.layout.places.items()
            if place.column not in missing
        }
        return not (missing or repeated)

    def _read_records(self, rows: Iterator[tuple[int, Cells]]) -> None:
        records, movement = self.layout.records, self._movement
        trailer: tuple[int, Cells] | None = None
        for row, cells in rows:
            if row > MOST_ROWS:
                return self.refuse(
                    f"Tiene más de {MOST_ROWS:,} renglones.", "Pida al banco uno por día.", row=row
                )
            kind = self._record_kind(cells) if records else "detail"
            if trailer is not None:
                self.refuse(
                    "Hay renglones después de los totales.", "Descargue el archivo otra vez.", row=row
                )
                return None
            if kind == "detail":
                self.reading.n_details += 1
                movement(row, cells)
            elif kind == "trailer":
                trailer = (row, cells)
            elif not kind:
                self.refuse("No se conoce esta clase de renglón.", "Revise que el archivo sea de este canal.",
                            row=row, value=cells if isinstance(cells, str) else cells[0])  # fmt: skip
            if len(self.reading.findings) >= MOST_FINDINGS:
                raise TooManyFindings
        if "trailer" in records:
            self.reading.findings += control_totals.findings(
                layout=self.layout, reading=self.reading, trailer=trailer, name=self.name
            )
        return None

    def _record_kind(self, cells: Cells) -> str:
        first = cells if isinstance(cells, str) else cells[0].strip()
        for kind, mark in self.layout.records.items():
            if first.startswith(mark) if isinstance(cells, str) else first == mark:
                return kind
        return ""

    def _movement(self, row: int, cells: Cells) -> None:
        said = self._said(row, cells)
        if said is None:
            return None
        kind, status = said.get("kind", ""), said.get("status")
        if kind in self.words["ignored"] or (status is not None and status not in self.words["accepted"]):
            self.reading.n_ignored += 1
            return None
        cents, paid_on = self.cents(said["amount"]), self.day(said["paid_on"])
        if cents is None or paid_on is None or paid_on > self.today:
            return self._refuse_values(row, said, cents, paid_on)
        if "kind" in said:
            if cents < 0 or kind not in (self.words["payment"] | self.words["reversal"]):
                return self._finding(
                    row, said, "kind" if cents > 0 else "amount", "No se conoce este tipo de movimiento."
                )
            if kind in self.words["reversal"]:
                cents = -cents
        if unsound := self._unsound(said):
            return self._finding(row, said, unsound, "Está vacía o pasa de 60 caracteres.")
        self.reading.movements.append(
            Movement(
                row, said["reference"], said.get("authorization", ""), cents, paid_on,
                self._fingerprint(said, cents, paid_on),
                " · ".join(filter(None, (said[name] for name in self.detail_fields)))[:200],
            )
        )  # fmt: skip
        return None

    def _unsound(self, said: Mapping[str, str]) -> str:
        """The first field that is empty though it makes the movement unique, or too long to keep."""
        for name in (*self.layout.unique, "reference", "authorization"):
            value = said.get(name, "x")
            if len(value) > LONGEST or (not value and name in self.layout.unique):
                return name
        return ""

    def _said(self, row: int, cells: Cells) -> Mapping[str, str] | None:
        """The values of a row by field; a row too short or too long was cut or has a separator of more."""
        self.width = self.width or len(cells)
        if len(cells) != self.width:
            self.refuse(
                f"El renglón tiene {len(cells)} "
                + ("caracteres" if isinstance(cells, str) else "columnas")
                + f" y debería tener {self.width}.",
                "Descargue el archivo otra vez o corrija el renglón.",
                row=row,
            )
            return None
        try:
            return {name: text_at(cells, at) for name, at in self.at.items()}
        except IndexError:
            self.refuse(
                "Al renglón le faltan columnas.", "Corrija el renglón o la descripción del canal.", row=row
            )
            return None

    def _refuse_values(
        self, row: int, said: Mapping[str, str], cents: int | None, paid_on: date | None
    ) -> None:
        if cents is None:
            decimals = self.layout.of("amounts", "decimals", 2)
            example = (
                "125050"
                if self.layout.of("amounts", "is_implied", False)
                else f"{125050 // 100}" + (f".{'50'[:decimals]}" if decimals else "")
            )
            self._finding(
                row, said, "amount", "No es un importe que se pueda cobrar.", f"Debe venir como {example}."
            )
        if paid_on is None:
            self._finding(row, said, "paid_on", "No es una fecha del calendario.",
                          f"Debe venir como {self.layout.date_format}.")  # fmt: skip
        elif paid_on > self.today:
            self._finding(
                row, said, "paid_on", "La fecha del pago es futura.", "Revise la fecha con el banco."
            )

    def _finding(
        self,
        row: int,
        said: Mapping[str, str],
        name: str,
        what: str,
        remedy: str = "Revise el renglón con el banco.",
    ) -> None:
        place = self.layout.places[name]
        self.refuse(what, remedy, row=row, column=place.column or str(place.position), value=said[name])

    def _fingerprint(self, said: Mapping[str, str], cents: int, paid_on: date) -> str:
        """What makes a movement that movement: sixteen bytes of its unique values, whatever way they are written."""
        values = {**said, "amount": str(cents), "paid_on": paid_on.isoformat()}
        joined = "\x1f".join([values[name] for name in self.layout.unique])
        return blake2b(f"{'+' if cents > 0 else '-'}{joined}".encode(), digest_size=16).hexdigest()
