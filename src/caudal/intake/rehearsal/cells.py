"""One value at a time: text → date, amount, code, number; what cannot be read becomes a finding."""

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any, Final

from caudal.intake import sources
from caudal.intake.findings import Finding, find
from caudal.intake.mapping import Mapping, TableMapping
from caudal.intake.shapes import Field
from caudal.intake.sources import Line, Source

EARLIEST: Final = date(1900, 1, 1)
_DATE_PARTS: Final = {"dd": r"(?P<d>\d\d)", "d": r"(?P<d>\d\d?)", "mm": r"(?P<m>\d\d)", "m": r"(?P<m>\d\d?)",
                      "aaaa": r"(?P<y>\d{4})", "aa": r"(?P<y>\d\d)"}  # fmt: skip
_EMPTY_DATE = re.compile(r"[\s/\-.]*|00?[/\-.]00?[/\-.]0{2,4}")
_LAST_OF_THE_OLD_CENTURY: Final = 30  # two-digit years up to 30 are of this century


def date_pattern(written: str) -> re.Pattern[str]:
    """`dd/mm/aaaa` as a pattern with the groups d, m, y."""
    pattern = re.sub(r"aaaa|aa|dd|d|mm|m|[^adm]", lambda m: _DATE_PARTS.get(m[0], re.escape(m[0])), written)
    return re.compile(pattern)


def cents_of(text: str, *, decimal_point: str = ".", thousands: str = ",") -> int | None:
    """`9,524.78` → 952478; None if it is not an amount with at most two decimals."""
    sign = -1 if text.startswith("-") else 1
    whole, _, rest = text.removeprefix("-").removeprefix("$").partition(decimal_point)
    if thousands and thousands in whole:
        if not re.fullmatch(rf"\d{{1,3}}({re.escape(thousands)}\d{{3}})+", whole):
            return None
        whole = whole.replace(thousands, "")
    if not (whole.isascii() and whole.isdigit()) or len(whole) > 13 or len(rest) > 2:
        return None
    if rest and not (rest.isascii() and rest.isdigit()):
        return None
    return sign * (int(whole) * 100 + int(rest.ljust(2, "0") or "0"))


class Cells:
    """Reads the lines of one file by field name. `is_good` says whether the current line may be loaded."""

    def __init__(
        self, *, mapping: Mapping, table: TableMapping, source: Source, findings: list[Finding]
    ) -> None:
        self.mapping, self.table, self.source, self.findings = mapping, table, source, findings
        self.place = {name: source.header.index(heading) for name, heading in table.columns.items()}
        self.fields: dict[str, Field] = {each.name: each for each in table.shape.fields}
        self.patterns = [date_pattern(each) for each in mapping.date_formats]
        self.dates: dict[str, date | str] = {}
        self.amounts: dict[str, int | None] = {}
        self.line = Line(0, [])
        self.account = ""
        self.is_good = True
        self.problem = ""
        self.substitutes: dict[str, Any] = {}

    def lines(self, *, account_field: str) -> Iterator[Line]:
        """Each line in turn, starting good."""
        for line in self.source.lines:
            self.line, self.is_good, self.problem = line, True, ""
            self.account = self.raw(account_field).strip()
            yield line

    def has(self, name: str) -> bool:
        return name in self.place or name in self.table.constants

    def raw(self, name: str) -> str:
        """The text of a field as it comes; a constant of the mapping; or nothing."""
        place = self.place.get(name)
        return self.line.fields[place] if place is not None else self.table.constants.get(name, "")

    def note(self, code: str, name: str = "", **words: object) -> None:
        """Write a finding about a field of this line."""
        value = self.raw(name) if name else ""
        self._add(code, name, value.strip(), **words)

    def fail(self, code: str, name: str, **words: object) -> Any:
        """The field cannot be used: take what the mapping says to use instead, or set the line apart."""
        if name in self.substitutes:
            replacement = self.substitutes[name]
            self.note("replaced", name, problem=find(code, file="", **self._words(name, words)).what.rstrip("."),
                      replacement=replacement)  # fmt: skip
            return replacement
        self.note(code, name, **words)
        self.is_good = False
        self.problem = self.problem or code
        return None

    def text(self, name: str) -> str:
        """Text without the spaces around and between; what is odd in it is noted."""
        raw = self.raw(name)
        text = " ".join(raw.split())
        if not text:
            return self.fail("missing_value", name) or "" if self.fields[name].is_required else ""
        if text != raw:
            self.note("odd_spaces", name)
        if not text.isascii() and (meant := sources.looks_twice_encoded(text)):
            self.note("mojibake", name, guess=meant)
        return text

    def code(self, name: str) -> Any:
        """What the mapping says a code means; None and a finding if it says nothing."""
        raw = self.raw(name).strip().upper()
        meanings = self.mapping.codes.get(name, {})
        if raw in meanings:
            return meanings[raw]
        if not raw:
            return self._resolved(self.fail("missing_value", name), meanings)
        return self._resolved(self.fail("unknown_code", name, field=name), meanings)

    def _resolved(self, replacement: Any, meanings: dict[str, Any]) -> Any:
        """A substitute may be written as the old code or as its meaning."""
        return meanings.get(str(replacement).upper(), replacement) if replacement is not None else None

    def number(self, name: str) -> int | None:
        """A whole number that is not negative; None if it is empty and may be."""
        raw = self.raw(name).strip()
        if raw.isascii() and raw.isdigit() and len(raw) <= 9:
            return int(raw)
        if not raw:
            return self._whole(self.fail("missing_value", name)) if self.fields[name].is_required else None
        return self._whole(self.fail("bad_number", name))

    def _whole(self, replacement: Any) -> int | None:
        return int(replacement) if replacement is not None and str(replacement).isdigit() else None

    def amount(self, name: str) -> int | None:
        """Centavos; None and a finding if it is not an amount."""
        raw = self.raw(name).strip()
        if raw not in self.amounts:
            self.amounts[raw] = cents_of(
                raw, decimal_point=self.mapping.decimal_point, thousands=self.mapping.thousands
            )
        cents = self.amounts[raw]
        if cents is None:
            self.fail("bad_amount" if raw else "missing_value", name)
        return cents

    def day(self, name: str) -> date | None:
        """A date of the calendar, up to the cut-off; None and a finding if it is not."""
        raw = self.raw(name)
        if raw not in self.dates:
            self.dates[raw] = self._date_or_problem(raw.strip())
        found = self.dates[raw]
        if isinstance(found, date):
            return found
        formats = " ni ".join(self.mapping.date_formats)
        value: date | None = self.fail(found, name, formats=formats, as_of=f"{self.mapping.as_of:%d/%m/%Y}")
        return value

    def period(self) -> int | None:
        """YYYYMM from year and month, or from a period; None and a finding if it is not up to the cut-off."""
        name = "period" if "period" in self.place else "month"
        raw = (
            self.raw("period").strip()
            if name == "period"
            else f"{self.raw('year').strip()}{self.raw('month').strip():0>2}"
        )
        if raw.isascii() and raw.isdigit() and len(raw) == 6:
            period = int(raw)
            if 190001 <= period <= self.mapping.last_period and 1 <= period % 100 <= 12:
                return period
        self.note("impossible_period", name, as_of=f"{self.mapping.as_of:%d/%m/%Y}")
        self.is_good, self.problem = False, self.problem or "impossible_period"
        return None

    def hour(self, name: str) -> time | None:
        """The hour of a payment, if it says one that exists."""
        match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?", self.raw(name).strip())
        return time(int(match[1]), int(match[2])) if match else None

    def _date_or_problem(self, raw: str) -> date | str:
        if _EMPTY_DATE.fullmatch(raw):
            return "impossible_date" if raw.strip() else "missing_value"
        for pattern in self.patterns:
            if match := pattern.fullmatch(raw):
                return self._calendar(match)
        return "date_format"

    def _calendar(self, match: re.Match[str]) -> date | str:
        year = int(match["y"])
        if len(match["y"]) == 2:
            year += 2000 if year <= _LAST_OF_THE_OLD_CENTURY else 1900
        try:
            found = date(year, int(match["m"]), int(match["d"]))
        except ValueError:
            return "impossible_date"
        if found > self.mapping.as_of:
            return "future_date"
        return found if found >= EARLIEST else "ancient_date"

    def _words(self, name: str, words: dict[str, object]) -> dict[str, Any]:
        meaning = self.fields[name].meaning if name else ""
        return {"meaning": meaning, **words}

    def _add(self, code: str, name: str, value: str, **words: object) -> None:
        column = self.table.columns.get(name, name)
        self.findings.append(
            find(code, file=self.source.name, row=self.line.number, column=column, value=value,
                 account=self.account, **self._words(name, words))
        )  # fmt: skip
